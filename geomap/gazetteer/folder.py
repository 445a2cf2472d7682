"""A gazetteer from a folder of GeoNames' files, the project's tables and lists of one's own."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geomap import tables as project_tables
from geomap.digest import sha256
from geomap.errors import GazetteerError
from geomap.gazetteer import custom, default, geonames, own
from geomap.gazetteer.builder import Builder, progress_bar
from geomap.gazetteer.record import Source
from geomap.gazetteer.textfiles import Rejected, Text, members

__all__ = ["Built", "build_folder"]

LICENCE = "GeoNames, https://www.geonames.org, CC BY 4.0"
_GEONAMES = 2
_PRIORITY = 1_000_000
_LISTS = (".csv", ".geojson")
_MOST_LISTS = 60
_SKIPPED = (".toml", ".md", ".json5")


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: places and names by kind, rows passed over, files not used."""

    counts: Mapping[str, int]
    rejected: Rejected
    unused: Sequence[str] = ()


@dataclass(slots=True)
class _Found:
    """What lies in a folder, by its role."""

    texts: dict[geonames.Role, list[Text]] = field(default_factory=dict)
    lists: list[custom.PlaceList] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)

    def add(self, text: Text) -> None:
        role = geonames.role_of(text)
        if role is None:
            self.unused.append(text.name)
        elif not any(text.stem == known.stem for known in self.of(role)):  # AF.txt beside AF.zip
            self.texts.setdefault(role, []).append(text)

    def of(self, role: geonames.Role) -> list[Text]:
        return self.texts.get(role, [])


def build_folder(
    folder: Path,
    output: Path,
    *,
    add: Sequence[Path] = (),
    columns: Mapping[str, str] | None = None,
    progress: bool = True,
) -> Built:
    """Build a gazetteer file.

    Parameters
    ----------
    folder
        Files of GeoNames' formats, zipped or not, as its download server lays them out, and
        lists of places of one's own (CSV, GeoJSON).
    output
        The file to write; replaced in one step if it is there.
    add
        More lists of one's own.
    columns
        The mapping of these lists: our column to theirs.
    progress
        Whether to show progress bars (on a terminal only).

    Raises
    ------
    GazetteerError
        If the folder holds no places, a file cannot be read, or the output not be written.
    """
    if not folder.is_dir():
        raise GazetteerError(f"{folder}: no such folder; give one with GeoNames' files")
    rejected = Rejected()
    found = _scan(folder, rejected)
    found.lists += [custom.open_list(path, columns) for path in add]
    if len(found.lists) > _MOST_LISTS:
        raise GazetteerError(
            f"{folder}: {len(found.lists)} lists of places; {_MOST_LISTS} at the most, join some"
        )
    if not found.of("places") and not found.lists:
        refused = f" ({rejected.files[0]})" if rejected.files else ""
        raise GazetteerError(
            f"{folder}: no file of places in it; GeoNames' have 19 columns (AF.zip, "
            f"cities500.zip){refused}"
        )
    tables = {name: project_tables.read_table(name) for name in own.TABLES}
    with Builder(output) as builder:
        default.add_tables(builder, tables)
        reader = geonames.Reader(builder, _GEONAMES, _named(found), rejected)
        used = _add_geonames(reader, found, progress)
        for at, places in enumerate(found.lists):
            given = places.path in add
            used += _add_list(builder, places, at, rejected, strict=given)
        if not used:
            first = (*rejected.first, *rejected.files, "no row in it")[0]
            raise GazetteerError(f"{folder}: no place could be read ({first})")
        identity = _identity(found, reader, rejected)
        counts = builder.finish(
            Source(identity, own.demonyms(tables), own.words(tables)), progress=progress
        )
    return Built(counts, rejected, found.unused)


def _scan(folder: Path, rejected: Rejected) -> _Found:
    """Sort the files of a folder by what they hold."""
    found = _Found()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        ending = path.suffix.lower()
        if ending in _LISTS:
            try:
                found.lists.append(custom.open_list(path))
            except GazetteerError as error:
                rejected.files.append(str(error))
            continue
        if ending not in (".txt", ".zip", ".tsv"):
            if ending not in _SKIPPED:
                found.unused.append(name)
            continue
        try:
            for text in members(path):
                found.add(text)
        except GazetteerError as error:
            rejected.files.append(str(error))
    return found


def _named(found: _Found) -> frozenset[str] | None:
    """Return the countries whose alternate names come in files of their own; None for all."""
    stems = {text.stem for text in found.of("names")}
    return frozenset(stems) if all(len(stem) == 2 for stem in stems) else None


def _add_list(
    builder: Builder, places: custom.PlaceList, at: int, rejected: Rejected, *, strict: bool
) -> int:
    """Add a list of one's own; return how many places."""
    used = 0
    rank = (100 - places.priority) * _PRIORITY + 1
    try:
        for line, record in custom.records(places, rejected):
            try:
                builder.add(record, rank=rank, sources=4 << at)
                used += 1
            except ValueError as error:
                rejected.add(places.path.name, line, str(error))
    except GazetteerError as error:
        if strict:
            raise
        rejected.files.append(str(error))
    return used


def _add_geonames(reader: geonames.Reader, found: _Found, progress: bool) -> int:
    """Add GeoNames' files; return how many places."""
    rank = 100 * _PRIORITY + 2
    places = found.of("places")
    divisions = [*found.of("admin1"), *found.of("admin2")]
    passes = [
        *(reader.places(text, rank + at) for at, text in enumerate(places)),
        *(reader.divisions(text, rank + len(places)) for text in divisions),
        *(reader.names(text) for text in found.of("names")),
        *(reader.hierarchy(text) for text in found.of("hierarchy")),
    ]
    used = 0
    bar = progress_bar((), "reading GeoNames", progress)
    for at, blocks in enumerate(passes):
        try:
            for count in blocks:
                bar.update(count)
                used += count if at < len(places) else 0
        except GazetteerError as error:
            reader.rejected.files.append(str(error))
    bar.close()
    return used


def _identity(found: _Found, reader: geonames.Reader, rejected: Rejected) -> dict[str, Any]:
    texts = [text for role in sorted(found.texts) for text in found.of(role)]
    files = {
        path: sha256(path) for path in dict.fromkeys([*(t.path for t in texts),
                                                       *(p.path for p in found.lists)])
    }  # fmt: skip
    content = hashlib.sha256(default.content_hash().encode())
    for path in sorted(files, key=lambda path: path.as_posix()):
        content.update(files[path].encode())
    return {
        "name": "geomap gazetteer",
        "version": default.VERSION,
        "hash": f"sha256:{content.hexdigest()}",
        "sources": [
            {"name": "geomap", "title": "the project's own tables", "licence": "CC BY 4.0"},
            {
                "name": "GeoNames",
                "title": "GeoNames",
                "url": "https://www.geonames.org",
                "licence": "CC BY 4.0",
                "date": reader.newest or None,
                "files": sorted({text.path.name for text in texts}),
            },
            *(
                {
                    "name": places.path.stem,
                    "title": places.title,
                    "url": places.url,
                    "licence": places.licence,
                    "date": places.date,
                    "files": [places.path.name],
                }
                for places in found.lists
            ),
        ],
        "tables": list(project_tables.sources()),
        "rejected": dict(sorted(rejected.reasons.items())),
        "files_refused": rejected.files,
    }
