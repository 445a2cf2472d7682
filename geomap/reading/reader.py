"""The articles of some inputs, in order, one after the other, and a record of what was refused."""

import hashlib
import logging
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from geomap.model import Document
from geomap.reading.finding import find_files
from geomap.reading.formats import FORMATS, suffix_of
from geomap.reading.languages import checked
from geomap.reading.opening import Source
from geomap.reading.page import document_of_page
from geomap.reading.text import MAX_TEXT_BYTES
from geomap.reading.values import Content, InputFile, Page, Piece, RefusalError, Refused
from geomap.visible import REPLACEMENT, SURROGATE

__all__ = ["Reader", "complete", "read"]

log = logging.getLogger(__name__)


class Reader:
    """The articles of some inputs, and a record of what was read and what was refused.

    Iterating gives the documents and refusals in the order of the inputs, as they are read. Who
    reads with several processes takes the :meth:`pieces` instead, sends them through
    :attr:`finish` (or :func:`complete`) anywhere, and gives each to :meth:`settle` in their order.

    Parameters
    ----------
    inputs
        Files, folders, patterns, or ``-`` for standard input (one text).
    published
        The publication date of inputs that carry none.
    language
        The language that the model reads, as :func:`complete` takes it.
    """

    def __init__(
        self,
        inputs: Iterable[str | Path] | str | Path,
        *,
        published: str | None = None,
        language: str | None = None,
    ) -> None:
        self._inputs = [inputs] if isinstance(inputs, str | Path) else list(inputs)
        self.finish = partial(complete, published=published, language=language)
        self._ids = _Ids()
        self._said: set[tuple[str, str]] = set()
        self.files: list[InputFile] = []
        self.refused: list[Refused] = []
        self.accepted = 0

    def __iter__(self) -> Iterator[Document | Refused]:
        """Yield the documents and refusals in the order of the inputs."""
        for piece in self.pieces():
            yield self.settle(self.finish(piece))

    def documents(self) -> Iterator[Document]:
        """Yield the documents alone; what is refused is in :attr:`refused`."""
        return (item for item in self if isinstance(item, Document))

    def pieces(self) -> Iterator[Piece[Content]]:
        """Yield what the inputs hold, with final ids; the texts of pages are still in them."""
        for given, path in find_files(self._inputs):
            # A file name that is no Unicode must not spoil the ids made of it.
            name = SURROGATE.sub(REPLACEMENT, given)
            if isinstance(path, str):
                yield Piece(name, Refused(name, path), position=1)
            else:
                yield from self._file(name, path)

    def settle(self, piece: Piece[Document | Refused]) -> Document | Refused:
        """Count a piece, log its warnings, and return its document or refusal."""
        content = piece.content
        if isinstance(content, Refused):
            self.refused.append(content)
        else:
            self.accepted += 1
            self._warn(piece, content)
        return content

    def summary(self, limit: int = 5) -> str:
        """Return the refused inputs with their reasons in one line."""
        parts = [f"{item.name}: {item.reason}" for item in self.refused[:limit]]
        more = len(self.refused) - limit
        return "; ".join(parts) + (f"; and {more} more" if more > 0 else "")

    def _file(self, name: str, path: Path | None) -> Iterator[Piece[Content]]:
        """Yield the pieces of one file."""
        position = 0
        origin = None
        try:
            with Source(name, path, stdin_limit=MAX_TEXT_BYTES) as source:
                origin = source.origin
                self.files.append(source.input_file)
                read_file = FORMATS[suffix_of(name) or ".txt"]
                for position, piece in enumerate(read_file(source), start=1):
                    content = self._named(piece.content)
                    yield replace(piece, content=content, origin=origin, position=position)
                if not position:
                    raise RefusalError("it is empty")
        except RefusalError as refusal:
            refused = Refused(name, str(refusal))
            yield Piece(name, refused, origin=origin, position=position + 1)

    def _named(self, content: Content) -> Content:
        """Give an article an id of its own."""
        if isinstance(content, Refused):
            return content
        unique, count = content.id, 1
        while not self._ids.take(unique):
            count += 1
            unique = f"{content.id}~{count}"
        if unique == content.id:
            return content
        warning = f"the id {content.id!r} is used before in this run; this one is {unique!r}"
        return replace(content, id=unique, warnings=(*content.warnings, warning))

    def _warn(self, piece: Piece[Any], document: Document) -> None:
        """Log the warnings of a document, those of its whole file once."""
        name = piece.origin.name if piece.origin else piece.where
        for warning in document.warnings:
            shared = warning in piece.shared
            if not shared or (name, warning) not in self._said:
                log.warning("%s: %s", name if shared else piece.where, warning)
            if shared:
                self._said.add((name, warning))


def complete(
    piece: Piece[Content], *, published: str | None = None, language: str | None = None
) -> Piece[Document | Refused]:
    """Finish a piece: take the text out of a page, fill in what is known of every article.

    It is a function of the piece alone, so it can be called in any process.

    Parameters
    ----------
    piece
        As :meth:`Reader.pieces` gives it.
    published
        The publication date (``YYYY-MM-DD``) of inputs that carry none.
    language
        The language that the model reads, an ISO 639-1 code: an article longer than 300 characters
        that is in another one for sure is refused, a doubtful one gets a warning. None: an article
        in any language is taken as it is.
    """
    content = piece.content
    try:
        document: Document | Refused
        if isinstance(content, Page):
            document, given = document_of_page(content), content.values.get("language")
        else:
            document, given = content, getattr(content, "language", None)
        if isinstance(document, Document):
            if document.published is None and published is not None:
                document = replace(document, published=published, published_basis="given")
            if language is not None:
                document = checked(document, given, language)
            document = replace(document, origin=piece.origin)
    except RefusalError as refusal:
        document = Refused(piece.where, str(refusal))
    return replace(piece, content=document)  # type: ignore[return-value]


def read(
    inputs: Iterable[str | Path] | str | Path, *, published: str | None = None
) -> Iterator[Document | Refused]:
    """Read articles.

    Parameters
    ----------
    inputs
        Files, folders, patterns, or ``-`` for standard input (one text).
    published
        The publication date (``YYYY-MM-DD``) of inputs that carry none.

    Yields
    ------
    Document or Refused
        In the order of the inputs.
    """
    return iter(Reader(inputs, published=published))


class _Ids:
    """The ids given so far: on disk once they are many, so that memory stays flat."""

    def __init__(self) -> None:
        self._known = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._known.execute("PRAGMA journal_mode = OFF")
        self._known.execute("CREATE TABLE ids (id BLOB PRIMARY KEY) WITHOUT ROWID")

    def take(self, name: str) -> bool:
        """Return whether an id is new, and keep it."""
        key = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        with suppress(sqlite3.IntegrityError):
            self._known.execute("INSERT INTO ids VALUES (?)", (key,))
            return True
        return False
