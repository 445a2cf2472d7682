"""What is drawn of a place, and how sure class, place and date are."""

from dataclasses import replace
from pathlib import Path

import pytest
from samples import make_document, make_event, make_place

import geomap
from geomap.config import Config
from geomap.doubt import confidence_parts
from geomap.drawing import area_id
from geomap.frame import events_frame, lines_and_areas
from geomap.model import Document, Event, EventDate, Span, Toponym
from geomap.shapes import area_of, holder_of


def place_of(precision: int, **changes: str | None) -> dict[str, object]:
    row = {"precision": precision, "place_id": None, "country": None, "admin1": None}
    return row | changes


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (place_of(6, country="AF"), "AF"),
        (place_of(4, place_id="geonames:1140025", country="AF"), "geonames:1140025"),
        (place_of(3, place_id="geonames:1", country="AF", admin1="Herat"), "geonames:1140025"),
        (place_of(3, place_id="geonames:1", country="AF", admin1="Hirat"), "geonames:1140025"),
        (place_of(3, place_id="geonames:1", country="IR", admin1="Herat"), None),
        (place_of(3, place_id="geonames:1"), None),
        (place_of(1, place_id="geonames:1140025", country="AF"), None),
        (place_of(7, country="AF"), None),
    ],
)
def test_the_outline_to_shade(row: dict[str, object], expected: str | None) -> None:
    assert area_id(row) == expected


def test_a_district_without_an_outline_is_an_area_of_its_province() -> None:
    place = make_place(3, id="geonames:1", name="Guzara", country="AF", admin1="Herat")
    frame = events_frame([make_document(make_event(place=place))])
    assert list(frame["drawn"]) == ["area"]
    assert list(frame["area_id"]) == [holder_of("AF", "Herat")]
    _, areas = lines_and_areas(frame)
    assert areas.geometry.iloc[0].equals(area_of("geonames:1140025"))


def doubts(event: Event, document: Document | None = None) -> dict[str, float]:
    return confidence_parts(event, document or make_document(event))


def test_class_place_and_date_are_weighed_apart() -> None:
    assert doubts(make_event()) == {"class": 0.85, "place": 0.9, "date": 0.9}
    assert doubts(make_event(place=None, date=None, actors=())) == {"class": 0.65}
    words = make_event(trigger=Span(0, 0, "took control"))
    assert doubts(words)["class"] == 0.95
    assert doubts(make_event(aggregate=True))["class"] == 0.75


def test_a_place_is_as_sure_as_its_name_and_its_tie() -> None:
    event = make_event()
    (toponym,) = make_document(event).toponyms
    unsure = replace(make_document(event), toponyms=(replace(toponym, score=0.5),))
    assert doubts(event, unsure)["place"] == 0.5
    loose = make_event(place=make_place(place_source="sentence"))
    assert doubts(loose)["place"] == 0.63
    unscored = make_event(place=make_place(start=None, end=None, text=None))
    assert doubts(unscored)["place"] == 0.8
    assert isinstance(toponym, Toponym)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"precision": 9}, 0.4),
        ({"source": "story"}, 0.6),
        ({"source": "anaphora"}, 0.7),
        ({"rule": "weekday; the publication date is an estimate, so ..."}, 0.7),
    ],
)
def test_a_date_is_as_sure_as_what_states_it(changes: dict[str, object], expected: float) -> None:
    date = EventDate("2020-05-03", "2020-05-03", 1, "3 May 2020", "clause", "day")
    assert doubts(make_event(date=replace(date, **changes)))["date"] == pytest.approx(expected)  # type: ignore[arg-type]


def test_the_frame_says_what_is_disputed_claimed_and_a_sum() -> None:
    told = make_event("e2", cluster_id="e1", disputed=True, claimed_by="Blues", status="claimed")
    frame = events_frame([make_document(make_event(), told)])
    (row,) = frame[["disputed", "claimed_by", "aggregate"]].to_dict("records")
    assert row == {"disputed": True, "claimed_by": "Blues", "aggregate": False}


def test_tiles_and_style_of_the_options_reach_the_map(tmp_path: Path) -> None:
    from geomap.style import Style

    style = Style.default().changed({"classes": {"border_clash": {"label": "Skirmish"}}})
    config = Config(tiles="OpenStreetMap.Mapnik", style=style)
    geomap.write([make_document(make_event())], tmp_path, formats=["html"], config=config)
    page = (tmp_path / "map.html").read_text("utf-8")
    assert "img-src data: https://tile.openstreetmap.org" in page
    assert "Skirmish" in page
