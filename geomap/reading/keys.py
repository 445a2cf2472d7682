"""The keys of an article: a row, a page's metadata or a sidecar becomes a document.

A text that cannot be worked on is refused. A wrong value of any other key is left out, and the
document's warnings say so.
"""

from collections.abc import Mapping
from typing import Any, get_args

from geomap.days import iso_day
from geomap.model import Basis, Document
from geomap.reading.values import RefusalError, Refused
from geomap.visible import REPLACEMENT, SURROGATE

__all__ = ("KEYS MAX_CHARACTERS TEXT_KEYS article check_text document_of id_of kind_of").split()

MAX_CHARACTERS = 200_000
"""The longest text, some 33,000 words: the model takes 700 MiB for it beside its own."""
TEXT_KEYS = ("title", "source", "url", "language")
KEYS = ("text", "id", *TEXT_KEYS, "published", "published_basis")


def check_text(text: object) -> str:
    """Return a text that can be worked on, or refuse it."""
    if not isinstance(text, str):
        raise RefusalError(f"its text is {kind_of(text)}, not a string")
    if not text.strip():
        raise RefusalError("its text is empty")
    if "\0" in text:
        raise RefusalError("its text holds a NUL character; it is binary, not text")
    if len(text) > MAX_CHARACTERS:
        raise RefusalError(
            f"its {len(text):,} characters are more than the limit of {MAX_CHARACTERS:,}; split it"
        )
    return text


def kind_of(value: object) -> str:
    """Say in words what kind of value stands where another one was meant."""
    names = {dict: "an object", list: "an array", type(None): "missing", bool: "a truth value"}
    return names.get(type(value), f"a {type(value).__name__}")


def document_of(
    default_id: str, row: Mapping[str, Any], warnings: tuple[str, ...] = ()
) -> Document:
    """Make a document of a row's keys; a wrong value of any but ``text`` is left out and said."""
    noted = list(warnings)
    text = check_text(row.get("text"))
    values: dict[str, str | None] = {}
    for key in TEXT_KEYS:
        value = row.get(key)
        if value is not None and not isinstance(value, str):
            noted.append(f"{key}: {kind_of(value)}, not a string; left out")
            value = None
        values[key] = _without_surrogates(value or None, noted)
    published, basis = _published(row, noted)
    return Document(
        id=id_of(row, default_id, noted),
        text=_without_surrogates(text, noted) or "",
        title=values["title"],
        published=published,
        published_basis=basis,
        source=values["source"],
        url=values["url"],
        language=values["language"],
        warnings=tuple(noted),
    )


def article(own_id: str, text: str) -> Document | Refused:
    """Make a document of a text alone, or refuse it."""
    try:
        return document_of(own_id, {"text": text})
    except RefusalError as refusal:
        return Refused(own_id, str(refusal))


def id_of(row: Mapping[str, Any], default: str, noted: list[str]) -> str:
    """Return the id that a row gives, else the default; what is wrong with it is noted."""
    value = row.get("id")
    if value is None or value == "":
        return default
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        noted.append(f"id: {kind_of(value)}, not a string; {default!r} is used")
        return default
    return _without_surrogates(str(value), noted) or default


def _published(row: Mapping[str, Any], noted: list[str]) -> tuple[str | None, Basis | None]:
    value = row.get("published")
    if value is None or value == "":
        return None, None
    try:
        day = iso_day(value)
    except ValueError as error:
        noted.append(f"published: {error}; left out")
        return None, None
    basis = row.get("published_basis")
    if basis is None or basis == "":
        return day, "stated"
    for allowed in get_args(Basis):
        if basis == allowed:
            return day, allowed
    noted.append(
        f"published_basis: {str(basis)[:40]!r} is not known; allowed: "
        f"{', '.join(get_args(Basis))}; taken as assumed"
    )
    return day, "assumed"


def _without_surrogates(value: str | None, noted: list[str]) -> str | None:
    """Put U+FFFD for each lone surrogate: such text is no Unicode, and lengths stay the same."""
    if value is None or not SURROGATE.search(value):
        return value
    warning = "a broken character (lone surrogate) was replaced by U+FFFD"
    if warning not in noted:
        noted.append(warning)
    return SURROGATE.sub(REPLACEMENT, value)
