"""Names on the map: place names beside marks, what an area is, names of countries."""

from collections.abc import Mapping
from typing import Any

from geomap.export.basemap import PAINT
from geomap.export.qgis import expressions as ex
from geomap.export.qgis.xml import Element, colour, data_defined, node, option
from geomap.export.wording import words_of
from geomap.style import Style

__all__ = ["HAPPENED", "area_key", "count_here", "first_here", "labels", "line_key", "point_key"]

_MOMENT = "'yyyy-MM-dd HH:mm:ss'"
_IN_TIME = (
    '(@map_start_time IS NULL OR "date_start" IS NULL OR ('
    f'format_date("date_start", {_MOMENT}) < format_date(@map_end_time, {_MOMENT}) AND '
    f'format_date("date_end", {_MOMENT}) >= format_date(@map_start_time, {_MOMENT})))'
)
"""Whether the temporal controller lets an event through: counts follow it."""
HAPPENED = "\"event_class\" <> 'statement' AND \"status\" NOT IN ('negated', 'cancelled')"
"""Whether an event is drawn at all."""

point_key = 'concat("place_id", \' \', "precision" = 2)'
line_key = 'coalesce("place_id", "place_name", "event_id")'
area_key = 'if("precision" = 6, "country", coalesce("place_id", "event_id"))'


def first_here(key: str) -> str:
    """Return whether an event is the first of those that share a place and are shown."""
    ids, keys = (
        f'array_agg({value}, filter:={_IN_TIME} AND {HAPPENED}, order_by:="event_id")'
        for value in ('"event_id"', key)
    )
    return f'array_get({ids}, array_find({keys}, {key})) = "event_id"'


def count_here(key: str) -> str:
    """Return how many of the events that are shown share a place."""
    keys = f'array_agg({key}, filter:={_IN_TIME} AND {HAPPENED}, order_by:="event_id")'
    return f"array_length(array_filter({keys}, @element = {key}))"


def mixed_here(key: str) -> str:
    """Return whether the events that share a place are of several classes."""
    return f'count_distinct("event_class", group_by:={key}, filter:={_IN_TIME} AND {HAPPENED}) > 1'


def labels(
    expression: str,
    placement: Mapping[str, Any],
    look: Mapping[str, Any],
    *,
    halo: str,
    follows: Mapping[str, str] | None = None,
    rendering: Mapping[str, Any] | None = None,
) -> Element:
    """Return the labelling of a layer.

    Parameters
    ----------
    expression
        The text; an event for which it is null has none.
    placement, look, rendering
        Attributes of QGIS for where it stands, how it looks and when it is drawn. No font is named,
        so that none can be missing: it is that of the program.
    halo
        The colour around the letters.
    follows
        Properties that follow expressions.
    """
    buffer = {"bufferDraw": 1, "bufferSize": 0.9, "bufferSizeUnits": "MM", "bufferNoFill": 1,
              "bufferColor": colour(halo), "bufferOpacity": 0.85,
              "bufferJoinStyle": 128}  # fmt: skip
    style = {"fieldName": expression, "isExpression": 1, "fontSizeUnit": "Point", "textOpacity": 1,
             "fontWeight": 50, "multilineHeight": 1, "allowHtml": 0, **look}  # fmt: skip
    where = {
        "distUnits": "MM",
        "offsetUnits": "MM",
        "quadOffset": 4,
        "centroidInside": 1,
        **placement,
    }
    when = {
        "drawLabels": 1,
        "obstacle": 1,
        "obstacleFactor": 1,
        "displayAll": 0,
        **(rendering or {}),
    }
    settings = node("settings", {"calloutType": "simple"}, [
        node("text-style", style, [node("text-buffer", buffer)]),
        node("text-format", {"multilineAlign": 3, "autoWrapLength": 0}),
        node("placement", where),
        node("rendering", when),
        node("dd_properties", {}, [option(data_defined(follows or {}))]),
    ])  # fmt: skip
    return node("labeling", {"type": "simple"}, [settings])


def point_labels(style: Style) -> Element:
    """Return the names of places beside marks: once a place, and "near" what is only near."""
    near = ex.filled(words_of()["near"], place='"place_name"')
    name = f'if("precision" = 2, {near}, "place_name")'
    shown = f"if({first_here(point_key)}, {name}, NULL)"
    placement = {"placement": 6, "offsetType": 1, "dist": 1.6,
                 "predefinedPositionOrder": "R,L,TR,BR,TL,BL,TSR,BSR"}  # fmt: skip
    return labels(shown, placement, {"fontSize": 9, "textColor": colour(style.ink)},
                  halo=style.paper, rendering={"obstacleFactor": 2})  # fmt: skip


def shape_labels(style: Style, key: str, word: str) -> Element:
    """Return what lines and areas are (``word`` of the interface), with the number of events."""
    words = words_of()
    count = count_here(key)
    name = ex.filled(words[word], place='"place_name"')
    events = ex.filled(words["events"]["other"], n=count)
    text = f"if({count} > 1, {ex.filled(words['pill_count'], pill=name, events=events)}, {name})"
    shown = f"if({first_here(key)}, {text}, NULL)"
    placement = {"placement": 4, "dist": 1.5}  # fmt: skip
    look = {"fontSize": 8.5, "fontItalic": 1, "textColor": colour(style.ink)}
    return labels(shown, placement, look, halo=style.paper, rendering={"obstacle": 0})


def country_labels(shade: str, halo: str) -> Element:
    """Return the names of countries, spaced and quiet."""
    look = {"fontSize": 9, "textColor": colour(shade), "fontLetterSpacing": 2.2}
    placement = {"placement": 4, "fitInPolygonOnly": 1, "centroidWhole": 0}
    return labels('upper("name")', placement, look, halo=halo, rendering={"obstacle": 0})


def place_labels(style: Style) -> Element:
    """Return the place names as the articles write them."""
    placement = {"placement": 6, "offsetType": 1, "dist": 0.5,
                 "predefinedPositionOrder": "R,L,TR,BR,TL,BL,TSR,BSR"}  # fmt: skip
    look = {"fontSize": 7.5, "textColor": colour(PAINT["edge"])}
    return labels('"name"', placement, look, halo=style.paper)
