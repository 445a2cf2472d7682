"""Parquet: an article a row, read some rows at a time; the columns are the keys of an article."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from geomap.bounds import MAX_RATIO, most_unpacked
from geomap.extras import needed
from geomap.model import Document
from geomap.reading.keys import KEYS, document_of
from geomap.reading.opening import Source
from geomap.reading.table import columns_of
from geomap.reading.values import Piece, RefusalError, Refused

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

__all__ = ["read_parquet"]

_ROWS = 16
_MAX_HEADER = 16 << 20
"""The longest text and the longest list in what a file says of itself."""


def read_parquet(source: Source) -> Iterator[Piece[Document | Refused]]:
    """Yield the articles of a Parquet file."""
    whole = source.whole()
    file = _opened(whole)
    columns = [name for name in columns_of(list(file.schema_arrow.names)) if name in KEYS]
    _check_size(file, whole.seek(0, io.SEEK_END))
    number = 0
    for row in _rows(file, columns):
        number += 1
        where = f"{source.name}, row {number}"
        try:
            yield Piece(where, document_of(f"{source.stem}:{number}", row))
        except RefusalError as refusal:
            yield Piece(where, Refused(where, str(refusal)))
    if not number:
        raise RefusalError("it has no rows")


def _opened(whole: BinaryIO) -> "ParquetFile":
    parquet = needed("pyarrow.parquet", "parquet", RefusalError)
    try:
        file: ParquetFile = parquet.ParquetFile(
            whole,
            thrift_string_size_limit=_MAX_HEADER,
            thrift_container_size_limit=_MAX_HEADER,
        )
    except _damage() as error:
        raise _broken(error) from None
    return file


def _check_size(file: "ParquetFile", size: int) -> None:
    """Refuse a file that unpacks to far more than text does.

    The sizes are those of whole groups of rows: pyarrow ends the process where what a file tells of
    a single column is broken.
    """
    about = file.metadata
    groups = (about.row_group(number) for number in range(about.num_row_groups))
    if sum(max(0, group.total_byte_size) for group in groups) > most_unpacked(size):
        raise RefusalError(f"it unpacks to more than {MAX_RATIO} times its size, as a bomb does")


def _rows(file: "ParquetFile", columns: list[str]) -> Iterator[dict[str, Any]]:
    try:
        for batch in file.iter_batches(_ROWS, columns=columns, use_threads=False):
            yield from batch.to_pylist()
    except _damage() as error:
        raise _broken(error) from None


def _damage() -> tuple[type[Exception], ...]:
    """Return what is raised where a file is not what it says."""
    arrow = needed("pyarrow", "parquet", RefusalError)
    return (arrow.ArrowException, OSError, ValueError, OverflowError)


def _broken(error: Exception) -> RefusalError:
    first = str(error).partition("\n")[0][:200].rstrip(". ")
    return RefusalError(f"it is not valid Parquet ({first})")
