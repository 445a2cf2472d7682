"""One map: ground, shaded areas, lines, marks, names, and the small globe."""

import functools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Circle, FancyBboxPatch, PathPatch, Polygon, Rectangle

from geomap import tables
from geomap.export.figure import base
from geomap.export.figure.content import Content, Group
from geomap.export.figure.labels import Box, Room, around
from geomap.export.figure.letters import Letters, shortened
from geomap.export.figure.marks import POINTS, Kind, colour_of, draw_mark, draw_ring, ring_radius
from geomap.export.figure.view import View
from geomap.figure_options import FigureOptions
from geomap.shapes import area_of
from geomap.style import Style

__all__ = ["Drawn", "Look", "Panel", "draw_badge", "tint"]

FEW = 3
"""Up to so many kinds at a place are drawn side by side; more are a ring."""
_STEPS_ASIDE: tuple[tuple[tuple[float, float], ...], ...] = (
    ((0, 0),),
    ((-0.55, 0), (0.55, 0)),
    ((-0.55, -0.46), (0.55, -0.46), (0, 0.5)),
)
_STEPS = (0, 1, 4, 10)
_TINTS = ("#dfd2bd", "#cfbfa5", "#bba685", "#a38c68")
_COUNTRY_TINTS = ("#f0eadf", "#ece5d8", "#e8dfd0", "#e3d9c7")


@dataclass(frozen=True, slots=True)
class Look:
    """What the parts of a panel share: style, letters, the size of marks, and the words."""

    style: Style
    letters: Letters
    mark: float
    words: Any
    options: FigureOptions

    @property
    def weight(self) -> float:
        """How much thicker thin lines are on a large sheet."""
        return max(1.0, self.mark / 3)


@dataclass(slots=True)
class Drawn:
    """What a panel shows, for the legend; and how many events lie outside the frame."""

    kinds: dict[Kind, int]
    ring: bool = False
    badge: bool = False
    near: bool = False
    area: bool = False
    line: bool = False
    disputed: bool = False
    outside: int = 0


@dataclass(slots=True)
class _Spot:
    """Marks at one place of the paper."""

    x: float
    y: float
    group: Group
    merged: int = 0

    def reach(self, size: float) -> float:
        """Return how far the marks reach from the middle."""
        kinds = len(self.group.kinds)
        if kinds > FEW:
            return ring_radius(self.group.count, size) + size * 0.1
        return size * (0.55, 1.1, 1.12)[kinds - 1]


@dataclass(frozen=True, slots=True)
class _Name:
    """A name that asks for a place: its weight, its mark, where it could stand."""

    rank: float
    text: str
    own: Sequence[Box]
    boxes: list[Box]
    look: dict[str, Any]


def tint(count: int, *, country: bool) -> str:
    """Return the colour of an area with some events."""
    step = sum(count > limit for limit in _STEPS) - 1
    return (_COUNTRY_TINTS if country else _TINTS)[max(step, 0)]


