"""WARC (ISO 28500): an archive of web pages, an article a page.

Records are told apart by the lines they begin with, not by the lengths they state alone: a record
that is broken, or lies about its length, loses no other.
"""

import re
from collections.abc import Iterator
from email.message import Message
from http.client import HTTPException, parse_headers
from typing import BinaryIO

from geomap.reading.http import body_of
from geomap.reading.opening import Source
from geomap.reading.page import MAX_PAGE_BYTES, page_of
from geomap.reading.values import Page, Piece, RefusalError, Refused

__all__ = ["read_warc"]

_BEGINS = re.compile(rb"WARC/\d\.\d{1,2}\r?\n$")
_FIELD = re.compile(rb"(?:WARC|Content)-[A-Za-z-]+:", re.I)
_LINE = 1 << 16
_HTML = ("text/html", "application/xhtml+xml")
_MAX_URL = 120


def read_warc(source: Source) -> Iterator[Piece[Page | Refused]]:
    """Yield the pages of HTML in an archive; what else is in it is passed over."""
    records = _Records(source.open())
    pages = number = 0
    for number, fields in enumerate(records, start=1):
        address = (fields.get("WARC-Target-URI") or "").strip(" <>")
        where = f"{source.name}, record {number}"
        where += f" ({address[:_MAX_URL]})" if address else ""
        try:
            page = _page(f"{source.stem}:{number}", address, fields, records)
        except RefusalError as refusal:
            pages += 1
            yield Piece(where, Refused(where, str(refusal)))
        else:
            if page is not None:
                pages += 1
                yield Piece(where, page)
    if not number:
        raise RefusalError("it is no WARC archive")
    if not pages:
        raise RefusalError(f"none of its {number:,} records is a page of HTML")


class _Records:
    """The records of an archive: their fields, and the lines of the one at hand.

    Parameters
    ----------
    stream
        The unpacked bytes.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._ahead: list[bytes] = []
        self._left = 0
        self._after_blank = True

    def __iter__(self) -> Iterator[Message]:
        """Yield the fields of each record."""
        while line := self.readline():
            if not _BEGINS.search(line):
                continue  # blank lines between records, or what is left of a broken one
            try:
                fields = parse_headers(_Fields(self))
                self._left = max(0, int(fields["Content-Length"]))
            except (HTTPException, ValueError, TypeError):
                continue
            self._after_blank = False
            yield fields
            for _ in self.block():
                pass

    def readline(self) -> bytes:
        """Return the next line, or the beginning of one that is too long."""
        return self._ahead.pop() if self._ahead else self._stream.readline(_LINE)

    def give_back(self, line: bytes) -> None:
        """Let a line be the next one."""
        self._ahead.append(line)

    def block(self) -> Iterator[bytes]:
        """Yield what is left of the record's block; it ends early where another record begins."""
        while self._left > 0 and (line := self.readline()):
            if self._after_blank and _BEGINS.search(line) and self._another_begins(line):
                self._left = 0
                return
            if len(line) > self._left:
                self.give_back(line[self._left :])
                line = line[: self._left]
            self._after_blank = not line.strip()
            self._left -= len(line)
            yield line

    def _another_begins(self, line: bytes) -> bool:
        following = self.readline()
        self.give_back(following)
        begins = _FIELD.match(following) is not None
        if begins:
            self.give_back(line)
        return begins


class _Fields:
    """The lines of a record's fields; they end where another record begins."""

    def __init__(self, records: _Records) -> None:
        self._records = records

    def readline(self, _: int = 0) -> bytes:
        """Return the next line."""
        line = self._records.readline()
        if _BEGINS.search(line):
            self._records.give_back(line)
            return b""
        return line


def _page(own_id: str, address: str, fields: Message, records: _Records) -> Page | None:
    """Return the page in a record; None if it holds none."""
    kind = (fields.get("WARC-Type") or "").strip().lower()
    if kind == "resource":
        if fields.get_content_type() not in _HTML:
            return None
        charset, html = fields.get_content_charset(), _at_most(records.block())
    elif kind == "response":
        message = _HTTPMessage(records.block())
        if message.status != 200 or message.headers.get_content_type() not in _HTML:
            return None
        charset = message.headers.get_content_charset()
        html = body_of(_at_most(message.lines), message.headers, MAX_PAGE_BYTES)
    else:
        return None
    if not html.strip():
        raise RefusalError("the page is empty")
    values = {"url": address or None}
    fetched = (fields.get("WARC-Date") or "").strip()[:10]
    return page_of(own_id, html, values, charset=charset, fetched=fetched or None)


class _HTTPMessage:
    """An answer of a web server: its status, its headers, and the lines of its body."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self.lines = lines
        parts = self.readline().split(None, 2)
        answers = len(parts) > 1 and parts[0].startswith(b"HTTP/") and parts[1].isdigit()
        self.status = int(parts[1][:3]) if answers else 0
        try:
            self.headers = parse_headers(self) if answers else Message()
        except HTTPException as error:
            raise RefusalError(f"the headers of its server are broken ({error})") from None

    def readline(self, _: int = 0) -> bytes:
        """Return the next line."""
        return next(self.lines, b"")


def _at_most(lines: Iterator[bytes]) -> bytes:
    """Join the lines of a page, if it is not too long."""
    parts: list[bytes] = []
    size = 0
    for line in lines:
        size += len(line)
        if size > MAX_PAGE_BYTES:
            raise RefusalError(f"it is longer than the limit of {MAX_PAGE_BYTES:,} bytes")
        parts.append(line)
    return b"".join(parts)
