"""The files: their form, their bytes, and that nothing hostile runs."""

import csv
import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import shapely
from samples import make_document, make_event, make_place

from geomap.clock import Clock
from geomap.columns import COLUMNS
from geomap.config import Config
from geomap.errors import ConfigError, ExportError, InputError
from geomap.export import DEFAULT, OUTPUTS, WRITERS, Run, basemap, write
from geomap.export.geojson import FILES
from geomap.export.jsonl import documents_from_jsonl
from geomap.jsonline import encode
from geomap.model import (
    Actor,
    Attribution,
    Document,
    EventDate,
    Number,
    Origin,
    Place,
    PlaceRole,
    Relation,
    Span,
    Toponym,
)
from geomap.reading import InputFile, Refused
from geomap.visible import cell_text, safe_cell

pytestmark = pytest.mark.usefixtures("few_shapes", "fake_pipeline")
HOSTILE = '=HYPERLINK("http://x")</script><script>alert(1)</script>{{7*7}}${1}\u202e\n\''


def sample() -> list[Document]:
    """Return an article with an event of every kind of place."""
    numbers = (Number("killed", 1, 2, None, 0, 1),)
    return [
        make_document(
            make_event("point", numbers=numbers, related=(Relation("line", "part_of"),)),
            make_event("line", place=make_place(5), border_pair="XA-XB"),
            make_event("area", place=make_place(6)),
            make_event("none", place=None, date=None, event_class="statement"),
            title=HOSTILE,
            warnings=("a warning",),
        )
    ]


def features(path: Path) -> list[dict[str, Any]]:
    return json.loads(path.read_text(encoding="utf-8"))["features"]  # type: ignore[no-any-return]


def test_every_format_is_registered() -> None:
    assert list(WRITERS) == list(OUTPUTS)


def test_all_files_are_written(tmp_path: Path) -> None:
    paths = write(sample(), tmp_path / "new" / "out")
    expected = {name for asked in DEFAULT for name in OUTPUTS[asked]} - {"figure.pdf"}
    expected |= {"run.json", "timings.json"}
    assert {path.name for path in paths} == expected
    assert {path.name for path in (tmp_path / "new" / "out").iterdir()} == expected


def test_equal_runs_give_equal_bytes(tmp_path: Path) -> None:
    for name, seconds in (("a", 1.0), ("b", 2.0)):
        clock = Clock()
        clock.seconds["read"] = seconds  # type: ignore[assignment]
        write(sample(), tmp_path / name, run=Run(clock=clock), formats=WRITERS)
    first = {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()}
    second = {path.name: path.read_bytes() for path in (tmp_path / "b").iterdir()}
    assert [name for name in first if first[name] != second[name]] == ["timings.json"]


@pytest.mark.parametrize("after", [0, 3, 11])
def test_a_run_killed_while_its_files_take_their_places_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    write(sample(), tmp_path / "alone")
    killed = tmp_path / "killed"
    write(sample()[:1], killed)
    left = after

    def replace_some(path: Path, target: Path) -> Path:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        return rename(path, target)

    rename = Path.replace
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", replace_some)
        with pytest.raises(KeyboardInterrupt):
            write(sample(), killed)
    write(sample(), killed)
    names = {path.name for path in (tmp_path / "alone").iterdir()}
    assert {path.name for path in killed.iterdir()} == names
    for name in names - {"timings.json"}:
        assert (killed / name).read_bytes() == (tmp_path / "alone" / name).read_bytes(), name


def test_geojson(tmp_path: Path) -> None:
    write(sample(), tmp_path, formats=["geojson"])
    for name in FILES:
        data = json.loads((tmp_path / name).read_text(encoding="utf-8"))
        assert data["type"] == "FeatureCollection"
        assert data["name"] == name.removesuffix(".geojson")
        assert "crs" not in data
    events = features(tmp_path / "events.geojson")
    assert [list(f["properties"]) for f in events] == [COLUMNS] * 4
    assert events[0]["geometry"] == {"type": "Point", "coordinates": [20.5, 10.123457]}
    assert [f["geometry"] for f in events[1:]] == [None] * 3
    assert events[0]["properties"]["killed_max"] == 2
    assert events[0]["properties"]["title"] == HOSTILE
    assert events[3]["properties"]["date_start"] is None
    (line,) = features(tmp_path / "events_lines.geojson")
    assert line["geometry"]["coordinates"][1] == [1.123457, 1.0]
    (area,) = features(tmp_path / "events_areas.geojson")
    ring = area["geometry"]["coordinates"][0]
    assert shapely.LinearRing(ring).is_ccw


