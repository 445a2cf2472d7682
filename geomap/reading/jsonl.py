"""JSON Lines: an article a line, read line by line; a broken line loses no other."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from geomap.model import Document
from geomap.reading.decoding import MAX_LINE, chunks, find_encoding, lines, marked, open_text
from geomap.reading.keys import document_of, kind_of
from geomap.reading.opening import Source
from geomap.reading.values import Piece, RefusalError, Refused

__all__ = ["read_jsonl"]


def read_jsonl(source: Source) -> Iterator[Piece[Document | Refused]]:
    """Yield the articles of a file of JSON Lines."""
    for number, line in enumerate(lines(_opened(source)), start=1):
        where = f"{source.name}, line {number}"
        try:
            if line is None:
                raise RefusalError(f"it is longer than the limit of {MAX_LINE:,} bytes for a line")
            if line.strip():
                yield Piece(where, document_of(f"{source.stem}:{number}", _parse(line)))
        except RefusalError as refusal:
            yield Piece(where, Refused(where, str(refusal)))


def _opened(source: Source) -> Any:
    """Open the file: as bytes, or as text where a byte-order mark tells another encoding."""
    encoding = marked(source.open().read(4))
    if encoding is None:
        return source.open()
    if encoding.codec != "utf-8":
        encoding = find_encoding(chunks(source.open()))
        return open_text(source.open(), encoding, newline="\n")
    opened = source.open()
    opened.read(encoding.mark)
    return opened


def _parse(line: bytes | str) -> Mapping[str, Any]:
    try:
        row = json.loads(line.decode("utf-8") if isinstance(line, bytes) else line)
    except UnicodeDecodeError:
        raise RefusalError("it is not UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise RefusalError(f"it is not valid JSON ({error})") from None
    if not isinstance(row, dict):
        raise RefusalError(f"it is {kind_of(row)}, not a JSON object")
    return row
