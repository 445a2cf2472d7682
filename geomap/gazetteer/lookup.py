"""Asking a gazetteer: what is known under a name, an id, an ISO code or near a point."""

import contextlib
import functools
import json
import math
import sqlite3
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geomap.errors import GazetteerError
from geomap.gazetteer import default, store
from geomap.gazetteer.keyset import KeySet
from geomap.gazetteer.record import Entry, Match, MatchKind
from geomap.model import Place
from geomap.names import fold

__all__ = ["Gazetteer", "distance_km", "relevance"]

_COLUMNS = (
    "n, id, place.name, latitude, longitude, feature_class, feature_code, country, admin1, admin2,"
    " population, admin1_code, name_count, kind, detail"
)
_BY_KEY = f"SELECT {_COLUMNS}, main, spellings FROM name JOIN place ON n = name.place WHERE key = ?"
_KIND_WEIGHT = {"country": 8.0, "region": 6.0, "crossing": 4.5, "line": 4.5, "venue": 4.5}
_DIVISION_WEIGHT = {"ADM1": 5.2, "ADM2": 3.8}
_EARTH_KM = 6371.0088
_EMPTY: dict[str, str] = {}

Known = tuple[Entry, bool, tuple[str, ...]]


def distance_km(latitude: float, longitude: float, other: Place) -> float:
    """Return the distance of a place from a point along the earth, in kilometres."""
    if other.latitude is None or other.longitude is None:
        return math.inf
    a, b = math.radians(latitude), math.radians(other.latitude)
    half = math.radians(other.longitude - longitude) / 2
    chord = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(half) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(chord)))


def relevance(entry: Entry, *, primary: bool = True) -> float:
    """Return how likely a place is meant by its name alone (about 0 to 10)."""
    size = math.log10(entry.population + 1)
    if entry.kind == "division":
        weight = _DIVISION_WEIGHT.get(entry.place.feature_code or "", 3.0)
    elif entry.kind in _KIND_WEIGHT:
        weight = max(_KIND_WEIGHT[entry.kind], size)
    else:
        weight = size
    weight += 0.5 * math.log10(max(1, entry.name_count))
    if entry.place.feature_code == "PPLC":
        weight += 0.5
    return weight if primary else weight - 1.5