def test_csv_is_safe_and_typed(tmp_path: Path) -> None:
    write(sample(), tmp_path, formats=["csv"])
    with (tmp_path / "events.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [*COLUMNS, "latitude", "longitude", "wkt"]
    assert rows[0]["title"] == "'" + HOSTILE
    assert [rows[0][key] for key in ("latitude", "longitude")] == ["10.123457", "20.5"]
    assert [row["latitude"] for row in rows[1:]] == [""] * 3
    assert [row["wkt"].split(" ")[0] for row in rows] == ["POINT", "LINESTRING", "POLYGON", ""]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff20"])
def test_a_cell_that_a_spreadsheet_would_run(start: str) -> None:
    assert safe_cell(f"{start}1+1") == f"'{start}1+1"
    assert cell_text(f"'{start}1+1") == f"{start}1+1"


@pytest.mark.parametrize("divider", [";", "\t"])
def test_a_cell_that_would_run_where_another_sign_divides_cells(divider: str) -> None:
    cell = safe_cell(f"He said{divider}=1+1; -5 degrees{divider}@x")
    assert cell == f"He said{divider}'=1+1; -5 degrees{divider}'@x"
    assert cell_text(cell) == f"He said{divider}=1+1; -5 degrees{divider}@x"


@pytest.mark.parametrize("cell", [-5.5, -1, "a=b", "", None])
def test_a_cell_that_stays(cell: object) -> None:
    assert safe_cell(cell) == cell


def test_control_characters_are_shown_in_the_csv_and_kept_in_the_documents(
    tmp_path: Path,
) -> None:
    name = "a\x1b]0;x\x07\x9b\u2028b"
    write([make_document(make_event(), id=name, title="\u200fa\tb")], tmp_path)
    with (tmp_path / "events.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["document_id"] == "a\\x1b]0;x\\x07\\x9b\\u2028b"
    assert row["title"] == "\u200fa\tb"
    (document,) = documents_from_jsonl(tmp_path / "documents.jsonl")
    assert document.id == name


def test_geopackage(tmp_path: Path) -> None:
    write(sample(), tmp_path, formats=["gpkg"])
    database = sqlite3.connect(tmp_path / "events.gpkg")
    try:
        counts = {
            table: database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
            for (table,) in database.execute("SELECT table_name FROM gpkg_contents").fetchall()
        }
        assert counts == {
            "events": 1,
            "lines": 1,
            "areas": 1,
            "unlocated": 1,
            "mentions": 4,
            "places": 1,
            "articles": 1,
            "layer_styles": 11,
            "countries": len(basemap.countries()),
            "boundaries": sum(len(basemap.lines(kind)) for kind in basemap.LINES),
        }
        types = {row[1]: row[2] for row in database.execute("PRAGMA table_info(events)")}
        assert (types["date_start"], types["killed_min"]) == ("DATE", "INTEGER")
        assert (types["confidence"], types["title"]) == ("REAL", "TEXT")
        kinds = {row[1]: row[2] for row in database.execute("PRAGMA table_info(mentions)")}
        assert kinds["aggregate"] == "BOOLEAN"
        told = "SELECT title, description, mime_type FROM gpkg_data_columns WHERE table_name = "
        assert database.execute(told + "'events' AND column_name = 'killed_min'").fetchone() == (
            "Killed, at least",
            "Empty where no number is stated; never 0 for that.",
            None,
        )
        lists = database.execute("SELECT related FROM mentions WHERE related NOT NULL").fetchall()
        assert lists == [('[{"event_id": "line", "relation": "part_of"}]',)]
        about = told + "'mentions' AND column_name = 'related'"
        assert database.execute(about).fetchone()[2] == "application/json"
        assert database.execute("SELECT date_start, wounded_min FROM events").fetchone() == (
            "2020-05-03",
            None,
        )
        assert database.execute("PRAGMA user_version").fetchone() == (10200,)
    finally:
        database.close()


def test_an_empty_run_can_be_written(tmp_path: Path) -> None:
    write([], tmp_path)
    assert features(tmp_path / "events.geojson") == []
    assert not (tmp_path / "events_lines.geojson").exists()


def test_stale_outputs_go_and_other_files_stay(tmp_path: Path) -> None:
    write(sample(), tmp_path)
    (tmp_path / "corrections.csv").write_text("event_id,field,value", encoding="utf-8")
    write([make_document(make_event())], tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert "corrections.csv" in names
    assert not {"events_lines.geojson", "events_areas.geojson"} & names


def test_documents_come_back(tmp_path: Path) -> None:
    write(sample(), tmp_path, formats=["jsonl"])
    path = tmp_path / "documents.jsonl"
    assert documents_from_jsonl(path) == sample()
    line = json.loads(path.read_text(encoding="utf-8"))
    assert list(line) == [
        *("id", "title", "published", "published_basis", "source", "url", "language", "text"),
        *("toponyms", "events", "warnings"),
    ]


def test_the_analysis_is_never_written() -> None:
    assert b"analysis" not in encode(replace(sample()[0], analysis=object()))


def test_lone_surrogates_do_not_stop_the_writers(tmp_path: Path) -> None:
    event = make_event(actors=(Actor("a\ud800b", "side_a"),))
    paths = write([make_document(event, title="t\udc00")], tmp_path)
    for path in paths:
        if path.suffix in (".json", ".geojson", ".jsonl"):
            for line in path.read_bytes().splitlines() if path.suffix == ".jsonl" else [None]:
                json.loads(line or path.read_bytes())
    (document,) = documents_from_jsonl(tmp_path / "documents.jsonl")
    assert document.title == "t\udc00"


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "no document"),
        (b'{"id": "a"}\n', "line 1"),
        (encode(sample()[0]) + b"\n{broken\n", "line 2"),
        (encode(sample()[0]) + b"\n" + encode(sample()[0]), "twice"),
        (b'{"id": "a", "text": "b", "events": [{}]}', "line 1"),
        (b"\xff\xfe\n", "line 1"),
    ],
)
def test_what_is_no_document_is_named(tmp_path: Path, content: bytes, word: str) -> None:
    path = tmp_path / "documents.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError, match=word):
        documents_from_jsonl(path)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"date": EventDate("garbage", "2020-05-03", 1, "", "clause", "")},
            "date.start: 'garbage'",
        ),
        ({"date": EventDate("20200503", "2020-05-03", 1, "", "clause", "")}, "YYYY-MM-DD"),
        ({"date": EventDate("2020-05-03", "2020-05-01", 2, "", "clause", "")}, "date.end"),
        ({"date": EventDate("2020-05-03", "2020-05-03", 7, "", "clause", "")}, "1, 2, 3, 4, 5, 9"),
        ({"place": make_place(latitude=999.0)}, "latitude: 999.0 .* -90 to 90"),
        ({"place": make_place(longitude=-181.0)}, "-180 to 180"),
        ({"place": make_place(latitude=None)}, "both coordinates"),
        ({"place": make_place(6, latitude=1.0, longitude=1.0)}, "null"),
        ({"place": make_place(8)}, "place.precision: 8"),
        ({"place": make_place(text="Beta")}, "'Beta' .* 'Alfa'"),
        ({"place": make_place(end=None)}, "place.start"),
        ({"place": make_place(country="Xland")}, "two capitals"),
        ({"event_class": "nonsense"}, "event_class: 'nonsense' .* border_clash, .*displacement"),
        ({"plover": "YIELD"}, "plover: 'YIELD'"),
        ({"confidence": 1.5}, "0 to 1"),
        ({"sentence": Span(999_999, 1_000_000, "")}, "sentence.start: .* 0 to 71"),
        ({"trigger": Span(49, 53, "Alfa")}, "trigger: .* sentence"),
        ({"trigger": Span(14, 21, "clashes")}, "trigger.text"),
        ({"actors": (Actor("x", "leader"),)}, "role: 'leader'"),
        ({"actors": (Actor("x", "host", start=-1, end=2),)}, "actors.0..start"),
        ({"attributed_to": (Attribution("x", "rumour"),)}, "kind: 'rumour'"),
        ({"numbers": (Number("killed", 3, 1, None, 0, 1),)}, "3 to 1"),
        ({"numbers": (Number("hurt", 1, 1, None, 0, 1),)}, "kind: 'hurt'"),
        ({"places": (PlaceRole("home", "Alfa", None, 25, 29),)}, "role: 'home'"),
        ({"related": (Relation("e2", "cousin"),)}, "relation: 'cousin'"),
        ({"status": "perhaps"}, "perhaps.* allowed: reported, .*past_reference"),
        ({"layer": "zz"}, "allowed: border_clashes"),
    ],
)
def test_a_value_that_the_interface_does_not_allow_is_named(
    tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    path = tmp_path / "documents.jsonl"
    good, bad = make_document(), make_document(make_event(**changes), id="bad")
    path.write_bytes(encode(good) + b"\n" + encode(bad) + b"\n")
    with pytest.raises(InputError, match=f"documents.jsonl, line 2: .*{words}") as caught:
        documents_from_jsonl(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"published": "yesterday"},
        {"published_basis": "guess"},
        {"toponyms": (Toponym(25, 29, "Alfa", "place"), Toponym(28, 30, "a ", "place"))},
        {"toponyms": (Toponym(25, 99, "Alfa", "place"),)},
        {"toponyms": (Toponym(25, 29, "Alfa", "city"),)},  # type: ignore[arg-type]
        {"toponyms": (Toponym(25, 29, "Alfa", "place", score=2.0),)},
        {"toponyms": (Toponym(25, 29, "Alfa", "place", Place("x", 1, "Alfa", 91.0, 0.0)),)},
    ],
)
def test_a_document_that_the_interface_does_not_allow_is_named(
    tmp_path: Path, changes: dict[str, Any]
) -> None:
    path = tmp_path / "documents.jsonl"
    path.write_bytes(encode(make_document(**changes)))
    with pytest.raises(InputError, match="line 1: .*allowed"):
        documents_from_jsonl(path)


