"""Reading articles: files, folders and standard input become documents.

A file is decoded and its byte-order mark removed; nothing else of the text changes. In a folder
(recursive, sorted) the files ``.txt``, ``.md``, ``.html``, ``.jsonl`` and ``.csv`` are articles,
except those named ``README`` or ``LICENSE`` (``README.md``, ``LICENSE.fa.txt``), hidden ones, and
those in a folder below that an earlier run of geomap wrote. An input that is no article is refused,
with its name and the reason; the others go on.
"""

import csv
import datetime
import hashlib
import io
import json
import os
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from geomap.model import Basis, Document

__all__ = ["MAX_CHARACTERS", "SUFFIXES", "InputFile", "Reader", "Refused", "read"]

MAX_CHARACTERS = 1_000_000
MAX_HTML_BYTES = 20_000_000
SUFFIXES = (".txt", ".md", ".html", ".jsonl", ".csv")
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_CONTROL_BYTES = bytes(b for b in range(32) if b not in b"\t\n\v\f\r\x1b")
_MAX_CONTROL_SHARE = 0.02
_SURROGATE = re.compile("[\ud800-\udfff]")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_HTML_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_HTML_LANGUAGE = re.compile(r"""<html[^>]{0,500}?\blang\s*=\s*["']?([A-Za-z]{2,3})\b""", re.I)
_TEXT_KEYS = ("title", "source", "url", "language")


@dataclass(frozen=True, slots=True)
class Refused:
    """An input, or a row of one, that is no article: its name and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that was read: its name (never an absolute path) and the SHA-256 of its bytes."""

    name: str
    sha256: str


class _RefusalError(Exception):
    """Carries the reason from deep inside to the loop over the inputs."""


class Reader:
    """The articles of some inputs, and a record of what was read and what was refused.

    Parameters
    ----------
    inputs
        Files, folders, or ``-`` for standard input (one text).
    published
        The publication date of inputs that carry none.
    """

    def __init__(
        self, inputs: Iterable[str | Path] | str | Path, *, published: str | None = None
    ) -> None:
        self._inputs = [inputs] if isinstance(inputs, str | Path) else list(inputs)
        self._published = published
        self._ids: set[str] = set()
        self.files: list[InputFile] = []
        self.refused: list[Refused] = []
        self.accepted = 0

    def __iter__(self) -> Iterator[Document | Refused]:
        """Yield the documents and refusals in the order of the inputs."""
        for name, path in _expand(self._inputs):
            # A file name that is no Unicode must not spoil the ids made of it.
            for item in self._file(_SURROGATE.sub(_REPLACEMENT, name), path):
                if isinstance(item, Refused):
                    self.refused.append(item)
                    yield item
                else:
                    self.accepted += 1
                    yield self._finish(item)

    def documents(self) -> Iterator[Document]:
        """Yield the documents alone; what is refused is in :attr:`refused`."""
        return (item for item in self if isinstance(item, Document))

    def summary(self, limit: int = 5) -> str:
        """Return the refused inputs with their reasons in one line."""
        parts = [f"{item.name}: {item.reason}" for item in self.refused[:limit]]
        more = len(self.refused) - limit
        return "; ".join(parts) + (f"; and {more} more" if more > 0 else "")

    def _file(self, name: str, path: Path | str | None) -> Iterator[Document | Refused]:
        """Read a file (None: standard input); a string instead of one says why it is refused."""
        if isinstance(path, str):
            yield Refused(name, path)
            return
        try:
            data = _read_bytes(path)
            self.files.append(InputFile(name, hashlib.sha256(data).hexdigest()))
            suffix = ".txt" if path is None else path.suffix.lower()
            if not data.strip():
                raise _RefusalError("it is empty")
            if suffix == ".jsonl":
                yield from _read_jsonl(name, data)
            elif suffix == ".csv":
                yield from _read_csv(name, data)
            else:
                read_one = _read_html if suffix == ".html" else _read_text
                document = read_one(_stem(name), data)
                yield document if path is None else _with_sidecar(document, path)
        except _RefusalError as refusal:
            yield Refused(name, str(refusal))

    def _finish(self, document: Document) -> Document:
        """Give the default publication date and an id of its own."""
        if document.published is None and self._published is not None:
            document = replace(document, published=self._published, published_basis="given")
        unique, count = document.id, 1
        while unique in self._ids:
            count += 1
            unique = f"{document.id}~{count}"
        self._ids.add(unique)
        if unique != document.id:
            warning = f"the id {document.id!r} is used before in this run; this one is {unique!r}"
            document = replace(document, id=unique, warnings=(*document.warnings, warning))
        return document


def read(
    inputs: Iterable[str | Path] | str | Path, *, published: str | None = None
) -> Iterator[Document | Refused]:
    """Read articles.

    Parameters
    ----------
    inputs
        Files, folders, or ``-`` for standard input (one text).
    published
        The publication date (``YYYY-MM-DD``) of inputs that carry none.

    Yields
    ------
    Document or Refused
        In the order of the inputs.
    """
    return iter(Reader(inputs, published=published))


