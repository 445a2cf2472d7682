"""The files in real QGIS, headless: no warning, typed, styled, valid; pictures of what it draws.

Every event here is invented.
"""

import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pytest
from gis import in_qgis
from PIL import Image
from samples import make_document, make_event, make_place

from geomap.columns import COLUMNS
from geomap.export import write
from geomap.export.qgis import expressions as ex
from geomap.export.qgis.symbols import mark_svg, svg_name
from geomap.model import Document, EventDate
from geomap.style import OUTLINES, Style

PROBE = Path(__file__).parent.parent / "scripts" / "qgis_open.py"
KEPT = Path(__file__).parent / "data" / "qgis-map.png"
HOSTILE = "<script>alert(1)</script> & [% 1 + 1 %] \"'"
TYPES = {"date_start": "Date", "published": "Date", "confidence": "Real", "title": "String",
         "disputed": "Boolean", "reasons": "JSON", "killed_min": "Integer64"}  # fmt: skip


def day(value: str) -> EventDate:
    return EventDate(value, value, 1, value, "clause", "day")


def sample() -> list[Document]:
    """Return an article with events of every outline, near a place, along a line, in areas."""
    events = [
        make_event(f"status-{n}", status=status, event_class="protest", layer="unrest",
                   place=make_place(latitude=34 + n / 2, longitude=60.5, name=f"Place {n}",
                                    id=f"test:{n}"), date=day(f"2020-05-{3 + n:02}"))
        for n, status in enumerate(("reported", "planned", "claimed", "postponed", "denied"))
    ]  # fmt: skip
    near = make_place(2, latitude=32.0, longitude=63.0, radius_km=120.0, id="test:near")
    border = make_place(5, id="geomap:border/AF-IR", name="Iran–Afghanistan border")
    events += [
        make_event("near", place=near, date=day("2020-05-20")),
        make_event("line", place=border, border_pair="AF-IR"),
        make_event("country", place=make_place(6, country="TM", name="Turkmenistan")),
        make_event("past", status="past_reference", place=make_place(latitude=36, longitude=66)),
        make_event("said", event_class="statement", layer="other"),
    ]
    return [make_document(*events, title=HOSTILE, url="javascript:alert(1)", source=HOSTILE)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the files once, then move them: paths in the project are relative."""
    first = tmp_path_factory.mktemp("qgis") / "first"
    write(sample(), first, formats=["geojson", "gpkg", "qgz"])
    return first.rename(first.with_name("moved"))


@pytest.fixture(scope="module")
def qgis(folder: Path) -> dict[str, Any]:
    """Return what QGIS tells of the files."""
    options = ["--size", 550, 380, "--map", folder / "map.png", "--layout", folder / "layout.png"]
    options += ["--filtered", folder / "days.png", "--days", "2020-05-04", "2020-05-05"]
    told: dict[str, Any] = json.loads(in_qgis(PROBE, folder, *options))
    return told


def pixels(path: Path) -> Any:
    with Image.open(path) as image:
        return numpy.asarray(image.convert("RGB"), dtype=float)


def test_qgis_warns_of_nothing(qgis: dict[str, Any]) -> None:
    assert qgis["warnings"] == []
    assert qgis["errors"] == []
    assert qgis["read"] is True


def test_columns_are_typed_and_told(qgis: dict[str, Any]) -> None:
    events = qgis["layers"]["events"]
    assert {name: events["types"][name] for name in TYPES} == TYPES
    assert events["aliases"]["event_class"] == "What happened"
    assert events["widgets"]["status"] == "ValueMap"
    assert events["crs"] == "EPSG:4326"
    rows = {name: layer["rows"] for name, layer in qgis["layers"].items()}
    assert {k: rows[k] for k in ("events", "lines", "areas", "unlocated", "mentions")} == {
        "events": 7, "lines": 1, "areas": 1, "unlocated": 1, "mentions": 10,
    }  # fmt: skip


def test_styles_come_with_the_files(qgis: dict[str, Any]) -> None:
    assert {"Marks", "Clusters", "Spread out"} <= set(qgis["stored_styles"])
    for layer in (qgis["layers"]["events"], qgis["files"]["events.geojson"]):
        assert layer["renderer"] == "categorizedSymbol"
        assert layer["labels"] is True
    geojson = qgis["files"]["events.geojson"]
    assert list(geojson["types"]) == COLUMNS
    assert geojson["types"]["date_start"] == "Date"


def test_words_of_articles_are_nothing_but_words(qgis: dict[str, Any], folder: Path) -> None:
    for layer in (qgis["layers"]["events"], qgis["files"]["events.geojson"]):
        assert "<script>" not in layer["tip"]
        assert "&lt;script&gt;" in layer["tip"]
        assert "[% 1 + 1 %]" in layer["tip"]
        assert "javascript:" not in layer["tip"]
        assert "https?://" in layer["action"]
    with zipfile.ZipFile(folder / "events.qgz") as archive:
        assert b"alert(1)" not in archive.read("events.qgs")


def test_the_project_opens_ready(qgis: dict[str, Any]) -> None:
    project = qgis["project"]
    assert project["bad"] == []
    assert project["crs_valid"]
    assert project["crs"].startswith("+proj=laea")
    assert project["range"] == ["2020-05-03T00:00:00Z", "2020-05-21T00:00:00Z"]
    assert project["layouts"] == ["Map with legend, A4"]
    assert len(project["relations"]) == 6
    assert all(project["relations"].values())
    names = "events lines near areas boundaries countries unlocated mentions articles".split()
    assert project["visible"] == [f"geomap_{name}_now" for name in names]
    assert project["layers"]["geomap_events_past"]["rows"] == 1
    events = project["layers"]["geomap_events_now"]
    assert events["rows"] == 6
    assert events["temporal"] == [True, "date_start", "date_end"]
    assert events["styles"] == ["Clusters", "Marks", "Spread out"]


def test_the_map_looks_as_it_did(qgis: dict[str, Any], folder: Path) -> None:
    found, kept = pixels(folder / "map.png"), pixels(KEPT)
    assert found.shape == kept.shape
    # Letters differ with the fonts of the machine.
    assert numpy.mean(abs(found - kept).max(axis=2) > 48) < 0.02


def test_the_temporal_controller_changes_the_map(qgis: dict[str, Any], folder: Path) -> None:
    whole, part = pixels(folder / "map.png"), pixels(folder / "days.png")
    assert numpy.mean(abs(whole - part).max(axis=2) > 48) > 0.01


def test_the_sheet_is_drawn(qgis: dict[str, Any], folder: Path) -> None:
    assert qgis["layout"] == 0
    sheet = pixels(folder / "layout.png")
    assert len(numpy.unique(sheet.reshape(-1, 3), axis=0)) > 500


def test_equal_runs_give_equal_bytes(folder: Path, tmp_path: Path) -> None:
    write(sample(), tmp_path, formats=["geojson", "gpkg", "qgz"])
    for name in ("events.qml", "events.gpkg", "events.qgz"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


def test_a_run_without_events_can_be_opened(tmp_path: Path) -> None:
    write([replace(make_document(), events=())], tmp_path, formats=["gpkg", "qgz"])
    assert zipfile.is_zipfile(tmp_path / "events.qgz")


@pytest.mark.parametrize("outline", OUTLINES)
def test_each_class_and_outline_has_a_mark_of_its_own(outline: str) -> None:
    style = Style.default()
    marks = {name: mark_svg(style, name, outline) for name in style.classes}
    if outline != "grey":
        assert len(set(marks.values())) == len(marks)
    for name, svg in marks.items():
        assert style.layers[style.classes[name].layer].shape in svg
        assert style.classes[name].sign in svg
        assert (style.grey if outline == "grey" else style.classes[name].colour) in svg
        assert svg_name(svg).startswith("base64:")


@pytest.mark.browser
@pytest.mark.usefixtures("qgis", "driver")
def test_marks_are_those_of_the_interactive_map(tmp_path: Path) -> None:
    script = PROBE.with_name("qgis_symbols.py")
    command = [sys.executable, str(script), str(tmp_path / "marks.png")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    # A row for each class but statements, one for the half mark, two of the head.
    assert done.stdout.count("|\n") == len(Style.default().classes) - 1 + 1 + 2


def test_texts_are_quoted_in_expressions() -> None:
    assert ex.text("it's a \\ b") == "'it''s a \\\\ b'"
    assert ex.field('a"b') == '"a""b"'
