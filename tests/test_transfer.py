"""Fetching files: servers that lie, connections that break, going on in the middle."""

import concurrent.futures
import io
import logging
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from mirror import AF, DATE, Mirror, assert_refused, assert_whole, country

import geomap
from geomap.errors import GazetteerError
from geomap.gazetteer import transfer

Get = Callable[..., Path]


def running(mirror: Mirror, folder: Path) -> subprocess.Popen[str]:
    """Start the download of AF in a process of its own."""
    code = (
        f"import sys; sys.path.insert(0, {str(Path(geomap.__file__).parents[1])!r})\n"
        "from pathlib import Path\n"
        "from geomap.gazetteer.download import download\n"
        "print(download(['AF'], mirror=sys.argv[1], folder=Path(sys.argv[2])))\n"
    )
    command = [sys.executable, "-c", code, mirror.url, str(folder / "cache")]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


class TestRetries:
    def test_a_server_that_is_busy_at_first(self, mirror: Mirror, get: Get) -> None:
        mirror.next["AF.zip"] = ["status 503", "status 500"]
        assert_whole(get(), mirror)
        assert [request.status for request in mirror.asked("AF.zip")] == [503, 500, 200]

    @pytest.mark.parametrize("status", [429, 503])
    def test_it_waits_as_long_as_it_is_told(
        self, mirror: Mirror, get: Get, monkeypatch: pytest.MonkeyPatch, status: int
    ) -> None:
        waited: list[float] = []
        monkeypatch.setattr(time, "sleep", waited.append)
        past = "Sun, 06 Nov 1994 08:49:37 GMT"
        mirror.next["AF.zip"] = [f"status {status} 7", f"status {status} {past}"]
        get()
        assert waited == [7, 0]

    def test_but_not_for_ever(self, mirror: Mirror, get: Get) -> None:
        mirror.always["AF.zip"] = "status 429 86400"
        with pytest.raises(GazetteerError, match="asks to wait 86400 s"):
            get()
        assert len(mirror.asked("AF.zip")) == 1

    @pytest.mark.parametrize(
        ("mode", "message", "times"),
        [
            ("status 500", "answers 500", 3),
            ("status 404", r"AF\.zip: .*does not exist \(404\)", 1),
            ("status 403", "answers 403", 1),
            ("status 304", "answers 304", 1),
            ("status 204", "answers 204", 1),
            ("hangup", "broke off|reset", 3),
            ("cut", "broke off|bytes came", 3),
            ("cut reset", "broke off|reset|bytes came", 3),
            ("cut stall", "no answer in 0.4 s", 3),
            ("drip", "next to no data in 0.4 s", 3),
            ("length 100", "broke off|bytes came", 3),
            ("length -100", "no whole ZIP", 2),
            ("unsized 70", "no whole ZIP", 2),
            ("chunked half", "broke off", 3),
            ("chunked nonsense", "broke off", 3),
            ("page", "web page", 1),
            ("gzip", "comes packed", 1),
            ("redirect", "sends on to ''", 1),
            ("redirect file:///etc/passwd", "sends on to 'file:///etc/passwd'", 1),
            ("redirect ftp://127.0.0.1/AF.zip", "sends on to 'ftp:", 1),
            ("redirect http://[/", "sends on", 1),
            ("redirect AF.zip", "more than 5 times", 6),
            ("range bytes S-E/N", "cannot go on in the middle", 3),
        ],
    )
    def test_one_clear_error_and_nothing_kept(
        self, mirror: Mirror, get: Get, tmp_path: Path, mode: str, message: str, times: int
    ) -> None:
        mirror.always["AF.zip"] = mode
        start = time.monotonic()
        with pytest.raises(GazetteerError, match=message) as error:
            get()
        assert time.monotonic() - start < 3
        assert len(mirror.asked("AF.zip")) == times
        assert_refused(error, tmp_path / "cache")
        mirror.always.clear()
        assert_whole(get(), mirror)

    @pytest.mark.parametrize(
        ("mode", "message"),
        [("page", "web page"), ("length -2", "middle of a row"), ("length -999", "0 bytes|empty")],
    )
    def test_of_text(
        self, mirror: Mirror, get: Get, tmp_path: Path, mode: str, message: str
    ) -> None:
        name = "countryInfo.txt"
        mirror.files[name] = b"#ISO\tName\tCapital\nXA\tExampleland\tOld Town\nXB\tOther\t-\n"
        if mode == "length -2":
            mirror.files[name] = b"#ISO\tName\tCapital\nXA\tExampleland\tOld Town\nXB\tO\t"
        if mode == "length -999":
            mirror.files[name], mode = b"", "normal"
        mirror.always[name] = mode
        with pytest.raises(GazetteerError, match=message) as error:
            get()
        assert_refused(error, tmp_path / "cache", name)

    def test_a_refused_page_leaves_the_old_file(self, mirror: Mirror, get: Get) -> None:
        folder = get()
        mirror.always["AF.zip"] = "page"
        with pytest.raises(GazetteerError, match="web page"):
            get()
        mirror.always.clear()
        assert get() == folder
        assert mirror.asked("AF.zip")[-1].status == 304

    @pytest.mark.parametrize("mode", ["unsized 100", "chunked whole", "whole"])
    def test_bodies_without_a_length(self, mirror: Mirror, get: Get, mode: str) -> None:
        mirror.always = dict.fromkeys(AF, mode)
        assert_whole(get(), mirror)

    @pytest.mark.parametrize("mode", ["normal", "unsized 100"])
    def test_too_large(
        self, mirror: Mirror, get: Get, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mode: str
    ) -> None:
        monkeypatch.setitem(transfer._MAX_BYTES, ".zip", 100_000)
        mirror.always["AF.zip"] = mode
        with pytest.raises(GazetteerError, match="at most 100,000 are allowed"):
            get()
        assert not list((tmp_path / "cache").rglob("AF.zip.part*"))

    def test_a_corrupt_transfer_is_repeated(self, mirror: Mirror, get: Get) -> None:
        mirror.next["AF.zip"] = ["length -100"]
        assert_whole(get(), mirror)


