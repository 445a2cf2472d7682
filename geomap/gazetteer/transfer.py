"""Fetching one file of a mirror: redirects, retries, going on in the middle, asking for changes.

Beside a complete file, ``NAME.json`` notes what is known of it; ``NAME.part`` is the beginning of
a file that is still to come. Nothing that a server says is believed: a file takes its name only
after it was checked.
"""

import contextlib
import datetime
import email.utils
import http.client
import logging
import os
import re
import sys
import time
import urllib.parse
from collections.abc import Mapping
from pathlib import Path

import msgspec
import requests
import urllib3
from tqdm import tqdm

from geomap._version import __version__
from geomap.digest import sha256
from geomap.errors import GazetteerError
from geomap.gazetteer.checks import DamagedError, check_file

__all__ = ["Client", "Facts", "shown"]

_CHUNK = 1 << 16
_MAX_BYTES = {".txt": 1 << 26, ".zip": 1 << 32}
_MAX_REDIRECTS = 5
_MIN_BYTES = 1 << 10  # in the seconds of the timeout
_PAUSE = 0.5
_MAX_WAIT = 120.0
_CONTENT_RANGE = re.compile(r"bytes ([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15})")
_TAG = re.compile(r'(?:W/)?"[!#-~]{0,200}"')
_DATE = re.compile(r"[A-Za-z0-9 ,:+-]{1,40}")
_log = logging.getLogger(__name__)


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a complete file, or of one whose beginning is there."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    size: int | None = None
    sha256: str | None = None
    retrieved: str | None = None

    @property
    def validator(self) -> str | None:
        """What If-Range takes: a tag that is not weak, or a date."""
        return self.last_modified if (self.etag or "W/").startswith("W/") else self.etag


class _AgainError(Exception):
    """An attempt failed and the next may not.

    Holds why, how many seconds the server asks to wait, and whether to start from the first byte.
    """

    def __init__(self, reason: str, *, wait: float | None = None, afresh: bool = False) -> None:
        super().__init__(reason)
        self.wait = wait
        self.afresh = afresh


def shown(url: str) -> str:
    """Return an address without the password that it may hold."""
    return re.sub(r"^(\w*:?//)[^/?#]*@", r"\1", url)


class _Session(requests.Session):
    """A session that looks at no redirect: requests reads the whole page that comes with one."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Return nothing."""
        return None


