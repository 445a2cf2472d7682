"""Text made safe to look at: what a screen or a spreadsheet would obey is shown instead."""

import re
import unicodedata
from typing import Any

__all__ = ["BIDI_CONTROLS", "REPLACEMENT", "SURROGATE", "cell_text", "printable", "safe_cell"]

BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
SURROGATE = re.compile("[\ud800-\udfff]")
"""Half of a character, which is no Unicode; what is told of it is U+FFFD."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
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

    Text that begins a formula gets an apostrophe. Line breaks, tabs and the marks of right-to-left
    text stay.
    """
    if not isinstance(cell, str):
        return cell
    shown = printable(cell, keep="\n\r\t" + BIDI_CONTROLS)
    return "'" + shown if shown.startswith(_FORMULA_STARTS) else shown


def cell_text(cell: str) -> str:
    """Return the text that :func:`safe_cell` made a cell of; escapes stay."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA_STARTS) else cell
