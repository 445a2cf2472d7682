"""Commands that write outputs again from extracted documents: export, report."""

from pathlib import Path

import click

from geomap.cli.corrections import discard_option, header_and_corrections, tell_corrections
from geomap.cli.root import DONE, PATH, Common, cli, with_options
from geomap.terminal import say

__all__ = ["export", "report"]

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
)


@cli.command()
@click.argument("documents", type=PATH, metavar="DOCUMENTS.jsonl")
@click.option("-o", "--output", type=PATH, required=True, metavar="DIR", help="Folder to write.")
@click.option(
    "--to",
    "formats",
    multiple=True,
    type=click.Choice(FORMATS),
    help="A format to write; may be given several times. Default: all but figure.pdf.",
)
@discard_option
@with_options
def export(
    common: Common, documents: Path, output: Path, formats: tuple[str, ...], discard_edits: bool
) -> int:
    """Write the outputs again from extracted documents, and corrections.csv beside them."""
    from geomap.corrections import Corrections
    from geomap.export import DEFAULT, run_again, write
    from geomap.export.jsonl import documents_from_jsonl

    read_back = documents_from_jsonl(documents)
    paths = write(
        read_back,
        output,
        formats=formats or None,
        config=common.config,
        run=run_again(documents, formats or DEFAULT),
        corrections=Corrections.read(documents.parent),
        discard_edits=discard_edits,
    )
    for path in paths:
        say(str(path))
    header_and_corrections(output, common)
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
