"""Asking a gazetteer: what is known under a name, an id, an ISO code or near a point."""

import contextlib
import functools
import json
import math
import re
import sqlite3
import weakref
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from geomap import shapes
from geomap.errors import GazetteerError
from geomap.gazetteer import default, store
from geomap.gazetteer.keyset import KeySet
from geomap.gazetteer.record import KINDS, Entry, Match
from geomap.gazetteer.sound import code_of
from geomap.gazetteer.spelling import LEAST, NONE, WEIGHTS, Spelling, similar
from geomap.model import Place
from geomap.names import fold

__all__ = ["Gazetteer", "distance_km"]

_COLUMNS = (
    "n, place.name, latitude, longitude, feature, area, population, names, kind, sources, detail"
)
_NAMES = """SELECT rank, place, spelling FROM name WHERE code = ? AND key = ?
ORDER BY rank DESC, place LIMIT ?"""
_BY_KEY = f"""SELECT rank, spelling, {_COLUMNS} FROM name CROSS JOIN place ON n = name.place
WHERE name.code = ? AND key = ? ORDER BY rank DESC, name.place"""
_PLACES = f"SELECT {_COLUMNS} FROM json_each(?) JOIN place ON n = value"
_IS_KEY = "SELECT 1 FROM name WHERE code = ? AND key = ? LIMIT 1"
_AREA = """
SELECT country, admin1, admin2, d.name, e.name FROM area
LEFT JOIN division AS d ON d.code = country || '.' || admin1
LEFT JOIN division AS e ON e.code = country || '.' || admin1 || '.' || admin2
WHERE id = ?
"""
_ID_OF = "SELECT id FROM alias WHERE place = ? ORDER BY id LIMIT 1"
_EARTH_KM = 6371.0088
_EMPTY: dict[str, str] = {}
_TOWN_KM = 25.0
_WEIGHED = 16
_LONGEST = 200
_POWERS = [10 ** (store.unranked(i << 3)[0]) for i in range(512)]
_TYPE = "city|town|village|port|district|province|state"
_WRAPPING = re.compile(rf"^(?:the |(?:{_TYPE}) of )+|(?: (?:{_TYPE}))+$")

Known = tuple[int, int, str]
"""Rank, place and spelling of a name."""