class TestRedirects:
    def test_one_is_followed(self, mirror: Mirror, get: Get) -> None:
        mirror.files["moved/AF.zip"] = mirror.files["AF.zip"]
        mirror.always["AF.zip"] = f"redirect {mirror.url}moved/AF.zip"
        assert_whole(get(), mirror)

    @pytest.mark.parametrize(
        "location", ["http://127.0.0.1/AF.zip", "HTTP://127.0.0.1/", "file:///etc/passwd"]
    )
    def test_never_from_https_to_http(
        self, get: Get, monkeypatch: pytest.MonkeyPatch, location: str
    ) -> None:
        asked = []

        def answer(_: Any, url: str, **options: Any) -> requests.Response:
            asked.append(url)
            response = requests.Response()
            response.raw = io.BytesIO()
            response.status_code = 302
            # From http:// to https:// may be; back may not.
            response.headers["Location"] = (
                "https://mirror.invalid/dump/" if url.startswith("http:") else location
            )
            return response

        monkeypatch.setattr(requests.Session, "get", answer)
        for address, count in (("https://mirror.invalid/", 1), ("http://mirror.invalid/", 2)):
            asked.clear()
            with pytest.raises(GazetteerError, match="sends on to .* allowed is https://"):
                get(mirror=address)
            assert len(asked) == count

    def test_a_password_is_not_shown(self, mirror: Mirror, get: Get) -> None:
        secret = mirror.url.replace("//", "//me:secret@")
        mirror.always["AF.zip"] = "status 500"
        with pytest.raises(GazetteerError, match="AF.zip") as error:
            get(mirror=secret)
        assert "secret" not in str(error.value)
        assert mirror.log[0].headers["Authorization"].startswith("Basic ")

    def test_the_proxy_of_the_environment(
        self, mirror: Mirror, get: Get, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{mirror.port}")
        assert_whole(get(mirror="http://geonames.invalid/export/dump/"), mirror)
        assert mirror.log[0].headers["Host"] == "geonames.invalid"


class TestGoingOn:
    def test_after_a_broken_connection(self, mirror: Mirror, get: Get) -> None:
        mirror.next["AF.zip"] = ["cut"]
        assert_whole(get(), mirror)
        first, second = mirror.asked("AF.zip")
        half = len(mirror.files["AF.zip"]) // 2
        assert second.status == 206
        assert second.headers["Range"] == f"bytes={half}-"
        assert second.headers["If-Range"] == mirror.tag("AF.zip")

    def test_in_the_next_run(self, mirror: Mirror, get: Get) -> None:
        mirror.next["AF.zip"] = ["cut"]
        with pytest.raises(GazetteerError, match="AF.zip"):
            get(attempts=1)
        assert_whole(get(attempts=1), mirror)
        assert mirror.asked("AF.zip")[1].status == 206

    @pytest.mark.parametrize("tag", ['W/"weak"', None])
    def test_by_date_where_the_tag_is_weak(self, mirror: Mirror, get: Get, tag: str | None) -> None:
        mirror.tags["AF.zip"] = tag
        mirror.next["AF.zip"] = ["cut"]
        assert_whole(get(), mirror)
        assert mirror.asked("AF.zip")[1].headers["If-Range"] == DATE

    def test_not_without_tag_and_date(self, mirror: Mirror, get: Get) -> None:
        mirror.tags["AF.zip"] = mirror.dates["AF.zip"] = None
        mirror.next["AF.zip"] = ["cut"]
        assert_whole(get(), mirror)
        assert "Range" not in mirror.asked("AF.zip")[1].headers

    def test_not_with_a_file_that_changed(self, mirror: Mirror, get: Get) -> None:
        mirror.next["AF.zip"] = ["cut"]
        with pytest.raises(GazetteerError, match="AF.zip"):
            get(attempts=1)
        mirror.files["AF.zip"] = country("AF", 2999)
        assert_whole(get(), mirror)
        assert mirror.asked("AF.zip")[1].status == 200

    @pytest.mark.parametrize(
        ("mode", "statuses"),
        [
            ("whole", [200, 200]),
            ("status 416", [200, 416, 200]),
            ("range", [200, 206, 200]),
            ("range bytes S-E/*", [200, 206, 200]),
            ("range bytes 1-E/N", [200, 206, 200]),
            ("range bytes S-1/N", [200, 206, 200]),
            ("range bytes S-E/99", [200, 206, 200]),
            ("range bytes=S-E/N", [200, 206, 200]),
        ],
    )
    def test_with_a_server_that_cannot(
        self, mirror: Mirror, get: Get, mode: str, statuses: list[int]
    ) -> None:
        mirror.next["AF.zip"] = ["cut", mode]
        assert_whole(get(), mirror)
        asked = mirror.asked("AF.zip")
        assert [request.status for request in asked] == statuses
        assert "Range" in asked[1].headers
        assert all("Range" not in request.headers for request in asked[2:])

    @pytest.mark.parametrize(
        ("mode", "third"), [("rest 100", "bytes=0-"), ("rest -100", "bytes={}-")]
    )
    def test_with_another_number_of_bytes(
        self, mirror: Mirror, get: Get, mode: str, third: str
    ) -> None:
        mirror.next["AF.zip"] = ["cut", mode]
        assert_whole(get(), mirror)
        header = mirror.asked("AF.zip")[2].headers.get("Range", "bytes=0-")
        assert header == third.format(len(mirror.files["AF.zip"]) - 100)

    def test_with_a_server_that_overlooks_a_change(
        self, mirror: Mirror, get: Get, caplog: pytest.LogCaptureFixture
    ) -> None:
        mirror.next["AF.zip"] = ["cut"]
        with pytest.raises(GazetteerError, match="AF.zip"):
            get(attempts=1)
        caplog.set_level(logging.INFO, "geomap")
        mirror.files["AF.zip"] = country("AF", 2999)
        mirror.next["AF.zip"] = ["range bytes S-E/N"]
        assert_whole(get(), mirror)
        assert "goes on elsewhere, or with another file" in caplog.text

    def test_with_a_wrong_beginning(self, mirror: Mirror, get: Get, tmp_path: Path) -> None:
        mirror.next["AF.zip"] = ["cut"]
        with pytest.raises(GazetteerError, match="AF.zip"):
            get(attempts=1)
        part = tmp_path / "cache/files/AF.zip.part"
        part.write_bytes(bytes(part.stat().st_size))
        assert_whole(get(), mirror)
        assert [request.status for request in mirror.asked("AF.zip")] == [200, 206, 200]

    def test_after_a_kill(self, mirror: Mirror, get: Get, tmp_path: Path) -> None:
        mirror.next["AF.zip"] = ["cut stall"]
        part = tmp_path / "cache/files/AF.zip.part"
        with running(mirror, tmp_path) as process:
            try:
                while not (part.exists() and part.stat().st_size):
                    assert process.poll() is None
                    time.sleep(0.01)
            finally:
                process.kill()
        mirror.released.set()
        assert not part.with_suffix("").exists()
        size = part.stat().st_size
        assert_whole(get(), mirror)
        first, second = mirror.asked("AF.zip")
        assert second.status == 206
        assert second.headers["Range"] == f"bytes={size}-"
        assert not list((tmp_path / "cache").rglob("*.part*"))

    def test_two_at_once(self, mirror: Mirror, tmp_path: Path) -> None:
        mirror.next["AF.zip"] = ["cut stall"]
        with running(mirror, tmp_path) as one:
            while not mirror.asked("AF.zip"):
                assert one.poll() is None
                time.sleep(0.01)
            with running(mirror, tmp_path) as two:
                assert two.stderr is not None
                assert "another geomap downloads into it" in two.stderr.readline()
                mirror.released.set()
                folders = {process.communicate(timeout=10)[0].strip() for process in (one, two)}
        assert (one.returncode, two.returncode) == (0, 0)
        assert len(folders) == 1
        assert_whole(Path(folders.pop()), mirror)
        assert [request.status for request in mirror.asked("AF.zip")] == [200, 206, 304]

    def test_two_threads_at_once(self, mirror: Mirror, get: Get) -> None:
        with concurrent.futures.ThreadPoolExecutor() as pool:
            folders = {future.result() for future in [pool.submit(get) for _ in range(4)]}
        assert len(folders) == 1
        assert_whole(folders.pop(), mirror)
        assert sorted(request.status for request in mirror.asked("AF.zip")) == [200, 304, 304, 304]
