"""What an edited file says: every edit is found, nothing that a spreadsheet did on its own.

Every event and every reviewer here is invented.
"""

import csv
import io
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from samples import make_document, make_event, make_place

from geomap.cli import main
from geomap.corrections import Correction, Corrections, Taken, Written, append, taken
from geomap.errors import ExportError, InputError
from geomap.export import write
from geomap.model import Document, EventDate, Number, Span

pytestmark = pytest.mark.usefixtures("few_shapes")
Rows = list[dict[str, str]]
FORMATS = ["geojson", "csv", "jsonl"]
IDS = ("0012345678901234", "12345678901234e1", "99a89b9c609c266e", "1d65af81119ea749", "e5")
SENTENCE = "=Guards, \"so-called\";\tof Qandahār\nclashed 'there'."


def days(first: str, last: str, text: str) -> EventDate:
    return EventDate(first, last, 2, text, "clause", "range")


def article() -> Document:
    """Return an article whose cells a spreadsheet likes to change."""
    told: dict[str, Any] = {
        "sentence": Span(0, len(SENTENCE), SENTENCE),
        "trigger": Span(1, 7, "Guards"),
        "actors": (),
        "place": make_place(start=None, end=None),
    }
    numbers = (Number("killed", 1200, 1300, None, 0, 1),)
    dates = [("2020-05-03", "2020-05-04"), ("2020-05-13", "2020-05-13"), ("2020-11-02", "")]
    events = [
        make_event(own, **told | {"numbers": numbers, "date": days(start, end or start, "8 May")})
        for own, (start, end) in zip(IDS, dates, strict=False)
    ]
    named = replace(told["place"], precision=2, name="3/4", text="007", why="-5 is a formula")
    events += [make_event(IDS[3], **told | {"place": named})]
    events += [make_event(IDS[4], **told | {"place": None, "date": None})]
    made = make_document(*events, id="001", title="=1+1", source="Q\u0101f \u0641")
    return replace(made, text=SENTENCE, toponyms=())


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a run."""
    folder = tmp_path_factory.mktemp("written")
    write([article()], folder, formats=[*FORMATS, "gpkg"])
    return folder


@pytest.fixture
def run(written: Path, tmp_path: Path) -> Path:
    """Return a copy of the run."""
    return Path(shutil.copytree(written, tmp_path / "run"))


def rows_of(path: Path) -> Rows:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def save(path: Path, rows: Rows, *, separator: str = ",", encoding: str = "utf-8") -> Path:
    """Save rows as a spreadsheet does."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=separator, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def take(path: Path, folder: Path, **options: Any) -> Taken:
    return taken(path, Written.read(folder), Corrections.read(folder), **options)


def nothing(found: Taken) -> bool:
    return (found.new, found.known, found.behind, found.refused) == ([], 0, [], [])


def each(name: str, change: Callable[[str], str]) -> Callable[[Rows], None]:
    def changed(rows: Rows) -> None:
        for row in rows:
            row[name] = change(row[name])

    return changed


def dates_as(form: str) -> Callable[[Rows], None]:
    def changed(rows: Rows) -> None:
        for row in rows:
            for name in ("date_start", "date_end", "published"):
                if row[name]:
                    year, month, day = row[name].split("-")
                    row[name] = form.format(
                        y=year, yy=year[2:], m=int(month), d=int(day), mm=month, dd=day
                    )

    return changed


MANGLED: dict[str, Callable[[Rows], None]] = {
    "nothing": lambda rows: None,
    "sorted": lambda rows: rows.reverse(),
    "dates of Germany": dates_as("{dd}.{mm}.{y}"),
    "short dates of America": dates_as("{m}/{d}/{yy}"),
    "dates of Britain": dates_as("{dd}/{mm}/{y}"),
    "dates with a time": dates_as("{y}-{mm}-{dd} 00:00:00"),
    "decimal commas": each("latitude", lambda text: text.replace(".", ",")),
    "points taken for thousands": each("latitude", lambda text: text.replace(".", "")),
    "points of thousands": each("latitude", lambda text: text and "10.123.457"),
    "two decimals": each("latitude", lambda text: text and f"{float(text):.2f}"),
    "whole numbers with decimals": each("killed_min", lambda text: text and f"{text},00"),
    "grouped thousands": each("killed_max", lambda text: text and "1,300"),
    "no apostrophes": each("sentence", lambda text: text.removeprefix("'")),
    "spaces": each("place_name", lambda text: f" {text} "),
    "line ends": each("sentence", lambda text: text.replace("\n", "\r\n")),
    "lost letters": each("source", lambda text: "Q?f ?"),
    "lost zeros": each("document_id", lambda text: "1"),
    "a day instead of a text": each("date_text", lambda text: text and "05/08/26"),
    "ids as numbers": each("event_id", lambda text: {IDS[0]: "12345678901234",
                                                     IDS[1]: "1,23E+14"}.get(text, text)),
}  # fmt: skip


