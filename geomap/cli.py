"""The command line: each command parses, makes one call, and prints the result.

Results go to standard output, everything else to standard error. Exit status: 0 done; 1 an error,
said in one line, or every input refused; 2 wrong usage; 3 done, but some inputs were refused.
"""

import contextlib
import dataclasses
import functools
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import click
import msgspec

from geomap._version import __version__
from geomap.config import Config, load_config, no_country
from geomap.errors import ExportError, GeomapError, InputError, NotYetError
from geomap.model import Document
from geomap.reading import Reader
from geomap.terminal import error_line, forget_output, progress, say, set_up_log

__all__ = ["cli", "main"]

DONE, FAILED, USAGE, SOME_REFUSED = 0, 1, 2, 3
FORMATS = (
    "html",
    "geojson",
    "gpkg",
    "csv",
    "jsonl",
    "figure",
    "figure.svg",
    "figure.png",
    "figure.pdf",
)
LATER_FORMATS = ("qgz",)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit status."""
    try:
        status = cli.main(arguments, prog_name="geomap", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.UsageError as error:
        _wrong_usage(error)
        return USAGE
    except click.exceptions.Exit as exit_:
        return int(exit_.exit_code)
    except (click.Abort, KeyboardInterrupt):
        error_line("interrupted")
        return 130
    except BrokenPipeError:
        # Whoever read the results has enough of them.
        forget_output()
        return FAILED
    except (GeomapError, click.ClickException) as error:
        message = error.message if isinstance(error, click.ClickException) else str(error)
        error_line(f"error: {message}")
        return FAILED
    except OSError as error:
        forget_output()
        # Files are looked after where they are read and written; what is left is what is printed.
        where = error.filename or "standard output: cannot be written"
        error_line(f"error: {where} ({error.strerror or error})")
        return FAILED
    return status if isinstance(status, int) else DONE


def _wrong_usage(error: click.UsageError) -> None:
    """Say what is wrong in one line; a bare group of commands shows its help."""
    if isinstance(error, getattr(click.exceptions, "NoArgsIsHelpError", ())):
        error.show(sys.stderr)
        return
    command = error.ctx.command_path if error.ctx else "geomap"
    message = " ".join(error.format_message().split()).rstrip(".")
    error_line(f"error: {message}; see '{command} --help'")


@dataclasses.dataclass(frozen=True, slots=True)
class _Common:
    """The common options of one call."""

    config: Config
    quiet: bool


def _common(
    command: Callable[..., int], more: tuple[Callable[..., Any], ...] = ()
) -> Callable[..., int]:
    """Add the common options, and more of the configuration, as one value."""
    names = _CONFIGURED if not more else (*_CONFIGURED, "country")

    @functools.wraps(command)
    def wrapped(**given: Any) -> int:
        quiet = given.pop("quiet")
        set_up_log(given.pop("verbose"), quiet=quiet)
        file = given.pop("config")
        config = load_config(file) if file else Config()
        options = {name: given.pop(name) for name in names}
        config = dataclasses.replace(config, **{k: v for k, v in options.items() if v is not None})
        return command(_Common(config, quiet), **given)

    for option in reversed((*_OPTIONS, *more)):
        wrapped = option(wrapped)
    return wrapped


def _reading(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options of a command that reads articles."""
    return _common(command, (_COUNTRY,))


_PATH = click.Path(path_type=Path)
_OPTIONS = (
    click.option("--gazetteer", type=_PATH, metavar="FILE", help="A gazetteer file."),
    click.option("--model", metavar="NAME", help="An installed spaCy pipeline."),
    click.option("--config", type=_PATH, metavar="FILE", help="A geomap.toml."),
    click.option("--published", metavar="DATE", help="Date of inputs that carry none."),
    click.option("--toponyms", metavar="HOW", help="How place names are read: rules or trained."),
    click.option("--tiles", metavar="NAME", help="Online tiles under the map (xyzservices)."),
    click.option("--workers", type=int, metavar="N", help="Processes."),
    click.option("-v", "--verbose", count=True, help="Say more; twice for every choice."),
    click.option("-q", "--quiet", is_flag=True, help="Say errors only."),
)
_COUNTRY = click.option(
    "--country", metavar="CC", help="Country the articles are about, as AF: likelier, not alone."
)
_CONFIGURED = ("gazetteer", "model", "published", "toponyms", "workers", "tiles")
_HELP = {"help_option_names": ["-h", "--help"]}


