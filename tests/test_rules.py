"""Place names by rules, nothing trained. The articles are invented."""

import pytest

from geomap.config import Config
from geomap.gazetteer import Entry
from geomap.model import Document, Place, Toponym
from geomap.pipeline import Pipeline
from geomap.toponyms.places import Option
from geomap.toponyms.points import choice_of, reasons_for


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline(Config(toponyms="rules"))


def read(pipeline: Pipeline, text: str) -> dict[str, Toponym]:
    (document,) = pipeline.toponyms([Document("test", text)])
    return {toponym.text: toponym for toponym in document.toponyms}


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "name", "number", "why"),
    [
        (
            "The Valdosta Police Department in Georgia arrested two men. Macon is near Atlanta.",
            "Valdosta", 4228147, "in the name of a body",
        ),
        ("The University of Manitoba opened a hall.", "Manitoba", 6065171, "behind 'of'"),
        ("Rep. John Smith, R-Wichita, spoke in Kansas.", "Wichita", 4281730, "the seat of a"),
        ("AUGUSTA, Ga. -- A fire broke out.", "Ga.", 4197000, ""),
        ("The Corsican police arrested two men.", "Corsican", 3023519, "a word for the people"),
        ("A Denver resident was hurt.", "Denver", 5419384, ""),
    ],
)  # fmt: skip
def test_names_that_the_words_around_show(
    pipeline: Pipeline, text: str, name: str, number: int, why: str
) -> None:
    toponym = read(pipeline, text)[name]
    assert toponym.reasons[0].startswith(why)
    assert toponym.place is not None
    assert toponym.place.geonameid == number


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("He read it in the Bible. The City Council met.", "City"),
        ("Coins from 250 B.C. were found.", "B.C."),
        ("KABUL (Paris Daily) - Rebels attacked a base.", "Paris"),
        ("Sgt. Paris Green spoke. Green said nothing.", "Green"),
        ("The Department of Commerce said nothing.", "Commerce"),
        ("The Interior Ministry said nothing.", "Interior"),
    ],
)
def test_what_is_no_place(pipeline: Pipeline, text: str, name: str) -> None:
    assert name not in read(pipeline, text)


@pytest.mark.model
def test_the_document_decides_and_the_reasons_say_it(pipeline: Pipeline) -> None:
    text = "Trucks from Dallas reached Paris. Roads to Houston and Tyler in Texas were closed."
    toponym = read(pipeline, text)["Paris"]
    assert toponym.place is not None
    assert toponym.place.geonameid == 4717560
    assert any("in its division" in reason for reason in toponym.reasons)


@pytest.mark.model
def test_a_name_of_many_places_is_listed_without_one(pipeline: Pipeline) -> None:
    toponym = read(pipeline, "A man was arrested in Springfield on Monday.")["Springfield"]
    alternatives = [other.score for other in toponym.alternatives]
    if toponym.place is None:
        assert toponym.reasons[-1].endswith("nothing to tell them apart")
        assert alternatives[0] == toponym.score
    assert alternatives == sorted(alternatives, reverse=True)


@pytest.mark.model
def test_names_that_are_given_are_resolved_and_no_others_found(pipeline: Pipeline) -> None:
    text = "Trucks from Dallas, Texas, reached Kabul."
    given = (Toponym(12, 18, "Dallas", "place"),)
    (document,) = pipeline.toponyms([Document("test", text, toponyms=given)])
    (toponym,) = document.toponyms
    assert toponym.place is not None
    assert toponym.place.geonameid == 4684888


def option(name: str, kind: str = "city") -> Option:
    place = Place(f"test:{name}", None, name, 0.0, 0.0, country="AA")
    entry = Entry(place, 0, "1", None, 1, kind, {})  # type: ignore[arg-type]
    return Option(entry, "name", primary=True, weight=3.0)


NUMBERS = {
    "weight": 3.0, "primary": 1, "same_spelling": 1, "most": 0, "country_share": 0.0,
    "division_share": 0.0, "second_share": 0.0, "division_named": 0.0, "near50": 0.0,
    "parent_behind": 0, "part_before": 0, "behind_part": 0, "cue": 0,
}  # fmt: skip


def test_points_become_shares_of_one() -> None:
    options = (option("a"), option("b"))
    assert choice_of(options, [NUMBERS, NUMBERS]) == [0.5, 0.5]
    rows = [NUMBERS | {"parent_behind": 2, "country_share": 0.5}, NUMBERS]
    choice = choice_of(options, rows)
    assert sum(choice) == pytest.approx(1.0)
    assert choice[0] > 0.99
    assert reasons_for(options[0], rows[0]) == (
        "its country or division is named right behind",
        "the document speaks of its country (50 %)",
    )
    assert choice_of(options, []) == []
