"""Every row of the tables of border crossings and of border lines."""

import math
import re
import tomllib
from typing import Any

import pytest
import shapely
from shapely import Point
from shapely.ops import nearest_points

from geomap.names import fold
from geomap.shapes import area_of, line_of, named_line
from geomap.tables import Row, folder, read_table, split_list

CROSSINGS = read_table("crossings")
LINES = read_table("lines")
BY_ID = {row["id"]: row for row in CROSSINGS}
LINE_IDS = {row["id"] for row in LINES}
PAIRS = {row["pair"] for row in read_table("borders")}
COUNTRIES = {row["iso2"] for row in read_table("countries")}
CROSSING_COLUMNS = (
    "id,geonameid,name,alternate_names,latitude,longitude,country,admin1,kind,border_with,"
    "counterpart,line,located_by,source,note"
).split(",")
LINE_COLUMNS = ["id", "name", "alternate_names", "pair", "kind", "note", "source", "wkt"]
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
# Points that the outlines of Natural Earth cannot hold, with how far from their country's they lie:
# the middle of a causeway over the sea, and the tip of a peninsula that the outlines lack.
OFF_OUTLINE_KM = {
    "geomap:crossing/king-fahd-causeway": 15,
    "geomap:crossing/king-fahd-causeway-bahrain": 15,
    "geomap:crossing/teknaf": 15,
}
# Countries whose own script is Latin: their rows need no name in another script.
LATIN = {"EE", "FI", "HU", "LT", "MD", "PL", "RO", "SK", "TR"}
BORDER_KM, SIDE_KM, LINE_KM = 30, 6, 40
# Places by which a line without a border of two states in borders.csv runs.
RUNS_BY = {
    "crimea-administrative-line": [(46.15, 33.67), (46.03, 34.55)],  # Armiansk, Chonhar
    "abkhazia-abl": [(42.495, 41.805), (42.60, 41.89)],  # Enguri Bridge, Saberio
    "south-ossetia-abl": [(42.185, 43.985), (41.985, 44.50), (42.37, 43.565)],
    "transnistria-security-zone": [(46.83, 29.47), (47.26, 29.16), (47.77, 29.0)],
    "green-line-cyprus": [(35.175, 33.36), (35.01, 33.69), (35.12, 33.95)],
    "donbas-line-of-contact": [(48.65, 39.46), (48.39, 38.0), (47.94, 37.5), (47.1, 37.83)],
    "surovikin-line": [(47.25, 35.70), (47.44, 35.28)],  # Tokmak, Vasylivka
    "netzarim-corridor": [(31.46, 34.42)],
    "morag-corridor": [(31.30, 34.29)],
    "taiwan-median-line": [(24.83, 119.98)],
}


def _identity(row: Row) -> str:
    return row["id"]


def _km(shape: Any, latitude: float, longitude: float) -> float:
    """Return the distance of a point from a shape, in kilometres, on a plane round the point."""
    scale = [111.2 * math.cos(math.radians(latitude)), 111.2]
    flat = shapely.transform(shape, lambda xy: (xy - [longitude, latitude]) * scale)
    return float(flat.distance(Point(0, 0)))


def _beyond_latin(names: str) -> bool:
    """Tell whether a list of names holds one in Arabic, Cyrillic, Indian or other scripts."""
    return any(any(ord(letter) >= 0x370 for letter in name) for name in split_list(names))


def test_columns() -> None:
    assert list(CROSSINGS[0]) == CROSSING_COLUMNS
    assert list(LINES[0]) == LINE_COLUMNS


def test_size_and_unique_ids() -> None:
    assert len(CROSSINGS) >= 700
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
    """A point lies on its side, or little off it, and near the stated border."""
    latitude, longitude = float(row["latitude"]), float(row["longitude"])
    side = _km(area_of(row["country"]), latitude, longitude)
    assert side <= OFF_OUTLINE_KM.get(row["id"], SIDE_KM)
    if row["border_with"]:
        line = line_of(row["line"])
        if line is None:  # a border in the sea: near the coast of the other side, too
            assert row["line"] == "BH-SA"
            line = area_of(row["border_with"])
    else:
        line = named_line(row["line"])
    assert _km(line, latitude, longitude) <= BORDER_KM


def test_exceptions_are_needed() -> None:
    for identity in OFF_OUTLINE_KM:
        row = BY_ID[identity]
        point = (float(row["latitude"]), float(row["longitude"]))
        assert _km(area_of(row["country"]), *point) > SIDE_KM


