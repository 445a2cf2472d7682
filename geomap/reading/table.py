"""CSV: an article a row, read row by row; a broken row loses no other that can be told from it."""

import csv
from collections.abc import Iterator
from typing import TextIO

from geomap.model import Document
from geomap.reading.decoding import MAX_LINE, chunks, find_encoding, lines, open_text
from geomap.reading.keys import KEYS, document_of
from geomap.reading.opening import Source
from geomap.reading.values import Piece, RefusalError, Refused

__all__ = ["columns_of", "read_csv"]

_MAX_CELL = 16_000_000
_OPEN_QUOTE = (
    "a quote that opens in this row does not close where a cell ends; this row and all after it "
    "are left out; close it, or double a quote in a cell"
)
_LONG_LINE = f"it is longer than the limit of {MAX_LINE:,} characters for a line"


def read_csv(source: Source) -> Iterator[Piece[Document | Refused]]:
    """Yield the articles of a CSV file; its first row names the columns."""
    encoding = find_encoding(chunks(source.open()))
    rows = _rows(open_text(source.open(), encoding))
    _, header = next(rows, (1, []))
    if isinstance(header, str):
        raise RefusalError(f"it is not valid CSV: its line of column names is broken: {header}")
    columns = columns_of(header)
    number = 0
    for number, (line, cells) in enumerate(rows, start=1):
        where = f"{source.name}, line {line}"
        try:
            if isinstance(cells, str):
                raise RefusalError(cells)
            if len(cells) > len(columns):
                raise RefusalError(
                    f"it has more than {len(columns)} columns; quote cells with commas"
                )
            row = dict(zip(columns, cells, strict=False))
            document = document_of(f"{source.stem}:{number}", row, encoding.warnings)
            yield Piece(where, document, shared=encoding.warnings)
        except RefusalError as refusal:
            yield Piece(where, Refused(where, str(refusal)))
    if not number:
        raise RefusalError("it has no rows")


def columns_of(header: list[str]) -> list[str]:
    """Return the names of the columns: ``text`` is there, and no key is there twice."""
    columns = [column.strip() for column in header]
    for key in KEYS:
        if columns.count(key) > 1:
            raise RefusalError(f"its column {key!r} is there twice; give each column its own name")
    if "text" not in columns:
        raise RefusalError(f"it has no column 'text'; its columns: {', '.join(columns)[:200]}")
    return columns


def _rows(file: TextIO) -> Iterator[tuple[int, list[str] | str]]:
    """Yield the rows with the line each begins on; for a broken row the reason.

    A quote that is left open takes in the rows after it. Where it ends is not known then, and
    nothing is read from there on.
    """
    text = _whole_lines(file)
    before = 0
    reader = csv.reader(text, strict=True)
    while True:
        first = before + reader.line_num + 1
        try:
            cells = _next_row(reader)
        except StopIteration:
            return
        except (csv.Error, _LongLineError) as error:
            long = isinstance(error, _LongLineError)
            last = before + reader.line_num + long
            if first != last or "end of data" in str(error):
                yield first, _OPEN_QUOTE
                return
            why = f"it is not valid CSV ({error}); double a quote in a cell"
            yield first, _LONG_LINE if long else why
            if long:
                text = _whole_lines(file)
            before, reader = last, csv.reader(text, strict=True)
        else:
            if cells:
                yield first, cells


class _LongLineError(Exception):
    """A line is longer than any row may be."""


def _whole_lines(file: TextIO) -> Iterator[str]:
    for line in lines(file):
        if line is None:
            raise _LongLineError
        yield str(line)


def _next_row(reader: Iterator[list[str]]) -> list[str]:
    """Read a row with the project's own limit for a cell; the limit is one of the whole process."""
    limit = csv.field_size_limit(_MAX_CELL)
    try:
        return next(reader)
    finally:
        csv.field_size_limit(limit)