class Panel:
    """One map on axes whose units are millimetres."""

    def __init__(self, axes: Axes, view: View, content: Content, look: Look) -> None:
        self.axes, self.view, self.content, self.look = axes, view, content, look
        self.room = Room(view.width, view.height)
        self.drawn = Drawn({})
        self.names: list[_Name] = []

    def draw(self, *, locator: bool) -> Drawn:
        """Draw everything and return what there is."""
        weight = self.look.mark / 3
        self.drawn.disputed = base.draw_ground(self.axes, self.view, weight)
        self._frame()
        spots = self._spots()
        size = self.look.mark
        marked = [Box(s.x, s.y, 2 * s.reach(size), 1.9 * s.reach(size)) for s in spots]
        self.room.take(*marked, *(box for spot in spots for box, _ in self._badges(spot)))
        if locator and not self.view.world:
            self._locator()
        if self.look.options.north:
            self._north()
        self._areas()
        self._lines()
        self._radii()
        for spot in reversed(spots):
            self._marks(spot)
        if self.look.options.labels:
            self._labels()
            self._countries()
        return self.drawn

    # --- points ------------------------------------------------------------------------------

    def _spots(self) -> list[_Spot]:
        """Return the marks by place; what would lie over another is counted there."""
        found = sorted(self.content.points.items(), key=lambda item: (-item[1].count, item[0]))
        if not found:
            return []
        on_paper = self.view.place([at for at, _ in found])
        size = self.look.mark
        spots: list[_Spot] = []
        for (_, group), (x, y) in zip(found, on_paper, strict=True):
            if not (0 <= x <= self.view.width and 0 <= y <= self.view.height):
                self.drawn.outside += group.count
                continue
            own = _Spot(float(x), float(y), Group(group.name, group.kinds.copy()))
            spots = _joined(spots, own, size)
        return spots

    def _marks(self, spot: _Spot) -> None:
        """Draw the marks of a place, and ask for its name."""
        look, parts, size = self.look, spot.group.parts, self.look.mark
        for kind, count in parts:
            self.drawn.kinds[kind] = self.drawn.kinds.get(kind, 0) + count
        if len(parts) > FEW:
            inner = draw_ring(self.axes, spot.x, spot.y, parts, look.style, size)
            text = str(spot.group.count)
            letters = look.letters
            wide = letters.width(text, weight="bold")
            letters = letters.scaled(min(0.95, inner * 1.45 / wide))
            letters.write(self.axes, spot.x, spot.y - inner * 0.06, text, weight="bold",
                          align=("center", "center"), zorder=13)  # fmt: skip
            self.drawn.ring = True
        else:
            for (kind, _), (dx, dy) in zip(parts, _STEPS_ASIDE[len(parts) - 1], strict=True):
                draw_mark(self.axes, spot.x + dx * size, spot.y + dy * size, kind, look.style, size)
        badges = self._badges(spot)
        for box, count in badges:
            draw_badge(self.axes, box.x, box.y, count, look)
            self.drawn.badge = True
        name = shortened(spot.group.name, 32)
        if spot.merged:
            name = str(look.words["and_more"].format(name=name, n=spot.merged))
        reach = spot.reach(size) + size * 0.16
        own = Box(spot.x, spot.y, 2 * reach, 2 * reach)
        taken = (own, *(box for box, _ in badges))
        reaches = (reach, *(reach + box.width / 2 for box in taken[1:2]))
        self._ask(spot.group.count + 1000, name, taken, reaches, weight="bold")

    def _badges(self, spot: _Spot) -> list[tuple[Box, int]]:
        """Return the numbers at the corners of the marks of a place, and where they stand."""
        size, line, parts = self.look.mark, self.look.letters.line, spot.group.parts
        across, up = size * 0.4 + line * 0.16, size * 0.36 + line * 0.12
        steps = _STEPS_ASIDE[len(parts) - 1] if len(parts) <= FEW else ()
        return [
            (Box(spot.x + dx * size + math.copysign(across, dx), spot.y + dy * size + up,
                 *_badge_size(count, self.look)), count)
            for (_, count), (dx, dy) in zip(parts, steps, strict=False) if count > 1
        ]  # fmt: skip

    def _radii(self) -> None:
        """Draw the circles around places near which something happened, to scale."""
        circles = []
        for (longitude, latitude), group in self.content.points.items():
            for radius in sorted(group.radii):
                ring = self.view.circle(longitude, latitude, radius * 1000)
                if numpy.ptp(ring[:, 0]) > self.look.mark * 1.15:
                    circles.append(ring)
        self.drawn.near = bool(circles)
        look: dict[str, Any] = {
            "colors": base.EDGE,
            "linewidths": 0.4 * self.look.weight,
            "zorder": 8,
        }
        self.axes.add_collection(
            LineCollection(circles, linestyles=(0, (3, 2)), **look), autolim=False
        )

    # --- areas and lines ---------------------------------------------------------------------

    def _areas(self) -> None:
        """Shade areas by the number of events somewhere in them."""
        groups = sorted(self.content.areas.values(), key=lambda g: (not g.country, -g.count))
        frame = shapely.box(0, 0, self.view.width, self.view.height)
        for group in groups:
            shapes = self.view.shapes([group.shape])
            path = base.path_of(shapes)
            colour = tint(group.count, country=group.country)
            order = 1.2 if group.country else 1.5
            look: dict[str, Any] = {"facecolor": colour, "zorder": order, "linewidth": 0.0}
            self.axes.add_artist(PathPatch(path, edgecolor="none", **look))
            if not group.country:
                thin = 0.5 * self.look.weight
                edge = {"facecolor": "none", "edgecolor": base.EDGE, "linewidth": thin}
                self.axes.add_artist(PathPatch(path, zorder=3.4, linestyle=(0, (1, 1.4)), **edge))
            seen = shapely.intersection(shapely.union_all(shapely.make_valid(shapes)), frame)
            self._pill(group, list(_inside(seen)))

    def _lines(self) -> None:
        """Draw the lines along which something happened."""
        frame = shapely.box(0, 0, self.view.width, self.view.height)
        size, ink = self.look.mark, self.look.style.ink
        for group in self.content.lines.values():
            seen = shapely.intersection(shapely.union_all(self.view.shapes([group.shape])), frame)
            parts = [p for p in shapely.get_parts(seen) if p.geom_type == "LineString"]
            colour = colour_of(group.parts[0][0], self.look.style)
            if self.look.options.grey:
                colour = self.look.style.ink
            for tone, width, order in (
                ("#ffffff", 0.66, 4.0),
                (ink, 0.46, 4.1),
                (colour, 0.32, 4.2),
            ):
                self.axes.add_collection(
                    LineCollection(
                        [shapely.get_coordinates(part) for part in parts], colors=tone,
                        linewidths=width * size * POINTS, zorder=order, capstyle="round",
                    ),
                    autolim=False,
                )  # fmt: skip
            where = [
                shapely.line_interpolate_point(part, share, normalized=True)
                for part in sorted(parts, key=lambda part: -part.length)[:3]
                for share in (0.5, 0.35, 0.65, 0.2, 0.8)
            ]
            dots = _dots(parts, size)
            self._pill(group, [(point.x, point.y) for point in where], dots)
            self.room.take(*dots)

    def _pill(
        self, group: Group, spots: list[tuple[float, float]], line: Sequence[Box] = ()
    ) -> None:
        """Put the number of events of an area or line in a dashed box somewhere in it."""
        if not spots:
            self.drawn.outside += group.count
            return
        is_line = group.shape.geom_type.endswith("LineString")
        self.drawn.line |= is_line
        self.drawn.area |= not is_line
        for kind, count in group.kinds.items():
            self.drawn.kinds[kind] = self.drawn.kinds.get(kind, 0) + count
        look, size = self.look, self.look.mark * 0.8
        single = len(group.kinds) == 1
        text = "" if single and group.count == 1 else str(group.count)
        letters = look.letters.scaled(0.95)
        inside = letters.width(text, style="italic") if text else 0.0
        wide = inside + (size * 1.1 if single else 0) + size * 0.5
        high = max(size * 1.3, letters.line * 1.1)
        found = self._pill_box(spots, wide, high)
        left, bottom, _, _ = found.edges
        self.axes.add_artist(
            FancyBboxPatch(
                (left, bottom), wide, high, boxstyle=f"round,pad=0,rounding_size={high * 0.48}",
                facecolor=look.style.paper, edgecolor=look.style.ink, linewidth=0.45 * look.weight,
                linestyle=(0, (2.2, 1.5)), alpha=0.94, zorder=17,
            )
        )  # fmt: skip
        if single:
            at = found.x if not text else left + size * 0.8
            draw_mark(self.axes, at, found.y, group.parts[0][0], look.style, size, 18)
        if text:
            at = left + wide - size * 0.25 - inside / 2 if single else found.x
            letters.write(self.axes, at, found.y - high * 0.03, text, style="italic", zorder=18,
                          align=("center", "center"))  # fmt: skip
        word = "pill_along" if is_line else "pill_in"
        name = str(look.words[word].format(place=shortened(group.name, 32)))
        self._ask(group.count, name, (found, *line), (wide / 2 + size * 0.3,), style="italic")

    def _pill_box(self, spots: list[tuple[float, float]], wide: float, high: float) -> Box:
        """Return where a pill stands: within its area, or beside it with a line to it."""
        inside = min((Box(x, y, wide, high) for x, y in spots), key=self.room.overlap)
        if self.room.overlap(inside) < 0.15 * wide * high:
            self.room.take(inside)
            return inside
        x, y = spots[0]
        reaches = (1.6, 2.4, 3.4, 4.6)
        steps = [(far * high, turn * math.pi / 8) for far in reaches for turn in range(16)]
        found = self.room.first_free(
            Box(x + far * math.cos(turn), y + far * math.sin(turn), wide, high)
            for far, turn in steps
        )
        if found is None:
            self.room.take(inside)
            return inside
        look: dict[str, Any] = {"colors": self.look.style.ink, "linewidths": 0.5, "zorder": 9}
        self.axes.add_collection(
            LineCollection([[(x, y), (found.x, found.y)]], **look), autolim=False
        )
        self.axes.add_artist(Circle((x, y), 0.35, fc=self.look.style.ink, ec="none", zorder=9))
        return found

    # --- names -------------------------------------------------------------------------------

    def _ask(
        self, rank: float, name: str, own: Sequence[Box], reaches: Sequence[float], **look: Any
    ) -> None:
        """Ask for the place of a name; the first of its own boxes is its mark."""
        if not name.strip():
            return
        wide, high = self.look.letters.width(name, **look), self.look.letters.line * 0.92
        boxes = [b for far in reaches for b in around(own[0].x, own[0].y, far, wide + 0.4, high)]
        self.names.append(_Name(rank, name, own, boxes, look))

    def _labels(self) -> None:
        """Write the names for which there is room, those of most events first."""
        gap = self.look.letters.line * 0.4
        for name in sorted(self.names, key=lambda item: (-item.rank, item.text)):
            # At first not so near another mark that it could be taken for its name.
            box = self.room.first_clear(name.boxes, name.own, gap)
            box = box or self.room.first_free(name.boxes)
            if box is not None:
                self.look.letters.write(
                    self.axes, box.x, box.y, name.text, halo=self.look.letters.size * 0.28,
                    align=("center", "center"), zorder=20, **name.look,
                )  # fmt: skip

    def _countries(self) -> None:
        """Write the names of countries where there is room for them."""
        small = self.look.letters.scaled(0.8 if self.view.world else 0.88)
        for name, whole, spots in _seen_countries(self.view):
            letters = small.scaled(min(1.25, max(0.8, math.sqrt(whole.area) / 42)))
            spaced = "\u200a".join(name)
            wide = letters.width(spaced)
            boxes = (Box(x, y, wide + 1.6, letters.line + 1) for x, y in spots)
            box = self.room.first_free(box for box in boxes if _holds(whole, box))
            if box is not None:
                letters.write(self.axes, box.x, box.y, spaced, colour="#7d766d", zorder=5,
                              align=("center", "center"))  # fmt: skip

    # --- frame -------------------------------------------------------------------------------

    def _frame(self) -> None:
        """Draw the edge of the map."""
        if self.view.world:
            ring = numpy.array(self.view.outline().exterior.coords)
            patch: Any = Polygon(ring, facecolor="none", edgecolor=base.EDGE, linewidth=0.6)
        else:
            size = (self.view.width, self.view.height)
            patch = Rectangle((0, 0), *size, facecolor="none", edgecolor=base.EDGE, linewidth=0.9)
        patch.set_zorder(50)
        self.axes.add_artist(patch)

    def _locator(self) -> None:
        """Draw the globe in the corner that has most room."""
        wide = max(11.0, min(34.0, 0.15 * math.sqrt(self.view.width * self.view.height) + 2))
        if min(self.view.width, self.view.height) < 2.4 * wide:
            return
        gap = wide * 0.58
        right, top = self.view.width - gap, self.view.height - gap
        corners = [
            Box(x, y, wide, wide) for x, y in ((right, top), (gap, top), (gap, gap), (right, gap))
        ]
        lines = self.room.copy()
        for group in self.content.lines.values():
            lines.take(*_dots(shapely.get_parts(self.view.shapes([group.shape])), self.look.mark))
        box = self.room.first_free([min(corners, key=lines.overlap)], allowed=math.inf)
        if box is not None:
            ink = self.look.style.ink
            base.draw_locator(self.axes, box.x, box.y, wide / 2, self.view, ink)

    def _north(self) -> None:
        """Draw an arrow that points north at the middle of the map."""
        size = self.look.mark * 1.7
        gap = size * 0.95
        right, top = self.view.width - gap, self.view.height - gap
        spots = ((gap, top), (right, top), (gap, gap), (right, gap))
        corners = [Box(x, y, size, size * 1.5) for x, y in spots]
        box = self.room.best(corners)
        if box is None:
            return
        turn = math.radians(self.view.north())
        shape = numpy.array([(0, 0.75), (0.28, -0.35), (0, -0.12), (-0.28, -0.35)]) * size * 0.7
        cos, sin = math.cos(turn), math.sin(turn)
        turned = shape @ numpy.array([(cos, -sin), (sin, cos)]) + (box.x, box.y - size * 0.05)
        self.axes.add_artist(Polygon(turned, facecolor=self.look.style.ink, edgecolor="#ffffff",
                                    linewidth=0.4, zorder=45))  # fmt: skip
        self.look.letters.write(
            self.axes, box.x, box.y - size * 0.52, str(self.look.words["north"]), weight="bold",
            halo=1.5, align=("center", "center"), zorder=45,
        )  # fmt: skip


