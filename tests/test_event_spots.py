"""Violence, unrest and borders of a table (``data/spots.toml``): where it was, and where not."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from samples import read_cases

from geomap.model import Document, Event

pytestmark = pytest.mark.model

_TABLE = Path(__file__).parent / "data" / "spots.toml"
CASES: list[dict[str, Any]] = tomllib.loads(_TABLE.read_text(encoding="utf-8"))["case"]


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    """Return every text of the table, read in one go."""
    return read_cases(CASES)


def told(event: Event, document: Document, wanted: list[list[str]]) -> str | None:
    """Return the place that the table gives for an event, or None if it does not have it."""
    for words, place in wanted:
        for match in re.finditer(words, document.text):
            if event.trigger.start < match.end() and match.start() < event.trigger.end:
                return place
    return None


@pytest.mark.parametrize("number", range(len(CASES)))
def test_place_of_what_happened(documents: list[Document], number: int) -> None:
    document, wanted = documents[number], CASES[number]["events"]
    found = []
    for event in document.events:
        place = told(event, document, wanted)
        name = (event.place.text or event.place.name) if event.place is not None else ""
        if place is None:
            assert event.place is None, f"{event.trigger.text!r} at {name!r} is not told"
            continue
        assert name in place.split("|"), f"{event.trigger.text!r} at {name!r}, not {place!r}"
        found.append(place)
    assert len(found) >= len(wanted)
