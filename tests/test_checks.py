"""Files of a dump: those that are whole, and what a mirror may send instead."""

import contextlib
import random
import re
import zipfile
from pathlib import Path

import pytest
from mirror import country, dump, pack, rows
from traps import TRAPS

from geomap.errors import GazetteerError
from geomap.gazetteer import checks
from geomap.gazetteer.checks import DamagedError, check_file


@pytest.mark.parametrize("trap", TRAPS)
def test_traps(tmp_path: Path, trap: str) -> None:
    content, message = TRAPS[trap]
    file = tmp_path / "AF.zip"
    file.write_bytes(content)
    with pytest.raises(GazetteerError, match=message) as error:
        check_file(file)
    assert str(error.value).startswith("AF.zip")
    assert str(error.value).isprintable()
    damaged = re.search("no whole ZIP|is empty", str(error.value))
    assert isinstance(error.value, DamagedError) == bool(damaged)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a\tb\xff\n", "not UTF-8"),
        (b"a\tb\xc3", "not UTF-8"),
        (b"a\tb\0\n", "not a table"),
        (b"Service unavailable\n", "not a table"),
        (b"# only comments\n\n", "middle of a row"),
        (b"a\tb\tc\nd\te", "middle of a row"),
    ],
)
def test_text(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "admin2Codes.txt"
    file.write_bytes(content)
    with pytest.raises(GazetteerError, match=message):
        check_file(file)


def test_good_files(tmp_path: Path) -> None:
    for name, content in dump().items():
        file = tmp_path / Path(name).name
        file.write_bytes(content)
        check_file(file, name)
        check_file(file)
    long = "é\t" * 1_048_575 + "é\n"  # a letter stands on both sides of the first MiB
    for content in (b"\xef\xbb\xbfa\tb\nc\td", long.encode(), b"x\t" + long.encode()):
        file.write_bytes(content)
        check_file(file, "countryInfo.txt")


def test_a_stored_file_and_an_empty_table(tmp_path: Path) -> None:
    file = tmp_path / "AF.zip"
    for content in (rows(20), b""):
        file.write_bytes(pack({"AF.txt": content}, zipfile.ZIP_STORED))
        check_file(file)


def test_what_is_unpacked_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "AF.zip"
    file.write_bytes(country("AF", 3000))
    monkeypatch.setattr(checks, "_MAX_UNPACKED", 300_000)
    with pytest.raises(GazetteerError, match="more than 300,000 bytes"):
        check_file(file)
    monkeypatch.setattr("builtins.sum", lambda sizes: 0)  # as if the stated sizes were small
    with pytest.raises(GazetteerError, match="more than 300,000 bytes"):
        check_file(file)


def test_any_damage_is_one_kind_of_error(tmp_path: Path) -> None:
    good, file = country("AF", 5), tmp_path / "AF.zip"
    chance = random.Random(7)
    accepted = 0
    for _ in range(600):
        data = bytearray(good)
        for _ in range(chance.choice((1, 1, 4))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        file.write_bytes(data[: chance.choice((len(data), chance.randrange(1, len(data))))])
        with contextlib.suppress(GazetteerError):
            check_file(file)
            accepted += 1
    assert 0 < accepted < 150
