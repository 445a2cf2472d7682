"""The places that a name may mean: what the gazetteer has under it, and under what it stands for.

A name may be a place's own name, a word for its people ("Afghan"), a short form ("Calif."), or the
bare name of a division ("Orange" for Orange County).
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from geomap.gazetteer import Entry, Gazetteer
from geomap.names import fold

__all__ = ["Option", "options"]

How = Literal["name", "people", "short", "division", "bare", "spelled"]
_DIVISION_WORDS = ("county", "parish", "district", "province", "region", "governorate", "state",
                   "oblast", "city")  # fmt: skip
_LONG = 2
_SUFFIXES = tuple(f" {word}" for word in _DIVISION_WORDS)
_FIRST = {"st": "saint", "mt": "mount", "ft": "fort", "n": "north", "s": "south", "e": "east",
          "w": "west", "saint": "st", "mount": "mt", "fort": "ft"}  # fmt: skip
_LAST = {"co": "county", "twp": "township", "cty": "county"}


class Option(NamedTuple):
    """A place that a name may mean.

    ``how``: the name is its own (``name``), a word for its people, a short form, the name without
    the word for the division (``division``), or with one that its own name lacks (``bare``), or
    in another spelling. ``weight``: its prominence, 0 to about 10.
    """

    entry: Entry
    how: How
    primary: bool
    weight: float


def options(name: str, gazetteer: Gazetteer) -> tuple[Option, ...]:
    """Return the places that a name may mean, the most prominent first, each once."""
    key = fold(name)
    found: dict[str, Option] = {}

    def add(matches: object, how: How) -> None:
        for match in matches:  # type: ignore[attr-defined]
            identity = match.entry.place.id
            if identity not in found:
                found[identity] = Option(match.entry, how, match.is_primary, match.weight)

    if gazetteer.contains(key):
        add(gazetteer.lookup(name), "name")
    for code in gazetteer.demonym(name):
        entry = gazetteer.country(code)
        if entry is not None and entry.place.id not in found:
            found[entry.place.id] = Option(entry, "people", True, 8.0)
    for place_id in gazetteer.word(name):
        entry = gazetteer.get(place_id)
        if entry is not None and entry.place.id not in found:
            found[entry.place.id] = Option(entry, "short", True, 6.0)
    for spelling in _spellings(key):
        if gazetteer.contains(spelling):
            add(gazetteer.lookup(spelling), "spelled")
    if key.count(" ") < _LONG:
        for word in _DIVISION_WORDS:
            longer = f"{key} {word}"
            if gazetteer.contains(longer):
                divisions = [m for m in gazetteer.lookup(longer) if m.entry.kind == "division"]
                add(divisions, "division")
    suffix = next((own for own in _SUFFIXES if key.endswith(own)), None)
    if suffix is not None and gazetteer.contains(key.removesuffix(suffix)):
        add(gazetteer.lookup(key.removesuffix(suffix)), "bare")
    return tuple(sorted(found.values(), key=lambda o: (-o.weight, o.entry.place.id)))


def _spellings(key: str) -> Iterator[str]:
    """Yield a name with its short words written out, or the other way round: "Mt. Pleasant"."""
    words = key.split(" ")
    if len(words) > 1:
        if words[0] in _FIRST:
            yield " ".join((_FIRST[words[0]], *words[1:]))
        if words[-1] in _LAST:
            yield " ".join((*words[:-1], _LAST[words[-1]]))
