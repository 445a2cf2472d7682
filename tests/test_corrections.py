"""Corrections put onto the table of events: what they change, what follows, what is told.

Every event and every reviewer here is invented.
"""

import csv
from pathlib import Path
from typing import Any

import pytest
from samples import make_document, make_event, make_place

from geomap.corrections import Correction, Corrections, append
from geomap.errors import InputError
from geomap.frame import events_frame
from geomap.model import Event, EventDate, Number

pytestmark = pytest.mark.usefixtures("few_shapes")
LONG = "x" * 200


def corrected(*lines: Correction, events: tuple[Event, ...] = ()) -> tuple[dict[str, Any], Any]:
    """Return the first row of a corrected table, and what is told of the corrections."""
    document = make_document(*(events or (make_event(),)))
    frame = events_frame([document], Corrections(lines))
    return frame.to_dict("records")[0], frame.attrs["corrections"]


def change(**values: str) -> tuple[dict[str, Any], Any]:
    """Correct the fields of one event."""
    return corrected(*(Correction("e1", name, value, "Ada") for name, value in values.items()))


def test_a_value_is_set_and_the_event_counts_as_reviewed() -> None:
    row, told = change(status="denied")
    assert row["status"] == "denied"
    assert (row["review_status"], row["reviewer"]) == ("corrected", "Ada")
    assert row["reasons"][-1] == "corrected by Ada: status 'denied'"
    assert (told["applied"], told["gone"], told["notes"]) == (1, [], [])
    assert told["before"]["e1"]["status"] == "reported"


def test_a_correction_finds_its_event_by_any_mention() -> None:
    mentions = (make_event("e1"), make_event("e2", cluster_id="e1", place=make_place(2)))
    for own in ("e1", "e2"):
        row, told = corrected(Correction(own, "status", "claimed"), events=mentions)
        assert (row["status"], told["applied"]) == ("claimed", 1)


def test_the_last_correction_of_an_event_and_field_holds() -> None:
    mentions = (make_event("e1"), make_event("e2", cluster_id="e1"))
    lines = [
        Correction("e2", "status", "denied", "Ada"),
        Correction("e1", "status", "planned", "Ben"),
    ]
    row, told = corrected(*lines, events=mentions)
    assert (row["status"], row["reviewer"], told["applied"]) == ("planned", "Ben", 1)


def test_a_class_brings_its_layer_and_drops_the_codes_of_the_old_one() -> None:
    row, _ = change(event_class="protest")
    assert (row["event_class"], row["layer"]) == ("protest", "unrest")
    assert (row["subclass"], row["plover"], row["acled_like"]) == (None, None, None)
    assert "class" not in row["confidence_parts"]
    row, _ = change(event_class="protest", layer="conflict", plover="PROTEST")
    assert (row["layer"], row["plover"]) == ("conflict", "PROTEST")


@pytest.mark.parametrize(
    ("values", "start", "end", "precision"),
    [
        ({"date_start": "2020-05-01"}, "2020-05-01", "2020-05-03", 2),
        ({"date_start": "2020-06-01"}, "2020-06-01", "2020-06-01", 1),
        ({"date_end": "2020-04-01"}, "2020-04-01", "2020-04-01", 1),
        ({"date_end": "2020-05-09"}, "2020-05-03", "2020-05-09", 3),
        ({"date_start": "2020-01-01", "date_end": "2020-12-31"}, "2020-01-01", "2020-12-31", 5),
        ({"date_end": "2020-05-20", "date_precision": "9"}, "2020-05-03", "2020-05-20", 9),
        ({"date_end": ""}, "2020-05-03", "2020-05-03", 1),
        ({"date_start": ""}, None, None, None),
        ({"date_start": "", "date_end": ""}, None, None, None),
    ],
)
def test_the_ends_of_an_interval_go_together(
    values: dict[str, str], start: str | None, end: str | None, precision: int | None
) -> None:
    row, told = change(**values)
    assert (row["date_start"], row["date_end"], row["date_precision"]) == (start, end, precision)
    assert told["applied"] == len(values)