def test_an_event_id_that_stands_twice_is_named_with_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "documents.jsonl"
    lines = [encode(make_document(make_event("e1"), id=name)) for name in ("a", "b")]
    path.write_bytes(b"\n\n".join(lines))
    with pytest.raises(InputError, match=r"line 3: the event_id 'e1' .*first in line 1"):
        documents_from_jsonl(path)


def test_run_json_of_documents_that_know_their_origin(tmp_path: Path) -> None:
    made = Origin("a.txt", "0" * 64, {"model": "m"}, {"gazetteer": "g"})
    same = [make_document(id=name, origin=made) for name in ("a", "b")]
    write([*same, make_document(origin=replace(made, name="c.txt"))], tmp_path)
    told = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert (told["options"], told["identity"]) == ({"model": "m"}, {"gazetteer": "g"})
    assert [file["name"] for file in told["inputs"]] == ["a.txt", "c.txt"]
    assert "not_known" not in told


def test_run_json_says_what_is_not_known_and_why(tmp_path: Path) -> None:
    write(sample(), tmp_path)
    told = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert (told["options"], told["identity"], told["inputs"]) == (None, None, None)
    assert told["not_known"].keys() == {"options", "identity", "inputs"}
    assert all("given as values" in why for why in told["not_known"].values())


