"""Meetings of a table (``data/venues.toml``): where each was, and who took part. All invented."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from samples import read_cases

from geomap.model import Document, Event

pytestmark = pytest.mark.model

_TABLE = Path(__file__).parent / "data" / "venues.toml"
CASES: list[dict[str, Any]] = tomllib.loads(_TABLE.read_text(encoding="utf-8"))["case"]
_ROLES = {"participant", "visitor", "mediator", "host", "chair"}


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    """Return every text of the table, read in one go."""
    return read_cases(CASES)


def at(document: Document, words: str) -> list[Event]:
    """Return the diplomatic events whose trigger lies at some words ("a|b"), wherever they are."""
    spans = [m.span() for m in re.finditer(words, document.text)]
    return [
        event
        for event in document.events
        if event.layer == "diplomatic_venues"
        and any(event.trigger.start < end and start < event.trigger.end for start, end in spans)
    ]


def placed(event: Event, wanted: str) -> bool:
    """Return whether an event has one of the wanted places ("" for none)."""
    if event.place is None or not wanted:
        return event.place is None and not wanted
    names = {event.place.name, event.place.text}
    return not names.isdisjoint(wanted.split("|"))


def unlike(event: Event, document: Document, wanted: list[str]) -> list[str]:
    """Return who is missing and who is too much."""
    missing, extra = list(wanted), []
    for actor in event.actors:
        said = f"{actor.name} {document.text[actor.start or 0 : actor.end or 0]}".casefold()
        found = None
        for entry in missing:
            roles, names = entry.split(" ", 1)
            alike = any(name.casefold() in said for name in names.split("|"))
            if actor.role in roles.split("/") and alike:
                found = entry
        if found is not None:
            missing.remove(found)
        elif actor.role in _ROLES:
            extra.append(f"not {actor.role} {actor.name}")
    return missing + extra


@pytest.mark.parametrize("number", range(len(CASES)))
def test_venue_and_participants(documents: list[Document], number: int) -> None:
    document = documents[number]
    for words, place, wanted in CASES[number]["events"]:
        found = at(document, words)
        assert found, f"{words!r} is not found in {document.text!r}"
        near = [event for event in found if placed(event, place)]
        assert near, f"{words!r} is at {[e.place and e.place.name for e in found]}, not {place!r}"
        wrong = min((unlike(event, document, wanted) for event in near), key=len)
        assert not wrong, f"{words!r}: {wrong}"
