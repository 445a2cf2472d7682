"""A short report: title, figure, table of events with their sources, method, limits, licences.

Written as Word, Markdown or HTML. Text of articles is hostile until it is escaped for the format it
goes into; addresses become links only if they are of the web. The same documents give the same
bytes.
"""

import base64
import datetime
import html
import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from geomap._version import __version__
from geomap.config import Config
from geomap.errors import ConfigError, ExportError
from geomap.export.figure import encoded
from geomap.export.figure.letters import shortened
from geomap.export.figure.sheet import title_of, to_figure
from geomap.export.values import clean, safe_url
from geomap.export.wording import date_words, words_of
from geomap.figure_options import FigureOptions
from geomap.frame import to_frame
from geomap.model import Document
from geomap.style import Style

__all__ = ["FORMATS", "ROWS", "Report", "report_of", "write_report"]

FORMATS = (".docx", ".md", ".html")
ROWS = 30
"""Events in the table, those that most documents tell of."""
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~&$^@!]|:(?=//)|(?<=www)\.|^[-+=])", re.IGNORECASE)
_LISTS = re.compile(r"^(\d+)([.)])")
_URL_SAFE = "%/:?#@!$&'*+,;=~-._"
_LONG_AGO = datetime.datetime(2000, 1, 1)
Link = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says, as plain text that is not escaped for any format.

    Parameters
    ----------
    title, summary
        What it is, in a line each.
    picture, alt, caption
        The figure (PNG), a text in place of it, and the line below it.
    heads, rows
        The table: when, what, where, status; and for each row its sources with their addresses.
    more
        How many events the table leaves out, in words; empty if none.
    sections
        Headings with their paragraphs: method and limits, licences.
    day
        The day of the latest document.
    width_mm
        Of the figure.
    """

    title: str
    summary: str
    picture: bytes
    alt: str
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], tuple[Link, ...]], ...]
    more: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    day: str | None
    width_mm: float


def report_of(
    documents: Iterable[Document], config: Config | None = None, title: str | None = None
) -> Report:
    """Compose the report of some documents.

    Parameters
    ----------
    documents
        Documents with their events.
    config
        How the figure and its symbols look.
    title
        None for one that names the days.
    """
    config = config or Config()
    events = to_frame(documents)
    options = config.figure or FigureOptions(width_mm=160)
    style, words = config.style or Style.default(), words_of(options.language)
    figure = to_figure(events, options.changed({"title": ""}), style=style)
    named = shortened(title or title_of(events, options), 200)
    own: Mapping[str, Any] = words["report"]
    rows = [{str(k): v for k, v in row.items()} for row in events.to_dict("records")]
    chosen = sorted(rows, key=_weight)[:ROWS]
    chosen.sort(key=lambda row: (row["date_start"] or "9999", row["event_id"]))
    days = [row["published"] for row in rows if row["published"]]
    left = len(rows) - len(chosen)
    return Report(
        title=named,
        summary=shortened(events.attrs["header"], 400) + ".",
        picture=encoded(figure, "png"),
        alt=str(figure.get_label()).partition("\n")[2],
        caption=str(own["caption"]).format(title=named),
        heads=tuple(str(own[name]) for name in ("when", "what", "where", "status", "sources")),
        rows=tuple((_cells(row, style, words, options.language), _sources(row)) for row in chosen),
        more=str(own["more"]).format(n=left) if left else "",
        sections=(
            (str(own["method_head"]), tuple(t.format(version=__version__) for t in own["method"])),
            (str(own["licence_head"]), tuple(own["licences"])),
        ),
        day=max(days, default=None),
        width_mm=options.width_mm,
    )


def _weight(row: Mapping[str, Any]) -> tuple[bool, int]:
    """Put what is on the map first, and of that what most documents tell of."""
    return row["drawn"] is None, -(clean(row["report_count"]) or 0)


def _cells(
    row: Mapping[str, Any], style: Style, words: Mapping[str, Any], language: str
) -> tuple[str, ...]:
    """Return when, what, where and status of an event, in words."""
    class_, status = style.classes.get(row["event_class"]), style.statuses.get(row["status"])
    start, end, precision = (clean(row[f"date_{name}"]) for name in ("start", "end", "precision"))
    where = shortened(row["place_name"] or row["place_text"] or words["no_place"], 60)
    if row["drawn"] == "area":
        where = str(words["pill_in"]).format(place=where)
    elif row["drawn"] == "line":
        where = str(words["pill_along"]).format(place=where)
    return (
        date_words(start, end, precision, language),
        class_.label if class_ else shortened(row["event_class"]),
        where,
        status.label if status else shortened(row["status"]),
    )


def _sources(row: Mapping[str, Any]) -> tuple[Link, ...]:
    """Return the sources of an event with their addresses, each once."""
    found: dict[Link, None] = {}
    for mention in row["mentions"] or ():
        name = mention["source"] or mention["title"] or mention["document_id"]
        found.setdefault((shortened(name, 60), safe_url(mention["url"])))
    return tuple(found)[:5]


# --- files -----------------------------------------------------------------------------------


def write_report(report: Report, path: Path) -> list[Path]:
    """Write a report as the kind of file that the name ends in; Markdown has its figure beside it.

    Raises
    ------
    ConfigError
        If the name ends in none of :data:`FORMATS`.
    ExportError
        If a file cannot be written.
    """
    kind = path.suffix.lower()
    if kind not in FORMATS:
        raise ConfigError(
            f"{path.name}: the name ends in no known format; allowed: .docx .md .html"
        )
    files: dict[Path, bytes] = {}
    if kind == ".md":
        picture = path.with_name(f"{path.stem}-figure.png")
        files[picture] = report.picture
        files[path] = _markdown(report, picture.name).encode("utf-8")
    elif kind == ".html":
        files[path] = _html(report).encode("utf-8")
    else:
        files[path] = _word(report)
    try:
        for name, data in files.items():
            name.write_bytes(data)
    except OSError as error:
        raise ExportError(f"{path}: cannot be written ({error.strerror})") from None
    return list(files)


def _markdown(report: Report, picture: str) -> str:
    def link(source: Link) -> str:
        name, url = source
        return f"[{_plain(name)}](<{quote(url, safe=_URL_SAFE)}>)" if url else _plain(name)

    lines = [f"# {_plain(report.title)}", "", _plain(report.summary), ""]
    lines += [f"![{_plain(report.alt)}](<{quote(picture)}>)", "", f"*{_plain(report.caption)}*", ""]
    lines += ["| " + " | ".join(map(_plain, report.heads)) + " |", "|---" * len(report.heads) + "|"]
    for cells, sources in report.rows:
        lines.append("| " + " | ".join([*map(_plain, cells), ", ".join(map(link, sources))]) + " |")
    lines += ["", _plain(report.more), ""] if report.more else [""]
    for head, paragraphs in report.sections:
        lines += [f"## {_plain(head)}", ""]
        lines += [line for text in paragraphs for line in (_plain(text), "")]
    return "\n".join(lines)


def _plain(text: str) -> str:
    """Return a text that Markdown takes for nothing but text; addresses are no links."""
    line = " ".join(text.split())
    return _LISTS.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", line))


_PAGE = """<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; color: #20262b; max-width: 50rem; margin: 2rem auto;
  padding: 0 1rem; overflow-wrap: anywhere; }}