def test_run_json_tells_what_was_run(tmp_path: Path) -> None:
    run = Run(
        config=Config(gazetteer=tmp_path / "world.sqlite", workers=2),
        identity={"model": "m"},
        inputs=[InputFile("a.txt", "0" * 64)],
        refused=[Refused("b.txt", "it is empty")],
    )
    write(sample(), tmp_path, run=run)
    text = (tmp_path / "run.json").read_text(encoding="utf-8")
    told = json.loads(text)
    assert told["options"]["gazetteer"] == "world.sqlite"
    assert told["refused"] == [{"name": "b.txt", "reason": "it is empty"}]
    assert told["counts"]["events"] == 4
    assert (told["counts"]["drawn"], told["counts"]["listed"]) == (3, 1)
    assert told["warnings"] == [{"document": "doc", "warning": "a warning"}]
    assert str(tmp_path) not in text


def test_an_unknown_format_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="'kml'.*geojson"):
        write(sample(), tmp_path, formats=["kml"])


def test_a_file_in_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(ExportError, match="out"):
        write(sample(), tmp_path / "out")


def test_a_failed_run_leaves_the_earlier_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(sample(), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def fail(*_: object) -> list[str]:
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(WRITERS, "jsonl", fail)
    with pytest.raises(ExportError, match="No space"):
        write([], tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
