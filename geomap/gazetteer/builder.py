"""Writing a gazetteer file: any number of places and names, in bounded memory.

Places and names are staged as they come, in any order, and sorted by SQLite on disk. Rows of one
place from several sources become one place: the source of the lowest rank leads, the others fill
in what it lacks.
"""

import contextlib
import glob
import itertools
import json
import os
import secrets
import sqlite3
import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from tqdm import tqdm

from geomap.errors import GazetteerError
from geomap.gazetteer import store
from geomap.gazetteer.keyset import KeySet
from geomap.gazetteer.record import ALTERNATE, KINDS, Record, Source, prominence
from geomap.gazetteer.sound import sounds
from geomap.names import fold_uncached

__all__ = ["MAX_ID", "OWN", "Builder", "PlaceRow", "build", "progress_bar", "scaled"]

OWN = 1
"""The bit of the project's own tables among the sources of a place."""
MAX_ID = 99_999_999
MAX_WORDS = 8
_MAX_KEY = 100
_BATCH = 20_000
_BLOCK = 16
_IN_BLOCK = (1 << _BLOCK) - 1
_PLACE = f"INSERT INTO stage.place VALUES ({', '.join('?' * 15)})"
_MERGED = f"INSERT INTO main.place VALUES ({', '.join('?' * 11)})"
_NAME = "INSERT INTO stage.name VALUES (?, ?, ?, ?, ?)"
_ALTERNATE = round(10 * ALTERNATE) << 3
_CITY, _CROSSING = KINDS.index("city"), KINDS.index("crossing")

PlaceRow = tuple[Any, ...]
"""n, rank, name, latitude, longitude, class, code, country, admin1, admin2, population, names,
kind, sources, detail, as in the table ``stage.place``."""


class _Numbers:
    """A number below 65,536 for each place, in two bytes: 0 where none was set."""

    def __init__(self) -> None:
        self._blocks: dict[int, array[int]] = {}

    def get(self, n: int) -> int:
        block = self._blocks.get(n >> _BLOCK)
        return block[n & _IN_BLOCK] if block is not None else 0

    def set(self, n: int, value: int) -> None:
        block = self._blocks.get(n >> _BLOCK)
        if block is None:
            block = self._blocks[n >> _BLOCK] = array("H", bytes(2 << _BLOCK))
        block[n & _IN_BLOCK] = value


class _Known(_Numbers):
    """Which geonameids there are, and how many further names each has."""

    def add(self, n: int) -> None:
        self.set(n, min(self.get(n) + 1, 65535))


