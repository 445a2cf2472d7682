"""The body of an answer of a web server, as it was before it was packed and cut for the way."""

import zlib
from collections.abc import Callable
from email.message import Message
from typing import Any

from geomap.reading.opening import zstd
from geomap.reading.values import RefusalError

__all__ = ["body_of"]

_GZIP, _ZLIB, _RAW = 31, 15, -15


def body_of(data: bytes, headers: Message, limit: int) -> bytes:
    """Undo what the headers say was done to a body.

    Who gathers pages often undoes it and keeps the headers: what does not look packed or cut is
    taken as it is.

    Parameters
    ----------
    data
        The bytes that the server sent.
    headers
        Its headers.
    limit
        How many bytes may come of them.

    Raises
    ------
    RefusalError
        If they are packed in a way that is not known, broken, or unpack to more than the limit.
    """
    if "chunked" in (headers.get("Transfer-Encoding") or "").lower():
        data = _joined(data)
    codings = (headers.get("Content-Encoding") or "").lower().split(",")
    for coding in reversed([name.strip() for name in codings][:3]):
        if coding in ("", "identity", "none", "utf-8"):
            continue
        if coding not in _UNPACKED:
            raise RefusalError(f"it is packed as {coding[:20]!r}, which is not unpacked here")
        data = _UNPACKED[coding](data, limit)
        if len(data) > limit:
            raise RefusalError(f"it unpacks to more than the limit of {limit:,} bytes")
    return data


def _joined(data: bytes) -> bytes:
    """Join the chunks of a body, up to where it breaks off; a body that has none stays."""
    parts: list[bytes] = []
    at = 0
    while (end := data.find(b"\r\n", at, at + 64)) > 0:
        try:
            size = int(data[at:end].partition(b";")[0], 16)
        except ValueError:
            break
        if size <= 0:
            break
        parts.append(data[end + 2 : end + 2 + size])
        at = end + size + 4
    return b"".join(parts) if parts or data.startswith(b"0\r\n") else data


def _gzip(data: bytes, limit: int) -> bytes:
    return _inflated(data, _GZIP, limit) if data.startswith(b"\x1f\x8b") else data


def _deflate(data: bytes, limit: int) -> bytes:
    """Unpack what is with or without the frame of zlib: servers send both."""
    for window in (_ZLIB, _RAW):
        try:
            return _inflated(data, window, limit)
        except RefusalError:
            continue
    return data


def _inflated(data: bytes, window: int, limit: int) -> bytes:
    try:
        return zlib.decompressobj(window).decompress(data, limit + 1)
    except zlib.error as error:
        raise RefusalError(f"it cannot be unpacked ({error})") from None


def _zstandard(data: bytes, limit: int) -> bytes:
    library: Any = zstd()
    if not data.startswith(b"\x28\xb5\x2f\xfd"):
        return data
    try:
        unpacked: bytes = library.ZstdDecompressor().decompress(data, limit + 1)
    except library.ZstdError as error:
        raise RefusalError(f"it cannot be unpacked ({error})") from None
    return unpacked


_UNPACKED: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "zstd": _zstandard,
}
