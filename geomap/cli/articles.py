"""Commands that read articles: map, extract, explain."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from geomap.cli.corrections import discard_option, header_and_corrections
from geomap.cli.root import (
    DONE,
    PATH,
    SOME_REFUSED,
    Common,
    cli,
    reading_options,
)
from geomap.errors import ExportError, GeomapError, InputError
from geomap.model import Document
from geomap.narrate import narrated
from geomap.terminal import error_line, progress, say

if TYPE_CHECKING:
    from geomap.engine import Extraction
    from geomap.reading import Reader

__all__ = ["explain", "extract", "map_command"]


@cli.command("map")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("-o", "--output", type=PATH, required=True, metavar="DIR", help="Folder to write.")
@discard_option
@reading_options
def map_command(common: Common, inputs: tuple[str, ...], output: Path, discard_edits: bool) -> int:
    """Make a map and its files of articles.

    INPUT is a .txt, .md, .html, .jsonl, .csv, .parquet, .rss, .atom, .xml or .warc file, packed
    (.gz, .zst) or not, a folder of them, a quoted pattern such as "news/*.jsonl.gz", or - for
    standard input.
    """
    from geomap.engine import Extraction
    from geomap.export import Run, check_folder, write

    check_folder(output, discard_edits=discard_edits)
    with Extraction(inputs, common.config, folder=output) as extraction:
        documents = list(_found(extraction, common))
        reader, clock = extraction.reader, extraction.clock
        _refuse_if_nothing(reader)
        run = Run(
            common.config,
            extraction.identity,
            reader.files,
            reader.refused,
            clock,
            effort=extraction.effort(),
        )
        paths = write(documents, output, config=common.config, run=run, discard_edits=discard_edits)
    header_and_corrections(output, common)
    say(str(next(path for path in paths if path.name == "map.html")))
    return _status(reader, "; see run.json")


@cli.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("-o", "--output", type=PATH, metavar="FILE", help="File to write.")
@reading_options
def extract(common: Common, inputs: tuple[str, ...], output: Path | None) -> int:
    """Write what was found in articles, one JSON object a document."""
    from geomap.engine import Extraction
    from geomap.jsonline import encode

    opened = _replacing(output) if output else _standard_output()
    with opened as file, Extraction(inputs, common.config) as extraction:
        for document in _found(extraction, common):
            file.write(encode(document) + b"\n")
        file.flush()
        _refuse_if_nothing(extraction.reader)
    return _status(extraction.reader)


@cli.command()
@click.argument("text", required=False)
@click.option("--file", "file", type=PATH, metavar="FILE", help="A file with the text.")
@reading_options
def explain(common: Common, text: str | None, file: Path | None) -> int:
    """Show every place name and event of one text, and the reason for each choice."""
    if (text is None) == (file is None):
        raise click.UsageError("Give either TEXT or --file FILE.")
    from geomap.engine import Extraction
    from geomap.explain import explain as explained

    with Extraction([file] if file else [], common.config, text=text) as extraction:
        found = list(_found(extraction, common))
    _refuse_if_nothing(extraction.reader)
    for document in found:
        say(explained(document))
    return _status(extraction.reader)


def _found(extraction: "Extraction", common: Common) -> Iterator[Document]:
    """Yield what is found in articles; say how far it is, and what was found."""
    with progress("articles", quiet=common.quiet, count=extraction.count) as more:
        yield from narrated(extraction.documents(more))


def _refuse_if_nothing(reader: "Reader") -> None:
    if reader.refused and not reader.accepted:
        what = "the input was" if len(reader.refused) == 1 else "every input was"
        raise InputError(f"{what} refused: {reader.summary()}")


def _status(reader: "Reader", where: str = "") -> int:
    if not reader.refused:
        return DONE
    total = reader.accepted + len(reader.refused)
    error_line(f"{len(reader.refused)} of {total} inputs refused{where}: {reader.summary()}")
    return SOME_REFUSED


@contextlib.contextmanager
def _standard_output() -> Iterator[BinaryIO]:
    """Give standard output for bytes."""
    if sys.stdout is None:
        raise ExportError("standard output: it is closed; give a file with -o FILE")
    yield sys.stdout.buffer


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a file that takes its place only when it is whole; a device or pipe is written to."""
    if path.is_dir():
        raise ExportError(f"{path}: cannot be written (it is a folder); give the name of a file")
    special = path.exists() and not path.is_file()
    path = path.resolve() if path.is_file() else path
    part = path if special else path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        if not special:
            part.replace(path)
    except OSError as error:
        if isinstance(error, GeomapError | BrokenPipeError):
            raise
        raise ExportError(f"{path}: cannot be written ({error.strerror})") from None
    finally:
        if not special:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
