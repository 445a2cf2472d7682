"""Names that are spelled another way: which stored names may be meant by one that is not stored.

The names that sound like it, or nearly so, are asked for by their codes
(:mod:`geomap.gazetteer.sound`) and compared letter by letter. Whether one of them is meant is a
matter of both: how far the spellings are apart, and how likely the place is in the news at all. A
city may be misspelled; a hamlet that differs in two letters is another name, and "no such place"
is an answer. The weights of :data:`WEIGHTS` were fitted by ``scripts/fit_spelling.py``: to
alternate names that were taken away and asked for, to mistyped names and to invented ones.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from geomap.gazetteer.record import MatchKind
from geomap.gazetteer.sound import Sound, neighbours, sound, sounds

__all__ = ["LEAST", "NONE", "WEIGHTS", "Spelling", "features", "similar"]

Asked = Callable[[str, Sequence[object]], Iterable[tuple[str]]]

WEIGHTS = {
    "alike": 0.35,  # the consonants are the same
    "consonants": -0.59,  # consonants that differ, in a name of eight letters
    "vowels": -0.65,  # vowels that differ, in a name of eight letters
    "letters": -1.46,  # letters that differ as written, in a name of eight letters
    "written": -0.23,  # letters that differ as written
    "length": 1.04,
    "short": 0.03,  # one of the names is written without short vowels
    "short_apart": -0.95,
    "main": 0.49,
    "weight": 0.80,  # how prominent the place is
    "weight_apart": -0.90,
}
NONE = -0.28
"""What "no such place" scores."""
LEAST = 0.875
"""How sure it must be that any place is meant."""

_KEYS = "SELECT key FROM name WHERE code {} AND length(key) BETWEEN ? AND ? GROUP BY code, key"
_WIDE = 4
_WRITTEN = 3
_VOWELS = str.maketrans("", "", "aiu")


class Spelling(NamedTuple):
    """A stored name that may be meant.

    ``score`` is what speaks for it but its place; ``slope`` how much the prominence of its place
    counts.
    """

    key: str
    code: int
    match: MatchKind
    distance: int
    score: float = 0.0
    slope: float = 1.0


def similar(key: str, ask: Asked) -> list[Spelling]:
    """Return the stored names that a name may be another spelling of.

    Parameters
    ----------
    key
        The folded name.
    ask
        Runs a query on the gazetteer file and gives its rows.

    Returns
    -------
    list of Spelling
        Names that are the same but for articles and the usual words alone, if there are any;
        else those that sound alike or differ in a letter or two.
    """
    heard = sound(key)
    bounds = (max(1, len(key) // 2), 2 * len(key) + 8)
    alike = _heard(ask(_KEYS.format("= ?"), (heard.code, *bounds)))
    same = [k for k, other in alike if other.plain == heard.plain]
    if same and heard.plain:
        return [Spelling(k, heard.code, "exact", 0) for k in same]
    script = _script(key)
    near = [pair for pair in alike if _script(pair[0]) in (script, "latin")]
    found = list(_compared(heard, near, alike=True))
    codes = list(neighbours(heard.digits)) if len(heard.loose) > 4 else []
    if codes:
        marks = ",".join("?" * len(codes))
        bounds = (max(1, len(key) - _WIDE), len(key) + _WIDE)
        keys = [row[0] for row in ask(_KEYS.format(f"IN ({marks})"), (*codes, *bounds))]
        close = process.extract(key, keys, scorer=OSA.distance, score_cutoff=_WIDE, limit=None)
        near = _heard((k,) for k, _, _ in close if _script(k) in (script, "latin"))
        found += _compared(heard, near, alike=False)
    return found


def _heard(rows: Iterable[tuple[str]]) -> list[tuple[str, Sound]]:
    keys = [row[0] for row in rows]
    return list(zip(keys, sounds(keys), strict=True)) if keys else []


def features(one: Sound, other: Sound, *, alike: bool) -> dict[str, float] | None:
    """Return how two names differ, under the names of :data:`WEIGHTS`; None for too much.

    ``distance`` is the number of letters; what hangs on the place ("weight", "main") is the
    caller's business.
    """
    longest = max(len(one.loose), len(other.loose), 1)
    distance = OSA.distance(one.loose, other.loose)
    scale = 8 / longest
    if one.short != other.short:
        if not alike or 2 * distance > longest + 1 or len(one.digits) < 2:
            return None
        return {"distance": distance, "alike": 0.35, "length": _length(one), "short": 0.03,
                "short_apart": scale * distance, "weight_apart": distance / longest}  # fmt: skip
    consonants = OSA.distance(one.loose.translate(_VOWELS), other.loose.translate(_VOWELS))
    written = min(
        OSA.distance(one.plain, other.plain), OSA.distance(one.written, other.written) + 1
    )
    most = 1 + (len(one.loose) >= (7 if alike else 9))
    if consonants > 1 or distance > most or written > _WRITTEN:
        return None
    return {
        "distance": distance,
        "alike": float(alike),
        "consonants": scale * consonants,
        "vowels": scale * max(0, distance - consonants),
        "letters": scale * written,
        "written": written,
        "length": _length(one),
        "weight_apart": (distance + written / 2) / longest,
    }


def _length(one: Sound) -> float:
    return min(len(one.loose), 12) / 8


def _compared(
    heard: Sound, near: Iterable[tuple[str, Sound]], *, alike: bool
) -> Iterator[Spelling]:
    """Yield those of the names that are not too far apart, with what speaks for them."""
    match: MatchKind = "variant" if alike else "fuzzy"
    for key, other in near:
        values = features(heard, other, alike=alike)
        if values is None:
            continue
        distance, apart = int(values.pop("distance")), values.pop("weight_apart")
        score = sum(WEIGHTS[name] * value for name, value in values.items())
        slope = WEIGHTS["weight"] + WEIGHTS["weight_apart"] * apart
        yield Spelling(key, other.code, match, distance, score, slope)


def _script(key: str) -> str:
    """Tell the script of a name: latin, short (without short vowels), or the block it is in."""
    for char in key:
        if char.isalpha():
            code = ord(char)
            if code < 0x02B0:
                return "latin"
            return "short" if 0x0590 <= code <= 0x074F else str(code >> 8)
    return "latin"