class Builder:
    """A gazetteer file in the making; use it in a ``with`` statement.

    The file is written under another name in the same folder and takes its name in one step at
    the end, so that a build that is killed, or runs twice at once, leaves no half file.

    Parameters
    ----------
    path
        The file to write; replaced if it is there.

    Raises
    ------
    GazetteerError
        If the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        own = f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp"
        self._temporary = path.parent / own
        self._own_ids = itertools.count(-1, -1)
        self._names: list[tuple[str, int, int]] = []
        self._held: dict[int, list[tuple[str, int, int]]] = {}
        self._features: dict[tuple[str | None, ...], int] = {}
        self._areas: dict[tuple[str | None, ...], int] = {}
        self._ranks = _Numbers()
        self._words = 1
        self.known = _Known()

    def __enter__(self) -> "Builder":
        """Open the file."""
        try:
            if not self._path.name or (self._path.exists() and not self._path.is_file()):
                raise FileExistsError(f"{str(self._path)!r} is no file")
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._remove_leftovers()
            self._database = sqlite3.connect(self._temporary, isolation_level=None)
            self._database.executescript(store.SCHEMA)
            self._database.execute("BEGIN")
        except (OSError, sqlite3.Error) as error:
            self._remove()
            raise self._unwritable(error) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the file, and remove it if it was not finished."""
        self._database.close()
        self._remove()
        if isinstance(error, OSError | sqlite3.Error) and not isinstance(error, GazetteerError):
            raise self._unwritable(error) from error

    def add(self, record: Record, *, rank: int, sources: int) -> None:
        """Add a place with all its names.

        Parameters
        ----------
        record
            The place.
        rank
            Which source leads where several have the place: the lowest.
        sources
            The bit of the source.

        Raises
        ------
        ValueError
            If a place of its id that is no GeoNames place is there already.
        """
        n = record.geonameid if record.geonameid is not None else next(self._own_ids)
        aliases = [(i, n) for i in (record.id, *record.aliases) if not i.startswith("geonames:")]
        if n < 0:
            added = self._database.execute("INSERT OR IGNORE INTO alias VALUES (?, ?)", aliases[0])
            if added.rowcount < 1:
                raise ValueError(f"the id {record.id!r} occurs twice")
        names = [(name, n, 1) for name in record.main_names]
        names[0] = (record.main_names[0], n, 2)
        names += [(name, n, 0) for name in record.other_names]
        count = record.name_count
        if count is None:
            count = len({name for name, _, _ in names})
        detail = dict(record.detail)
        if record.admin1 and not record.admin1_code:
            detail["admin1"] = record.admin1
        row = (
            n, rank, record.main_names[0], scaled(record.latitude), scaled(record.longitude),
            record.feature_class, record.feature_code, record.country, record.admin1_code,
            record.admin2_code, record.population, count,
            KINDS.index(record.kind) if record.kind else None, sources,
            json.dumps(detail, ensure_ascii=False) if detail else None,
        )  # fmt: skip
        self._database.executemany("INSERT OR IGNORE INTO alias VALUES (?, ?)", aliases)
        if record.kind is None:
            self._database.execute(_PLACE, row)
            self._held.setdefault(n, []).extend(names)
        else:
            self.add_rows([row], names)

    def add_rows(
        self, rows: Sequence[PlaceRow], names: Iterable[tuple[str, int, int]] = ()
    ) -> None:
        """Add places as rows, and names as (name, n, 2 for the first, 1 for another main one)."""
        self._database.executemany(_PLACE, rows)
        for row in rows:
            if row[0] > 0:
                self.known.add(row[0])
        self._names.extend(names)
        if len(self._names) >= _BATCH:
            self._flush()

    def add_names(self, names: Iterable[tuple[str, int, int]]) -> None:
        """Add names of places that were added before."""
        self._names.extend(names)
        if len(self._names) >= _BATCH:
            self._flush()

    def add_parents(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Add pairs of geonameids: a place and one that holds it."""
        self._database.executemany("INSERT INTO stage.parent VALUES (?, ?)", pairs)

    def add_division(self, code: str, name: str, n: int | None) -> None:
        """Add the name of a division under its code (``AF.11``); the first counts."""
        self._database.execute("INSERT OR IGNORE INTO division VALUES (?, ?, ?)", (code, name, n))

    def finish(self, source: Source, *, progress: bool = True) -> dict[str, int]:
        """Sort, merge and index what was added, and put the file in its place.

        Returns
        -------
        dict
            The number of places of each kind, and of names.
        """
        database = self._database
        counts = self._merge(progress)
        self._flush()
        database.create_function("rank", 2, self._rank, deterministic=True)
        for statement in store.FINISH.strip().removesuffix(";").split(";\n"):
            database.execute(statement)
        database.executemany(
            "INSERT INTO demonym VALUES (?, ?)",
            ((word, " ".join(codes)) for word, codes in sorted(source.demonyms.items())),
        )
        database.executemany(
            "INSERT INTO word VALUES (?, ?)",
            ((word, " ".join(ids)) for word, ids in sorted(source.words.items())),
        )
        counted = self._write_meta(source.identity, counts)
        database.execute("COMMIT")
        database.execute("DETACH stage")
        database.close()
        with self._temporary.open("rb+") as file:
            os.fsync(file.fileno())
        self._temporary.replace(self._path)
        return counted

    def _flush(self) -> None:
        """Stage the names that wait, with their keys and codes."""
        rows: list[tuple[str, str, int, int]] = []
        last = ("", 0)
        for name, n, main in self._names:
            key = fold_uncached(name)
            if key and len(key) <= _MAX_KEY and (key, n) != last:
                last = (key, n)
                rows.append((key, name, n, main))
        self._names.clear()
        self._words = max(self._words, max((r[0].count(" ") + 1 for r in rows), default=1))
        heard = sounds([row[0] for row in rows]) if rows else ()
        self._database.executemany(
            _NAME,
            (
                (code, key, n, main, "" if main == 2 or key.title() == name else name)
                for (key, name, n, main), (code, *_) in zip(rows, heard, strict=True)
            ),
        )

    def _merge(self, progress: bool) -> Counter[str]:
        """Write the staged rows as places, those of one number as one."""
        counts: Counter[str] = Counter()
        rows = self._database.execute("SELECT * FROM stage.place ORDER BY n, rank")
        places = self._merged(progress_bar(rows, "writing the places", progress))
        while batch := list(itertools.islice(places, _BATCH)):
            self._database.executemany(_MERGED, batch)
            counts.update(KINDS[row[8]] for row in batch)
        features = ((number, *value) for value, number in self._features.items())
        self._database.executemany("INSERT INTO feature VALUES (?, ?, ?)", features)
        areas = ((number, *value) for value, number in self._areas.items())
        self._database.executemany("INSERT INTO area VALUES (?, ?, ?, ?)", areas)
        return counts

    def _merged(self, rows: Iterable[PlaceRow]) -> Iterator[PlaceRow]:
        """Yield one place for the rows that have its number, the leading one of which is first."""
        place: list[Any] | None = None
        for row in rows:
            if place is not None and place[0] == row[0]:
                _fill(place, row)
                continue
            if place is not None and place[11] is not None:
                yield self._finished(place)
            place = [row[0], *row[2:]]
        if place is not None and place[11] is not None:
            yield self._finished(place)

    def _finished(self, place: list[Any]) -> PlaceRow:
        """Return a place as the file has it."""
        n = place[0]
        if n > 0:
            place[10] = max(place[10], self.known.get(n))
        if n in self._held:
            self.add_names(self._held[n])
        features, areas = self._features, self._areas
        self._note_rank(place)
        feature = features.setdefault((place[4], place[5]), len(features))
        area = areas.setdefault((place[6], place[7], place[8]), len(areas))
        return (*place[:4], feature, area, *place[9:])

    def _note_rank(self, place: Sequence[Any]) -> None:
        """Remember the rank of the names of a place."""
        weight = prominence(
            KINDS[place[11]], place[5], place[9], place[10], own=bool(place[12] & OWN)
        )
        self._ranks.set(place[0], store.rank_of(weight, 0, place[2] is not None))

    def _rank(self, n: int, main: int) -> int | None:
        """Return the rank of a name of a place; None if there is no such place."""
        rank = self._ranks.get(n)
        if not rank:
            return None
        return rank + main if main else rank + _ALTERNATE

    def _write_meta(self, identity: Mapping[str, Any], counts: Counter[str]) -> dict[str, int]:
        database = self._database
        (names,) = database.execute("SELECT count(*) FROM main.name").fetchone()
        keys = "SELECT key FROM main.name GROUP BY code, key"
        (distinct,) = database.execute(f"SELECT count(*) FROM ({keys})").fetchone()
        stream = (row[0] for row in database.execute(keys))
        counted = {**dict(sorted(counts.items())), "names": names}
        database.executemany(
            "INSERT INTO meta VALUES (?, ?)",
            [
                ("identity", json.dumps({**identity, "counts": counted}, ensure_ascii=False)),
                ("keyset", bytes(KeySet.of(stream, distinct).bits)),
                ("longest_words", min(self._words, MAX_WORDS)),
            ],
        )
        database.execute(f"PRAGMA application_id = {store.APPLICATION_ID}")
        database.execute(f"PRAGMA user_version = {store.SCHEMA_VERSION}")
        return counted

    def _remove_leftovers(self) -> None:
        """Remove what builds of this file left that were killed."""
        for path in self._path.parent.glob(f"{glob.escape(self._path.name)}.*-*.tmp"):
            number = path.name.removeprefix(f"{self._path.name}.").partition("-")[0]
            if os.name == "posix" and number.isdigit() and not _alive(int(number)):
                with contextlib.suppress(OSError):
                    path.unlink()

    def _remove(self) -> None:
        with contextlib.suppress(OSError):
            self._temporary.unlink(missing_ok=True)

    def _unwritable(self, error: Exception) -> GazetteerError:
        return GazetteerError(
            f"{self._path}: the gazetteer cannot be written ({error}); make room, or choose "
            "another folder (XDG_CACHE_HOME for the default gazetteer)"
        )


def _alive(process: int) -> bool:
    """Whether there is a process with a number."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def scaled(degrees: float | None) -> int | None:
    """Return degrees as the whole number that the file stores."""
    return None if degrees is None else round(degrees * store.SCALE)


def progress_bar(items: Iterable[Any], what: str, show: bool, total: int | None = None) -> Any:
    """Return a bar that yields the items, shown where standard error is a terminal."""
    hidden = not (show and sys.stderr.isatty())
    return tqdm(items, desc=what, total=total, unit=" rows", disable=hidden, leave=False)


def build(path: Path, records: Iterable[Record], source: Source, *, progress: bool = True) -> None:
    """Write a gazetteer file of records, whole or not at all.

    Parameters
    ----------
    path
        The file to write; replaced if it is there.
    records
        The places, read once. Of two with the same geonameid the first leads.
    source
        What they come from.
    progress
        Whether to show a progress bar (on a terminal only).

    Raises
    ------
    GazetteerError
        If the file cannot be written.
    """
    with Builder(path) as builder:
        for rank, record in enumerate(progress_bar(records, "compiling the gazetteer", progress)):
            builder.add(record, rank=rank, sources=OWN)
        builder.finish(source, progress=progress)


def _fill(place: list[Any], other: PlaceRow) -> None:
    """Fill what a place (without its rank) lacks from a row of the same place."""
    _, _, _, latitude, longitude, klass, code, *rest = other
    country, admin1, admin2, population, names, kind, sources, detail = rest
    if klass == "P" and place[11] == _CROSSING:  # a town that gives a crossing its name
        place[4], place[5] = klass, code
    if place[2] is None or place[3] is None:
        place[2], place[3] = latitude, longitude
    if place[4] is None:
        place[4] = klass
    if place[5] is None:
        place[5] = code
    for at, value in ((6, country), (7, admin1), (8, admin2), (11, kind)):
        if place[at] is None:
            place[at] = value
    place[9] = max(place[9], population)
    place[10] = max(place[10], names)
    place[12] |= sources
    if detail:
        ours = json.loads(place[13]) if place[13] else {}
        place[13] = json.dumps({**json.loads(detail), **ours}, ensure_ascii=False)
