"""Writing the outputs: one file a format, one entry in :data:`WRITERS`.

A writer is called with the :class:`~geomap.export.results.Results` and a folder, and returns the
names of the files it wrote there. :func:`write` collects them in a hidden folder first and puts
them in place one by one when all are whole; if it is killed meanwhile, the next call goes on. What
analysts corrected, in ``corrections.csv``, is in all of them.
"""

import logging
import shlex
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from pathlib import Path

from geomap.config import Config
from geomap.corrections import EDITABLE, Corrections, Written, append, untaken
from geomap.errors import ConfigError, ExportError, InputError
from geomap.export import figure, geojson, gpkg, jsonl, page, parquet, run, table, views
from geomap.export.qgis import project
from geomap.export.results import Results
from geomap.export.run import Run, run_again
from geomap.model import Document

__all__ = [
    "DEFAULT",
    "OUTPUTS",
    "WRITERS",
    "Results",
    "Run",
    "Writer",
    "check_folder",
    "run_again",
    "write",
]

log = logging.getLogger(__name__)
_PLACING = ".geomap.placing"
"""The folder of files that are all whole, on the way to their places."""

Writer = Callable[[Results, Path], list[str]]

WRITERS: dict[str, Writer] = {
    "html": page.write,
    "geojson": geojson.write,
    "gpkg": gpkg.write,
    "qgz": project.write,
    "csv": table.write,
    "jsonl": jsonl.write,
    "figure": figure.writer("svg", "png"),
    "figure.svg": figure.writer("svg"),
    "figure.png": figure.writer("png"),
    "figure.pdf": figure.writer("pdf"),
    "parquet": parquet.write,
    "acled": views.writer("acled"),
    "plover": views.writer("plover"),
}

DEFAULT = ("html", "geojson", "gpkg", "qgz", "csv", "jsonl", "figure")
"""The formats of a run that asks for none."""

OUTPUTS: dict[str, tuple[str, ...]] = {
    "html": page.FILES,
    "geojson": (*geojson.FILES, *geojson.STYLES),
    "gpkg": gpkg.FILES,
    "qgz": project.FILES,
    "csv": table.FILES,
    "jsonl": jsonl.FILES,
    "figure": tuple(figure.FILES.values()),
    "figure.svg": (figure.FILES["svg"],),
    "figure.png": (figure.FILES["png"],),
    "figure.pdf": (figure.FILES["pdf"],),
    "parquet": parquet.FILES,
    "acled": (views.FILES["acled"],),
    "plover": (views.FILES["plover"],),
}
"""The files that each format may write; one that a run does not write again is removed."""


def write(
    documents: Iterable[Document],
    folder: str | Path,
    *,
    formats: Iterable[str] | None = None,
    config: Config | None = None,
    run: Run | None = None,
    corrections: Corrections | None = None,
    discard_edits: bool = False,
) -> list[Path]:
    """Write the outputs of a run into a folder.

    Parameters
    ----------
    documents
        Documents with their events.
    folder
        Where to; made if it is not there. Other files in it stay as they are.
    formats
        Names of :data:`WRITERS`; None for those of :data:`DEFAULT`.
    config
        The options of the run, for ``run.json``.
    run
        What else ``run.json`` and ``timings.json`` tell: inputs, refused inputs, identities, times.
    corrections
        More corrections; those that the folder lacks are put at the end of its own.
    discard_edits
        Whether files that were edited since the last run, and whose edits are not in
        ``corrections.csv``, are overwritten.

    Returns
    -------
    list of pathlib.Path
        The files written.

    Raises
    ------
    ConfigError
        If a format does not exist.
    InputError
        If the corrections in the folder cannot be read.
    ExportError
        If the folder or a file in it cannot be written, or holds edits that would be lost.
    """
    names = list(DEFAULT) if formats is None else list(dict.fromkeys(formats))
    for name in names:
        if name not in WRITERS:
            raise ConfigError(f"format: {name!r} is not known; allowed: {', '.join(WRITERS)}")
    target = check_folder(folder, formats=names, discard_edits=discard_edits)
    own = Corrections.read(target)
    known = own.with_others(corrections or Corrections())
    record = run or Run(config=config)
    with record.clock.stage("frame"):
        results = Results.of(documents, config, known)
    try:
        append(target, known.lines[len(own.lines) :])
        return _write_all(results, target, names, record)
    except (OSError, RuntimeError) as error:
        if isinstance(error, ExportError):
            raise
        raise ExportError(f"{folder}: cannot be written ({_reason(error)})") from error


def check_folder(
    folder: str | Path, *, formats: Iterable[str] = DEFAULT, discard_edits: bool = False
) -> Path:
    """Make the folder for the outputs, and be sure before the work begins that it can be written.

    Raises
    ------
    ExportError
        If it cannot, or a file that the formats write was edited and that is not taken yet.
    """
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=target):
            pass
        _place(target)
    except (OSError, ValueError) as error:
        raise ExportError(
            f"{folder}: no folder that can be written ({_reason(error)}); choose another"
        ) from None
    if not discard_edits:
        _keep_edits(target, [name for format_ in formats for name in OUTPUTS.get(format_, ())])
    return target


def _keep_edits(target: Path, names: Sequence[str]) -> None:
    """Stop before a file is overwritten that holds edits of an analyst which were not taken."""
    again = "or lose what was edited there, with --discard-edits"
    known = Corrections.read(target)
    try:
        for name in untaken(target, names, known):
            raise ExportError(
                f"{target / name}: edited since the last run, and that is not in corrections.csv "
                f"yet; take it: geomap corrections {shlex.quote(str(target / name))}; {again}"
            )
    except InputError as error:
        raise ExportError(f"an output was edited since the last run. {error}; {again}") from None


def _write_all(results: Results, target: Path, names: list[str], record: Run) -> list[Path]:
    staging = Path(tempfile.mkdtemp(prefix=".geomap-", dir=target))
    try:
        written = []
        for format_ in names:
            with record.clock.stage(f"write {format_}"):
                written += WRITERS[format_](results, staging)
        written += run.write(results, record, staging, run.outputs_of(target, written))
        written = list(dict.fromkeys(written))
        _set_aside(target, [name for name in written if name not in EDITABLE])
        staging.rename(target / _PLACING)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    _place(target)
    stale = {name for format_ in names for name in OUTPUTS[format_]} - set(written)
    for name in stale:
        (target / name).unlink(missing_ok=True)
    return [target / name for name in written]


def _place(target: Path) -> None:
    """Put files that are whole in their places: of this run, or of one killed while it did so."""
    placing = target / _PLACING
    if placing.is_dir():
        for path in sorted(placing.iterdir(), key=lambda path: (path.name in run.FILES, path)):
            path.replace(target / path.name)
            (target / f"{path.name}-wal").unlink(missing_ok=True)
        placing.rmdir()


def _set_aside(target: Path, names: Sequence[str]) -> None:
    """Keep outputs that somebody changed by hand under another name."""
    for name in names:
        path = target / name
        if Written.changed(target, name):
            kept = (path.with_name(f"{path.stem}.edited-{n}{path.suffix}") for n in count(1))
            aside = next(other for other in kept if not other.exists())
            path.replace(aside)
            log.warning("%s was changed since the last run: kept as %s", path, aside.name)


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error).splitlines()[0]
