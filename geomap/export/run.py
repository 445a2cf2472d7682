"""``run.json`` says what was run on what; ``timings.json`` alone differs between two equal runs."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geomap._version import __version__
from geomap.clock import Clock
from geomap.config import Config
from geomap.corrections.written import BASE, EDITABLE
from geomap.digest import sha256
from geomap.export.results import Results
from geomap.model import Document, Origin
from geomap.reading import InputFile, Refused

__all__ = ["FILES", "Run", "outputs_of", "run_again", "write"]

FILES = ("run.json", "timings.json")
_NOT_TOLD = "the documents were given as values, without telling how they were made"


@dataclass(frozen=True)
class Run:
    """What a run knows beside its documents; None is what it does not know.

    Parameters
    ----------
    config
        The options.
    identity
        The gazetteer and the model, as the pipeline names them.
    inputs, refused
        The files that were read, and what of them was refused.
    clock
        Is told how long it takes to ``write`` each format, and has told by stage what went before.
    formats
        The formats that were asked for.
    source
        What the run that made the documents tells of itself, if they were read back.
    not_known
        Why something is None, by its name.
    effort
        What else hangs on the machine, for ``timings.json``: processes, articles that were kept.
    """

    config: Config | None = None
    identity: Mapping[str, Any] | None = None
    inputs: Sequence[InputFile] | None = None
    refused: Sequence[Refused] = ()
    clock: Clock = field(default_factory=Clock)
    formats: Sequence[str] | None = None
    source: Mapping[str, Any] | None = None
    not_known: Mapping[str, str] = field(default_factory=dict)
    effort: Mapping[str, Any] = field(default_factory=dict)


def write(
    results: Results, run: Run, folder: Path, outputs: Mapping[str, str] | None = None
) -> list[str]:
    """Write both files.

    Parameters
    ----------
    results, run
        What they tell of.
    folder
        Where to; it holds the files of this run.
    outputs
        Hashes of files that an earlier run wrote and this one leaves as they are.
    """
    hashes = {path.name: sha256(path) for path in folder.iterdir()} | dict(outputs or {})
    described = {"geomap": __version__} | _provenance(results.documents, run)
    described |= {
        "refused": [{"name": r.name, "reason": r.reason} for r in run.refused],
        "counts": _counts(results, run),
        "header": results.events.attrs["header"],
        "warnings": [
            {"document": d.id, "warning": w} for d in results.documents for w in d.warnings
        ],
        "outputs": dict(sorted(hashes.items())),
    }
    if "corrections" in results.events.attrs:
        described["corrections"] = results.events.attrs["corrections"]
    seconds = {name: round(seconds, 3) for name, seconds in run.clock.seconds.items()}
    timings = {"seconds": seconds | {"all": round(run.clock.seconds.total(), 3)}} | dict(run.effort)
    for name, value in zip(FILES, (described, timings), strict=True):
        text = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
        (folder / name).write_bytes(text.encode("utf-8", errors="backslashreplace"))
    return list(FILES)


def outputs_of(folder: Path, again: Collection[str]) -> dict[str, str]:
    """Return the hashes of what an earlier run wrote into a folder and this one does not.

    Edited files are compared with the events of the run that wrote them. Where these are older than
    the files beside them they tell nothing, so their hash is not passed on.
    """
    try:
        known = json.loads((folder / FILES[0]).read_text(encoding="utf-8"))["outputs"]
        kept = {str(name): str(value) for name, value in known.items() if name not in again}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
    if not set(EDITABLE).isdisjoint(again):
        kept.pop(BASE, None)
    return {name: value for name, value in kept.items() if (folder / name).is_file()}


def run_again(documents: Path, formats: Sequence[str]) -> Run:
    """Return what is known of a run that writes outputs from documents again.

    Parameters
    ----------
    documents
        The file of documents. What made them is told by the ``run.json`` beside it; a run of this
        kind passes on what it knew of their making.
    formats
        The formats that were asked for.
    """
    source, why = _told_beside(documents)
    return Run(formats=formats, source=source, not_known={"identity": why, "source": why})


def _told_beside(documents: Path) -> tuple[dict[str, Any] | None, str]:
    """Return what made documents, or None and why it is not known."""
    beside = documents.with_name(FILES[0])
    try:
        told = json.loads(beside.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None, f"no {FILES[0]} lies beside {documents.name}"
    except (OSError, ValueError, RecursionError):
        return None, f"the {FILES[0]} beside {documents.name} cannot be read"
    source = (told.get("source") or told) if isinstance(told, dict) else None
    if not isinstance(source, dict) or not isinstance(source.get("identity"), dict):
        return None, f"the {FILES[0]} beside {documents.name} does not tell it"
    return {name: source.get(name) for name in ("geomap", "options", "identity", "inputs")}, ""


def _provenance(documents: Sequence[Document], run: Run) -> dict[str, Any]:
    """Tell options, identity and inputs; what neither run nor documents know is null, with why."""
    origins = [document.origin for document in documents if document.origin]
    complete = len(origins) == len(documents) > 0
    source = run.source or {}
    made = _common(origins) if complete else None
    options = run.config.described() if run.config else (made and made.options)
    options = options or source.get("options")
    if run.formats is not None:
        options = {**(options or {}), "formats": list(run.formats)}
    inputs: Iterable[InputFile] | None = run.inputs
    if inputs is None and complete:
        inputs = dict.fromkeys(InputFile(origin.name, origin.sha256) for origin in origins)
    told = {
        "options": options,
        "identity": run.identity or (made and made.identity) or source.get("identity"),
        "inputs": None
        if inputs is None
        else [{"name": file.name, "sha256": file.sha256} for file in inputs],
    }
    if run.formats is not None:
        told["source"] = run.source
    unknown = {
        name: run.not_known.get(name, _NOT_TOLD) for name, value in told.items() if value is None
    }
    return told | ({"not_known": unknown} if unknown else {})


def _common(origins: Sequence[Origin]) -> Origin | None:
    """Return the first origin, if all documents were made alike."""
    first = origins[0]
    alike = all(o.options == first.options and o.identity == first.identity for o in origins)
    return first if alike else None


def _counts(results: Results, run: Run) -> dict[str, Any]:
    toponyms = [t for d in results.documents for t in d.toponyms]
    drawn = [kind for kind in results.events["drawn"] if kind is not None]
    return {
        "files": None if run.inputs is None else len(run.inputs),
        "documents": len(results.documents),
        "refused": len(run.refused),
        "toponyms": len(toponyms),
        "toponyms_by_kind": dict(sorted(Counter(t.kind for t in toponyms).items())),
        "resolved": sum(t.place is not None for t in toponyms),
        "mentions": len(results.mentions),
        "events": len(results.events),
        "drawn": len(drawn),
        "listed": len(results.events) - len(drawn),
        "by_class": dict(sorted(Counter(results.events["event_class"]).items())),
        "by_status": dict(sorted(Counter(results.events["status"]).items())),
    }
