"""The command that takes corrections out of an edited file; what the others say of them."""

import json
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geomap.cli.root import DONE, PATH, SOME_REFUSED, Common, cli, tell, with_options
from geomap.terminal import error_line, say

if TYPE_CHECKING:
    from geomap.corrections import Correction

__all__ = ["corrections", "discard_option", "header_and_corrections", "tell_corrections"]

_LINES = 20
"""Lines of one kind that are told; of more their number."""

discard_option = click.option(
    "--discard-edits",
    is_flag=True,
    help="Overwrite edited outputs, though their edits were not taken with geomap corrections.",
)


@cli.command()
@click.argument("edited", type=PATH, metavar="EDITED")
@click.option("--run", "run_folder", type=PATH, metavar="DIR", help="Default: the file's folder.")
@click.option("--who", default="", metavar="NAME", help="Whose corrections; else column reviewer.")
@click.option("--why", default="", metavar="TEXT", help="The reason; else column note.")
@click.option(
    "--undo", is_flag=True, help="Take corrections back where the file has the old value."
)
@with_options
def corrections(
    common: Common, edited: Path, run_folder: Path | None, who: str, why: str, undo: bool
) -> int:
    """Take what was edited in a GeoPackage or CSV into corrections.csv of the run.

    EDITED is events.gpkg or events.csv of a run, or a copy. Every later map, export and report
    puts the corrections onto what it reads.
    """
    from geomap.corrections import FILE, Corrections, Written, append, taken

    folder = edited.parent if run_folder is None else run_folder
    known = Corrections.read(folder)
    found = taken(edited, Written.read(folder), known, who=who, why=why, undo=undo)
    append(folder, found.new)
    _tell_lines([f"taken: {_change(line)}" for line in found.new], common)
    if any(not line.who for line in found.new):
        found.notes.append("some corrections have no name: give --who, or fill the column reviewer")
    _tell_lines([f"note: {line}" for line in found.notes], common)
    _tell_lines([f"kept: {line} (to take it back: --undo)" for line in found.behind], common)
    for line in found.refused:
        error_line(f"not taken: {line}")
    told = f"{len(found.new)} {_plural('correction', len(found.new))} taken"
    told += f", {found.known} known already" if found.known else ""
    tell(told + (f", {len(found.refused)} refused" if found.refused else ""), common)
    if found.new:
        say(str(folder / FILE))
        documents, to = (shlex.quote(str(path)) for path in (folder / "documents.jsonl", folder))
        tell(f"to put them onto every output: geomap export {documents} -o {to}", common)
    return SOME_REFUSED if found.refused else DONE


def tell_corrections(told: Mapping[str, Any] | None, common: Common) -> None:
    """Say what became of the corrections of a run, as its ``run.json`` or table tells it."""
    if not told:
        return
    applied, gone = told["applied"], told["gone"]
    line = f"{applied} {_plural('correction', applied)} applied"
    if gone:
        line += f", {len(gone)} no longer {'applies' if len(gone) == 1 else 'apply'}"
    tell(line, common)
    _tell_lines([f"no longer applies: {one}" for one in gone], common)
    _tell_lines([f"note: {one}" for one in told["notes"]], common)


def header_and_corrections(folder: Path, common: Common) -> None:
    """Say what a run wrote into a folder is, and what became of the corrections there."""
    told = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    tell(told["header"], common)
    tell_corrections(told.get("corrections"), common)


def _tell_lines(lines: Sequence[str], common: Common) -> None:
    for line in lines[:_LINES]:
        tell(line, common)
    if len(lines) > _LINES:
        tell(f"... and {len(lines) - _LINES} more of this kind", common)


def _change(line: "Correction") -> str:
    return f"event {line.event_id}: {line.field} {line.old or '(none)'} becomes " + (
        line.value or "(none)"
    )


def _plural(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"