@click.group(context_settings=_HELP)
@click.version_option(__version__, message="geomap %(version)s")
def cli() -> None:
    """News articles in, a map of what happened where out."""


@cli.command("map")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("-o", "--output", type=_PATH, required=True, metavar="DIR", help="Folder to write.")
@_reading
def map_command(common: _Common, inputs: tuple[str, ...], output: Path) -> int:
    """Make a map and its files of articles.

    INPUT is a .txt, .md, .html, .jsonl or .csv file, a folder of them, or - for standard input.
    """
    from geomap.export import Run, check_folder, write

    check_folder(output)
    started = time.perf_counter()
    reader = Reader(inputs, published=common.config.published)
    pipeline = _pipeline(common.config)
    loaded = time.perf_counter()
    documents = list(_found(reader.documents(), pipeline, common))
    _refuse_if_nothing(reader)
    timings = {"load": loaded - started, "extract": time.perf_counter() - loaded}
    run = Run(common.config, pipeline.identity(), reader.files, reader.refused, timings)
    paths = write(documents, output, config=common.config, run=run)
    _report(json.loads((output / "run.json").read_text(encoding="utf-8"))["header"], common)
    say(str(next(path for path in paths if path.name == "map.html")))
    return _status(reader, "; see run.json")


@cli.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("-o", "--output", type=_PATH, metavar="FILE", help="File to write.")
@_reading
def extract(common: _Common, inputs: tuple[str, ...], output: Path | None) -> int:
    """Write what was found in articles, one JSON object a document."""
    from geomap.export.jsonl import encode

    with _replacing(output) if output else _standard_output() as file:
        reader = Reader(inputs, published=common.config.published)
        for document in _found(reader.documents(), _pipeline(common.config), common):
            file.write(encode(document) + b"\n")
        file.flush()
        _refuse_if_nothing(reader)
    return _status(reader)


@cli.command()
@click.argument("text", required=False)
@click.option("--file", "file", type=_PATH, metavar="FILE", help="A file with the text.")
@_reading
def explain(common: _Common, text: str | None, file: Path | None) -> int:
    """Show every place name and event of one text, and the reason for each choice."""
    if (text is None) == (file is None):
        raise click.UsageError("Give either TEXT or --file FILE.")
    reader = Reader([file] if file else [], published=common.config.published)
    documents = reader.documents() if file else iter([_given(text or "", common.config)])
    found = list(_found(documents, _pipeline(common.config), common))
    _refuse_if_nothing(reader)
    from geomap.explain import explain as explained

    for document in found:
        say(explained(document))
    return _status(reader)


@cli.command()
@click.argument("documents", type=_PATH, metavar="DOCUMENTS.jsonl")
@click.option("-o", "--output", type=_PATH, required=True, metavar="DIR", help="Folder to write.")
@click.option(
    "--to",
    "formats",
    multiple=True,
    type=click.Choice([*FORMATS, *LATER_FORMATS]),
    help="A format to write; may be given several times. Default: all but figure.pdf.",
)
@_common
def export(common: _Common, documents: Path, output: Path, formats: tuple[str, ...]) -> int:
    """Write the outputs again from extracted documents."""
    later = [name for name in formats if name in LATER_FORMATS]
    if later:
        _not_yet(f"export --to {later[0]}", f"allowed: {', '.join(FORMATS)}")
    from geomap.export import DEFAULT, run_again, write
    from geomap.export.jsonl import documents_from_jsonl

    read_back = documents_from_jsonl(documents)
    run = run_again(documents, formats or DEFAULT)
    for path in write(read_back, output, formats=formats or None, config=common.config, run=run):
        say(str(path))
    return DONE


