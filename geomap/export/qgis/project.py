"""``events.qgz``: a project of QGIS that opens ready, beside ``events.gpkg``.

It is a zip of one XML file. All paths in it are relative, so that the folder can be moved.
"""

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geomap.export.archive import undated_zip
from geomap.export.basemap import PAINT
from geomap.export.figure.content import Content, extent_points, records
from geomap.export.figure.view import View, fitted, round_length
from geomap.export.layers import Layer, base_layers
from geomap.export.qgis.layout import MAP_MM, Sheet, layout
from geomap.export.qgis.looks import VERSION, Look, looks_of, near_look
from geomap.export.qgis.symbols import mark_svg, svg_name
from geomap.export.qgis.xml import Element, channels, encode, node
from geomap.export.results import Results
from geomap.export.wording import date_words, words_of
from geomap.figure_options import FigureOptions
from geomap.style import INTERNAL, Style

__all__ = ["FILES", "project", "write"]

FILES = ("events.qgz",)
_INNER = "events.qgs"
_PAST = "past_reference"
_NOW = f"\"status\" <> '{_PAST}'"
_THEN = f"\"status\" = '{_PAST}'"
_DRAWN = ("events", "lines", "areas")
_KINDS = {
    "Point": "Point",
    "MultiLineString": "Line",
    "MultiPolygon": "Polygon",
    None: "No geometry",
}
_RELATED = (
    *((name, "cluster_id", "mentions") for name in (*_DRAWN, "unlocated")),
    ("articles", "document_id", "mentions"),
    ("articles", "document_id", "places"),
)


def write(results: Results, folder: Path) -> list[str]:
    """Write the project; it shows the ``events.gpkg`` that lies beside it."""
    (folder / FILES[0]).write_bytes(undated_zip({_INNER: project(results)}))
    return list(FILES)


def project(results: Results) -> bytes:
    """Return the project as XML."""
    style = results.config.style or Style.default()
    words = words_of()["gis"]
    layers = {layer.name: layer for layer in (*results.layers, *base_layers())}
    titles = {name: layer.title for name, layer in layers.items()} | {"near": words["near"]}
    content = Content.of(records(results.events), style)
    view = fitted(
        extent_points(content, FigureOptions()), 1.0, lambda _: MAP_MM[1] / MAP_MM[0], 0.09
    )
    srs = _srs(view)
    shown = [name for name in _DRAWN if any(r["status"] != _PAST for r in layers[name].rows)]
    made = [_map_layer(layers[name], style, titles[name], past=False) for name in _DRAWN]
    made += [
        _map_layer(layers[name], style, f"{titles[name]}: {words['past']}", past=True)
        for name in _DRAWN
    ]
    near = f'{_NOW} AND "precision" = 2'
    circles = [near_look(style)]
    made.append(_styled(layers["events"], circles, words["near"], _id("near"), near))
    rest = [name for name in layers if name not in _DRAWN]
    made += [_map_layer(layers[name], style, titles[name]) for name in rest]
    first, last = _days(layers)
    sheet = Sheet(
        title=_title(first, last), subtitle=results.events.attrs["header"],
        credits=words["credits"], extent=_framed(view), srs=srs, kilometres=_scale_length(view),
        legend=[(_id(name), titles[name]) for name in shown], marks=_marks(style),
        entries=len(shown) + len(_classes(layers["events"], past=False) or ()),
    )  # fmt: skip
    attributes = {"projectname": sheet.title, "version": VERSION}
    return encode(node("qgis", attributes, [
        node("title", {}, text=sheet.title),
        node("projectCrs", {}, [srs]),
        _tree(titles, words),
        node("relations", {}, _relations()),
        _canvas(view, srs),
        _first_view(view, srs),
        node("projectlayers", {}, made),
        node("properties", {}, _properties(first, last)),
        *_time(first, last),
        layout(sheet),
    ]))  # fmt: skip


# --- layers ----------------------------------------------------------------------------------


def _id(name: str, part: str = "now") -> str:
    """Return the id of a layer; QGIS makes a new one of what is shorter."""
    return f"geomap_{name}_{part}"


def _map_layer(layer: Layer, style: Style, title: str, *, past: bool | None = None) -> Element:
    """Return a layer with its styles; that of the project is the one with clusters.

    Parameters
    ----------
    layer, style, title
        Its rows, how they look, what it is called.
    past
        Whether it holds what the texts look back on, or all but that; None for all.
    """
    subset = "" if past is None else _THEN if past else _NOW
    key = _id(layer.name, "past") if past else _id(layer.name)
    looks = looks_of(layer.name, layer.columns, style, _classes(layer, past=bool(past)))
    return _styled(layer, looks, title, key, subset)


