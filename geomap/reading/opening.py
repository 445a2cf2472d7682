"""A file to read from: unpacked while it is read, within bounds, and as often as it takes."""

import gzip
import hashlib
import importlib
import io
import sys
import zlib
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from geomap.bounds import MAX_RATIO, most_unpacked
from geomap.model import Origin
from geomap.reading.values import InputFile, RefusalError

__all__ = ["COMPRESSED", "Source", "read_at_most", "zstd"]

_CHUNK = 1 << 20
COMPRESSED = (".gz", ".zst")


class _Unpacked(Protocol):
    def read1(self, size: int, /) -> bytes: ...


class Source:
    """An open input.

    Parameters
    ----------
    name
        What it is called in messages and ids.
    path
        The file; None for standard input, which is read at once, up to `stdin_limit` bytes.

    Raises
    ------
    RefusalError
        If it cannot be opened or read.
    """

    def __init__(self, name: str, path: Path | None, *, stdin_limit: int) -> None:
        self.name = name
        self.path = path
        try:
            self._file = path.open("rb") if path else _standard_input(stdin_limit)
            digest = _sha256(self._file)
        except OSError as error:
            raise RefusalError(_unreadable(error)) from None
        self.origin = Origin(name, digest)

    def __enter__(self) -> "Source":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    @property
    def input_file(self) -> InputFile:
        """Return the name and the SHA-256 of the file, for ``run.json``."""
        return InputFile(self.origin.name, self.origin.sha256)

    @property
    def stem(self) -> str:
        """Return the name without what says its kind: ``a/b`` of ``a/b.jsonl.gz``."""
        return _without_suffix(self.name, Path(self.name).name)

    @property
    def sidecar(self) -> Path | None:
        """Return where the sidecar of the file would lie."""
        if self.path is None:
            return None
        return self.path.with_name(f"{_without_suffix(self.path.name, self.path.name)}.toml")

    def open(self) -> BinaryIO:
        """Return the unpacked bytes from the beginning; what was opened before is then closed."""
        self._file.seek(0)
        return io.BufferedReader(_Bounded(self._file, self._packing()), 1 << 16)

    def whole(self) -> BinaryIO:
        """Return the file itself, for a format that is read from its end.

        Raises
        ------
        RefusalError
            If it is packed.
        """
        if self._packing():
            raise RefusalError("it is packed once more; unpack it first")
        self._file.seek(0)
        return self._file

    def _packing(self) -> str:
        suffix = Path(self.name).suffix.lower()
        return suffix if self.path is not None and suffix in COMPRESSED else ""


def _without_suffix(name: str, last: str) -> str:
    """Take off the suffix of a kind, and that of a packed file before it."""
    for allowed in (COMPRESSED, None):
        suffix = Path(last).suffix
        if suffix and (allowed is None or suffix.lower() in allowed):
            name, last = name.removesuffix(suffix), last.removesuffix(suffix)
    return name


def _sha256(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _standard_input(limit: int) -> BinaryIO:
    data = sys.stdin.buffer.read(limit + 1) if sys.stdin else b""
    return io.BytesIO(data)


def read_at_most(file: BinaryIO, limit: int, reason: str) -> bytes:
    """Read all of a file; refuse it, for a reason, if it is longer than `limit` bytes."""
    data = file.read(limit + 1)
    if len(data) > limit:
        raise RefusalError(reason)
    return data


class _Bounded(io.RawIOBase):
    """The unpacked bytes of a file; what cannot be unpacked is a refusal, and so is a bomb."""

    def __init__(self, file: BinaryIO, packing: str) -> None:
        self._file = file
        self._packing = packing
        self._total = 0
        self._inner: _Unpacked = file  # type: ignore[assignment]
        self._damage: tuple[type[Exception], ...] = (EOFError, zlib.error, gzip.BadGzipFile)
        if packing == ".gz":
            self._inner = gzip.GzipFile(fileobj=file)
        elif packing == ".zst":
            library = zstd()
            self._inner = library.ZstdFile(file)
            self._damage = (EOFError, library.ZstdError)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        try:
            data = self._inner.read1(len(buffer))
        except self._damage as error:
            why = str(error).rstrip(".") or "it ends too early"
            raise RefusalError(f"it cannot be unpacked ({why})") from None
        except OSError as error:
            raise RefusalError(_unreadable(error)) from None
        self._total += len(data)
        if self._packing and self._total > most_unpacked(self._file.tell()):
            raise RefusalError(
                f"it unpacks to more than {MAX_RATIO} times its size, as a bomb does; "
                "unpack it first if it is none"
            )
        buffer[: len(data)] = data
        return len(data)


def _unreadable(error: OSError) -> str:
    return f"it cannot be read ({error.strerror or error})"


def zstd() -> Any:
    """Return the module of Python 3.14, or what stands for it in older ones."""
    newer = sys.version_info >= (3, 14)
    return importlib.import_module("compression.zstd" if newer else "backports.zstd")
