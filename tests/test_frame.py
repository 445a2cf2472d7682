"""The tables: one row a cluster, its best-known record, nothing merged that contradicts."""

import pytest
from pandas import DataFrame
from samples import TEXT, make_document, make_event, make_place

from geomap.columns import COLUMNS
from geomap.frame import (
    events_frame,
    header_line,
    lines_and_areas,
    mentions_frame,
    places_frame,
)
from geomap.model import Actor, Attribution, Document, EventDate, Number, Place, Span, Toponym

pytestmark = pytest.mark.usefixtures("few_shapes")

CONTRACT = (
    "event_id, cluster_id, event_class, subclass, layer, status, plover, acled_like, date_start, "
    "date_end, date_precision, date_text, place_name, place_text, place_id, country, admin1, "
    "precision, radius_km, place_source, why, actors, targets, killed_min, killed_max, "
    "wounded_min, wounded_max, attributed_to, sentence, trigger, title, source, url, published, "
    "document_id, confidence, report_count, mention_count, review_status, reviewer, note"
)


def cell(document: Document, column: str) -> object:
    (value,) = events_frame([document])[column]
    return value


def test_columns_are_those_of_the_interface() -> None:
    assert ", ".join(COLUMNS) == CONTRACT
    assert list(events_frame([]).columns[: len(COLUMNS)]) == COLUMNS
    assert list(events_frame([make_document(make_event())]).columns[: len(COLUMNS)]) == COLUMNS


def test_a_point_only_for_an_exact_or_near_place() -> None:
    for precision in (1, 2, 3, 4, 5, 6, 7, None):
        place = make_place(precision, latitude=10.0, longitude=20.0)
        (shape,) = events_frame([make_document(make_event(place=place))]).geometry
        assert (shape is not None) == (precision in (1, 2))


def test_what_is_not_known_is_none() -> None:
    row = events_frame([make_document(make_event(place=None, date=None))]).to_dict("records")[0]
    for column in ("place_name", "precision", "date_start", "killed_min", "reviewer", "title"):
        assert row[column] is None
    assert row["drawn"] is None


def test_the_record_takes_the_best_place_and_the_best_date() -> None:
    dated = make_event("e1", place=make_place(6, name="Xland"), status="planned")
    placed = make_event(
        "e2",
        cluster_id="e1",
        date=None,
        sentence=Span(45, 71, TEXT[45:71]),
        trigger=Span(54, 59, "clash"),
    )
    frame = events_frame([make_document(dated, placed)])
    (row,) = frame.to_dict("records")
    assert (row["event_id"], row["cluster_id"]) == ("e2", "e1")
    assert (row["place_name"], row["precision"], row["trigger"]) == ("Alfa", 1, "clash")
    assert (row["date_start"], row["status"]) == ("2020-05-03", "reported")
    assert (row["report_count"], row["mention_count"]) == (1, 2)
    assert [m["event_id"] for m in row["mentions"]] == ["e1", "e2"]


def test_contradicting_participants_are_not_merged() -> None:
    first = make_event("e1", actors=(Actor("Taliban", "participant"), Actor("Iran", "host")))
    second = make_event(
        "e2",
        cluster_id="e1",
        actors=(Actor("Opposition", "participant"), Actor("Zarif", "chair")),
    )
    document = make_document(first, second)
    assert cell(document, "actors") == "Taliban; Iran; Zarif"
    assert cell(document, "actors_roles") == ["participant: Taliban", "host: Iran", "chair: Zarif"]


def test_targets_stand_apart() -> None:
    actors = (
        Actor("Rebels", "side_a"),
        Actor("Farmers", "victim"),
        Actor("Army", "previous_holder"),
        Actor("Farmers", "target"),
    )
    document = make_document(make_event(actors=actors))
    assert cell(document, "actors") == "Rebels"
    assert cell(document, "targets") == "Farmers; Army"


def test_numbers_are_ranges_over_the_mentions() -> None:
    first = make_event("e1", numbers=(Number("killed", 3, 3, "soldiers", 0, 1),))
    second = make_event(
        "e2",
        cluster_id="e1",
        numbers=(Number("killed", 5, 6, None, 0, 1), Number("crowd", 2000, 2000, None, 0, 1)),
    )
    (row,) = events_frame([make_document(first, second)]).to_dict("records")
    assert (row["killed_min"], row["killed_max"], row["wounded_min"]) == (3, 6, None)
    assert row["numbers_text"] == "3\N{EN DASH}6 killed (soldiers); crowd of 2,000"


def test_copies_of_an_article_are_one_report() -> None:
    documents = [
        make_document(make_event("e1")),
        make_document(make_event("e2", cluster_id="e1"), id="copy", text=TEXT + "\n"),
        make_document(make_event("e3", cluster_id="e1"), id="longer", text=TEXT + " More."),
        make_document(
            make_event("e4", cluster_id="e1", sentence=Span(0, 44, "Shots were fired in Alfa.")),
            id="other",
        ),
    ]
    (row,) = events_frame(documents).to_dict("records")
    assert row["report_count"] == 2


