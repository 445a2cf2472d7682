"""Text made safe to look at: what a screen or a spreadsheet would obey is shown instead."""

import re
import unicodedata
from typing import Any

__all__ = ["BIDI_CONTROLS", "REPLACEMENT", "SURROGATE", "cell_text", "printable", "safe_cell"]

BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
SURROGATE = re.compile("[\ud800-\udfff]")
"""Half of a character, which is no Unicode; what is told of it is U+FFFD."""
# What begins a formula, also in full width, at the start of a cell and after what divides cells in
# other countries' settings (";") or in an import that takes tabs too.
_STARTS = r"=+\-@\uff1d\uff0b\uff0d\uff20"
_RUNS = re.compile(rf"\A(?=[{_STARTS}\t\r\n])|(?<=[;\t])(?=[{_STARTS}])")
_STOPPED = re.compile(rf"\A'(?=[{_STARTS}\t\r\n])|(?<=[;\t])'(?=[{_STARTS}])")
_ESCAPED = frozenset(("Cc", "Cs", "Zl", "Zp"))


def printable(text: str, *, keep: str = "") -> str:
    r"""Escape what a terminal would obey: control characters, text direction, broken characters.

    Examples
    --------
    >>> printable("Kabul\x1b[2J")
    'Kabul\\x1b[2J'
    """
    if text.isprintable():
        return text
    return "".join(
        character
        if character in keep
        or (character not in BIDI_CONTROLS and unicodedata.category(character) not in _ESCAPED)
        else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


def safe_cell(cell: Any) -> Any:
    """Return a cell that is safe to open: no formula, and no control character but as its escape.

    Text gets an apostrophe before what begins a formula. Line breaks, tabs and the marks of
    right-to-left text stay.
    """
    if not isinstance(cell, str):
        return cell
    shown = printable(cell, keep="\n\r\t" + BIDI_CONTROLS)
    return _RUNS.sub("'", shown)


def cell_text(cell: str) -> str:
    """Return the text that :func:`safe_cell` made a cell of; escapes stay."""
    return _STOPPED.sub("", cell)