class Client:
    """Fetches the files of one mirror into one folder, which is locked."""

    def __init__(
        self, mirror: str, folder: Path, progress: bool, timeout: float, attempts: int
    ) -> None:
        self._mirror = mirror
        self._files = folder / "files"
        self._hidden = not (progress and sys.stderr.isatty())
        self._timeout = timeout
        self._attempts = max(1, attempts)
        self._unreachable = False
        self._session = _Session()
        self._session.headers.update(
            {"User-Agent": f"geomap/{__version__}", "Accept": "*/*", "Accept-Encoding": "identity"}
        )

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def fetch(self, name: str) -> Facts:
        """Bring a file up to date."""
        file = self._files / name
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(f"{file.name}.part")
        cached = _cached(file, shown(self._mirror + name))
        attempts = 1 if cached and self._unreachable else self._attempts
        damaged = False
        for attempt in range(1, attempts + 1):
            try:
                return self._attempt(name, file, part, cached)
            except DamagedError as error:
                _discard(part)
                if damaged or attempt == attempts:
                    raise
                damaged, failure = True, _AgainError(str(error))
            except GazetteerError:
                _discard(part)
                raise
            except _AgainError as error:
                failure = error
                if failure.afresh:
                    _discard(part)
            wait = _PAUSE * 2 ** min(attempt - 1, 6) if failure.wait is None else failure.wait
            if attempt == attempts or wait > _MAX_WAIT:
                break
            _log.info("%s: %s; trying again in %.1f s", name, failure, wait)
            time.sleep(wait)
        if cached:
            self._unreachable = True
            _log.warning("%s: %s; the file of %s is used", name, failure, cached.retrieved)
            return cached
        raise GazetteerError(
            f"{name}: not downloaded from {shown(self._mirror)} ({failure}; attempts: {attempt}); "
            "run it again later, or name another mirror"
        )

    def _attempt(self, name: str, file: Path, part: Path, cached: Facts | None) -> Facts:
        url = shown(self._mirror + name)
        begun = _facts(part, url)
        offset = part.stat().st_size if begun and begun.validator and part.is_file() else 0
        headers: dict[str, str | None] = {}
        if cached:
            headers = {"If-None-Match": cached.etag, "If-Modified-Since": cached.last_modified}
        if begun and offset:
            headers |= {"Range": f"bytes={offset}-", "If-Range": begun.validator}
        with self._ask(name, {key: value for key, value in headers.items() if value}) as response:
            if response.status_code == 304 and cached:
                _discard(part)
                return cached
            _check_status(name, url, response)
            offset = _offset(response, begun, offset)
            if begun and offset:
                facts = msgspec.structs.replace(begun, size=_size(response))
            else:
                facts = Facts(
                    url=url,
                    etag=_header(response, "ETag", _TAG),
                    last_modified=_header(response, "Last-Modified", _DATE),
                    size=_size(response),
                )
                _discard(part)
                _save(part, facts)
            self._receive(name, response, part, offset, facts.size)
        check_file(part, name)
        return _keep(part, file, facts)

    def _ask(self, name: str, headers: Mapping[str, str]) -> requests.Response:
        """Return the answer to a request, its body still to be read, after redirects."""
        url = self._mirror + name
        for _ in range(_MAX_REDIRECTS + 1):
            try:
                response = self._session.get(
                    url, headers=headers, stream=True, allow_redirects=False, timeout=self._timeout
                )
            except (ValueError, urllib3.exceptions.LocationValueError) as error:
                raise GazetteerError(
                    f"{name}: {shown(url)!r} cannot be asked for ({str(error)[:200]}); name "
                    "another mirror"
                ) from error
            except (OSError, urllib3.exceptions.HTTPError) as error:
                raise _AgainError(self._reason(error)) from error
            if response.status_code not in (301, 302, 303, 307, 308):
                return response
            response.close()
            here, location = urllib.parse.urlsplit(url), response.headers.get("Location", "")
            with contextlib.suppress(ValueError):
                url = urllib.parse.urljoin(url, location)
                allowed = ("https",) if here.scheme == "https" else ("http", "https")
                if location and urllib.parse.urlsplit(url).scheme in allowed:
                    continue
            raise GazetteerError(
                f"{name}: {here.hostname} sends on to {shown(location)[:200]!r}; allowed is "
                "https:// (and http:// from http://); name another mirror"
            )
        raise GazetteerError(
            f"{name}: {shown(self._mirror)} sends on more than {_MAX_REDIRECTS} times, the last "
            f"time to {shown(url)[:200]!r}; name another mirror"
        )

    def _receive(
        self, name: str, response: requests.Response, part: Path, offset: int, size: int | None
    ) -> None:
        """Write the body of an answer to the end of a file."""
        limit = _MAX_BYTES[part.with_suffix("").suffix]
        received = counted = offset
        since = time.monotonic()
        with (
            part.open("ab" if offset else "wb") as out,
            tqdm(
                desc=name, total=size, initial=offset, unit="B", unit_scale=True,
                disable=self._hidden, leave=False,
            ) as bar,
        ):  # fmt: skip
            while max(received, size or 0) <= limit:
                try:
                    chunk: bytes = response.raw.read1(_CHUNK)
                except (OSError, urllib3.exceptions.HTTPError, http.client.HTTPException) as error:
                    raise _AgainError(f"{self._reason(error)} after {received:,} bytes") from error
                if not chunk:
                    break
                out.write(chunk)
                bar.update(len(chunk))
                received += len(chunk)
                if received > (size or received):
                    break
                if time.monotonic() - since > self._timeout:
                    if received - counted < _MIN_BYTES:
                        raise _AgainError(f"next to no data in {self._timeout:g} s")
                    since, counted = time.monotonic(), received
            else:
                raise GazetteerError(
                    f"{name}: has {max(received, size or 0):,} bytes or more; at most {limit:,} "
                    "are allowed; name another mirror"
                )
        if size is not None and received != size:
            raise _AgainError(f"{received:,} bytes came of {size:,}", afresh=received > size)

    def _reason(self, error: BaseException) -> str:
        """Return what went wrong with a connection, in few words."""
        if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError | TimeoutError):
            return f"no answer in {self._timeout:g} s"
        if isinstance(error, requests.exceptions.ProxyError):
            return "the proxy that the environment names does not let through"
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, OSError) and cause.strerror:
                return cause.strerror[:200]
            cause = cause.__cause__ or cause.__context__
        return str(error)[:200] if type(error) is OSError else "the connection broke off"


