"""The table of words that stand for a place without being its name: every row is a case."""

from typing import Any

import pytest

from geomap.names import fold
from geomap.tables import Row, read_table, sources, split_list

WORDS = read_table("words")
COLUMNS = "word kind geonameid name country source".split()
KINDS = ("abbreviation", "adjective")
LEAST = 1000
LONGEST = 6  # characters of an abbreviation
STATES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ"
    " NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY"
).split()
PROVINCES = "AB BC MB NB NL NS NT NU ON PE QC SK YT".split()


def _tables() -> dict[str, tuple[str, str]]:
    """Return name and country of each place of the tables by its geonameid."""
    places = {}
    for table, column in (("countries", "iso2"), ("divisions", "country"), ("regions", "")):
        for row in read_table(table):
            if row["geonameid"]:
                places[row["geonameid"]] = (row["name"], row[column] if column else "")
    return places


TABLES = _tables()
SHOWN = {row["geonameid"]: row["name"] for row in read_table("names")}
DEMONYMS = {
    fold(word): row["name"]
    for row in read_table("countries")
    for word in split_list(row["demonyms"])
}


def _identity(row: Row) -> str:
    return f"{row['word']}-{row['geonameid']}"


def _places(word: str) -> list[tuple[str, str]]:
    return sorted((row["name"], row["country"]) for row in WORDS if row["word"] == word)


def test_table() -> None:
    assert list(WORDS[0]) == COLUMNS
    assert len(WORDS) >= LEAST
    pairs = [(row["word"], row["geonameid"]) for row in WORDS]
    assert len(set(pairs)) == len(pairs)
    order = [(row["kind"], row["word"], row["country"], int(row["geonameid"])) for row in WORDS]
    assert order == sorted(order)
    listed = [c for entry in sources() if entry["file"] == "words.csv" for c in entry["columns"]]
    assert sorted(listed) == sorted(COLUMNS)


@pytest.mark.parametrize("row", WORDS, ids=_identity)
def test_row(row: Row) -> None:
    assert row["kind"] in KINDS
    assert row["source"]
    assert all(value == value.strip() and "\n" not in value for value in row.values())
    assert fold(row["word"])
    assert row["word"][0].isupper()
    if row["kind"] == "abbreviation":
        assert len(row["word"]) <= LONGEST
    else:
        assert row["word"].replace("St. ", "").replace("-", "").replace(" ", "").isalpha()


@pytest.mark.parametrize("row", WORDS, ids=_identity)
def test_the_id_is_that_of_the_place(row: Row, towns: dict[str, dict[str, Any]]) -> None:
    place = TABLES.get(row["geonameid"])
    if place is None:
        town = towns[row["geonameid"]]
        place = (SHOWN.get(row["geonameid"], town["name"]), town["countrycode"])
    assert place == (row["name"], row["country"])


@pytest.mark.parametrize("row", [row for row in WORDS if row["kind"] == "adjective"], ids=_identity)
def test_an_adjective_is_not_the_demonym_of_a_country(row: Row) -> None:
    """Of no country, not only of its own: the word would lose its one meaning."""
    assert fold(row["word"]) not in DEMONYMS


def test_no_word_is_the_name_of_its_place() -> None:
    assert [row["word"] for row in WORDS if fold(row["word"]) == fold(row["name"])] == []


def test_a_plural_has_the_places_of_its_singular() -> None:
    words = {row["word"] for row in WORDS if row["kind"] == "adjective"}
    for word in words:
        if f"{word}s" in words:
            assert _places(word) == _places(f"{word}s"), word


def test_postal_codes_are_complete() -> None:
    for country, codes in (("US", STATES), ("CA", PROVINCES)):
        divisions = {
            row["geonameid"] for row in read_table("divisions") if row["country"] == country
        }
        found = {
            row["geonameid"]: row["word"]
            for row in WORDS
            if row["word"] in codes and row["geonameid"] in divisions
        }
        assert sorted(found.values()) == sorted(codes)
        assert set(found) == divisions


@pytest.mark.parametrize(
    ("word", "places"),
    [
        ("European", [("Europe", "")]),
        ("Southeast Asian", [("Southeast Asia", "")]),
        ("Latin Americans", [("Latin America", "")]),
        ("English", [("England", "GB")]),
        ("Scots", [("Scotland", "GB")]),
        ("Northern Irish", [("Northern Ireland", "GB")]),
        ("Texans", [("Texas", "US")]),
        ("Québécois", [("Quebec", "CA")]),
        ("Queenslander", [("Queensland", "AU")]),
        ("Catalan", [("Catalonia", "ES")]),
        ("Chechen", [("Chechen Republic", "RU")]),
        ("Crimeans", [("Crimea", "UA")]),
        ("Abkhaz", [("Abkhazia", "GE")]),
        ("Gazans", [("Gaza Strip", "PS")]),
        ("Sindhi", [("Sindh", "PK")]),
        ("Kashmiri", [("Azad Kashmir", "PK"), ("Jammu and Kashmir", "IN")]),
        ("Londoners", [("London", "GB")]),
        ("Muscovite", [("Moscow", "RU")]),
        ("New Yorkers", [("New York", "US"), ("New York", "US")]),
        ("Dane", [("Denmark", "DK")]),
        ("Calif.", [("California", "US")]),
        ("W.Va.", [("West Virginia", "US")]),
        ("LA", [("Los Angeles", "US"), ("Louisiana", "US")]),
        ("WA", [("Washington", "US")]),
        ("D.C.", [("Washington", "US"), ("Washington, D.C.", "US")]),
        ("P.E.I.", [("Prince Edward Island", "CA")]),
        ("Qld", [("Queensland", "AU")]),
        ("EU", [("European Union", "")]),
        ("UAE", [("United Arab Emirates", "AE")]),
        ("CAR", [("Central African Republic", "CF"), ("Cordillera", "PH")]),
        ("DPRK", [("North Korea", "KP")]),
        ("NYC", [("New York", "US")]),
    ],
)
def test_places_of_a_word(word: str, places: list[tuple[str, str]]) -> None:
    assert _places(word) == places


@pytest.mark.parametrize(
    ("word", "geonameid"),
    [
        ("WA", "5815135"),  # the state, not the capital
        ("Muscovite", "524901"),  # the city, not the division
        ("Paulista", "3448433"),  # the state
        ("Paulistano", "3448439"),  # the city
        ("Cairene", "360630"),
    ],
)
def test_places_of_one_name_are_told_apart(word: str, geonameid: str) -> None:
    assert [row["geonameid"] for row in WORDS if row["word"] == word] == [geonameid]


@pytest.mark.parametrize(
    "word",
    ["Punjabi", "Georgian", "Central African", "Roman", "Hamburger", "Phoenician", "Kurdish"],
)
def test_words_of_other_meaning_are_left_out(word: str) -> None:
    assert _places(word) == []
