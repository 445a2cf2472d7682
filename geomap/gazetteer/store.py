"""The file of a gazetteer: one SQLite database, written once, then only read.

:mod:`geomap.gazetteer.builder` writes one; :func:`connect` opens one after checking that it is
whole and of this version. Tables:

``place``
    one row a place; ``n`` is its geonameid, or negative for a place of another source;
    coordinates are whole numbers of 1e-7 degrees, ``feature`` and ``area`` rows of these tables,
    ``kind`` is a number of ``record.KINDS``, ``sources`` a bit for each of the identity's sources
``feature``, ``area``
    feature classes and codes; countries with codes of first and second order
``name``
    (code, key, rank, place) in this order: how the name sounds, its folded key, the likeliest
    place first (see :func:`rank_of`); and the spelling where it is neither the place's name nor
    the key with capitals
``division``
    the names and places of countries (``AF``) and their divisions (``AF.11``, ``AF.11.1105``)
``parent``
    what lies in what, beyond what the codes of the divisions say
``alias``
    further ids of a place (those that are no geonameid)
``demonym``, ``word``
    words for people, with the ISO codes of their countries; other words that stand for places
``meta``
    the identity, the key set and the most words in a key
"""

import contextlib
import math
import sqlite3
from pathlib import Path

from geomap.errors import GazetteerError

__all__ = ["APPLICATION_ID", "CELLS_PER_DEGREE", "FINISH", "SCHEMA", "SCHEMA_VERSION", "SCALE",
           "CELL_QUERY",
           "rank_of", "unranked",
           "cell_of", "connect"]  # fmt: skip

SCHEMA_VERSION = 5
APPLICATION_ID = 0x67656F6D
CELLS_PER_DEGREE = 2
SCALE = 10_000_000
"""Steps of the stored coordinates in a degree: about a centimetre."""

_FLOOR = 20
_TRIES = 5
_STEP = SCALE // CELLS_PER_DEGREE
_CELL = (
    f"min((latitude + {90 * SCALE}) / {_STEP}, {180 * CELLS_PER_DEGREE - 1})"
    f" * {360 * CELLS_PER_DEGREE}"
    f" + (longitude + {180 * SCALE}) / {_STEP} % {360 * CELLS_PER_DEGREE}"
)
SCHEMA = """
PRAGMA page_size = 8192;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -32768;
PRAGMA temp_store = FILE;
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE place (
    n INTEGER PRIMARY KEY, name TEXT NOT NULL, latitude INTEGER, longitude INTEGER,
    feature INTEGER NOT NULL, area INTEGER NOT NULL, population INTEGER NOT NULL,
    names INTEGER NOT NULL, kind INTEGER NOT NULL, sources INTEGER NOT NULL, detail TEXT);
CREATE TABLE feature (id INTEGER PRIMARY KEY, class TEXT, code TEXT);
CREATE TABLE area (id INTEGER PRIMARY KEY, country TEXT, admin1 TEXT, admin2 TEXT);
CREATE TABLE name (
    code INTEGER, key TEXT, rank INTEGER, place INTEGER, spelling TEXT NOT NULL,
    PRIMARY KEY (code, key, rank DESC, place)
) WITHOUT ROWID;
CREATE TABLE division (code TEXT PRIMARY KEY, name TEXT NOT NULL, place INTEGER) WITHOUT ROWID;
CREATE TABLE parent (child INTEGER, parent INTEGER, PRIMARY KEY (child, parent)) WITHOUT ROWID;
CREATE TABLE alias (id TEXT PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE word (word TEXT PRIMARY KEY, places TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE demonym (word TEXT PRIMARY KEY, countries TEXT NOT NULL) WITHOUT ROWID;
ATTACH '' AS stage;
PRAGMA stage.cache_size = -8192;
CREATE TABLE stage.place (
    n INTEGER, rank INTEGER, name TEXT, latitude INTEGER, longitude INTEGER, class TEXT, code TEXT,
    country TEXT, admin1 TEXT, admin2 TEXT, population INTEGER, names INTEGER, kind INTEGER,
    sources INTEGER, detail TEXT);
CREATE TABLE stage.name (code INTEGER, key TEXT, place INTEGER, main INTEGER, spelling TEXT);
CREATE TABLE stage.parent (child INTEGER, parent INTEGER);
"""
FINISH = f"""
INSERT INTO main.name
    SELECT code, key, rank(place, max(main)) AS r, place, spelling FROM stage.name
    GROUP BY code, key, place HAVING r IS NOT NULL ORDER BY code, key, r DESC, place;
INSERT OR IGNORE INTO division
    SELECT country || CASE code WHEN 'ADM1' THEN '.' || admin1
        WHEN 'ADM2' THEN '.' || admin1 || '.' || admin2 ELSE '' END, name, n
    FROM place JOIN feature AS f ON f.id = feature JOIN area AS a ON a.id = area
    WHERE kind IN (1, 2) AND country IS NOT NULL
        AND (kind = 1 OR code = 'ADM1' AND admin1 IS NOT NULL
             OR code = 'ADM2' AND admin1 IS NOT NULL AND admin2 IS NOT NULL);
INSERT OR IGNORE INTO main.parent
    SELECT s.child, s.parent FROM stage.parent AS s
    JOIN place AS c ON c.n = s.child JOIN area AS ca ON ca.id = c.area
    JOIN place AS p ON p.n = s.parent JOIN area AS pa ON pa.id = p.area
    JOIN feature AS f ON f.id = p.feature
    WHERE NOT (p.kind IN (1, 2) AND ca.country IS pa.country AND c.kind IN (0, 2)
               AND (p.kind = 1 OR f.code IN ('ADM1', 'ADM2')))
    ORDER BY s.child, s.parent;
CREATE INDEX parent_of ON parent (parent);
CREATE INDEX place_kind ON place (kind) WHERE kind <> 0;
CREATE INDEX place_area ON place (area) WHERE kind = 0;
CREATE INDEX place_cell ON place ({_CELL}) WHERE kind IN (0, 4) AND latitude IS NOT NULL;
"""
CELL_QUERY = f"kind IN (0, 4) AND latitude IS NOT NULL AND {_CELL} BETWEEN ? AND ?"


