"""The report: what it says, in three formats, and that articles cannot write into it."""

import html.parser
import io
import re
import zipfile
from pathlib import Path

import docx
import pytest
from samples import make_document, make_event, make_place

from geomap.cli import main
from geomap.config import Config
from geomap.errors import ConfigError
from geomap.export.figure import encoded
from geomap.figure_options import FigureOptions
from geomap.jsonline import encode
from geomap.model import Document
from geomap.report import ROWS, report_of, write_report
from geomap.report.web import plain

HOSTILE = '<script>alert(1)</script> | [x](javascript:1) ![i](u) $a$ `b` \x00\x1b\ufffe "& \ud800'
SMALL = Config(figure=FigureOptions(width_mm=85, dpi=72, locator=False))


def article(name: str = "doc", **changes: object) -> Document:
    event = make_event(f"{name}#1", place=make_place(latitude=-1.29, longitude=36.82))
    told = {"id": name, "source": "The Example Post", "url": "https://example.org/a?b=1&c=(2)"}
    return make_document(event, **(told | changes))


def test_it_says_what_where_when_and_who_tells_it() -> None:
    report = report_of([article()], SMALL)
    assert report.title == "Events, 3 May 2020"
    assert report.rows == (
        (
            ("3 May 2020", "Border clash", "Alfa", "reported"),
            (("The Example Post", "https://example.org/a?b=1&c=%282%29"),),
        ),
    )
    assert report.alt == "Map of 1 event. By class: Border clash (1). Most are at: Alfa (1)."
    assert encoded(report.figure, "png").startswith(b"\x89PNG")
    assert report.day == "2020-05-04"
    assert [head for head, _ in report.sections] == ["Method and limits", "Sources and licences"]
    assert report_of([article()], SMALL, "Alfa in May").title == "Alfa in May"


def test_a_long_table_is_cut_and_says_so() -> None:
    report = report_of([article(f"d{i}") for i in range(ROWS + 3)], SMALL)
    assert len(report.rows) == ROWS
    assert report.more.startswith("3 more events are not in this table")


def test_no_documents_are_a_report_too(tmp_path: Path) -> None:
    for kind in ("docx", "pdf", "md", "html"):
        assert write_report(report_of([], SMALL), tmp_path / f"empty.{kind}")


@pytest.mark.parametrize("kind", ["docx", "pdf", "md", "html"])
def test_the_same_documents_give_the_same_bytes(kind: str, tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.{kind}" for name in "ab"]
    for path in paths:
        write_report(report_of([article()], SMALL), path)
    first, second = (path.read_bytes() for path in paths)
    assert first.replace(b"a-figure.png", b"b-figure.png") == second


def test_word_has_the_figure_its_text_and_links(tmp_path: Path) -> None:
    path = tmp_path / "report.docx"
    write_report(report_of([article()], SMALL), path)
    document = docx.Document(str(path))
    assert [p.text for p in document.paragraphs][0] == "Events, 3 May 2020"
    assert document.inline_shapes[0]._inline.docPr.get("descr").startswith("Map of 1 event.")
    table = document.tables[0]
    assert [cell.text for cell in table.rows[1].cells][:4] == [
        "3 May 2020", "Border clash", "Alfa", "reported",
    ]  # fmt: skip
    links = [r.target_ref for r in document.part.rels.values() if r.is_external]
    assert links == ["https://example.org/a?b=1&c=%282%29"]
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as parts:
        assert {entry.date_time[0] for entry in parts.infolist()} == {1980}


class Tags(html.parser.HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def hostile() -> Document:
    event = make_event(place=make_place(name=HOSTILE, latitude=-1.29, longitude=36.82))
    return make_document(event, source=HOSTILE, title=HOSTILE, url='javascript:"<b>')


def test_articles_write_no_html(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_report(report_of([hostile(), article("b")], SMALL, HOSTILE), path)
    text = path.read_text(encoding="utf-8")
    tags = Tags(text).found
    assert not {"script", "b", "iframe", "form"} & {tag for tag, _ in tags}
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on")]
    links = [attributes["href"] for tag, attributes in tags if tag == "a"]
    assert links == ["https://example.org/a?b=1&c=%282%29"]
    pictures = [attributes for tag, attributes in tags if tag == "img"]
    assert [p["src"][:22] for p in pictures if p["src"]] == ["data:image/png;base64,"]
    assert (pictures[0]["alt"] or "").startswith("Map of 2 events.")
    assert "default-src 'none'" in text
    assert "\x1b" not in text


def test_articles_write_no_markdown(tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    files = write_report(report_of([hostile(), article("b")], SMALL, HOSTILE), path)
    assert [file.name for file in files] == ["report-figure.png", "report.md"]
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"(?<!\\)<(?!https://example|report-figure)", text)
    assert len(re.findall(r"(?<!\\)\]\(", text)) == 2
    rows = [line for line in text.split("\n") if line.startswith("|")]
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 6 for line in rows)


def test_articles_write_nothing_into_word(tmp_path: Path) -> None:
    path = tmp_path / "report.docx"
    write_report(report_of([hostile()], SMALL, HOSTILE), path)
    document = docx.Document(str(path))
    assert not [r for r in document.part.rels.values() if r.is_external]
    assert "<script>" in document.tables[0].rows[1].cells[2].text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a *b* _c_", r"a \*b\* \_c\_"),
        ("1. first", r"1\. first"),
        ("- item", r"\- item"),
        ("see https://x.org or www.x.org", r"see https\://x.org or www\.x.org"),
        ("8–9 July 2021; reported.", "8–9 July 2021; reported."),
    ],
)
def test_text_in_markdown(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "documents.jsonl"
    source.write_bytes(encode(article()) + b"\n")
    out = tmp_path / "report.md"
    assert main(["report", str(source), "-o", str(out), "--title", "Alfa"]) == 0
    assert out.read_text(encoding="utf-8").startswith("# Alfa\n")
    assert str(out) in capsys.readouterr().out
    assert main(["report", str(source), "-o", str(tmp_path / "report.odt")]) == 1
    assert "allowed: .docx .pdf .html .md" in capsys.readouterr().err
    with pytest.raises(ConfigError):
        write_report(report_of([article()], SMALL), tmp_path / "report")
