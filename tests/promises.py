"""What is promised of bytes and texts from outside, one function each: it raises if one is broken.

The fuzzers (``scripts/fuzz.py``) and the tests with hypothesis (``test_fuzz.py``) call them.
"""

import datetime
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from geomap.errors import GazetteerError
from geomap.events.dates import find_dates
from geomap.gazetteer import custom, geonames
from geomap.gazetteer.textfiles import Rejected, Text
from geomap.model import Document
from geomap.names import fold_uncached
from geomap.reading import MAX_CHARACTERS, Reader, Refused
from geomap.visible import SURROGATE

__all__ = ["PROMISES", "SEEDS"]

SECONDS = 10
_FOLDER = tempfile.TemporaryDirectory(prefix="geomap-promises-")
_GOOD = "Clashes erupted in Herat on Tuesday, and the delegations left for Doha."
_LINE = json.dumps({"text": _GOOD}).encode()
_RECORD = (
    b"WARC/1.0\r\nWARC-Type: resource\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n"
    b"<p>%s</p>\r\n\r\n" % (len(_GOOD) + 7, _GOOD.encode())
)
_AROUND: dict[str, tuple[bytes, bytes, int]] = {
    ".txt": (b"", b"", 0),
    ".html": (b"", b"", 0),
    ".jsonl": (_LINE + b"\n", b"\n" + _LINE, 2),
    ".csv": (b'text\n"' + _GOOD.encode() + b'"\n', b"", 1),
    ".xml": (b"<rss><item><description>" + _GOOD.encode() + b"</description></item>", b"", 1),
    ".warc": (_RECORD, b"\r\n" + _RECORD, 1),
    ".jsonl.gz": (b"", b"", 0),
    ".parquet": (b"", b"", 0),
}
"""By suffix what stands around the bytes, and how many good articles must be found at least."""


def _put(name: str, data: bytes) -> Path:
    path = Path(_FOLDER.name) / name
    path.write_bytes(data)
    return path


def readers(data: bytes) -> None:
    """Every file is documents and refusals; good articles around rubbish are found."""
    suffixes = list(_AROUND)
    suffix = suffixes[data[0] % len(suffixes)] if data else ".txt"
    before, after, least = _AROUND[suffix]
    marks = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")
    reader = Reader([_put(f"a{suffix}", before + data[1:] + after)], published="2021-07-18")
    items = list(reader)
    assert items or data[1:].startswith(marks)
    for item in items:
        if isinstance(item, Refused):
            assert item.reason
            assert "\n" not in item.reason
            continue
        assert 0 < len(item.text) <= MAX_CHARACTERS
        assert "\0" not in item.text
        assert not SURROGATE.search(f"{item.text}{item.id}{item.title}{item.url}{item.source}")
    # A file that is UTF-8 stays so; other bytes may make another encoding likelier for all of it.
    if _is_utf8(data[1:]) and b"\0" not in data and len(data) < 2_000:
        good = [item for item in items if isinstance(item, Document) and _GOOD in item.text]
        assert len(good) >= least or any("binary" in r.reason for r in reader.refused)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def names(data: bytes) -> None:
    """A key folds to itself, and is empty only without any letter or digit."""
    text = data.decode("utf-8", "surrogatepass" if len(data) % 2 else "replace") \
        if _is_utf8(data) else data.decode("latin-1")  # fmt: skip
    key = fold_uncached(text)
    assert fold_uncached(key) == key, (text, key, fold_uncached(key))
    assert key == " ".join(key.split())
    assert key or not any(map(str.isalnum, text)), text


def dates(data: bytes) -> None:
    """Phrases lie in the text, apart, and give intervals of days that end after they begin."""
    text = data.decode("utf-8", "replace")
    end = 0
    for found in find_dates(text):
        assert text[found.start : found.end] == found.text
        assert found.start >= end
        end = found.end
        for anchor in (None, datetime.date(2024, 2, 29), datetime.date.min, datetime.date.max):
            for future in (False, True):
                interval = found.resolve(anchor, future)
                assert interval is None or interval.start <= interval.end


