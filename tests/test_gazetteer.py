"""The gazetteer: what goes in, what comes out, and files that are not whole."""

import pickle
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_world import CITIES, TABLES, ids

from geomap.errors import GazetteerError
from geomap.gazetteer import (
    City,
    Gazetteer,
    build_from_tables,
    distance_km,
)
from geomap.gazetteer.keyset import KeySet
from geomap.names import fold


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("gazetteer") / "small.sqlite"
    build_from_tables(file, TABLES, CITIES)
    return file


@pytest.fixture(scope="module")
def small(path: Path) -> Iterator[Gazetteer]:
    with Gazetteer.open(path) as gazetteer:
        yield gazetteer


def test_a_lookup_gives_the_likeliest_place_first_and_cuts_nothing(small: Gazetteer) -> None:
    assert ids(small, "Paris") == ["geonames:2988507", "geonames:4717560"]
    assert ids(small, "PARIS", country="us") == ["geonames:4717560"]
    assert ids(small, "Herat") == ["geonames:1140026", "geonames:1140025"]
    assert ids(small, "Atlantis") == []
    assert ids(small, "") == []


def test_a_match_says_how_the_name_matched(small: Gazetteer) -> None:
    (folded,) = small.lookup("TEHRAN")
    assert (folded.match, folded.name, folded.is_primary) == ("exact", "Tehran", True)
    (alternate,) = small.lookup("teherān")
    assert (alternate.match, alternate.name, alternate.distance) == ("exact", "Teheran", 0)
    assert not alternate.is_primary
    assert small.lookup("Tehraan") == ()
    (variant, *_) = small.lookup("Tehraan", fuzzy=True)
    assert (variant.match, variant.name, variant.distance) == ("variant", "Tehran", 0)
    (fuzzy, *_) = small.lookup("Kandagar", fuzzy=True)
    assert (fuzzy.match, fuzzy.name, fuzzy.distance) == ("fuzzy", "Kandahar", 1)
    assert small.lookup("هرا")[0].entry.place.name == "Herāt"


def test_a_place_has_what_the_sources_give_and_null_for_the_rest(small: Gazetteer) -> None:
    herat = small.get("geonames:1140026")
    assert herat is not None
    assert herat.place.geonameid == 1140026
    assert (herat.place.feature_class, herat.place.feature_code) == ("P", None)
    assert (herat.place.admin1, herat.place.admin2) == ("Herat", None)
    assert (herat.admin1_code, herat.population, herat.name_count) == ("11", 574300, 5)
    assert herat.kind == "city"
    assert herat.detail == {}
    tehran = small.get("geonames:112931")
    assert tehran is not None
    assert (tehran.place.feature_code, tehran.place.admin1) == ("PPLC", None)


def test_a_row_with_the_geonameid_of_a_city_is_one_place_with_it(small: Gazetteer) -> None:
    (match,) = small.lookup("Islam Qala")
    entry = match.entry
    assert entry.place.id == "geonames:1138336"
    assert entry.place.name == "Islam Qala"
    assert (entry.place.latitude, entry.place.longitude) == (34.659, 61.061)
    assert (entry.place.feature_class, entry.kind) == ("P", "crossing")
    assert entry.population == 614118
    assert (entry.admin1_code, entry.place.admin1) == ("11", "Herat")
    assert entry.detail["border_with"] == "IR"
    assert ids(small, "Eslam Qaleh") == ids(small, "Kandahār")[:1] == ["geonames:1138336"]
    assert small.get("geomap:crossing/islam-qala") == entry
    assert small.get(entry.detail["counterpart"]) == small.lookup("Dogharoun")[0].entry


def test_words_stand_for_places_as_they_are_written(small: Gazetteer) -> None:
    assert small.word("Tex.") == ("geonames:4736286",)
    assert small.word("tex") == small.word("Texas") == ()


def test_each_table_gives_its_kind_of_place(small: Gazetteer) -> None:
    def described(name: str) -> tuple[str, str | None, str | None]:
        entry = small.lookup(name)[0].entry
        return entry.kind, entry.place.feature_class, entry.place.feature_code

    assert described("Iran") == ("country", "A", "PCLI")
    assert described("Texas") == ("division", "A", "ADM1")
    assert described("Asia") == ("region", "L", "CONT")
    assert described("the Gulf") == ("region", "H", "GULF")
    assert described("Dogharoun") == ("crossing", "S", "PSTB")
    assert described("Durand Line") == ("line", "L", None)
    assert described("Arg") == ("venue", "S", "PAL")
    line = small.get("geomap:line/durand")
    assert line is not None
    assert (line.place.latitude, line.place.geonameid) == (None, None)
    assert line.detail == {"pair": "AF-PK", "kind": "border"}


def test_countries_capitals_and_peoples(small: Gazetteer) -> None:
    country = small.country("af")
    assert country is not None
    assert country.place.name == "Afghanistan"
    capital = small.capital_of("AF")
    assert capital is not None
    assert capital.place.name == "Kabul"
    assert small.country_of_capital(capital.place.id) == "AF"
    assert small.country_of_capital("geonames:1140026") is None
    assert small.capital_of("US") is None  # Washington is not in this small gazetteer
    assert small.country("ZZ") is small.capital_of("ZZ") is None
    assert small.demonym("Afghan") == small.demonym("Afghans") == ("AF",)
    assert small.demonym("Congolese") == ("CD", "CG")
    assert small.demonym("Kabul") == ()


