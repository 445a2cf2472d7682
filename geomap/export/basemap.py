"""The base map: outlines of countries and divisions, and which boundaries are disputed."""

import functools
import itertools
import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy
import shapely

from geomap import tables
from geomap.errors import GazetteerError
from geomap.shapes import line_of, named_line

__all__ = ("DISPUTED DISPUTED_PAIRS LINES PAINT area_ids countries lines on_grid topology").split()

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

LINES = ("inner", "coasts", "borders", "disputed")
"""The kinds of lines: borders of divisions, coasts, borders of countries, disputed boundaries."""

PAINT = {
    "sea": "#e3ebf0", "land": "#f8f6f1", "coasts": "#8fa3ae", "borders": "#8b8279",
    "inner": "#d3cdc4", "disputed": "#a83232", "names": "#8b8279", "edge": "#5f6b73",
}  # fmt: skip
"""Colours of the ground on paper and in a GIS; the last is that of frames and quiet lines."""

GRID = 2**17
"""Steps of the page's grid around the world, in Web Mercator: as fine as the outlines are."""

Topology = dict[str, Any]
Line = list[tuple[float, float]]


@functools.cache
def topology() -> str:
    """Return the base map as compact JSON text.

    ``steps`` are the lines one after the other, on the page's grid (``grid`` steps around the
    world, Web Mercator): the first point of each, then differences; ``sizes`` are their points.
    ``countries`` and ``divisions`` are lists with identity, name and polygons (lists of rings of
    numbers of lines, as in TopoJSON); ``coasts``, ``borders``, ``inner`` (the borders of
    divisions) and ``disputed`` are numbers of lines. The disputed lines stand in place of the
    borders of :data:`DISPUTED_PAIRS`, and over others.

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
    base = _read()
    return frozenset(item["id"] for item in (*base["countries"], *base["divisions"]))


def countries() -> list[tuple[str, str]]:
    """Return code and name of each country of the base map."""
    return [(item["id"], item["name"]) for item in _read()["countries"]]


@functools.cache
def lines(kind: str) -> tuple[Any, ...]:
    """Return the lines of a kind of :data:`LINES`, in degrees, as simplified as the page's.

    Those that only cut a shape at 180° are left out.
    """
    base = _read()
    flat = numpy.array(base["steps"], dtype=float).reshape(-1, 2)
    ends = numpy.cumsum(base["sizes"])
    found: list[Any] = []
    for number in base[kind]:
        steps = flat[ends[number] - base["sizes"][number] : ends[number]]
        xy = numpy.cumsum(steps, axis=0) / base["grid"]
        longitudes = xy[:, 0] * 360 - 180
        latitudes = numpy.degrees(numpy.arctan(numpy.sinh(numpy.pi * (1 - 2 * xy[:, 1]))))
        points = numpy.column_stack((longitudes, latitudes))
        cut = abs(longitudes) > 179.98
        breaks = numpy.flatnonzero(cut[1:] & cut[:-1]) + 1
        found += [part for part in numpy.split(points, breaks) if len(part) > 1]
    return tuple(shapely.LineString(line) for line in found)


@functools.cache
def _read() -> Topology:
    found: Topology = json.loads(topology())
    return found


def _compact(source: Topology) -> Topology:
    countries, divisions = (
        [_slim(geometry) for geometry in source["objects"][name]["geometries"]]
        for name in ("countries", "divisions")
    )
    of_countries, of_divisions = _owners(countries), _owners(divisions)
    pairs = {tuple(pair.split("-")) for pair in DISPUTED_PAIRS}
    arcs = [_degrees(arc, source["transform"]) for arc in source["arcs"]]
    disputed = [line for shape in _disputed() for line in _lines(shape)]
    return on_grid([*arcs, *disputed], GRID) | {
        "countries": countries,
        "divisions": divisions,
        "coasts": [arc for arc, ids in of_countries.items() if len(ids) == 1],
        "borders": [
            arc
            for arc, ids in of_countries.items()
            if len(ids) > 1 and tuple(sorted(ids)) not in pairs
        ],
        "inner": [
            arc for arc, ids in of_divisions.items() if len(ids) > 1 and arc not in of_countries
        ],
        "disputed": list(range(len(arcs), len(arcs) + len(disputed))),
    }


def _degrees(arc: list[list[int]], transform: Topology) -> Line:
    """Return longitudes and latitudes of one of TopoJSON's arcs."""
    (kx, ky), (tx, ty) = transform["scale"], transform["translate"]
    xs = itertools.accumulate(point[0] for point in arc)
    ys = itertools.accumulate(point[1] for point in arc)
    return [(x * kx + tx, y * ky + ty) for x, y in zip(xs, ys, strict=True)]


def on_grid(lines: Sequence[Iterable[tuple[float, float]]], grid: int) -> Topology:
    """Return lines as the page reads them: the first point of each on the grid, then differences.

    Parameters
    ----------
    lines
        Longitudes and latitudes.
    grid
        Steps around the world, in Web Mercator.
    """
    steps: list[int] = []
    sizes = []
    for line in lines:
        points = [_on_grid(lng, lat, grid) for lng, lat, *_ in line]
        sizes.append(len(points))
        for (px, py), (x, y) in zip([(0, 0), *points], points, strict=False):
            steps += (x - px, y - py)
    return {"grid": grid, "steps": steps, "sizes": sizes}


def _on_grid(lng: float, lat: float, grid: int) -> tuple[int, int]:
    sine = max(-0.9999, min(0.9999, math.sin(math.radians(lat))))
    y = 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)
    return round((lng / 360 + 0.5) * grid), round(y * grid)


def _owners(areas: list[Topology]) -> dict[int, list[str]]:
    """Return which areas use each arc."""
    found: dict[int, list[str]] = {}
    for area in areas:
        for ring in (ring for polygon in area["polygons"] for ring in polygon):
            for arc in ring:
                found.setdefault(arc if arc >= 0 else ~arc, []).append(area["id"])
    return found


def _disputed() -> list[Any]:
    shapes = [named_line(f"geomap:line/{name}") for name in DISPUTED]
    return [shape for shape in (*shapes, *map(line_of, DISPUTED_PAIRS)) if shape is not None]


def _lines(shape: Any) -> list[Line]:
    parts = shapely.get_parts(shape)
    return [[(x, y) for x, y in part.coords] for part in parts if part.geom_type == "LineString"]


def _slim(geometry: Topology) -> Topology:
    """Return identity, name and polygons (lists of rings of arc numbers) of one geometry."""
    properties = geometry["properties"]
    arcs = geometry["arcs"]
    slim = {key: properties[key] for key in ("id", "country", "name") if key in properties}
    return slim | {"polygons": [arcs] if geometry["type"] == "Polygon" else arcs}
