"""What the command line says and how: one clear line, safe to print, on the right stream."""

import contextlib
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any, TextIO, TypeVar

import click

from geomap.errors import ExportError
from geomap.visible import printable

__all__ = ["error_line", "forget_output", "progress", "say", "set_up_log"]

T = TypeVar("T")


def say(text: str, *, stream: TextIO | None = None) -> None:
    """Print text to standard output or the stream given; line breaks and tabs stay."""
    stream = stream or sys.stdout
    if stream is None:
        raise ExportError("standard output: it is closed, and the result is printed there")
    encoding = stream.encoding or "utf-8"
    safe = printable(text, keep="\n\t").encode(encoding, "backslashreplace").decode(encoding)
    click.echo(safe, file=stream)


def error_line(message: str) -> None:
    """Print one line to standard error; if nobody can take it, it is lost."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):
            say(printable(f"geomap: {message}"), stream=sys.stderr)


def forget_output() -> None:
    """Throw away what standard output could not take; keep Python from trying it again."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


@contextlib.contextmanager
def progress(
    unit: str, *, quiet: bool, count: Callable[[], int | None]
) -> Iterator[Callable[[int], object]]:
    """Show how many items are done, at what rate and for how much longer, on a terminal alone.

    Gives a function that is told how many more are done.

    Parameters
    ----------
    unit
        What the items are called.
    quiet
        Show nothing.
    count
        Tells how many items there are, or None. It may take its time: it is asked beside the work.
    """
    from tqdm import tqdm

    hidden = quiet or not sys.stderr or not sys.stderr.isatty()
    with tqdm(unit=f" {unit}", file=sys.stderr, disable=hidden, leave=False) as bar:

        def tell() -> None:
            bar.total = count()

        if not hidden:
            threading.Thread(target=tell, daemon=True).start()
        yield bar.update


class _Lines(logging.Handler):
    """Log records as single lines on standard error, above the progress bar."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print a record."""
        from tqdm import tqdm

        with tqdm.external_write_mode(file=sys.stderr):
            error_line(f"{record.levelname.lower()}: {record.getMessage()}")


def set_up_log(verbose: int, *, quiet: bool) -> None:
    """Show the log of geomap on standard error, and nothing of other libraries."""
    levels: dict[int, Any] = {0: logging.WARNING, 1: logging.INFO}
    level = logging.ERROR if quiet else levels.get(verbose, logging.DEBUG)
    root = logging.getLogger()
    root.handlers[:] = [h for h in root.handlers if not isinstance(h, _Lines)] + [_Lines()]
    root.setLevel(logging.CRITICAL)
    logging.getLogger("geomap").setLevel(level)
