"""Building from a folder: GeoNames' files, lists of one's own, and files that are wrong.

All places but those of the project's tables are invented.
"""

import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from geomap.cli import main
from geomap.errors import GazetteerError
from geomap.gazetteer import Gazetteer
from geomap.gazetteer.folder import build_folder
from geomap.gazetteer.textfiles import Rejected, Text


def row(
    n: int | str, name: str, latitude: object = 34.5, longitude: object = 62.5, **more: str
) -> str:
    cells = {
        "ascii": "", "names": "", "class": "P", "code": "PPL", "country": "AF", "cc2": "",
        "admin1": "11", "admin2": "", "admin3": "", "admin4": "", "population": "0", "ele": "",
        "dem": "", "zone": "Asia/Kabul", "date": "2026-01-02",
    } | more  # fmt: skip
    values = list(cells.values())
    return "\t".join(map(str, [n, name, values[0], values[1], latitude, longitude, *values[2:]]))


PLACES = [
    row(90000001, "Dehqala", names="Dehe Qala,DQL,dhqla,ده قلعه", population="1200", admin2="1101"),
    row(90000002, "Sangbarak", 34.6, 62.6, admin2="1101"),
    row(90000003, "Rodbar", 34.7, 62.7, code="STM", **{"class": "H"}),
    row(90000004, "Kuhbar", 34.8, 62.8, code="PK", **{"class": "T"}),
    row(1140025, "Herāt", 34.5, 62.0, code="ADM1", **{"class": "A"}),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small folder as GeoNames' server lays it out."""
    folder = tmp_path / "dump"
    (folder / "alternatenames").mkdir(parents=True)
    with zipfile.ZipFile(folder / "AF.zip", "w") as archive:
        archive.writestr("readme.txt", "about these files\tand\tmore\n")
        archive.writestr("AF.txt", "\n".join(PLACES) + "\n")
    names = [
        "1\t90000001\ten\tDeh-e Qala\t1\t\t\t\t\t",
        "2\t90000001\tlink\thttps://example.org/x\t\t\t\t\t\t",
        "3\t90000002\tfa\tسنگ‌بارک\t\t\t\t\t\t",
        "4\t90009999\ten\tNo such place\t\t\t\t\t\t",
    ]
    (folder / "alternatenames" / "AF.txt").write_text("\n".join(names), encoding="utf-8")
    (folder / "admin1CodesASCII.txt").write_text("AF.11\tHerāt\tHerat\t1140025\n", encoding="utf-8")
    (folder / "admin2Codes.txt").write_text("AF.11.1101\tGozarah\tGozarah\t90000100\n")
    (folder / "hierarchy.txt").write_text("90000100\t90000001\n90000002\t90000004\tADM\n")
    (folder / "countryInfo.txt").write_text("#ISO\tISO3\nAF\tAFG\t004\tAF\tAfghanistan" + "\t" * 14)
    return folder


@pytest.fixture
def built(folder: Path, tmp_path: Path) -> Iterator[Gazetteer]:
    build_folder(folder, tmp_path / "out.sqlite", progress=False)
    with Gazetteer.open(tmp_path / "out.sqlite") as gazetteer:
        yield gazetteer


def test_every_kind_of_file_is_used(built: Gazetteer) -> None:
    (match,) = built.lookup("Dehqala")
    place = match.entry.place
    assert (place.id, place.admin1, place.admin2) == ("geonames:90000001", "Herat", "Gozarah")
    assert (place.latitude, place.longitude, match.entry.population) == (34.5, 62.5, 1200)
    assert built.lookup("Deh-e Qala")[0].is_primary
    assert built.lookup("سنگ بارک")[0].entry.place.name == "Sangbarak"
    assert built.lookup("No such place") == ()
    assert built.lookup("DQL") == ()
    (gozarah,) = built.lookup("Gozarah")
    assert (gozarah.entry.place.feature_code, gozarah.entry.place.latitude) == ("ADM2", None)
    kinds = {name: built.lookup(name)[0].entry.kind for name in ("Rodbar", "Kuhbar")}
    assert kinds == {"Rodbar": "region", "Kuhbar": "site"}


def test_what_lies_in_what(built: Gazetteer) -> None:
    village = built.lookup("Dehqala")[0].entry
    parents = built.parents(village)
    assert [p.place.name for p in parents] == ["Gozarah", "Herat", "Afghanistan", "Asia"][
        : len(parents)
    ]
    herat = built.get("geonames:1140025")
    assert herat is not None
    assert [child.place.name for child in built.children(herat)] == ["Gozarah"]
    towns = {child.place.name for child in built.children(herat, towns=True)}
    assert {"Dehqala", "Sangbarak"} <= towns
    kuhbar = built.lookup("Kuhbar")[0].entry
    assert "Sangbarak" in [parent.place.name for parent in built.parents(kuhbar)]
    sangbarak = built.lookup("Sangbarak")[0].entry
    assert [child.place.name for child in built.children(sangbarak)] == ["Kuhbar"]


def test_the_divisions_that_hold_a_point(built: Gazetteer) -> None:
    names = [entry.place.name for entry in built.divisions_at(34.51, 62.51)]
    assert names == ["Afghanistan", "Herat", "Gozarah"]
    assert built.divisions_at(0.0, -30.0) == ()


def test_the_projects_tables_are_in_every_build(built: Gazetteer) -> None:
    (match, *_) = built.lookup("Kafir Qala")
    assert (match.entry.place.name, match.entry.own_name) == ("Islam Qala", True)
    assert built.sources_of(match.entry) == ("geomap",)
    assert built.sources_of(built.lookup("Dehqala")[0].entry) == ("GeoNames",)
    herat = built.get("geonames:1140025")
    assert herat is not None
    assert built.sources_of(herat) == ("geomap", "GeoNames")


def test_the_identity_says_what_is_in_it(built: Gazetteer, folder: Path, tmp_path: Path) -> None:
    identity = built.identity()
    geonames = identity["sources"][1]
    assert (geonames["licence"], geonames["date"]) == ("CC BY 4.0", "2026-01-02")
    assert geonames["files"] == ["AF.txt", "AF.zip", "admin1CodesASCII.txt", "admin2Codes.txt",
                                 "countryInfo.txt", "hierarchy.txt"]  # fmt: skip
    again = tmp_path / "again.sqlite"
    build_folder(folder, again, progress=False)
    assert again.read_bytes() == built.path.read_bytes()
    (folder / "admin2Codes.txt").write_text("AF.11.1101\tGuzara\tGuzara\t90000100\n")
    build_folder(folder, again, progress=False)
    with Gazetteer.open(again) as other:
        assert other.identity()["hash"] != identity["hash"]


def test_a_list_of_ones_own(folder: Path, tmp_path: Path) -> None:
    (folder / "villages.csv").write_text(
        "Village,Y,X,gid\nNawabad Test,34.1,62.1,\nDehqala New,34.55,62.55,90000001\n"
        "Broken,north,62,\n",
        encoding="utf-8",
    )
    (folder / "villages.toml").write_text(
        'title = "Villages (invented)"\nlicence = "CC0"\ndate = "2026"\npriority = 60\n'
        '[columns]\nname = "Village"\nlatitude = "Y"\nlongitude = "X"\ngeonameid = "gid"\n'
        '[defaults]\ncountry = "AF"\n'
    )
    venues = tmp_path / "venues.geojson"
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [62.2, 34.3]},
        "properties": {"title": "Test Hall", "feature_class": "S", "alternate_names": ["Hall T"]},
    }
    venues.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    output = tmp_path / "own.sqlite"
    built = build_folder(folder, output, add=[venues], columns={"name": "title"}, progress=False)
    assert built.rejected.first == ["villages.csv, line 4: the latitude 'north' is no number"]
    with Gazetteer.open(output) as gazetteer:
        (hall,) = gazetteer.lookup("Hall T")
        assert (hall.entry.place.latitude, hall.entry.kind) == (34.3, "site")
        assert gazetteer.sources_of(hall.entry) == ("venues",)
        assert gazetteer.get(hall.entry.place.id) == hall.entry
        (merged,) = gazetteer.lookup("Dehqala")
        place = merged.entry.place
        assert (place.name, place.latitude, merged.entry.population) == ("Dehqala New", 34.55, 1200)
        assert gazetteer.sources_of(merged.entry) == ("GeoNames", "villages")
        assert gazetteer.lookup("Nawabad Test")[0].entry.place.country == "AF"
        assert gazetteer.identity()["sources"][2]["title"] == "Villages (invented)"


