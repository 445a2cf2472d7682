"""One plain text a file."""

from collections.abc import Iterator

from geomap.model import Document
from geomap.reading.decoding import decode
from geomap.reading.keys import MAX_CHARACTERS, check_text
from geomap.reading.opening import Source, read_at_most
from geomap.reading.sidecar import with_sidecar
from geomap.reading.values import Piece, RefusalError

__all__ = ["MAX_TEXT_BYTES", "TOO_LONG", "read_text"]

MAX_TEXT_BYTES = 4 * MAX_CHARACTERS
TOO_LONG = f"it is longer than the limit of {MAX_CHARACTERS:,} characters; split it"


def read_text(source: Source) -> Iterator[Piece[Document]]:
    """Yield the one article of a text file, with what its sidecar says."""
    text, warnings = decode(read_at_most(source.open(), MAX_TEXT_BYTES, TOO_LONG))
    if not text.strip():
        raise RefusalError("it is empty")
    document = Document(id=source.stem, text=check_text(text), warnings=warnings)
    yield Piece(source.name, with_sidecar(document, source.sidecar))
