"""Commands that read articles: map, extract, explain."""

import contextlib
import json
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import click

from geomap.cli.root import (
    DONE,
    PATH,
    SOME_REFUSED,
    Common,
    cli,
    open_pipeline,
    reading_options,
    tell,
)
from geomap.config import Config
from geomap.errors import ExportError, GeomapError, InputError
from geomap.language import model_language
from geomap.model import Document
from geomap.reading import Piece, Reader, article
from geomap.terminal import error_line, progress, say

__all__ = ["explain", "extract", "map_command"]


@cli.command("map")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("-o", "--output", type=PATH, required=True, metavar="DIR", help="Folder to write.")
@reading_options
def map_command(common: Common, inputs: tuple[str, ...], output: Path) -> int:
    """Make a map and its files of articles.

    INPUT is a .txt, .md, .html, .jsonl, .csv, .parquet, .rss, .atom, .xml or .warc file, packed
    (.gz, .zst) or not, a folder of them, a quoted pattern such as "news/*.jsonl.gz", or - for
    standard input.
    """
    from geomap.export import Run, check_folder, write

    check_folder(output)
    started = time.perf_counter()
    reader = _reader(inputs, common.config)
    pipeline = open_pipeline(common.config)
    loaded = time.perf_counter()
    documents = list(_found(reader.documents(), pipeline, common))
    _refuse_if_nothing(reader)
    timings = {"load": loaded - started, "extract": time.perf_counter() - loaded}
    run = Run(common.config, pipeline.identity(), reader.files, reader.refused, timings)
    paths = write(documents, output, config=common.config, run=run)
    tell(json.loads((output / "run.json").read_text(encoding="utf-8"))["header"], common)
    say(str(next(path for path in paths if path.name == "map.html")))
    return _status(reader, "; see run.json")


@cli.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("-o", "--output", type=PATH, metavar="FILE", help="File to write.")
@reading_options
def extract(common: Common, inputs: tuple[str, ...], output: Path | None) -> int:
    """Write what was found in articles, one JSON object a document."""
    from geomap.export.jsonl import encode

    with _replacing(output) if output else _standard_output() as file:
        reader = _reader(inputs, common.config)
        for document in _found(reader.documents(), open_pipeline(common.config), common):
            file.write(encode(document) + b"\n")
        file.flush()
        _refuse_if_nothing(reader)
    return _status(reader)


@cli.command()
@click.argument("text", required=False)
@click.option("--file", "file", type=PATH, metavar="FILE", help="A file with the text.")
@reading_options
def explain(common: Common, text: str | None, file: Path | None) -> int:
    """Show every place name and event of one text, and the reason for each choice."""
    if (text is None) == (file is None):
        raise click.UsageError("Give either TEXT or --file FILE.")
    reader = _reader([file] if file else [], common.config)
    documents = reader.documents() if file else _given(text or "", reader)
    found = list(_found(documents, open_pipeline(common.config), common))
    _refuse_if_nothing(reader)
    from geomap.explain import explain as explained

    for document in found:
        say(explained(document))
    return _status(reader)


def _found(articles: Iterator[Document], pipeline: Any, common: Common) -> Iterator[Document]:
    """Yield what the pipeline finds in articles; say how far it is, and what it found."""
    from geomap.narrate import narrated

    documents = narrated(pipeline.run(articles))
    return progress(documents, unit="articles", quiet=common.quiet)


def _reader(inputs: Iterable[str | Path], config: Config) -> Reader:
    return Reader(inputs, published=config.published, language=model_language(config.model))


def _given(text: str, reader: Reader) -> Iterator[Document]:
    """Yield the document of a text that stands on the command line, if it is one."""
    document = reader.settle(reader.finish(Piece("TEXT", article("text", text))))
    return iter([document] if isinstance(document, Document) else [])


def _refuse_if_nothing(reader: Reader) -> None:
    if reader.refused and not reader.accepted:
        what = "the input was" if len(reader.refused) == 1 else "every input was"
        raise InputError(f"{what} refused: {reader.summary()}")


def _status(reader: Reader, where: str = "") -> int:
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
