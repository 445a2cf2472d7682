"""What a figure shows: the rows of the table of events by the way they are drawn."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas
import numpy

from geomap import drawing
from geomap.errors import ConfigError
from geomap.export.figure.marks import Kind, kind_of
from geomap.export.figure.view import Degrees, lonlat, spread
from geomap.export.values import clean
from geomap.figure_options import FigureOptions
from geomap.shapes import area_of
from geomap.style import Style

__all__ = ["Content", "Group", "Row", "extent_points", "panels_of", "records"]

Row = dict[str, Any]
EVERYWHERE = numpy.array([(-179.0, -50.0), (-60.0, 0.0), (60.0, 0.0), (179.0, 75.0)])


@dataclass(slots=True)
class Group:
    """Events of one place, line or area: how many of each kind."""

    name: str
    kinds: Counter[Kind] = field(default_factory=Counter)
    radii: set[float] = field(default_factory=set)
    shape: Any = None
    country: bool = False

    @property
    def count(self) -> int:
        """How many events these are."""
        return self.kinds.total()

    @property
    def parts(self) -> list[tuple[Kind, int]]:
        """The kinds with their numbers, the largest first."""
        return sorted(self.kinds.items(), key=lambda item: (-item[1], item[0]))


@dataclass(frozen=True)
class Content:
    """The events that are drawn, by place; and how many are not, and why."""

    points: dict[tuple[float, float], Group]
    lines: dict[str, Group]
    areas: dict[str, Group]
    rows: tuple[Row, ...]
    past: int = 0

    @classmethod
    def of(cls, rows: Sequence[Row], style: Style, *, past: bool = False) -> "Content":
        """Sort rows by the way they are drawn; past references are left out unless asked for."""
        found = cls({}, {}, {}, tuple(r for r in rows if past or not _looks_back(r, style)))
        for row in found.rows:
            found._add(row, kind_of(row, style))
        left_out = [r for r in rows if not past and _looks_back(r, style)]
        drawn = sum(drawing.drawn(row) is not None for row in left_out)
        return cls(found.points, found.lines, found.areas, found.rows, drawn)

    def _add(self, row: Row, kind: Kind) -> None:
        how = drawing.drawn(row)
        name = str(row["place_name"] or row["place_text"] or "")
        if how == "point":
            at = (float(row["geometry"].x), float(row["geometry"].y))
            group = self.points.setdefault(at, Group(name))
            if row["precision"] == 2 and row["radius_km"]:
                group.radii.add(float(row["radius_km"]))
        elif how == "line":
            key = str(row["place_id"] or row["border_pair"])
            group = self.lines.setdefault(key, Group(name, shape=drawing.line(row)))
        elif how == "area":
            key = str(drawing.area_id(row))
            country = row["precision"] == 6
            group = self.areas.setdefault(key, Group(name, shape=area_of(key), country=country))
        else:
            return
        group.kinds[kind] += 1

    @property
    def kinds(self) -> Counter[Kind]:
        """How many events there are of each kind."""
        found: Counter[Kind] = Counter()
        for group in (*self.points.values(), *self.lines.values(), *self.areas.values()):
            found += group.kinds
        return found


def records(events: geopandas.GeoDataFrame) -> list[Row]:
    """Return the rows of a table of events; a column that is missing is None."""
    needed = (
        "event_class subclass layer status disputed place_name place_text place_id country admin1 "
        "precision radius_km border_pair date_start date_end date_precision source published "
        "review_status"
    ).split()
    columns = {
        name: [clean(value) for value in events[name]] if name in events.columns else None
        for name in needed
    }
    shapes = list(events.geometry) if "geometry" in events.columns else [None] * len(events)
    return [
        {name: values and values[i] for name, values in columns.items()}
        | {"geometry": None if shape is None or shape.is_empty else shape}
        for i, shape in enumerate(shapes)
    ]


def panels_of(rows: Sequence[Row], by: str, style: Style) -> dict[str, list[Row]]:
    """Return the rows of each small multiple: by month (``2021-07``) or by class, in order.

    Rows without a date stand under ``""``.
    """
    if by == "none":
        return {"": list(rows)}
    drawn = [row for row in rows if drawing.drawn(row) is not None]
    found: dict[str, list[Row]] = {}
    for row in drawn:
        key = str(row["date_start"] or "")[:7] if by == "month" else str(row["event_class"])
        found.setdefault(key, []).append(row)
    if by == "class":
        order = [name for name in style.classes if name in found]
        return {k: found[k] for k in (*order, *sorted(set(found) - set(order)))}
    return {k: found[k] for k in sorted(found, key=lambda k: (not k, k))} or {"": []}


def extent_points(content: Content, options: FigureOptions) -> Degrees:
    """Return points that a map of an extent has to show.

    Raises
    ------
    ConfigError
        If the extent is neither a word, nor codes of countries, nor a box.
    """
    extent = options.extent
    if not isinstance(extent, str):
        return _box(*extent)
    if extent == "world":
        return EVERYWHERE
    if extent != "events":
        return numpy.concatenate([_country(code) for code in extent.replace(",", " ").split()])
    found = [numpy.array([at]) for at in content.points]
    near = [(at, max(g.radii)) for at, g in content.points.items() if g.radii]
    for (x, y), radius in near:
        degrees = radius / 111
        across = min(degrees / max(0.05, float(numpy.cos(numpy.radians(y)))), 20.0)
        found.append(numpy.array([(x - across, y - degrees), (x + across, y + degrees)]))
    found += [lonlat(group.shape) for group in content.lines.values()]
    found += [_part(group.shape) for group in content.areas.values() if not group.country]
    lands = [_part(group.shape) for group in content.areas.values() if group.country]
    if not found:
        return numpy.concatenate(lands) if lands else EVERYWHERE
    # Of a country a map need not show all; its middle is enough for the number in it.
    found += [points.mean(axis=0, keepdims=True) for points in lands]
    return numpy.concatenate(found)


def _box(west: float, south: float, east: float, north: float) -> Degrees:
    """Return points around a box, so close that no other way around the globe is shorter."""
    span = (east - west) % 360 or 360.0
    across = west + numpy.linspace(0, span, max(3, int(span) + 1))
    both = [numpy.column_stack((across, numpy.full(len(across), y))) for y in (south, north)]
    return numpy.concatenate(both)


def _country(code: str) -> Degrees:
    shape = area_of(code.upper()) if len(code) == 2 else None
    if shape is None:
        raise ConfigError(
            f"figure.extent: {code!r} is no country with an outline; give 'events', 'world', codes "
            "such as 'AF, IR' or [west, south, east, north]"
        )
    return _part(shape)


def _part(shape: Any) -> Degrees:
    """Return the points of the main part of an area: without what lies far off."""
    parts = sorted(getattr(shape, "geoms", [shape]), key=lambda part: -part.area)
    main = lonlat(parts[0])
    kept = [main]
    for part in parts[1:]:
        points = lonlat(part)
        _, span = spread(numpy.concatenate((main, points))[:, 0])
        _, own = spread(main[:, 0])
        high = numpy.concatenate((main, points))[:, 1]
        if part.area > 0.01 * parts[0].area and span < own + 12 and numpy.ptp(high) < (
            numpy.ptp(main[:, 1]) + 12
        ):  # fmt: skip
            kept.append(points)
    return numpy.concatenate(kept)


def _looks_back(row: Row, style: Style) -> bool:
    status = style.statuses.get(row["status"])
    return status is not None and status.outline == "grey"
