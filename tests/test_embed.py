"""``geomap embed``: every piece of code shows the map or its picture where it is meant to go."""

import re
import shlex
import shutil
from pathlib import Path

import bleach
import mistune
import pypandoc
import pytest
from browser import Page
from click.testing import CliRunner
from samples import make_document, make_event, make_place

import geomap
from geomap.cli import cli
from geomap.cli.outputs import EMBEDDED
from geomap.embed import KINDS, Embedded, described, snippet
from geomap.errors import ConfigError, InputError

pytestmark = pytest.mark.browser
HOSTILE = '"><script>pwned=1</script> [](x:1) \\" } ```'
AUTHORS = {
    "a": ["href"], "figure": ["class"], "img": ["src", "alt", "width", "height", "class"],
    "figcaption": ["class"], "p": [],
}  # fmt: skip
"""What WordPress and its like leave of the code of a user who is no administrator."""
SEEN = "const i = document.querySelector('img'); return i.complete && i.naturalWidth > 300"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the outputs of an invented article whose place has a hostile name."""
    folder = tmp_path_factory.mktemp("run")
    event = make_event(place=make_place(name=HOSTILE, text=HOSTILE))
    geomap.write([make_document(event, title=HOSTILE)], folder, formats=["html", "figure"])
    return folder


@pytest.fixture
def shown(run: Path) -> Embedded:
    return Embedded.of(run)


def put(run: Path, code: str, page: Page) -> None:
    """Open a page with a piece of code in it, beside the files."""
    path = run / "page.html"
    path.write_text(f'<!DOCTYPE html><meta charset="utf-8"><body>{code}</body>', "utf-8")
    page.driver.get(path.as_uri())


def test_the_command_knows_all_kinds() -> None:
    assert EMBEDDED == KINDS


def test_the_picture_shows_with_its_words_and_a_link(
    shown: Embedded, run: Path, page: Page
) -> None:
    put(run, snippet(shown, "picture"), page)
    page.wait(SEEN)
    assert "1 event" in page.texts("img", "alt")[0]
    assert HOSTILE in page.texts("img", "alt")[0]
    assert page.texts("a", "href") == ["map.html"] * 2
    assert "GeoNames" in page.text("figcaption")
    assert page.run("return window.pwned ?? null") is None


@pytest.mark.parametrize("kind", ["iframe", "sandbox", "srcdoc"])
def test_a_frame_shows_the_map_alone(kind: str, shown: Embedded, run: Path, page: Page) -> None:
    put(run, snippet(shown, kind, height=400), page)
    page.driver.switch_to.frame(0)
    page.wait("return document.querySelectorAll('.gm-mark').length === 1")
    hidden = "return getComputedStyle(document.querySelector('.gm-side')).display"
    assert page.run(hidden) == "none"
    height = "return document.querySelector('.folium-map').clientHeight / innerHeight"
    assert page.run(height) > 0.8
    page.click(".gm-mark")
    page.wait("return document.querySelector('.gm-event blockquote') !== null")
    assert page.run("return window.pwned ?? null") is None
    page.driver.switch_to.default_content()


def test_markdown_shows_the_picture(shown: Embedded, run: Path, page: Page) -> None:
    put(run, str(mistune.html(snippet(shown, "markdown"))), page)
    page.wait(SEEN)
    assert HOSTILE in page.texts("img", "alt")[0]
    assert set(page.texts("a", "href")) == {"map.html"}


def pandoc(code: str, to: str) -> str:
    return str(pypandoc.convert_text(code, to, format="markdown+fenced_divs+raw_attribute"))


def test_quarto_has_a_frame_for_pages_and_lines_for_paper(shown: Embedded) -> None:
    code = snippet(shown, "quarto")
    page = pandoc(code, "html")
    assert '<iframe src="map-embed.html"' in page
    assert page.count("content-visible") == 2
    assert "<script" not in page
    paper = pandoc(code, "latex")
    assert "figure.svg" in paper
    assert "iframe" not in paper


@pytest.mark.parametrize("kind", ["picture", "wordpress"])
def test_the_picture_stays_where_frames_and_scripts_are_taken_out(
    kind: str, shown: Embedded, run: Path, page: Page
) -> None:
    left = bleach.clean(snippet(shown, kind), tags=set(AUTHORS), attributes=AUTHORS, strip=True)
    put(run, left, page)
    page.wait(SEEN)
    assert "1 event" in page.texts("img", "alt")[0]
    assert "GeoNames" in page.text("figcaption")


def test_a_wordpress_block_is_whole(shown: Embedded) -> None:
    lines = snippet(shown, "wordpress").splitlines()
    assert lines[0] == '<!-- wp:image {"linkDestination":"custom"} -->'
    assert lines[-1] == "<!-- /wp:image -->"
    assert "<!--" not in "".join(lines[1:-1])


def test_addresses(run: Path) -> None:
    code = snippet(Embedded.of(run, 'https://host.example/a "b'), "picture")
    assert 'src="https://host.example/a%20%22b/figure.png"' in code


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "ftp://host.example/", "https://", "https://[host/", "/maps/",
        "https://user:hidden@host.example/", "https://host.example/maps/map.html",
        "https://host.example/?map=1", "https://host.example/#map",
    ],
)  # fmt: skip
def test_an_address_that_cannot_stand_before_a_file_is_refused(run: Path, url: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(url.replace("user:hidden@", "...@"))):
        Embedded.of(run, url)


def test_the_command_that_is_told_fits_a_shell_and_a_comment(run: Path, tmp_path: Path) -> None:
    folder = tmp_path / "it's --> <b> $HOME"
    shutil.copytree(run, folder)
    told = described(Embedded.of(folder), "srcdoc")
    assert "-->" not in told
    assert str(folder) in shlex.split(told[told.index("geomap embed") :])


def test_a_folder_without_the_files_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"map\.html"):
        Embedded.of(tmp_path)


def test_the_command(run: Path) -> None:
    done = CliRunner().invoke(cli, ["embed", str(run), "--url", "https://host.example/x"])
    assert done.exit_code == 0, done.output
    assert done.output.index("<!-- picture:") < done.output.index("<!-- iframe:")
    assert len(done.output) < 20_000
    alone = CliRunner().invoke(cli, ["embed", str(run), "--as", "srcdoc"])
    assert len(alone.output) > 500_000
    assert CliRunner().invoke(cli, ["embed", str(run.parent)]).exit_code == 1
