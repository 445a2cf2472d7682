"""What the open web throws at every command: one clear line, no traceback, no good article lost."""

import csv
import gzip
import io
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from geomap.cli import main

pytestmark = pytest.mark.model
SECONDS = 10
GOOD = "TEHRAN - Iran and Afghanistan held talks in Herat on Tuesday. Clashes erupted in Zaranj."
LINE = re.compile(r"geomap: [^\x00-\x1f\x7f-\x9f]{1,2000}")


@dataclass(frozen=True)
class Said:
    """What a command said, and how it ended."""

    status: int
    out: str
    lines: list[str]


Throw = Callable[..., Said]


@pytest.fixture
def throw(capfdbinary: pytest.CaptureFixture[bytes]) -> Throw:
    """Run a command; whatever it is given, it ends in time and says only single lines."""

    def run(*arguments: str | Path, within: float = SECONDS) -> Said:
        capfdbinary.readouterr()
        started = time.process_time()
        status = main([str(argument) for argument in arguments])
        taken = time.process_time() - started
        out, err = capfdbinary.readouterr()
        lines = err.decode("utf-8").splitlines()
        assert status in (0, 1, 3)
        assert all(LINE.fullmatch(line) for line in lines), lines
        assert status == 0 or lines
        assert taken < within
        return Said(status, out.decode("utf-8"), lines)

    return run


def put(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    path.write_bytes(data)
    return path


RUBBISH: dict[str, bytes] = {
    "empty": b"",
    "blank": b" \r\n\t\n",
    "nul": b"\0" * 1_000,
    "nul inside": GOOD.encode() + b"\0" + GOOD.encode(),
    "binary": bytes(range(256)) * 40,
    "picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "not utf-8": b"\xff\xfe\xfa\xc3\x28" * 200,
    "cut utf-16": "Kabul".encode("utf-16")[:-1],
    "only a mark": b"\xef\xbb\xbf",
    "long line": b"x" * 50_000_000,
    "deep json": b'{"text":' + b"[" * 200_000,
    "deep html": b"<div>" * 100_000 + GOOD.encode(),
    "deep xml": b"<rss><channel>" + b"<item>" * 100_000,
    "laughs": b'<!DOCTYPE r [<!ENTITY e0 "ha">'
    + b"".join(b'<!ENTITY e%d "%s">' % (n + 1, b"&e%d;" % n * 10) for n in range(9))
    + b"]><articles><article>&e9;</article></articles>",
    "outside entity": b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><articles>&a;</articles>',
    "script only": b"<html><body><script>while(1){}</script><noscript>on</noscript></body></html>",
    "not json": b'{"text": "x"\n{"text": NaN}\n{"id": 1e999}\n',
    "surrogate": b'{"text": "a\\ud800b", "id": "\\udfff", "published": "\\ud800"}\n',
    "huge number": b'{"text": "x", "id": ' + b"9" * 10_000 + b"}\n",
    "escapes": b"\x1b[2J\x1b]0;owned\x07\x9b\n" * 20,
    "comma": b'text,id\n"' + b"x,\n" * 100_000,
    "bomb": gzip.compress(b"x" * 200_000_000, 9),
    "zip": b"PK\x03\x04" + b"\0" * 100,
    "warc": b"WARC/1.0\r\nContent-Length: 999999999999\r\n\r\n" + b"\0" * 1_000,
    "parquet": b"PAR1" + b"\xff" * 200 + b"PAR1",
    "database": b"SQLite format 3\0" + b"\xff" * 4_000,
}
SUFFIXES = (".txt", ".html", ".jsonl", ".csv", ".xml", ".warc", ".parquet", ".jsonl.gz")


def good_files(folder: Path) -> int:
    """Put a good article of several kinds into a folder."""
    put(folder, "good-1.txt", GOOD)
    put(folder, "good-2.html", f"<html><body><p>{GOOD}</p></body></html>")
    put(folder, "good-3.jsonl", json.dumps({"text": GOOD, "id": "good-3"}))
    put(folder, "good-4.csv", f'text,id\n"{GOOD}",good-4\n')
    put(folder, "good-5.xml", f"<rss><item><guid>good-5</guid><description>{GOOD}</description>"
        "</item></rss>")  # fmt: skip
    return 5


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_no_input_keeps_a_good_article_from_being_read(
    suffix: str, tmp_path: Path, throw: Throw
) -> None:
    for name, content in RUBBISH.items():
        put(tmp_path, f"in/{name}{suffix}", content)
    count = good_files(tmp_path / "in")
    said = throw("extract", tmp_path / "in", within=60)
    found = [json.loads(line) for line in said.out.splitlines()]
    good = [d for d in found if d["id"].startswith("good") and "Zaranj" in d["text"]]
    assert len(good) == count
    assert all(document["events"] for document in good)
    assert said.status == 3
    assert re.search(r"\d+ of \d+ inputs refused", said.lines[-1])


def test_a_map_of_hostile_articles_opens_everywhere(tmp_path: Path, throw: Throw) -> None:
    """Dates that are none, formulas, escapes, names that are paths: every output is written."""
    rows = [
        {"published": "99999-12-31"},
        {"published": "0000-00-00"},
        {"published": "9999-12-31", "text": f"{GOOD} Clashes erupted in Herat tomorrow."},
        {"published": "0001-01-01", "text": f"{GOOD} Clashes erupted in Herat three years ago."},
        {"text": f"{GOOD} On 31 February 99999 clashes erupted in Herat; on 0/0/0 too."},
        {"title": "=cmd|' /C calc'!A0", "source": "+1+1", "url": "javascript:alert(1)"},
        {"title": "\x1b[2J\x07", "source": "@SUM(A1)", "url": "\n=1+1"},
        {"id": "../../../etc/passwd", "title": "<script>alert(1)</script>", "language": "en"},
        {"id": "\ud800", "title": "\udfff\u202e", "text": f"{GOOD} \ud800\udfff"},
        {"id": "x" * 10_000, "source": "y" * 10_000, "url": "https://e.org/" + "z" * 10_000},
    ]
    lines = [json.dumps({"text": GOOD, **row}) for row in rows]
    file = put(tmp_path, "a.jsonl", "\n".join(lines))
    said = throw("map", file, "-o", tmp_path / "out", within=60)
    assert said.status == 0
    documents = (tmp_path / "out" / "documents.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(documents) == len(rows)
    table = (tmp_path / "out" / "events.csv").read_text(encoding="utf-8")
    cells = [cell for row in csv.reader(io.StringIO(table)) for cell in row]
    run = [cell for cell in cells if cell.startswith(("=", "+", "@", "-", "\t"))]
    assert [cell for cell in run if not re.fullmatch(r"-\d+(\.\d+)?", cell)] == []
    assert "\x1b" not in table
    names = {path.name for path in tmp_path.rglob("*")}
    assert "passwd" not in names