class Gazetteer:
    """A gazetteer file, open for reading.

    Make one with :meth:`open`. It may be shared by threads; another process opens its own
    (pickling one gives the path along).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._database = store.connect(path)
        self._close = weakref.finalize(self, self._database.close)
        try:
            meta = dict(self._database.execute("SELECT key, value FROM meta"))
            self._identity: dict[str, object] = json.loads(meta["identity"])
            self._keys = KeySet(meta["keyset"])
            self._longest = int(meta["longest_words"])
        except (sqlite3.Error, KeyError, TypeError, ValueError) as error:
            self.close()
            raise GazetteerError(f"{path}: damaged ({error}); build it again") from error
        self._known = functools.lru_cache(maxsize=1 << 14)(self._query)
        self._is_key = functools.lru_cache(maxsize=1 << 16)(self._has_key)

    @classmethod
    def open(cls, path: str | Path | None = None, *, progress: bool = True) -> "Gazetteer":
        """Open a gazetteer.

        Parameters
        ----------
        path
            A gazetteer file; None for the default one, which is compiled where needed.
        progress
            Whether a compilation shows a progress bar (on a terminal only).

        Raises
        ------
        GazetteerError
            If the file is missing, damaged or of another version.
        """
        return cls(default.default_file(progress=progress) if path is None else Path(path))

    def __reduce__(self) -> tuple[type["Gazetteer"], tuple[Path]]:
        """Pickle as the path."""
        return Gazetteer, (self._path,)

    def __enter__(self) -> "Gazetteer":
        """Give itself; the end of the block closes it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._close()

    def lookup(self, name: str, *, country: str | None = None) -> tuple[Match, ...]:
        """Return every place that has a name, the likeliest first.

        Parameters
        ----------
        name
            The name, in any spelling that folds to a stored one.
        country
            An ISO 3166-1 alpha-2 code: only places of this country.
        """
        key = fold(name)
        if key not in self._keys:
            return ()
        spelled = " ".join(name.split())
        wanted = country.upper() if country else None
        found = [
            _match(known, spelled)
            for known in self._known(key)
            if wanted is None or known[0].place.country == wanted
        ]
        found.sort(key=_order)
        return tuple(found)

    def contains(self, key: str) -> bool:
        """Whether a folded name is known; fast enough for every n-gram of a text."""
        return key in self._keys and self._is_key(key)

    def longest_words(self) -> int:
        """Return how many words the longest name has (8 at most)."""
        return self._longest

    def get(self, place_id: str) -> Entry | None:
        """Return the place with an id such as ``geonames:112931``."""
        prefix, _, number = place_id.partition(":")
        if prefix == "geonames" and number.isascii() and number.isdigit() and len(number) < 19:
            return self._one("n = ?", int(number))
        return self._one("n = (SELECT place FROM alias WHERE alias.id = ?)", place_id)

    def country(self, iso2: str) -> Entry | None:
        """Return the country with an ISO 3166-1 alpha-2 code."""
        return self._countries.get(iso2.upper())

    def capital_of(self, iso2: str) -> Entry | None:
        """Return the capital of a country."""
        country = self.country(iso2)
        number = country.detail.get("capital_geonameid") if country else None
        return self.get(f"geonames:{number}") if number else None

    def country_of_capital(self, place_id: str) -> str | None:
        """Return the ISO code of the country whose capital a place is; None for any other."""
        return self._capitals.get(place_id)

    def demonym(self, word: str) -> tuple[str, ...]:
        """Return the ISO codes of the countries that a word for people stands for.

        ``Afghan`` and ``Afghans`` give ``("AF",)``, ``Congolese`` gives two; capitals are the
        caller's business.
        """
        key = fold(word)
        found = self._demonyms.get(key, ())
        return found or (self._demonyms.get(key[:-1], ()) if key.endswith("s") else ())

    def identity(self) -> dict[str, object]:
        """Return what the gazetteer is: name, version, hash, sources and counts."""
        return dict(self._identity)

    def near(self, latitude: float, longitude: float, *, km: float = 50.0) -> tuple[Entry, ...]:
        """Return the populated places within a distance of a point, the nearest first."""
        found: list[tuple[float, str, Entry]] = []
        for first, last in _cells(latitude, longitude, km):
            query = f"SELECT {_COLUMNS} FROM place WHERE cell BETWEEN ? AND ?"
            for row in self._rows(query, first, last):
                entry = _entry(row)
                distance = distance_km(latitude, longitude, entry.place)
                if distance <= km:
                    found.append((distance, entry.place.id, entry))
        found.sort(key=lambda item: item[:2])
        return tuple(entry for _, _, entry in found)

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            return self._database.execute(query, values).fetchall()
        except sqlite3.ProgrammingError as error:
            raise GazetteerError(f"{self._path}: the gazetteer is closed") from error
        except sqlite3.DatabaseError as error:
            raise GazetteerError(f"{self._path}: damaged ({error}); build it again") from error

    def _one(self, condition: str, value: object) -> Entry | None:
        rows = self._rows(f"SELECT {_COLUMNS} FROM place WHERE {condition}", value)
        return _entry(rows[0]) if rows else None

    def _query(self, key: str) -> tuple[Known, ...]:
        found = []
        for *row, main, spellings in self._rows(_BY_KEY, key):
            names = spellings.split("\n") if spellings is not None else [row[2]]
            found.append((_entry(tuple(row)), bool(main), tuple(names)))
        return tuple(found)

    def _has_key(self, key: str) -> bool:
        return bool(self._rows("SELECT 1 FROM name WHERE key = ? LIMIT 1", key))

    @functools.cached_property
    def _countries(self) -> dict[str, Entry]:
        rows = self._rows(f"SELECT {_COLUMNS} FROM place WHERE kind = 'country' ORDER BY n")
        return {entry.place.country or "": entry for entry in map(_entry, rows)}

    @functools.cached_property
    def _capitals(self) -> dict[str, str]:
        found = {}
        for code, entry in self._countries.items():
            with contextlib.suppress(KeyError):
                found[f"geonames:{entry.detail['capital_geonameid']}"] = code
        return found

    @functools.cached_property
    def _demonyms(self) -> dict[str, tuple[str, ...]]:
        rows = self._rows("SELECT word, countries FROM demonym")
        return {word: tuple(codes.split()) for word, codes in rows}


def _entry(row: tuple[Any, ...]) -> Entry:
    n, place_id, *fields = row
    place = Place(place_id, n if n >= 0 else None, *fields[:8])
    population, admin1_code, name_count, kind, detail = fields[8:]
    about = json.loads(detail) if detail else _EMPTY
    return Entry(place, population, admin1_code, name_count, kind, about)


def _match(known: Known, spelled: str) -> Match:
    entry, main, names = known
    exact = spelled in names
    kind: MatchKind = "alternate"
    if main:
        kind = "exact" if exact else "folded"
    return Match(entry, spelled if exact else names[0], kind, main)


def _order(match: Match) -> tuple[float, bool, str]:
    entry = match.entry
    return -relevance(entry, primary=match.is_primary), match.match != "exact", entry.place.id


def _cells(latitude: float, longitude: float, km: float) -> Iterator[tuple[int, int]]:
    """Yield the ranges of cells that a circle touches, one or two for each row of cells."""
    reach = math.degrees(km / _EARTH_KM)
    low, high = max(-90.0, latitude - reach), min(90.0, latitude + reach)
    widest = math.cos(math.radians(max(abs(low), abs(high))))
    across = 180.0 if widest <= math.radians(reach) / math.pi else reach / widest
    columns = 360 * store.CELLS_PER_DEGREE
    start, end = (store.cell_of(at, -180.0) for at in (low, high))
    for row in range(start, end + 1, columns):
        if across >= 179:
            yield row, row + columns - 1
            continue
        first, last = (store.cell_of(-90.0, longitude + side) for side in (-across, across))
        if first <= last:
            yield row + first, row + last
        else:  # over the date line
            yield row + first, row + columns - 1
            yield row, row + last
