"""The ground of the figure: land, borders, and the small globe that shows where a map lies."""

import functools
from typing import Any

import numpy
import pyproj
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Circle, PathPatch, Polygon
from matplotlib.path import Path

from geomap.export import basemap
from geomap.export.figure.view import View
from geomap.shapes import area_of

__all__ = ["DISPUTED", "EDGE", "SEA", "countries", "draw_ground", "draw_locator", "path_of"]

SEA, LAND, DISPUTED, EDGE = (basemap.PAINT[name] for name in ("sea", "land", "disputed", "edge"))
NEAR = 2_200_000.0
"""Borders of divisions are drawn on maps that are narrower, in metres."""
_LINES = {
    "inner": (basemap.PAINT["inner"], 0.3, "solid"),
    "coasts": (basemap.PAINT["coasts"], 0.35, "solid"),
    "borders": (basemap.PAINT["borders"], 0.5, "solid"),
    "disputed": (DISPUTED, 0.5, (0, (3, 2))),
}


@functools.cache
def countries() -> tuple[Any, ...]:
    """Return the outlines of all countries."""
    found = (area_of(code) for code, _ in basemap.countries())
    return tuple(shape for shape in found if shape is not None)


def draw_ground(axes: Axes, view: View, weight: float) -> bool:
    """Draw sea, land and borders, as heavy as the weight says; say if any is disputed."""
    land, lines = _ground(view)
    if view.world:
        ring = numpy.array(view.outline().exterior.coords)
        axes.add_artist(Polygon(ring, facecolor=SEA, edgecolor="none", zorder=0))
        net = [shapely.get_coordinates(line) for line in view.shapes(_net())]
        axes.add_collection(
            LineCollection(net, colors="#cfdbe2", linewidths=0.3 * weight, zorder=0.5),
            autolim=False,
        )
        weight *= 0.65
    # A hair of an outline closes the seams between neighbours.
    axes.add_artist(PathPatch(land, facecolor=LAND, edgecolor=LAND, linewidth=0.2, zorder=1))
    for order, (kind, (colour, width, dashes)) in enumerate(_LINES.items()):
        axes.add_collection(
            LineCollection(
                [shapely.get_coordinates(line) for line in lines[kind]],
                colors=colour, linewidths=width * weight, linestyles=dashes, zorder=3 + order / 10,
                capstyle="round",
            ),
            autolim=False,
        )  # fmt: skip
    frame = shapely.box(0, 0, view.width, view.height)
    return bool(shapely.intersects(lines["disputed"], frame).any())


@functools.lru_cache(maxsize=4)
def _ground(view: View) -> tuple[Path, dict[str, Any]]:
    """Return land and lines of a view, which small multiples share."""
    narrow = not view.world and view.bounds[2] - view.bounds[0] < NEAR
    kinds = [kind for kind in _LINES if narrow or kind != "inner"]
    lines = {kind: shapely.get_parts(view.shapes(basemap.lines(kind))) for kind in kinds}
    return path_of(view.shapes(countries())), {kind: lines.get(kind, ()) for kind in _LINES}


@functools.cache
def _net() -> tuple[Any, ...]:
    """Return meridians and parallels, thirty degrees apart."""
    across = [[(x, y) for x in range(-180, 181, 2)] for y in (-30, 0, 30, 60)]
    up = [[(x, y) for y in range(-60, 87, 2)] for x in range(-180, 180, 30)]
    return tuple(shapely.LineString(line) for line in (*across, *up))


def path_of(shapes: Any) -> Path:
    """Return polygons as one path; it is filled right, holes and all."""
    polygons = [p for p in shapely.get_parts(shapes) if p.geom_type == "Polygon"]
    rings = shapely.get_rings(shapely.orient_polygons(polygons)) if polygons else []
    vertices, codes = [], []
    for ring in rings:
        points = shapely.get_coordinates(ring)
        vertices.append(points)
        code = numpy.full(len(points), Path.LINETO, dtype=Path.code_type)
        code[0], code[-1] = Path.MOVETO, Path.CLOSEPOLY
        codes.append(code)
    if not vertices:
        return Path(numpy.empty((0, 2)))
    return Path(numpy.concatenate(vertices), numpy.concatenate(codes))


# --- the globe -------------------------------------------------------------------------------


def draw_locator(axes: Axes, x: float, y: float, radius: float, view: View, ink: str) -> None:
    """Draw a globe around a point of the map, with the map's extent on it."""
    axes.add_artist(Circle((x, y), radius * 1.05, facecolor="#ffffff", edgecolor="none", zorder=40))
    axes.add_artist(Circle((x, y), radius, fc="#dde6eb", ec=EDGE, linewidth=0.5, zorder=41))
    project = _half_globe(round(view.longitude, 4), round(view.latitude, 4))
    at = numpy.array((x, y))
    land = shapely.transform(project, lambda xy: xy * radius + at)
    look = {"facecolor": "#b9b4ab", "edgecolor": "#f8f6f1", "linewidth": 0.15, "zorder": 42}
    axes.add_artist(PathPatch(path_of(land), **look))
    # The frame of the map, as it lies on the globe: about the centre, in metres of the map.
    edge = shapely.segmentize(shapely.box(*view.bounds), 100_000.0)
    frame = _seen(shapely.get_coordinates(edge)) * radius + at
    small = numpy.ptp(frame, axis=0).max() < radius * 0.12
    if small:
        middle = frame.mean(axis=0)
        look = {"facecolor": DISPUTED, "edgecolor": "#ffffff", "linewidth": 0.4, "zorder": 44}
        axes.add_artist(Circle(tuple(middle), radius * 0.07, **look))
    else:
        axes.add_artist(Polygon(frame, fc="none", ec=DISPUTED, linewidth=0.8, zorder=44))
    axes.add_artist(Circle((x, y), radius, fc="none", ec=ink, linewidth=0.5, zorder=45))


_RADIUS = 6_371_007.0


def _seen(metres: Any) -> Any:
    """Return where points of the azimuthal projection are seen on a globe of radius 1."""
    far = numpy.hypot(metres[:, 0], metres[:, 1]) / _RADIUS
    angle = 2 * numpy.arcsin(numpy.clip(far / 2, 0, 1))
    ratio = numpy.where(far > 0, numpy.sin(angle) / numpy.where(far > 0, far, 1), 1)
    return metres / _RADIUS * ratio[:, None]


@functools.lru_cache(maxsize=4)
def _half_globe(longitude: float, latitude: float) -> Any:
    """Return the land that is seen on a globe of radius 1 whose middle is a point."""
    name = f"+proj=laea +lat_0={latitude!r} +lon_0={longitude!r} +R={_RADIUS} +units=m"
    azimuthal = pyproj.Proj(name)
    horizon = shapely.Point(0, 0).buffer(_RADIUS * 2**0.5 * 0.999, quad_segs=32)

    def project(points: Any) -> Any:
        xy = numpy.column_stack(azimuthal(points[:, 0], points[:, 1]))
        return numpy.where(numpy.isfinite(xy), xy, 2 * _RADIUS)

    seen = []
    coarse = shapely.simplify(shapely.get_parts(numpy.array(countries())), 0.3)
    for shape in coarse[shapely.area(coarse) > 0.5]:
        flat = shapely.transform(shape, project)
        points = shapely.get_coordinates(flat)
        if numpy.hypot(points[:, 0], points[:, 1]).min() < _RADIUS * 2**0.5:
            valid = shapely.make_valid(flat, method="structure", keep_collapsed=False)
            seen.append(shapely.intersection(valid, horizon))
    return shapely.transform(shapely.union_all(seen), _seen)
