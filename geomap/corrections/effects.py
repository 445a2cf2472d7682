"""What a corrected value brings with it: a class its layer, a day its precision, a point its why.

A person's own value always goes before what would follow from another one.
"""

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from geomap.columns import POINT
from geomap.corrections.fields import CORRECTED, DATES, REVIEW, UNREVIEWED, Value
from geomap.corrections.record import Correction
from geomap.style import Style

__all__ = ["contradictions", "set_values"]

Row: TypeAlias = dict[str, Any]
Values: TypeAlias = Mapping[str, Value]
_CODES = ("subclass", "plover", "acled_like")
"""What a machine coded of a class that is no longer the event's."""
_RANGES = {kind: (f"{kind}_min", f"{kind}_max") for kind in ("killed", "wounded")}
_PLACE = (*POINT, "place_name", "place_id", "country", "admin1", "precision")
_SURE = {"class": ("event_class",), "place": _PLACE, "date": (*DATES, "date_precision")}
_POINT_FROM = (1, 2)
"""The precisions of a place that have a point."""


def contradictions(before: Values, values: Values) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the corrected columns that cannot all hold, and why."""
    if all(values.get(name) for name in DATES) and _order(values, DATES):
        yield DATES, f"the event would end on {values['date_end']}, before it begins"
    for columns in _RANGES.values():
        if all(values.get(name) is not None for name in columns) and _order(values, columns):
            yield columns, "the least would be more than the most"
    point = {name: values.get(name, before[name]) for name in POINT}
    if any(name in values for name in POINT) and (None in point.values()) != (
        set(point.values()) == {None}
    ):
        yield (
            tuple(name for name in POINT if name in values),
            ("a point needs latitude and longitude, or neither"),
        )


def _order(values: Values, columns: Sequence[str]) -> bool:
    low, high = (values[name] for name in columns)
    return bool(low > high)  # type: ignore[operator]


def set_values(row: Row, values: Values, lines: Sequence[Correction]) -> None:
    """Set values that do not contradict each other, and what follows from them.

    Parameters
    ----------
    row
        Of the table of events; it is changed.
    values
        By their columns.
    lines
        The corrections that they come from.
    """
    old = dict(row)
    row |= {name: value for name, value in values.items() if name not in POINT}
    who = next((line.who for line in reversed(lines) if line.who), None)
    _class(row, old, values)
    _days(row, values)
    _numbers(row, values)
    _place(row, values, who or "a reviewer")
    if "actors" in values or "targets" in values:
        row["actors_roles"] = None
    row["confidence_parts"] = {
        part: value
        for part, value in (row["confidence_parts"] or {}).items()
        if not any(name in values for name in _SURE.get(part, ()))
    }
    _review(row, values, who)
    told = [_reason(line) for line in lines if line.field not in REVIEW]
    row["reasons"] = [*(row["reasons"] or ()), *told]


def _class(row: Row, old: Mapping[str, Any], values: Values) -> None:
    if row["event_class"] == old["event_class"]:
        return
    if "layer" not in values:
        row["layer"] = Style.default().classes[row["event_class"]].layer
    row |= {name: None for name in _CODES if name not in values}


def _days(row: Row, values: Values) -> None:
    """Let the other end of an interval follow, and the precision tell its length."""
    if not any(name in values for name in DATES):
        return
    _follow(row, values, DATES)
    start, end = (row[name] for name in DATES)
    undated = "date_start" in values and not values["date_start"] and not values.get("date_end")
    row |= dict.fromkeys(DATES) if undated else {DATES[0]: start or end, DATES[1]: end or start}
    if "date_precision" not in values:
        row["date_precision"] = _length(row["date_start"], row["date_end"])


def _length(start: str | None, end: str | None) -> int | None:
    if start is None or end is None:
        return None
    days = (datetime.date.fromisoformat(end) - datetime.date.fromisoformat(start)).days + 1
    return next((n for n, most in ((1, 1), (2, 6), (3, 7), (4, 31)) if days <= most), 5)


def _numbers(row: Row, values: Values) -> None:
    """Let the other end of a range follow, and the numbers in words."""
    for kind, columns in _RANGES.items():
        if not any(name in values for name in columns):
            continue
        _follow(row, values, columns)
        others = [
            part
            for part in (row["numbers_text"] or "").split("; ")
            if part and not re.match(rf"[\d,–]+ {kind}\b", part)
        ]
        row["numbers_text"] = "; ".join([*_counted(row, kind), *others]) or None


def _follow(row: Row, values: Values, columns: Sequence[str]) -> None:
    """Move the end of a range that was not corrected to the one that was, if they cross."""
    low, high = columns
    if row[low] is None or row[high] is None or row[low] <= row[high]:
        return
    if high in values:
        row[low] = row[high]
    else:
        row[high] = row[low]


def _counted(row: Row, kind: str) -> list[str]:
    low, high = (row[name] for name in _RANGES[kind])
    if low is None and high is None:
        return []
    if low is None or high is None:
        return [f"at {'most' if low is None else 'least'} {high if low is None else low:,} {kind}"]
    return [f"{low:,} {kind}" if low == high else f"{low:,}–{high:,} {kind}"]


def _place(row: Row, values: Values, who: str) -> None:
    """Set a point; from the precision of a division on there is none."""
    from shapely import Point

    if any(name in values for name in POINT):
        shape = row["geometry"]
        known = {"latitude": shape and shape.y, "longitude": shape and shape.x} | dict(values)
        lng, lat = known["longitude"], known["latitude"]
        row["geometry"] = None if lat is None or lng is None else Point(lng, lat)
        if row["geometry"] is not None:
            follows = {"precision": 1, "radius_km": None, "place_id": None,
                       "why": f"placed by {who}"}  # fmt: skip
            row |= {name: value for name, value in follows.items() if name not in values}
            row |= {"place_source": "reviewer", "alternatives_text": []}
    elif "why" not in values and any(name in values for name in _PLACE):
        row["why"] = f"corrected by {who}; before: {row['why'] or 'no place'}"
    if row["precision"] not in _POINT_FROM:
        row["geometry"] = None


def _review(row: Row, values: Values, who: str | None) -> None:
    """Mark a row that a person changed as reviewed, by whom."""
    if "review_status" not in values and any(name not in REVIEW for name in values):
        if row["review_status"] == UNREVIEWED:
            row["review_status"] = CORRECTED
    if "reviewer" not in values and who:
        row["reviewer"] = who


def _reason(line: Correction) -> str:
    """Return a correction in words."""
    what = f"'{line.value}'" if line.value else "taken away"
    was = "" if line.old is None else f", was '{line.old}'" if line.old else ", was not known"
    by = f" by {line.who}" if line.who else ""
    why = f": {line.why}" if line.why else ""
    return f"corrected{by}: {line.field} {what}{was}{why}"
