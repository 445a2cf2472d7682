"""Reports as PDF, set by Typst: tagged for assistive software, with the figure as lines, not dots.

The text of the page is ``report.typ``. What an article says goes in as data beside it, so nothing
of it can be read as the language of the page. The fonts are those that Matplotlib brings along:
the same on every machine.
"""

import json
import shutil
import tempfile
from dataclasses import fields
from pathlib import Path
from typing import Any

from geomap.errors import ExportError
from geomap.export.figure import encoded
from geomap.report.content import Report

__all__ = ["pdf"]

_PAGE = Path(__file__).with_name("report.typ")
STANDARDS: tuple[list[Any], ...] = (["ua-1"], [])
"""PDF/UA-1, the standard of accessible PDF; without the name where a letter is in no font."""


def pdf(report: Report) -> bytes:
    """Return a report as a PDF.

    Raises
    ------
    ExportError
        If it cannot be set.
    """
    import matplotlib
    import typst

    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(Path(matplotlib.get_data_path()) / "fonts" / "ttf")],
    )
    told = {f.name: getattr(report, f.name) for f in fields(report) if f.name != "figure"}
    reason = ""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "figure.svg").write_bytes(encoded(report.figure, "svg"))
        page = Path(shutil.copy(_PAGE, folder))
        for standard in STANDARDS:
            try:
                return typst.compile(
                    page,
                    root=folder,
                    format="pdf",
                    font_paths=fonts,
                    sys_inputs={"report": json.dumps(told)},
                    pdf_standards=standard,
                    timestamp=report.moment,
                )
            except typst.TypstError as error:
                reason = error.message
    raise ExportError(f"the PDF cannot be set ({reason})")