@cli.command()
@click.argument("documents", type=_PATH, metavar="DOCUMENTS.jsonl")
@click.option(
    "-o", "--output", type=_PATH, required=True, metavar="FILE", help="A .docx, .md or .html file."
)
@click.option("--title", metavar="TEXT", help="Title; default: one that names the days.")
@_common
def report(common: _Common, documents: Path, output: Path, title: str | None) -> int:
    """Write a short report of extracted documents: figure, table with sources, method, licences."""
    from geomap.export.jsonl import documents_from_jsonl
    from geomap.report import report_of, write_report

    found = report_of(documents_from_jsonl(documents), common.config, title)
    for path in write_report(found, output):
        say(str(path))
    return DONE


@cli.group()
def gazetteer() -> None:
    """Build the gazetteer and ask it."""


_OUTPUT = click.option(
    "-o", "--output", type=_PATH, required=True, metavar="FILE", help="Gazetteer file to write."
)


@gazetteer.command()
@click.option("--from", "folder", type=_PATH, required=True, metavar="DIR", help="GeoNames files.")
@click.option("--add", multiple=True, type=_PATH, metavar="FILE", help="A list of places of yours.")
@click.option(
    "--columns",
    metavar="OURS=THEIRS,...",
    help="What the columns of these lists are called, as name=Village,latitude=Y.",
)
@_OUTPUT
@_common
def build(
    common: _Common, folder: Path, add: tuple[Path, ...], columns: str | None, output: Path
) -> int:
    """Build a gazetteer from GeoNames-format files, and from lists of your own."""
    pairs = [pair.partition("=") for pair in (columns or "").split(",") if pair.strip()]
    mapping = {ours.strip(): theirs.strip() for ours, _, theirs in pairs}
    return _build(common, folder, output, add=add, columns=mapping)


@gazetteer.command()
@click.argument("what", nargs=-1, required=True, metavar="WHAT...")
@click.option("--mirror", metavar="URL", help="Another server of the same layout.")
@_OUTPUT
@_common
def download(common: _Common, what: tuple[str, ...], mirror: str | None, output: Path) -> int:
    """Download GeoNames files and build a gazetteer: cities500, country codes such as AF, all."""
    from geomap.gazetteer import download as fetch

    folder = fetch.download(what, mirror=mirror or fetch.DEFAULT_MIRROR, progress=not common.quiet)
    _report(fetch.LICENCE, common)
    return _build(common, folder, output)


def _build(common: _Common, folder: Path, output: Path, **lists: Any) -> int:
    from geomap.gazetteer.folder import build_folder

    built = build_folder(folder, output, progress=not common.quiet, **lists)
    counts = ", ".join(f"{count:,} {kind}" for kind, count in built.counts.items())
    _report(f"{output}: {counts}", common)
    for name in built.unused:
        _report(f"{name}: not used; its columns are those of no format that a gazetteer is "
                "built from", common)  # fmt: skip
    for line in (*built.rejected.files, *built.rejected.first):
        error_line(line)
    if more := len(built.rejected) - len(built.rejected.first):
        error_line(f"and {more} more rows; reasons and counts are in `geomap gazetteer info`")
    say(str(output))
    return SOME_REFUSED if built.rejected.files else DONE