def test_numbers_are_told_in_words_too() -> None:
    numbers = tuple(Number(kind, 3, 5, None, 0, 1) for kind in ("killed", "wounded", "crowd"))
    lines = [Correction("e1", "killed_min", "1200"), Correction("e1", "wounded_max", "2")]
    row, _ = corrected(*lines, events=(make_event(numbers=numbers),))
    assert (row["killed_min"], row["killed_max"]) == (1200, 1200)
    assert (row["wounded_min"], row["wounded_max"]) == (2, 2)
    assert row["numbers_text"] == "2 wounded; 1,200 killed; crowd of 3–5"
    assert change(killed_max="4")[0]["numbers_text"] == "at most 4 killed"


def test_a_moved_point_is_placed_by_its_reviewer() -> None:
    row, told = change(latitude="11.5", longitude="21.25")
    assert (row["geometry"].x, row["geometry"].y) == (21.25, 11.5)
    assert (row["drawn"], row["precision"], row["radius_km"]) == ("point", 1, None)
    assert (row["place_id"], row["place_source"]) == (None, "reviewer")
    assert row["why"] == "placed by Ada"
    assert told["before"]["e1"]["latitude"] == 10.123457
    row, _ = change(latitude="11.5", longitude="21.25", place_id="own:1", precision="2")
    assert (row["place_id"], row["precision"]) == ("own:1", 2)


def test_an_event_without_a_place_can_be_given_one() -> None:
    lines = (Correction("e1", "latitude", "1"), Correction("e1", "longitude", "2"))
    row, _ = corrected(*lines, events=(make_event(place=None),))
    assert (row["drawn"], row["why"]) == ("point", "placed by a reviewer")


def test_from_a_division_on_there_is_no_point() -> None:
    row, _ = change(precision="6")
    assert row["geometry"] is None
    assert (row["drawn"], row["area_id"]) == ("area", "XA")
    assert row["why"].startswith("corrected by Ada")
    row, _ = change(latitude="", longitude="")
    assert (row["geometry"], row["drawn"]) == (None, None)


def test_a_rejected_event_is_listed_and_not_drawn() -> None:
    events = (make_event("e1"), make_event("e2"), make_event("e3", status="negated"))
    lines = (
        Correction("e1", "review_status", "rejected", "Ada"),
        Correction("e2", "review_status", "Confirmed", "Ada"),
    )
    frame = events_frame([make_document(*events)], Corrections(lines))
    assert list(frame["drawn"]) == [None, "point", None]
    assert list(frame["review_status"]) == ["rejected", "confirmed", "unreviewed"]
    assert frame.attrs["header"] == (
        "3 events from 1 article, 1 drawn, 0 listed without a place, 2 in the table only; "
        "machine-coded, 2 of 3 reviewed, 1 of these rejected"
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (Correction("e9", "status", "denied", "Ada"), ["e9", "denied", "Ada", "no such event"]),
        (Correction("e1", "weather", "fine"), ["weather", "no column", "event_class"]),
        (Correction("e1", "sentence", "x"), ["sentence", "no column", "note"]),
        (Correction("e1", "status", "perhaps"), ["status", "'perhaps'", "reported"]),
        (Correction("e1", "status", ""), ["status", "empty", "reported"]),
        (Correction("e1", "killed_min", "-1"), ["killed_min", "'-1'", "0 or more"]),
        (Correction("e1", "killed_min", "many"), ["killed_min", "'many'", "whole number"]),
        (Correction("e1", "date_start", "5/6/2020"), ["2020-05-06 or 2020-06-05", "YYYY-MM-DD"]),
        (Correction("e1", "country", "Iran"), ["country", "'Iran'", "two letters"]),
        (Correction("e1", "plover", "HUG"), ["plover", "'HUG'", "AGREE"]),
        (Correction("e1", "latitude", "95"), ["latitude", "'95'", "-90 to 90"]),
        (Correction("e1", "latitude", ""), ["latitude", "neither"]),
        (Correction(LONG, LONG, f"\x1b[2J{LONG}", LONG), ["\\x1b", "…"]),
    ],
)
def test_what_does_not_apply_is_told_in_one_line(line: Correction, words: list[str]) -> None:
    row, told = corrected(line)
    (said,) = told["gone"]
    assert [word for word in words if word not in said] == []
    assert "\x1b" not in said
    assert len(said) < 600
    assert (told["applied"], row["review_status"]) == (0, "unreviewed")


