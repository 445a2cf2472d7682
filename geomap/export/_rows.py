"""What the map page needs of each event: plain values, and the words for dates, places, doubts."""

import calendar
import datetime
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import geopandas
import pandas
import shapely

__all__ = ["clean", "date_words", "event_rows", "mark_up", "safe_url"]

Frame: TypeAlias = geopandas.GeoDataFrame
Row: TypeAlias = dict[str, Any]

PLAIN = (
    *("event_class", "subclass", "layer", "status", "disputed", "place_name", "place_text"),
    *("country", "admin1", "precision", "radius_km", "why", "attributed_to", "numbers_text"),
    *("confidence", "confidence_parts", "report_count", "mention_count"),
    *("review_status", "reviewer", "note"),
)
NO_DATE = "date not stated"
LISTS = ("actors_roles", "reasons")


def event_rows(
    events: Frame, lines: Frame | None = None, areas: Frame | None = None
) -> tuple[list[Row], list[Row]]:
    """Return the events as plain dicts in time order, and the shapes they refer to by number."""
    outlines = {**_geometries(lines), **_geometries(areas)}
    shapes: dict[str, int] = {}
    points = _points(events)
    rows = []
    for record, point in zip(_records(events), points, strict=True):
        row = _event(record)
        if point is not None and record.get("precision") in (1, 2):
            row["point"] = point
        elif row["id"] in outlines and record.get("precision") in (3, 4, 5, 6):
            row["shape"] = shapes.setdefault(outlines[row["id"]], len(shapes))
        rows.append({key: value for key, value in row.items() if value not in (None, [], {}, "")})
    rows.sort(key=lambda row: (row.get("start", "9999"), row.get("end", "9999")))
    return rows, [json.loads(text) for text in shapes]


def clean(value: Any) -> Any:
    """Return a value of a frame as JSON knows it: missing is None, lone surrogates are replaced."""
    if isinstance(value, str):
        return re.sub("[\ud800-\udfff]", "\ufffd", value)
    if isinstance(value, Mapping):
        return {str(clean(key)): clean(item) for key, item in value.items()}
    if value is None or value is pandas.NA:
        return None
    if isinstance(value, bool | int):
        return value
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()[:10] if value == value else None
    if hasattr(value, "tolist"):
        return clean(value.tolist())
    if isinstance(value, Iterable):
        return [clean(item) for item in value]
    if not isinstance(value, float):
        return clean(str(value))
    return value if abs(value) < float("inf") else None


def safe_url(url: Any) -> str | None:
    """Return the address if it is one of the web, else None."""
    try:
        parts = urlsplit(url.strip()) if isinstance(url, str) else None
    except ValueError:
        return None
    return url.strip() if parts and parts.scheme in ("http", "https") and parts.netloc else None


def _records(frame: Frame) -> list[Row]:
    columns = [column for column in frame.columns if column != "geometry"]
    return [
        {column: clean(value) for column, value in zip(columns, values, strict=True)}
        for values in zip(*(frame[column].tolist() for column in columns), strict=True)
    ]


def _points(frame: Frame) -> list[list[float] | None]:
    if "geometry" not in frame.columns:
        return [None] * len(frame)
    return [
        [round(shape.y, 5), round(shape.x, 5)]
        if isinstance(shape, shapely.Point) and not shape.is_empty
        else None
        for shape in frame["geometry"].tolist()
    ]


def _geometries(frame: Frame | None) -> dict[str, str]:
    """Return the outline of each cluster as GeoJSON text, rounded to about ten metres."""
    if frame is None or not len(frame):
        return {}
    return {
        str(record.get("cluster_id") or record.get("event_id")): shapely.to_geojson(
            shapely.transform(shapely.force_2d(shape), lambda points: points.round(4))
        )
        for record, shape in zip(_records(frame), frame["geometry"].tolist(), strict=True)
        if shape is not None and not shape.is_empty
    }


def _event(record: Row) -> Row:
    row: Row = {"id": str(record.get("cluster_id") or record.get("event_id") or "")}
    row |= {name: record.get(name) for name in PLAIN}
    row |= {name: _texts(record.get(name)) for name in LISTS}
    row["alternatives"] = _texts(record.get("alternatives_text"))
    if not row["actors_roles"]:
        row["actors_roles"] = [
            f"{role}: {record[name]}"
            for role, name in (("actors", "actors"), ("targets", "targets"))
            if record.get(name)
        ]
    row["start"], row["end"] = record.get("date_start"), record.get("date_end")
    row["date"] = date_words(row["start"], row["end"], record.get("date_precision"))
    mentions = record.get("mentions")
    found = [item for item in mentions if isinstance(item, dict)] if mentions else []
    found.sort(key=lambda item: item.get("event_id") != record.get("event_id"))
    row["mentions"] = [_mention(item) for item in found or [_own_mention(record)]]
    return row