img {{ max-width: 100%; height: auto; }}
figure {{ margin: 1rem 0; }}
table {{ border-collapse: collapse; font-size: .9em; }}
th, td {{ text-align: left; vertical-align: top; padding: .3em .6em .3em 0;
  border-bottom: 1px solid #cfd4d8; }}
</style>
</head>
<body>
{body}
</body>
</html>
"""


def _html(report: Report) -> str:
    def link(source: Link) -> str:
        name, url = html.escape(source[0]), source[1]
        found = (
            f'<a href="{html.escape(quote(url, safe=_URL_SAFE))}" rel="noreferrer">' if url else ""
        )
        return f"{found}{name}</a>" if found else name

    data = base64.b64encode(report.picture).decode("ascii")
    alt, caption = html.escape(report.alt), html.escape(report.caption)
    parts = [f"<h1>{html.escape(report.title)}</h1>", f"<p>{html.escape(report.summary)}</p>"]
    parts.append(f'<figure><img src="data:image/png;base64,{data}" alt="{alt}">')
    parts.append(f"<figcaption>{caption}</figcaption></figure>\n<table>\n<thead><tr>")
    parts += [f'<th scope="col">{html.escape(head)}</th>' for head in report.heads]
    parts.append("</tr></thead>\n<tbody>")
    for cells, sources in report.rows:
        columns = [*map(html.escape, cells), ", ".join(map(link, sources))]
        parts.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in columns) + "</tr>")
    parts.append("</tbody>\n</table>")
    if report.more:
        parts.append(f"<p>{html.escape(report.more)}</p>")
    for head, paragraphs in report.sections:
        parts.append(f"<h2>{html.escape(head)}</h2>")
        parts += [f"<p>{html.escape(text)}</p>" for text in paragraphs]
    return _PAGE.format(lang="en", title=html.escape(report.title), body="\n".join(parts))


def _word(report: Report) -> bytes:
    """Return a report as a Word document."""
    import docx
    from docx.shared import Mm, Pt

    document = docx.Document()
    about = document.core_properties
    about.title, about.author, about.comments = report.title, "", ""
    day = datetime.datetime.fromisoformat(report.day) if report.day else _LONG_AGO
    about.created = about.modified = day
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    document.styles["Normal"].font.size = Pt(10)
    document.add_heading(report.title, level=0)
    document.add_paragraph(report.summary)
    width = Mm(min(report.width_mm, 166))
    shape = document.add_picture(io.BytesIO(report.picture), width=width)
    shape._inline.docPr.set("descr", report.alt)
    document.add_paragraph(report.caption, style="Caption")
    _word_table(document, report)
    if report.more:
        document.add_paragraph(report.more)
    for head, paragraphs in report.sections:
        document.add_heading(head, level=1)
        for text in paragraphs:
            document.add_paragraph(text)
    file = io.BytesIO()
    document.save(file)
    return _undated(file.getvalue())


def _word_table(document: Any, report: Report) -> None:
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    table = document.add_table(rows=1, cols=len(report.heads), style="Light List")
    for cell, head in zip(table.rows[0].cells, report.heads, strict=True):
        cell.text = head
    repeat = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    for cells, sources in report.rows:
        row = table.add_row().cells
        for cell, text in zip(row, cells, strict=False):
            cell.text = text
        paragraph = row[-1].paragraphs[0]
        for number, (name, url) in enumerate(sources):
            run = paragraph.add_run((", " if number else "") + ("" if url else name))
            if url:
                linked = OxmlElement("w:hyperlink")
                linked.set(qn("r:id"), _relation(document, url))
                linked.append(paragraph.add_run(name)._r)
                run._r.addnext(linked)


def _relation(document: Any, url: str) -> str:
    from docx.opc.constants import RELATIONSHIP_TYPE

    target = quote(url, safe=_URL_SAFE)
    return str(document.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))


def _undated(data: bytes) -> bytes:
    """Return a ZIP file whose parts have no times of their own."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return file.getvalue()
