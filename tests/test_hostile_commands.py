"""What commands say of files that are rubbish, of full disks and of names that are commands."""

import subprocess
import sys
from pathlib import Path

import pytest
from small_world import CITIES, TABLES
from test_hostile import GOOD, RUBBISH, Said, Throw, put, throw

from geomap.gazetteer import build_from_tables

__all__ = ["throw"]
pytestmark = pytest.mark.model
BAD = [name for name in RUBBISH if name != "long line"]


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What was extracted of a good article."""
    from geomap.cli import main

    folder = tmp_path_factory.mktemp("documents")
    target = folder / "documents.jsonl"
    assert main(["extract", str(put(folder, "a.txt", GOOD)), "-o", str(target)]) == 0
    return target


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gazetteer that is whole."""
    file = tmp_path_factory.mktemp("gazetteer") / "small.sqlite"
    build_from_tables(file, TABLES, CITIES)
    return file


def one_line(said: Said) -> str:
    """Return the one line that an error is."""
    assert said.status == 1
    assert said.out == ""
    (line,) = said.lines
    assert line.startswith("geomap: error: ")
    return line


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize(
    "command",
    [
        ["export", "FILE", "-o", "OUT"],
        ["report", "FILE", "-o", "OUT.md"],
        ["evaluate", "FILE", "--format", "lgl"],
        ["evaluate", "FILE", "--format", "gwn"],
        ["gazetteer", "lookup", "Kabul", "--gazetteer", "FILE"],
        ["gazetteer", "info", "--gazetteer", "FILE"],
        ["extract", "FILE.txt", "--gazetteer", "FILE"],
        ["corrections", "FILE.csv"],
        ["corrections", "FILE.gpkg"],
    ],
    ids=lambda command: " ".join(command[:2] + command[3:4]),
)
def test_a_file_that_is_rubbish_is_one_line(
    command: list[str], name: str, tmp_path: Path, throw: Throw
) -> None:
    for suffix in ("", ".md", ".txt", ".csv", ".gpkg"):
        put(tmp_path, f"FILE{suffix}", RUBBISH[name])
    given = [str(tmp_path / part) if part.startswith(("FILE", "OUT")) else part for part in command]
    one_line(throw(*given))
    assert not list(tmp_path.glob("OUT*"))


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("file", ["AF.txt", "AF.zip", "mine.csv", "mine.geojson"])
def test_a_gazetteer_of_rubbish_is_not_built(
    file: str, name: str, tmp_path: Path, throw: Throw
) -> None:
    put(tmp_path, f"from/{file}", RUBBISH[name])
    said = throw("gazetteer", "build", "--from", tmp_path / "from", "-o", tmp_path / "x.sqlite")
    assert said.status in (0, 1, 3)
    assert said.lines
    assert len(said.lines) < 40


@pytest.mark.parametrize("name", RUBBISH)
def test_a_run_that_is_rubbish_is_one_line(name: str, tmp_path: Path, throw: Throw) -> None:
    for file in ("run.json", "documents.jsonl", "map.html", "timings.json"):
        put(tmp_path, f"run/{file}", RUBBISH[name])
    for command in ("info", "embed"):
        one_line(throw(command, tmp_path / "run"))


@pytest.mark.parametrize("name", BAD)
def test_a_text_or_options_of_rubbish_end_in_time(
    name: str, gazetteer: Path, tmp_path: Path, throw: Throw
) -> None:
    for suffix in (".md", ".html"):
        throw("explain", "--file", put(tmp_path, f"a{suffix}", RUBBISH[name]))
    options = put(tmp_path, "geomap.toml", RUBBISH[name])
    said = throw("gazetteer", "lookup", "Kabul", "--gazetteer", gazetteer, "--config", options)
    if said.status:
        one_line(said)


