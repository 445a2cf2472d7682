"""What a run left in its folder: its events as they were, and what its files were."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geomap.columns import POINT
from geomap.corrections.fields import Value
from geomap.digest import sha256
from geomap.errors import InputError

__all__ = ["BASE", "EDITABLE", "Written"]

BASE = "events.geojson"
"""The events as a run wrote them: edited files are compared with these."""
EDITABLE = ("events.csv", "events.gpkg")
"""What a run writes and an analyst may edit in place."""
_SHAPES = ("events_lines.geojson", "events_areas.geojson")
_RUN, _DOCUMENTS = "run.json", "documents.jsonl"
Cells = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Written:
    """A folder of outputs.

    Parameters
    ----------
    folder
        Where it is.
    events
        The columns of each event and its point, by ``event_id``.
    ids
        For each mention the ``event_id`` of the event that it belongs to.
    before
        Of events that were corrected in that run: what the articles alone gave, by column.
    shapes
        The lines and areas of events that have one.
    """

    folder: Path
    events: Mapping[str, Cells]
    ids: Mapping[str, str]
    before: Mapping[str, Cells]
    shapes: Mapping[str, Any]

    @classmethod
    def read(cls, folder: Path) -> "Written":
        """Read what a run wrote.

        Raises
        ------
        InputError
            If the events that it wrote are not there as it wrote them.
        """
        run, path = _run(folder), folder / BASE
        documents, to = (shlex.quote(str(path)) for path in (folder / _DOCUMENTS, folder))
        again = f"write it again: geomap export {documents} -o {to} --to geojson"
        if not path.is_file():
            raise InputError(
                f"{folder}: no {BASE} of a run, so nothing says what was changed; give the run's "
                f"folder with --run, or {again}"
            )
        if run.get("outputs", {}).get(BASE) != sha256(path):
            raise InputError(
                f"{path}: not as the last run wrote it, so nothing says what was changed; {again}"
            )
        try:
            features = json.loads(path.read_text(encoding="utf-8"))["features"]
            events = {f["properties"]["event_id"]: f["properties"] | _point(f) for f in features}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path}: not what a run wrote ({error}); {again}") from None
        before = (run.get("corrections") or {}).get("before") or {}
        return cls(folder, events, _mentions(folder, events), before, _shapes(folder))

    @staticmethod
    def changed(folder: Path, name: str) -> bool:
        """Say whether a file of a folder is no longer what a run wrote there."""
        path = folder / name
        known = _run(folder).get("outputs", {}).get(name)
        if known is None or not path.is_file():
            return False
        # What a GIS saved may still lie beside the file.
        log = path.with_name(f"{name}-wal")
        return (log.is_file() and log.stat().st_size > 0) or sha256(path) != known


def _run(folder: Path) -> dict[str, Any]:
    """Return what a run told of itself; nothing where there is none."""
    try:
        told = json.loads((folder / _RUN).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _point(feature: Mapping[str, Any]) -> dict[str, Value]:
    at = feature["geometry"]
    lng, lat = at["coordinates"] if at else (None, None)
    return dict(zip(POINT, (lat, lng), strict=True))


def _shapes(folder: Path) -> dict[str, Any]:
    """Return the lines and areas that the run wrote, as far as they are there."""
    from shapely.geometry import shape

    found: dict[str, Any] = {}
    for name in _SHAPES:
        try:
            features = json.loads((folder / name).read_text(encoding="utf-8"))["features"]
            found |= {f["properties"]["event_id"]: shape(f["geometry"]) for f in features}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    return found


def _mentions(folder: Path, events: Mapping[str, Cells]) -> dict[str, str]:
    """Return which event each mention belongs to, as the documents beside tell it."""
    clusters = {str(cells["cluster_id"]): own for own, cells in events.items()}
    found = dict(clusters)
    try:
        with (folder / _DOCUMENTS).open(encoding="utf-8") as lines:
            for line in lines:
                for event in json.loads(line)["events"]:
                    own = clusters.get(event["cluster_id"])
                    if own is not None:
                        found[event["event_id"]] = own
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass  # Without them an event is known by its own id and that of its first mention.
    return found | {own: own for own in events}
