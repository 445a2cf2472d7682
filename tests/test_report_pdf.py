"""Reports as PDF: tagged, with the figure's text; and Word's by way of LibreOffice."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest
from test_report import HOSTILE, SMALL, article, hostile

from geomap.report import report_of, write_report

TAGGED = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'


def tags(node: Any) -> Iterator[dict[str, Any]]:
    """Give the elements of the tree that assistive software reads."""
    node = node.get_object() if hasattr(node, "get_object") else node
    for item in node if isinstance(node, list) else [node]:
        found = item.get_object() if hasattr(item, "get_object") else item
        if isinstance(found, dict):
            yield found
            yield from tags(found.get("/K", []))


def structure(path: Path) -> list[dict[str, Any]]:
    root: Any = pypdf.PdfReader(path).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    return list(tags(root["/StructTreeRoot"]["/K"]))


def test_the_pdf_is_tagged_and_says_what_the_figure_shows(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    write_report(report_of([article()], SMALL, "تقرير هرات"), path)
    found = structure(path)
    kinds = [item.get("/S") for item in found]
    assert {"/H1", "/H2", "/P", "/Table", "/THead", "/TH", "/TD", "/Link"} <= set(kinds)
    assert [item["/Alt"] for item in found if item.get("/S") == "/Figure"] == [
        "Map of 1 event. By class: Border clash (1). Most are at: Alfa (1)."
    ]
    document = pypdf.PdfReader(path)
    assert document.trailer["/Root"]["/Lang"] == "en"
    assert document.metadata is not None
    assert document.metadata.title == "تقرير هرات"
    assert b"pdfuaid" in path.read_bytes(), "it names the standard that it keeps"
    addresses = [item.get_object()["/A"]["/URI"] for item in document.pages[0]["/Annots"]]
    assert addresses == ["https://example.org/a?b=1&c=%282%29"]


def test_articles_write_nothing_into_the_pdf(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    title = HOSTILE + ' #read("figure.svg") *b* @x'
    write_report(report_of([hostile()], SMALL, title), path)
    text = " ".join("".join(p.extract_text() for p in pypdf.PdfReader(path).pages).split())
    assert '#read("figure.svg") *b* @x' in text
    assert not [p for p in pypdf.PdfReader(path).pages if "/Annots" in p]


def test_a_letter_that_no_font_has_leaves_the_report_standing(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    write_report(report_of([article()], SMALL, "\ue000 \U000b6ee6 \u2467\u0e4a"), path)
    assert any(item.get("/Alt") for item in structure(path))


def test_libreoffice_opens_the_word_report_with_its_picture(tmp_path: Path) -> None:
    if not shutil.which("soffice") and not os.environ.get("CI"):
        pytest.skip("LibreOffice is not installed (Debian: libreoffice-writer-nogui)")
    write_report(report_of([article()], SMALL), tmp_path / "report.docx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", TAGGED, "report.docx"]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=120, capture_output=True)
    path = tmp_path / "report.pdf"
    alts = [item["/Alt"] for item in structure(path) if item.get("/S") == "/Figure"]
    assert alts == ["Map of 1 event. By class: Border clash (1). Most are at: Alfa (1)."]
    assert [picture for page in pypdf.PdfReader(path).pages for picture in page.images]
