"""Names and the places they mean in their sentence."""

import pytest

from geomap.config import Config
from geomap.model import Document, Toponym
from geomap.pipeline import Pipeline

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline(Config())


def read(pipeline: Pipeline, text: str) -> dict[str, Toponym]:
    (document,) = pipeline.run([Document("test", text, published="2024-05-15")])
    for toponym in document.toponyms:
        assert text[toponym.start : toponym.end] == toponym.text
    return {toponym.text: toponym for toponym in document.toponyms}


@pytest.mark.parametrize(
    ("text", "name", "country", "code"),
    [
        ("A fire broke out in Paris, Texas.", "Paris", "US", None),
        ("A fire broke out in Paris, France.", "Paris", "FR", "PPLC"),
        ("A fire broke out in Paris.", "Paris", "FR", "PPLC"),
        ("Floods hit Herat province in Afghanistan.", "Herat", "AF", "ADM1"),
        ("Floods hit the province of Herat in Afghanistan.", "Herat", "AF", "ADM1"),
        ("Floods hit the city of Herat in Afghanistan.", "Herat", "AF", None),
        ("Trucks waited at the Torkham border crossing.", "Torkham", "AF", "PSTB"),
        ("The Qatari capital is hot; many live in Doha.", "Doha", "QA", "PPLC"),
        ("Clashes were reported along the Durand Line.", "Durand Line", None, None),
    ],
)
def test_place(
    pipeline: Pipeline, text: str, name: str, country: str | None, code: str | None
) -> None:
    place = read(pipeline, text)[name].place
    assert place is not None
    assert place.country == country
    if code:
        assert place.feature_code == code


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("Tehran said the talks were useful.", "Tehran", "metonym"),
        ("The ministry asked Tehran for help.", "Tehran", "metonym"),
        ("Kabul officials called for calm.", "Kabul", "metonym"),
        ("Thousands live in Tehran.", "Tehran", "place"),
        ("Afghan officers waited.", "Afghan", "demonym"),
        ("He studied at Aleppo University.", "Aleppo", "embedded"),
        ("The Iranian press wrote of Islam-Qala.", "Islam-Qala", "place"),
    ],
)
def test_kind(pipeline: Pipeline, text: str, name: str, kind: str) -> None:
    assert read(pipeline, text)[name].kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "The Taliban and Hezbollah issued statements.",
        "Mr Lincoln and President Washington spoke on Monday.",
        "In March, many of us walked.",
        "Reuters and Dawn reported the story.",
    ],
)
def test_no_place(pipeline: Pipeline, text: str) -> None:
    assert read(pipeline, text) == {}


def test_one_sense_a_document_unless_said_otherwise(pipeline: Pipeline) -> None:
    text = "A storm hit Tripoli, Lebanon. Tripoli was dark. Ships left Tripoli, Libya."
    (document,) = pipeline.run([Document("test", text)])
    found = [t.place.country for t in document.toponyms if t.text == "Tripoli" and t.place]
    assert found == ["LB", "LB", "LY"]


def test_every_toponym_says_why(pipeline: Pipeline) -> None:
    text = "Officials in Doha spoke of Qwzhamarra and of the Afghan army near Kabul."
    found = read(pipeline, text)
    assert all(toponym.reasons for toponym in found.values())
    assert all(t.place or t.reasons[-1] for t in found.values())
