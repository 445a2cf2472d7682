"""The values that go into a gazetteer and come out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from geomap.model import Place

__all__ = ["Entry", "Kind", "Match", "MatchKind", "Record", "Source"]

Kind = Literal["city", "country", "division", "region", "crossing", "line", "venue"]
MatchKind = Literal["exact", "folded", "alternate"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What the gazetteer knows of a place.

    Attributes
    ----------
    place
        The place itself; ``place.name`` is the name to show.
    population
        Inhabitants; 0 where unknown.
    admin1_code
        The code of the first-order division within the country.
    name_count
        How many names the sources have for it: a measure of prominence.
    kind
        ``city`` (any populated place), ``country``, ``division``, ``region``, ``crossing``,
        ``line`` or ``venue``.
    detail
        What only the project's tables say, under the names of their columns.
    """

    place: Place
    population: int
    admin1_code: str | None
    name_count: int
    kind: Kind
    detail: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Match:
    """A place that has the name looked up.

    Attributes
    ----------
    entry
        The place.
    name
        The stored name that matched, as its source spells it.
    match
        ``exact``: a main name, spelled like this; ``folded``: a main name, spelled another way;
        ``alternate``: another name of the place.
    is_primary
        Whether a main name matched rather than an alternate one.
    """

    entry: Entry
    name: str
    match: MatchKind
    is_primary: bool


@dataclass(slots=True)
class Record:
    """A place on its way into a gazetteer file: what the builder is fed with.

    ``main_names`` are the names it is mainly known by (the first is shown), ``other_names`` the
    alternates. ``admin1`` and ``admin2`` are names, ``admin1_code`` is a code.
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
    admin2: str | None = None
    population: int = 0
    kind: Kind = "city"
    detail: dict[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    name_count: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """What a gazetteer is made from, as its builder needs it.

    ``identity`` is what ``run.json`` records (name, version, hash, sources, licences);
    ``demonyms`` maps a word to the ISO codes of the countries it stands for.
    """

    identity: Mapping[str, Any]
    demonyms: Mapping[str, tuple[str, ...]]