# --- finding the files -----------------------------------------------------------------------


def _expand(inputs: Iterable[str | Path]) -> Iterator[tuple[str, Path | str | None]]:
    """Yield for each input a name and a file, None for standard input, or why it is refused."""
    stdin_used = False
    for given in inputs:
        path = Path(given)
        name = path.name or str(given)
        if str(given) == "-":
            again = "it holds one text and was read already"
            yield "stdin.txt", again if stdin_used else None
            stdin_used = True
        elif not str(given).strip():
            yield "''", "it is no file name"
        elif _is_folder(path):
            yield from _expand_folder(name, path)
        else:
            yield name, _check_file(path)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _check_file(path: Path) -> Path | str:
    try:
        exists = path.exists()
    except (OSError, ValueError):
        return "it is no usable file name"
    if not exists:
        return "there is no such file"
    if not path.is_file():
        return "it is not a regular file"
    if path.suffix.lower() not in SUFFIXES:
        return f"its kind is not known; allowed: {', '.join(SUFFIXES)}, a folder, -"
    return path


def _expand_folder(name: str, root: Path) -> Iterator[tuple[str, Path | str]]:
    inside = root.resolve()
    found: list[Path] = []
    for parent, folders, files in os.walk(root):
        here = Path(parent)
        folders[:] = [f for f in folders if not f.startswith(".") and not _is_output(here / f)]
        found += [here / f for f in files if _is_article(f)]
    for path in sorted(found, key=lambda p: p.relative_to(root).as_posix()):
        relative = path.relative_to(root).as_posix()
        if not path.resolve().is_relative_to(inside):
            yield relative, "it is a link that leads out of the folder"
        else:
            yield relative, _check_file(path)
    if not found:
        yield name, f"the folder holds no article ({', '.join(SUFFIXES)})"


def _is_article(name: str) -> bool:
    path = Path(name)
    aside = name.startswith(".") or name.split(".")[0].upper() in ("README", "LICENSE")
    return path.suffix.lower() in SUFFIXES and not aside


def _is_output(folder: Path) -> bool:
    return (folder / "run.json").is_file() and (folder / "documents.jsonl").is_file()


def _stem(name: str) -> str:
    return Path(name).with_suffix("").as_posix()


# --- bytes to text ---------------------------------------------------------------------------


def _read_bytes(path: Path | None) -> bytes:
    try:
        if path is None:
            return sys.stdin.buffer.read()
        limit = MAX_HTML_BYTES if path.suffix.lower() == ".html" else 4 * MAX_CHARACTERS
        if path.suffix.lower() in (".txt", ".md", ".html") and path.stat().st_size > limit:
            raise _RefusalError(f"it is longer than the limit of {MAX_CHARACTERS:,} characters")
        return path.read_bytes()
    except OSError as error:
        raise _RefusalError(f"it cannot be read ({error.strerror or error})") from None


