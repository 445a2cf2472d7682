"""Reading many: patterns, packed files, and files too long to hold in memory."""

import gzip
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from test_read import put, reason

from geomap.bounds import MAX_RATIO
from geomap.model import Document
from geomap.reading import Reader, Refused, complete, decoding, read
from geomap.reading.opening import zstd

ROWS = b'{"text": "one"}\n{"text": "two", "id": "x"}\n'


def ids(inputs: Any) -> list[str]:
    return [i.id if isinstance(i, Document) else f"! {i.name}" for i in read(inputs)]


def packed(data: bytes, suffix: str) -> bytes:
    return gzip.compress(data) if suffix == ".gz" else zstd().compress(data)


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_packed_files_are_read_as_what_they_hold(tmp_path: Path, suffix: str) -> None:
    put(tmp_path, f"a.jsonl{suffix}", packed(ROWS, suffix))
    put(tmp_path, f"b.csv{suffix}", packed("text\nKabul\n".encode("utf-8-sig"), suffix))
    put(tmp_path, f"c.txt{suffix}", packed(b"Herat", suffix))
    put(tmp_path, "c.toml", 'title = "T"')
    items = list(read([tmp_path]))
    assert [i.id for i in items if isinstance(i, Document)] == ["a:1", "x", "b:1", "c"]
    assert isinstance(items[-1], Document)
    assert items[-1].title == "T"


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
@pytest.mark.parametrize("cut", [-4, -1])
def test_a_packed_file_that_breaks_off_loses_nothing_before(
    tmp_path: Path, suffix: str, cut: int
) -> None:
    many = b"".join(b'{"text": "%d"}\n' % (n * 7919) for n in range(30_000))
    path = put(tmp_path, f"a.jsonl{suffix}", packed(many, suffix)[:cut])
    *good, bad = read([path])
    assert len(good) > 1000
    assert isinstance(bad, Refused)
    assert "unpacked" in bad.reason


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_what_is_not_packed_is_refused(tmp_path: Path, suffix: str) -> None:
    assert "unpacked" in reason(put(tmp_path, f"a.jsonl{suffix}", ROWS))
    assert "empty" in reason(put(tmp_path, f"b.jsonl{suffix}", packed(b" \n", suffix)))


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_a_bomb_is_given_up(tmp_path: Path, suffix: str) -> None:
    path = put(tmp_path, f"a.jsonl{suffix}", packed(ROWS + b"x" * 100_000_000, suffix))
    first, second, bad = read([path])
    assert isinstance(first, Document)
    assert isinstance(second, Document)
    assert isinstance(bad, Refused)
    assert f"more than {MAX_RATIO} times" in bad.reason


def test_a_line_that_is_too_long_is_refused_alone(tmp_path: Path) -> None:
    long = b'{"text": "' + b"x" * 50_000_000 + b'"}\n'
    first, bad, last = read([put(tmp_path, "a.jsonl", ROWS[:16] + long + ROWS[16:])])
    assert isinstance(first, Document)
    assert isinstance(last, Document)
    assert isinstance(bad, Refused)
    assert bad.name == "a.jsonl, line 2"
    assert f"{decoding.MAX_LINE:,}" in bad.reason


def test_a_row_that_is_too_long_is_refused_alone(tmp_path: Path) -> None:
    rows = "text,id\none,1\n" + "x" * 50_000_000 + ",2\nthree,3\n"
    first, bad, last = read([put(tmp_path, "a.csv", rows)])
    assert isinstance(first, Document)
    assert isinstance(bad, Refused)
    assert bad.name == "a.csv, line 3"
    assert isinstance(last, Document)
    assert last.text == "three"


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
def test_a_long_file_is_read_as_a_stream(tmp_path: Path, name: str) -> None:
    rows = ({"text": f"article {n} " + "word " * 800} for n in range(4_000))
    with (tmp_path / name).open("w", encoding="utf-8") as file:
        if name == "a.csv":
            file.write("text\n")
        for row in rows:
            file.write((json.dumps(row) if name == "a.jsonl" else row["text"]) + "\n")
    tracemalloc.start()
    count = sum(1 for _ in read([tmp_path / name]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 4_000
    assert peak < 5_000_000 < (tmp_path / name).stat().st_size


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_json_lines_with_a_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    text = '{"text": "K\u0101bul"}\r\n\r\n{"text": "two"}'
    items = list(read([put(tmp_path, "a.jsonl", text.encode(encoding))]))
    assert [i.text for i in items if isinstance(i, Document)] == ["K\u0101bul", "two"]
    assert [i.id for i in items if isinstance(i, Document)] == ["a:1", "a:3"]


def test_patterns(tmp_path: Path) -> None:
    for name in ("a/1.txt", "a/b/2.txt", "a/b/3.md", "a/.hidden.txt", "c/4.txt", "c/x.png"):
        put(tmp_path, name, "Kabul")
    assert ids(f"{tmp_path}/*/*.txt") == ["a/1", "c/4"]
    assert ids(f"{tmp_path}/**/*.txt") == ["a/1", "a/b/2", "c/4"]
    assert ids(f"{tmp_path}/a/**") == ["1", "b/2", "b/3"]
    assert ids(f"{tmp_path}/[a]") == ["a/1", "a/b/2", "a/b/3"]
    assert ids(f"{tmp_path}/c/*") == ["4", "! x.png"]
    assert ids(f"{tmp_path}/*.html") == [f"! {tmp_path}/*.html"]


def test_a_name_with_brackets_is_a_name(tmp_path: Path) -> None:
    assert ids(put(tmp_path, "a[1].txt", "Kabul")) == ["a[1]"]


def test_a_pattern_does_not_follow_links_out(tmp_path: Path) -> None:
    put(tmp_path, "secret.txt", "secret")
    put(tmp_path, "in/a.txt", "good")
    (tmp_path / "in/b.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "in/loop").symlink_to(tmp_path / "in")
    (tmp_path / "in/again").symlink_to(tmp_path / "in")
    assert ids(f"{tmp_path}/in/**/*.txt") == ["a", "! b.txt"]


def test_pieces_can_be_finished_elsewhere(tmp_path: Path) -> None:
    import pickle

    put(tmp_path, "a.jsonl", ROWS + b"{broken\n")
    put(tmp_path, "b.html", "<p>Clashes erupted in Herat.</p>")
    put(tmp_path, "b.toml", 'id = "x"')
    reader = Reader([tmp_path])
    pieces = pickle.loads(pickle.dumps(list(reader.pieces())))
    assert [(p.origin.name, p.position) for p in pieces if p.origin] == [
        ("a.jsonl", 1), ("a.jsonl", 2), ("a.jsonl", 3), ("b.html", 1),
    ]  # fmt: skip
    items = [reader.settle(complete(p, published="2021-07-18")) for p in pieces]
    assert [i.id for i in items if isinstance(i, Document)] == ["a:1", "x", "x~2"]
    assert (reader.accepted, len(reader.refused)) == (3, 1)
    assert items == list(Reader([tmp_path], published="2021-07-18"))


def test_a_folder_is_read_in_the_order_of_whole_paths(tmp_path: Path) -> None:
    names = ["a-b.txt", "a.txt", "a/c.txt", "a/d/e.txt", "a0.txt"]
    for name in names:
        put(tmp_path, name, "Kabul")
    assert ids([tmp_path]) == [name.removesuffix(".txt") for name in sorted(names)]
