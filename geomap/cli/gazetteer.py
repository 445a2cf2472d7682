"""Commands of the gazetteer: build, download, lookup, info."""

import json
from pathlib import Path
from typing import Any

import click
import msgspec

from geomap.cli.root import (
    DONE,
    PATH,
    SOME_REFUSED,
    Common,
    cli,
    open_gazetteer,
    tell,
    with_options,
)
from geomap.config import no_country
from geomap.terminal import error_line, say

__all__ = ["gazetteer"]


@cli.group()
def gazetteer() -> None:
    """Build the gazetteer and ask it."""


_OUTPUT = click.option(
    "-o", "--output", type=PATH, required=True, metavar="FILE", help="Gazetteer file to write."
)


@gazetteer.command()
@click.option("--from", "folder", type=PATH, required=True, metavar="DIR", help="GeoNames files.")
@click.option("--add", multiple=True, type=PATH, metavar="FILE", help="A list of places of yours.")
@click.option(
    "--columns",
    metavar="OURS=THEIRS,...",
    help="What the columns of these lists are called, as name=Village,latitude=Y.",
)
@_OUTPUT
@with_options
def build(
    common: Common, folder: Path, add: tuple[Path, ...], columns: str | None, output: Path
) -> int:
    """Build a gazetteer from GeoNames-format files, and from lists of your own."""
    pairs = [pair.partition("=") for pair in (columns or "").split(",") if pair.strip()]
    mapping = {ours.strip(): theirs.strip() for ours, _, theirs in pairs}
    return _build(common, folder, output, add=add, columns=mapping)


@gazetteer.command()
@click.argument("what", nargs=-1, required=True, metavar="WHAT...")
@click.option("--mirror", metavar="URL", help="Another server of the same layout.")
@_OUTPUT
@with_options
def download(common: Common, what: tuple[str, ...], mirror: str | None, output: Path) -> int:
    """Download GeoNames files and build a gazetteer: cities500, country codes such as AF, all."""
    from geomap.gazetteer import download as fetch

    folder = fetch.download(what, mirror=mirror or fetch.DEFAULT_MIRROR, progress=not common.quiet)
    tell(fetch.LICENCE, common)
    return _build(common, folder, output)


def _build(common: Common, folder: Path, output: Path, **lists: Any) -> int:
    from geomap.gazetteer.folder import build_folder

    built = build_folder(folder, output, progress=not common.quiet, **lists)
    counts = ", ".join(f"{count:,} {kind}" for kind, count in built.counts.items())
    tell(f"{output}: {counts}", common)
    for name in built.unused:
        tell(f"{name}: not used; its columns are those of no format that a gazetteer is "
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
@with_options
def lookup(common: Common, name: str, country: str | None, limit: int, as_json: bool) -> int:
    """Show what the gazetteer knows under a name, best first; other spellings where none has it."""
    known = open_gazetteer(common)
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
        error_line(f"nothing is known under {name[:60]!r}")
    return DONE


@gazetteer.command()
@with_options
def info(common: Common) -> int:
    """Show what is in the gazetteer: counts, sources, dates, licences, size."""
    known = open_gazetteer(common)
    about = {**known.identity(), "file": known.path.name, "bytes": known.path.stat().st_size}
    say(json.dumps(about, ensure_ascii=False, indent=2, default=str))
    return DONE
