"""What the page filters by, worked out once: kinds of events with their marks, and the days."""

import math
from collections.abc import Sequence
from typing import Any

from geomap.export.marks import mark_paths
from geomap.style import INTERNAL, ClassStyle, Style

__all__ = ["axis", "kinds", "legend"]

PAST = "past_reference"
_AHEAD = frozenset(("planned", "proposed", "threatened", "conditional"))
_UNKNOWN, _OF_LAYER, _OF_OUTLINE = "#5f6b73", "#c9ced2", "#56b4e9"
"""Colours of a class that the style does not know, and of marks that stand for no class."""
_FAR_SHARE = 0.05
"""At most this share of the events may lie far from all others."""
Column = Sequence[Any]
Paths = list[dict[str, str]]


def kinds(
    classes: Column, subclasses: Column, layers: Column, outlines: Sequence[str], style: Style
) -> tuple[list[dict[str, Any]], list[int]]:
    """Return the kinds of events, and the number of its kind for each event.

    A kind is a class within a layer; fighting at a border post within one country is a kind too.

    Parameters
    ----------
    classes, subclasses, layers
        One value an event.
    outlines
        Those that marks are wanted with.
    style
        How they look and are called.
    """
    numbers: dict[tuple[str, str, bool], int] = {}
    known: dict[tuple[Any, Any, Any], int] = {}
    rows = []
    for values in zip(classes, subclasses, layers, strict=True):
        if values not in known:
            known[values] = numbers.setdefault(_kind(*values, style), len(numbers))
        rows.append(known[values])
    return [_described(*kind, outlines, style) for kind in numbers], rows


def _kind(name: Any, subclass: Any, layer: Any, style: Style) -> tuple[str, str, bool]:
    internal = subclass == INTERNAL
    own = "border_clashes" if internal else layer if layer in style.layers else "other"
    return own, "other" if name is None else str(name), internal


def _described(
    layer: str, name: str, internal: bool, outlines: Sequence[str], style: Style
) -> dict[str, Any]:
    class_ = style.classes.get(name) or _bare(_UNKNOWN, name.replace("_", " "))
    return {
        "layer": layer, "name": name, "internal": internal, "colour": class_.colour,
        "label": style.subclasses[INTERNAL] if internal else class_.label,
        "marks": {o: _mark(style, class_, o, layer, internal=internal) for o in outlines},
    }  # fmt: skip


def _bare(colour: str, label: str = "") -> ClassStyle:
    return ClassStyle(label, "other", colour, "")


def _mark(
    style: Style, class_: ClassStyle, outline: str, layer: str, *, internal: bool = False
) -> Paths:
    own = style.layers[layer]
    centre = " ".join(f"{value:g}" for value in own.centre)
    return mark_paths(style, class_, outline, own.shape, centre, internal=internal)


def legend(style: Style, outlines: Sequence[str]) -> dict[str, dict[str, Paths]]:
    """Return marks without a sign for the legend: one a layer, one an outline."""
    layer, outline = _bare(_OF_LAYER), _bare(_OF_OUTLINE)
    return {
        "layers": {name: _mark(style, layer, "solid", name) for name in style.layers},
        "outlines": {o: _mark(style, outline, o, "diplomatic_venues") for o in outlines},
    }


def axis(
    starts: Column, ends: Column, precisions: Column, statuses: Column
) -> tuple[list[int] | None, int]:
    """Return the first and last day of the histogram, and how many events lie outside.

    They are those of events that are no look back, of a known month or better; without the few that
    lie far from all others, and with what is planned or vague near by.

    Parameters
    ----------
    starts, ends
        Days since 1970, or None.
    precisions, statuses
        Of the same events.
    """
    events = zip(starts, ends, precisions, statuses, strict=True)
    told = [
        ((start, start if end is None else end), precision, status)
        for start, end, precision, status in events
        if start is not None and status != PAST
    ]
    dated = [span for span, _, _ in told]
    near = [span for span, precision, status in told if precision != 5 and status not in _AHEAD]
    if not dated:
        return None, 0
    days = sorted(near or dated, key=lambda span: span[0])
    first, last = _without_far([start for start, _ in days])
    low, high = days[first][0], max(end for _, end in days[first : last + 1])
    reach = max(31, high - low)
    close = [span for span in dated if span[0] >= low - reach and span[1] <= high + reach]
    low = min([low, *(start for start, _ in close)])
    high = max([high, *(end for _, end in close)])
    return [low, high], sum(end < low or start > high for start, end in dated)


def _without_far(days: Sequence[int]) -> tuple[int, int]:
    """Return between which of the days, in order, no gap cuts off a few from all others."""
    low, high = 0, len(days) - 1
    last = high
    for n in range(1, min(math.ceil(len(days) * _FAR_SHARE), last - 1) + 1):
        if days[n] - days[n - 1] > 4 * (days[last] - days[n]) + 90:
            low = n
        if days[last - n + 1] - days[last - n] > 4 * (days[last - n] - days[low]) + 90:
            high = last - n
    return low, high
