"""What private people do is no diplomacy. All people and happenings are invented."""

from collections.abc import Callable

import pytest

from geomap.config import Config
from geomap.model import Document
from geomap.pipeline import Pipeline

pytestmark = pytest.mark.model

Classes = Callable[[str], set[str]]


@pytest.fixture(scope="module")
def classes() -> Classes:
    """Return a function that gives the classes of a text's events."""
    pipeline = Pipeline(Config())

    def reader(text: str) -> set[str]:
        document = Document("test", text, published="2024-05-15", published_basis="stated")
        (result,) = pipeline.run([document])
        return {event.event_class for event in result.events}

    return reader


@pytest.mark.parametrize(
    "text",
    [
        "She met her lawyer at Otjiwarongo.",
        "The cabinet meeting in Dakar lasted four hours.",
        "Tours of the reef begin in La Ceiba.",
        "Ana Torres met her sister in Lima on Friday.",
        "The singer met fans in Oslo.",
        "Shareholders held their annual meeting in Zug.",
        "Two brothers who were gathering firewood near Agara were led away.",
        "Marko Ilić, a plumber, met Ana Perić at a dance in Belgrade.",
        "The family visited relatives in Kumasi at Easter.",
        "A town hall meeting on the bypass was held in Hamilton.",
    ],
)
def test_private_people_hold_no_diplomacy(classes: Classes, text: str) -> None:
    assert not classes(text) & {"diplomatic_meeting", "visit", "mediation"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The Caribbean Community summit opened in Basseterre on Monday.", "diplomatic_meeting"),
        ("The two sides met in Geneva.", "diplomatic_meeting"),
        ("Elders of two clans met in Wajir on Monday.", "diplomatic_meeting"),
        (
            "President Marko Ilić arrived on Monday. Ilić met Ana Perić in Belgrade.",
            "diplomatic_meeting",
        ),
        ("Talks resumed in Juba on Tuesday.", "diplomatic_meeting"),
        ("The ambassador visited Kumasi on Monday.", "visit"),
        ("Rebels met a church mediator in Pibor.", "diplomatic_meeting"),
        ("The ministers met the families of the prisoners in Yerevan.", "diplomatic_meeting"),
    ],
)
def test_those_of_a_state_or_a_conflict_do(classes: Classes, text: str, name: str) -> None:
    assert name in classes(text)
