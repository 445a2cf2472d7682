"""Events that share a place, counted by QGIS: the first, how many, of how many classes.

Every event here is invented.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from gis import in_qgis
from samples import make_document, make_event, make_place

from geomap.export import write
from geomap.export.qgis.labels import AREAS, LINES, POINTS
from geomap.model import EventDate

SCRIPT = Path(__file__).with_name("qgis_together.py")
MAY, JUNE = ("2020-05-03", "2020-05-04"), ("2020-06-01", "2020-06-02")


def dated(first: str, last: str) -> EventDate:
    return EventDate(first, last, 2, first, "clause", "range")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write events of two towns and a country, of May, of June, and without a day."""
    made = tmp_path_factory.mktemp("together")
    one = make_place(latitude=34.0, longitude=62.0)
    other = make_place(latitude=36.0, longitude=66.0, id="test:2", name="Bravo")
    country = make_place(6, country="TM", name="Turkmenistan")
    border = make_place(5, id="geomap:border/AF-IR", name="Border")
    events = [
        make_event("a1", place=one, date=dated(*JUNE)),
        make_event("a10", place=one, date=dated(*MAY)),
        make_event("a2", place=one, date=None, event_class="protest", layer="unrest"),
        make_event("a3", place=one, date=dated(*MAY), status="negated"),
        make_event("b1", place=other, date=dated(*JUNE)),
        make_event("c1", place=country, date=dated(*MAY)),
        make_event("c2", place=country, date=dated(*JUNE), event_class="coup", layer="unrest"),
        make_event("l1", place=border, border_pair="AF-IR", date=dated(*JUNE)),
        make_event("l2", place=border, border_pair="AF-IR", date=dated(*MAY)),
    ]
    write([make_document(*events)], made, formats=["gpkg"])
    return made


def told(folder: Path, layer: str, here: Any) -> dict[str, dict[str, dict[str, Any]]]:
    expressions = {"first": here.first, "count": here.count, "mixed": here.mixed}
    (folder / "expressions.json").write_text(json.dumps(expressions), encoding="utf-8")
    found: dict[str, dict[str, dict[str, Any]]] = json.loads(
        in_qgis(SCRIPT, folder, layer, "2020-05-01", "2020-06-01")
    )
    return found


def test_events_at_one_place(folder: Path) -> None:
    found = told(folder, "events", POINTS)
    firsts = {
        days: [own for own, value in rows.items() if value["first"]] for days, rows in found.items()
    }
    assert firsts["all"] == ["a1", "b1"]
    assert "a10" in firsts["some"]
    assert "a2" not in firsts["some"]
    assert {own: row["count"] for own, row in found["all"].items()} == {
        "a1": 3, "a10": 3, "a2": 3, "b1": 1,
    }  # fmt: skip
    assert found["some"]["a10"]["count"] == 2
    assert [bool(found["all"][own]["mixed"]) for own in ("a1", "a2", "b1")] == [True, True, False]
    assert found["some"]["a10"]["mixed"]


def test_events_in_one_area(folder: Path) -> None:
    found = told(folder, "areas", AREAS)
    assert [bool(found["all"][own]["first"]) for own in ("c1", "c2")] == [True, False]
    assert [found["all"][own]["count"] for own in ("c1", "c2")] == [2, 2]
    assert found["all"]["c1"]["mixed"]
    assert (found["some"]["c1"]["count"], bool(found["some"]["c1"]["mixed"])) == (1, False)


def test_events_along_one_line(folder: Path) -> None:
    found = told(folder, "lines", LINES)
    assert [bool(found["all"][own]["first"]) for own in ("l1", "l2")] == [True, False]
    assert found["some"]["l2"]["first"]
    assert (found["all"]["l2"]["count"], found["some"]["l2"]["count"]) == (2, 1)