@pytest.mark.parametrize("name", MANGLED)
@pytest.mark.parametrize(("separator", "encoding"), [(",", "utf-8"), (";", "utf-8-sig"),
                                                     ("\t", "utf-16")])  # fmt: skip
def test_what_a_spreadsheet_does_is_no_correction(
    name: str, separator: str, encoding: str, run: Path
) -> None:
    rows = rows_of(run / "events.csv")
    MANGLED[name](rows)
    path = save(run / "events.csv", rows, separator=separator, encoding=encoding)
    found = take(path, run)
    assert nothing(found), found
    assert found.notes == []


@pytest.mark.parametrize("name", MANGLED)
def test_an_edit_is_found_in_what_a_spreadsheet_saved(name: str, run: Path) -> None:
    rows = rows_of(run / "events.csv")
    MANGLED[name](rows)
    row = next(r for r in rows if r["event_id"] == IDS[2])
    row |= {"place_name": "Bravo", "killed_min": "1250", "latitude": "11.5", "reviewer": "Ada"}
    found = take(save(run / "events.csv", rows, separator=";"), run)
    assert {(one.event_id, one.field, one.value, one.old, one.who) for one in found.new} == {
        (IDS[2], "place_name", "Bravo", "Alfa", "Ada"),
        (IDS[2], "killed_min", "1250", "1200", "Ada"),
        (IDS[2], "latitude", "11.5", "10.123457", "Ada"),
        (IDS[2], "longitude", "20.5", "20.5", "Ada"),
        (IDS[2], "reviewer", "Ada", "", "Ada"),
    }


@pytest.mark.parametrize("language", [1031, 2057])
def test_a_round_through_libreoffice_changes_nothing(
    language: int, run: Path, tmp_path: Path
) -> None:
    if not shutil.which("soffice") and not os.environ.get("CI"):
        pytest.skip("LibreOffice Calc is not installed (Debian: libreoffice-calc-nogui)")
    rows = rows_of(run / "events.csv")
    comma, semicolon = (
        f"Text - txt - csv (StarCalc):{sign},34,76,1,,{language},false,true" for sign in (44, 59)
    )
    office = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    for options in (
        [f"--infilter={comma}", "--convert-to", "ods", "--outdir", tmp_path, run / "events.csv"],
        ["--convert-to", f"csv:{semicolon}", "--outdir", run, tmp_path / "events.ods"],
    ):
        subprocess.run([*office, *options], check=True, timeout=120, capture_output=True)
    saved = (run / "events.csv").read_text(encoding="utf-8")
    assert "event_id;cluster_id" in saved
    assert IDS[0] not in saved
    found = take(run / "events.csv", run)
    assert nothing(found), found
    rows = list(csv.DictReader(io.StringIO(saved, newline=""), delimiter=";"))
    rows[2]["status"] = "denied"
    (line,) = take(save(run / "events.csv", rows, separator=";"), run).new
    assert (line.event_id, line.value) == (IDS[2], "denied")


