"""A document as one line of JSON, and back."""

import json
from typing import Any

import msgspec

from geomap.model import Document

__all__ = ["decode", "encode"]

_KEYS = (
    "id title published published_basis source url language text toponyms events warnings"
).split()
_DECODER = msgspec.json.Decoder(Document)


def encode(document: Document) -> bytes:
    """Return a document as one line of JSON, without its line break."""
    values = {key: getattr(document, key) for key in _KEYS}
    try:
        return msgspec.json.encode(values)
    except UnicodeEncodeError:
        # A lone surrogate has no UTF-8; as an escape it is still JSON.
        return json.dumps(msgspec.to_builtins(values), separators=(",", ":")).encode("ascii")


def decode(line: bytes) -> Document:
    """Return the document that :func:`encode` made a line of.

    Raises
    ------
    msgspec.DecodeError
        If the line is no JSON, or no document.
    """
    try:
        return _DECODER.decode(line)
    except msgspec.DecodeError:
        if b"\\ud" not in line:
            raise
        try:
            values: Any = json.loads(line)  # it takes a lone surrogate
        except ValueError:
            values = None
        if values is None:
            raise
        return msgspec.convert(values, Document)
