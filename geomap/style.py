"""How events look and what they are called, for every output: one table, ``style.toml``.

A mark has the shape of its layer, the colour of its class, the sign of its class inside, and the
outline of its status.

>>> style = Style.default()
>>> style.classes["protest"].colour
'#e69f00'
>>> style.changed({"classes": {"protest": {"label": "Demonstration"}}}).classes["protest"].label
'Demonstration'
"""

import dataclasses
import difflib
import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geomap.errors import ConfigError

__all__ = ["HALF", "INTERNAL", "OUTLINES", "STROKE", "ClassStyle", "LayerStyle", "StatusStyle",
           "Style"]  # fmt: skip

OUTLINES = ("solid", "hollow", "dashed", "struck", "grey")
"""The ways a status shows: see the legend of ``style.toml``."""
INTERNAL = "internal_at_border"
"""The subclass that has a mark of its own: half of the shape is filled."""
HALF = "M12 .8V23.2L.8 12Z"
STROKE = "M2 22 22 2"
"""The filled half of that mark, and the line through what is struck, in the box of a shape."""

_TABLE = Path(__file__).with_name("style.toml")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_PATH = re.compile(r"[MmLlHhVvCcSsQqTtAaZz0-9 ,.+-]{2,2000}")


@dataclass(frozen=True, slots=True)
class LayerStyle:
    """The label of a layer, its shape (an SVG path in a box of 24), and where signs stand in it."""

    label: str
    shape: str
    centre: tuple[float, float]


@dataclass(frozen=True, slots=True)
class ClassStyle:
    """The label of a class, its usual layer, its colour, and its sign (an SVG path, as a line)."""

    label: str
    layer: str
    colour: str
    sign: str


@dataclass(frozen=True, slots=True)
class StatusStyle:
    """The label of a status, and the outline that tells it: one of :data:`OUTLINES`."""

    label: str
    outline: str


@dataclass(frozen=True, slots=True)
class Style:
    """The whole table; the names are those of the interface, in the order of the legend.

    Parameters
    ----------
    ink, paper, grey
        Colours of outlines, of the inside of hollow marks, and of past references.
    layers, classes, statuses
        How each looks and is called.
    subclasses
        What kinds within a class are called.
    """

    ink: str
    paper: str
    grey: str
    layers: Mapping[str, LayerStyle]
    classes: Mapping[str, ClassStyle]
    statuses: Mapping[str, StatusStyle]
    subclasses: Mapping[str, str]

    @classmethod
    def default(cls) -> "Style":
        """Return the project's own style."""
        return _default()

    def changed(self, changes: Mapping[str, Any]) -> "Style":
        """Return the style with some values changed, named as in ``style.toml``.

        Raises
        ------
        ConfigError
            If a name is not known or a value is not allowed.
        """
        plain = self.described()
        _merge(plain, changes, "style")
        return _typed(plain)

    def described(self) -> dict[str, Any]:
        """Return the table as plain values."""
        return dataclasses.asdict(self)

    def sign_colour(self, colour: str) -> str:
        """Return the colour that a sign has on a colour: ink or paper, whichever stands out."""
        return max((self.ink, self.paper), key=lambda sign: _contrast(sign, colour))


@functools.cache
def _default() -> Style:
    return _typed(tomllib.loads(_TABLE.read_text(encoding="utf-8")))


def _merge(table: dict[str, Any], changes: Mapping[str, Any], where: str) -> None:
    """Put changes into a table, which has every name there is."""
    for name, value in changes.items():
        if name not in table:
            near = difflib.get_close_matches(name, table, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(table)}"
            raise ConfigError(f"{where}: unknown name {name!r}; {hint}")
        if isinstance(table[name], dict):
            if not isinstance(value, Mapping):
                raise ConfigError(f"{where}.{name}: {str(value)!r} is not a table")
            _merge(table[name], value, f"{where}.{name}")
        else:
            table[name] = value


def _typed(plain: Mapping[str, Any]) -> Style:
    """Check a whole table and return it as values."""
    layers = {
        name: LayerStyle(
            _text(row, "label", f"style.layers.{name}"),
            _matching(row, "shape", _PATH, "an SVG path", f"style.layers.{name}"),
            _point(row["centre"], f"style.layers.{name}"),
        )
        for name, row in plain["layers"].items()
    }
    classes = {
        name: ClassStyle(
            _text(row, "label", f"style.classes.{name}"),
            _one_of(row, "layer", tuple(layers), f"style.classes.{name}"),
            _colour(row, "colour", f"style.classes.{name}"),
            _matching(row, "sign", _PATH, "an SVG path", f"style.classes.{name}"),
        )
        for name, row in plain["classes"].items()
    }
    statuses = {
        name: StatusStyle(
            _text(row, "label", f"style.statuses.{name}"),
            _one_of(row, "outline", OUTLINES, f"style.statuses.{name}"),
        )
        for name, row in plain["statuses"].items()
    }
    names = plain["subclasses"]
    return Style(
        ink=_colour(plain, "ink", "style"),
        paper=_colour(plain, "paper", "style"),
        grey=_colour(plain, "grey", "style"),
        layers=layers,
        classes=classes,
        statuses=statuses,
        subclasses={name: _text(names, name, "style.subclasses") for name in names},
    )


def _text(row: Mapping[str, Any], key: str, where: str) -> str:
    value = row[key]
    if not isinstance(value, str) or not value.strip():
        raise ConfigError(f"{where}.{key}: {str(value)!r} is not a text")
    return value


def _matching(
    row: Mapping[str, Any], key: str, pattern: re.Pattern[str], what: str, where: str
) -> str:
    value = _text(row, key, where)
    if not pattern.fullmatch(value):
        raise ConfigError(f"{where}.{key}: {value!r} is not {what}")
    return value


def _colour(row: Mapping[str, Any], key: str, where: str) -> str:
    return _matching(row, key, _COLOUR, "a colour such as '#0072b2'", where).lower()


def _one_of(row: Mapping[str, Any], key: str, allowed: tuple[str, ...], where: str) -> str:
    value = _text(row, key, where)
    if value not in allowed:
        raise ConfigError(f"{where}.{key}: {value!r} is not allowed; give {', '.join(allowed)}")
    return value


def _point(value: Any, where: str) -> tuple[float, float]:
    try:
        x, y = (float(part) for part in value)
    except (TypeError, ValueError):
        raise ConfigError(f"{where}.centre: {value!r} is not a pair of numbers") from None
    return x, y


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)
