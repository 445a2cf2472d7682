"""How a name sounds: one code for the many spellings of a name, in any script.

``Kandahar``, ``Qandahār``, ``Kandahor`` and ``قندهار`` have one code: that of their consonants, in
classes of those that spellings exchange. A gazetteer file keeps its names in the order of these
codes, so that the spellings of a name lie side by side, and the names that sound nearly alike are
found by asking for a few hundred codes instead of reading all names.

Three views of a key of :func:`geomap.names.fold` are made here:

plain
    in Latin letters, without articles and spaces, the usual words in one spelling ("qaleh" is
    "qala")
written
    plain, with one letter for each group of letters ("sh", "ee"), for v and w, k and q, i and y,
    and no letter doubled
loose
    written, without what spellings exchange at will (e for i, o for u, an h), for measuring how
    far two names are apart
code
    the classes of the consonants as one whole number of 60 bits, a hexadecimal digit for each
"""

import re
import zlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from anyascii import anyascii

__all__ = ["SOUND_VERSION", "Sound", "code_of", "neighbours", "sound", "sounds"]

SOUND_VERSION = 1
"""Goes up whenever a code changes, so that compiled gazetteers are compiled again."""

DIGITS = 15
"""The most consonants that count."""

# One spelling for each of the commonest words in names, and for words that are written short.
_WORDS = {
    variant: word
    for word, variants in {
        "": "al el ul the of",
        "qala": "qalah qaleh qalae qalay qalai kala kalah kalay kalai kalla qalla qaleye ghala"
        " ghaleh kalat qalat",
        "deh": "dih de dah",
        "kot": "kowt kut kott koth",
        "koh": "kuh kooh",
        "rud": "rod roud rood rowd",
        "pul": "pol pool pole",
        "shahr": "shar sher shahre",
        "now": "naw nau nou no",
        "chah": "cha chaah",
        "tepe": "tappeh tapa tappa tepa teppe depe tapeh tepeh",
        "hajji": "haji hadji hajj haj",
        "muhammad": "mohammad mohammed muhammed mohamed mohamad mahomed muhamad mohd muhd",
        "husayn": "hussein husain hossein hosein hussain husein hoseyn hossain",
        "shaykh": "sheikh shaikh sheykh shekh sheik cheikh",
        "sayyid": "sayed syed seyyed said sayid sayyed seyed",
        "abd": "abdul abdol abdal abdel",
        "tall": "tell tal tel",
        "ayn": "ain ein ayin",
        "dayr": "deir dair der deyr dir",
        "bayt": "beit bait beyt bet",
        "wadi": "ouadi oued wad",
        "jabal": "jebel djebel gebel jabel gabal jibal",
        "kafr": "kafar kfar kufr kefar",
        "khirbat": "khirbet kherbet kirbet khirba khirbah",
        "qasr": "kasr gasr qasar kasar",
        "umm": "om um oum",
        "olya": "ulya oliya uliya",
        "sofla": "sufla sofali",
        "saint": "st sankt sint",
        "fort": "ft",
        "mount": "mt",
        "district": "wuleswali woluswali uluswali woleswali wolaswali olaswali raion rayon",
    }.items()
    for variant in variants.split()
}  # fmt: skip
_ARTICLE = re.compile(r"\b[aeu](?:d (?=d)|z (?=z)|sh (?=sh)|s (?=s)|t (?=t)|r (?=r)|n (?=n))")
_ARABIC_ARTICLE = re.compile("\\b\u0627\u0644(?=\\w{3})")
_ARABIC = re.compile("[\u0600-\u06ff]")
_SHORT = re.compile("[\u0590-\u074f]")  # Hebrew, Arabic, Syriac

# How letters of the Arabic script sound; those of all others are left to the library. An
# apostrophe keeps a letter apart from the one before: "dh" of two letters is no group.
_ARABIC_LETTERS = {
    "ا": "a", "آ": "a", "أ": "a", "إ": "i", "ب": "b", "پ": "p", "ت": "t", "ث": "s", "ج": "j",
    "چ": "ch", "ح": "'h", "خ": "kh", "د": "d", "ذ": "z", "ر": "r", "ز": "z", "ژ": "zh", "س": "s",
    "ش": "sh", "ص": "s", "ض": "z", "ط": "t", "ظ": "z", "ع": "", "غ": "gh", "ف": "f", "ق": "q",
    "ك": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n", "و": "w", "ه": "'h", "ي": "y", "ئ": "i",
    "ؤ": "u", "ء": "", "ښ": "sh", "ږ": "zh", "څ": "ts", "ځ": "dz", "ڈ": "d", "ٹ": "t", "ڑ": "r",
}  # fmt: skip

# Letters that stand for one sound, longest first; capitals are sounds of their own.
_WITH_H = (
    ("dzh", "J"), ("tch", "C"), ("sch", "S"), ("kh", "X"), ("gh", "G"), ("ch", "C"), ("sh", "S"),
    ("zh", "J"), ("th", "t"), ("dh", "Z"), ("ph", "f"), ("SC", "S"),
)  # fmt: skip
_WITHOUT_H = (
    ("dj", "J"), ("dz", "z"), ("ts", "s"), ("tz", "s"), ("ck", "k"), ("x", "ks"), ("ou", "u"),
    ("oo", "u"), ("ee", "i"),
)  # fmt: skip
_DOUBLE = re.compile(r"([^\n])\1+")
_CLASSES = {
    "1": "bp", "2": "t", "3": "d", "4": "kqcgG", "5": "XH", "6": "jJ", "7": "C", "8": "sS",
    "9": "zZ", "a": "r", "b": "l", "c": "m", "d": "n", "e": "f", "f": "W",
}  # fmt: skip
_LOOSE = {"q": "k", "G": "g", "y": "i", "e": "i", "o": "u", "w": "u", "v": "u", "W": "v", "Z": "z",
          "c": "k", "h": "", "H": "h", " ": ""}  # fmt: skip
