"""Reading articles: files, folders and standard input become documents.

A file is decoded and its byte-order mark removed; nothing else of the text changes. In a folder
(recursive, sorted) the files ``.txt``, ``.md``, ``.html``, ``.jsonl`` and ``.csv`` are articles,
except those named ``README`` or ``LICENSE`` (``README.md``, ``LICENSE.fa.txt``), hidden ones, and
those in a folder below that an earlier run of geomap wrote. An input that is no article is refused,
with its name and the reason; the others go on.
"""

import csv
import hashlib
import io
import json
import logging
import os
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from geomap.articles import (
    KEYS,
    MAX_CHARACTERS,
    REPLACEMENT,
    SURROGATE,
    TEXT_KEYS,
    RefusalError,
    check_text,
    document_of,
    kind_of,
)
from geomap.model import Document, Origin

log = logging.getLogger(__name__)

__all__ = ["MAX_CHARACTERS", "SUFFIXES", "InputFile", "Reader", "Refused", "read"]

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
_HTML_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_HTML_FRAME = re.compile(r"<html\b", re.I)
_MAX_PLAIN_PAGE = 2_000
_HTML_LANGUAGE = re.compile(r"""<html[^>]{0,500}?\blang\s*=\s*["']?([A-Za-z]{2,3})\b""", re.I)


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


@dataclass(frozen=True, slots=True)
class _Found:
    """An article or a refusal, where it stands, and those warnings that hold for the whole file."""

    where: str
    item: Document | Refused
    shared: tuple[str, ...] = ()


class Reader:
    """The articles of some inputs, and a record of what was read and what was refused.

    The warnings of a document are logged, each with the name of its file and its line.

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
        self._said: set[tuple[str, str]] = set()
        self.files: list[InputFile] = []
        self.refused: list[Refused] = []
        self.accepted = 0

    def __iter__(self) -> Iterator[Document | Refused]:
        """Yield the documents and refusals in the order of the inputs."""
        for given, path in _expand(self._inputs):
            # A file name that is no Unicode must not spoil the ids made of it.
            name = SURROGATE.sub(REPLACEMENT, given)
            for found in self._file(name, path):
                if isinstance(found.item, Refused):
                    self.refused.append(found.item)
                    yield found.item
                else:
                    self.accepted += 1
                    document = self._finish(found.item)
                    self._warn(name, found, document)
                    yield document

    def documents(self) -> Iterator[Document]:
        """Yield the documents alone; what is refused is in :attr:`refused`."""
        return (item for item in self if isinstance(item, Document))

    def summary(self, limit: int = 5) -> str:
        """Return the refused inputs with their reasons in one line."""
        parts = [f"{item.name}: {item.reason}" for item in self.refused[:limit]]
        more = len(self.refused) - limit
        return "; ".join(parts) + (f"; and {more} more" if more > 0 else "")

    def _file(self, name: str, path: Path | str | None) -> Iterator[_Found]:
        """Read a file (None: standard input); a string instead of one says why it is refused."""
        if isinstance(path, str):
            yield _Found(name, Refused(name, path))
            return
        try:
            data = _read_bytes(path)
            self.files.append(InputFile(name, hashlib.sha256(data).hexdigest()))
            suffix = ".txt" if path is None else path.suffix.lower()
            if not data.strip():
                raise RefusalError("it is empty")
            if suffix in _ROWS:
                yield from _ROWS[suffix](name, data)
            else:
                read_one = _read_html if suffix == ".html" else _read_text
                document = read_one(_stem(name), data)
                yield _Found(name, document if path is None else _with_sidecar(document, path))
        except RefusalError as refusal:
            yield _Found(name, Refused(name, str(refusal)))

    def _finish(self, document: Document) -> Document:
        """Give the default publication date, an id of its own, and the file it is from."""
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
        return replace(document, origin=Origin(self.files[-1].name, self.files[-1].sha256))

    def _warn(self, name: str, found: _Found, document: Document) -> None:
        """Log the warnings of a document, those of its whole file once."""
        for warning in document.warnings:
            shared = warning in found.shared
            if not shared or (name, warning) not in self._said:
                log.warning("%s: %s", name if shared else found.where, warning)
            if shared:
                self._said.add((name, warning))


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
            raise RefusalError(f"it is longer than the limit of {MAX_CHARACTERS:,} characters")
        return path.read_bytes()
    except OSError as error:
        raise RefusalError(f"it cannot be read ({error.strerror or error})") from None


def _decode(data: bytes, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """Return the text without its byte-order mark, and warnings if the encoding was guessed."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding), ()
            except UnicodeDecodeError:
                raise RefusalError(f"it starts as {encoding.upper()} and is not") from None
    control = len(data) - len(data.translate(None, _CONTROL_BYTES))
    if b"\0" in data or control > max(1, _MAX_CONTROL_SHARE * len(data)):
        raise RefusalError("it is binary, not text")
    for known in ("utf-8", declared or "utf-8"):
        try:
            return data.decode(known), ()
        except (UnicodeDecodeError, LookupError):
            continue
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    if best is None:
        raise RefusalError("its encoding is not known; save it as UTF-8")
    return str(best), (f"not UTF-8; read as {best.encoding}, a guess",)


# --- one text a file -------------------------------------------------------------------------


def _read_text(name: str, data: bytes) -> Document:
    text, warnings = _decode(data)
    return Document(id=name, text=check_text(text), warnings=warnings)


