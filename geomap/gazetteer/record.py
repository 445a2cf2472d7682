"""The values that go into a gazetteer and come out of it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import msgspec

from geomap.model import Place

__all__ = ["ALTERNATE", "KINDS", "Entry", "Kind", "Match", "MatchKind", "Record", "Source",
           "prominence"]  # fmt: skip

Kind = Literal["city", "country", "division", "region", "crossing", "line", "venue", "site"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""The kinds in the order of the numbers that a gazetteer file stores."""
MatchKind = Literal["exact", "variant", "fuzzy"]
ALTERNATE = -1.5
"""What is added to the weight of a place for an alternate name."""

_KIND_WEIGHT = {"country": 8.0, "region": 6.0, "crossing": 4.5, "line": 4.5, "venue": 4.5}
_DIVISION_WEIGHT = {"ADM1": 5.2, "ADM2": 3.8}


def prominence(kind: Kind, code: str | None, population: int, names: int, own: bool) -> float:
    """Return how likely a place is meant by its main name alone (about 0 to 10).

    Parameters
    ----------
    kind
        The kind of the place.
    code
        Its feature code.
    population
        Inhabitants.
    names
        How many names it has.
    own
        Whether it is in the project's own tables.
    """
    size = math.log10(population + 1)
    if kind == "division":
        weight = _DIVISION_WEIGHT.get(code or "", 3.0)
        if population:  # its people, less so than a town's: the bare name is mostly the town's
            weight = max(weight - 1.2, min(weight + 0.8, size - 1.2))
    elif kind == "city":
        weight = size
    elif own:
        weight = max(_KIND_WEIGHT.get(kind, 0.0), size)
    elif kind == "country":
        weight = max(5.0, size)
    else:
        weight = max(1.0, size)
    weight += 0.5 * math.log10(names or 1)
    return weight + 0.5 if code == "PPLC" else weight


class Entry(msgspec.Struct, frozen=True, gc=False):
    """What the gazetteer knows of a place.

    Attributes
    ----------
    place
        The place itself; ``place.name`` is the name to show.
    population
        Inhabitants; 0 where unknown.
    admin1_code, admin2_code
        The codes of the divisions of first and second order that hold it.
    name_count
        How many names the sources have for it: a measure of prominence.
    kind
        ``city`` (any populated place), ``country``, ``division``, ``region``, ``crossing``,
        ``line``, ``venue`` or ``site`` (any other point).
    detail
        What only the project's tables say, under the names of their columns.
    sources
        A bit for each source of the gazetteer that has the place; the first is the project's
        own tables (see :meth:`Gazetteer.sources_of`).
    """

    place: Place
    population: int
    admin1_code: str | None
    admin2_code: str | None
    name_count: int
    kind: Kind
    detail: Mapping[str, str]
    sources: int = 0

    @property
    def description(self) -> str:
        """The name with what it lies in, so that the place can be told from its namesakes."""
        place = self.place
        parts = [place.name]
        if place.admin1 and place.admin1 != place.name:
            parts.append(place.admin1)
        if place.country and self.kind != "country":
            parts.append(place.country)
        return ", ".join(parts)

    @property
    def own_name(self) -> bool:
        """Whether the name to show is the project's own."""
        return bool(self.sources & 1)


class Match(msgspec.Struct, frozen=True, gc=False):
    """A place that has the name looked up.

    Attributes
    ----------
    entry
        The place.
    name
        The stored name that matched, as its source spells it.
    match
        ``exact``: the same name after folding (case, diacritics, hyphens, apostrophes, articles,
        the usual words); ``variant``: it sounds alike and is spelled nearly so; ``fuzzy``: a
        letter or two differ.
    is_primary
        Whether a main name matched rather than an alternate one.
    distance
        Letters that differ, in the spelling that :mod:`geomap.gazetteer.sound` compares.
    weight
        How likely the place is meant by this name (about 0 to 10): its prominence, less for an
        alternate name and for each letter that differs.
    """

    entry: Entry
    name: str
    match: MatchKind
    is_primary: bool
    distance: int = 0
    weight: float = 0.0


@dataclass(slots=True)
class Record:
    """A place on its way into a gazetteer file: what the builder is fed with.

    ``main_names`` are the names it is mainly known by (the first is shown), ``other_names`` the
    alternates. ``admin1_code`` and ``admin2_code`` are codes; ``admin1`` is the name of a division
    that has no code. A record without a ``kind`` adds names to a place of another source.
    """

    id: str
    geonameid: int | None
    main_names: tuple[str, ...]
    other_names: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    feature_class: str | None = None
    feature_code: str | None = None
    country: str | None = None
    admin1_code: str | None = None
    admin1: str | None = None
    admin2_code: str | None = None
    population: int = 0
    kind: Kind | None = "city"
    detail: dict[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    name_count: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """What a gazetteer is made from, as its builder needs it.

    ``identity`` is what ``run.json`` records (name, version, hash, sources, licences);
    ``demonyms`` maps a folded word to the ISO codes of the countries it stands for, ``words`` other
    words, as they are written, to the ids of the places they stand for.
    """

    identity: Mapping[str, Any]
    demonyms: Mapping[str, tuple[str, ...]]
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