def _decode(data: bytes, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """Return the text without its byte-order mark, and warnings if the encoding was guessed."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding), ()
            except UnicodeDecodeError:
                raise _RefusalError(f"it starts as {encoding.upper()} and is not") from None
    control = len(data) - len(data.translate(None, _CONTROL_BYTES))
    if b"\0" in data or control > max(1, _MAX_CONTROL_SHARE * len(data)):
        raise _RefusalError("it is binary, not text")
    for known in ("utf-8", declared or "utf-8"):
        try:
            return data.decode(known), ()
        except (UnicodeDecodeError, LookupError):
            continue
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    if best is None:
        raise _RefusalError("its encoding is not known; save it as UTF-8")
    return str(best), (f"not UTF-8; read as {best.encoding}, a guess",)


def _check_text(text: object) -> str:
    """Return a text that can be worked on, or refuse it."""
    if not isinstance(text, str):
        raise _RefusalError(f"its text is {_kind(text)}, not a string")
    if not text.strip():
        raise _RefusalError("its text is empty")
    if "\0" in text:
        raise _RefusalError("its text holds a NUL character; it is binary, not text")
    if len(text) > MAX_CHARACTERS:
        raise _RefusalError(
            f"its {len(text):,} characters are more than the limit of {MAX_CHARACTERS:,}"
        )
    return text


def _kind(value: object) -> str:
    names = {dict: "an object", list: "an array", type(None): "missing", bool: "a truth value"}
    return names.get(type(value), f"a {type(value).__name__}")


# --- one text a file -------------------------------------------------------------------------


def _read_text(name: str, data: bytes) -> Document:
    text, warnings = _decode(data)
    return Document(id=name, text=_check_text(text), warnings=warnings)


def _read_html(name: str, data: bytes) -> Document:
    """Take the main text out of a page; its title, date and source from the metadata."""
    import trafilatura

    declared = _HTML_CHARSET.search(data[:4096])
    page, warnings = _decode(data, declared.group(1).decode("ascii") if declared else None)
    found = trafilatura.bare_extraction(
        page,
        with_metadata=True,
        include_comments=False,
        date_extraction_params={
            "original_date": True,
            "extensive_search": False,
            "max_date": "2100-01-01",
        },
    )
    if found is None or isinstance(found, dict) or not found.text:
        raise _RefusalError("no article text was found in the page")
    language = _HTML_LANGUAGE.search(page[:4096])
    values = {
        "text": found.text,
        "title": found.title,
        "published": found.date,
        "source": found.sitename,
        "url": found.url,
        "language": language.group(1).lower() if language else None,
    }
    return _document(name, values, warnings)


def _with_sidecar(document: Document, path: Path) -> Document:
    """Add what ``NAME.toml`` beside the file says; its text is the file's, always."""
    sidecar = path.with_suffix(".toml")
    if not sidecar.is_file() or sidecar.resolve().parent != path.resolve().parent:
        return document
    try:
        values = tomllib.loads(sidecar.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        warning = f"{sidecar.name} was left aside: {str(error).splitlines()[0]}"
        return replace(document, warnings=(*document.warnings, warning))
    base = {key: getattr(document, key) for key in (*_TEXT_KEYS, "published")}
    return _document(document.id, base | values | {"text": document.text}, document.warnings)


# --- many texts a file -----------------------------------------------------------------------


def _read_jsonl(name: str, data: bytes) -> Iterator[Document | Refused]:
    for mark, _ in _BOMS:
        if data.startswith(mark):
            data = _decode(data)[0].encode("utf-8", "surrogatepass")
            break
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            row = _parse_json(line)
            yield _document(f"{_stem(name)}:{number}", row)
        except _RefusalError as refusal:
            yield Refused(f"{name}, line {number}", str(refusal))


def _parse_json(line: bytes) -> Mapping[str, Any]:
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise _RefusalError("it is not UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise _RefusalError(f"it is not valid JSON ({error})") from None
    if not isinstance(row, dict):
        raise _RefusalError(f"it is {_kind(row)}, not a JSON object")
    return row


def _read_csv(name: str, data: bytes) -> Iterator[Document | Refused]:
    text, warnings = _decode(data)
    limit = csv.field_size_limit(10 * MAX_CHARACTERS)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""))
        columns = [column.strip() for column in reader.fieldnames or ()]
        reader.fieldnames = columns
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise _RefusalError(f"it is not valid CSV ({error})") from None
    finally:
        csv.field_size_limit(limit)
    if "text" not in columns:
        raise _RefusalError(f"it has no column 'text'; its columns: {', '.join(columns)[:200]}")
    if not rows:
        raise _RefusalError("it has no rows")
    for number, (line, row) in enumerate(rows, start=1):
        try:
            if None in row:
                raise _RefusalError(
                    f"it has more than {len(columns)} columns; quote cells with commas"
                )
            yield _document(f"{_stem(name)}:{number}", row, warnings)
        except _RefusalError as refusal:
            yield Refused(f"{name}, line {line}", str(refusal))


# --- a row's keys ----------------------------------------------------------------------------


def _document(default_id: str, row: Mapping[str, Any], warnings: tuple[str, ...] = ()) -> Document:
    """Make a document of a row's keys; a wrong value of any but ``text`` is left out and said."""
    noted = list(warnings)
    text = _check_text(row.get("text"))
    values: dict[str, str | None] = {}
    for key in _TEXT_KEYS:
        value = row.get(key)
        if value is not None and not isinstance(value, str):
            noted.append(f"{key}: {_kind(value)}, not a string; left out")
            value = None
        values[key] = _without_surrogates(value or None, noted)
    published, basis = _published(row, noted)
    return Document(
        id=_without_surrogates(_row_id(row, default_id, noted), noted) or default_id,
        text=_without_surrogates(text, noted) or "",
        title=values["title"],
        published=published,
        published_basis=basis,
        source=values["source"],
        url=values["url"],
        language=values["language"],
        warnings=tuple(noted),
    )


def _row_id(row: Mapping[str, Any], default: str, noted: list[str]) -> str:
    value = row.get("id")
    if value is None or value == "":
        return default
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        noted.append(f"id: {_kind(value)}, not a string; {default!r} is used")
        return default
    return str(value)


def _published(row: Mapping[str, Any], noted: list[str]) -> tuple[str | None, Basis | None]:
    value = row.get("published")
    if value is None or value == "":
        return None, None
    try:
        # A date and a time of TOML write themselves in ISO 8601.
        text = value.isoformat() if isinstance(value, datetime.date) else value
        day = datetime.datetime.fromisoformat(text.strip()).date()
    except (AttributeError, ValueError):
        noted.append(f"published: {str(value)[:40]!r} is not a date (YYYY-MM-DD); left out")
        return None, None
    return day.isoformat(), "assumed" if row.get("published_basis") == "assumed" else "stated"


def _without_surrogates(value: str | None, noted: list[str]) -> str | None:
    """Put U+FFFD for each lone surrogate: such text is no Unicode, and lengths stay the same."""
    if value is None or not _SURROGATE.search(value):
        return value
    warning = "a broken character (lone surrogate) was replaced by U+FFFD"
    if warning not in noted:
        noted.append(warning)
    return _SURROGATE.sub(_REPLACEMENT, value)
