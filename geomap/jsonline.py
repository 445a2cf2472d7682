"""A document as one line of JSON, and back."""

import json

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
    msgspec.MsgspecError, ValueError or RecursionError
        If the line is no JSON, or no document.
    """
    if b"\\ud" not in line:
        return _DECODER.decode(line)
    # The escape of a lone surrogate, which msgspec takes for damage.
    return msgspec.convert(json.loads(line), Document)