def draw_badge(axes: Axes, x: float, y: float, count: int, look: Look) -> None:
    """Draw a number in a dark box."""
    letters, (wide, high) = look.letters.scaled(0.74), _badge_size(count, look)
    box = f"round,pad=0,rounding_size={high * 0.45}"
    edge: dict[str, Any] = {"edgecolor": look.style.paper, "linewidth": 0.4, "zorder": 19}
    corner = (x - wide / 2, y - high / 2)
    axes.add_artist(FancyBboxPatch(corner, wide, high, boxstyle=box, fc=look.style.ink, **edge))
    letters.write(axes, x, y - high * 0.04, str(count), weight="bold", zorder=19,
                  colour=look.style.paper, align=("center", "center"))  # fmt: skip


def _badge_size(count: int, look: Look) -> tuple[float, float]:
    letters = look.letters.scaled(0.74)
    high = letters.line * 0.78
    return max(letters.width(str(count), weight="bold") + 0.5, high * 1.1), high


def _joined(spots: list[_Spot], own: _Spot, size: float) -> list[_Spot]:
    """Add marks to those there are, or count them where they would lie over others."""
    for number, spot in enumerate(spots):
        near = 0.94 * (spot.reach(size) + own.reach(size))
        if math.hypot(spot.x - own.x, spot.y - own.y) < near:
            less, more = sorted((own, spot), key=lambda one: one.group.count)
            more.group.kinds += less.group.kinds
            more.merged += 1 + less.merged
            # A ring that grew may reach others now.
            return _joined([*spots[:number], *spots[number + 1 :]], more, size)
    return [*spots, own]


