"""Files that are not what they should be, as a mirror may send them for ``AF.zip``."""

import io
import stat
import struct
import warnings
import zipfile
from typing import Any

from mirror import PAGE, country, pack, rows


def with_member(**changes: Any) -> bytes:
    """Return a country's file with one more member that has these attributes."""
    out = io.BytesIO(country("AF"))
    member = zipfile.ZipInfo(changes.pop("filename", "extra.txt"))
    member.create_system = 3
    for key, value in changes.items():
        setattr(member, key, value)
    with zipfile.ZipFile(out, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a name that is there already
        archive.writestr(member, "/etc/passwd", member.compress_type)
    return out.getvalue()


def encrypted() -> bytes:
    data = bytearray(country("AF"))
    where = data.rfind(b"PK\x01\x02")
    data[where + 8] |= 1
    return bytes(data)


def smaller_than_it_is() -> bytes:
    """State 100 bytes for 20 million zeros, in both places."""
    data = bytearray(pack({"AF.txt": bytes(20_000_000)}))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        where = data.rfind(mark) + place
        data[where : where + 4] = struct.pack("<I", 100)
    return bytes(data)


def corrupted() -> bytes:
    data = bytearray(country("AF"))
    data[len(data) // 2] ^= 0xFF
    return bytes(data)


TRAPS: dict[str, tuple[bytes, str]] = {
    "bomb": (pack({"AF.txt": b"a\tb\n" + bytes(50_000_000)}), "ZIP bomb"),
    "bomb_of_many": (
        pack({f"{n}.txt": bytes(900_000) for n in range(4)} | {"AF.txt": b""}),
        "bomb",
    ),
    "stated_size": (smaller_than_it_is(), "no whole ZIP"),
    "bzip2": (pack({"AF.txt": bytes(9_000_000)}, zipfile.ZIP_BZIP2), "method"),
    "lzma": (pack({"AF.txt": bytes(9_000_000)}, zipfile.ZIP_LZMA), "method"),
    "up": (with_member(filename="../evil.txt"), "leads out"),
    "up_inside": (with_member(filename="a/../../evil.txt"), "leads out"),
    "up_windows": (with_member(filename="a\\..\\evil.txt"), "leads out"),
    "absolute": (with_member(filename="/etc/evil.txt"), "leads out"),
    "absolute_windows": (with_member(filename="\\evil.txt"), "leads out"),
    "drive": (with_member(filename="C:evil.txt"), "leads out"),
    "control": (with_member(filename="evil\n.txt"), "leads out"),
    "link": (with_member(external_attr=(stat.S_IFLNK | 0o777) << 16), "link"),
    "device": (with_member(external_attr=(stat.S_IFCHR | 0o777) << 16), "device"),
    "encrypted": (encrypted(), "encrypted"),
    "twice": (with_member(filename="readme.txt"), "each once"),
    "too_many": (pack({f"{n}.txt": b"" for n in range(101)}), "holds 101 files"),
    "directory": (pack({f"{n:0200}": b"" for n in range(5000)}), "directory has"),
    "other": (country("QA"), "does not hold 'AF.txt'"),
    "empty": (pack({}), "does not hold"),
    "corrupted": (corrupted(), "no whole ZIP"),
    "half": (country("AF")[:-500], "no whole ZIP"),
    "no_zip": (rows(50), "no whole ZIP"),
    "page_inside": (pack({"AF.txt": PAGE}), "not a table"),
    "latin1": (pack({"AF.txt": "a\tHer\xe1t\n".encode("latin-1")}), "not UTF-8"),
    "page": (b"\xef\xbb\xbf\r\n " + PAGE, "web page"),
    "xml": (b'<?xml version="1.0"?><Error/>', "web page"),
    "nothing": (b"", "is empty"),
}
