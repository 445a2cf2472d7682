"""The styles of the layers: what a ``.qml`` file, a GeoPackage and a project share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from geomap.export.basemap import PAINT
from geomap.export.layers import Column
from geomap.export.qgis import labels, symbols
from geomap.export.qgis.fields import actions, event_title, field_elements, map_tip
from geomap.export.qgis.together import HAPPENED
from geomap.export.qgis.xml import Element, colour, encode, node
from geomap.export.wording import words_of
from geomap.style import Style

__all__ = ["VERSION", "Look", "looks_of", "near_look", "qml"]

VERSION = "3.22.0"
NEAR_SCALE = 8_000_000
"""Borders of divisions show from this scale on."""
_TOLERANCE_MM = 7.5
_WIDTHS = {"inner": 0.2, "coasts": 0.25, "borders": 0.4, "disputed": 0.4}
"""Of the lines of the base map, in millimetres; the last lies on top."""


@dataclass(frozen=True, slots=True)
class Look:
    """A style: its name in the menu, attributes of the layer, and the elements that make it."""

    name: str
    elements: Sequence[Element]
    attributes: Mapping[str, Any] = field(default_factory=dict)


def looks_of(
    name: str, columns: Sequence[Column], style: Style, classes: Sequence[str] | None = None
) -> list[Look]:
    """Return the styles of a layer, the default first.

    Parameters
    ----------
    name
        Of one of :mod:`geomap.export.layers`.
    columns
        What the layer has.
    style
        Colours, paths and labels.
    classes
        The classes of which there are events; None for all.
    """
    told = field_elements(columns, style)
    if name in ("events", "lines", "areas"):
        disputed = any(column.name == "disputed" for column in columns)
        told += [actions(), node("previewExpression", {}, text=event_title()), map_tip()]
        if name == "events":
            return _point_looks(style, told, classes, disputed=disputed)
        return [_shape_look(name, style, told, disputed=disputed)]
    if name in ("unlocated", "mentions"):
        told += [actions()] if name == "unlocated" else []
        told += [node("previewExpression", {}, text=event_title())]
        return [Look(_word("table"), told, {"labelsEnabled": 0})]
    drawn = {"places": _places, "countries": _countries, "boundaries": _boundaries}.get(name)
    return [drawn(told, style) if drawn else Look(_word("table"), told, {"labelsEnabled": 0})]


def near_look(style: Style) -> Look:
    """Return the style of a layer that shows nothing but circles around places."""
    made = node("symbols", {}, [symbols.near_symbol(style)])
    return Look(_word("near"), [_renderer("singleSymbol", {}, [made]), _temporal()])


def qml(look: Look) -> bytes:
    """Return a style as a file of its own."""
    attributes = {"version": VERSION, "styleCategories": "AllStyleCategories",
                  "hasScaleBasedVisibilityFlag": 0, **look.attributes}  # fmt: skip
    return encode(node("qgis", attributes, look.elements))


# --- events at points ------------------------------------------------------------------------


def _point_looks(
    style: Style, told: list[Element], classes: Sequence[str] | None, *, disputed: bool
) -> list[Look]:
    names = [name for name in style.classes if name != "statement"]
    names = [name for name in names if classes is None or name in classes]
    marks = _by_class(style, names, disputed=disputed)
    rest = [*told, _temporal(), labels.point_labels(style)]
    grouped = {"tolerance": _TOLERANCE_MM, "toleranceUnit": "MM"}
    cluster = _renderer("pointCluster", grouped, [marks, symbols.count_symbol(style)])
    ring = {**grouped, "placement": 0, "circleWidth": 0.3, "circleColor": colour(PAINT["edge"]),
            "circleRadiusAddition": 0, "labelAttributeName": ""}  # fmt: skip
    centre = symbols.dot(style.ink, 1.2, style.paper)
    centre.set("name", "centerSymbol")
    # Of labels that it does not have; without it Qt complains.
    font = node("labelFontProperties", {"description": "Sans,9,-1,5,50,0,0,0,0,0", "style": ""})
    spread = _renderer("pointDisplacement", ring, [font, marks, centre])
    shown = {"labelsEnabled": 1}
    return [
        Look(_word("marks"), [marks, *rest], shown),
        Look(_word("clusters"), [cluster, *rest], shown),
        Look(_word("spread"), [spread, *rest], shown),
    ]


def _by_class(style: Style, names: Sequence[str], *, disputed: bool) -> Element:
    """Return marks by class; an event that did not happen, or is but said, has none."""
    value = f'if({HAPPENED}, "event_class", NULL)'
    categories = [
        node("category", {"render": "true", "value": name, "symbol": number,
                          "label": style.classes[name].label})
        for number, name in enumerate(names)
    ]  # fmt: skip
    made = [symbols.mark_symbol(style, name, number, disputed=disputed)
            for number, name in enumerate(names)]  # fmt: skip
    inner = [node("categories", {}, categories), node("symbols", {}, made)]
    return _renderer("categorizedSymbol", {"attr": value, "symbollevels": 1}, inner)


def _renderer(kind: str, attributes: Mapping[str, Any], children: Sequence[Element]) -> Element:
    common = {"type": kind, "enableorderby": 0, "forceraster": 0, "symbollevels": 0}
    return node("renderer-v2", {**common, **attributes}, children)


def _temporal() -> Element:
    """Return that an event lasts from its first day to its last."""
    return node("temporal", {
        "enabled": 1, "mode": 2, "startField": "date_start", "endField": "date_end",
        "limitMode": 0, "accumulate": 0, "fixedDuration": 0, "durationUnit": "d",
        "durationField": "", "startExpression": "", "endExpression": "",
    }, [node("fixedRange", {}, [node("start"), node("end")])])  # fmt: skip


# --- events along lines and in areas ---------------------------------------------------------


def _shape_look(name: str, style: Style, told: list[Element], *, disputed: bool) -> Look:
    along = name == "lines"
    here = labels.LINES if along else labels.AREAS
    paint = symbols.shade(style, mixed=here.mixed)
    unsure = " OR ".join(condition for _, condition in symbols.outlines(style, disputed=disputed))
    alpha = f'CASE WHEN NOT ({here.first}) THEN 0 WHEN "precision" = 6 THEN 45 ELSE 85 END'
    make = symbols.line_symbol if along else symbols.area_symbol
    made = make(style, paint=paint, dashed=unsure, alpha=alpha)
    renderer = _renderer("singleSymbol", {}, [node("symbols", {}, [made])])
    if not along:
        # Countries lie under their divisions.
        renderer.set("enableorderby", "1")
        clause = node("orderByClause", {"asc": 0, "nullsFirst": 1}, text='"precision"')
        renderer.append(node("orderby", {}, [clause]))
    named = labels.shape_labels(style, here, "pill_along" if along else "pill_in")
    return Look(_word("marks"), [renderer, *told, _temporal(), named], {"labelsEnabled": 1})


# --- what lies beside or under them ----------------------------------------------------------


def _places(told: list[Element], style: Style) -> Look:
    made = symbols.dot(PAINT["edge"], 1.8, style.paper)
    renderer = _renderer("singleSymbol", {}, [node("symbols", {}, [made])])
    named = labels.place_labels(style)
    return Look(_word("names"), [renderer, *told, named], {"labelsEnabled": 1})


def _countries(told: list[Element], _: Style) -> Look:
    symbol = node("symbols", {}, [symbols.plain_fill(PAINT["land"])])
    named = labels.country_labels(PAINT["names"], PAINT["land"])
    elements = [_renderer("singleSymbol", {}, [symbol]), *told, named]
    return Look(_word("base_map"), elements, {"labelsEnabled": 1})


def _boundaries(told: list[Element], _: Style) -> Look:
    words = words_of()["gis"]["boundaries"]
    near = f'if("kind" <> \'inner\' OR @map_scale < {NEAR_SCALE}, "kind", NULL)'
    categories = [
        node("category", {"render": "true", "value": name, "symbol": number, "label": words[name]})
        for number, name in enumerate(_WIDTHS)
    ]  # fmt: skip
    made = []
    for number, (name, width) in enumerate(_WIDTHS.items()):
        line = symbols.plain_line(PAINT[name], width, dashed=name == "disputed")
        line.set("name", str(number))
        made.append(line)
    inner = [node("categories", {}, categories), node("symbols", {}, made)]
    renderer = _renderer("categorizedSymbol", {"attr": near}, inner)
    return Look(_word("base_map"), [renderer, *told], {"labelsEnabled": 0})


def _word(name: str) -> str:
    return str(words_of()["gis"][name])