def _dots(lines: Any, size: float) -> list[Box]:
    """Return small boxes along lines, to keep names off them."""
    lines = [line for line in lines if line.geom_type.endswith("LineString")]
    spots = shapely.get_coordinates(shapely.segmentize(lines, 1.5)) if lines else ()
    return [Box(float(x), float(y), size * 0.3, size * 0.3) for x, y in spots]


@functools.lru_cache(maxsize=4)
def _seen_countries(view: View) -> list[tuple[str, Any, list[tuple[float, float]]]]:
    """Return the countries of a view that have room for a name, the largest first."""
    frame = shapely.box(0, 0, view.width, view.height)
    named = []
    for row in tables.read_table("countries"):
        shape = area_of(row["iso2"])
        if shape is None:
            continue
        parts = shapely.get_parts(view.shapes([shape]))
        seen = shapely.intersection(shapely.make_valid(parts), frame)
        whole = max(seen, key=lambda part: part.area, default=None)
        if whole is not None and whole.area > 30:
            named.append((row["name"].upper(), whole))
    ordered = sorted(named, key=lambda item: (-item[1].area, item[0]))
    return [(name, whole, list(_inside(whole))) for name, whole in ordered]


def _inside(shape: Any) -> Iterator[tuple[float, float]]:
    """Yield points well within an area, the best one first."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    if not parts:
        return
    largest = max(parts, key=lambda part: part.area)
    if largest.area < 0.05:
        yield from shapely.get_coordinates(shapely.point_on_surface(largest)).tolist()
        return
    circle = shapely.maximum_inscribed_circle(largest, tolerance=0.5)
    x, y = shapely.get_coordinates(circle)[0]
    yield float(x), float(y)
    inner = largest.buffer(-0.22 * shapely.length(circle))
    if inner.is_empty:
        return
    left, bottom, right, top = inner.bounds
    across, up = numpy.meshgrid(numpy.linspace(left, right, 9), numpy.linspace(bottom, top, 9))
    points = shapely.points(across.ravel(), up.ravel())
    held = shapely.get_coordinates(points[shapely.contains(inner, points)])
    order = numpy.hypot(held[:, 0] - x, held[:, 1] - y).argsort(kind="stable")
    yield from ((float(a), float(b)) for a, b in held[order])


def _holds(shape: Any, box: Box) -> bool:
    """Say whether a name lies within its country, but for a little."""
    left, bottom, right, top = box.edges
    name = shapely.box(left, bottom, right, top)
    return bool(shapely.intersection(shape, name).area > 0.9 * name.area)