def _texts(value: Any) -> list[str]:
    if value is None or isinstance(value, str):
        return [value] if value else []
    return [str(item) for item in value]


def _own_mention(record: Row) -> Row:
    """Return the record's own sentence as a mention, for a frame without the mentions."""
    sentence = str(record.get("sentence") or "")
    mention = {**record, "sentence": sentence}
    for name, text in (("trigger", record.get("trigger")), ("place", record.get("place_text"))):
        start = sentence.find(str(text)) if text else -1
        if start >= 0:
            mention[f"{name}_start"], mention[f"{name}_end"] = start, start + len(str(text))
    return mention


def _mention(item: Row) -> Row:
    row = {
        "parts": mark_up(item),
        "url": safe_url(item.get("url")),
        **{name: item.get(name) for name in ("status", "title", "source", "date_text")},
        "published": _date(item.get("published")),
        "document": item.get("document_id"),
    }
    return {key: value for key, value in row.items() if value is not None}


def _date(value: Any) -> Any:
    """Return one day in words, or what is there if it is no date."""
    words = date_words(value, value, 1)
    return value if words == NO_DATE else words


def mark_up(mention: Mapping[str, Any]) -> list[list[str]]:
    """Cut a sentence into ``[text, kind]``; kind: empty, ``trigger``, ``place`` or both.

    The offsets count code points, as Python does and JavaScript does not.
    """
    sentence = str(mention.get("sentence") or "")
    spans = []
    for kind in ("trigger", "place"):
        start, end = mention.get(f"{kind}_start"), mention.get(f"{kind}_end")
        if start is not None and end is not None and 0 <= start < end <= len(sentence):
            spans.append((int(start), int(end), kind))
    cuts = sorted({0, len(sentence), *(cut for start, end, _ in spans for cut in (start, end))})
    return [
        [
            sentence[left:right],
            " ".join(kind for start, end, kind in spans if start <= left and right <= end),
        ]
        for left, right in zip(cuts, cuts[1:], strict=False)
    ]


def date_words(start: Any, end: Any, precision: Any) -> str:
    """Return an interval of days as a reader would say it.

    Examples
    --------
    >>> date_words("2021-07-08", "2021-07-09", 2)
    '8–9 July 2021'
    >>> date_words("2021-07-01", "2021-07-10", 4)
    'early July 2021'
    >>> date_words("2021-07-17", "2021-07-17", 9)
    'reported on 17 July 2021; day of the event not stated'
    """
    try:
        first = datetime.date.fromisoformat(start)
        last = datetime.date.fromisoformat(end or start)
    except (TypeError, ValueError):
        return NO_DATE
    if precision == 9:
        return f"reported on {_span(first, last)}; day of the event not stated"
    if precision == 3:
        return f"week of {_span(first, last)}"
    if precision in (4, 5):
        return _period(first, last) or f"between {_day(first)} and {_day(last)}"
    return _span(first, last)


def _day(day: datetime.date) -> str:
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def _span(first: datetime.date, last: datetime.date) -> str:
    if first == last:
        return _day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{_day(last)}"
    if first.year == last.year:
        return f"{first.day} {calendar.month_name[first.month]} – {_day(last)}"
    return f"{_day(first)} – {_day(last)}"


def _period(first: datetime.date, last: datetime.date) -> str | None:
    """Return the name of a part of a month, a month or a year, if the interval is one."""
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return f"{first.year}" if first.year == last.year else f"{first.year}–{last.year}"
    if (first.year, first.month) != (last.year, last.month):
        return None
    month = f"{calendar.month_name[first.month]} {first.year}"
    length = calendar.monthrange(first.year, first.month)[1]
    parts = {(1, 10): "early ", (11, 20): "mid-", (10, 20): "mid-", (1, length): ""}
    if first.day in (20, 21) and last.day == length:
        return f"late {month}"
    part = parts.get((first.day, last.day))
    return None if part is None else f"{part}{month}"
