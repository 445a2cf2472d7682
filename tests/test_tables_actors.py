"""The tables of venues, armed groups, organisations and outlets: every row is a case."""

import math
import re
from collections.abc import Iterator
from typing import Any

import pytest

from geomap.gazetteer import Gazetteer, Match
from geomap.gazetteer.own import City, cities
from geomap.names import fold
from geomap.tables import read_table, sources, split_list

Row = dict[str, str]

VENUES = read_table("venues")
GROUPS = read_table("armed_groups")
ORGANISATIONS = read_table("organisations")
OUTLETS = read_table("outlets")
TABLES = {
    "venues": VENUES,
    "armed_groups": GROUPS,
    "organisations": ORGANISATIONS,
    "outlets": OUTLETS,
}
COLUMNS = {
    "venues": "id name alternate_names latitude longitude country city city_geonameid kind host"
    " source note",
    "armed_groups": "group_id name alternate_names countries kind source",
    "organisations": "group_id name alternate_names kind source",
    "outlets": "name alternate_names country kind source",
}
KINDS = {
    "venues": "palace ministry parliament conference headquarters residence hotel base monument",
    "armed_groups": "rebel jihadist militia separatist mercenary criminal coalition",
    "organisations": "igo mission bloc ngo",
    "outlets": "agency broadcaster newspaper website",
}
LEAST = {"venues": 250, "armed_groups": 150, "organisations": 80, "outlets": 150}
COUNTRIES = {row["iso2"] for row in read_table("countries")}
GROUP_IDS = {row["group_id"] for row in (*GROUPS, *ORGANISATIONS)}
PLAIN = {
    "foreign ministry", "ministry of foreign affairs", "parliament", "presidential palace",
    "national palace", "republican palace", "royal palace", "government palace", "state house",
    "government house", "parliament house", "national assembly", "house of commons", "senate",
    "us embassy", "serena hotel", "intercontinental hotel", "sheraton", "ritz-carlton", "marriott",
    "hilton", "prime minister's office", "president's office", "conference centre", "airport",
}  # fmt: skip
MAX_KM = 40


def _rows(table: str) -> list[Any]:
    return [
        pytest.param(row, id=row.get("id") or row.get("group_id") or fold(row["name"]))
        for row in TABLES[table]
    ]


def _names(row: Row) -> tuple[str, ...]:
    return (row["name"], *split_list(row["alternate_names"]))


def _key(name: str) -> str:
    return fold(re.sub(r"^the ", "", name, flags=re.IGNORECASE))


def _owners(table: str) -> dict[str, list[str]]:
    owners: dict[str, list[str]] = {}
    for row in TABLES[table]:
        for key in {_key(name) for name in _names(row)}:
            owners.setdefault(key, []).append(row["name"])
    return owners


OWNERS = {table: _owners(table) for table in TABLES}


def _km(row: Row, city: City) -> float:
    south, north = math.radians(float(row["latitude"])), math.radians(city.latitude)
    east = math.radians(city.longitude - float(row["longitude"]))
    half = math.sin((north - south) / 2) ** 2
    half += math.cos(south) * math.cos(north) * math.sin(east / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(half))


def _check_common(table: str, row: Row) -> None:
    assert list(row) == COLUMNS[table].split()
    assert row["kind"] in KINDS[table].split()
    assert row["source"]
    assert all(value == value.strip() and "\n" not in value for value in row.values())
    for name in _names(row):
        assert _key(name), name
        assert OWNERS[table][_key(name)] == [row["name"]], name
    assert len(set(_names(row))) == len(_names(row))


@pytest.fixture(scope="module")
def towns() -> dict[int, City]:
    wanted = {int(row["city_geonameid"]) for row in VENUES}
    return {city.geonameid: city for city in cities() if city.geonameid in wanted}


