"""What a report says, before it is written in any format."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from geomap._version import __version__
from geomap.config import Config
from geomap.corrections import UNREVIEWED, Corrections
from geomap.drawing import REJECTED
from geomap.export.figure.letters import shortened
from geomap.export.figure.sheet import title_of, to_figure
from geomap.export.values import clean, safe_url
from geomap.export.wording import date_words, words_of
from geomap.figure_options import FigureOptions
from geomap.frame import events_frame
from geomap.model import Document
from geomap.style import Style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["ROWS", "Link", "Report", "report_of"]

ROWS = 30
"""Events in the table, those that most documents tell of."""
_URL_SAFE = "%/:?#@!$&'*+,;=~-._"
Link = tuple[str, str | None]
"""A name, and its address on the web with everything else escaped."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a report says, as plain text that is not escaped for any format.

    Parameters
    ----------
    title, summary
        What it is, in a line each.
    figure, alt, caption
        The figure, a text in place of it, and the line below it.
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
    lang
        The language of the words, as a tag of BCP 47.
    corrections
        What became of the corrections, if there are any.
    """

    title: str
    summary: str
    figure: "Figure"
    alt: str
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], tuple[Link, ...]], ...]
    more: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    day: str | None
    width_mm: float
    lang: str
    corrections: Mapping[str, Any] | None = None

    @property
    def moment(self) -> datetime.datetime:
        """When a file says that it was made: as the report knows no clock, its day."""
        day = datetime.datetime.fromisoformat(self.day or "2000-01-01")
        return day.replace(tzinfo=datetime.UTC)


def report_of(
    documents: Iterable[Document],
    config: Config | None = None,
    title: str | None = None,
    corrections: Corrections | None = None,
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
    corrections
        What analysts changed by hand.
    """
    config = config or Config()
    events = events_frame(documents, corrections)
    options = config.figure or FigureOptions(width_mm=160)
    style, words = config.style or Style.default(), words_of(options.language)
    figure = to_figure(events, options.changed({"title": ""}), style=style)
    named = shortened(title or title_of(events, options, style), 200)
    own: Mapping[str, Any] = words["report"]
    rows = [{str(k): v for k, v in row.items()} for row in events.to_dict("records")]
    chosen = sorted(rows, key=_weight)[:ROWS]
    chosen.sort(key=lambda row: (row["date_start"] or "9999", row["event_id"]))
    days = [row["published"] for row in rows if row["published"]]
    left = len(rows) - len(chosen)
    return Report(
        title=named,
        summary=shortened(events.attrs["header"], 400) + ".",
        figure=figure,
        alt=str(figure.get_label()).partition("\n")[2],
        caption=str(own["caption"]).format(title=named),
        heads=tuple(str(own[name]) for name in ("when", "what", "where", "status", "sources")),
        rows=tuple((_cells(row, style, words, options.language), _sources(row)) for row in chosen),
        more=str(own["more"]).format(n=left) if left else "",
        sections=(
            (str(own["method_head"]), _method(rows, own)),
            (str(own["licence_head"]), tuple(own["licences"])),
        ),
        day=max(days, default=None),
        width_mm=options.width_mm,
        lang=str(words["lang"]),
        corrections=events.attrs.get("corrections"),
    )


def _method(rows: Sequence[Mapping[str, Any]], words: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the paragraphs on the method, with how many events a person reviewed."""
    reviewed = sum(row["review_status"] != UNREVIEWED for row in rows)
    told = words["reviewed" if reviewed else "unreviewed"].format(n=reviewed, total=len(rows))
    return tuple(text.format(version=__version__, review=told) for text in words["method"])


def _weight(row: Mapping[str, Any]) -> tuple[bool, bool, int]:
    """Put what is on the map first, and of that what most documents tell of; what is none last."""
    rejected = row["review_status"] == REJECTED
    return rejected, row["drawn"] is None, -(clean(row["report_count"]) or 0)


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
    stands = status.label if status else shortened(row["status"])
    if row["review_status"] == REJECTED:
        stands = str(words["reviews"][REJECTED])
    return (
        date_words(start, end, precision, language),
        class_.label if class_ else shortened(row["event_class"]),
        where,
        stands,
    )


def _sources(row: Mapping[str, Any]) -> tuple[Link, ...]:
    """Return the sources of an event with their addresses, each once."""
    found: dict[Link, None] = {}
    for mention in row["mentions"] or ():
        name = mention["source"] or mention["title"] or mention["document_id"]
        url = safe_url(mention["url"])
        found.setdefault((shortened(name, 60), url and quote(url, safe=_URL_SAFE)))
    return tuple(found)[:5]