@pytest.mark.parametrize("code", ["KBL", "THR", "HEA", "hrat", "12", "http://example.org/x"])
def test_codes_and_transliterations_are_no_names(small: Gazetteer, code: str) -> None:
    assert ids(small, code) == []
    assert not small.contains(fold(code))


def test_short_main_names_and_short_names_of_the_tables_stay(small: Gazetteer) -> None:
    assert ids(small, "Å") == ["geonames:1"]
    assert ids(small, "U.S.") == ids(small, "US") == ["geonames:6252001"]


def test_contains_agrees_with_lookup(small: Gazetteer, path: Path) -> None:
    with sqlite3.connect(path) as database:
        keys = [key for (key,) in database.execute("SELECT DISTINCT key FROM name")]
    database.close()
    assert all(map(small.contains, keys))
    assert not any(small.contains(f"{key} x") for key in keys)
    assert not small.contains("")
    assert small.longest_words() == max(key.count(" ") + 1 for key in keys)


def test_the_key_set_forgets_nothing_and_is_rarely_wrong() -> None:
    keys = [f"name {i}" for i in range(20_000)]
    known = KeySet(bytes(KeySet.of(keys, len(keys)).bits))
    assert all(key in known for key in keys)
    assert sum(f"other {i}" in known for i in range(20_000)) < 400


@pytest.mark.parametrize(
    "wrong", ["", "geonames:", "geonames:x", "geonames:²", "geonames:-1", f"geonames:{10**30}", "x"]
)
def test_an_id_that_is_none_gives_nothing(small: Gazetteer, wrong: str) -> None:
    assert small.get(wrong) is None


@pytest.mark.parametrize("name", ["'; DROP TABLE name; --", "\0", "a" * 10_000, "\ud800", "%"])
def test_hostile_names_are_only_names(small: Gazetteer, name: str) -> None:
    assert small.lookup(name) == ()
    assert not small.contains(name)


def test_near_gives_the_nearest_first_also_over_the_date_line(tmp_path: Path) -> None:
    file = tmp_path / "islands.sqlite"
    islands = [(10, "West", 179.9), (11, "East", -179.9), (12, "Far", -170.0)]
    cities = tuple(City(n, name, -17.0, lon, "FJ", 1, "", []) for n, name, lon in islands)
    pole = City(13, "Pole", 89.9, 10.0, "NO", 1, "", [])
    build_from_tables(file, {}, (*cities, pole))
    with Gazetteer.open(file) as gazetteer:
        near = gazetteer.near(-17.0, -179.95, km=50)
        assert [entry.place.name for entry in near] == ["East", "West"]
        assert [e.place.name for e in gazetteer.near(89.9, -170.0, km=50)] == ["Pole"]
        assert gazetteer.near(0, 0) == ()
        assert distance_km(-17, 179.9, near[0].place) == pytest.approx(21.27, abs=0.05)


def test_the_identity_is_the_same_for_the_same_data_and_holds_no_path(tmp_path: Path) -> None:
    identities = []
    for folder in ("a", "b"):
        file = tmp_path / folder / "same.sqlite"
        build_from_tables(file, TABLES, CITIES)
        with Gazetteer.open(file) as gazetteer:
            identities.append(gazetteer.identity())
    assert identities[0] == identities[1]
    assert str(tmp_path) not in str(identities[0])
    assert identities[0]["counts"]["crossing"] == 2  # type: ignore[index]


def test_one_gazetteer_serves_threads_and_travels_to_processes(small: Gazetteer) -> None:
    found: list[list[str]] = []
    threads = [threading.Thread(target=lambda: found.append(ids(small, "Paris"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [["geonames:2988507", "geonames:4717560"]] * 8
    with pickle.loads(pickle.dumps(small)) as copy:
        assert ids(copy, "Tehran") == ["geonames:112931"]


# Files that are not whole


def test_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(GazetteerError, match="no such gazetteer file"):
        Gazetteer.open(tmp_path / "missing.sqlite")
    (tmp_path / "text.sqlite").write_text("no database, but long enough to look like one" * 100)
    with pytest.raises(GazetteerError, match="not a gazetteer file"):
        Gazetteer.open(tmp_path / "text.sqlite")
    (tmp_path / "empty.sqlite").touch()
    with pytest.raises(GazetteerError, match="not a gazetteer file"):
        Gazetteer.open(tmp_path / "empty.sqlite")
    other = sqlite3.connect(tmp_path / "other.sqlite")
    other.execute("CREATE TABLE name (key)")
    other.close()
    with pytest.raises(GazetteerError, match="not a gazetteer file"):
        Gazetteer.open(tmp_path / "other.sqlite")


def test_a_file_of_another_version(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "old.sqlite"
    file.write_bytes(path.read_bytes())
    database = sqlite3.connect(file)
    database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(GazetteerError, match="version 99"):
        Gazetteer.open(file)


def test_a_damaged_file(path: Path, tmp_path: Path) -> None:
    content = path.read_bytes()
    cut = tmp_path / "cut.sqlite"
    cut.write_bytes(content[: len(content) // 2])
    with pytest.raises(GazetteerError, match="damaged"):
        Gazetteer.open(cut)
    spoilt = tmp_path / "spoilt.sqlite"
    spoilt.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with pytest.raises(GazetteerError, match="damaged"):
        Gazetteer.open(spoilt)


def test_a_closed_gazetteer_says_so(path: Path) -> None:
    gazetteer = Gazetteer.open(path)
    gazetteer.close()
    with pytest.raises(GazetteerError, match="closed"):
        gazetteer.lookup("Paris")
