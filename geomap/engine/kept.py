"""What was found in groups of articles, kept in a run folder, so that no work is done twice.

One SQLite file holds the answers under a hash of all that they hang on: the program, the model, the
gazetteer, the options, and the articles of the group. A group that is asked for again is answered
at once, whoever asks; one that changed in the least is read again. A run that is killed leaves what
it has kept: SQLite writes each group whole or not at all.
"""

import functools
import hashlib
import json
import shutil
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from geomap.config import Config
from geomap.engine.tasks import Answer, Work
from geomap.errors import ExportError

__all__ = ["FOLDER", "Kept", "program"]

FOLDER = ".geomap"
"""The folder in a run folder for what the program keeps there for itself."""
_FILE = "kept.sqlite"
_VERSION = 1
_DECODER = msgspec.msgpack.Decoder()  # tells bytes and text apart by itself


class Kept:
    """The answers that a run folder keeps; one run at a time.

    Parameters
    ----------
    folder
        The run folder.
    config
        The options of the work.

    Raises
    ------
    ExportError
        If the folder is in use by another run, or cannot be written.
    """

    def __init__(self, folder: Path, config: Config) -> None:
        self._folder = folder
        self._options = config.described()
        self._made_by: bytes | None = None
        self._path = folder / FOLDER / _FILE
        with self._errors():
            self._path.parent.mkdir(exist_ok=True)
            try:
                self._database = self._opened()
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise
                self._path.unlink()  # no database: what was kept is lost, and is made again
                self._database = self._opened()
            for left in folder.glob(f"{FOLDER}-*"):  # by a run that was killed while it wrote
                shutil.rmtree(left, ignore_errors=True)
            (last,) = self._database.execute("SELECT max(run) FROM answers").fetchone()
        self._run = (last or 0) + 1

    def made_by(self, identity: Mapping[str, Any]) -> None:
        """Say by what model and gazetteer the answers are made; before anything is asked."""
        made = {"program": program(), "identity": identity, "options": self._options}
        text = json.dumps(made, sort_keys=True, default=str)
        self._made_by = hashlib.sha256(text.encode()).digest()

    def find(self, work: Work, items: Sequence[Any]) -> list[Answer] | None:
        """Return the answers to the items, if they are kept."""
        key = self._key(work, items)
        with self._errors():
            found = self._database.execute(
                "UPDATE answers SET run = ? WHERE key = ? RETURNING packed", (self._run, key)
            ).fetchone()
            self._database.commit()
        return None if found is None else list(_DECODER.decode(zlib.decompress(found[0])))

    def keep(self, work: Work, items: Sequence[Any], answers: list[Answer]) -> None:
        """Keep the answers to the items."""
        packed = zlib.compress(msgspec.msgpack.encode(answers), 1)
        row = (self._key(work, items), self._run, packed)
        with self._errors(), self._database:
            self._database.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", row)

    def forget_others(self) -> None:
        """Drop the answers that this run, now at its end, had no use for."""
        with self._errors():
            with self._database:
                self._database.execute("DELETE FROM answers WHERE run < ?", (self._run,))
            self._database.execute("PRAGMA incremental_vacuum").fetchall()

    def close(self) -> None:
        """Let others use the folder; if nothing is kept, it is left as it was."""
        with self._errors():
            empty = self._database.execute("SELECT 1 FROM answers LIMIT 1").fetchone() is None
            self._database.close()
            if empty:
                shutil.rmtree(self._path.parent)

    def _opened(self) -> sqlite3.Connection:
        """Open the file for this run alone."""
        database = sqlite3.connect(self._path, timeout=0.0)
        try:
            database.execute("PRAGMA auto_vacuum = INCREMENTAL")
            database.execute("PRAGMA locking_mode = EXCLUSIVE")
            database.execute("PRAGMA journal_mode = WAL").fetchall()
            database.execute("PRAGMA synchronous = NORMAL")
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if version not in (0, _VERSION):
                raise sqlite3.DatabaseError("of another version")
            with database:
                database.execute(
                    "CREATE TABLE IF NOT EXISTS answers "
                    "(key BLOB PRIMARY KEY, run INTEGER NOT NULL, packed BLOB NOT NULL)"
                )
                database.execute(f"PRAGMA user_version = {_VERSION}")
        except sqlite3.Error:
            database.close()
            raise
        return database

    def _key(self, work: Work, items: Sequence[Any]) -> bytes:
        """Return a hash of all that the answers hang on."""
        assert self._made_by is not None, "made_by comes first"
        digest = hashlib.sha256(self._made_by + work.__name__.encode())
        for item in items:
            digest.update(hashlib.sha256(repr(item).encode("utf-8", "backslashreplace")).digest())
        return digest.digest()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Say in one line what the folder does not allow."""
        try:
            yield
        except sqlite3.Error as error:
            if "locked" in str(error):
                raise ExportError(
                    f"{self._folder}: another run writes into this folder; wait for it, or choose "
                    "another folder"
                ) from None
            raise ExportError(
                f"{self._path}: cannot be used ({error}); remove it, and what it kept is made again"
            ) from None
        except OSError as error:
            raise ExportError(f"{self._path}: cannot be written ({error.strerror})") from None


@functools.cache
def program() -> str:
    """Return a hash of this program, by its files: one that was changed finds other things."""
    digest = hashlib.sha256()
    top = Path(__file__).parents[1]
    for path in sorted(top.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(top).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