def distance_km(latitude: float, longitude: float, other: Place) -> float:
    """Return the distance of a place from a point along the earth, in kilometres."""
    if other.latitude is None or other.longitude is None:
        return math.inf
    a, b = math.radians(latitude), math.radians(other.latitude)
    half = math.radians(other.longitude - longitude) / 2
    chord = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(half) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(chord)))


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
            self._identity: dict[str, Any] = dict(json.loads(meta["identity"]))
            self._keys = KeySet(meta["keyset"])
            self._longest = int(meta["longest_words"])
        except (sqlite3.Error, KeyError, TypeError, ValueError) as error:
            self.close()
            raise GazetteerError(f"{path}: damaged ({error}); build it again") from error
        self._found = functools.lru_cache(maxsize=1 << 14)(self._query)
        self._is_key = functools.lru_cache(maxsize=1 << 16)(self._has_key)
        self._area = functools.lru_cache(maxsize=1 << 16)(self._area_row)

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

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

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

    # --- by name ------------------------------------------------------------------------------

    def lookup(
        self, name: str, *, country: str | None = None, fuzzy: bool = False
    ) -> tuple[Match, ...]:
        """Return every place that has a name, the likeliest first.

        Parameters
        ----------
        name
            The name, in any spelling that folds to a stored one.
        country
            An ISO 3166-1 alpha-2 code: only places of this country.
        fuzzy
            Whether to look for other spellings of the name where no place has it.
        """
        key = _key(name)
        wanted = country.upper() if country else None
        found = self._found(key) if key in self._keys else ()
        if wanted is not None:
            found = tuple(match for match in found if match.entry.place.country == wanted)
        return found if found or not fuzzy else self.spelled(name, country=country)

    def best(self, name: str) -> tuple[Match, float] | None:
        """Return the likeliest place with a point that has a name, and its share of all weight.

        What :meth:`lookup` would give first, in a time that does not hang on how many places
        have the name: the share is that among the 16 likeliest.
        """
        key = _key(name)
        if key not in self._keys:
            return None
        names = self._rows(_NAMES, (code_of(key), key, _WEIGHED))
        points = [known for known in names if known[0] & 4]
        if not points:
            return None
        total = sum([_POWERS[rank >> 3] for rank, _, _ in points])
        rank, n, spelling = points[0]
        row = self._rows(f"SELECT {_COLUMNS} FROM place WHERE n = ?", (n,))[0]
        return self._match(key, rank, spelling, row), _POWERS[rank >> 3] / total

    def spelled(self, name: str, *, country: str | None = None) -> tuple[Match, ...]:
        """Return the places whose names a name may be another spelling of, the likeliest first.

        Parameters
        ----------
        name
            A name that no place has as it stands.
        country
            An ISO 3166-1 alpha-2 code: only places of this country.
        """
        key = _key(name)
        wanted = country.upper() if country else None
        bare = _WRAPPING.sub("", key)
        if bare != key and (found := self.lookup(bare, country=country)):
            return found
        scored: dict[int, tuple[float, Known, Spelling]] = {}
        for spelling in similar(bare, self._rows) if bare else ():
            for known in self._names(spelling.key, spelling.code):
                score = _score(known, spelling)
                if known[1] not in scored or score > scored[known[1]][0]:
                    scored[known[1]] = score, known, spelling
        meant = _meant(list(scored.values()))
        entries = self._entries([known[1] for _, known, _ in meant])
        return tuple(
            Match(
                entries[known[1]],
                known[2] or spelling.key.title(),
                spelling.match,
                known[0] & 3 > 0,
                spelling.distance,
                score,
            )
            for score, known, spelling in meant
            if wanted is None or entries[known[1]].place.country == wanted
        )

    def contains(self, key: str) -> bool:
        """Whether a folded name is known; fast enough for every n-gram of a text."""
        return key in self._keys and self._is_key(key)

    def longest_words(self) -> int:
        """Return how many words the longest name has (8 at most)."""
        return self._longest

    def _match(self, key: str, rank: int, spelling: str, row: Sequence[Any]) -> Match:
        """Return a place that has a name with a key."""
        entry, main = self._entry(row), rank & 3
        name = spelling or key.title()
        if main == 2 and (not entry.own_name or fold(entry.place.name) == key):
            name = entry.place.name
        return Match(entry, name, "exact", main > 0, 0, store.unranked(rank)[0])

    # --- by id, code and point ----------------------------------------------------------------

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

    def word(self, text: str) -> tuple[str, ...]:
        """Return the ids of the places that a word stands for, as written: Calif., European."""
        return self._words.get(text, ())

    def identity(self) -> dict[str, Any]:
        """Return what the gazetteer is: name, version, hash, sources and counts."""
        return dict(self._identity)

    def sources_of(self, entry: Entry) -> tuple[str, ...]:
        """Return the names of the sources that have a place, in the order of the identity."""
        sources: Sequence[Mapping[str, str]] = self._identity.get("sources", ())
        return tuple(s["name"] for i, s in enumerate(sources) if entry.sources >> i & 1)

    def near(self, latitude: float, longitude: float, *, km: float = 50.0) -> tuple[Entry, ...]:
        """Return the populated places within a distance of a point, the nearest first."""
        found: list[tuple[float, str, Entry]] = []
        for first, last in _cells(latitude, longitude, km):
            query = f"SELECT {_COLUMNS} FROM place WHERE {store.CELL_QUERY}"
            for row in self._rows(query, (first, last)):
                entry = self._entry(row)
                distance = distance_km(latitude, longitude, entry.place)
                if distance <= km and entry.place.feature_class == "P":
                    found.append((distance, entry.place.id, entry))
        found.sort(key=lambda item: item[:2])
        return tuple(entry for _, _, entry in found)

    # --- what lies in what --------------------------------------------------------------------

    def parents(self, entry: Entry) -> tuple[Entry, ...]:
        """Return what holds a place, the smallest first: divisions, country, larger regions."""
        place = entry.place
        codes = [place.country, entry.admin1_code, entry.admin2_code]
        if place.feature_code == "ADM2":
            codes = codes[:2]
        elif place.feature_code == "ADM1":
            codes = codes[:1]
        elif entry.kind == "country":
            codes = []
        found: dict[str, Entry] = {}
        for size in range(len(codes), 0, -1):
            if all(codes[:size]) and (holder := self._by_code(".".join(map(str, codes[:size])))):
                found[holder.place.id] = holder
        queue = [entry, *found.values()]
        while queue:
            child = queue.pop(0)
            number = child.place.geonameid
            query = f"SELECT {_COLUMNS} FROM parent JOIN place ON n = parent WHERE child = ?"
            for row in self._rows(query, (number,)) if number is not None else ():
                holder = self._entry(row)
                if holder.place.id not in found and holder.place.id != place.id:
                    found[holder.place.id] = holder
                    queue.append(holder)
        return tuple(found.values())

    def children(self, entry: Entry, *, towns: bool = False) -> tuple[Entry, ...]:
        """Return what lies directly in a place: divisions and parts, the largest first.

        Parameters
        ----------
        entry
            A country, a division or any other place.
        towns
            Whether the populated places of a division are asked for, rather than its divisions.
        """
        place = entry.place
        level = {"ADM1": 1, "ADM2": 2}.get(place.feature_code or "", 0)
        codes = [place.country, entry.admin1_code, entry.admin2_code][: level + 1]
        found: dict[str, Entry] = {}
        if entry.kind in ("country", "division") and all(codes):
            if towns and level:
                where = "country = ? AND admin1 = ?" + " AND admin2 = ?" * (level > 1)
                areas = f"SELECT id FROM area WHERE {where}"
                query = f"SELECT {_COLUMNS} FROM place WHERE kind = 0 AND area IN ({areas})"
                values: tuple[object, ...] = tuple(codes)
            else:
                query = (
                    f"SELECT {_COLUMNS} FROM division AS d JOIN place ON n = d.place"
                    " WHERE d.code > ? AND d.code < ? AND instr(substr(d.code, ?), '.') = 0"
                )
                code = ".".join(map(str, codes))
                values = (f"{code}.", f"{code}/", len(code) + 2)
            found = {e.place.id: e for e in map(self._entry, self._rows(query, values))}
        if place.geonameid is not None and not towns:
            query = f"SELECT {_COLUMNS} FROM parent JOIN place ON n = child WHERE parent = ?"
            for child in map(self._entry, self._rows(query, (place.geonameid,))):
                found.setdefault(child.place.id, child)
        return tuple(sorted(found.values(), key=lambda e: (-e.population, e.place.id)))

    def divisions_at(self, latitude: float, longitude: float) -> tuple[Entry, ...]:
        """Return the divisions that hold a point, the largest first: country, ADM1, ADM2.

        Country and first-order division are those whose outline holds it (Natural Earth,
        simplified: some kilometres off along a border). The second-order division is that of
        the nearest town in it within 25 km, since there are no outlines of these.
        """
        found = [
            entry
            for key in shapes.areas_at(latitude, longitude)
            if (entry := self.country(key) if len(key) == 2 else self.get(key)) is not None
        ]
        if found and found[-1].place.feature_code == "ADM1":
            holder = found[-1]
            for town in self.near(latitude, longitude, km=_TOWN_KM):
                same = (town.place.country, town.admin1_code)
                if town.admin2_code and same == (holder.place.country, holder.admin1_code):
                    second = self._by_code(".".join((*map(str, same), town.admin2_code)))
                    return (*found, second) if second else tuple(found)
        return tuple(found)

    def _by_code(self, code: str) -> Entry | None:
        return self._one("n = (SELECT d.place FROM division AS d WHERE d.code = ?)", code)

    # --- rows ---------------------------------------------------------------------------------

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._database.execute(query, values).fetchall()
        except sqlite3.ProgrammingError as error:
            raise GazetteerError(f"{self._path}: the gazetteer is closed") from error
        except sqlite3.DatabaseError as error:
            raise GazetteerError(
                f"{self._path}: damaged ({error}); build it again, or delete it if you did not "
                "build it: the default gazetteer is compiled anew"
            ) from error

    def _one(self, condition: str, value: object) -> Entry | None:
        rows = self._rows(f"SELECT {_COLUMNS} FROM place WHERE {condition}", (value,))
        return self._entry(rows[0]) if rows else None

    def _query(self, key: str) -> tuple[Match, ...]:
        rows, match = self._rows(_BY_KEY, (code_of(key), key)), self._match
        return tuple([match(key, row[0], row[1], row[2:]) for row in rows])

    def _names(self, key: str, code: int) -> list[Known]:
        return self._rows(_NAMES, (code, key, -1))

    def _entries(self, numbers: Sequence[int]) -> dict[int, Entry]:
        """Return places by their numbers."""
        rows = self._rows(_PLACES, (str(list(numbers)),)) if numbers else ()
        return {row[0]: self._entry(row) for row in rows}

    def _has_key(self, key: str) -> bool:
        return bool(self._rows(_IS_KEY, (code_of(key), key)))

    def _entry(self, row: Sequence[Any]) -> Entry:
        n, name, latitude, longitude, feature, area, population, names, kind, sources, detail = row
        about = json.loads(detail) if detail else _EMPTY
        country, code1, code2, admin1, admin2 = self._area(area)
        place = Place(
            f"geonames:{n}" if n >= 0 else self._rows(_ID_OF, (n,))[0][0],
            n if n >= 0 else None,
            name,
            None if latitude is None else latitude / store.SCALE,
            None if longitude is None else longitude / store.SCALE,
            *self._features[feature],
            country,
            admin1 or about.get("admin1"),
            admin2,
        )
        return Entry(place, population, code1, code2, names, KINDS[kind], about, sources)

    def _area_row(self, area: int) -> tuple[str | None, ...]:
        """Return country, codes and names of divisions of an area."""
        return self._rows(_AREA, (area,))[0]

    @functools.cached_property
    def _features(self) -> dict[int, tuple[str | None, str | None]]:
        rows = self._rows("SELECT id, class, code FROM feature")
        return {number: (klass, code) for number, klass, code in rows}

    @functools.cached_property
    def _countries(self) -> dict[str, Entry]:
        rows = self._rows(f"SELECT {_COLUMNS} FROM place WHERE kind = 1 ORDER BY sources & 1, n")
        return {entry.place.country or "": entry for entry in map(self._entry, rows)}

    @functools.cached_property
    def _capitals(self) -> dict[str, str]:
        found = {}
        for code, entry in self._countries.items():
            with contextlib.suppress(KeyError):
                found[f"geonames:{entry.detail['capital_geonameid']}"] = code
        return found

    @functools.cached_property
    def _words(self) -> dict[str, tuple[str, ...]]:
        return {word: tuple(ids.split()) for word, ids in self._rows("SELECT * FROM word")}

    @functools.cached_property
    def _demonyms(self) -> dict[str, tuple[str, ...]]:
        rows = self._rows("SELECT word, countries FROM demonym")
        return {word: tuple(codes.split()) for word, codes in rows}


def _key(name: str) -> str:
    """Return the key of a name; that of none for a text too long to be one."""
    return fold(name) if len(name) <= _LONGEST else ""


def _score(known: Known, spelling: Spelling) -> float:
    """Return what speaks for a place whose name may be meant, as a power of ten."""
    weight, main, _ = store.unranked(known[0])
    if spelling.match == "exact":
        return weight
    score = spelling.score + spelling.slope * weight + WEIGHTS["main"] * (main > 0)
    return score / math.log(10)


def _meant(
    found: list[tuple[float, Known, Spelling]],
) -> list[tuple[float, Known, Spelling]]:
    """Return the places that may be meant, the likeliest first; none if none is likely enough."""
    found.sort(key=lambda item: (-item[0], item[1][1]))
    if found and found[0][2].match != "exact":
        shares = [10**score for score, _, _ in found]
        total = sum(shares) + math.exp(NONE)
        if sum(shares) / total < LEAST:
            return []
        found = [item for item, share in zip(found, shares, strict=True) if share / total >= 0.01]
    return found


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
