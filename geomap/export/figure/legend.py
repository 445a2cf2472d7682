"""The legend: what is on the figure, and nothing else."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Rectangle

from geomap.export.figure.base import DISPUTED, EDGE
from geomap.export.figure.marks import POINTS, Kind, draw_mark, draw_ring
from geomap.export.figure.panel import Drawn, Look, draw_badge, tint
from geomap.style import INTERNAL

__all__ = ["Legend"]

Sample = Callable[[Axes, float, float], object]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of the legend: a text with its sample, or a heading."""

    text: str
    sample: Sample | None = None


class Legend:
    """The entries in columns; made for a width, drawn at a place."""

    def __init__(self, drawn: Drawn, look: Look) -> None:
        self.look = look
        self.mark = look.mark
        self.step = self.mark * 1.55
        self.entries = [*_classes(drawn, look), *_statuses(drawn, look), *_places(drawn, look)]
        self.width = self.height = 0.0
        self.columns: list[list[tuple[float, str, _Entry]]] = []

    def fit(self, width: float, *, columns: int | None = None) -> float:
        """Lay the legend out for a width and return its height."""
        gap = 3.0
        texts = [self.look.letters.width(e.text) + self.step for e in self.entries if e.sample]
        usual = max(sorted(texts)[int(len(texts) * 0.6)] if texts else width, 34.0)
        count = columns or max(
            1, min(5, len(self.entries) // 3, int((width + gap) / (usual + gap)))
        )
        self.width = (width + gap) / count - gap
        rows = [self._row(entry) for entry in self.entries]
        total = sum(height for height, _, _ in rows)
        limit = max(total / count, max((height for height, _, _ in rows), default=0))
        while len(found := self._flowed(rows, limit)) > count:
            limit *= 1.03
        self.columns = found
        heights = [sum(height for height, _, _ in column) for column in found]
        self.height = max(heights, default=0.0)
        return self.height

    def draw(self, axes: Axes, left: float, top: float) -> None:
        """Draw the legend with its upper left corner at a point."""
        letters = self.look.letters
        for number, column in enumerate(self.columns):
            x, y = left + number * (self.width + 3.0), top
            if column and column[0][2].sample is None:
                y += letters.line * 0.45
            for height, text, entry in column:
                y -= height
                middle = y + height / 2
                if entry.sample is None:
                    low = y + letters.line * 0.62
                    letters.write(axes, x, low, text, weight="bold")
                else:
                    entry.sample(axes, x + self.mark * 0.6, middle)
                    letters.write(axes, x + self.step, middle - letters.line * 0.03, text)

    def _row(self, entry: _Entry) -> tuple[float, str, _Entry]:
        letters = self.look.letters
        if entry.sample is None:
            return letters.line * 1.5, entry.text, entry
        text = letters.broken(entry.text, self.width - self.step)
        lines = text.count("\n") + 1
        return max(letters.line * lines + 0.5, self.mark * 1.22), text, entry

    @staticmethod
    def _flowed(
        rows: list[tuple[float, str, _Entry]], limit: float
    ) -> list[list[tuple[float, str, _Entry]]]:
        """Break the rows into columns; a heading never stands last."""
        columns: list[list[tuple[float, str, _Entry]]] = [[]]
        for i, row in enumerate(rows):
            used = sum(height for height, _, _ in columns[-1])
            needed = row[0] + (rows[i + 1][0] if row[2].sample is None and i + 1 < len(rows) else 0)
            if columns[-1] and used + needed > limit + 1e-6:
                columns.append([])
            columns[-1].append(row)
        return columns


def _classes(drawn: Drawn, look: Look) -> list[_Entry]:
    """Return an entry for each class, in the order of the style, with its number of events."""
    counts: dict[tuple[str, str, bool], int] = {}
    for kind, count in drawn.kinds.items():
        key = (kind.layer, kind.name, kind.internal)
        counts[key] = counts.get(key, 0) + count
    layers, names = list(look.style.layers), list(look.style.classes)
    order = sorted(counts, key=lambda key: (layers.index(key[0]), names.index(key[1]), key[2]))
    entries: list[_Entry] = []
    layer = None
    for key in order:
        if key[0] != layer:
            layer = key[0]
            entries.append(_Entry(look.style.layers[layer].label))
        sub = look.style.subclasses.get(INTERNAL, "")
        label = sub if key[2] else look.style.classes[key[1]].label
        kind = Kind(key[0], key[1], "solid", key[2])
        entries.append(_Entry(f"{label} ({counts[key]})", _mark(kind, look)))
    return entries


def _statuses(drawn: Drawn, look: Look) -> list[_Entry]:
    """Return an entry for each outline that tells something, with the statuses it stands for."""
    present = {kind.outline: kind for kind in sorted(drawn.kinds)}
    entries = []
    for outline in ("hollow", "dashed", "struck", "grey"):
        if outline in present:
            words = look.words["outlines"][outline]
            kind = Kind(present[outline].layer, present[outline].name, outline)
            entries.append(_Entry(str(words), _mark(kind, look)))
    return [_Entry(str(look.words["certainty"])), *entries] if entries else []


def _places(drawn: Drawn, look: Look) -> list[_Entry]:
    """Return entries for circles, areas, lines, rings and numbers."""
    size, words = look.mark, look.words
    kinds = sorted(drawn.kinds)
    found: list[_Entry] = []

    def add(there: bool, word: str, sample: Sample) -> None:
        if there:
            found.append(_Entry(str(words[word]), sample))

    def circle(axes: Axes, x: float, y: float) -> None:
        edge = {"edgecolor": EDGE, "linewidth": 0.45 * look.weight}
        axes.add_artist(
            Circle((x, y), size * 0.52, facecolor="none", linestyle=(0, (3, 2)), **edge)
        )

    def area(axes: Axes, x: float, y: float) -> None:
        edge: dict[str, Any] = {"edgecolor": EDGE, "linewidth": 0.5 * look.weight,
                                "linestyle": (0, (1, 1.4))}  # fmt: skip
        corner = (x - size * 0.6, y - size * 0.42)
        fill = tint(4, country=False)
        axes.add_artist(Rectangle(corner, size * 1.2, size * 0.84, facecolor=fill, **edge))

    def line(axes: Axes, x: float, y: float, **look: Any) -> None:
        across = (x - size * 0.55, x + size * 0.55)
        axes.add_line(Line2D(across, (y, y), solid_capstyle="round", **look))

    def ring(axes: Axes, x: float, y: float) -> None:
        draw_ring(axes, x, y, [(kind, 1) for kind in kinds[:3]], look.style, size * 0.72)

    thick: dict[str, Any] = {"color": look.style.ink, "linewidth": 0.36 * size * POINTS}
    thin: dict[str, Any] = {"color": DISPUTED, "linewidth": 0.5 * look.weight,
                            "linestyle": (0, (3, 2))}  # fmt: skip
    add(drawn.near, "near", circle)
    add(drawn.area, "area", area)
    add(drawn.line, "line", functools.partial(line, **thick))
    add(drawn.badge, "badge", lambda axes, x, y: draw_badge(axes, x, y, 3, look))
    add(drawn.ring, "ring", ring)
    add(drawn.disputed, "disputed", functools.partial(line, **thin))
    return [_Entry(str(words["where"])), *found] if found else []


def _mark(kind: Kind, look: Look) -> Sample:
    return lambda axes, x, y: draw_mark(axes, x, y, kind, look.style, look.mark)
