"""Commands that write outputs again from extracted documents: export, report."""

from pathlib import Path

import click

from geomap.cli.corrections import discard_option, header_and_corrections, tell_corrections
from geomap.cli.root import DONE, PATH, Common, cli, with_options
from geomap.terminal import say

__all__ = ["embed", "export", "report"]

FORMATS = (
    "html",
    "geojson",
    "gpkg",
    "qgz",
    "csv",
    "jsonl",
    "figure",
    "figure.svg",
    "figure.png",
    "figure.pdf",
    "parquet",
    "acled",
    "plover",
    "postgis",
)
EMBEDDED = ("picture", "iframe", "sandbox", "srcdoc", "markdown", "quarto", "wordpress")
DATABASES = ("postgresql://", "postgres://")


@cli.command()
@click.argument("documents", type=PATH, metavar="DOCUMENTS.jsonl")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="DIR",
    help="Folder to write; for postgis the database, as postgresql://USER@HOST/NAME.",
)
@click.option(
    "--to",
    "formats",
    multiple=True,
    type=click.Choice(FORMATS),
    help="A format to write; may be given several times. Default: those of geomap map.",
)
@discard_option
@with_options
def export(
    common: Common, documents: Path, output: str, formats: tuple[str, ...], discard_edits: bool
) -> int:
    """Write the outputs again from extracted documents, and corrections.csv beside them."""
    from geomap.corrections import Corrections
    from geomap.export import DEFAULT, run_again, write
    from geomap.export.jsonl import documents_from_jsonl

    database = output.startswith(DATABASES)
    if database and formats not in ((), ("postgis",)):
        raise click.UsageError("A database takes --to postgis alone; give -o DIR for files.")
    if "postgis" in formats and not database:
        raise click.UsageError("--to postgis needs -o postgresql://USER@HOST/NAME.")
    read_back = documents_from_jsonl(documents)
    known = Corrections.read(documents.parent)
    if database:
        from geomap.export.postgis import to_postgis

        for table in to_postgis(read_back, output, config=common.config, corrections=known):
            say(table)
        return DONE
    paths = write(
        read_back,
        output,
        formats=formats or None,
        config=common.config,
        run=run_again(documents, formats or DEFAULT),
        corrections=known,
        discard_edits=discard_edits,
    )
    for path in paths:
        say(str(path))
    header_and_corrections(Path(output), common)
    return DONE


@cli.command()
@click.argument("documents", type=PATH, metavar="DOCUMENTS.jsonl")
@click.option(
    "-o", "--output", type=PATH, required=True, metavar="FILE", help="A .docx, .pdf, .md or .html."
)
@click.option("--title", metavar="TEXT", help="Title; default: one that names the days.")
@with_options
def report(common: Common, documents: Path, output: Path, title: str | None) -> int:
    """Write a short report of extracted documents: figure, table with sources, method, licences."""
    from geomap.corrections import Corrections
    from geomap.export.jsonl import documents_from_jsonl
    from geomap.report import report_of, write_report

    known = Corrections.read(documents.parent)
    found = report_of(documents_from_jsonl(documents), common.config, title, known)
    tell_corrections(found.corrections, common)
    for path in write_report(found, output):
        say(str(path))
    return DONE


@cli.command()
@click.argument("folder", type=PATH, metavar="DIR")
@click.option("--url", metavar="URL", help="Where the files will lie; default: beside the page.")
@click.option("--as", "kind", type=click.Choice(EMBEDDED), help="One piece of code alone.")
@click.option(
    "--height", type=click.IntRange(120, 4000), default=560, help="Of a frame, in pixels."
)
@with_options
def embed(common: Common, folder: Path, url: str | None, kind: str | None, height: int) -> int:
    """Print code that shows the map of a run in other pages; DIR is what geomap map wrote."""
    from geomap.embed import Embedded, described, snippet

    shown = Embedded.of(folder, url)
    if kind is not None:
        say(snippet(shown, kind, height=height))
        return DONE
    for name in EMBEDDED:
        say(f"<!-- {described(shown, name)} -->")
        if name != "srcdoc":
            say(snippet(shown, name, height=height) + "\n")
    return DONE