def rank_of(weight: float, main: int, point: bool) -> int:
    """Return what the file stores of a name beside its place, the likeliest place highest.

    Parameters
    ----------
    weight
        How likely the place is meant by the name, to a tenth.
    main
        2 for the name to show, 1 for another main name, 0 for an alternate one.
    point
        Whether the place has a point.
    """
    return (round(10 * weight) + _FLOOR << 3) + 4 * point + main


def unranked(rank: int) -> tuple[float, int, bool]:
    """Return weight, main and point of a rank."""
    return ((rank >> 3) - _FLOOR) / 10, rank & 3, bool(rank & 4)


class _ReplacedError(GazetteerError):
    """The size of a file is not that of what was opened."""


def cell_of(latitude: float, longitude: float) -> int:
    """Return the number of the half-degree cell that holds a point."""
    row = min(int((latitude + 90) * CELLS_PER_DEGREE), 180 * CELLS_PER_DEGREE - 1)
    column = math.floor((longitude + 180) * CELLS_PER_DEGREE) % (360 * CELLS_PER_DEGREE)
    return row * 360 * CELLS_PER_DEGREE + column


def connect(path: Path) -> sqlite3.Connection:
    """Open a gazetteer file for reading.

    Raises
    ------
    GazetteerError
        If there is no such file, or it is no gazetteer, damaged, or of another version.
    """
    if not path.is_file():
        raise GazetteerError(f"{path}: no such gazetteer file; build one or leave the option out")
    for _ in range(_TRIES - 1):  # a build may put another file in its place in between
        with contextlib.suppress(_ReplacedError):
            return _connect(path)
    return _connect(path)


def _connect(path: Path) -> sqlite3.Connection:
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
        raise _ReplacedError(f"{path}: damaged (its size is wrong); build it again")
    database.execute("SELECT 1 FROM name JOIN place ON n = place LIMIT 1").fetchone()
    database.execute(f"PRAGMA mmap_size = {1 << 34}")
