"""``documents.jsonl``: the documents, one JSON object a line, and the way back."""

import dataclasses
import hashlib
from pathlib import Path
from typing import Any, get_args

import msgspec

from geomap.errors import InputError
from geomap.export.check import problems
from geomap.export.results import Results
from geomap.jsonline import decode, encode
from geomap.model import Basis, Document, Layer, Origin, Status, ToponymKind

__all__ = ["FILES", "documents_from_jsonl", "write"]

FILES = ("documents.jsonl",)
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
    """Read what :func:`write` wrote.

    Raises
    ------
    InputError
        If the file cannot be read, or a line is no document that keeps the rules of the interface:
        the line, the value and what is allowed are named.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    origin = Origin(Path(path).name, hashlib.sha256(data).hexdigest())
    documents: list[Document] = []
    lines: dict[tuple[str, str], int] = {}
    for number, line in enumerate(data.splitlines(), start=1):
        if line.strip():
            where = f"{path}, line {number}"
            documents.append(_decode(line, where, origin))
            _check_ids(documents[-1], where, number, lines)
    if not documents:
        raise InputError(f"{path}: it holds no document")
    return documents


def _decode(line: bytes, where: str, origin: Origin) -> Document:
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
    return dataclasses.replace(document, analysis=None, origin=origin)


def _check_ids(
    document: Document, where: str, number: int, lines: dict[tuple[str, str], int]
) -> None:
    """Check that ids are unique; ``lines`` says on which line each one stands."""
    ids = [("id", document.id), *(("event_id", event.event_id) for event in document.events)]
    for kind, own in ids:
        if (kind, own) in lines:
            first = lines[kind, own]
            raise InputError(
                f"{where}: the {kind} {own!r} stands twice (first in line {first}); "
                "allowed: ids that are unique"
            )
        lines[kind, own] = number
