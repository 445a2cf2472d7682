"""Bytes to text: the encoding is found from the bytes, and a guess is said."""

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, TextIO

from geomap.reading.values import RefusalError
from geomap.visible import REPLACEMENT

__all__ = ("MAX_LINE Encoding chunks decode find_encoding lines marked open_text").split()

MAX_LINE = 16_000_000
"""The longest line that is read, in bytes or characters; more than any article takes in JSON."""

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_CONTROL_BYTES = bytes(b for b in range(32) if b not in b"\t\n\v\f\r\x1b")
_MAX_CONTROL_SHARE = 0.02
# Codecs that stand for a way of writing text; Python has others, some of them slow on purpose.
_WRITTEN = re.compile(
    r"(utf-(8|16|32)|ascii|iso8859|iso2022|cp\d|koi8|kz1048|mac-|gb|big5|euc|shift|johab|hz|tis)"
)
_REPLACED = "the broken characters were replaced by U+FFFD"
_WHOLE_TO_BROKEN = 4
_CHUNK = 1 << 20
_SAMPLE = 1 << 18


@dataclass(frozen=True, slots=True)
class Encoding:
    """How bytes become text.

    Parameters
    ----------
    codec
        The name of Python's codec.
    mark
        The length of the byte-order mark, in bytes.
    warnings
        What has to be said of it: that it was guessed.
    """

    codec: str
    mark: int = 0
    warnings: tuple[str, ...] = ()


def marked(start: bytes) -> Encoding | None:
    """Return the encoding that a byte-order mark tells."""
    for mark, codec in _BOMS:
        if start.startswith(mark):
            return Encoding(codec, len(mark))
    return None


def find_encoding(chunks: Iterable[bytes], declared: str | None = None) -> Encoding:
    """Return the encoding of bytes that come in chunks.

    Parameters
    ----------
    chunks
        The bytes; the first chunk holds the whole byte-order mark.
    declared
        What the file says of itself; believed where the bytes are not UTF-8 and fit.

    Raises
    ------
    RefusalError
        If the bytes are no text, or not what their mark tells.
    """
    survey: _Survey | None = None
    for chunk in chunks:
        survey = survey or _Survey(marked(chunk), declared)
        survey.add(chunk)
    return survey.result() if survey else Encoding("utf-8")


class _Survey:
    """What is learnt of bytes in one pass over them."""

    def __init__(self, known: Encoding | None, declared: str | None) -> None:
        self._known = known
        names = [known.codec] if known else ["utf-8", *_said(declared)]
        self._decoders = {name: decoder for name in names if (decoder := _decoder(name))}
        self._size = self._control = 0
        self._zero = False
        self._sample = bytearray()

    def add(self, chunk: bytes) -> None:
        """Look at the next bytes."""
        if self._size == 0 and self._known:
            chunk = chunk[self._known.mark :]
        self._size += len(chunk)
        if self._known is None:
            self._control += len(chunk) - len(chunk.translate(None, _CONTROL_BYTES))
            self._zero = self._zero or b"\0" in chunk
            self._take_sample(chunk)
        self._try(chunk, final=False)

    def _try(self, chunk: bytes, *, final: bool) -> None:
        for name, decoder in list(self._decoders.items()):
            try:
                decoder.decode(chunk, final)
            except ValueError:  # what codecs raise
                del self._decoders[name]

    def _take_sample(self, chunk: bytes) -> None:
        """Keep lines that are not ASCII: they alone tell encodings apart."""
        if chunk.isascii() or len(self._sample) >= _SAMPLE:
            return
        for line in chunk.splitlines(keepends=True):
            if not line.isascii() and len(self._sample) < _SAMPLE:
                self._sample += line[:_SAMPLE]

    def result(self) -> Encoding:
        """Return the encoding."""
        self._try(b"", final=True)
        if self._known:
            if not self._decoders:
                raise RefusalError(f"it starts as {self._known.codec.upper()} and is not")
            return self._known
        if self._zero or self._control > max(1, _MAX_CONTROL_SHARE * self._size):
            raise RefusalError("it is binary, not text")
        for name in self._decoders:
            return Encoding(name)
        return _guess(bytes(self._sample))


def _said(declared: str | None) -> list[str]:
    """Return what a declaration means: as in browsers, Latin-1 is windows-1252."""
    if declared is None:
        return []
    latin = re.sub("[^a-z0-9]", "", declared.lower()) in ("iso88591", "latin1", "ascii", "usascii")
    return ["cp1252", declared] if latin else [declared]


def _decoder(name: str) -> codecs.IncrementalDecoder | None:
    """Return the decoder of an encoding in which texts are written, or None."""
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return codecs.getincrementaldecoder(codec)("strict") if _WRITTEN.match(codec) else None


def _guess(sample: bytes) -> Encoding:
    """Return the likeliest encoding of lines that are not UTF-8 throughout."""
    mended = sample.decode("utf-8", "replace")
    broken = mended.count(REPLACEMENT)
    whole = sum(not char.isascii() for char in mended) - broken
    if whole > _WHOLE_TO_BROKEN * broken:
        return Encoding("utf-8", 0, (f"not all of it is UTF-8; {_REPLACED}",))
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    if best is None:
        raise RefusalError("its encoding is not known; save it as UTF-8")
    return Encoding(best.encoding, 0, (f"not UTF-8; read as {best.encoding}, a guess",))


def decode(data: bytes, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """Return the text without its byte-order mark, and warnings if the encoding was guessed.

    Raises
    ------
    RefusalError
        If it is no text.
    """
    encoding = find_encoding([data], declared)
    errors = "replace" if encoding.warnings else "strict"
    return data[encoding.mark :].decode(encoding.codec, errors), encoding.warnings


def open_text(file: BinaryIO, encoding: Encoding, newline: str = "") -> TextIO:
    """Return the text of a file after its byte-order mark, with its line breaks as they are."""
    file.read(encoding.mark)
    errors = "replace" if encoding.warnings else "strict"
    return io.TextIOWrapper(file, encoding.codec, errors, newline=newline)


def chunks(file: BinaryIO) -> Iterator[bytes]:
    """Yield the bytes of a file in chunks."""
    while chunk := file.read(_CHUNK):
        yield chunk


def lines(file: BinaryIO | TextIO, limit: int = MAX_LINE) -> Iterator[bytes | str | None]:
    """Yield the lines of a file with their ends; None for one that is longer than the limit."""
    while line := file.readline(limit):
        if len(line) < limit or _ends(line):
            yield line
        else:
            while (rest := file.readline(limit)) and not _ends(rest):
                pass
            yield None


def _ends(line: bytes | str) -> bool:
    return line.endswith(b"\n") if isinstance(line, bytes) else line.endswith(("\n", "\r"))