def _check_status(name: str, url: str, response: requests.Response) -> None:
    """Refuse an answer that brings no file."""
    status = response.status_code
    if status in (200, 206, 416):
        encoding = response.headers.get("Content-Encoding", "identity")
        if encoding.strip().lower() not in ("", "identity"):
            raise GazetteerError(
                f"{name}: {url} comes packed as {encoding[:40]!r}, which was not asked for; name "
                "another mirror"
            )
    elif status in (408, 425, 429) or status >= 500:
        wait = _retry_after(response)
        asks = f" and asks to wait {wait:.0f} s" if wait else ""
        raise _AgainError(f"the server answers {status}{asks}", wait=wait)
    elif status in (404, 410):
        raise GazetteerError(
            f"{name}: {url} does not exist ({status}); GeoNames may have no such file, or the "
            "mirror is not laid out as GeoNames' own"
        )
    else:
        raise GazetteerError(f"{name}: {url} answers {status}, not 200; name another mirror")


def _retry_after(response: requests.Response) -> float | None:
    value = response.headers.get("Retry-After", "").strip()
    if re.fullmatch("[0-9]{1,9}", value):
        return float(value)
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    return None


def _offset(response: requests.Response, begun: Facts | None, offset: int) -> int:
    """Return where the body of an answer belongs; raise if that is not where it was asked for."""
    if response.status_code == 200:
        return 0
    found = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
    if response.status_code == 416 or not found or not begun or not offset:
        raise _AgainError("the server cannot go on in the middle", afresh=True)
    start, end, size = map(int, found.groups())
    tag = _header(response, "ETag", _TAG) or begun.etag
    if (start, end + 1, size, tag) != (offset, size, begun.size or size, begun.etag):
        raise _AgainError("the server goes on elsewhere, or with another file", afresh=True)
    return offset


def _size(response: requests.Response) -> int | None:
    """Return the size of the whole file, as the server states it."""
    if response.status_code == 206:
        return int(response.headers["Content-Range"].rpartition("/")[2])
    length = response.headers.get("Content-Length", "").strip()
    return int(length) if re.fullmatch("[0-9]{1,15}", length) else None


def _header(response: requests.Response, name: str, allowed: re.Pattern[str]) -> str | None:
    """Return the value of a header if it can be sent back."""
    value = response.headers.get(name, "").strip()
    return value if allowed.fullmatch(value) else None


def _facts(path: Path, url: str) -> Facts | None:
    """Return what was noted of a file, if it is from this address."""
    try:
        facts = msgspec.json.decode(path.with_name(f"{path.name}.json").read_bytes(), type=Facts)
    except (OSError, ValueError, msgspec.MsgspecError):
        return None
    return facts if facts.url == url else None


def _save(path: Path, facts: Facts) -> None:
    note = path.with_name(f"{path.name}.json")
    note.write_bytes(msgspec.json.format(msgspec.json.encode(facts)) + b"\n")


def _discard(part: Path) -> None:
    part.unlink(missing_ok=True)
    part.with_name(f"{part.name}.json").unlink(missing_ok=True)


def _cached(file: Path, url: str) -> Facts | None:
    """Return what is known of a complete file from this address, if not a byte is changed."""
    facts = _facts(file, url)
    if facts is None or not file.is_file() or file.stat().st_size != facts.size:
        return None
    return facts if sha256(file) == facts.sha256 else None


def _keep(part: Path, file: Path, facts: Facts) -> Facts:
    """Give a checked file its name."""
    with part.open("rb+") as written:
        os.fsync(written.fileno())
    facts = msgspec.structs.replace(
        facts,
        size=part.stat().st_size,
        sha256=sha256(part),
        retrieved=datetime.datetime.now(datetime.UTC).date().isoformat(),
    )
    with contextlib.suppress(ValueError, TypeError, OverflowError, OSError):
        changed = email.utils.parsedate_to_datetime(facts.last_modified or "").timestamp()
        os.utime(part, (changed, changed))
    part.replace(file)
    _save(file, facts)
    _discard(part)
    return facts
