"""Text on paper: measured, broken into lines, and never read as anything but text.

Words of articles come into the figure as titles, places and sources. Matplotlib reads ``$`` as
mathematics; that is switched off for every text here, and control characters are shown as escapes.
"""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.patheffects import withStroke
from matplotlib.textpath import text_to_path

from geomap.visible import printable

__all__ = ["Letters", "shortened"]

MILLIMETRE = 25.4 / 72
"""Millimetres a point."""
FALLBACK = "DejaVu Sans"
_NO_XML = re.compile("[\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Letters:
    """A font, its size in points, and how text is set in it."""

    font: str
    size: float

    @property
    def line(self) -> float:
        """The height of a line in millimetres."""
        return self.size * MILLIMETRE * 1.28

    def scaled(self, factor: float) -> "Letters":
        """Return the letters in another size."""
        return Letters(self.font, self.size * factor)

    def width(self, text: str, **look: Any) -> float:
        """Return how wide a text is, in millimetres."""
        lines = text.split("\n")
        return max(_width(line, self.font, tuple(look.items())) for line in lines) * self.size

    def broken(self, text: str, width: float, **look: Any) -> str:
        """Return a text with line breaks, so that it is no wider."""
        lines: list[str] = []
        for word in text.split():
            if lines and self.width(f"{lines[-1]} {word}", **look) <= width:
                lines[-1] += f" {word}"
            else:
                lines.append(self._cut(word, width, **look))
        return "\n".join(lines)

    def _cut(self, word: str, width: float, **look: Any) -> str:
        """Return a word that is no wider; the end of a longer one is left out."""
        if self.width(word, **look) <= width:
            return word
        size = max(1, int(len(word) * width / self.width(word, **look)) - 2)
        return word[:size] + "…"

    def write(
        self, axes: Axes, x: float, y: float, text: str, *, halo: float = 0,
        align: Sequence[str] = ("left", "center"), **look: Any,
    ) -> None:  # fmt: skip
        """Write a text at a point."""
        zorder, colour = look.pop("zorder", 30), look.pop("colour", "#20262b")
        alpha = look.pop("alpha", 1)
        written = axes.text(
            x, y, text, ha=align[0], va=align[1], color=colour, zorder=zorder, alpha=alpha,
            fontproperties=_font(self.font, tuple(look.items()), self.size),
            linespacing=1.2, parse_math=False, usetex=False,
        )  # fmt: skip
        if halo:
            written.set_path_effects([withStroke(linewidth=halo, foreground="#ffffff")])


def shortened(text: Any, limit: int = 60) -> str:
    """Return a text of an article on one line, safe to look at and not too long."""
    line = " ".join(_NO_XML.sub("\ufffd", printable(str(text), keep="\n\t")).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


@functools.lru_cache(maxsize=256)
def _font(font: str, look: tuple[tuple[str, Any], ...], size: float) -> FontProperties:
    families = [font] if font == FALLBACK else [font, FALLBACK]
    return FontProperties(family=families, size=size, **dict(look))


@functools.lru_cache(maxsize=20_000)
def _width(line: str, font: str, look: tuple[tuple[str, Any], ...]) -> float:
    """Return the width of a line in millimetres for letters of one point."""
    wide, _, _ = text_to_path.get_text_width_height_descent(line, _font(font, look, 40.0), False)
    # A hair more, for what pixels add.
    return float(wide) / 40 * MILLIMETRE * 1.012