class _Nothing:
    """Takes rows and keeps none, and knows every place."""

    def __getattr__(self, name: str) -> Any:
        return self if name == "known" else lambda *_, **__: 1


def geonames_files(data: bytes) -> None:
    """A file of GeoNames' formats gives rows, or notes what is wrong with each line of it."""
    path = _put(("AF.txt", "hierarchy.txt", "AF.zip")[data[0] % 3 if data else 0], data[1:])
    text = Text(path)
    rejected = Rejected()
    reader: Any = geonames.Reader(_Nothing(), 1, None, rejected)  # type: ignore[arg-type]
    try:
        geonames.role_of(text)
        for read in (
            reader.places(text, 0), reader.names(text), reader.divisions(text, 0),
            reader.hierarchy(text),
        ):  # fmt: skip
            assert all(count >= 0 for count in read)
    except GazetteerError as error:
        rejected.add(path.name, 0, str(error))
    assert all("\n" not in reason for reason in rejected.reasons)


def lists(data: bytes) -> None:
    """A list of places is rows, or one error that names what is wrong."""
    path = _put("mine.csv" if data[:1] < b"\x80" else "mine.geojson", data[1:])
    rejected = Rejected()
    try:
        places = custom.open_list(path)
        for _, record in custom.records(places, rejected):
            assert record.main_names
    except GazetteerError as error:
        rejected.add(path.name, 0, str(error))
    assert all("\n" not in reason for reason in rejected.reasons)


def _in_time(promise: Callable[[bytes], None]) -> Callable[[bytes], None]:
    def run(data: bytes) -> None:
        started = time.process_time()
        promise(data)
        assert time.process_time() - started < SECONDS

    return run


PROMISES = {
    promise.__name__: _in_time(promise)
    for promise in (readers, names, dates, geonames_files, lists)
}
_ROW = (
    b"1\tKabul\tKabul\tKabul,KBL\t34.5\t69.1\tP\tPPLC\tAF\t\t13\t\t\t\t5000000\t\t\tAsia/Kabul\t"
    b"2024-01-01\n"
)
SEEDS: dict[str, list[bytes]] = {
    "readers": [
        b"\0" + _GOOD.encode(),
        b"\1<html lang=en><meta charset=utf-8><title>x</title><p>" + _GOOD.encode(),
        b"\2" + b'{"text": "a\\ud800", "id": 1, "published": "2021-07-18", "url": null}',
        b'\3"a ""b""\r\n"\n,"x\n',
        b"\4<item><title>a&nbsp;b</title><![CDATA[<p>x]]><pubDate>18 Jul 2021 1:1 GMT</pubDate>",
        b"\5WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 90\r\n\r\nHTTP/1.1 200 OK\r\n"
        b"Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<p>x\r\n0\r\n\r\n",
        b"\6\x1f\x8b\x08\0\0\0\0\0\0\3",
        b"\7PAR1" + b"\0" * 20 + b"PAR1",
    ],
    "names": [
        b"Qal'eh-ye Now",
        "Şânlıurfa İ ß ﬁ".encode(),
        "كابل‌ ك ی".encode(),
        b"St. A.B.",
    ],
    "dates": [
        b"on 3-4 May, last Tuesday, 12 days ago, in the early 1990s, by 31 February 99999",
        b"between Monday and Wednesday, since July 2020, the week of 3 June, three years after",
    ],
    "geonames_files": [b"\0" + _ROW, b"\1" + b"1\t2\tADM\n", b"\2PK\3\4"],
    "lists": [
        b"\0name,latitude,longitude\nKabul,34.5,69.1\n",
        b'\xff{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point",'
        b'"coordinates":[69.1,34.5]},"properties":{"name":"Kabul"}}]}',
    ],
}
