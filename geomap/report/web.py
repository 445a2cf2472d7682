"""Reports as Markdown and as HTML: text of articles is escaped for each."""

import base64
import html
import re
from urllib.parse import quote

from geomap.export.figure import encoded
from geomap.report.content import Link, Report

__all__ = ["markdown", "page", "plain"]

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~&$^@!]|:(?=//)|(?<=www)\.|^[-+=])", re.IGNORECASE)
_LISTS = re.compile(r"^(\d+)([.)])")


def markdown(report: Report, picture: str) -> str:
    """Return a report as Markdown that shows a picture by its name."""

    def link(source: Link) -> str:
        name, url = source
        return f"[{plain(name)}](<{url}>)" if url else plain(name)

    lines = [f"# {plain(report.title)}", "", plain(report.summary), ""]
    lines += [f"![{plain(report.alt)}](<{quote(picture)}>)", "", f"*{plain(report.caption)}*", ""]
    lines += ["| " + " | ".join(map(plain, report.heads)) + " |", "|---" * len(report.heads) + "|"]
    for cells, sources in report.rows:
        lines.append("| " + " | ".join([*map(plain, cells), ", ".join(map(link, sources))]) + " |")
    lines += ["", plain(report.more), ""] if report.more else [""]
    for head, paragraphs in report.sections:
        lines += [f"## {plain(head)}", ""]
        lines += [line for text in paragraphs for line in (plain(text), "")]
    return "\n".join(lines)


def plain(text: str) -> str:
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


def page(report: Report) -> str:
    """Return a report as one HTML file without scripts."""

    def link(source: Link) -> str:
        name, url = html.escape(source[0]), source[1]
        found = f'<a href="{html.escape(url)}" rel="noreferrer">' if url else ""
        return f"{found}{name}</a>" if found else name

    data = base64.b64encode(encoded(report.figure, "png")).decode("ascii")
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
    return _PAGE.format(
        lang=html.escape(report.lang), title=html.escape(report.title), body="\n".join(parts)
    )
