"""The base map: outlines of countries and divisions, and which boundaries are disputed."""

import functools
import json
from typing import Any

import shapely

from geomap import tables
from geomap.errors import GazetteerError
from geomap.shapes import line_of, named_line

__all__ = ["DISPUTED", "DISPUTED_PAIRS", "area_ids", "topology"]

DISPUTED = (
    "line-of-control",
    "actual-ground-position-line",
    "purple-line",
    "green-line-cyprus",
    "abkhazia-abl",
    "south-ossetia-abl",
    "crimea-administrative-line",
    "abyei-line",
)
"""Rows of ``lines.csv`` that run inside an outline, or along a part of one, and are disputed."""
DISPUTED_PAIRS = ("CN-IN", "EH-MA", "IL-LB", "IL-PS", "KP-KR", "RS-XK")
"""Borders of two outlines that are disputed, or lines of an armistice, as a whole."""

Topology = dict[str, Any]


@functools.cache
def topology() -> str:
    """Return the base map as compact JSON text.

    Arcs and transform are TopoJSON's; ``countries`` and ``divisions`` are lists with identity,
    name and polygons (lists of rings of arc numbers); ``disputed`` are lines of longitude and
    latitude, drawn over the pairs of countries in ``pairs``.

    Raises
    ------
    GazetteerError
        If the file is missing or damaged.
    """
    path = tables.folder() / "outlines.topojson"
    try:
        return json.dumps(
            _compact(json.loads(path.read_text(encoding="utf-8"))),
            separators=(",", ":"),
            allow_nan=False,
            ensure_ascii=False,
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise GazetteerError(f"{path.name}: cannot be read ({error})") from error


@functools.cache
def area_ids() -> frozenset[str]:
    """Return the ids of the outlines: codes of countries and ids of divisions."""
    base = json.loads(topology())
    return frozenset(item["id"] for item in (*base["countries"], *base["divisions"]))


def _compact(source: Topology) -> Topology:
    return {
        "arcs": source["arcs"],
        "transform": source["transform"],
        **{
            name: [_slim(geometry) for geometry in source["objects"][name]["geometries"]]
            for name in ("countries", "divisions")
        },
        "pairs": DISPUTED_PAIRS,
        "disputed": [line for shape in _disputed() for line in _lines(shape)],
    }


def _disputed() -> list[Any]:
    shapes = [named_line(f"geomap:line/{name}") for name in DISPUTED]
    return [shape for shape in (*shapes, *map(line_of, DISPUTED_PAIRS)) if shape is not None]


def _lines(shape: Any) -> list[list[list[float]]]:
    return [
        [[round(x, 3), round(y, 3)] for x, y in part.coords]
        for part in shapely.get_parts(shape)
        if isinstance(part, shapely.LineString)
    ]


def _slim(geometry: Topology) -> Topology:
    """Return identity, name and polygons (lists of rings of arc numbers) of one geometry."""
    properties = geometry["properties"]
    arcs = geometry["arcs"]
    slim = {key: properties[key] for key in ("id", "country", "name") if key in properties}
    return slim | {"polygons": [arcs] if geometry["type"] == "Polygon" else arcs}
