"""Marks on paper: as on the interactive map, in millimetres.

The outer shape is that of the layer, colour and sign are those of the class, the outline tells the
status. The paths of ``style.toml`` are SVG's, with y pointing down.
"""

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path
from matplotlib.axes import Axes
from matplotlib.patches import Circle, PathPatch, Wedge
from matplotlib.path import Path

from geomap.style import HALF, INTERNAL, STROKE, Style

__all__ = ["GREY", "Kind", "colour_of", "draw_mark", "draw_ring", "kind_of", "ring_radius"]

BOX = 24.0
"""The box of a shape in ``style.toml``."""
POINTS = 72 / 25.4
"""Points a millimetre."""
REST = 0.05
"""Classes of a smaller share of a ring are one pale part of it."""
PALE = "#dadada"
GREY = "#e2e2e2"
"""Stands for every colour in a print of one ink."""
_CODES = {
    "moveTo": Path.MOVETO,
    "lineTo": Path.LINETO,
    "qCurveTo": Path.CURVE3,
    "curveTo": Path.CURVE4,
}


@dataclass(frozen=True, order=True, slots=True)
class Kind:
    """What makes two marks look the same."""

    layer: str
    name: str
    outline: str = "solid"
    internal: bool = False


def kind_of(row: Mapping[str, Any], style: Style) -> Kind:
    """Return the kind of mark that a row of the table of events has."""
    name = row["event_class"] if row["event_class"] in style.classes else "statement"
    layer = row.get("layer")
    if layer not in style.layers:
        layer = style.classes[name].layer
    status = style.statuses.get(row["status"])
    outline = status.outline if status else "solid"
    if row.get("disputed") and outline == "solid":
        outline = "dashed"
    return Kind(str(layer), name, outline, row.get("subclass") == INTERNAL)


def colour_of(kind: Kind, style: Style) -> str:
    """Return the colour of a kind."""
    return style.grey if kind.outline == "grey" else style.classes[kind.name].colour


def draw_mark(
    axes: Axes, x: float, y: float, kind: Kind, style: Style, size: float, zorder: float = 10
) -> None:
    """Draw a mark of a size around a point; all in millimetres."""
    shape = style.layers[kind.layer]
    colour, ink, paper = colour_of(kind, style), style.ink, style.paper
    hollow = kind.outline in ("hollow", "struck")
    plain = hollow or kind.internal
    point = size / BOX * POINTS

    def add(path: str, *, about: Sequence[float] = (0, 0), shrink: float = 1, **look: Any) -> None:
        look["linewidth"] = look.get("linewidth", 0) * point
        own = _placed(path, x, y, size, (float(about[0]), float(about[1])), shrink)
        axes.add_artist(PathPatch(own, zorder=zorder, joinstyle="round", capstyle="round", **look))

    add(shape.shape, facecolor="none", edgecolor=paper, linewidth=4.6)
    add(shape.shape, facecolor=paper if plain else colour, edgecolor="none")
    if kind.internal:
        add(HALF, facecolor=style.grey if colour == GREY else colour, edgecolor="none")
    if hollow:
        add(shape.shape, shrink=0.83, facecolor="none", edgecolor=colour, linewidth=3)
    dashed = kind.outline == "dashed"
    if dashed:
        add(shape.shape, facecolor="none", edgecolor=paper, linewidth=3)
    edge: dict[str, Any] = {"facecolor": "none", "edgecolor": ink, "linewidth": 1.4}
    if dashed:
        edge |= {"linewidth": 2.4, "linestyle": (0, (1.3, 1.5))}
    add(shape.shape, **edge)
    if not kind.internal:
        on_it = ink if plain else paper if kind.outline == "grey" else style.sign_colour(colour)
        sign = style.classes[kind.name].sign
        add(sign, about=shape.centre, facecolor="none", edgecolor=on_it, linewidth=2)
    if kind.outline == "struck":
        add(STROKE, facecolor="none", edgecolor=ink, linewidth=2.4)


def ring_radius(count: int, size: float) -> float:
    """Return the radius of the ring that stands for some events, beside marks of a size."""
    return size * min(1.35, 0.72 + 0.26 * math.log10(max(count, 2)))


def draw_ring(
    axes: Axes, x: float, y: float, parts: Sequence[tuple[Kind, int]], style: Style, size: float
) -> float:
    """Draw a ring whose parts are the kinds of some events; return the radius of its inside.

    A part that is long enough has the sign of its class, so a print in one ink can be read too.
    """
    total = sum(count for _, count in parts)
    parts = _by_class(parts, total)
    radius = ring_radius(total, size)
    inner = radius * 0.58
    point = size / BOX * POINTS
    axes.add_artist(Circle((x, y), radius + size * 0.07, fc=style.paper, ec="none", zorder=11))
    angle = 90.0
    for kind, count in parts:
        share = 360 * count / total
        colour = colour_of(kind, style) if kind.name else PALE
        axes.add_artist(
            Wedge(
                (x, y), radius, angle - share, angle, width=radius - inner, zorder=11,
                facecolor=colour, edgecolor=style.ink if colour == GREY else style.paper,
                linewidth=point,
            )
        )  # fmt: skip
        thick, middle = radius - inner, (radius + inner) / 2
        if math.radians(share) * middle > thick * 0.95 and kind.name:
            turn = math.radians(angle - share / 2)
            on_it = style.sign_colour(colour)
            sx, sy = x + middle * math.cos(turn), y + middle * math.sin(turn)
            own = _placed(style.classes[kind.name].sign, sx, sy, BOX * thick * 0.074, (12, 12), 1)
            look = {"edgecolor": on_it, "linewidth": thick * 0.13 * POINTS, "zorder": 11}
            axes.add_artist(PathPatch(own, facecolor="none", capstyle="round", **look))
        angle -= share
    for at in (radius, inner):
        fill = style.paper if at == inner else "none"
        edge = {"edgecolor": style.ink, "linewidth": 1.2 * point, "zorder": 12}
        axes.add_artist(Circle((x, y), at, facecolor=fill, **edge))
    return inner


def _by_class(parts: Sequence[tuple[Kind, int]], total: int) -> list[tuple[Kind, int]]:
    """Put together what differs by status alone, and the classes of very few events."""
    counts: dict[Kind, int] = {}
    for kind, count in parts:
        own = Kind(kind.layer, kind.name, "grey" if kind.outline == "grey" else "solid")
        counts[own] = counts.get(own, 0) + count
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    rest = [item for item in ordered if item[1] < REST * total]
    if len(rest) < 2:
        return ordered
    few = sum(count for _, count in rest)
    return [*ordered[: -len(rest)], (Kind("", ""), few)]


def _placed(
    path: str, x: float, y: float, size: float, about: tuple[float, float], shrink: float
) -> Path:
    """Return a path of the style around a point of the paper."""
    vertices, codes = _path(path)
    middle = numpy.array((BOX / 2, BOX / 2))
    moved = (vertices + about - middle) * shrink * (size / BOX)
    return Path(moved * (1, -1) + (x, y), codes)


@functools.cache
def _path(text: str) -> tuple[Any, Any]:
    """Return a path of the style as points and Matplotlib's codes."""
    pen = RecordingPen()
    parse_path(text, pen)
    points: list[tuple[float, float]] = []
    codes: list[Any] = []
    for name, at in pen.value:
        if name in _CODES:
            points += at
            codes += [_CODES[name]] * len(at)
        elif name == "closePath":
            points.append(points[-1])
            codes.append(Path.CLOSEPOLY)
    return numpy.array(points), codes