def _read_html(name: str, data: bytes) -> Document:
    """Take the main text out of a page; its title, date and source from the metadata."""
    import trafilatura

    declared = _HTML_CHARSET.search(data[:4096])
    page, warnings = _decode(data, declared.group(1).decode("ascii") if declared else None)
    # A fragment is a page whose frame was left out; without one no text is looked for.
    framed = page if _HTML_FRAME.search(page) else f"<html><body>{page}</body></html>"
    values = _main_text(page) or _main_text(framed)
    if values is None:
        plain = trafilatura.html2txt(framed)
        if not plain.strip() or len(plain) > _MAX_PLAIN_PAGE:
            raise RefusalError("no article text was found in the page")
        values = {"text": plain}
        warnings = (*warnings, "no main text was found; the whole text of the page is used")
    language = _HTML_LANGUAGE.search(page[:4096])
    values["language"] = language.group(1).lower() if language else None
    return document_of(name, values, warnings)


def _main_text(page: str) -> dict[str, Any] | None:
    """Return the main text of a page and what its metadata say, or None."""
    import trafilatura

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
    if found is None or isinstance(found, dict) or not found.text or not found.text.strip():
        return None
    return {
        "text": found.text,
        "title": found.title,
        "published": found.date,
        "source": found.sitename,
        "url": found.url,
    }


def _with_sidecar(document: Document, path: Path) -> Document:
    """Add what ``NAME.toml`` beside the file says; its text is the file's, always."""
    sidecar = path.with_suffix(".toml")
    if not sidecar.is_file() or sidecar.resolve().parent != path.resolve().parent:
        return document
    try:
        values = tomllib.loads(sidecar.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        no_text = isinstance(error, UnicodeDecodeError)
        why = "it is not UTF-8" if no_text else str(error).splitlines()[0]
        warning = f"{sidecar.name} was left aside: {why}"
        return replace(document, warnings=(*document.warnings, warning))
    base = {key: getattr(document, key) for key in (*TEXT_KEYS, "published")}
    return document_of(document.id, base | values | {"text": document.text}, document.warnings)


# --- many texts a file -----------------------------------------------------------------------


def _read_jsonl(name: str, data: bytes) -> Iterator[_Found]:
    for mark, _ in _BOMS:
        if data.startswith(mark):
            data = _decode(data)[0].encode("utf-8", "surrogatepass")
            break
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        where = f"{name}, line {number}"
        try:
            yield _Found(where, document_of(f"{_stem(name)}:{number}", _parse_json(line)))
        except RefusalError as refusal:
            yield _Found(where, Refused(where, str(refusal)))


def _parse_json(line: bytes) -> Mapping[str, Any]:
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise RefusalError("it is not UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise RefusalError(f"it is not valid JSON ({error})") from None
    if not isinstance(row, dict):
        raise RefusalError(f"it is {kind_of(row)}, not a JSON object")
    return row


def _read_csv(name: str, data: bytes) -> Iterator[_Found]:
    text, warnings = _decode(data)
    found = _csv_rows(text)
    columns = _csv_columns(found[0][1] if found else [])
    rows = found[1:]
    if not rows:
        raise RefusalError("it has no rows")
    for number, (line, cells) in enumerate(rows, start=1):
        where = f"{name}, line {line}"
        try:
            if isinstance(cells, str):
                raise RefusalError(cells)
            if len(cells) > len(columns):
                raise RefusalError(
                    f"it has more than {len(columns)} columns; quote cells with commas"
                )
            row = dict(zip(columns, cells, strict=False))
            document = document_of(f"{_stem(name)}:{number}", row, warnings)
            yield _Found(where, document, shared=warnings)
        except RefusalError as refusal:
            yield _Found(where, Refused(where, str(refusal)))


def _csv_columns(header: list[str] | str) -> list[str]:
    """Return the names of the columns: ``text`` is there, and no key is there twice."""
    if isinstance(header, str):
        raise RefusalError(f"it is not valid CSV: its line of column names is broken: {header}")
    columns = [column.strip() for column in header]
    for key in KEYS:
        if columns.count(key) > 1:
            raise RefusalError(f"its column {key!r} is there twice; give each column its own name")
    if "text" not in columns:
        raise RefusalError(f"it has no column 'text'; its columns: {', '.join(columns)[:200]}")
    return columns


def _csv_rows(text: str) -> list[tuple[int, list[str] | str]]:
    """Return the rows with the line each begins on; for a broken row the reason.

    A quote that is left open takes in the rows after it. Where it ends is not known then, and
    nothing is read from there on.
    """
    lines = io.StringIO(text, newline="")
    limit = csv.field_size_limit(10 * MAX_CHARACTERS)
    rows: list[tuple[int, list[str] | str]] = []
    before = 0
    reader = csv.reader(lines, strict=True)
    try:
        while True:
            first = before + reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return rows
            except csv.Error as error:
                last = before + reader.line_num
                if first != last or "end of data" in str(error):
                    rows.append((first, _OPEN_QUOTE))
                    return rows
                rows.append((first, f"it is not valid CSV ({error}); double a quote in a cell"))
                before, reader = last, csv.reader(lines, strict=True)
            else:
                if cells:
                    rows.append((first, cells))
    finally:
        csv.field_size_limit(limit)


_OPEN_QUOTE = (
    "a quote that opens in this row does not close where a cell ends; this row and all after it "
    "are left out; close it, or double a quote in a cell"
)
_ROWS: dict[str, Callable[[str, bytes], Iterator[_Found]]] = {
    ".jsonl": _read_jsonl,
    ".csv": _read_csv,
}
