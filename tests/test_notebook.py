"""The map in notebooks: one bundle of HTML and pictures, as IPython and nbconvert take it."""

import base64
import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from browser import Page
from IPython.core.formatters import DisplayFormatter
from nbconvert import HTMLExporter, LatexExporter, MarkdownExporter
from samples import make_document, make_event

import geomap

HOSTILE = "</iframe><img src=x onerror=window.pwned=1>{{ 7*7 }}"


@pytest.fixture(scope="module")
def bundle() -> dict[str, Any]:
    """Return what IPython asks of a map; the event is invented."""
    events = geomap.to_frame([make_document(make_event(), title=HOSTILE)])
    shown, _ = DisplayFormatter().format(geomap.to_map(events))
    return shown  # type: ignore[no-any-return]


@pytest.fixture
def notebook(bundle: dict[str, Any]) -> Any:
    """Return a notebook with the map as the output of its cell."""
    output = nbformat.v4.new_output("display_data", data=bundle)
    cell = nbformat.v4.new_code_cell("geomap.to_map(events)", outputs=[output], execution_count=1)
    made = nbformat.v4.new_notebook(cells=[cell])
    nbformat.validate(made)
    return made


def test_the_bundle_has_html_and_pictures(bundle: dict[str, Any]) -> None:
    assert set(bundle) == {
        "text/plain", "text/html", "image/svg+xml", "image/png", "application/pdf"
    }  # fmt: skip
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert "<svg" in bundle["image/svg+xml"]
    assert "1 event" in bundle["text/plain"]
    json.dumps(bundle)


def test_the_same_map_gives_the_same_bundle(bundle: dict[str, Any]) -> None:
    events = geomap.to_frame([make_document(make_event(), title=HOSTILE)])
    assert DisplayFormatter().format(geomap.to_map(events))[0] == bundle


@pytest.mark.browser
def test_the_exported_page_shows_the_map_and_hides_the_picture(
    notebook: Any, tmp_path: Path, page: Page
) -> None:
    html, _ = HTMLExporter().from_notebook_node(notebook)
    path = tmp_path / "notebook.html"
    path.write_text(html, "utf-8")
    page.driver.get(path.as_uri())
    picture = "return getComputedStyle(document.querySelector('.geomap-picture')).display"
    assert page.run(picture) == "none"
    page.driver.switch_to.frame(page.driver.find_element("css selector", ".geomap-frame"))
    page.wait("return document.querySelectorAll('.gm-mark').length === 1")
    assert page.run("return window.pwned ?? top.pwned ?? null") is None
    page.driver.switch_to.default_content()


@pytest.mark.browser
@pytest.mark.parametrize("kept", ["style", ""], ids=["style-kept", "style-gone"])
def test_the_picture_shows_where_frames_are_taken_out(
    kept: str, bundle: dict[str, Any], tmp_path: Path, page: Page
) -> None:
    path = tmp_path / "cleaned.html"
    path.write_text(f"<body>{bundle['text/html']}</body>", "utf-8")
    page.driver.get(path.as_uri())
    gone = (
        f"document.querySelectorAll('iframe{'' if kept else ', style'}').forEach(e => e.remove())"
    )
    page.run(gone)
    shown = page.run(
        "const p = document.querySelector('.geomap-picture');"
        "return [getComputedStyle(p).display !== 'none', p.naturalWidth > 300, p.alt]"
    )
    assert shown[:2] == [True, True]
    assert "1 event" in shown[2]


def test_a_pdf_gets_the_picture(notebook: Any) -> None:
    text, resources = LatexExporter().from_notebook_node(notebook)
    (name,) = (name for name in resources["outputs"] if name in text)
    assert name.endswith(".pdf")
    assert resources["outputs"][name].startswith(b"%PDF")
    assert "includegraphics" in text


def test_markdown_keeps_a_picture(notebook: Any) -> None:
    text, _ = MarkdownExporter().from_notebook_node(notebook)
    assert 'class="geomap-picture"' in text


class TestTable:
    def test_it_shows_as_a_table_with_the_figure_beside_it(self) -> None:
        events = geomap.to_frame([make_document(make_event(), title=HOSTILE)])
        shown, _ = DisplayFormatter().format(events[events["layer"] == "border_clashes"])
        assert "<table" in shown["text/html"]
        assert "border_clash" in shown["text/plain"]
        assert base64.b64decode(shown["image/png"]).startswith(b"\x89PNG")
        assert "<svg" in shown["image/svg+xml"]

    def test_other_columns_are_a_table_alone(self) -> None:
        events = geomap.to_frame([make_document(make_event())])
        for table in (events[["event_class", "geometry"]], events[["event_class"]], events[:0]):
            shown, _ = DisplayFormatter().format(table)
            assert set(shown) == {"text/plain", "text/html"}

    def test_it_is_a_geodataframe_that_says_what_it_is(self) -> None:
        events = geomap.to_frame([make_document(make_event())])
        assert events.crs == "EPSG:4326"
        assert "1 event" in events.attrs["header"]
        assert list(events.geometry.x) == [20.5]