@pytest.mark.parametrize(
    ("sidecar", "message"),
    [
        ("colour = 3", "unknown key 'colour'"),
        ("priority = 101", "priority 101"),
        ('[columns]\nname = "Nope"', "no column 'Nope'"),
        ('[columns]\nnmae = "a"', "'nmae' is no column of ours"),
        ("x = [", "cannot be read"),
        ("priority = true", "priority True"),
        ('columns = "a"', "columns is no table"),
        ("[defaults]\nalternate_names = [1]", "defaults.alternate_names"),
    ],
)
def test_a_wrong_sidecar_is_a_clear_error(
    folder: Path, tmp_path: Path, sidecar: str, message: str
) -> None:
    (folder / "mine.csv").write_text("a,b\n1,2\n")
    (folder / "mine.toml").write_text(sidecar)
    built = build_folder(folder, tmp_path / "x.sqlite", progress=False)
    (said,) = built.rejected.files
    assert message in said
    with pytest.raises(GazetteerError, match=message):
        build_folder(folder, tmp_path / "y.sqlite", add=[folder / "mine.csv"], progress=False)
    assert not list(tmp_path.glob("y.sqlite*"))


def test_rows_of_a_list_that_are_wrong_are_noted_and_the_others_kept(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    rows = [
        "name,latitude,longitude,population,geonameid,id",
        "Goodone,34,62,5,,",
        "Badone,34,62,inf,,",
        "Badtwo,34,62,-5,,",
        "Badthree,34,62,1e30,,",
        "Badfour,34,62,5,000000000001999999999999,",
        "Twin,34,62,5,,a1",
        "Twinagain,34,62,5,,a1",
        "Dateline,12,180,5,,",
    ]
    file.write_text("\n".join(rows))
    file.with_suffix(".toml").write_text('date = 2025-05-27\n[defaults]\nfeature_class = "P"\n')
    features = [
        {"type": "Feature", "properties": properties, "geometry": {"type": "Point",
         "coordinates": [62, 34]}} for properties in ([1], "x", 5, {"name": "Goodtwo"})
    ]  # fmt: skip
    other = tmp_path / "other.geojson"
    other.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    (tmp_path / "dump").mkdir()
    output = tmp_path / "x.sqlite"
    built = build_folder(tmp_path / "dump", output, add=[file, other], progress=False)
    assert len(built.rejected) == 8
    assert "mine.csv, line 8: the id 'mine:a1' occurs twice" in built.rejected.first
    with Gazetteer.open(output) as gazetteer:
        for name in ("Goodone", "Goodtwo", "Twin"):
            assert gazetteer.lookup(name)[0].entry.place.name == name
        assert gazetteer.lookup("Twinagain") == gazetteer.lookup("Badone") == ()
        assert gazetteer.identity()["sources"][2]["date"] == "2025-05-27"
        dateline = [e.place.name for e in gazetteer.near(12, -179.99)]
        assert dateline == ["Dateline"]
        assert gazetteer.lookup("x" * 100_000, fuzzy=True) == ()


def test_a_build_without_one_good_row_is_an_error(tmp_path: Path) -> None:
    folder = tmp_path / "dump"
    folder.mkdir()
    (folder / "AF.txt").write_text(row(90000012, "Bad", 95) + "\n")
    output = tmp_path / "x.sqlite"
    output.write_bytes(b"old")
    with pytest.raises(GazetteerError, match="no place could be read"):
        build_folder(folder, output, progress=False)
    assert output.read_bytes() == b"old"


@pytest.mark.parametrize("output", ["", "."])
def test_an_output_that_is_no_file_is_an_error(folder: Path, output: str) -> None:
    with pytest.raises(GazetteerError, match="is no file"):
        build_folder(folder, Path(output), progress=False)


def test_what_a_killed_build_left_is_removed(folder: Path, tmp_path: Path) -> None:
    left = tmp_path / "x.sqlite.999999999-abcd1234.tmp"
    running = tmp_path / f"x.sqlite.{os.getpid()}-abcd1234.tmp"
    for file in (left, running):
        file.touch()
    build_folder(folder, tmp_path / "x.sqlite", progress=False)
    assert not left.exists()
    assert running.exists()


BAD_ROWS = {
    "17 columns": ("\t".join(["90000010", *"x" * 16]), "17 columns, not 19"),
    "no id": (row("x1", "Bad"), "no geonameid"),
    "an id too large": (row("9" * 30, "Bad"), "no geonameid"),
    "NaN": (row(90000011, "Bad", "nan"), "latitude 'nan'"),
    "latitude 95": (row(90000012, "Bad", 95), "latitude '95'"),
    "longitude 181": (row(90000013, "Bad", 1, 181), "longitude '181'"),
    "no name": (row(90000014, ""), "no name"),
    "a name of 100 kB": (row(90000015, "B" * 100_000), "longer than 65536 bytes"),
    "a name of 1 kB": (row(90000016, "B" * 1_000), "a name of 1000 characters"),
    "a NUL": (row(90000017, "Ba\0d"), "holds a NUL"),
    "an escape": (row(90000018, "Ba\x1b[31md"), "control characters"),
    "a country": (row(90000019, "Bad", country="afg"), "country"),
}


def test_bad_rows_are_noted_with_their_lines_and_good_rows_kept(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [line.encode() for line, _ in BAD_ROWS.values()]
    lines.append(row(90000020, "Bäd").encode("latin-1"))
    good = [row(90000030 + i, f"Goodplace{i}").encode() for i in range(len(lines) + 1)]
    hostile = row(90000060, "Robert'); DROP TABLE place;--").encode()
    mixed = [line for pair in zip(good, [*lines, hostile], strict=True) for line in pair]
    (folder / "XX.txt").write_bytes(b"\xef\xbb\xbf" + b"\n".join(mixed))
    output = tmp_path / "out.sqlite"
    assert main(["gazetteer", "build", "--from", str(folder), "-o", str(output)]) == 0
    err = capsys.readouterr().err
    for i, (_, reason) in enumerate(BAD_ROWS.values()):
        (said,) = [line for line in err.splitlines() if f"XX.txt, line {2 * i + 2}:" in line]
        assert reason in said
    assert f"XX.txt, line {2 * len(lines)}: not UTF-8" in err
    assert "Traceback" not in err
    assert "\x1b" not in err
    with Gazetteer.open(output) as gazetteer:
        assert all(gazetteer.lookup(f"Goodplace{i}") for i in range(len(good)))
        assert gazetteer.lookup("Robert'); DROP TABLE place;--")
        assert gazetteer.lookup("Bad") == ()
        assert sum(gazetteer.identity()["rejected"].values()) == len(lines)


def test_a_bad_file_is_refused_and_the_others_are_used(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with zipfile.ZipFile(folder / "ZZ.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ZZ.txt", row(90000040, "Beforebomb") + "\n" + "\0" * (100 << 20))
    (folder / "YY.zip").write_bytes(b"PK\x03\x04 this is no archive")
    with zipfile.ZipFile(folder / "WW.zip", "w") as archive:
        archive.writestr("../../evil.txt", row(90000041, "Outside"))
    output = tmp_path / "out.sqlite"
    assert main(["gazetteer", "build", "--from", str(folder), "-o", str(output)]) == 3
    err = capsys.readouterr().err
    assert "ZZ.zip" in err
    assert "unpacks to more than" in err
    assert "YY.zip" in err
    assert not list(tmp_path.rglob("evil.txt"))
    with Gazetteer.open(output) as gazetteer:
        assert gazetteer.lookup("Dehqala")


def test_a_folder_without_places_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing here\n")
    with pytest.raises(GazetteerError, match="no file of places"):
        build_folder(tmp_path, tmp_path / "x.sqlite", progress=False)


def test_a_long_line_costs_no_memory_and_lines_keep_their_numbers(tmp_path: Path) -> None:
    file = tmp_path / "long.txt"
    with file.open("wb") as out:
        out.write(b"one\n")
        for _ in range(20):
            out.write(b"x" * (1 << 20))
        out.write(b"\nthree\r\nfour")
    rejected = Rejected()
    lines = [
        (n + i, line) for n, block in Text(file).lines(rejected) for i, line in enumerate(block)
    ]
    assert lines == [(1, "one"), (2, None), (3, "three"), (4, "four")]
    assert rejected.first == ["long.txt, line 2: longer than 65536 bytes"]


SHARED = Path(os.environ.get("GEOMAP_SHARED", Path(__file__).parents[2] / "shared")) / "geonames"


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the GeoNames files are not here")
def test_the_spellings_of_the_news_find_their_place(tmp_path: Path) -> None:
    import csv

    output = tmp_path / "ten.sqlite"
    build_folder(SHARED, output, progress=False)
    table = Path(__file__).parent / "data" / "spellings.csv"
    invented = (Path(__file__).parent / "data" / "invented.txt").read_text().split("\n")
    missed = []
    with table.open(encoding="utf-8") as file, Gazetteer.open(output) as gazetteer:
        rows = list(csv.DictReader(file))
        for case in rows:
            wanted = [
                m.entry.place for m in gazetteer.lookup(case["name"], country=case["country"])
            ]
            found = gazetteer.lookup(case["written"], fuzzy=True)
            if not found or found[0].entry.place.name not in {place.name for place in wanted}:
                missed.append(case["written"])
        false = [name for name in invented if name and gazetteer.lookup(name, fuzzy=True)]
    assert len(missed) <= 0.06 * len(rows), missed
    assert len(false) <= 0.05 * len(invented), false
