"""Every row of the tables of border crossings and of border lines."""

import re
import tomllib
from typing import Any

import pytest

from geomap.tables import Row, folder, read_table, split_list

CROSSINGS = read_table("crossings")
LINES = read_table("lines")
BY_ID = {row["id"]: row for row in CROSSINGS}
COUNTRIES = set("AF AM AZ CN IN IQ IR KG KZ PK RU TJ TM TR UZ".split())
CROSSING_COLUMNS = (
    "id,geonameid,name,alternate_names,latitude,longitude,country,admin1,kind,border_with,"
    "counterpart,line,located_by,source,note"
).split(",")
LINE_COLUMNS = ["id", "name", "alternate_names", "pair", "kind", "note", "source"]
LINE_KINDS = {
    "administrative",
    "armistice",
    "barrier",
    "boundary",
    "buffer",
    "ceasefire",
    "contact",
    "control",
    "corridor",
    "fortification",
    "historical",
    "maritime",
    "withdrawal",
}
# A box round each country (south, north, west, east), with a margin for points on the border.
BOXES = {
    "AF": (29.3, 38.6, 60.4, 75.0),
    "AM": (38.7, 41.4, 43.4, 46.7),
    "AZ": (38.3, 42.0, 44.7, 50.5),
    "CN": (18.0, 53.7, 73.4, 135.1),
    "IN": (6.5, 35.7, 68.0, 97.5),
    "IQ": (29.0, 37.5, 38.7, 48.7),
    "IR": (25.0, 39.9, 44.0, 63.4),
    "KG": (39.1, 43.4, 69.2, 80.3),
    "KZ": (40.5, 55.5, 46.4, 87.4),
    "PK": (23.6, 37.1, 60.8, 77.2),
    "RU": (41.1, 82.0, 27.2, 180.0),
    "TJ": (36.6, 41.1, 67.3, 75.2),
    "TM": (35.1, 42.9, 52.3, 66.8),
    "TR": (35.8, 42.2, 25.6, 44.9),
    "UZ": (37.1, 45.6, 55.9, 73.2),
}


def _identity(row: Row) -> str:
    return row["id"]


def _beyond_latin(names: str) -> bool:
    """Tell whether a list of names holds one in Arabic, Cyrillic, Indian or other scripts."""
    return any(any(ord(letter) >= 0x370 for letter in name) for name in split_list(names))


def test_columns() -> None:
    assert list(CROSSINGS[0]) == CROSSING_COLUMNS
    assert list(LINES[0]) == LINE_COLUMNS


def test_size_and_unique_ids() -> None:
    assert len(CROSSINGS) >= 150
    assert len(BY_ID) == len(CROSSINGS)
    assert len({row["id"] for row in LINES}) == len(LINES)
    keys = {(row["country"], row["border_with"], row["name"]) for row in CROSSINGS}
    assert len(keys) == len(CROSSINGS)


@pytest.mark.parametrize("row", CROSSINGS, ids=_identity)
def test_identity(row: Row) -> None:
    if row["geonameid"]:
        assert row["geonameid"].isdecimal()
        assert row["id"] == f"geonames:{row['geonameid']}"
        assert row["located_by"] == "geonames"
        assert row["source"].startswith(f"GeoNames {row['geonameid']}")
    else:
        assert re.fullmatch(r"geomap:crossing/[a-z0-9]+(-[a-z0-9]+)*", row["id"])
        assert row["located_by"] in {"source", "near"}
    assert row["kind"] in {"crossing", "post", "customs", "bridge", "port", "rail"}
    assert row["source"]
    assert row["admin1"]


@pytest.mark.parametrize("row", CROSSINGS, ids=_identity)
def test_position(row: Row) -> None:
    latitude, longitude = float(row["latitude"]), float(row["longitude"])
    south, north, west, east = BOXES[row["country"]]
    assert south <= latitude <= north
    assert west <= longitude <= east


@pytest.mark.parametrize("row", CROSSINGS, ids=_identity)
def test_border(row: Row) -> None:
    country, other = row["country"], row["border_with"]
    assert {country, other} <= COUNTRIES
    assert country != other
    assert row["line"] == "-".join(sorted((country, other)))
    if row["counterpart"]:
        counterpart = BY_ID[row["counterpart"]]
        assert counterpart["counterpart"] == row["id"]
        assert (counterpart["country"], counterpart["border_with"]) == (other, country)


@pytest.mark.parametrize("row", CROSSINGS, ids=_identity)
def test_counterpart_is_near(row: Row) -> None:
    if not row["counterpart"]:
        return
    counterpart = BY_ID[row["counterpart"]]
    assert abs(float(row["latitude"]) - float(counterpart["latitude"])) < 0.7
    assert abs(float(row["longitude"]) - float(counterpart["longitude"])) < 0.7


@pytest.mark.parametrize("row", [*CROSSINGS, *LINES], ids=_identity)
def test_names(row: Row) -> None:
    names = split_list(row["alternate_names"])
    assert row["name"]
    assert names
    assert row["name"] not in names
    assert len(set(names)) == len(names)
    assert not re.search(r"[;,|]", row["name"])
    for cell in row.values():
        assert cell == cell.strip()


@pytest.mark.parametrize(
    "row", [row for row in CROSSINGS if row["country"] in {"AF", "IR", "PK"}], ids=_identity
)
def test_local_script(row: Row) -> None:
    assert _beyond_latin(row["alternate_names"])


@pytest.mark.parametrize("row", LINES, ids=_identity)
def test_line(row: Row) -> None:
    assert re.fullmatch(r"geomap:line/[a-z0-9]+(-[a-z0-9]+)*", row["id"])
    assert row["kind"] in LINE_KINDS
    assert row["source"]
    if row["pair"]:
        assert re.fullmatch(r"[A-Z]{2}-[A-Z]{2}", row["pair"])
        first, second = row["pair"].split("-")
        assert first < second


@pytest.mark.parametrize(
    ("identity", "country", "name"),
    [
        ("geonames:1142404", "AF", "Islam Qala"),
        ("geomap:crossing/abu-nasr-farahi", "AF", "Abu Nasr Farahi"),
        ("geonames:1122273", "AF", "Torghundi"),
        ("geonames:1122264", "AF", "Torkham"),
        ("geonames:1123906", "AF", "Spin Boldak"),
        ("geonames:1161322", "IR", "Dogharoun"),
    ],
)
def test_known_crossing(identity: str, country: str, name: str) -> None:
    assert (BY_ID[identity]["country"], BY_ID[identity]["name"]) == (country, name)


@pytest.mark.parametrize(
    "spelling",
    ["Islam-Qala", "Eslam Qaleh", "Islam Qal'a", "Abunasr Farahi", "Abu Nasr-e Farahi", "Sarasiya"],
)
def test_known_spelling(spelling: str) -> None:
    assert any(spelling in split_list(row["alternate_names"]) for row in CROSSINGS)


@pytest.mark.parametrize("name", ["crossings", "lines"])
def test_source_is_listed(name: str) -> None:
    entries: list[dict[str, Any]] = tomllib.loads(
        (folder() / "sources.toml").read_text(encoding="utf-8")
    )["source"]
    assert any(f"{name}.csv" in str(entry["file"]) for entry in entries)