# Consonants that are mistaken for each other, beyond those of one class.
_CONFUSED = {"1": "ef", "2": "3", "3": "29", "4": "57", "5": "4", "6": "794", "7": "684", "8": "97",
             "9": "863", "a": "b", "b": "a", "c": "d", "d": "c", "e": "1f", "f": "1e"}  # fmt: skip


class _Only(dict[int, str | None]):
    """A table for :meth:`str.translate` that drops what it does not name."""

    def __missing__(self, code: int) -> None:
        """Drop a character."""
        return


class _Roman(dict[int, str]):
    """A table for :meth:`str.translate`: any letter in Latin ones; filled on demand."""

    def __missing__(self, code: int) -> str:
        """Ask the library for a character met for the first time."""
        char = chr(code)
        value = char if char.isascii() else re.sub("[^a-z0-9 ]", "", anyascii(char).lower())
        self[code] = value
        return value


_ROMAN = _Roman({ord(k): v for k, v in _ARABIC_LETTERS.items()})
_CODE = _Only({ord(c): digit for digit, letters in _CLASSES.items() for c in letters} | {10: "\n"})
_LOOSEN = str.maketrans(_LOOSE)
_WRITTEN = str.maketrans({"w": "v", "W": "v", "q": "k", "G": "g", "y": "i", "H": "h"})


class Sound(NamedTuple):
    """How a name sounds."""

    code: int
    plain: str
    written: str
    loose: str
    digits: str
    short: bool
    """Whether it is written in a script that leaves short vowels out."""


def sounds(keys: Sequence[str]) -> list[Sound]:
    """Return how each of the folded names sounds.

    Parameters
    ----------
    keys
        Keys of :func:`geomap.names.fold`.
    """
    plain = _plain("\n".join(keys))
    text = _grouped(plain)
    digits = text.translate(_CODE)[1:].split("\n")
    loose = text.translate(_LOOSEN)[1:].split("\n")
    written = text.translate(_WRITTEN)[1:].split("\n")
    return [
        Sound(
            int(d[:DIGITS], 16) if d else _no_code(key),
            p.replace("'", ""),
            w,
            q,
            d,
            not key.isascii() and _SHORT.match(key) is not None,
        )
        for key, p, w, q, d in zip(keys, plain.split("\n"), written, loose, digits, strict=True)
    ]


def sound(key: str) -> Sound:
    """Return how one folded name sounds."""
    return sounds((key,))[0]


def code_of(key: str) -> int:
    """Return the code of one folded name: what :func:`sound` gives, and faster."""
    digits = _grouped(_plain(key)).translate(_CODE)[1 : DIGITS + 1]
    return int(digits, 16) if digits else _no_code(key)


def neighbours(digits: str) -> Iterator[int]:
    """Yield the codes that differ from one by a consonant: left out, put in or mistaken.

    The first consonant stays, or is one that is easily mistaken for it. Names of one or two
    consonants have no neighbours: too many names sound nearly like them. Of three or four, only
    those that are easily mistaken count.
    """
    digits = digits[:DIGITS]
    if len(digits) < 3:
        return
    found = {digits, *(other + digits[1:] for other in _CONFUSED[digits[0]])}
    for i in range(1, len(digits)):
        others = _CONFUSED[digits[i]] if len(digits) < 5 else "123456789abcdef"
        found.update(digits[:i] + other + digits[i + 1 :] for other in others)
        found.add(digits[: i - 1] + digits[i] + digits[i - 1] + digits[i + 1 :])  # two swapped
        if len(digits) > 3:
            found.add(digits[:i] + digits[i + 1 :])
    for i in range(1, len(digits) + 1):
        found.update(digits[:i] + other + digits[i:] for other in "123456789abcdef")
    found.discard(digits)
    for near in sorted(found):
        yield int(near[:DIGITS], 16)


def _grouped(text: str) -> str:
    """Return plain names with a capital for each group of letters, after a line break."""
    if "h" in text:
        for letters, one in _WITH_H:
            text = text.replace(letters, one)
    for letters, one in _WITHOUT_H:
        text = text.replace(letters, one)
    text = _DOUBLE.sub(r"\1", "\n" + text.replace("'", ""))
    return text.replace("\nh", "\nH").replace("\nw", "\nW").replace("\nv", "\nW")


def _plain(text: str) -> str:
    """Return names, one a line, in Latin letters, their words in the usual spelling and joined."""
    if not text.isascii():
        if _ARABIC.search(text):
            text = _ARABIC_ARTICLE.sub("", text)
        text = text.translate(_ROMAN)
    get = _WORDS.get
    if " " not in text and "\n" not in text:
        return get(text, text)
    text = _ARTICLE.sub("", text)
    return "\n".join(
        ["".join([get(word, word) for word in line.split(" ")]) for line in text.split("\n")]
    )


def _no_code(key: str) -> int:
    """Return a code for a name without a consonant: of its own, below zero."""
    return -1 - zlib.crc32(key.encode("utf-8", "surrogatepass"))
