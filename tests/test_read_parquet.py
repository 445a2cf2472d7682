"""Parquet: rows become articles, whatever the types of the columns; what is broken is refused."""

import builtins
import datetime
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from test_read import put, reason

from geomap.model import Document
from geomap.reading import Refused, read

pa: Any = pytest.importorskip("pyarrow")
pq: Any = pytest.importorskip("pyarrow.parquet")


def table(path: Path, columns: dict[str, Any], **options: Any) -> Path:
    pq.write_table(pa.table(columns), path, **options)
    return path


def test_rows_become_articles_in_their_order(tmp_path: Path) -> None:
    columns = {
        "id": [7, 8, None],
        "text": ["Talks in Doha.", None, "K\u0101bul"],
        "published": [datetime.date(2021, 7, 18), None, datetime.date(2021, 7, 19)],
        "title": pa.array(["a", "b", "a"]).dictionary_encode(),
        "embedding": [[0.5], [0.5], None],
    }
    path = table(tmp_path / "a.parquet", columns)
    first, bad, last = read([path])
    assert isinstance(first, Document)
    assert (first.id, first.text, first.title) == ("7", "Talks in Doha.", "a")
    assert (first.published, first.published_basis) == ("2021-07-18", "stated")
    assert isinstance(bad, Refused)
    assert (bad.name, bad.reason) == ("a.parquet, row 2", "its text is missing, not a string")
    assert isinstance(last, Document)
    assert (last.id, last.text, last.warnings) == ("a:3", "K\u0101bul", ())


@pytest.mark.parametrize(
    "published",
    [
        pa.array([datetime.datetime(2021, 7, 18, 10)], pa.timestamp("us")),
        pa.array([datetime.datetime(2021, 7, 18, 10)], pa.timestamp("ns", "UTC")),
        pa.array(["2021-07-18T10:00:00Z"]),
        pa.array([datetime.date(2021, 7, 18)], pa.date64()),
    ],
    ids=lambda array: str(array.type),
)
def test_days_of_any_type(tmp_path: Path, published: Any) -> None:
    (document,) = read([table(tmp_path / "a.parquet", {"text": ["x"], "published": published})])
    assert isinstance(document, Document)
    assert document.published == "2021-07-18"


def test_rows_are_read_some_at_a_time(tmp_path: Path) -> None:
    texts = [f"{number} " + "word " * 200 for number in range(2_000)]
    path = table(tmp_path / "a.parquet", {"text": texts}, row_group_size=300)
    assert [item.text for item in read([path]) if isinstance(item, Document)] == texts


@pytest.mark.parametrize(
    ("columns", "word"),
    [
        ({"body": ["x"]}, "'text'"),
        ({"text": pa.array([], pa.string())}, "no rows"),
        ({"text": [1]}, "a int"),
        ({"text": [b"\xff"]}, "a bytes"),
        ({"text": ["x" * 200_001]}, "limit"),
    ],
)
def test_what_holds_no_article_is_refused(tmp_path: Path, columns: Any, word: str) -> None:
    assert word in reason(table(tmp_path / "a.parquet", columns))


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    pq.write_table(
        pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], ["text", "text"]),
        tmp_path / "a.parquet",
    )
    assert "twice" in reason(tmp_path / "a.parquet")


def test_a_date_that_is_none_is_left_out(tmp_path: Path) -> None:
    columns = {"text": ["x"], "published": pa.array([2**62], pa.timestamp("us"))}
    (item,) = read([table(tmp_path / "a.parquet", columns)])
    assert isinstance(item, Refused | Document)


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1" * 9, b"PAR1" + b"\xff" * 99 + b"PAR1"])
def test_what_is_no_parquet_is_refused(tmp_path: Path, data: bytes) -> None:
    assert "not valid Parquet" in reason(put(tmp_path, "a.parquet", data))


def test_a_file_that_breaks_in_the_middle_loses_nothing_before(tmp_path: Path) -> None:
    texts = [f"{number * 7919} " * 50 for number in range(3_000)]
    path = table(tmp_path / "a.parquet", {"text": texts}, row_group_size=500, compression="zstd")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 2_000] = bytes(2_000)
    path.write_bytes(data)
    *good, bad = read([path])
    assert len(good) >= 1_000
    assert isinstance(bad, Refused)
    assert "not valid Parquet" in bad.reason


def test_a_bomb_is_given_up(tmp_path: Path) -> None:
    columns = {"text": ["x" * 1_000_000] * 200}
    path = table(tmp_path / "a.parquet", columns, compression="zstd", use_dictionary=False)
    assert path.stat().st_size < 500_000
    assert "as a bomb does" in reason(path)


def test_a_packed_one_is_refused(tmp_path: Path) -> None:
    assert "unpack it first" in reason(put(tmp_path, "a.parquet.gz", b"\x1f\x8b"))


def test_without_the_library_one_line_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = table(tmp_path / "a.parquet", {"text": ["x"]})
    real = builtins.__import__

    def without(name: str, *rest: Any, **options: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *rest, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    for name in [name for name in sys.modules if name.startswith("pyarrow")]:
        monkeypatch.setitem(sys.modules, name, None)
    assert "pip install 'geomap[parquet]'" in reason(path)


BROKEN = """
import subprocess
import sys
from pathlib import Path
from geomap.reading import Reader

path = Path(sys.argv[1])
data = path.read_bytes()
length = int.from_bytes(data[-8:-4], "little")
for at in range(len(data) - 8 - length, len(data) - 8):
    for bit in (1, 16):
        path.write_bytes(data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :])
        assert list(Reader([path]))
"""


def test_whatever_a_file_says_of_itself_the_program_goes_on(tmp_path: Path) -> None:
    path = table(tmp_path / "a.parquet", {"text": ["Talks in Doha."] * 3}, store_schema=False)
    done = subprocess.run([sys.executable, "-c", BROKEN, path], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr[-300:]
