"""Names on the map: place names beside marks, what an area is, names of countries."""

from collections.abc import Mapping
from typing import Any

from geomap.export.basemap import PAINT
from geomap.export.qgis import expressions as ex
from geomap.export.qgis.together import Together
from geomap.export.qgis.xml import Element, colour, data_defined, node, option
from geomap.export.wording import words_of
from geomap.style import Style

__all__ = ["AREAS", "LINES", "POINTS", "labels"]

_NEAR_SCALE = 4_000_000
_SHARE = 150
"""From farther off than this scale a place is named if one in so many events was there."""
POINTS = Together('concat(coalesce("place_id", "event_id"), \' \', "precision" = 2)')
LINES = Together('coalesce("place_id", "place_name", "event_id")')
AREAS = Together('if("precision" = 6, "country", coalesce("place_id", "event_id"))')


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
    shown = f"if({POINTS.first} AND {POINTS.told(_SHARE, _NEAR_SCALE)}, {name}, NULL)"
    placement = {"placement": 6, "offsetType": 1, "dist": 1.6,
                 "predefinedPositionOrder": "R,L,TR,BR,TL,BL,TSR,BSR"}  # fmt: skip
    return labels(shown, placement, {"fontSize": 9, "textColor": colour(style.ink)},
                  halo=style.paper, rendering={"obstacleFactor": 2})  # fmt: skip


def shape_labels(style: Style, here: Together, word: str) -> Element:
    """Return what lines and areas are (``word`` of the interface), with the number of events."""
    words = words_of()
    name = ex.filled(words[word], place='"place_name"')
    events = ex.filled(words["events"]["other"], n="@count")
    pill = ex.filled(words["pill_count"], pill=name, events=events)
    text = f"with_variable('count', {here.count}, if(@count > 1, {pill}, {name}))"
    shown = f"if({here.first}, {text}, NULL)"
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
