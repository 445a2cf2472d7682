"""The options of the figure: the table ``[figure]`` of a ``geomap.toml``, checked."""

import dataclasses
import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geomap.errors import ConfigError

__all__ = ["PANELS", "FigureOptions"]

PANELS = ("none", "month", "class")
"""What small multiples may be made by."""
_NUMBERS = {"width_mm": (40, 1200), "height_mm": (40, 1200), "dpi": (72, 1200), "columns": (1, 8)}
_WHOLE = ("dpi", "columns")
_SWITCHES = ("north", "past", "locator", "legend", "labels", "grey")
_TEXTS = ("title", "source", "language", "font")
_BOX_HELP = "'events', 'world', codes of countries ('AF, IR') or [west, south, east, north]"


@dataclass(frozen=True, slots=True)
class FigureOptions:
    """How the figure for a report looks.

    Parameters
    ----------
    width_mm, height_mm
        The size on paper; a column of a journal has some 85 mm, two columns 180. Without a height,
        it follows from the extent.
    dpi
        Dots an inch of the PNG.
    title
        None for one that names the days; ``""`` for none.
    extent
        ``events``; ``world``; codes of countries (``AF`` or ``AF, IR``); or a box ``[west, south,
        east, north]`` in degrees, whose west may be greater than its east across the date line.
    panels, columns
        Small multiples: ``none``, by ``month`` or by ``class``, and in how many columns.
    north
        Whether an arrow points north.
    past
        Whether events that the texts only look back on are drawn.
    locator, legend, labels
        Whether there is an inset that shows where in the world this is, a legend, names of places.
    grey
        Whether the marks are without colours, for print in one ink.
    source
        A text in place of the line that names sources.
    language
        Of the words: a table of ``export/assets/words.toml``.
    font
        A font that is installed; what it lacks is DejaVu Sans, which comes with Matplotlib.

    Raises
    ------
    ConfigError
        If a value is not allowed.
    """

    width_mm: float = 180
    height_mm: float | None = None
    dpi: int = 300
    title: str | None = None
    extent: str | tuple[float, float, float, float] = "events"
    panels: str = "none"
    columns: int | None = None
    north: bool = False
    past: bool = False
    locator: bool = True
    legend: bool = True
    labels: bool = True
    grey: bool = False
    source: str | None = None
    language: str = "en"
    font: str = "DejaVu Sans"

    def __post_init__(self) -> None:
        """Check the values."""
        for name, (low, high) in _NUMBERS.items():
            value = getattr(self, name)
            optional = name in ("height_mm", "columns") and value is None
            if not optional and not _number(value, low, high, whole=name in _WHOLE):
                raise ConfigError(f"figure.{name}: {value!r} is not allowed; give {low} to {high}")
        for name in _SWITCHES:
            if type(getattr(self, name)) is not bool:
                raise ConfigError(f"figure.{name}: {getattr(self, name)!r} is not true or false")
        for name in _TEXTS:
            value = getattr(self, name)
            if not isinstance(value, str) and (value is not None or name in ("language", "font")):
                raise ConfigError(f"figure.{name}: {value!r} is not a text; write it in quotes")
        if self.panels not in PANELS:
            raise ConfigError(
                f"figure.panels: {self.panels!r} is not allowed; give {', '.join(PANELS)}"
            )
        object.__setattr__(self, "extent", _extent(self.extent))

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "FigureOptions":
        """Make the options of a table.

        Raises
        ------
        ConfigError
            If a name is not known (the nearest one is named) or a value is not allowed.
        """
        return cls().changed(values)

    def changed(self, changes: Mapping[str, Any]) -> "FigureOptions":
        """Return the options with some values changed."""
        known = [f.name for f in dataclasses.fields(self)]
        for name in changes:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
                raise ConfigError(f"figure: unknown name {name!r}; {hint}")
        return dataclasses.replace(self, **changes)

    def described(self) -> dict[str, Any]:
        """Return the options as plain values."""
        return dataclasses.asdict(self)


def _number(value: Any, low: float, high: float, *, whole: bool) -> bool:
    kinds = (int,) if whole else (int, float)
    return type(value) in kinds and low <= value <= high


def _extent(value: Any) -> str | tuple[float, float, float, float]:
    """Return an extent in its one form."""
    if isinstance(value, str) and value.strip():
        return value.strip()
    if isinstance(value, Sequence) and len(value) == 4:
        if all(type(part) in (int, float) for part in value):
            west, south, east, north = (float(part) for part in value)
            lies = all(-180 <= x <= 180 for x in (west, east)) and -90 <= south < north <= 90
            if lies and west != east:
                return west, south, east, north
    raise ConfigError(f"figure.extent: {value!r} is not allowed; give {_BOX_HELP}")