def test_values_that_contradict_each_other_are_told_and_not_set() -> None:
    row, told = change(date_start="2020-06-02", date_end="2020-06-01", status="denied")
    assert (row["date_start"], row["status"]) == ("2020-05-03", "denied")
    assert len(told["gone"]) == 2
    assert "before it begins" in told["gone"][0]
    row, told = change(killed_min="5", killed_max="2")
    assert (row["killed_min"], row["killed_max"], told["applied"]) == (None, None, 0)


def test_a_correction_holds_and_is_told_where_the_articles_now_say_something_else() -> None:
    line = Correction("e1", "status", "denied", "Ada", old="planned")
    row, told = corrected(line)
    assert (row["status"], told["applied"]) == ("denied", 1)
    (said,) = told["notes"]
    assert "'planned'" in said
    assert "'reported'" in said
    for old in ("reported", None):
        assert corrected(Correction("e1", "status", "denied", old=old))[1]["notes"] == []
    agreed = Correction("e1", "status", "reported", old="planned")
    assert corrected(agreed)[1]["notes"] == []


def test_corrected_places_shade_the_area_that_they_name() -> None:
    report = EventDate("2020-05-09", "2020-05-09", 9, "on Saturday", "report", "report")
    event = make_event(place=make_place(6, country="ZZ"), date=report)
    assert corrected(Correction("e1", "note", "?"), events=(event,))[0]["drawn"] is None
    row, _ = corrected(Correction("e1", "country", "xa"), events=(event,))
    assert (row["country"], row["drawn"]) == ("XA", "area")


# --- corrections.csv -------------------------------------------------------------------------


def test_the_file_only_grows_and_keeps_columns_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "corrections.csv"
    file.write_bytes("\ufeffevent_id;field;value;remark\r\ne1;status;denied;mine\r\n".encode())
    first = Corrections.read(tmp_path)
    assert first.lines == (Correction("e1", "status", "denied"),)
    new = Correction("e2", "note", "=1+1", "Ada", "why, not", "")
    append(tmp_path, [new])
    assert Corrections.read(tmp_path).lines == (*first.lines, new)
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    assert rows[0]["remark"] == "mine"
    assert rows[1]["value"] == "'=1+1"
    append(tmp_path, [])
    append(tmp_path, [new])
    assert Corrections.read(tmp_path).lines == (*first.lines, new, new)


def test_there_need_be_no_file(tmp_path: Path) -> None:
    assert not Corrections.read(tmp_path)
    assert "corrections" not in events_frame([make_document(make_event())]).attrs


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"event_id,value\ne1,x\n", ["'field'", "event_id, field, value"]),
        (b"event_id,field,value,field\n", ["'field'", "twice"]),
        ("event_id,field,value\ne1,note,é".encode("latin-1"), ["UTF-8", "CSV UTF-8"]),
    ],
)
def test_a_broken_file_is_one_clear_error(content: bytes, words: list[str], tmp_path: Path) -> None:
    (tmp_path / "corrections.csv").write_bytes(content)
    with pytest.raises(InputError) as error:
        Corrections.read(tmp_path)
    assert [word for word in words if word not in str(error.value)] == []
