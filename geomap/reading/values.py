"""What reading gives: articles, pages that are still to be read, and refusals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from geomap.model import Document, Origin

__all__ = ["Content", "InputFile", "Page", "Piece", "RefusalError", "Refused"]


class RefusalError(Exception):
    """Carries the reason from deep inside to the loop over the inputs."""


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
class Page:
    """A page of HTML whose main text has not been taken out yet.

    Parameters
    ----------
    id
        The id of the article that will be made of it.
    html
        The page as bytes, or as text where the encoding is settled.
    charset
        The encoding that was declared outside the page.
    values
        Keys of an article that are known from elsewhere; they go before what the page says.
    warnings
        What has to be said of it already.
    fetched
        The day on which it was fetched, which is not the day of its publication.
    """

    id: str
    html: bytes | str
    charset: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    fetched: str | None = None


T_co = TypeVar("T_co", bound=Document | Page | Refused, covariant=True)


@dataclass(frozen=True, slots=True)
class Piece(Generic[T_co]):
    """One article of a file, or a refusal, and where it stands.

    Parameters
    ----------
    where
        The file, and the line where it has several articles.
    content
        The article, the page it will be made of, or why there is none.
    shared
        Those warnings of the article that hold for the whole file.
    origin
        The file; None for an input that could not be opened.
    position
        The number of the piece in its file, from 1.
    """

    where: str
    content: T_co
    shared: tuple[str, ...] = ()
    origin: Origin | None = None
    position: int = 0


Content = Document | Page | Refused
