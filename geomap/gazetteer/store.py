"""The file of a gazetteer: one SQLite database, written once, then only read.

:func:`build` streams any number of records into a new file; :func:`connect` opens a file after
checking that it is whole and of this version. Tables:

``place``
    one row a place; ``n`` is its geonameid, or negative for a place of the project's own
``name``
    (key, place) in the order of the keys, with the spellings that fold to the key
``alias``
    further ids of a place (those that are no geonameid)
``demonym``
    words for people, with the ISO codes of their countries
``meta``
    the identity, the key set and the most words in a key
"""

import contextlib
import itertools
import json
import math
import os
import secrets
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from tqdm import tqdm

from geomap.errors import GazetteerError
from geomap.gazetteer.keyset import KeySet
from geomap.gazetteer.record import Record, Source
from geomap.names import fold_uncached

__all__ = ["SCHEMA_VERSION", "build", "cell_of", "connect"]

SCHEMA_VERSION = 1
APPLICATION_ID = 0x67656F6D
MAX_WORDS = 8
CELLS_PER_DEGREE = 2
_MAX_KEY = 100
_BATCH = 5000
_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -65536;
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE place (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL, latitude REAL, longitude REAL,
    feature_class TEXT, feature_code TEXT, country TEXT, admin1_code TEXT, admin1 TEXT,
    admin2 TEXT, population INTEGER NOT NULL, name_count INTEGER NOT NULL, kind TEXT NOT NULL,
    detail TEXT, cell INTEGER);