@gazetteer.command()
@click.argument("name")
@click.option("--country", metavar="CC", help="Two-letter code of a country.")
@click.option("--limit", type=click.IntRange(min=1), default=10, show_default=True, metavar="N")
@click.option("--json", "as_json", is_flag=True, help="An array of place objects.")
@_common
def lookup(common: _Common, name: str, country: str | None, limit: int, as_json: bool) -> int:
    """Show what the gazetteer knows under a name, best first; other spellings where none has it."""
    known = _gazetteer(common)
    if country is not None and known.country(country) is None:
        raise no_country(country)
    matches = known.lookup(name, country=country, fuzzy=True)[:limit]
    if as_json:
        places = [
            {
                **msgspec.structs.asdict(match.entry.place),
                "match": match.match,
                "matched_name": match.name,
                "distance": match.distance,
                "sources": known.sources_of(match.entry),
            }
            for match in matches
        ]
        say(json.dumps(places, ensure_ascii=False, indent=2))
        return DONE
    for match in matches:
        place = match.entry.place
        where = ", ".join(part for part in (place.admin2, place.admin1, place.country) if part)
        point = (
            f"{place.latitude:.4f} {place.longitude:.4f}"
            if place.latitude is not None and place.longitude is not None
            else "no point"
        )
        how = match.match if match.match == "exact" else f"{match.match} of {match.name}"
        say(f"{place.name} ({where})  {place.feature_code or '-'}  {point}  {place.id}  {how}")
    if not matches and not common.quiet:
        error_line(f"nothing is known under {name!r}")
    return DONE


@gazetteer.command()
@_common
def info(common: _Common) -> int:
    """Show what is in the gazetteer: counts, sources, dates, licences, size."""
    known = _gazetteer(common)
    about = {**known.identity(), "file": known.path.name, "bytes": known.path.stat().st_size}
    say(json.dumps(about, ensure_ascii=False, indent=2, default=str))
    return DONE


@cli.command()
@click.argument("corpus", type=_PATH)
@click.option(
    "--format",
    "form",
    type=click.Choice(["lgl", "trnews", "gwn", "geovirus"]),
    required=True,
    help="The format of the corpus.",
)
@click.option("--json", "as_json", is_flag=True, help="All figures and errors as JSON.")
@_reading
def evaluate(common: _Common, corpus: Path, form: Any, as_json: bool) -> int:
    """Score the geoparser on a gold corpus of place names."""
    from geomap.evaluate import evaluate as run
    from geomap.evaluate import read_corpus, tables

    pipeline = _pipeline(common.config)
    report = run(read_corpus(corpus, form), pipeline)
    if as_json:
        say(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        for line in tables(report):
            say(line)
    return DONE


def _later(group: click.Group, name: str, what: str) -> None:
    """Add a command that the interface names and this version does not have."""

    def command(arguments: tuple[str, ...]) -> NoReturn:
        _not_yet(f"{click.get_current_context().command_path.removeprefix('geomap ')}", what)

    command.__doc__ = f"(Not in this version.) {what}"
    argument = click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    settings = {"ignore_unknown_options": True}
    group.command(name, context_settings=settings)(argument(command))


_later(cli, "corrections", "compare an edited output with the run")


# --- what the commands share -----------------------------------------------------------------


def _not_yet(name: str, detail: str) -> NoReturn:
    raise NotYetError(f"{name}: not in this version, geomap {__version__} ({detail})")


def _pipeline(config: Config) -> Any:
    from geomap.pipeline import Pipeline

    return Pipeline(config)


def _gazetteer(common: _Common) -> Any:
    from geomap.gazetteer import Gazetteer

    return Gazetteer.open(common.config.gazetteer)


def _found(articles: Iterator[Document], pipeline: Any, common: _Common) -> Iterator[Document]:
    """Yield what the pipeline finds in articles; say how far it is, and what it found."""
    from geomap.narrate import narrated

    documents = narrated(pipeline.run(articles))
    return progress(documents, unit="articles", quiet=common.quiet)


def _given(text: str, config: Config) -> Document:
    if not text.strip():
        raise InputError("the text is empty; give a sentence or --file FILE")
    clean = text.encode("utf-8", "replace").decode("utf-8")
    basis = "given" if config.published else None
    return Document(
        id="text",
        text=clean,
        published=config.published,
        published_basis=basis,  # type: ignore[arg-type]
    )


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


def _report(line: str, common: _Common) -> None:
    if not common.quiet:
        error_line(line)


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
