"""``NAME.toml`` beside a file of one article: what is known of it beside its text."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from geomap.model import Document
from geomap.reading.keys import TEXT_KEYS, document_of
from geomap.reading.opening import read_at_most
from geomap.reading.values import RefusalError

__all__ = ["read_sidecar", "with_sidecar"]

_MAX_BYTES = 1_000_000


def read_sidecar(path: Path | None) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return what a sidecar says, and a warning if it cannot be read.

    A sidecar that is a link to another folder is no sidecar.
    """
    if path is None or not path.is_file() or path.resolve().parent != path.parent.resolve():
        return {}, ()
    try:
        with path.open("rb") as file:
            data = read_at_most(file, _MAX_BYTES, f"it is longer than {_MAX_BYTES:,} bytes")
        values = tomllib.loads(data.decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError, RefusalError) as error:
        no_text = isinstance(error, UnicodeDecodeError)
        why = "it is not UTF-8" if no_text else str(error).splitlines()[0]
        return {}, (f"{path.name} was left aside: {why}",)
    values.pop("text", None)
    return values, ()


def with_sidecar(document: Document, path: Path | None) -> Document:
    """Add what a sidecar says; the text is the file's, always."""
    values, warnings = read_sidecar(path)
    warnings = (*document.warnings, *warnings)
    if not values:
        return replace(document, warnings=warnings)
    base = {key: getattr(document, key) for key in (*TEXT_KEYS, "published")}
    return document_of(document.id, base | values | {"text": document.text}, warnings)