def _styled(layer: Layer, looks: Sequence[Look], title: str, key: str, subset: str) -> Element:
    current = looks[1] if len(looks) > 1 else looks[0]
    source = f"./events.gpkg|layername={layer.name}" + (f"|subset={subset}" if subset else "")
    others = [
        node("map-layer-style", {"name": look.name}, [] if look is current else [
            node("qgis", {"version": VERSION, "styleCategories": "AllStyleCategories",
                          **look.attributes}, look.elements)])
        for look in looks
    ]  # fmt: skip
    attributes = {"type": "vector", "geometry": _KINDS[layer.geometry],
                  "styleCategories": "AllStyleCategories", "hasScaleBasedVisibilityFlag": 0,
                  "autoRefreshEnabled": 0, **current.attributes}  # fmt: skip
    srs = [node("srs", {}, [_wgs84()])] if layer.geometry else []
    return node("maplayer", attributes, [
        node("id", {}, text=key),
        node("datasource", {}, text=source),
        node("layername", {}, text=title),
        node("abstract", {}, text=layer.about),
        *srs,
        node("provider", {"encoding": "UTF-8"}, text="ogr"),
        node("map-layer-style-manager", {"current": current.name}, others),
        *current.elements,
    ])  # fmt: skip


def _classes(layer: Layer, *, past: bool) -> list[str] | None:
    """Return the classes that the legend of a layer needs."""
    if layer.name != "events":
        return None
    rows = [row for row in layer.rows if (row["status"] == _PAST) == past]
    return sorted({row["event_class"] for row in rows}) or None


def _marks(style: Style) -> list[tuple[str, str]]:
    """Return marks with the outlines that a legend by class does not show, and what they mean."""
    told = words_of()["figure"]["outlines"]
    found = [(svg_name(mark_svg(style, "protest", outline)), told[outline])
             for outline in ("hollow", "dashed", "struck")]  # fmt: skip
    half = mark_svg(style, "border_clash", internal=True)
    return [*found, (svg_name(half), style.subclasses[INTERNAL])]


def _tree(titles: dict[str, str], words: dict[str, str]) -> Element:
    """Return the layers in their order: events, earlier ones, names, base map, tables."""

    def leaf(name: str, part: str = "now", *, on: bool = True) -> Element:
        table = "events" if name == "near" else name
        title = titles[name] if part == "now" else f"{titles[name]}: {words['past']}"
        return node("layer-tree-layer", {
            "id": _id(name, part), "name": title, "providerKey": "ogr",
            "source": f"./events.gpkg|layername={table}", "expanded": int(name == "events" and on),
            "checked": "Qt::Checked" if on else "Qt::Unchecked",
        })  # fmt: skip

    def group(title: str, leaves: Sequence[Element], *, on: bool = True) -> Element:
        return node("layer-tree-group", {"name": title, "expanded": int(on),
                                         "checked": "Qt::Checked" if on else "Qt::Unchecked"},
                    leaves)  # fmt: skip

    return node("layer-tree-group", {}, [
        group(titles["events"], [leaf(name) for name in ("events", "lines", "near", "areas")]),
        group(words["past_group"], [leaf(name, "past", on=False) for name in _DRAWN], on=False),
        leaf("places", on=False),
        group(words["base_map"], [leaf("boundaries"), leaf("countries")]),
        group(words["tables"], [leaf(name) for name in ("unlocated", "mentions", "articles")]),
    ])  # fmt: skip


def _relations() -> list[Element]:
    """Return which rows belong together: events and articles with their mentions and names."""
    return [
        node("relation", {
            "id": f"geomap_{parent}_{child}", "name": f"{parent}: {child}",
            "referencedLayer": _id(parent), "referencingLayer": _id(child),
            "strength": "Association",
        }, [node("fieldRef", {"referencedField": column, "referencingField": column})])
        for parent, column, child in _RELATED
    ]  # fmt: skip


# --- where and when --------------------------------------------------------------------------


def _srs(view: View) -> Element:
    """Return the projection around the events; the world is cut at 180°, as the outlines are."""
    longitude = 0.0 if view.world else view.longitude
    way = "eqearth" if view.world else f"laea +lat_0={view.latitude:.4f}"
    definition = f"+proj={way} +lon_0={longitude:.4f} +ellps=WGS84 +datum=WGS84 +units=m +no_defs"
    return _spatial(definition, 0, "", "false")


def _wgs84() -> Element:
    return _spatial("+proj=longlat +datum=WGS84 +no_defs", 3452, "EPSG:4326", "true")