def test_an_unchanged_geopackage_says_nothing(run: Path) -> None:
    assert nothing(take(run / "events.gpkg", run))


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("status", "perhaps", ["events.csv, line ", "status", "'perhaps'", "reported"]),
        ("event_id", "e99", ["events.csv, line ", "'e99'", "no event of the run"]),
        ("event_id", "", ["events.csv, line ", "no event_id", "cannot be added"]),
        ("weather", "fine", ["'weather'", "none of geomap's", "note"]),
        ("latitude", "", ["latitude"]),
        ("date_start", "soon", ["date_start", "'soon'", "YYYY-MM-DD"]),
    ],
)
def test_what_cannot_be_taken_is_told_in_one_line(
    column: str, value: str, words: list[str], run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = rows_of(run / "events.csv")
    rows[2][column] = value
    if column == "event_id":
        rows.append(rows[2] | {"event_id": IDS[2]})
    for row in rows:
        row.setdefault(column, "")
    path = save(run / "events.csv", rows)
    assert main(["corrections", str(path)]) == (0 if column == "latitude" else 3)
    said = capsys.readouterr().err
    assert any(all(word in line for word in words) for line in said.splitlines()), said


def test_what_articles_say_is_not_corrected_and_said_so(run: Path) -> None:
    rows = rows_of(run / "events.csv")
    rows[2]["sentence"] = "Nothing happened."
    found = take(save(run / "events.csv", rows), run)
    assert found.new == []
    assert found.notes == ["sentence: changed in 1 row, and not taken: it tells what the article "
                           "says or how the run counted"]  # fmt: skip


def test_two_rows_of_one_event_that_disagree_are_told(run: Path) -> None:
    rows = rows_of(run / "events.csv")
    rows += [rows[2] | {"status": "denied"}, rows[2] | {"status": "planned"}]
    found = take(save(run / "events.csv", rows), run)
    assert "keep one" in found.refused[0]


# --- copies, and several analysts ------------------------------------------------------------


def edit(path: Path, own: str, **values: str) -> Path:
    rows = rows_of(path)
    next(row for row in rows if row["event_id"] == own).update(values)
    return save(path, rows)


def again(folder: Path, **options: Any) -> None:
    write([article()], folder, formats=FORMATS, **options)


def test_deleted_rows_are_rejected_in_the_own_file_and_left_alone_in_a_copy(run: Path) -> None:
    rows = [row for row in rows_of(run / "events.csv") if row["event_id"] != IDS[1]]
    copy = take(save(run / "mine.csv", rows), run)
    assert copy.new == []
    assert "1 events of the run are not in this copy" in copy.notes[0]
    (line,) = take(save(run / "events.csv", rows), run, who="Ada").new
    assert (line.event_id, line.field, line.value, line.why) == (
        IDS[1], "review_status", "rejected", "deleted",
    )  # fmt: skip


def test_an_old_copy_never_undoes_a_newer_correction(run: Path) -> None:
    old = shutil.copy(run / "events.csv", run / "old.csv")
    changes = {"event_class": "protest", "latitude": "1", "longitude": "2", "date_end": ""}
    edit(run / "events.csv", IDS[2], **changes)
    append(run, take(run / "events.csv", run, who="Ada").new)
    again(run)
    stale = take(Path(old), run)
    assert (stale.new, stale.refused) == ([], [])
    assert len(stale.behind) >= 4
    # A second analyst's edit in that copy is taken all the same.
    edit(Path(old), IDS[0], status="denied", reviewer="Ben")
    found = take(Path(old), run)
    assert {(one.event_id, one.field) for one in found.new} == {
        (IDS[0], "status"), (IDS[0], "reviewer"),
    }  # fmt: skip
    append(run, found.new)
    again(run)
    row = next(r for r in rows_of(run / "events.csv") if r["event_id"] == IDS[2])
    assert (row["event_class"], row["layer"], row["latitude"]) == ("protest", "unrest", "1.0")


def test_a_correction_is_taken_back_on_purpose(run: Path) -> None:
    edit(run / "events.csv", IDS[2], status="denied")
    append(run, take(run / "events.csv", run).new)
    again(run)
    edit(run / "events.csv", IDS[2], status="reported")
    assert len(take(run / "events.csv", run).behind) == 1
    with pytest.raises(ExportError, match="--discard-edits"):
        again(run)
    found = take(run / "events.csv", run, undo=True)
    assert [(one.field, one.value, one.old) for one in found.new] == [
        ("status", "reported", "denied")
    ]
    append(run, found.new)
    again(run)
    rows = {row["event_id"]: row for row in rows_of(run / "events.csv")}
    assert rows[IDS[2]]["status"] == "reported"


def test_taking_the_same_file_twice_changes_nothing(run: Path) -> None:
    edit(run / "events.csv", IDS[2], status="denied", date_start="2020-06-01")
    append(run, take(run / "events.csv", run).new)
    before = (run / "corrections.csv").read_bytes()
    found = take(run / "events.csv", run)
    assert (found.new, found.known) == ([], 2)
    again(run)
    assert nothing(take(run / "events.csv", run))
    assert (run / "corrections.csv").read_bytes() == before


def test_an_edit_finds_its_event_after_a_better_mention_became_the_record(run: Path) -> None:
    first = make_event("e1", place=make_place(2))
    write([make_document(first)], run, formats=FORMATS)
    old = shutil.copy(run / "events.csv", run / "old.csv")
    better = make_event("e2", cluster_id="e1")
    write([make_document(first, better)], run, formats=FORMATS)
    assert rows_of(run / "events.csv")[0]["event_id"] == "e2"
    (line, *_) = take(edit(Path(old), "e1", status="denied"), run).new
    assert (line.event_id, line.field) == ("e2", "status")


# --- a second run ----------------------------------------------------------------------------


def test_a_second_run_stops_before_it_overwrites_edits(run: Path) -> None:
    edit(run / "events.csv", IDS[2], status="denied")
    before = (run / "events.csv").read_bytes()
    with pytest.raises(ExportError, match=r"geomap corrections .*events\.csv.*--discard-edits"):
        again(run)
    assert (run / "events.csv").read_bytes() == before
    write([article()], run, formats=["jsonl"])
    assert (run / "events.csv").read_bytes() == before
    assert main(["corrections", str(run / "events.csv"), "-q"]) == 0
    again(run)
    rows = {row["event_id"]: row for row in rows_of(run / "events.csv")}
    assert (rows[IDS[2]]["status"], rows[IDS[2]]["review_status"]) == ("denied", "corrected")
    edit(run / "events.csv", IDS[2], status="planned")
    again(run, discard_edits=True)
    assert rows_of(run / "events.csv")[2]["status"] == "denied"


def test_a_file_that_was_only_saved_again_stops_nothing(run: Path) -> None:
    save(run / "events.csv", rows_of(run / "events.csv"), separator=";", encoding="utf-8-sig")
    again(run)


def test_other_outputs_that_were_changed_by_hand_are_kept_beside(
    run: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = run / "events.qml"
    for number in (1, 2):
        path.write_text(f"redrawn {number}", encoding="utf-8")
        with caplog.at_level("WARNING", logger="geomap"):
            again(run)
        kept = run / f"events.edited-{number}.qml"
        assert kept.read_text(encoding="utf-8") == f"redrawn {number}"
        assert kept.name in caplog.text
        caplog.clear()
    again(run)
    assert caplog.text == ""


def test_without_the_events_of_the_run_nothing_is_guessed(run: Path) -> None:
    (run / "events.geojson").write_text("{}", encoding="utf-8")
    edit(run / "events.csv", IDS[2], status="denied")
    with pytest.raises(InputError, match="--to geojson"):
        take(run / "events.csv", run)
    with pytest.raises(ExportError, match="--discard-edits"):
        again(run)
    write([article()], run, formats=["geojson"])
    assert len(take(run / "events.csv", run).new) == 1


def test_events_that_are_older_than_the_table_are_not_compared_with(run: Path) -> None:
    edit(run / "events.csv", IDS[2], event_class="protest")
    append(run, take(run / "events.csv", run).new)
    write([article()], run, formats=["csv"])
    with pytest.raises(InputError, match="not as the last run wrote it"):
        take(run / "events.csv", run)


def test_another_folder_gets_the_corrections_too(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "event_id,field,value,who,why\n{0},status,denied,Ada,\nnobody,status,denied,,\n"
    (run / "corrections.csv").write_text(text.format(IDS[2]), encoding="utf-8")
    other = tmp_path / "other"
    command = ["export", str(run / "documents.jsonl"), "-o", str(other), "--to", "csv"]
    for _ in range(2):
        assert main(command) == 0
        said = capsys.readouterr().err
        assert "1 correction applied, 1 no longer applies\n" in said
        assert "no longer applies: event nobody: status 'denied': no such event" in said
    assert rows_of(other / "events.csv")[2]["status"] == "denied"
    assert Corrections.read(other) == Corrections.read(run)


def test_equal_runs_with_corrections_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        point = (("latitude", "1"), ("longitude", "2"))
        append(tmp_path / name, [Correction(IDS[2], field, value) for field, value in point])
        write([article()], tmp_path / name, formats=FORMATS)
    for path in (tmp_path / "one").iterdir():
        if path.name != "timings.json":
            assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.xlsx", b"", [".xlsx", ".csv .gpkg", "save a spreadsheet as CSV"]),
        ("x.csv", b"a,b\n1,2\n", ["event_id", "events.csv"]),
        ("x.csv", b"", ["event_id"]),
        ("x.gpkg", b"no", ["x.gpkg", "cannot be read"]),
        ("nowhere.csv", None, ["nowhere.csv", "cannot be read"]),
        ("nowhere.gpkg", None, ["nowhere.gpkg", "no such file"]),
    ],
)
def test_a_file_that_is_no_table_of_events_is_one_clear_error(
    name: str, content: bytes | None, words: list[str], run: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    if content is not None:
        (run / name).write_bytes(content)
    assert main(["corrections", str(run / name)]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert [word for word in words if word not in said] == []
