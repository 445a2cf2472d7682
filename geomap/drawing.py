"""How the map draws a row of the table of events: as a point, a line, an area, or not at all."""

from collections.abc import Mapping
from typing import Any

from geomap.shapes import area_of, holder_of, line_of, named_line

__all__ = ["REJECTED", "area_id", "drawn", "line", "table_only"]

REJECTED = "rejected"
"""The review of an event that a person found to be none."""
_NOT_HAPPENED = ("negated", "cancelled")
Row = Mapping[str, Any]


def drawn(row: Row) -> str | None:
    """Say how the map draws a cluster: ``point``, ``line``, ``area``, or not at all."""
    if table_only(row["event_class"], row["status"], row.get("review_status")):
        return None
    if row["geometry"] is not None:
        return "point"
    if row["precision"] == 5:
        return "line" if line(row) is not None else None
    return "area" if area_of(area_id(row)) is not None else None


def table_only(event_class: Any, status: Any, review_status: Any) -> bool:
    """Say whether a cluster stands in the table alone.

    So do statements, what did not happen, and what a person who checked it rejected. Of the others,
    each is drawn, or listed as one without a place that can be drawn.
    """
    return event_class == "statement" or status in _NOT_HAPPENED or review_status == REJECTED


def line(row: Row) -> Any:
    """Return the line an event lies along: that of a named line, else the border of two states."""
    named = named_line(row["place_id"])
    return named if named is not None else line_of(_pair(row))


def area_id(row: Row) -> str | None:
    """Return the id of the outline to shade: of a country, a division, or the one that holds it.

    Only first-order divisions have outlines; a second-order one shades that which holds it.
    """
    own: str | None = row["country"] if row["precision"] == 6 else row["place_id"]
    if row["precision"] not in (3, 4, 6):
        return None
    if row["precision"] == 6 or area_of(own) is not None:
        return own
    return holder_of(row["country"], row["admin1"])


def _pair(row: Row) -> str | None:
    """Return the two countries of a border: the event's own, or those of a border as its place."""
    place_id = row["place_id"] or ""
    prefix, _, pair = place_id.partition("geomap:border/")
    return row["border_pair"] or (pair if pair and not prefix else None)
