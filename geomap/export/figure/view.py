"""Where a map looks: the projection that fits an extent, and the way from degrees to millimetres.

Longitudes are taken relative to the centre of the map before they are projected, and shapes are
cut on the far side of the globe, so nothing breaks at the 180th meridian.
"""

import functools
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy
import pyproj
import shapely

__all__ = ["Degrees", "View", "fitted", "round_length", "lonlat", "spread"]

Degrees: TypeAlias = Any
"""An array of longitudes and latitudes, one pair a row."""
Box = tuple[float, float, float, float]

WORLD_REACH = 6_500_000.0
"""A map shows the world if something lies farther from its middle, in metres."""
WORLD_TURNS = 220
"""A world map is turned to what is narrower, if it would be cut."""
WORLD_CENTRE = 11.0
"""A world map is cut through the Bering Strait, unless the events lie around there."""
WORLD_LATITUDES = (-57.0, 84.0)
SMALLEST = 160_000.0
"""The least width and height of a map, in metres."""
_SEAM = 1e-6


@dataclass(frozen=True)
class View:
    """A projection and the part of it that a map shows.

    Parameters
    ----------
    longitude, latitude
        The centre of the projection.
    world
        Whether it shows the whole world, in the Equal Earth projection; else it is Lambert's
        azimuthal equal-area projection around the centre.
    bounds
        What is shown, in metres of the projection.
    width
        Of the map, in millimetres.
    """

    longitude: float
    latitude: float
    world: bool
    bounds: Box
    width: float = 100.0

    @property
    def scale(self) -> float:
        """Millimetres a metre."""
        return self.width / (self.bounds[2] - self.bounds[0])

    @property
    def height(self) -> float:
        """The height of the map, in millimetres."""
        return (self.bounds[3] - self.bounds[1]) * self.scale

    def place(self, degrees: Degrees) -> Any:
        """Return where points lie on the map, in millimetres from its lower left corner."""
        relative = numpy.array(degrees, dtype=float)
        relative[:, 0] = _wrapped(relative[:, 0] - self.longitude)
        return self._millimetres(relative)

    def shapes(self, found: Iterable[Any]) -> Any:
        """Return shapes on the map, in millimetres, without those that lie outside it."""
        shapes = numpy.array(list(found), dtype=object)
        parts = []
        west, south, east, north = self.window
        for shift in (-360.0, 0.0, 360.0):
            offset = shift - self.longitude
            box = shapely.bounds(shapes)
            near = (box[:, 0] + offset < east) & (box[:, 2] + offset > west)
            near &= (box[:, 1] < north) & (box[:, 3] > south)
            moved = shapely.transform(shapes[near], lambda xy, by=offset: xy + (by, 0.0))
            parts.append(shapely.clip_by_rect(moved, west, south, east, north))
        cut = numpy.concatenate(parts)
        cut = cut[~shapely.is_empty(cut)]
        if east - west > 20:
            cut = shapely.segmentize(cut, 2.0)
        return shapely.transform(cut, self._millimetres)

    def circle(self, longitude: float, latitude: float, metres: float) -> Any:
        """Return a circle of a radius on the ground, in millimetres."""
        bearings = numpy.linspace(0, 360, 73)
        spots = numpy.full((2, 73), ((longitude,), (latitude,)))
        xs, ys, _ = _globe().fwd(spots[0], spots[1], bearings, numpy.full(73, metres))
        return self.place(numpy.column_stack((xs, ys)))

    def north(self) -> float:
        """Return the direction of north at the centre of the map, in degrees from upwards."""
        x, y = (self.bounds[0] + self.bounds[2]) / 2, (self.bounds[1] + self.bounds[3]) / 2
        longitude, latitude = self._projection(x, y, inverse=True)
        spots = self._millimetres(numpy.array([(longitude, latitude), (longitude, latitude + 0.1)]))
        step = spots[1] - spots[0]
        return float(numpy.degrees(numpy.arctan2(step[0], step[1])))

    @functools.cached_property
    def window(self) -> Box:
        """The box of relative longitudes and of latitudes that holds what is shown."""
        full = (-180 + _SEAM, -90.0, 180 - _SEAM, 90.0)
        if self.world:
            return full
        x0, y0, x1, y1 = self.bounds
        edge = numpy.linspace(0, 1, 41)
        grid = numpy.array(numpy.meshgrid(x0 + (x1 - x0) * edge, y0 + (y1 - y0) * edge))
        xs, ys = self._projection(*grid.reshape(2, -1), inverse=True)
        if not numpy.isfinite(xs).all():
            return full
        west, east, south, north = xs.min(), xs.max(), ys.min(), ys.max()
        for pole in (-90.0, 90.0):
            px, py = self._projection(0.0, pole)
            if x0 <= px <= x1 and y0 <= py <= y1:
                return (full[0], -90.0, full[2], north) if pole < 0 else (full[0], south, *full[2:])
        return max(west - 1, full[0]), max(south - 1, -90.0), min(east + 1, full[2]), min(
            north + 1, 90.0
        )  # fmt: skip

    def outline(self) -> Any:
        """Return the edge of a world map in millimetres."""
        south, north = WORLD_LATITUDES
        west, east = -180 + _SEAM, 180 - _SEAM
        ring = shapely.segmentize(shapely.box(west, south, east, north), 2.0)
        return shapely.transform(ring, self._millimetres)

    @functools.cached_property
    def _projection(self) -> Any:
        return _projection(self.world, self.latitude)

    def _millimetres(self, relative: Degrees) -> Any:
        xs, ys = self._projection(relative[:, 0], relative[:, 1])
        xy = numpy.column_stack((xs, ys)) - self.bounds[:2]
        return numpy.nan_to_num(xy * self.scale, nan=-1e6, posinf=-1e6, neginf=-1e6)


