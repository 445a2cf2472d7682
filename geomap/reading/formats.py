"""The kinds of files that are read, by their suffix: one entry a kind."""

from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import Any

from geomap.reading.feed import read_feed
from geomap.reading.jsonl import read_jsonl
from geomap.reading.opening import COMPRESSED, Source
from geomap.reading.page import read_page
from geomap.reading.parquet import read_parquet
from geomap.reading.table import read_csv
from geomap.reading.text import read_text
from geomap.reading.values import Piece
from geomap.reading.warc import read_warc

__all__ = ["FORMATS", "SUFFIXES", "Format", "suffix_of"]

Format = Callable[[Source], Iterator[Piece[Any]]]
"""Yields the pieces of a file, in order, as it is read. A refusal that it raises refuses what is
left of the file."""

FORMATS: dict[str, Format] = {
    ".txt": read_text,
    ".md": read_text,
    ".html": read_page,
    ".htm": read_page,
    ".jsonl": read_jsonl,
    ".csv": read_csv,
    ".parquet": read_parquet,
    ".rss": read_feed,
    ".atom": read_feed,
    ".xml": read_feed,
    ".warc": read_warc,
}
SUFFIXES = tuple(FORMATS)


def suffix_of(name: str) -> str | None:
    """Return the suffix that tells the kind of a file, packed or not; None if none is known."""
    path = PurePath(name.lower())
    if path.suffix in COMPRESSED:
        path = PurePath(path.stem)
    return path.suffix if path.suffix in FORMATS else None
