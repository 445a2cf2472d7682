"""``documents.jsonl``: the documents, one JSON object a line, and the way back."""

import dataclasses
import json
from collections.abc import Iterable
from pathlib import Path

import msgspec

from geomap.errors import InputError
from geomap.export.results import Results
from geomap.model import Document

__all__ = ["FILES", "documents_from_jsonl", "encode", "write"]

FILES = ("documents.jsonl",)
_KEYS = (
    "id title published published_basis source url language text toponyms events warnings"
).split()


def write(results: Results, folder: Path) -> list[str]:
    """Write the documents."""
    (folder / FILES[0]).write_bytes(b"".join(encode(d) + b"\n" for d in results.documents))
    return list(FILES)


def encode(document: Document) -> bytes:
    """Return a document as one line of JSON, without its line break."""
    values = {key: getattr(document, key) for key in _KEYS}
    try:
        return msgspec.json.encode(values)
    except UnicodeEncodeError:
        # A lone surrogate has no UTF-8; as an escape it is still JSON.
        return json.dumps(msgspec.to_builtins(values), separators=(",", ":")).encode("ascii")


def documents_from_jsonl(path: str | Path) -> list[Document]:
    """Read what :func:`write` wrote.

    Raises
    ------
    InputError
        If the file cannot be read, or a line is no document (it is named).
    """
    try:
        lines = Path(path).read_bytes().splitlines()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    documents = [_decode(line, f"{path}, line {n}") for n, line in enumerate(lines, 1) if line]
    if not documents:
        raise InputError(f"{path}: it holds no document")
    _check_ids(documents, str(path))
    return documents


def _decode(line: bytes, where: str) -> Document:
    try:
        document = msgspec.json.decode(line, type=Document)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{where}: not a document that geomap extract wrote ({error})") from None
    return dataclasses.replace(document, analysis=None)


def _check_ids(documents: Iterable[Document], where: str) -> None:
    seen: set[str] = set()
    for document in documents:
        if document.id in seen:
            raise InputError(f"{where}: the id {document.id!r} stands twice; ids are unique")
        seen.add(document.id)
