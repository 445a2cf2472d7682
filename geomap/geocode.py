"""A geocoder that asks the gazetteer, with the protocol of geopy.

It needs no network and no key, and fits wherever a geopy geocoder does, such as
``geopandas.tools.geocode(names, provider=LocalGeocoder)``.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
from geopy.location import Location
from geopy.point import Point

from geomap.gazetteer import Entry, Gazetteer, Match, distance_km
from geomap.names import fold

__all__ = ["LocalGeocoder"]

NEAR_KM = 50.0
MOST = 10
_LONGEST = 500
_COMMA = re.compile(r"[,;\u060c\u3001\uff0c]")
_TYPES = {
    word: kind
    for kind, words in {
        "division": "province state district governorate region oblast county prefecture canton"
        " department emirate territory voivodeship municipality republic krai wilayat vilayat",
        "city": "city town village",
    }.items()
    for word in words.split()
}

Condition = Callable[[Entry], bool]
Found = list[tuple[Match, float]]
Ask = Callable[[str], Sequence[Match]]
"""How the gazetteer is asked for a name: as it stands, or as another spelling."""


class LocalGeocoder:
    """Names to points and points to names, from the gazetteer alone.

    Parameters
    ----------
    gazetteer
        A gazetteer file, or one that is open; None for the default one.

    Examples
    --------
    >>> geocoder = LocalGeocoder()  # doctest: +SKIP
    >>> geocoder.geocode("Islam Qala").address  # doctest: +SKIP
    'Islam Qala, Herat, Afghanistan'
    """

    def __init__(self, gazetteer: Gazetteer | str | Path | None = None) -> None:
        if not isinstance(gazetteer, Gazetteer):
            gazetteer = Gazetteer.open(gazetteer)
        self._gazetteer = gazetteer

    def geocode(
        self, query: str, *, exactly_one: bool = True, timeout: float | None = None
    ) -> Location | list[Location] | None:
        """Return the place that a query names.

        Parameters
        ----------
        query
            A name, or a name and what it lies in: ``"Herat, Afghanistan"``, ``"Paris, TX"``,
            ``"Kandahar province"``.
        exactly_one
            Whether to return the likeliest place rather than a list of all.
        timeout
            Taken for the protocol's sake; nothing is waited for.

        Returns
        -------
        geopy.location.Location, list of it, or None
            None for no such place. ``raw`` holds the place, ``match`` (how the name matched:
            ``exact``, ``variant`` or ``fuzzy``), ``score`` (0 to 1: how far this place outweighs
            the others of that name) and ``distance`` (letters that differ).
        """
        del timeout
        if not isinstance(query, str) or len(query) > _LONGEST:  # a missing value of a column
            return None
        best = self._gazetteer.best(query) if exactly_one else None
        found = [best] if best is not None else self._find(query)
        locations = [
            self._location(match.entry, match.match, score, distance=match.distance)
            for match, score in (found[:1] if exactly_one else found)
        ]
        if not locations:
            return None
        return locations[0] if exactly_one else locations

    def reverse(
        self,
        query: Point | Sequence[float] | str,
        *,
        exactly_one: bool = True,
        timeout: float | None = None,
    ) -> Location | list[Location] | None:
        """Return the populated place nearest to a point, within 50 km, else what holds the point.

        Parameters
        ----------
        query
            Latitude and longitude: a pair, a :class:`geopy.point.Point` or ``"34.6, 61.1"``.
        exactly_one
            Whether to return the nearest place rather than a list of the ten nearest.
        timeout
            Taken for the protocol's sake; nothing is waited for.

        Returns
        -------
        geopy.location.Location, list of it, or None
            None at sea. ``raw`` holds the place, ``match`` (``nearest``, or ``within`` for a
            division that holds a point far from any town), ``score`` (1 at the place, 0 at 50 km
            from it) and ``divisions``, the ids of the country and the divisions that hold the
            point (:meth:`Gazetteer.divisions_at`).
        """
        del timeout
        if query is None or query == ():
            return None
        at = Point(query)
        holders = self._gazetteer.divisions_at(at.latitude, at.longitude)
        divisions = [holder.place.id for holder in holders]
        near = self._gazetteer.near(at.latitude, at.longitude, km=NEAR_KM)
        locations = [
            self._location(entry, "nearest", 1 - away / NEAR_KM, divisions=divisions)
            for entry in near[: 1 if exactly_one else MOST]
            if (away := distance_km(at.latitude, at.longitude, entry.place)) <= NEAR_KM
        ] or [
            self._location(entry, "within", 0.0, divisions=divisions)
            for entry in holders[-1:]
            if entry.place.latitude is not None
        ]
        if not locations:
            return None
        return locations[0] if exactly_one else locations

    def _find(self, query: str) -> Found:
        """Return the places with a point that a query names, with scores, best first."""
        whole = self._named(query, self._gazetteer.lookup)
        if whole:
            return _scored(whole)
        head, *rest = [part.strip() for part in _COMMA.split(query) if fold(part)] or [""]
        asks: tuple[Ask, ...] = (self._gazetteer.lookup, self._gazetteer.spelled)
        if rest:
            within = (self._within(head, rest, ask) for ask in asks)
            return next((found for found in within if found), [])
        spelled = self._named(head, self._gazetteer.spelled)
        if spelled and spelled[0].match == "exact":  # "Rawal Pindi"
            return _scored(spelled)
        words = head.split()
        for cut in range(len(words) - 1, 0, -1):  # "Paris TX"
            tail = " ".join(words[cut:])
            if self._condition(tail) is not None:
                for ask in asks:
                    if found := self._within(" ".join(words[:cut]), [tail], ask):
                        return found
        return _scored(spelled)

    def _within(self, name: str, parts: Iterable[str], ask: Ask) -> Found:
        """Return the places of a name that lie in all the parts that the gazetteer knows."""
        matches = self._named(name, ask)
        doubt = 1.0
        for part in parts if matches else ():
            condition = self._condition(part)
            if condition is None:
                doubt /= 2
            else:
                matches = [match for match in matches if condition(match.entry)]
        return _scored(matches, doubt)

    def _named(self, name: str, ask: Ask) -> list[Match]:
        """Return the places with a point and a name, or with it but for the type it states."""
        matches: Sequence[Match] = ask(name)
        stripped, kind = _typed(name)
        if not matches and kind is not None:
            found = ask(stripped)
            matches = [match for match in found if match.entry.kind == kind] or found
        return [match for match in matches if match.entry.place.latitude is not None]

    def _condition(self, part: str) -> Condition | None:
        """Return the test for lying in a place; None if the gazetteer does not know it."""
        stripped, kind = _typed(part)
        keys = {fold(part), fold(stripped)}
        code = part.upper() if part.isascii() and part.isalpha() and len(part) < 4 else None
        entries = [match.entry for match in self._gazetteer.lookup(part)]
        if entries and entries[0].kind == "region":  # of no known extent
            return None
        words = map(self._gazetteer.get, self._gazetteer.word(part))
        entries += [entry for entry in words if entry is not None]
        if kind is not None:
            entries += [match.entry for match in self._gazetteer.lookup(stripped)]
        if code is not None and (country := self._gazetteer.country(code)) is not None:
            entries.append(country)
        countries = {e.place.country for e in entries if e.kind == "country"} - {None}
        divisions = {
            (e.place.country, e.admin1_code)
            for e in entries
            if e.place.feature_code == "ADM1" and e.admin1_code
        }
        towns = [e for e in entries if e.place.feature_class == "P"]
        if not (countries or divisions or towns or code):
            return None

        def lies_within(entry: Entry) -> bool:
            place = entry.place
            return (
                place.country in countries
                or (place.country, entry.admin1_code) in divisions
                or (code is not None and entry.admin1_code == code)
                or (place.admin1 is not None and fold(place.admin1) in keys)
                or any(_close(town, entry) for town in towns)
            )

        return lies_within

    def _location(self, entry: Entry, match: str, score: float, **more: object) -> Location:
        place = entry.place
        raw: dict[str, Any] = msgspec.structs.asdict(place)
        raw["match"] = match
        raw["score"] = round(score, 3)
        raw |= more
        return Location(self._address(entry), (place.latitude, place.longitude, 0.0), raw)

    def _address(self, entry: Entry) -> str:
        place = entry.place
        parts = [place.name]
        if place.admin1 and place.admin1 != place.name:
            parts.append(place.admin1)
        if place.country and entry.kind != "country":
            country = self._gazetteer.country(place.country)
            parts.append(country.place.name if country else place.country)
        return ", ".join(parts)


def _scored(matches: Sequence[Match], doubt: float = 1.0) -> Found:
    """Return matches with their share of all weight, the greatest first."""
    if not matches:
        return []
    levels = [match.weight for match in matches]
    top = max(levels)
    weights = [10 ** (level - top) for level in levels]
    total = sum(weights)
    found = [(m, doubt * weight / total) for m, weight in zip(matches, weights, strict=True)]
    found.sort(key=lambda item: -item[1])
    return found


def _typed(name: str) -> tuple[str, str | None]:
    """Return a name without the word for its type, and the kind that the word means."""
    words = name.split()
    if len(words) > 1 and (kind := _TYPES.get(words[-1].casefold())):
        return " ".join(words[:-1]), kind
    if len(words) > 2 and words[1].casefold() == "of" and (kind := _TYPES.get(words[0].casefold())):
        return " ".join(words[2:]), kind
    return name, None


def _close(town: Entry, entry: Entry) -> bool:
    place = town.place
    if place.id == entry.place.id or place.latitude is None or place.longitude is None:
        return False
    return distance_km(place.latitude, place.longitude, entry.place) <= NEAR_KM
