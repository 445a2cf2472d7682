"""Single sentences: status, sides, borders, places, dates. All happenings are invented."""

from collections.abc import Callable

import pytest

from geomap.config import Config
from geomap.language import dateline_end
from geomap.model import Document, Event
from geomap.pipeline import Pipeline

pytestmark = pytest.mark.model

Read = Callable[..., tuple[Event, ...]]


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline(Config())


@pytest.fixture
def read(pipeline: Pipeline) -> Read:
    """Return a function that reads a text published on Wednesday 15 May 2024."""

    def reader(text: str, published: str | None = "2024-05-15") -> tuple[Event, ...]:
        basis = "stated" if published else None
        document = Document("test", text, published=published, published_basis=basis)
        (result,) = pipeline.run([document])
        return result.events

    return reader


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("The presidents met in Astana on Monday.", "reported"),
        ("The presidents will meet in Astana on Monday.", "planned"),
        ("The presidents are scheduled to meet in Astana.", "planned"),
        ("The presidents may meet in Astana.", "conditional"),
        ("The presidents did not meet in Astana.", "negated"),
        ("The presidents have been meeting in Astana.", "ongoing"),
        ("Norway offered to host talks between the two governments.", "proposed"),
        ("Rebels threatened to attack the town of Goma.", "threatened"),
        ("The army denied that its soldiers had shelled Lashio.", "denied"),
        ("The meeting of the ministers in Astana was cancelled.", "cancelled"),
        ("The presidents met in Astana in 1998.", "past_reference"),
        ("The presidents met in Astana twenty years ago.", "past_reference"),
    ],
)
def test_status(read: Read, text: str, status: str) -> None:
    (event,) = read(text)
    assert event.status == status


@pytest.mark.parametrize(
    "text",
    [
        "The dispute brought the two countries close to war.",
        "The envoy wants to prevent a clash in Goma.",
        "The ministers discussed the risk of an attack on the base in Gao.",
        "Tehran said the agenda of the talks was full.",
        "The film about the battle of Vukovar opened in Zagreb.",
    ],
)
def test_nothing_happened(read: Read, text: str) -> None:
    assert [event for event in read(text) if event.event_class != "statement"] == []


def test_participants_are_not_the_venue(read: Read) -> None:
    (event,) = read("The presidents of Serbia and Kosovo will meet in Zurich on Friday.")
    assert event.place is not None
    assert event.place.name == "Zurich"
    assert event.status == "planned"
    assert event.date is not None
    assert event.date.start == "2024-05-17"


def test_a_phone_call_has_no_place(read: Read) -> None:
    (event,) = read("The foreign ministers of Chad and Niger held phone talks in Niamey on Monday.")
    assert (event.subclass, event.place) == ("phone", None)


def test_one_trigger_at_two_places_is_two_events(read: Read) -> None:
    first, second = read("Clashes erupted in Sirte and Misrata on Tuesday.")
    assert [e.place.name for e in (first, second) if e.place] == ["Sirte", "Misrata"]
    assert first.event_id != second.event_id
    assert first.cluster_id != second.cluster_id
    assert first.trigger == second.trigger


def test_fighting_of_two_states_is_interstate(read: Read) -> None:
    (event,) = read("Armenian and Azerbaijani soldiers clashed at the border near Tegh.")
    assert (event.event_class, event.subclass) == ("border_clash", "interstate")
    assert event.border_pair == "AM-AZ"


def test_fighting_at_a_border_post_within_one_country(read: Read) -> None:
    (event,) = read("Taliban fighters attacked the Afghan army at the Torghundi border crossing.")
    assert (event.event_class, event.subclass) == ("border_clash", "internal_at_border")
    assert event.place is not None
    assert event.place.country == "AF"


def test_one_border_word_is_not_enough(read: Read) -> None:
    events = read("Protesters clashed with police in Lima over the border law.")
    assert all(event.event_class != "border_clash" for event in events)


def test_the_speaker_and_the_dateline_are_no_places(read: Read) -> None:
    (event,) = read("PARIS – Rebels attacked an army base in Mali, a spokesman in Berlin said.")
    assert event.place is not None
    assert event.place.name == "Mali"
    assert event.place.precision == 6
    assert event.place.latitude is None


def test_near_a_place_is_precision_two(read: Read) -> None:
    (event,) = read("Gunmen killed six villagers near Djibo.")
    assert event.place is not None
    assert (event.place.precision, event.place.radius_km) == (2, 25.0)


def test_a_distance_gives_the_radius(read: Read) -> None:
    (event,) = read("Gunmen killed six villagers 20 km north of Djibo.")
    assert event.place is not None
    assert (event.place.precision, event.place.radius_km) == (2, 20.0)


def test_an_unknown_place_is_listed_not_drawn(read: Read) -> None:
    (event,) = read("Gunmen killed six villagers in Qwzhamarra on Friday.")
    assert event.place is None or (event.place.id is None and event.place.latitude is None)


def test_a_party_claims_and_an_outlet_reports(read: Read) -> None:
    (claimed,) = read("Rebels captured Bunagana, a rebel spokesman said.")
    assert (claimed.status, claimed.claimed_by) == ("claimed", "Rebels")
    (reported,) = read("Rebels captured Bunagana on Monday, Reuters reported.")
    assert reported.status == "reported"
    assert [(s.name, s.kind) for s in reported.attributed_to] == [("Reuters", "outlet")]


def test_the_day_of_the_report_is_not_the_day_of_the_event(read: Read) -> None:
    (event,) = read("Envoys of Chad and Niger have met in Doha, Reuters reported on Saturday.")
    assert event.date is not None
    assert (event.date.start, event.date.precision, event.date.source) == (
        "2024-05-11", 9, "report",
    )  # fmt: skip


def test_without_a_publication_date_weekdays_stay_unresolved(read: Read) -> None:
    (event,) = read("The presidents met in Astana on Monday.", None)
    assert event.date is None


def test_numbers_are_counted_once(read: Read) -> None:
    (event,) = read("Rebels clashed with soldiers in Goma, killing at least 12 soldiers.")
    assert [(n.kind, n.min, n.max) for n in event.numbers] == [("killed", 12, 12)]


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("TEHRAN – Iran said", 9),
        ("BOGOTÁ, Colombia (Example) — Rebels", 29),
        ("N'DJAMENA – Officers", 12),
        ("Iran – a country", 0),
        ("The city – large", 0),
        ("JERUSALEM, June 8 - Rebels", 20),
        ("Caracas, Nov 3 (Sur Press) - Troops", 29),
        ("Nairobi, Kenya (Example) – Rebels", 27),
        ("OSH/BISHKEK: Guards", 13),
        ("Kabul: a city", 0),
        ("The deal (signed in May) - a surprise", 0),
    ],
)
def test_dateline(text: str, end: int) -> None:
    assert dateline_end(text) == end
