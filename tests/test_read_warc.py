"""WARC: the pages of an archive become articles; a record that is broken loses no other."""

import gzip
import zlib
from pathlib import Path
from typing import Any

import pytest
from test_read import put, reason

from geomap.model import Document
from geomap.reading import Refused, read
from geomap.reading.opening import zstd

TEXT = "Delegations met in Doha on Tuesday and agreed to open the border crossing next week. " * 4
HEAD = "<html><head><title>Talks</title></head>"
HTML = f"{HEAD}<body><article><p>{TEXT}</p></article></body></html>"
PLAIN = "Content-Type: text/html; charset=utf-8\r\n"


def record(
    body: bytes | str = HTML,
    headers: str = PLAIN,
    *,
    kind: str = "response",
    status: str = "HTTP/1.1 200 OK",
    length: Any = None,
    address: str = "https://example.org/a",
) -> bytes:
    """A record of an archive."""
    body = body if isinstance(body, bytes) else body.encode("utf-8")
    block = f"{status}\r\n{headers}\r\n".encode() + body if status else body
    fields = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Date: 2021-07-20T10:00:00Z\r\n"
        f"WARC-Target-URI: {address}\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(block) if length is None else length}\r\n\r\n"
    )
    return fields.encode() + block + b"\r\n\r\n"


def found(tmp_path: Path, data: bytes, name: str = "a.warc") -> list[Document | Refused]:
    return list(read([put(tmp_path, name, data)]))


def good(items: list[Document | Refused]) -> int:
    return sum(isinstance(item, Document) and TEXT[:80] in item.text for item in items)


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_pages_become_articles(tmp_path: Path, name: str) -> None:
    records = [
        record("software: x\r\n", kind="warcinfo", status=""),
        record("GET / HTTP/1.1\r\n", kind="request", status=""),
        record(),
        record(b"\xff\xd8\xff\n\r\nWARC", "Content-Type: image/jpeg\r\n"),
        record("<p>gone</p>", status="HTTP/1.1 404 Not Found"),
        record("", "Location: /b\r\n", status="HTTP/1.1 301 Moved"),
        record(address="<https://example.org/b>"),
    ]
    data = b"".join(gzip.compress(r) if name.endswith(".gz") else r for r in records)
    first, second = found(tmp_path, data, name)
    assert isinstance(first, Document)
    assert (first.id, first.url, first.title) == ("a:3", "https://example.org/a", "Talks")
    assert TEXT[:80] in first.text
    assert first.published is None
    assert first.warnings == (
        "no date of publication was found in it; it was fetched on 2021-07-20",
    )
    assert isinstance(second, Document)
    assert (second.id, second.url) == ("a:7", "https://example.org/b")


def test_the_day_of_the_page_goes_before(tmp_path: Path) -> None:
    dated = HTML.replace(
        "<title>",
        '<meta property="article:published_time" content="2021-07-18T10:00:00Z"><title>',
    )
    (document,) = found(tmp_path, record(dated))
    assert isinstance(document, Document)
    assert (document.published, document.warnings) == ("2021-07-18", ())


def test_a_resource_is_a_page_too(tmp_path: Path) -> None:
    data = record(kind="resource", status="").replace(
        b"application/http; msgtype=response", b"text/html"
    )
    assert good(found(tmp_path, data)) == 1


def chunks(body: bytes) -> bytes:
    parts = [body[at : at + 50] for at in range(0, len(body), 50)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


RAW = HTML.encode()
DEFLATED = zlib.compress(RAW)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (chunks(RAW), "Transfer-Encoding: chunked\r\n"),
        (chunks(RAW)[:-30], "Transfer-Encoding: chunked\r\n"),
        (RAW, "Transfer-Encoding: chunked\r\n"),
        (gzip.compress(RAW), "Content-Encoding: gzip\r\n"),
        (gzip.compress(RAW)[:-9], "Content-Encoding: gzip\r\n"),
        (RAW, "Content-Encoding: gzip\r\n"),
        (DEFLATED, "Content-Encoding: deflate\r\n"),
        (DEFLATED[2:-4], "Content-Encoding: Deflate\r\n"),
        (RAW, "Content-Encoding: deflate\r\n"),
        (zstd().compress(RAW), "Content-Encoding: zstd\r\n"),
        (RAW, "Content-Encoding: zstd\r\n"),
        (chunks(gzip.compress(RAW)), "Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n"),
        (gzip.compress(gzip.compress(RAW)), "Content-Encoding: gzip, gzip\r\n"),
    ],
)
def test_packed_pages(tmp_path: Path, body: bytes, headers: str) -> None:
    assert good(found(tmp_path, record(body, PLAIN + headers) + record())) == 2


