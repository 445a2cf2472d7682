"""Tables beside ``events.csv``: GeoParquet, and the columns that users of ACLED and PLOVER know."""

import csv
import datetime
import json
import sys
from pathlib import Path
from typing import Any

import geopandas
import pyarrow
import pyarrow.parquet
import pytest
from samples import make_document, make_event, make_place

import geomap
from geomap.cli.outputs import FORMATS
from geomap.columns import COLUMNS
from geomap.export import WRITERS, write
from geomap.export.layers import DETAIL_COLUMNS
from geomap.model import Actor, Number

FORMULA = "=HYPERLINK(1)"


def sample() -> geomap.Document:
    """Return an invented article with an event of every kind of place."""
    sides = (Actor("Alfa", "side_a"), Actor("Bravo", "side_b"), Actor("Charlie", "side_a"))
    killed = (Number("killed", 2, 3, None, 0, 1),)
    return make_document(
        make_event("line", place=make_place(5), border_pair="AF-IR"),
        make_event("point", actors=sides, numbers=killed),
        make_event("area", place=make_place(6, country="TM"), acled_like=None, plover="CONSULT"),
        make_event("planned", place=None, date=None, status="planned"),
        title=FORMULA,
        source=FORMULA,
    )


def rows(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {next(iter(row.values())): row for row in csv.DictReader(file)}


def test_the_command_knows_the_formats() -> None:
    assert set(FORMATS) == {*WRITERS, "postgis"}


class TestParquet:
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        write([sample()], tmp_path, formats=["parquet"])
        return tmp_path / "events.parquet"

    def test_geopandas_reads_every_event_with_its_shape(self, path: Path) -> None:
        frame = geopandas.read_parquet(path)
        assert frame.crs == "EPSG:4326"
        assert list(frame.columns) == [*COLUMNS, *DETAIL_COLUMNS, "geometry"]
        shapes = {row.event_id: row.geometry and row.geometry.geom_type
                  for row in frame.itertuples()}  # fmt: skip
        assert shapes == {"line": "MultiLineString", "point": "Point", "area": "MultiPolygon",
                          "planned": None}  # fmt: skip

    def test_columns_are_typed(self, path: Path) -> None:
        table = pyarrow.parquet.read_table(path)
        types = {name: table.schema.field(name).type for name in table.column_names}
        assert types["date_start"] == pyarrow.date32()
        assert types["killed_min"] == types["wounded_min"] == pyarrow.int64()
        assert types["confidence"] == pyarrow.float64()
        assert types["disputed"] == pyarrow.bool_()
        (row,) = (r for r in table.to_pylist() if r["event_id"] == "point")
        assert row["date_start"] == datetime.date(2020, 5, 3)
        assert (row["killed_min"], row["wounded_min"]) == (2, None)
        assert json.loads(row["reasons"]) == ["the verb"]

    def test_types_do_not_hang_on_the_rows(self, path: Path, tmp_path: Path) -> None:
        write([make_document()], tmp_path / "none", formats=["parquet"])
        empty = pyarrow.parquet.read_schema(tmp_path / "none" / "events.parquet")
        full = pyarrow.parquet.read_schema(path)
        assert [(f.name, f.type) for f in empty] == [(f.name, f.type) for f in full]

    def test_what_is_not_installed_is_told(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "pyarrow", None)
        with pytest.raises(geomap.ExportError, match=r"pip install 'geomap\[parquet\]'"):
            write([sample()], tmp_path, formats=["parquet"])
        assert not list(tmp_path.iterdir())


class TestViews:
    @pytest.fixture
    def acled(self, tmp_path: Path) -> dict[str, dict[str, str]]:
        write([sample()], tmp_path, formats=["acled"])
        return rows(tmp_path / "events_acled.csv")

    @pytest.fixture
    def plover(self, tmp_path: Path) -> dict[str, dict[str, str]]:
        write([sample()], tmp_path, formats=["plover"])
        return rows(tmp_path / "events_plover.csv")

    def test_acled_has_what_happened_and_has_a_code(self, acled: dict[str, Any]) -> None:
        assert set(acled) == {"point", "line"}

    def test_acled_columns(self, acled: dict[str, Any]) -> None:
        expected = {
            "event_date": "2020-05-03", "year": "2020", "time_precision": "1",
            "disorder_type": "Political violence", "event_type": "Battles",
            "sub_event_type": "Armed clash", "actor1": "Alfa; Charlie", "actor2": "Bravo",
            "location": "Alfa", "geo_precision": "1", "fatalities": "2", "aggregate": "False",
        }  # fmt: skip
        assert expected.items() <= acled["point"].items()
        assert acled["point"]["latitude"].startswith("10.12")
        assert acled["line"]["latitude"] == ""
        assert acled["line"]["fatalities"] == ""
        assert acled["line"]["geo_precision"] == "3"

    def test_every_row_says_who_coded_it(
        self, acled: dict[str, Any], plover: dict[str, Any]
    ) -> None:
        for row in acled.values():
            assert row["coded_by"].startswith("geomap ")
            assert "not data of ACLED" in row["coded_by"]
        for row in plover.values():
            assert "not data of POLECAT" in row["Coded by"]

    def test_plover_columns(self, plover: dict[str, Any]) -> None:
        assert set(plover) == {"point", "line", "area", "planned"}
        assert plover["area"]["Event Type"] == "CONSULT"
        assert plover["area"]["Event Mode"] == ""
        assert plover["area"]["Country"] == "TKM"
        assert plover["point"]["Actor Name"] == "Alfa; Charlie"
        assert plover["point"]["Recipient Name"] == "Bravo"
        assert plover["planned"]["Status"] == "planned"

    def test_a_spreadsheet_runs_nothing(self, acled: dict[str, Any]) -> None:
        assert acled["point"]["source"] == "'" + FORMULA