HOSTILE = [
    "\x1b[2J\x1b]0;owned\x07Kabul",
    "Kabul\r\n\u2028Herat",
    "'; DROP TABLE name; --",
    "../../etc/passwd",
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "\u202eKabul",
    "\ud800Kabul",
    "%s%n{0}${x}",
    "x" * 100_000,
    "\u0301" * 5_000,
    "",
    "-",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_name_that_is_a_command_is_a_name(text: str, gazetteer: Path, throw: Throw) -> None:
    for more in ([], ["--json"]):
        said = throw("gazetteer", "lookup", "--gazetteer", gazetteer, *more, "--", text)
        assert said.status == 0
        assert not said.out or said.out.strip() == "[]" or "Kabul" in said.out
    said = throw("explain", "--", text)
    assert "\x1b" not in said.out
    assert "\u202e" not in said.out


# Disks that are full, and folders that cannot be written

_CODE = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
from geomap.cli import main
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.parametrize(
    "command",
    [
        ["export", "FILE", "-o", "OUT"],
        ["evaluate", "FILE", "--format", "lgl"],
        ["gazetteer", "build", "--from", "FOLDER", "-o", "OUT"],
    ],
    ids=" ".join,
)
def test_a_line_of_fifty_million_bytes_is_one_line(
    command: list[str], tmp_path: Path, throw: Throw
) -> None:
    file = put(tmp_path, "from/AF.txt", RUBBISH["long line"])
    names = {"FILE": file, "FOLDER": file.parent, "OUT": tmp_path / "out"}
    said = throw(*(names.get(part, part) for part in command))
    assert said.status == 1
    assert said.lines[-1].startswith("geomap: error: ")


@pytest.mark.parametrize("folder", ["/proc", "/dev/null/x", "FILE/x"])
@pytest.mark.parametrize("command", ["map", "extract", "export", "report", "gazetteer"])
def test_a_folder_that_cannot_be_written_is_one_line(
    command: str, folder: str, documents: Path, tmp_path: Path, throw: Throw
) -> None:
    if not Path("/proc/self").exists():
        pytest.skip("no such folder here")
    article = put(tmp_path, "FILE", GOOD).rename(tmp_path / "FILE.txt")
    put(tmp_path, "FILE", "x")
    put(tmp_path, "from/AF.txt", "1\tX\t\t\t1\t1\tP\tPPL\tAF\t\t\t\t\t\t5\t\t\t\t\n")
    where = Path(folder.replace("FILE", str(tmp_path / "FILE")))
    given: dict[str, list[str | Path]] = {
        "map": ["map", article, "-o", where],
        "extract": ["extract", article, "-o", where / "a.jsonl"],
        "export": ["export", documents, "-o", where],
        "report": ["report", documents, "-o", where / "a.md"],
        "gazetteer": ["gazetteer", "build", "--from", tmp_path / "from", "-o", where / "a.sqlite"],
    }
    said = throw(*given[command])
    assert said.status == 1
    assert said.lines[-1].startswith("geomap: error: ")


def with_a_full_disk(size: int, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command that may write no file longer than some bytes."""
    return subprocess.run(
        [sys.executable, "-c", _CODE, str(size), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    "command",
    [
        ["map", "ARTICLE", "-o", "OUT"],
        ["extract", "ARTICLE", "-o", "OUT"],
        ["export", "DOCUMENTS", "-o", "OUT"],
        ["report", "DOCUMENTS", "-o", "OUT.docx"],
        ["report", "DOCUMENTS", "-o", "OUT.pdf"],
        ["gazetteer", "build", "--from", "FOLDER", "-o", "OUT"],
    ],
    ids=" ".join,
)
def test_a_full_disk_is_one_line(command: list[str], documents: Path, tmp_path: Path) -> None:
    rows = "\n".join(
        f"{n}\tPlace {n}\t\t\t34.5\t69.1\tP\tPPL\tAF\t\t\t\t\t\t5\t\t\t\t" for n in range(99)
    )
    put(tmp_path, "from/AF.txt", rows)
    names = {
        "ARTICLE": put(tmp_path, "a.txt", GOOD),
        "DOCUMENTS": documents,
        "FOLDER": tmp_path / "from",
    }
    given = [
        str(tmp_path / part) if part.startswith("OUT") else str(names.get(part, part))
        for part in command
    ]
    done = with_a_full_disk(3_000, *given)
    assert done.returncode == 1, done
    last = done.stderr.splitlines()[-1]
    assert last.startswith("geomap: error: "), done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "OUT").is_file()
    assert not list(tmp_path.glob(".*.part"))