CREATE TABLE name (
    key TEXT, place INTEGER, main INTEGER NOT NULL, spellings TEXT, PRIMARY KEY (key, place)
) WITHOUT ROWID;
CREATE TABLE alias (id TEXT PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE demonym (word TEXT PRIMARY KEY, countries TEXT NOT NULL) WITHOUT ROWID;
ATTACH '' AS stage;
CREATE TABLE stage.name (key TEXT, place INTEGER, main INTEGER, spellings TEXT);
"""
_FINISH = """
INSERT INTO main.name SELECT key, place, main, spellings FROM stage.name ORDER BY key, place;
CREATE INDEX place_kind ON place (kind) WHERE kind <> 'city';
CREATE INDEX place_cell ON place (cell) WHERE cell IS NOT NULL;
"""
_PLACE = f"INSERT OR IGNORE INTO place VALUES ({', '.join('?' * 16)})"
_NAME = "INSERT INTO stage.name VALUES (?, ?, ?, ?)"

NameRow = tuple[str, int, int, str | None]


def cell_of(latitude: float, longitude: float) -> int:
    """Return the number of the half-degree cell that holds a point."""
    row = min(int((latitude + 90) * CELLS_PER_DEGREE), 180 * CELLS_PER_DEGREE - 1)
    column = math.floor((longitude + 180) * CELLS_PER_DEGREE) % (360 * CELLS_PER_DEGREE)
    return row * 360 * CELLS_PER_DEGREE + column


def build(
    path: Path,
    records: Iterable[Record],
    source: Source,
    *,
    progress: bool = True,
    total: int | None = None,
) -> None:
    """Write a gazetteer file, whole or not at all.

    The file is written under another name in the same folder and takes its name in one step at
    the end, so that a build that is killed, or runs twice at once, leaves no half file.

    Parameters
    ----------
    path
        The file to write; replaced if it is there.
    records
        The places, read once. Of two with the same geonameid the first counts.
    source
        What they come from.
    progress
        Whether to show a progress bar (on a terminal only).
    total
        How many records there are, for the progress bar.

    Raises
    ------
    GazetteerError
        If the file cannot be written.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        bar = tqdm(
            records,
            desc="compiling the gazetteer",
            total=total,
            unit=" places",
            disable=not (progress and sys.stderr.isatty()),
            leave=False,
        )
        with contextlib.closing(sqlite3.connect(temporary, isolation_level=None)) as database:
            _write(database, bar, source)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    except (OSError, sqlite3.Error) as error:
        raise GazetteerError(
            f"{path}: the gazetteer cannot be written ({error}); make room, or choose another "
            "folder (XDG_CACHE_HOME for the default gazetteer)"
        ) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _write(database: sqlite3.Connection, records: Iterable[Record], source: Source) -> None:
    database.executescript(_SCHEMA)
    database.execute("BEGIN")
    counts: Counter[str] = Counter()
    words = 1
    own = itertools.count(-1, -1)
    iterator = iter(records)
    while batch := list(itertools.islice(iterator, _BATCH)):
        names: list[NameRow] = []
        for record in batch:
            n = record.geonameid if record.geonameid is not None else next(own)
            if not _write_place(database, n, record):
                continue
            counts[record.kind] += 1
            names.extend(_name_rows(n, record))
        words = max(words, max((row[0].count(" ") + 1 for row in names), default=1))
        database.executemany(_NAME, names)
    database.executemany(
        "INSERT INTO demonym VALUES (?, ?)",
        ((word, " ".join(codes)) for word, codes in sorted(source.demonyms.items())),
    )
    for statement in _FINISH.strip().splitlines():
        database.execute(statement)
    _write_meta(database, source, counts, words)
    database.execute("COMMIT")
    database.execute("DETACH stage")


def _write_place(database: sqlite3.Connection, n: int, record: Record) -> bool:
    """Insert a place; return False if there is one with its number."""
    point = (record.latitude, record.longitude)
    populated = record.feature_class == "P" and None not in point
    count = record.name_count
    if count is None:
        count = len({*record.main_names, *record.other_names})
    inserted = database.execute(
        _PLACE,
        (
            n,
            record.id,
            record.main_names[0],
            *point,
            record.feature_class,
            record.feature_code,
            record.country,
            record.admin1_code,
            record.admin1,
            record.admin2,
            record.population,
            count,
            record.kind,
            json.dumps(record.detail, ensure_ascii=False) if record.detail else None,
            cell_of(*point) if populated else None,  # type: ignore[arg-type]
        ),
    )
    if inserted.rowcount < 1:
        return False
    for alias in (record.id, *record.aliases):
        if not alias.startswith("geonames:"):
            database.execute("INSERT OR IGNORE INTO alias VALUES (?, ?)", (alias, n))
    return True


def _name_rows(n: int, record: Record) -> Iterator[NameRow]:
    """Yield the keys of a place, each once, with all its spellings."""
    main = len(record.main_names)
    keys: dict[str, tuple[int, list[str]]] = {}
    for i, name in enumerate((*record.main_names, *record.other_names)):
        key = fold_uncached(name)
        if not key or len(key) > _MAX_KEY:
            continue
        spelling = " ".join(name.split())
        if (known := keys.get(key)) is None:
            keys[key] = (int(i < main), [spelling])
        elif spelling not in known[1]:
            known[1].append(spelling)
    shown = [record.main_names[0]]
    for key, (is_main, spellings) in keys.items():
        yield key, n, is_main, None if spellings == shown else "\n".join(spellings)


def _write_meta(
    database: sqlite3.Connection, source: Source, counts: Counter[str], words: int
) -> None:
    (keys,) = database.execute("SELECT count(*) FROM main.name").fetchone()
    stream = (row[0] for row in database.execute("SELECT DISTINCT key FROM main.name"))
    identity = {**source.identity, "counts": {**dict(sorted(counts.items())), "names": keys}}
    database.executemany(
        "INSERT INTO meta VALUES (?, ?)",
        [
            ("identity", json.dumps(identity, ensure_ascii=False, default=str)),
            ("keyset", bytes(KeySet.of(stream, keys).bits)),
            ("longest_words", min(words, MAX_WORDS)),
        ],
    )
    database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    database.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def connect(path: Path) -> sqlite3.Connection:
    """Open a gazetteer file for reading.

    Raises
    ------
    GazetteerError
        If there is no such file, or it is no gazetteer, damaged, or of another version.
    """
    if not path.is_file():
        raise GazetteerError(f"{path}: no such gazetteer file; build one or leave the option out")
    try:
        database = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
        )
    except sqlite3.Error as error:
        raise GazetteerError(f"{path}: cannot be opened ({error})") from error
    try:
        _check(database, path)
    except sqlite3.Error as error:
        database.close()
        raise GazetteerError(
            f"{path}: not a gazetteer file, or damaged ({error}); build it again"
        ) from error
    except GazetteerError:
        database.close()
        raise
    return database


def _check(database: sqlite3.Connection, path: Path) -> None:
    def pragma(name: str) -> int:
        return int(database.execute(f"PRAGMA {name}").fetchone()[0])

    if pragma("application_id") != APPLICATION_ID:
        raise GazetteerError(f"{path}: not a gazetteer file; build one with `geomap gazetteer`")
    if (version := pragma("user_version")) != SCHEMA_VERSION:
        raise GazetteerError(
            f"{path}: a gazetteer of version {version}; this geomap reads version "
            f"{SCHEMA_VERSION}: build it again"
        )
    if pragma("page_count") * pragma("page_size") != path.stat().st_size:
        raise GazetteerError(f"{path}: damaged (its size is wrong); build it again")
    database.execute("SELECT 1 FROM name JOIN place ON n = place LIMIT 1").fetchone()
    database.execute(f"PRAGMA mmap_size = {1 << 30}")