@pytest.mark.parametrize("row", _rows("venues"))
def test_venue(row: Row, towns: dict[int, City]) -> None:
    _check_common("venues", row)
    assert re.fullmatch(r"geomap:venue/[a-z0-9]+(-[a-z0-9]+)*", row["id"])
    assert re.fullmatch(r"-?\d{1,2}\.\d{3,4}", row["latitude"])
    assert re.fullmatch(r"-?\d{1,3}\.\d{3,4}", row["longitude"])
    assert abs(float(row["latitude"])) <= 90
    assert abs(float(row["longitude"])) <= 180
    assert row["country"] in COUNTRIES
    assert not row["host"] or row["host"] in COUNTRIES | GROUP_IDS
    assert not {_key(name) for name in _names(row)} & PLAIN
    town = towns[int(row["city_geonameid"])]
    assert town.countrycode == row["country"]
    assert town.name == row["city"]
    assert _km(row, town) <= MAX_KM


@pytest.mark.parametrize("row", _rows("armed_groups"))
def test_armed_group(row: Row) -> None:
    _check_common("armed_groups", row)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["group_id"])
    countries = split_list(row["countries"])
    assert countries
    assert len(set(countries)) == len(countries)
    assert set(countries) <= COUNTRIES


@pytest.mark.parametrize("row", _rows("organisations"))
def test_organisation(row: Row) -> None:
    _check_common("organisations", row)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["group_id"])


@pytest.fixture(scope="module")
def gazetteer() -> Iterator[Gazetteer]:
    with Gazetteer.open(progress=False) as opened:
        yield opened


def _well_known(match: Match) -> bool:
    """Whether a reader would think of a place: a country, a division, a capital, a larger town.

    A larger town counts under its usual name only: "Irna" is an old word for Salerno, too.
    """
    entry = match.entry
    if entry.kind in ("country", "division", "region") or entry.place.feature_code == "PPLC":
        return True
    return entry.population > 20_000 and match.is_primary


@pytest.mark.parametrize("row", _rows("outlets"))
def test_outlet(row: Row, gazetteer: Gazetteer) -> None:
    _check_common("outlets", row)
    assert row["country"] in COUNTRIES
    for name in _names(row):
        assert not any(map(_well_known, gazetteer.lookup(_key(name)))), name


@pytest.mark.parametrize("table", TABLES)
def test_table(table: str) -> None:
    assert len(TABLES[table]) >= LEAST[table]
    listed = {
        column
        for entry in sources()
        if entry["file"] == f"{table}.csv"
        for column in entry["columns"]
    }
    assert listed == set(COLUMNS[table].split())


def test_ids_are_unique() -> None:
    venues = [row["id"] for row in VENUES]
    groups = [row["group_id"] for row in (*GROUPS, *ORGANISATIONS)]
    assert len(set(venues)) == len(venues)
    assert len(set(groups)) == len(groups)


def test_no_name_is_both_a_group_and_an_outlet() -> None:
    assert not OWNERS["outlets"].keys() & (OWNERS["armed_groups"] | OWNERS["organisations"]).keys()
    assert not OWNERS["armed_groups"].keys() & OWNERS["organisations"].keys()


@pytest.mark.parametrize(
    ("table", "name", "owner"),
    [
        ("armed_groups", "Ansar Allah", "Houthis"),
        ("armed_groups", "ISIS-K", "Islamic State Khorasan Province"),
        ("armed_groups", "Taleban", "Taliban"),
        ("organisations", "UN", "United Nations"),
        ("outlets", "the Associated Press", "Associated Press"),
        ("outlets", "Fars News", "Fars News Agency"),
        ("outlets", "Nour News", "Nour News"),
        ("venues", "Bocharov Ruchei", "Bocharov Ruchey"),
        ("venues", "Sheraton Grand Doha", "Sheraton Grand Doha"),
        ("venues", "Élysée", "Élysée Palace"),
    ],
)
def test_names_found_in_text(table: str, name: str, owner: str) -> None:
    assert OWNERS[table][_key(name)] == [owner]


@pytest.mark.parametrize(
    "word", ["Fars", "Economist", "Amnesty", "Mercy", "Sabah", "Time", "Sana", "Anadolu"]
)
def test_ordinary_words_and_places_are_no_names(word: str) -> None:
    assert all(_key(word) not in owners for owners in OWNERS.values())
