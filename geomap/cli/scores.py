"""The command that scores: evaluate."""

import json
from pathlib import Path
from typing import Any

import click

from geomap.cli.root import DONE, PATH, Common, cli, open_pipeline, reading_options
from geomap.terminal import say

__all__ = ["evaluate"]


@cli.command()
@click.argument("corpus", type=PATH)
@click.option(
    "--format",
    "form",
    type=click.Choice(["lgl", "trnews", "gwn", "geovirus"]),
    required=True,
    help="The format of the corpus.",
)
@click.option("--json", "as_json", is_flag=True, help="All figures and errors as JSON.")
@reading_options
def evaluate(common: Common, corpus: Path, form: Any, as_json: bool) -> int:
    """Score the geoparser on a gold corpus of place names."""
    from geomap.evaluate import evaluate as run
    from geomap.evaluate import read_corpus, tables

    pipeline = open_pipeline(common.config)
    report = run(read_corpus(corpus, form), pipeline)
    if as_json:
        say(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        for line in tables(report):
            say(line)
    return DONE
