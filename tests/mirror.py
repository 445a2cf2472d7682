"""A server of GeoNames-like files on the loopback interface, good or bad as a test wants it."""

import functools
import io
import random
import re
import socket
import struct
import threading
import zipfile
import zlib
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

COMMON = {"admin1CodesASCII.txt", "admin2Codes.txt", "countryInfo.txt", "hierarchy.zip"}
AF = {*COMMON, "AF.zip", "alternatenames/AF.zip"}
DATE = "Tue, 24 Nov 2026 03:00:00 GMT"
PAGE = b"<!DOCTYPE html>\n<html><title>Log in</title><p>The network of this hotel.</html>"


def rows(count: int, country: str = "XA", *, seed: int = 1) -> bytes:
    """Return invented places in GeoNames' 19 columns."""
    chance = random.Random(seed)
    lines = []
    for number in range(count):
        name = "".join(chance.choices("abcdefghijklmnopqrstuvwxyzāūīé", k=12)).capitalize()
        point = (f"{chance.uniform(-60, 60):.5f}", f"{chance.uniform(-180, 180):.5f}")
        names = (name, name, f"{name},{name[::-1]}")
        codes = ("P", "PPL", country, "", "01", "", "", "", f"{chance.randrange(90_000)}", "", "12")
        row = (f"{90_000_000 + number}", *names, *point, *codes, "Asia/Kabul", "2026-11-01")
        lines.append("\t".join(row))
    return "".join(f"{line}\n" for line in lines).encode()