@pytest.mark.parametrize(
    ("body", "headers", "word"),
    [
        (b"\x8b", "Content-Encoding: br\r\n", "'br'"),
        (b"\x1f\x8b\x08" + b"x" * 99, "Content-Encoding: gzip\r\n", "unpacked"),
        (b"\x28\xb5\x2f\xfd" + b"x" * 99, "Content-Encoding: zstd\r\n", "unpacked"),
        (gzip.compress(bytes(21_000_000)), "Content-Encoding: gzip\r\n", "limit"),
        (zstd().compress(bytes(21_000_000)), "Content-Encoding: zstd\r\n", "limit"),
        (b"", "", "empty"),
        (b"<p></p>", "", "no article text"),
        (b"x" * 21_000_000, "", "limit"),
        (b"x", "X: y\r\n" * 200, "headers"),
    ],
)
def test_a_page_that_cannot_be_read_is_refused_alone(
    tmp_path: Path, body: bytes, headers: str, word: str
) -> None:
    first, second = found(tmp_path, record(body, PLAIN + headers) + record())
    assert isinstance(first, Refused)
    assert first.name == "a.warc, record 1 (https://example.org/a)"
    assert word in first.reason
    assert good([second]) == 1


@pytest.mark.parametrize("length", [10, 10_000, 10**9, 10**30, -5, 0, "x", ""])
def test_a_record_that_lies_about_its_length_loses_no_other(tmp_path: Path, length: Any) -> None:
    items = found(tmp_path, record() + record("<p>odd</p>", length=length) + record() * 2)
    assert good(items) == 3


@pytest.mark.parametrize(
    "rubbish",
    [
        b"rubbish\r\n" * 1_000,
        b"\0" * 100_000,
        b"WARC/1.0\r\n",
        b"WARC/1.0\r\n\r\n",
        b"WARC/1.0\r\nX: " + b"y" * 5_000_000 + b"\r\n\r\n",
        b"WARC/1.0\r\n" + b"X: y\r\n" * 100_000 + b"\r\n",
        record()[:-200] + b"\r\n\r\n",
        record()[:40] + b"\r\n\r\n",
    ],
)
def test_rubbish_between_records_loses_none(tmp_path: Path, rubbish: bytes) -> None:
    assert good(found(tmp_path, record() + rubbish + record())) >= 2


def test_lines_ending_as_on_unix(tmp_path: Path) -> None:
    data = record().replace(b"\r\n", b"\n")
    assert good(found(tmp_path, data * 2)) == 2


def test_a_page_that_tells_of_archives_stays_whole(tmp_path: Path) -> None:
    example = "<pre>\r\n\r\nWARC/1.0\r\n</pre>"
    page = HTML.replace("</article>", f"{example}<p>{TEXT}The end.</p></article>")
    (document,) = found(tmp_path, record(page))
    assert isinstance(document, Document)
    assert "The end." in document.text


def test_an_archive_that_breaks_off_keeps_what_was_before(tmp_path: Path) -> None:
    data = gzip.compress(record()) + gzip.compress(record())[:-30]
    *before, bad = found(tmp_path, data, "a.warc.gz")
    assert good(before) >= 1
    assert isinstance(bad, Refused)
    assert "unpacked" in bad.reason


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "no WARC"),
        (b"hello\r\n", "no WARC"),
        (record(kind="request"), "none of its 1 records"),
    ],
)
def test_what_holds_no_page_is_refused(tmp_path: Path, data: bytes, word: str) -> None:
    assert word in reason(put(tmp_path, "a.warc", data))
