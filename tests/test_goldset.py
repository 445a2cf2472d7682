"""The gold set of events as files: what an entry says is allowed, and agrees with its article."""

from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from geomap.evaluate.goldset import GoldArticle, GoldEvent, read_goldset
from geomap.events.ontology import load_ontology
from geomap.model import Status

GOLD = Path(__file__).parent / "gold"
HALVES = sorted(folder.name for folder in GOLD.iterdir() if folder.is_dir())
CLASSES = set(load_ontology().classes)
STATUSES = set(get_args(Status))
ROLES = set(
    "side_a side_b initiator target victim host chair mediator participant visitor displaced "
    "new_holder previous_holder".split()
)
SUBCLASSES = {"interstate", "cross_border", "internal_at_border", "phone", "virtual", None}
NUMBERS = {"killed", "wounded", "detained", "displaced", "crowd"}
PLACE_ROLES = {"venue", "origin", "destination", "via"}


@pytest.fixture(params=HALVES)
def articles(request: pytest.FixtureRequest) -> list[GoldArticle]:
    """Return the articles of one folder of the set."""
    return read_goldset(GOLD / request.param)


def faults(event: GoldEvent, text: str) -> list[str]:
    """Return what no entry may hold, in plain words."""
    low = text.casefold()
    names = [name for _, name in event.actors] + [name for _, name in event.places]
    names += [name for name in (event.claimed_by, event.attributed_to) if name]
    strange = [
        *(set(event.classes) - CLASSES),
        *(set(event.statuses) - STATUSES),
        *({role for role, _ in event.actors} - ROLES),
        *({kind for kind, _, _ in event.numbers} - NUMBERS),
        *({role for role, _ in event.places} - PLACE_ROLES),
        *({event.subclass} - SUBCLASSES),
        *(name for name in names if not any(n.casefold() in low for n in name.split("|"))),
        *(f"{kind} {a}-{b}" for kind, a, b in event.numbers if not 0 < a <= b),
    ]
    if event.date and date.fromisoformat(event.date[0]) > date.fromisoformat(event.date[1]):
        strange.append(f"{event.date} runs backwards")
    if event.near and not (abs(event.near[0]) <= 90 and abs(event.near[1]) <= 180):
        strange.append(f"{event.near} is no point")
    if bool(event.place) != bool(event.precisions):
        strange.append(f"place {event.place_text!r} with precision {event.precisions}")
    if event.precisions and not set(event.precisions) <= set(range(1, 8)):
        strange.append(f"precision {event.precisions}")
    return strange


def test_entries_are_in_the_format(articles: list[GoldArticle]) -> None:
    """Classes, statuses, roles and kinds exist; names stand in the text; days run forwards."""
    found = {
        f"{article.document.id}: {article.document.text[slice(*event.triggers[0])]!r}": wrong
        for article in articles
        for event in article.events
        if (wrong := faults(event, article.document.text))
    }
    assert found == {}


def test_no_trigger_is_said_to_be_none(articles: list[GoldArticle]) -> None:
    """What the article marks as no event holds no trigger of a due one."""
    for article in articles:
        for a, b in article.nothing:
            due = [t for e in article.events if not e.optional for t in e.triggers]
            assert not any(a < end and start < b for start, end in due), article.document.id


def test_every_article_has_its_own_name() -> None:
    """No two articles of the set share an id."""
    ids = [article.document.id for article in read_goldset(GOLD)]
    assert len(ids) == len(set(ids))
