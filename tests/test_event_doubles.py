"""One happening told twice, places of other clauses, days counted from others. All invented."""

from collections.abc import Callable

import pytest

from geomap.config import Config
from geomap.language import datelines
from geomap.model import Document, Event
from geomap.pipeline import Pipeline

pytestmark = pytest.mark.model

Read = Callable[[str], list[Event]]


@pytest.fixture(scope="module")
def read() -> Read:
    """Return a function that reads the events of a text of Wednesday 15 May 2024."""
    pipeline = Pipeline(Config())

    def reader(text: str) -> list[Event]:
        document = Document("test", text, published="2024-05-15", published_basis="stated")
        (result,) = pipeline.run([document])
        return list(result.events)

    return reader


def where(event: Event) -> str | None:
    return event.place and (event.place.text or event.place.name)


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("A bomb planted in a parked van exploded in Quetta on Monday.", "exploded"),
        ("A rocket that landed in a camp near Marib wounded four people.", "landed"),
        ("The rebels had killed three soldiers in an assault on a base near Goma.", "killed"),
        ("Two men were shot dead in a battle outside Goma on Monday.", "battle"),
        ("A grenade exploded in Zvornik on Sunday, damaging two cars.", "exploded"),
    ],
)
def test_one_happening_is_one_event(read: Read, text: str, trigger: str) -> None:
    assert [event.trigger.text for event in read(text)] == [trigger]


@pytest.mark.parametrize(
    "text",
    [
        "Signing the old coach was a coup for the Osh side.",
        "The minister flew home from Vienna the day before the summit.",
        "Rome welcomed the news and urged both sides to stop the fighting around Kandahar.",
    ],
)
def test_what_is_no_event(read: Read, text: str) -> None:
    classes = {event.event_class for event in read(text)}
    assert not classes & {"coup", "diplomatic_meeting", "ceasefire"}


@pytest.mark.parametrize(
    ("text", "trigger", "place"),
    [
        ("The men will be released if the court in Bamako agrees.", "released", None),
        (
            "Two rebels were killed outside Goma on Sunday and nine suspects were rounded up.",
            "rounded up",
            None,
        ),
        ("Some 700 people have fled villages around Goma since April.", "fled", None),
        (
            "Drivers blocked the bridge between Encarnación and Posadas.",
            "blocked the bridge",
            "Encarnación",
        ),
        ("Rebels said on Monday they carried out the Quetta blast.", "blast", "Quetta"),
        ("A summit that Kenya wants to hold in Goma was postponed.", "summit", "Goma"),
        ("Smoke rose over Xuqanta on Monday. Rebels attacked troops there.", "attacked", "Xuqanta"),
        (
            "Officers driving from Bukavu to Goma were ambushed at the edge of the town.",
            "ambushed",
            "Goma",
        ),
        pytest.param(
            "Officers who tried to reach Goma were ambushed at the edge of the town.",
            "ambushed",
            "Goma",
            marks=pytest.mark.xfail(reason="the trees take Goma for a person", strict=True),
        ),
        ("Soldiers exchanged fire near Xuqanta on Sunday.", "exchanged fire", "Xuqanta"),
    ],
)
def test_place(read: Read, text: str, trigger: str, place: str | None) -> None:
    (event,) = [e for e in read(text) if e.trigger.text == trigger]
    assert where(event) == place


def test_there_is_the_place_named_last(read: Read) -> None:
    events = read(
        "The two presidents met in Lima on Monday. The envoy had stopped in Quito on the way. "
        "He signed a treaty there."
    )
    assert where(events[-1]) == "Quito"


def test_a_department_is_no_town(read: Read) -> None:
    (event,) = read("Rebels clashed with the army in the Colombian department of Arauca on Sunday.")
    assert event.place is not None
    assert event.place.precision == 4


def test_a_namesake_far_from_the_story_is_not_drawn(read: Read) -> None:
    (event,) = read("Thailand closed the Friendship Bridge to trucks on Sunday.")
    assert event.place is not None
    assert event.place.latitude is None


@pytest.mark.parametrize(
    ("text", "trigger", "days", "precision"),
    [
        (
            "Ghana sent an envoy on Monday, three years after Togo closed the border.",
            "closed",
            ("2021-01-01", "2021-12-31"),
            5,
        ),
        (
            "Troops came back on Monday, two days after rebels had attacked a base.",
            "attacked",
            ("2024-05-11", "2024-05-11"),
            1,
        ),
        (
            "Troops came back on Monday, two months after rebels had attacked a base.",
            "attacked",
            ("2024-03-01", "2024-03-31"),
            4,
        ),
        (
            "On the night of 10 May soldiers and rebels clashed in Goma until dawn.",
            "clashed",
            ("2024-05-10", "2024-05-11"),
            2,
        ),
        (
            "The army shelled Goma on Saturday and again on Sunday.",
            "shelled",
            ("2024-05-11", "2024-05-12"),
            2,
        ),
    ],
)
def test_day(read: Read, text: str, trigger: str, days: tuple[str, str], precision: int) -> None:
    (event,) = [e for e in read(text) if e.trigger.text == trigger]
    assert event.date is not None
    assert (event.date.start, event.date.end) == days
    assert event.date.precision == precision


def test_the_day_of_a_protest_is_not_that_of_what_it_is_about(read: Read) -> None:
    events = read("Kenya protested on Monday against what it called an incursion near Goma.")
    assert all(e.date is None for e in events if e.event_class == "border_incursion")


def test_what_is_done_there_has_its_own_day(read: Read) -> None:
    visit = read("The minister visited Ganja, where on Monday he opened a school.")[0]
    assert (visit.event_class, visit.date) == ("visit", None)


def test_a_day_counted_from_another_is_counted_once(read: Read) -> None:
    first, second = read("Rebels overran Goma on 8 May and had attacked Bukavu four days later.")
    assert first.date is not None
    assert second.date is not None
    assert (first.date.start, second.date.start) == ("2024-05-08", "2024-05-12")


def test_long_after_is_a_look_back(read: Read) -> None:
    events = read("Troops entered Goma on Sunday, twelve months after rebels had captured it.")
    assert events[-1].status == "past_reference"


def test_another_meeting_called_off_is_another(read: Read) -> None:
    first, second = read(
        "Talks will be held in Nara in June, while a meeting of ministers has been called off."
    )
    assert (first.status, second.status) == ("planned", "cancelled")


def test_a_dateline_under_a_headline() -> None:
    text = "Council meets\n\nNEW YORK, March 12 (First Report) - The council met."
    ((start, end),) = datelines(text)
    assert text[start:end].strip() == "NEW YORK, March 12 (First Report) -"
