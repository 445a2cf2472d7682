"""What a run folder holds, in words: the command info."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from geomap.cli.root import DONE, PATH, Common, cli, with_options
from geomap.errors import InputError
from geomap.terminal import say

__all__ = ["info"]

_RUN, _TIMINGS = "run.json", "timings.json"
_REFUSED_SHOWN = 20
_WIDTH = 11


@cli.command()
@click.argument("run", type=PATH, metavar="RUN")
@with_options
def info(common: Common, run: Path) -> int:
    """Summarise a run: what was read and refused, what was found, by what, and how long it took.

    RUN is a folder that geomap map or geomap export wrote.
    """
    told = _read(run / _RUN)
    times = _read(run / _TIMINGS) if (run / _TIMINGS).is_file() else {}
    try:
        lines = [*_made(told), *_found(told), *_took(times, told), *_files(run), *_refused(told)]
    except (AttributeError, KeyError, TypeError, ValueError):
        raise InputError(
            f"{run / _RUN}: it does not tell what a run.json of geomap tells; give the folder that "
            "geomap map wrote"
        ) from None
    say("\n".join(lines))
    return DONE


def _read(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise InputError(
            f"{path.parent}: no run lies there (it has no {path.name}); give the folder that "
            "geomap map wrote"
        ) from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    except (ValueError, RecursionError):
        raise InputError(f"{path}: is no JSON") from None
    if not isinstance(told, dict):
        raise InputError(f"{path}: is no JSON object")
    return told


def _line(name: str, value: str) -> str:
    return f"{name:{_WIDTH}}{value}"


def _made(told: Mapping[str, Any]) -> Iterator[str]:
    """Say what made the run."""
    yield _line("geomap", str(told["geomap"]))
    identity = told["identity"]
    if identity is None:
        yield _line("made by", f"not known: {told['not_known']['identity']}")
        return
    model, gazetteer = identity["model"], identity["gazetteer"]
    yield _line("model", f"{model['name']} {model.get('package')} ({model.get('pipeline')})")
    places = sum(n for kind, n in gazetteer.get("counts", {}).items() if kind != "names")
    yield _line(
        "gazetteer",
        f"{gazetteer.get('name')} {gazetteer.get('version')}, {places:,} places, "
        f"{str(gazetteer.get('hash'))[:19]}",
    )
    options = {name: value for name, value in (told["options"] or {}).items() if value is not None}
    options.pop("model", None)
    yield _line("options", ", ".join(f"{name} {value}" for name, value in options.items()))


def _found(told: Mapping[str, Any]) -> Iterator[str]:
    """Say what was read and found, stage by stage."""
    counts = told["counts"]
    files = f" in {counts['files']:,} files" if counts.get("files") is not None else ""
    yield _line(
        "read",
        f"{counts['documents']:,} articles{files}, {counts['refused']:,} refused, "
        f"{len(told['warnings']):,} warnings",
    )
    yield _line("toponyms", f"{counts['toponyms']:,}, {counts['resolved']:,} with a place")
    yield _line(
        "events",
        f"{counts['events']:,} in {counts['mentions']:,} mentions; {counts['drawn']:,} drawn, "
        f"{counts['listed']:,} listed",
    )
    for name in ("by_class", "by_status"):
        most = sorted(counts[name].items(), key=lambda pair: (-pair[1], pair[0]))
        yield _line("", ", ".join(f"{kind} {count:,}" for kind, count in most))


def _took(times: Mapping[str, Any], told: Mapping[str, Any]) -> Iterator[str]:
    """Say how long the stages took."""
    seconds = dict(times.get("seconds", {}))
    if not seconds:
        return
    whole = seconds.pop("all", sum(seconds.values()))
    parts = ", ".join(f"{name} {value:.1f}" for name, value in seconds.items() if value >= 0.05)
    yield _line("seconds", f"{whole:.1f}: {parts}")
    if work := times.get("work"):
        parts = ", ".join(f"{name} {value:.1f}" for name, value in work.items())
        yield _line("", f"of work, by {_plural(times['workers'], 'process', 'processes')}: {parts}")
    if articles := times.get("articles"):
        reading = sum(seconds.get(stage, 0.0) for stage in ("read", "wait", "link"))
        rate = f"{told['counts']['documents'] / reading:.1f} a second; " if reading else ""
        yield _line(
            "articles", f"{rate}{articles['read']:,} read, {articles['kept']:,} known already"
        )


def _files(run: Path) -> Iterator[str]:
    """Name the files with their sizes."""
    sizes = {p.name: p.stat().st_size for p in sorted(run.iterdir()) if p.is_file()}
    listed = [f"{name} ({size / 1024:,.0f} kB)" for name, size in sizes.items()]
    yield _line("files", ", ".join(listed))


def _refused(told: Mapping[str, Any]) -> Iterator[str]:
    """Name what was refused, with the reasons."""
    refused = told["refused"]
    for at, one in enumerate(refused[:_REFUSED_SHOWN]):
        yield _line("" if at else "refused", f"{one['name']}: {one['reason']}")
    if more := len(refused[_REFUSED_SHOWN:]):
        yield _line("", f"and {more:,} more; all are in {_RUN}")


def _plural(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
