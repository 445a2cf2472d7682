"""Text made safe to look at: what a screen would obey is shown instead."""

import re
import unicodedata

__all__ = ["BIDI_CONTROLS", "REPLACEMENT", "SURROGATE", "printable"]

BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
SURROGATE = re.compile("[\ud800-\udfff]")
"""Half of a character, which is no Unicode; what is told of it is U+FFFD."""
_ESCAPED = frozenset(("Cc", "Cs", "Zl", "Zp"))


def printable(text: str, *, keep: str = "") -> str:
    r"""Escape what a terminal would obey: control characters, text direction, broken characters.

    Examples
    --------
    >>> printable("Kabul\x1b[2J")
    'Kabul\\x1b[2J'
    """
    return "".join(
        character
        if character in keep
        or (character not in BIDI_CONTROLS and unicodedata.category(character) not in _ESCAPED)
        else character.encode("unicode_escape").decode("ascii")
        for character in text
    )
