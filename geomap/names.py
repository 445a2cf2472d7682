"""Folding of names: the one key under which a name is stored and looked up.

Two spellings that a reader takes for the same name get the same key: ``Herāt`` and ``Herat``,
``Mazar-i-Sharif`` and ``Mazar i Sharif``, ``U.S.`` and ``US``, ``Maʾrib`` and ``Marib``,
``كابل`` and ``کابل``. The key is for matching only; it is never shown.
"""

import functools
import re
import unicodedata

__all__ = ["FOLD_VERSION", "fold", "fold_uncached"]

FOLD_VERSION = 1
"""Goes up whenever a key changes, so that compiled gazetteers are compiled again."""

# Apostrophes, primes, ʿayn, hamza and other modifier letters: written or left out at will.
_SILENT = "'`\u00b4\u2018\u2019\u201a\u201b\u2032\u2033\u2035\u0621\u0640\u055a\u05f3\u05f4\uff07"
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u200b\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
# Letters that have no decomposition in Unicode but a usual plain spelling.
_PLAIN = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ə": "a",
    "ħ": "h", "ŧ": "t", "ŋ": "ng", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ɛ": "e", "ɔ": "o", "ǝ": "e",
    "ƴ": "y", "ɖ": "d", "ƒ": "f", "ɣ": "g", "ʋ": "v", "ĸ": "k", "ɨ": "i", "ʉ": "u",
    # Arabic script: one letter of each set of look-alikes
    "ی": "ي", "ى": "ي", "ې": "ي", "ے": "ي", "ۍ": "ي", "ک": "ك", "ڪ": "ك", "ګ": "گ",
    "ة": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ۂ": "ه", "ۃ": "ه", "ٱ": "ا", "ټ": "ت", "ډ": "د",
    "ړ": "ر", "ڼ": "ن", "ں": "ن", "ۇ": "و", "ۆ": "و", "ۈ": "و", "ۋ": "و",
}  # fmt: skip
_MODIFIERS = range(0x02B0, 0x0300)
_HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fb\u00b7\u2027_\u200c"

_ASCII_PUNCTUATION = {
    ord(c): " " for c in '!"#$%&()*+,-/:;<=>?@[\\]^_{|}~' + "".join(map(chr, range(32))) + "\x7f"
} | {ord("'"): None, ord("`"): None}
_BEFORE = dict.fromkeys(map(ord, _SILENT + _INVISIBLE)) | {
    c: None for c in _MODIFIERS if unicodedata.category(chr(c)) in ("Lm", "Sk")
}
_BEFORE |= dict.fromkeys(map(ord, _HYPHENS), " ")
_LETTERS = {ord(k): v for k, v in _PLAIN.items()}
# A period after a single letter belongs to an abbreviation (U.S., D.C.); any other ends a word,
# as does the one of "S.Korea".
_INITIAL = re.compile(r"(?<![^\W_][^\W_])(?<=[^\W_])\.(?![^\W_]{2})")
_DIACRITIC_CLASSES = frozenset({1, *range(10, 37), *range(200, 241)})


class _Table(dict[int, str | None]):
    """What :meth:`str.translate` does to a decomposed, case-folded character; filled on demand."""

    def __missing__(self, code: int) -> str | None:
        """Decide on a character met for the first time."""
        char = chr(code)
        value: str | None = _LETTERS.get(code, char)
        if code in _BEFORE:
            value = _BEFORE[code]
        elif unicodedata.combining(char) in _DIACRITIC_CLASSES:
            value = None
        else:
            category = unicodedata.category(char)
            if category == "Nd":
                value = str(unicodedata.decimal(char))
            elif category[0] in "PSZC":
                value = None if category == "Cf" else " "
        self[code] = value
        return value


_TABLE = _Table()


def fold_uncached(text: str) -> str:
    """Return the key of `text`, as :func:`fold` does, without remembering it."""
    if "." in text:
        text = _INITIAL.sub("", text).replace(".", " ")
    if text.isascii():
        return " ".join(text.lower().translate(_ASCII_PUNCTUATION).split())
    plain = text.translate(_BEFORE).casefold()
    plain = unicodedata.normalize("NFKD", plain).casefold().translate(_TABLE)
    key = unicodedata.normalize("NFC", " ".join(plain.split()))
    if not key and any(map(str.isalpha, text)):  # a name of silent letters only
        key = " ".join(text.casefold().split())
    return key


@functools.lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """Return the key under which a name is stored and looked up.

    Compatibility forms are decomposed, case is folded, diacritics, apostrophes and modifier
    letters are dropped, periods of abbreviations are dropped, hyphens and other punctuation
    become spaces, look-alike letters of the Arabic script are unified, and white space is
    squeezed. The key is empty only for a text without any letter or digit.

    Parameters
    ----------
    text
        A name as it is written.

    Returns
    -------
    str
        The key; folding a key gives the key again.
    """
    return fold_uncached(text)
