"""Places for names: beside their marks, never over another name or mark.

A few positions around each mark are tried, the best first; what finds none is left out. The order
of the names is that of their weight, so the same events give the same names.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy

__all__ = ["Box", "Room", "around"]

_NOTHING = 1e-6
"""Square millimetres that are no overlap."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in millimetres, by its middle and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top."""
        across, up = self.width / 2, self.height / 2
        return self.x - across, self.y - up, self.x + across, self.y + up


class Room:
    """What is taken of a sheet."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._taken = numpy.empty((0, 4))

    def copy(self) -> "Room":
        """Return what is taken now, to go on with by itself."""
        other = Room(self.width, self.height)
        other._taken = self._taken
        return other

    def take(self, *boxes: Box) -> None:
        """Keep some boxes free of names."""
        self._taken = numpy.vstack((self._taken, *(box.edges for box in boxes)))

    def overlap(self, box: Box) -> float:
        """Return how much of a box is taken or outside, in square millimetres."""
        left, bottom, right, top = box.edges
        inside = max(0.0, min(right, self.width) - max(left, 0.0)) * max(
            0.0, min(top, self.height) - max(bottom, 0.0)
        )
        found = self._taken
        wide = numpy.minimum(found[:, 2], right) - numpy.maximum(found[:, 0], left)
        high = numpy.minimum(found[:, 3], top) - numpy.maximum(found[:, 1], bottom)
        over = float((numpy.clip(wide, 0, None) * numpy.clip(high, 0, None)).sum())
        return over + box.width * box.height - inside

    def first_free(self, boxes: Iterable[Box], allowed: float = _NOTHING) -> Box | None:
        """Return the first box that is free, and take it."""
        for box in boxes:
            if self.overlap(box) <= allowed:
                self.take(box)
                return box
        return None

    def first_clear(self, boxes: Iterable[Box], own: Iterable[Box], gap: float) -> Box | None:
        """Return the first box that is free with a gap around it, but for its own, and take it."""
        for box in boxes:
            wide = Box(box.x, box.y, box.width + 2 * gap, box.height + 2 * gap)
            shared = sum(_shared(wide, other) for other in own)
            if self.overlap(box) <= _NOTHING and self.overlap(wide) <= shared + _NOTHING:
                self.take(box)
                return box
        return None

    def best(self, boxes: Iterable[Box]) -> Box | None:
        """Return the box that is most free, and take it."""
        found: Box | None = min(boxes, key=self.overlap, default=None)
        if found is not None:
            self.take(found)
        return found


def _shared(one: Box, other: Box) -> float:
    """Return how much two boxes share, in square millimetres."""
    (left, bottom, right, top), (west, south, east, north) = one.edges, other.edges
    across, up = min(right, east) - max(left, west), min(top, north) - max(bottom, south)
    return max(0.0, across) * max(0.0, up)


def around(x: float, y: float, reach: float, width: float, height: float) -> list[Box]:
    """Return the positions of a name around a mark: right, left, above, below, the corners."""
    across, up = reach + width / 2, reach + height / 2
    slant = 0.78
    steps = [
        (across, 0), (-across, 0), (0, up), (0, -up),
        (across * slant + reach * 0.1, up * slant), (-across * slant - reach * 0.1, up * slant),
        (across * slant + reach * 0.1, -up * slant), (-across * slant - reach * 0.1, -up * slant),
        (across, up * 0.4), (across, -up * 0.4), (-across, up * 0.4), (-across, -up * 0.4),
    ]  # fmt: skip
    return [Box(x + dx, y + dy, width, height) for dx, dy in steps]