def pack(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a ZIP file with these members, whatever their names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


@functools.cache
def country(code: str, count: int = 40) -> bytes:
    """Return the ZIP file of a country; 3,000 rows make about 200 kB."""
    return pack({"readme.txt": b"Read me.\n", f"{code}.txt": rows(count, code, seed=len(code))})


def dump() -> dict[str, bytes]:
    """Return the files of a small mirror."""
    names = b"1\t90000001\ten\tOld Town\t1\t\t\t\t\t\n"
    return {
        "admin1CodesASCII.txt": b"XA.01\tFirst\tFirst\t90000101\nXA.02\tSecond\tSecond\t90000102\n",
        "admin2Codes.txt": b"XA.01.1\tNorth\tNorth\t90000201\n",
        "countryInfo.txt": b"# Comment\n#ISO\tISO3\tName\nXA\tXAA\tExampleland\n",
        "hierarchy.zip": pack({"hierarchy.txt": b"1\t2\tADM\n2\t3\t\n"}),
        "allCountries.zip": pack({"allCountries.txt": rows(60)}),
        "alternateNamesV2.zip": pack(
            {"alternateNamesV2.txt": names, "iso-languagecodes.txt": b"eng\ten\n"}
        ),
        **{f"{c}.zip": pack({f"{c}.txt": rows(50)}) for c in ("cities500", "cities15000")},
        **{f"{c}.zip": country(c) for c in ("AF", "QA", "TJ")},
        **{
            f"alternatenames/{c}.zip": pack({"readme.txt": b"Read me.\n", f"{c}.txt": names})
            for c in ("AF", "QA", "TJ")
        },
    }


@dataclass
class Request:
    """What came in and what went out."""

    name: str
    headers: dict[str, str]
    status: int = 0


@dataclass
class Mirror:
    """A running server; ``always`` and ``next`` say how it misbehaves, by file."""

    files: dict[str, bytes] = field(default_factory=dump)
    always: dict[str, str] = field(default_factory=dict)
    next: dict[str, list[str]] = field(default_factory=dict)
    tags: dict[str, str | None] = field(default_factory=dict)
    dates: dict[str, str | None] = field(default_factory=dict)
    log: list[Request] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Mirror":
        handler = type("Handler", (_Handler,), {"mirror": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop answering; the port is closed."""
        self.released.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/export/dump/"

    def asked(self, name: str) -> list[Request]:
        """Return the requests for a file."""
        return [request for request in self.log if request.name == name]

    def tag(self, name: str) -> str | None:
        return self.tags.get(name, f'"{zlib.crc32(self.files[name]):x}"')


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hang up."""


class _Handler(BaseHTTPRequestHandler):
    mirror: Mirror
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        name = self.path.partition("/export/dump/")[2]
        self.request_log = Request(name, dict(self.headers))
        self.mirror.log.append(self.request_log)
        queue = self.mirror.next.get(name)
        mode = queue.pop(0) if queue else self.mirror.always.get(name, "normal")
        verb, _, value = mode.partition(" ")
        getattr(self, f"answer_{verb}")(name, value)

    def send(self, status: int, body: bytes = b"", **headers: Any) -> None:
        """Send an answer; ``Content_Length=None`` leaves the header out and hangs up."""
        self.request_log.status = status
        self.send_response_only(status)
        headers = {"Content_Length": len(body), **headers}
        if headers["Content_Length"] != len(body):
            headers["Connection"] = "close"
        for key, value in headers.items():
            if value is not None:
                self.send_header(key.replace("_", "-"), str(value))
        self.close_connection = headers.get("Connection") == "close"
        self.end_headers()
        self.wfile.write(body)

    def facts(self, name: str) -> dict[str, Any]:
        date = self.mirror.dates.get(name, DATE)
        return {"ETag": self.mirror.tag(name), "Last_Modified": date}

    def answer_normal(self, name: str, _: str) -> None:
        body, facts = self.mirror.files.get(name), {}
        if body is None:
            return self.send(404, b"<html>Not Found</html>")
        facts = self.facts(name)
        tag, date = self.headers["If-None-Match"], self.headers["If-Modified-Since"]
        if tag == facts["ETag"] if tag else date and date == facts["Last_Modified"]:
            return self.send(304, **facts)
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers["Range"] or "")
        if wanted and self.headers["If-Range"] in facts.values():
            start = int(wanted[1])
            if start >= len(body):
                return self.send(416, Content_Range=f"bytes */{len(body)}")
            span = f"bytes {start}-{len(body) - 1}/{len(body)}"
            return self.send(206, body[start:], **facts, Content_Range=span)
        return self.send(200, body, **facts)

    def answer_status(self, name: str, value: str) -> None:
        status, _, wait = value.partition(" ")
        self.send(int(status), b"<html>sorry</html>", Retry_After=wait or None)

    def answer_whole(self, name: str, _: str) -> None:
        """Ignore Range and all conditions."""
        self.send(200, self.mirror.files[name], **self.facts(name))

    def answer_page(self, name: str, _: str) -> None:
        self.send(200, PAGE, Content_Type="text/html")

    def answer_gzip(self, name: str, _: str) -> None:
        self.send(200, b"\x1f\x8b\x08packed", Content_Encoding="gzip")

    def answer_redirect(self, name: str, value: str) -> None:
        self.send(302, Location=value or None)

    def answer_length(self, name: str, value: str) -> None:
        """State a length that is wrong by so many bytes."""
        body = self.mirror.files[name]
        self.send(200, body, **self.facts(name), Content_Length=len(body) + int(value))

    def answer_unsized(self, name: str, value: str) -> None:
        """State no length; send this share of the body, in percent."""
        body = self.mirror.files[name]
        body = body[: len(body) * int(value) // 100]
        self.send(200, body, **self.facts(name), Content_Length=None)

    def answer_chunked(self, name: str, value: str) -> None:
        """Send in chunks; end properly, or in the middle, or with nonsense for a size."""
        body = self.mirror.files[name]
        head, tail = body[: len(body) // 2], body[len(body) // 2 :]
        self.send(200, **self.facts(name), Content_Length=None, Transfer_Encoding="chunked")
        self.wfile.write(b"%x\r\n%s\r\n" % (len(head), head))
        if value == "whole":
            self.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(tail), tail))
        elif value == "nonsense":
            self.wfile.write(b"zz\r\n" + tail)
        self.close_connection = True

    def answer_cut(self, name: str, value: str) -> None:
        """Send half of the body, then hang up, reset, or say nothing until released."""
        body = self.mirror.files[name]
        half = body[: len(body) // 2]
        self.send(200, half, **self.facts(name), Content_Length=len(body))
        self.wfile.flush()
        if value == "stall":
            self.mirror.released.wait(10)
        elif value == "reset":
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True

    def answer_drip(self, name: str, _: str) -> None:
        """Send a byte now and then: no silence is ever as long as a timeout."""
        body = self.mirror.files[name]
        self.send(200, **self.facts(name), Content_Length=len(body))
        for byte in body:
            self.wfile.write(bytes([byte]))
            if self.mirror.released.wait(0.02):
                break

    def answer_range(self, name: str, value: str) -> None:
        """Go on in the middle, with this Content-Range (S, E and N stand for what is right)."""
        body = self.mirror.files[name]
        start = int((self.headers["Range"] or "bytes=0-")[6:-1])
        right = {"S": start, "E": len(body) - 1, "N": len(body)}
        span = re.sub("[SEN]", lambda found: str(right[found[0]]), value)
        self.send(206, body[start:], **self.facts(name), Content_Range=span or None)

    def answer_rest(self, name: str, value: str) -> None:
        """Go on in the middle, with a body that is longer or shorter by so many bytes."""
        body = self.mirror.files[name]
        start = int(self.headers["Range"][6:-1])
        rest = (body[start:] + bytes(1000))[: len(body) - start + int(value)]
        span = f"bytes {start}-{len(body) - 1}/{len(body)}"
        self.send(206, rest, **self.facts(name), Content_Range=span)

    def answer_hangup(self, name: str, _: str) -> None:
        self.close_connection = True


def names(folder: Path) -> set[str]:
    """Return the names of all files in a folder and those below."""
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def assert_whole(folder: Path, mirror: Mirror, wanted: set[str] = AF) -> None:
    """Check that a folder holds these files of a mirror, and no other."""
    assert names(folder) == wanted
    for name in wanted:
        assert (folder / name).read_bytes() == mirror.files[name], name


def assert_refused(error: Any, folder: Path, name: str = "AF.zip") -> None:
    """Check that an error is one clear line, and that a file is in no set and not kept."""
    message = str(error.value)
    assert name in message
    assert message.isprintable(), repr(message)
    assert len(message) < 600
    assert not (folder / "files" / name).exists()
    assert not (folder / "sets").exists()
