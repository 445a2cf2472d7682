"""Reports as Word documents, which LibreOffice opens too."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

from geomap.export.archive import undated_zip
from geomap.export.figure import encoded
from geomap.report.content import Report

__all__ = ["word"]

_RULES = """<w:tblBorders {}>
<w:bottom w:val="single" w:sz="4" w:color="B8BFC4"/>
<w:insideH w:val="single" w:sz="4" w:color="B8BFC4"/>
</w:tblBorders>"""


def word(report: Report) -> bytes:
    """Return a report as a Word document."""
    import docx
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    document = docx.Document()
    about = document.core_properties
    about.title, about.author, about.comments = report.title, "", ""
    about.created = about.modified = report.moment.replace(tzinfo=None)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    document.styles["Normal"].font.size = Pt(10)
    (language,) = document.styles.element.xpath("w:docDefaults//w:lang")
    language.set(qn("w:val"), report.lang)
    document.add_heading(report.title, level=0)
    document.add_paragraph(report.summary)
    width = Mm(min(report.width_mm, 166))
    shape = document.add_picture(io.BytesIO(encoded(report.figure, "png")), width=width)
    shape._inline.docPr.set("descr", report.alt)
    document.add_paragraph(report.caption, style="Caption")
    _table(document, report)
    if report.more:
        document.add_paragraph(report.more)
    for head, paragraphs in report.sections:
        document.add_heading(head, level=1)
        for text in paragraphs:
            document.add_paragraph(text)
    file = io.BytesIO()
    document.save(file)
    return _undated(file.getvalue())


def _table(document: Any, report: Report) -> None:
    """Add the table; its head stands on every page, and no row is torn in two."""
    from docx.oxml.ns import nsdecls
    from docx.oxml.parser import OxmlElement, parse_xml
    from docx.shared import Pt

    small = document.styles.add_style("Cell", 1)
    small.base_style = document.styles["Normal"]
    small.font.size = Pt(8.5)
    small.paragraph_format.space_before = small.paragraph_format.space_after = Pt(2)
    table = document.add_table(rows=1, cols=len(report.heads))
    (look,) = table._tbl.tblPr.xpath("w:tblLook")
    look.addprevious(parse_xml(_RULES.format(nsdecls("w"))))
    _fill(table.rows[0], report.heads)
    for cell in table.rows[0].cells:
        cell.paragraphs[0].runs[0].bold = True
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cells, sources in report.rows:
        row = table.add_row()
        _fill(row, (*cells, ""))
        paragraph = row.cells[-1].paragraphs[0]
        for number, (name, url) in enumerate(sources):
            paragraph.add_run(", " if number else "")
            _source(paragraph, name, url)
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _fill(row: Any, texts: Sequence[str]) -> None:
    for cell, text in zip(row.cells, texts, strict=True):
        cell.text = text
        cell.paragraphs[0].style = "Cell"


def _source(paragraph: Any, name: str, url: str | None) -> None:
    """Add the name of a source, which leads to its address if there is one."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement
    from docx.shared import RGBColor

    run = paragraph.add_run(name)
    if url is None:
        return
    run.font.color.rgb, run.font.underline = RGBColor(0x00, 0x55, 0x8F), True
    linked = OxmlElement("w:hyperlink")
    linked.set(qn("r:id"), paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, True))
    run._r.addprevious(linked)
    linked.append(run._r)


def _undated(data: bytes) -> bytes:
    """Return a ZIP file whose parts have no times of their own."""
    with zipfile.ZipFile(io.BytesIO(data)) as dated:
        return undated_zip({name: dated.read(name) for name in dated.namelist()})
