"""What the command line says and how: one clear line, safe to print, on the right stream."""

import logging
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, TextIO, TypeVar

import click

__all__ = ["error_line", "printable", "progress", "say", "set_up_log"]

T = TypeVar("T")
_BIDI_CONTROLS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_ESCAPED = frozenset(("Cc", "Cs", "Zl", "Zp"))


def printable(text: str, *, keep: str = "") -> str:
    r"""Escape what a terminal would obey: control characters, text direction, broken characters.

    Examples
    --------
    >>> printable("Kabul\x1b[2J")
    'Kabul\\x1b[2J'
    """
    return "".join(
        character
        if character in keep
        or (character not in _BIDI_CONTROLS and unicodedata.category(character) not in _ESCAPED)
        else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


def say(text: str, *, stream: TextIO | None = None) -> None:
    """Print text to standard output or the stream given; line breaks and tabs stay."""
    stream = stream or sys.stdout
    encoding = stream.encoding or "utf-8"
    safe = printable(text, keep="\n\t").encode(encoding, "backslashreplace").decode(encoding)
    click.echo(safe, file=stream)


def error_line(message: str) -> None:
    """Print one line to standard error."""
    say(printable(f"geomap: {message}"), stream=sys.stderr)


def progress(items: Iterable[T], *, unit: str, quiet: bool) -> Iterator[T]:
    """Show a progress bar on standard error, on a terminal alone."""
    from tqdm import tqdm

    hidden = quiet or not sys.stderr.isatty()
    yield from tqdm(items, unit=f" {unit}", file=sys.stderr, disable=hidden, leave=False)


class _Lines(logging.Handler):
    """Log records as single lines on standard error."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print a record."""
        error_line(f"{record.levelname.lower()}: {record.getMessage()}")


def set_up_log(verbose: int, *, quiet: bool) -> None:
    """Show the log of geomap on standard error, and nothing of other libraries."""
    levels: dict[int, Any] = {0: logging.WARNING, 1: logging.INFO}
    level = logging.ERROR if quiet else levels.get(verbose, logging.DEBUG)
    root = logging.getLogger()
    root.handlers[:] = [h for h in root.handlers if not isinstance(h, _Lines)] + [_Lines()]
    root.setLevel(logging.CRITICAL)
    logging.getLogger("geomap").setLevel(level)