def _spatial(definition: str, number: int, authority: str, geographic: str) -> Element:
    values = {"proj4": definition, "srsid": number, "srid": 4326 if authority else 0,
              "authid": authority, "description": "WGS 84" if authority else "",
              "ellipsoidacronym": "EPSG:7030", "geographicflag": geographic}  # fmt: skip
    return node("spatialrefsys", {}, [node(k, {}, text=str(v)) for k, v in values.items()])


def _canvas(view: View, srs: Element) -> Element:
    corners = _corners(view)
    return node("mapcanvas", {"name": "theMapCanvas", "annotationsVisible": 1}, [
        node("units", {}, text="meters"),
        node("extent", {}, [node(k, {}, text=f"{v:.3f}") for k, v in corners.items()]),
        node("rotation", {}, text="0"),
        node("destinationsrs", {}, [srs]),
    ])  # fmt: skip


def _first_view(view: View, srs: Element) -> Element:
    """Return the extent that the project opens with, and goes back to."""
    extent = node("DefaultViewExtent", _corners(view), [srs])
    return node("ProjectViewSettings", {"UseProjectScales": 0}, [node("Scales"), extent])


def _corners(view: View) -> dict[str, float]:
    return dict(zip(("xmin", "ymin", "xmax", "ymax"), view.bounds, strict=True))


def _days(layers: dict[str, Layer]) -> tuple[datetime.date | None, datetime.date | None]:
    """Return the first and the last day of the events that are drawn, earlier ones aside."""
    rows = [row for name in _DRAWN for row in layers[name].rows if row["status"] != _PAST]
    starts = [row["date_start"] for row in rows if row["date_start"]]
    ends = [row["date_end"] or row["date_start"] for row in rows if row["date_start"]]
    return (min(starts), max(ends)) if starts else (None, None)


def _time(first: datetime.date | None, last: datetime.date | None) -> list[Element]:
    """Return the range of the temporal controller, and a step that suits it."""
    if first is None or last is None:
        return []
    days = (last - first).days
    step, unit = (1, "d") if days <= 62 else (1, "wk") if days <= 400 else (1, "mon")
    start, end = _moments(first, last)
    span = [node("start", {}, text=start), node("end", {}, text=end)]
    attributes = {"timeStep": step, "timeStepUnit": unit, "frameRate": 2,
                  "cumulativeTemporalRange": 0}  # fmt: skip
    return [node("ProjectTimeSettings", attributes, [node("TemporalRange", {}, span)])]


def _moments(first: datetime.date, last: datetime.date) -> tuple[str, str]:
    """Return when the first day begins and when the last one ends."""
    return f"{first}T00:00:00Z", f"{last + datetime.timedelta(days=1)}T00:00:00Z"


def _properties(first: datetime.date | None, last: datetime.date | None) -> list[Element]:
    """Return what QGIS keeps by name: relative paths, the sea, the temporal controller."""

    def of(name: str, kind: str, value: Any) -> Element:
        return node(name, {"type": kind}, text=str(value))

    sea = channels(PAINT["sea"])
    found = [
        node("Paths", {}, [of("Absolute", "bool", "false")]),
        node("SpatialRefSys", {}, [of("ProjectionsEnabled", "int", 1)]),
        node("Gui", {}, [of(f"CanvasColor{part.title()}Part", "int", value)
                         for part, value in sea.items()]),
        node("Measure", {}, [of("Ellipsoid", "QString", "EPSG:7030")]),
        node("Measurement", {}, [of("DistanceUnits", "QString", "km")]),
    ]  # fmt: skip
    if first is not None and last is not None:
        start, end = _moments(first, last)
        found.append(node("TemporalControllerWidget", {}, [
            # A fixed range: all of it is shown until the reader plays it.
            of("NavigationMode", "int", 2),
            of("StartDateTime", "QString", start),
            of("EndDateTime", "QString", end),
        ]))  # fmt: skip
    return found


def _title(first: datetime.date | None, last: datetime.date | None) -> str:
    words = words_of()["figure"]
    if first is None:
        return str(words["title"])
    return str(words["title_dated"].format(span=date_words(str(first), str(last), 1)))


def _framed(view: View) -> tuple[float, float, float, float]:
    """Return what the map of the sheet shows; the world is lower than it."""
    west, south, east, north = view.bounds
    middle, half = (south + north) / 2, (east - west) * MAP_MM[1] / MAP_MM[0] / 2
    return west, middle - half, east, middle + half


def _scale_length(view: View) -> float | None:
    """Return a round length for the scale bar, about a tenth of the width, in kilometres."""
    return None if view.world else round_length((view.bounds[2] - view.bounds[0]) / 10_000)
