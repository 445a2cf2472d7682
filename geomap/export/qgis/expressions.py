"""Expressions of QGIS. Texts and names of columns are quoted here, and nowhere else."""

import string
from collections.abc import Iterable, Mapping

__all__ = ["any_of", "case", "field", "filled", "html", "named", "text", "web_address"]


def text(value: str) -> str:
    r"""Return a text as a literal.

    Examples
    --------
    >>> print(text("it's a \\ b"))
    'it''s a \\ b'
    """
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def field(name: str) -> str:
    """Return the value of a column."""
    return '"' + name.replace('"', '""') + '"'


def any_of(name: str, values: Iterable[str]) -> str:
    """Return whether a column has one of some values."""
    return f"{field(name)} IN ({', '.join(map(text, values))})"


def case(parts: Iterable[tuple[str, str]], otherwise: str) -> str:
    """Return the value that goes with the first condition that holds."""
    whens = " ".join(f"WHEN {condition} THEN {value}" for condition, value in parts)
    return f"CASE {whens} ELSE {otherwise} END" if whens else otherwise


def named(name: str, values: Mapping[str, str], otherwise: str) -> str:
    """Return the value that goes with what a column holds."""
    return case(((f"{field(name)} = {text(key)}", value) for key, value in values.items()),
                otherwise)  # fmt: skip


def filled(template: str, **values: str) -> str:
    """Return a text of the interface with values in it.

    Examples
    --------
    >>> print(filled("near {place}", place='"place_name"'))
    concat('near ', "place_name")
    """
    parts = [
        part
        for words, name, _, _ in string.Formatter().parse(template)
        for part in ([text(words)] if words else []) + ([values[name]] if name else [])
    ]
    return f"concat({', '.join(parts)})"


def html(value: str) -> str:
    """Return a value with everything escaped that HTML reads as more than text."""
    shown = f"to_string(coalesce({value}, ''))"
    for sign, entity in (("&", "amp"), ("<", "lt"), (">", "gt"), ('"', "quot"), ("'", "#39")):
        shown = f"replace({shown}, {text(sign)}, {text(f'&{entity};')})"
    return shown


def web_address(name: str) -> str:
    """Return the address in a column if it is one of the web, else an empty text."""
    address = field(name)
    return f"if(regexp_match(coalesce({address}, ''), '^https?://[^\\\\s/]'), {address}, '')"