def fitted(points: Degrees, width: float, aspect: Callable[[float], float], pad: float) -> View:
    """Return the view of a width that shows some points.

    Parameters
    ----------
    points
        What is to be seen.
    width
        Of the map, in millimetres.
    aspect
        Says which height the map has for one of width 1, given the height that would just do.
    pad
        The margin around the points, as a share of the extent.
    """
    west, span = spread(points[:, 0])
    longitude = float(_wrapped(west + span / 2))
    latitude = float((points[:, 1].min() + points[:, 1].max()) / 2)
    middle = numpy.full(points.shape, (longitude, latitude))
    if _globe().inv(*middle.T, *points.T)[2].max() > WORLD_REACH:
        return _world(west, span, width, points)
    relative = _wrapped(points[:, 0] - longitude)
    xs, ys = _projection(False, latitude)(relative, points[:, 1])
    x, y = (xs.min() + xs.max()) / 2, (ys.min() + ys.max()) / 2
    wide = max((xs.max() - xs.min()) * (1 + 2 * pad), SMALLEST)
    high = max((ys.max() - ys.min()) * (1 + 2 * pad), SMALLEST)
    ratio = aspect(high / wide)
    wide = max(wide, high / ratio)
    high = wide * ratio
    bounds = (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
    return View(longitude, latitude, False, bounds, width)


def _world(west: float, span: float, width: float, points: Degrees) -> View:
    """Return a view of the world, turned so that it does not cut through the events."""
    centre = WORLD_CENTRE
    cuts = abs(_wrapped(west + span / 2 - centre)) > 180 - span / 2
    if cuts and span < WORLD_TURNS:
        centre = float(_wrapped(west + span / 2))
    view = View(centre, 0.0, True, (0.0, 0.0, 1.0, 1.0), 1.0)
    xs, ys = view._projection(
        numpy.array([-180 + _SEAM, 180 - _SEAM, 0.0, 0.0]),
        numpy.array([0.0, 0.0, *WORLD_LATITUDES]),
    )
    return View(centre, 0.0, True, (xs[0], ys[2], xs[1], ys[3]), width)


def spread(longitudes: Any) -> tuple[float, float]:
    """Return the west end and the width of the narrowest band that holds all longitudes.

    Examples
    --------
    >>> spread(numpy.array([170.0, -175.0]))
    (170.0, 15.0)
    """
    ordered = numpy.unique(longitudes)
    gaps = numpy.diff(numpy.append(ordered, ordered[0] + 360))
    widest = int(gaps.argmax())
    west = float(ordered[(widest + 1) % len(ordered)])
    return west, float(360 - gaps[widest])


def lonlat(shape: Any) -> Degrees:
    """Return the points of a shape."""
    return shapely.get_coordinates(shape)


def _wrapped(longitudes: Any) -> Any:
    return (longitudes + 180.0) % 360.0 - 180.0


@functools.cache
def _projection(world: bool, latitude: float) -> Any:
    name = "eqearth" if world else f"laea +lat_0={latitude!r}"
    return pyproj.Proj(f"+proj={name} +lon_0=0 +ellps=WGS84 +units=m")


@functools.cache
def _globe() -> pyproj.Geod:
    return pyproj.Geod(ellps="WGS84")


def round_length(metres: float) -> float:
    """Return a round length, at most as long.

    Examples
    --------
    >>> round_length(343_000)
    200000.0
    """
    unit = 10.0 ** math.floor(math.log10(metres))
    return max(step * unit for step in (1, 2, 5) if step * unit <= metres)
