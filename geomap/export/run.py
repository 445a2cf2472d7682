"""``run.json`` says what was run on what; ``timings.json`` alone differs between two equal runs."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geomap._version import __version__
from geomap.config import Config
from geomap.export.results import Results
from geomap.read import InputFile, Refused

__all__ = ["FILES", "Run", "write"]

FILES = ("run.json", "timings.json")


@dataclass(frozen=True)
class Run:
    """What a run knows beside its documents.

    Parameters
    ----------
    config
        The options.
    identity
        The gazetteer and the model, as the pipeline names them.
    inputs, refused
        The files that were read, and what of them was refused.
    timings
        Seconds by stage.
    """

    config: Config | None = None
    identity: Mapping[str, Any] = field(default_factory=dict)
    inputs: Sequence[InputFile] = ()
    refused: Sequence[Refused] = ()
    timings: Mapping[str, float] = field(default_factory=dict)


def write(results: Results, run: Run, folder: Path) -> list[str]:
    """Write both files."""
    described = {
        "geomap": __version__,
        "options": None if run.config is None else _options(run.config),
        "identity": dict(run.identity),
        "inputs": [{"name": f.name, "sha256": f.sha256} for f in run.inputs],
        "refused": [{"name": r.name, "reason": r.reason} for r in run.refused],
        "counts": _counts(results, run),
        "header": results.events.attrs["header"],
        "warnings": [
            {"document": d.id, "warning": w} for d in results.documents for w in d.warnings
        ],
    }
    times = {name: round(seconds, 3) for name, seconds in run.timings.items()}
    for name, value in zip(FILES, (described, {"seconds": times}), strict=True):
        text = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
        (folder / name).write_bytes(text.encode("utf-8", errors="backslashreplace"))
    return list(FILES)


def _options(config: Config) -> dict[str, Any]:
    """Return the options; of a gazetteer file its name alone, never where it lies."""
    return {
        "gazetteer": config.gazetteer.name if config.gazetteer else None,
        "model": config.model,
        "published": config.published,
    }


def _counts(results: Results, run: Run) -> dict[str, Any]:
    toponyms = [t for d in results.documents for t in d.toponyms]
    drawn = [kind for kind in results.events["drawn"] if kind is not None]
    return {
        "documents": len(results.documents),
        "refused": len(run.refused),
        "toponyms": len(toponyms),
        "resolved": sum(t.place is not None for t in toponyms),
        "mentions": len(results.mentions),
        "events": len(results.events),
        "drawn": len(drawn),
        "listed": len(results.events) - len(drawn),
        "by_class": dict(sorted(Counter(results.events["event_class"]).items())),
        "by_status": dict(sorted(Counter(results.events["status"]).items())),
    }
