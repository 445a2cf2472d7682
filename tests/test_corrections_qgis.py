"""An edit in real QGIS comes back, and every output shows it.

Every event and every reviewer here is invented.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from gis import in_qgis
from samples import make_document, make_event, make_place

from geomap.cli import main
from geomap.corrections import Correction, Corrections
from geomap.errors import ExportError
from geomap.export import write

EDIT = Path(__file__).with_name("qgis_edit.py")
FORMATS = ["geojson", "csv", "gpkg", "qgz", "jsonl"]
NAMES = ("reworded", "dated", "counted", "moved", "deleted", "untouched")


def article() -> Any:
    """Return an article with an event for each kind of edit."""
    events = [make_event(name, place=make_place(latitude=34.0, longitude=62.0)) for name in NAMES]
    areas = (make_event(name, place=make_place(6, country="TM")) for name in ("country", "redrawn"))
    return make_document(*events, *areas)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a run and edit its project in QGIS."""
    made = tmp_path_factory.mktemp("edited")
    write([article()], made, formats=FORMATS)
    assert in_qgis(EDIT, made) == "saved\n"
    return made


def test_an_edit_in_qgis_comes_back(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ExportError, match=r"geomap corrections .*events\.gpkg"):
        write([article()], folder, formats=FORMATS)

    assert main(["corrections", str(folder / "events.gpkg"), "--why", "checked"]) == 3
    said = capsys.readouterr()
    assert said.out == f"{folder / 'corrections.csv'}\n"
    assert "12 corrections taken, 1 refused\n" in said.err
    assert "not taken: events.gpkg, areas, row 2: its line or area was changed" in said.err
    lines = Corrections.read(folder).lines
    assert {(one.event_id, one.field): one.value for one in lines} == {
        ("reworded", "status"): "denied",
        ("reworded", "reviewer"): "Ada",
        ("reworded", "note"): "the source took it back",
        ("dated", "date_start"): "2020-05-01",
        ("dated", "date_end"): "2020-05-02",
        ("counted", "killed_min"): "4",
        ("counted", "killed_max"): "7",
        ("moved", "latitude"): "35.5",
        ("moved", "longitude"): "61.25",
        ("deleted", "review_status"): "rejected",
        ("country", "review_status"): "confirmed",
        ("country", "reviewer"): "Ben",
    }
    assert Correction("reworded", "status", "denied", "Ada", "checked", "reported") in lines


def test_every_output_shows_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    documents, report = folder / "documents.jsonl", folder / "report.md"
    main(["corrections", str(folder / "events.gpkg")])
    assert main(["export", str(documents), "-o", str(folder), "--discard-edits"]) == 0
    told = capsys.readouterr().err
    header = (
        "8 events from 1 article, 7 drawn, 0 listed without a place, 1 in the table only; "
        "machine-coded, 6 of 8 reviewed, 1 of these rejected"
    )
    assert header in told
    assert "12 corrections applied\n" in told
    features = json.loads((folder / "events.geojson").read_text(encoding="utf-8"))["features"]
    found = {f["properties"]["event_id"]: f for f in features}
    assert found["moved"]["geometry"]["coordinates"] == [61.25, 35.5]
    assert found["moved"]["properties"]["why"] == "placed by a reviewer"
    assert found["moved"]["properties"]["place_id"] is None
    assert found["dated"]["properties"]["date_precision"] == 2
    for name in ("map.html", "figure.svg", "events.qgz"):
        assert (folder / name).exists()
    assert header in (folder / "map.html").read_text(encoding="utf-8")
    assert main(["report", str(documents), "-o", str(report)]) == 0
    assert "12 corrections applied" in capsys.readouterr().err
    text = report.read_text(encoding="utf-8")
    assert "6 of 8 reviewed" in text
    assert "rejected by a reviewer" in text
    assert "A person reviewed 6 of the 8 events" in text


def test_a_corrected_project_opens_in_qgis(folder: Path) -> None:
    probe = EDIT.parent.parent / "scripts" / "qgis_open.py"
    told = json.loads(in_qgis(probe, folder))
    assert (told["warnings"], told["errors"], told["project"]["bad"]) == ([], [], [])
    assert told["layers"]["events"]["rows"] == 5
    assert told["layers"]["unlocated"]["rows"] == 1