def test_divisions_are_known() -> None:
    """The first-order division of a point is a row of the table of divisions.

    Western Sahara has none there.
    """
    known = {
        (row["country"], fold(name))
        for row in read_table("divisions")
        for name in (row["name"], *split_list(row["alternate_names"]))
    }
    unknown = [row for row in CROSSINGS if (row["country"], fold(row["admin1"])) not in known]
    assert {row["country"] for row in unknown} == {"EH"}


@pytest.mark.parametrize("row", CROSSINGS, ids=_identity)
def test_border(row: Row) -> None:
    country, other = row["country"], row["border_with"]
    assert country in COUNTRIES
    if other:
        assert other in COUNTRIES
        assert country != other
        assert row["line"] == "-".join(sorted((country, other)))
    else:  # on a line inside one state
        assert row["line"] in LINE_IDS
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
    "row", [row for row in CROSSINGS if row["country"] not in LATIN], ids=_identity
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


@pytest.mark.parametrize("row", [row for row in LINES if row["wkt"]], ids=_identity)
def test_line_geometry(row: Row) -> None:
    """A row's own line parses, and passes by the border of its pair or by known places."""
    line = shapely.from_wkt(row["wkt"])
    assert line.geom_type in ("LineString", "MultiLineString")
    assert line.is_valid
    assert 2 <= shapely.get_num_coordinates(line) <= 60
    west, south, east, north = line.bounds
    assert -180 <= west < east <= 180
    assert -90 <= south <= north <= 90
    assert named_line(row["id"]).equals(line)
    assert "coarse" in row["note"] or "parallel itself" in row["note"]
    key = row["id"].removeprefix("geomap:line/")
    border = line_of(row["pair"] or None)
    assert (border is not None) != (key in RUNS_BY)
    if border is not None:
        middle = line.interpolate(0.5, normalized=True)
        near = nearest_points(line, border)[0]
        assert _km(border, near.y, near.x) <= LINE_KM
        assert _km(border, middle.y, middle.x) <= 4 * LINE_KM
    for latitude, longitude in RUNS_BY.get(key, []):
        assert _km(line, latitude, longitude) <= LINE_KM


def test_runs_by_names_lines_with_a_geometry() -> None:
    own = {row["id"].removeprefix("geomap:line/") for row in LINES if row["wkt"]}
    assert RUNS_BY.keys() <= own


@pytest.mark.parametrize(
    ("identity", "pair"),
    [("durand-line", "AF-PK"), ("blue-line", "IL-LB"), ("line-of-actual-control", "CN-IN")],
)
def test_a_line_without_geometry_is_the_border_of_its_pair(identity: str, pair: str) -> None:
    assert named_line(f"geomap:line/{identity}").equals(line_of(pair))


def test_lines_without_any_geometry() -> None:
    assert named_line(None) is None
    assert named_line("geomap:line/no-such-line") is None
    assert named_line("geomap:line/nine-dash-line") is None


@pytest.mark.parametrize(
    ("identity", "latitude", "longitude"),
    [
        ("line-of-control", 34.1, 73.92),  # Kaman Bridge
        ("line-of-control", 33.755, 74.02),  # Chakan da Bagh
        ("military-demarcation-line", 37.956, 126.677),  # Panmunjom
        ("undof-area-of-separation", 33.12, 35.82),  # Quneitra
        ("green-line-israel", 31.88, 35.01),  # Latrun
        ("moroccan-berm", 21.43, -16.95),  # Guerguerat
        ("karabakh-line-of-contact", 40.0, 47.0),  # east of Aghdam
    ],
)
def test_a_line_runs_by_a_known_place(identity: str, latitude: float, longitude: float) -> None:
    assert _km(named_line(f"geomap:line/{identity}"), latitude, longitude) <= 15


@pytest.mark.parametrize(
    ("identity", "country", "name"),
    [
        ("geonames:1142404", "AF", "Islam Qala"),
        ("geomap:crossing/abu-nasr-farahi", "AF", "Abu Nasr Farahi"),
        ("geonames:1122273", "AF", "Torghundi"),
        ("geonames:1122264", "AF", "Torkham"),
        ("geonames:1123906", "AF", "Spin Boldak"),
        ("geonames:1161322", "IR", "Dogharoun"),
        ("geomap:crossing/rafah-crossing", "PS", "Rafah crossing"),
        ("geomap:crossing/bab-al-hawa", "SY", "Bab al-Hawa"),
        ("geonames:172344", "SY", "Al-Tanf"),
        ("geonames:765028", "PL", "Medyka"),
        ("geomap:crossing/verkhny-lars", "RU", "Verkhny Lars"),
        ("geomap:crossing/lachin-checkpoint", "AZ", "Lachin checkpoint"),
        ("geomap:crossing/stanytsia-luhanska", "UA", "Stanytsia Luhanska crossing"),
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