def test_mentions_have_offsets_within_their_sentence() -> None:
    outside = make_event("e2", cluster_id="e1", place=make_place(start=60, end=64))
    (mentions,) = events_frame([make_document(make_event(), outside)])["mentions"]
    first, second = mentions
    assert first["sentence"][first["trigger_start"] : first["trigger_end"]] == "clashed"
    assert first["sentence"][first["place_start"] : first["place_end"]] == "Alfa"
    assert (second["place_start"], second["place_end"]) == (None, None)


def test_attributions_are_joined() -> None:
    sources = (Attribution("Al Jazeera", "outlet"), Attribution("Fars", "outlet"))
    assert cell(make_document(make_event(attributed_to=sources)), "attributed_to") == (
        "Al Jazeera; Fars"
    )


@pytest.mark.parametrize(
    ("changes", "drawn"),
    [
        ({}, "point"),
        ({"event_class": "statement"}, None),
        ({"status": "past_reference"}, "point"),
        ({"place": make_place(6)}, "area"),
        ({"place": make_place(6, country="ZZ")}, None),
        ({"place": make_place(4, id="test:division")}, "area"),
        ({"place": make_place(5), "border_pair": "XB-XA"}, "line"),
        ({"place": make_place(5, id="geomap:border/XA-XB")}, "line"),
        ({"place": make_place(5)}, None),
        ({"place": make_place(7)}, None),
        ({"place": make_place(None)}, None),
        ({"place": None}, None),
    ],
)
def test_how_a_cluster_is_drawn(changes: dict[str, object], drawn: str | None) -> None:
    frame = events_frame([make_document(make_event(**changes))])
    assert list(frame["drawn"]) == [drawn]
    lines, areas = lines_and_areas(frame)
    assert (len(lines), len(areas)) == (drawn == "line", drawn == "area")
    assert list(lines.columns) == list(areas.columns) == [*COLUMNS, "geometry"]


@pytest.mark.parametrize(
    ("documents", "drawn", "line"),
    [
        (
            [make_document(published="2021-07-18", published_basis="assumed")],
            ["point"] * 5 + [None] * 4,
            "9 events from 1 article, 5 drawn, 4 listed without a place; machine-coded, not "
            "reviewed; publication date estimated 18 July 2021",
        ),
        (
            [make_document()],
            ["area"],
            "1 event from 1 article, 1 drawn, 0 listed without a place; machine-coded, not "
            "reviewed",
        ),
        (
            [make_document(id=str(i), published_basis="assumed") for i in range(2)],
            [],
            "0 events from 2 articles, 0 drawn, 0 listed without a place; machine-coded, not "
            "reviewed; publication dates of 2 articles estimated",
        ),
    ],
)
def test_header(documents: list[Document], drawn: list[str | None], line: str) -> None:
    frame = DataFrame({"drawn": drawn}).assign(
        event_class="protest", status="reported", review_status="unreviewed"
    )
    assert header_line(documents, frame) == line


def test_the_header_tells_no_place_from_what_stands_in_the_table_only() -> None:
    events = (
        make_event("e1"),
        make_event("e2", status="negated"),
        make_event("e3", status="cancelled", place=None),
        make_event("e4", place=make_place(7)),
        make_event("e5", place=make_place(None, id=None, name=None)),
        make_event("e6", event_class="statement", place=None),
    )
    assert events_frame([make_document(*events)]).attrs["header"] == (
        "6 events from 1 article, 1 drawn, 2 listed without a place, 3 in the table only; "
        "machine-coded, not reviewed"
    )


def test_places_have_a_point_where_one_is_honest() -> None:
    town = Place("test:1", 1, "Alfa", 10.0, 20.0, "P", "PPL", "XA")
    land = Place("test:2", 2, "Xland", 11.0, 21.0, "A", "PCLI", "XA")
    toponyms = (
        Toponym(0, 1, "B", "place", town),
        Toponym(1, 2, "o", "embedded", town),
        Toponym(2, 3, "r", "metonym", town),
        Toponym(3, 4, "d", "demonym", land),
        Toponym(4, 5, "e", "place", land),
        Toponym(5, 6, "r", "place", None),
    )
    frame = places_frame([make_document(toponyms=toponyms)])
    assert list(frame["text"]) == list("Borde")
    assert [shape is not None for shape in frame.geometry] == [True, True, False, False, False]


def test_mentions_table_has_a_row_for_each_event() -> None:
    frame = mentions_frame([make_document(make_event("e1"), make_event("e2", date=None))])
    assert list(frame["event_id"]) == ["e1", "e2"]
    assert frame["date_start"][1] is None


def test_dates_of_a_report_come_last() -> None:
    report = EventDate("2020-05-09", "2020-05-09", 9, "on Saturday", "report", "report")
    first = make_event("e1", date=report)
    second = make_event("e2", cluster_id="e1")
    assert cell(make_document(first, second), "date_start") == "2020-05-03"
