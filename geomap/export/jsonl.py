"""``documents.jsonl``: the documents, one JSON object a line, and the way back."""

import dataclasses
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec

from geomap.errors import InputError
from geomap.export.check import problems
from geomap.export.results import Results
from geomap.jsonline import decode, encode
from geomap.model import Basis, Document, Layer, Origin, Status, ToponymKind
from geomap.reading.decoding import lines

__all__ = ["FILES", "documents_from_jsonl", "write"]

FILES = ("documents.jsonl",)
_MAX_LINE = 1 << 28
_VOCABULARIES: dict[str, Any] = {
    "layer": Layer,
    "status": Status,
    "kind": ToponymKind,
    "published_basis": Basis,
}


def write(results: Results, folder: Path) -> list[str]:
    """Write the documents."""
    (folder / FILES[0]).write_bytes(b"".join(encode(d) + b"\n" for d in results.documents))
    return list(FILES)


def documents_from_jsonl(path: str | Path) -> list[Document]:
    """Read what :func:`write` wrote, a line at a time.

    Raises
    ------
    InputError
        If the file cannot be read, or a line is no document that keeps the rules of the interface:
        the line, the value and what is allowed are named.
    """
    documents: list[Document] = []
    known: dict[tuple[str, str], int] = {}
    digest = hashlib.sha256()
    for number, line in enumerate(_lines(Path(path)), start=1):
        digest.update(line)
        if line.strip():
            where = f"{path}, line {number}"
            documents.append(_decode(line, where))
            _check_ids(documents[-1], where, number, known)
    if not documents:
        raise InputError(f"{path}: it holds no document")
    origin = Origin(Path(path).name, digest.hexdigest())
    return [dataclasses.replace(document, origin=origin) for document in documents]


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            for number, line in enumerate(lines(file, _MAX_LINE), start=1):
                if not isinstance(line, bytes):
                    raise InputError(
                        f"{path}, line {number}: it is longer than the limit of {_MAX_LINE:,} bytes"
                    )
                yield line
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        why = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: cannot be read ({why})") from None


def _decode(line: bytes, where: str) -> Document:
    try:
        document = decode(line)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        said = str(error)
        name = said.rstrip("`").rpartition(".")[2]
        if name in _VOCABULARIES and said.startswith("Invalid enum value"):
            said += f"; allowed: {', '.join(get_args(_VOCABULARIES[name]))}"
        raise InputError(f"{where}: not a document that geomap extract wrote ({said})") from None
    for problem in problems(document):
        raise InputError(f"{where}: {problem}")
    return dataclasses.replace(document, analysis=None)


def _check_ids(
    document: Document, where: str, number: int, known: dict[tuple[str, str], int]
) -> None:
    """Check that ids are unique; ``known`` says on which line each one stands."""
    ids = [("id", document.id), *(("event_id", event.event_id) for event in document.events)]
    for kind, own in ids:
        if (kind, own) in known:
            first = known[kind, own]
            raise InputError(
                f"{where}: the {kind} {own!r} stands twice (first in line {first}); "
                "allowed: ids that are unique"
            )
        known[kind, own] = number
