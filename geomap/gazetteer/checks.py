"""Checks of GeoNames files that come from outside: whole, a table, and no trap.

Reads in bounded memory, unpacks nothing to disk, and believes no length that a file states.
"""

import codecs
import io
import re
import stat
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from geomap.bounds import most_unpacked
from geomap.errors import GazetteerError

__all__ = ["DamagedError", "check_file"]

_CHUNK = 1 << 16
_HEAD = 1 << 20
_MAX_READ = 1 << 20
_MAX_MEMBERS = 100
_MAX_UNPACKED = 1 << 33
_SMALL = 1 << 20
_OUTSIDE = re.compile(r"[/\\]|[A-Za-z]:|(?:.*[/\\])?\.\.(?:[/\\]|$)|.*[\0-\x1f\x7f]", re.DOTALL)
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError, OSError,
)  # fmt: skip


class DamagedError(GazetteerError):
    """A file that is not whole, as after a broken transfer."""


def check_file(path: Path, name: str | None = None) -> None:
    """Check a file of a GeoNames dump from its first to its last byte.

    Parameters
    ----------
    path
        The file.
    name
        Its name on the server, if it has another here: ``alternatenames/AF.zip``.

    Raises
    ------
    DamagedError
        If it is not whole.
    GazetteerError
        If it is something else (a web page, a binary file), or an archive that is a trap: members
        that lead out of a folder, links, passwords, or far more content than a table has.
    """
    name = name or path.name
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_HEAD)
        file.seek(max(0, size - _HEAD))
        tail = file.read(_HEAD)
    if not head:
        raise DamagedError(f"{name}: is empty; download it again")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        raise GazetteerError(
            f"{name}: is a web page, not a file of GeoNames: the log-in page of a network, or a "
            "wrong mirror; open the address in a browser"
        )
    if not name.endswith(".zip"):
        columns = _columns(name, head, whole=len(head) == size)
        last = tail.rpartition(b"\n")[2]
        if not columns or (last and last.count(b"\t") + 1 < columns):
            raise DamagedError(f"{name}: ends in the middle of a row; download it again")
        return
    try:
        with _Archive(path) as raw, zipfile.ZipFile(raw) as archive:
            _check_archive(name, archive, size)
    except GazetteerError:
        raise
    except _BROKEN as error:
        reason = str(error).partition("\n")[0][:100]
        raise DamagedError(f"{name}: is no whole ZIP file ({reason}); download it again") from error


class _Archive(io.FileIO):
    """A file that is never read into memory at once, whatever size its directory states."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Read some bytes; at most as many as the comment at the end of an archive may have."""
        wanted = _MAX_READ if size is None or size < 0 else size
        if wanted > _MAX_READ:
            raise zipfile.BadZipFile(f"its directory has {wanted:,} bytes")
        return super().read(wanted)


def _columns(name: str, head: bytes, *, whole: bool) -> int:
    """Return the number of columns of a table, 0 if it has no rows; refuse what is none."""
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(head, whole)
    except UnicodeDecodeError as error:
        raise GazetteerError(
            f"{name}: is not UTF-8 text (byte {error.start:,}); name another mirror"
        ) from None
    rows = [line for line in text.split("\n") if line.strip() and not line.startswith("#")]
    if "\0" in text or (rows and "\t" not in rows[0]):
        raise GazetteerError(f"{name}: is not a table with tabs between columns")
    return rows[0].count("\t") + 1 if rows else 0


def _check_archive(name: str, archive: zipfile.ZipFile, size: int) -> None:
    wanted = f"{PurePosixPath(name).stem}.txt"
    members = archive.infolist()
    names = [member.filename for member in members]
    if len(members) > _MAX_MEMBERS or len(set(names)) < len(names):
        raise GazetteerError(
            f"{name}: holds {len(names)} files; allowed are {_MAX_MEMBERS}, each once"
        )
    for member in members:
        _check_member(name, member)
    if wanted not in names:
        raise GazetteerError(
            f"{name}: does not hold {wanted!r}; it holds {', '.join(names)[:100]!r}"
        )
    limit = most_unpacked(size, free=_SMALL, limit=_MAX_UNPACKED)
    count = sum(member.file_size for member in members)
    if count <= limit:
        count = 0
        for member in members:
            with archive.open(member) as stream:
                head = b""
                while count <= limit and (chunk := stream.read(_CHUNK)):
                    count += len(chunk)
                    if len(head) < _HEAD:
                        head += chunk
            if member.filename == wanted and count <= limit:
                _columns(f"{name}/{wanted}", head, whole=member.file_size == len(head))
    if count > limit:
        raise GazetteerError(
            f"{name}: unpacks to more than {limit:,} bytes, which its {size:,} bytes do not "
            "explain: a trap (a ZIP bomb); name another mirror"
        )


def _check_member(name: str, member: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(member.external_attr >> 16)
    reason = None
    if _OUTSIDE.match(member.orig_filename) or _OUTSIDE.match(member.filename):
        reason = "leads out of its folder"
    elif kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        reason = "is no plain file but a link or a device"
    elif member.flag_bits & 0x41:
        reason = "is encrypted"
    elif member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        reason = "is packed by a method that GeoNames does not use"
    if reason:
        raise GazetteerError(
            f"{name}: its member {member.orig_filename[:60]!r} {reason}; name another mirror"
        )
