"""Downloading GeoNames files: resumed, asked for again only when changed, checked before use.

In the folder of a mirror, ``files/`` keeps each file under its name on the server, with what is
known of it in ``NAME.json``; ``NAME.part`` is the beginning of a file that is still to come.
``sets/`` has a folder for each request, of links to its files. Nothing that a server says is
believed: a file takes its name only when it is whole, a table, and no trap.
"""

import contextlib
import hashlib
import logging
import os
import re
import secrets
import shutil
import sqlite3
import time
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import platformdirs

from geomap import tables as project_tables
from geomap.digest import sha256
from geomap.errors import GazetteerError
from geomap.gazetteer.transfer import Client, Facts, shown

__all__ = ["DEFAULT_MIRROR", "LICENCE", "download"]

DEFAULT_MIRROR = "https://download.geonames.org/export/dump/"
LICENCE = (
    "GeoNames, https://www.geonames.org/, licensed under CC BY 4.0, "
    "https://creativecommons.org/licenses/by/4.0/"
)

_CITIES = ("cities500", "cities1000", "cities5000", "cities15000")
_COMMON = ("admin1CodesASCII.txt", "admin2Codes.txt", "countryInfo.txt", "hierarchy.zip")
_WORLD = ("allCountries.zip", "alternateNamesV2.zip")
_KEEP_DAYS = 30
_log = logging.getLogger(__name__)


def download(
    what: Sequence[str],
    *,
    mirror: str = DEFAULT_MIRROR,
    folder: Path | None = None,
    progress: bool = True,
    timeout: float = 30.0,
    attempts: int = 5,
) -> Path:
    """Download GeoNames files, those that are new or changed, and return a folder of them.

    Parameters
    ----------
    what
        ``cities500``, ``cities1000``, ``cities5000``, ``cities15000``, ISO country codes, or
        ``all``, which holds all others.
    mirror
        The address of a server's folder that is laid out as GeoNames' own.
    folder
        Where files are kept; by default in the user's cache, by the name of the server.
    progress
        Whether to show progress bars (on a terminal only).
    timeout
        Seconds without an answer, or with next to no data, after which an attempt has failed.
    attempts
        How often to ask for a file.

    Returns
    -------
    Path
        A folder that holds exactly the files of this request, laid out as on the server. It is
        not changed later: files that differ make another folder.

    Raises
    ------
    GazetteerError
        If a word is not allowed, a file cannot be had or is not what it should be, or the folder
        cannot be written. A file that was complete before is used, with a warning in the log,
        when the server cannot be reached.
    """
    words, names = _wanted(what)
    mirror, host = _mirror(mirror)
    if folder is None:
        folder = Path(platformdirs.user_cache_dir("geomap")) / "geonames" / host
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder), Client(mirror, folder, progress, timeout, attempts) as client:
            return _link(folder, words, {name: client.fetch(name) for name in names})
    except (OSError, sqlite3.Error) as error:
        raise GazetteerError(
            f"{folder}: downloaded files cannot be kept there ({error}); make room, or choose "
            "another folder (XDG_CACHE_HOME for the default one)"
        ) from error


def _wanted(what: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the words of a request, each once and in order, and the names of its files."""
    countries = {row["iso2"] for row in project_tables.read_table("countries")}
    words = set()
    for word in [what] if isinstance(what, str) else what:
        if word.lower() in (*_CITIES, "all"):
            words.add(word.lower())
        elif word.upper() in countries:
            words.add(word.upper())
        else:
            raise GazetteerError(
                f"{word!r} is nothing to download; allowed are {', '.join(_CITIES)}, all, and "
                "the two-letter ISO codes of countries, such as AF"
            )
    if not words:
        raise GazetteerError("nothing to download was named; name cities500, AF or all")
    if "all" in words:
        return ["all"], [*_COMMON, *_WORLD]
    names = list(_COMMON)
    for word in sorted(words):
        names += (
            [f"{word}.zip"] if word in _CITIES else [f"{word}.zip", f"alternatenames/{word}.zip"]
        )
    return sorted(words), names


def _mirror(address: str) -> tuple[str, str]:
    """Return the address of a mirror with a final slash, and a name of a folder for it."""
    try:
        parts = urllib.parse.urlsplit(address)
        usable = parts.scheme in ("http", "https") and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not parts.hostname or parts.query or parts.fragment:
        raise GazetteerError(
            f"{shown(address)!r} is no address of a mirror; allowed is http:// or https:// with "
            f"a server and a folder, such as {DEFAULT_MIRROR}"
        )
    host = parts.hostname + (f"_{parts.port}" if parts.port else "")
    return address.rstrip("/") + "/", re.sub(r"[^a-z0-9.-]", "_", host).strip(".") or "mirror"


def _link(folder: Path, words: Sequence[str], files: Mapping[str, Facts]) -> Path:
    """Return a folder of the files of a request; its name holds a hash of what is in them."""
    content = "\n".join(f"{name} {facts.sha256}" for name, facts in sorted(files.items()))
    label = "-".join(words) if len(words) <= 12 else f"{words[0]}-and-{len(words) - 1}-more"
    wanted = folder / "sets" / f"{label}-{hashlib.sha256(content.encode()).hexdigest()[:12]}"
    fresh = wanted.with_name(f".{os.getpid()}-{secrets.token_hex(4)}")
    try:
        for name in files:
            target = fresh / name
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                target.hardlink_to(folder / "files" / name)
            except OSError:
                shutil.copy2(folder / "files" / name, target)
        if not _same(wanted, files):
            shutil.rmtree(wanted, ignore_errors=True)
            fresh.replace(wanted)
        os.utime(wanted)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    for old in wanted.parent.iterdir():
        if old != wanted and time.time() - old.stat().st_mtime > _KEEP_DAYS * 86_400:
            shutil.rmtree(old, ignore_errors=True)
    return wanted


def _same(folder: Path, files: Mapping[str, Facts]) -> bool:
    """Whether a folder holds these files and no other."""
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return names == set(files) and all(
        sha256(folder / name) == facts.sha256 for name, facts in files.items()
    )


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep other processes out. The system unlocks when this one ends, in whatever way."""
    with contextlib.closing(sqlite3.connect(folder / "lock", timeout=0)) as lock:
        told = False
        while True:
            try:
                lock.execute("BEGIN EXCLUSIVE")
                break
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
            if not told:
                _log.warning("%s: another geomap downloads into it; waiting for its end", folder)
            told = True
            time.sleep(0.1)
        yield
