"""``events_acled.csv``, ``events_plover.csv``: columns as users of ACLED and of PLOVER know them.

Which column comes from where stands in ``views.toml``. Both are this program's coding in those
vocabularies, never data of those projects; every row says so.
"""

import functools
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from geomap._version import __version__
from geomap.drawing import REJECTED
from geomap.export.layers import EVENT_LAYERS
from geomap.export.results import Results
from geomap.export.table import write_cells
from geomap.tables import read_table

__all__ = ["FILES", "writer"]

Row = Mapping[str, Any]
_TABLE = Path(__file__).with_name("views.toml")
FILES = {"acled": "events_acled.csv", "plover": "events_plover.csv"}
_PLACE_ID = "geonames:"


def writer(name: str) -> Callable[[Results, Path], list[str]]:
    """Return the writer of a view: ``acled`` or ``plover``."""

    def write(results: Results, folder: Path) -> list[str]:
        view = _views()[name]
        columns = view["columns"]
        cells = (
            [_cell(row, column, view["separator"]) for column in columns]
            for row in _rows(results, view)
        )
        write_cells(folder / FILES[name], [column["name"] for column in columns], cells)
        return [FILES[name]]

    return write


@functools.cache
def _views() -> dict[str, Any]:
    return tomllib.loads(_TABLE.read_text(encoding="utf-8"))


def _rows(results: Results, view: Mapping[str, Any]) -> Iterable[Row]:
    """Yield the events of a view, those with points first, with their coordinates."""
    statuses = view.get("statuses")
    for layer in results.layers:
        for row in layer.rows if layer.name in EVENT_LAYERS else ():
            if row[view["needs"]] is None or row["review_status"] == REJECTED:
                continue
            if statuses and row["status"] not in statuses:
                continue
            point = row.get("geometry") if layer.geometry == "Point" else None
            yield row | {"latitude": point and point.y, "longitude": point and point.x}


def _cell(row: Row, column: Mapping[str, Any], separator: str) -> Any:
    if "text" in column:
        return column["text"].format(version=__version__)
    value = row[column["from"]]
    if value is None:
        return None
    if "roles" in column:
        named = (actor.partition(": ") for actor in value)
        return "; ".join(name for role, _, name in named if role in column["roles"])
    if "codes" in column:
        codes = column["codes"]
        return codes.get(str(value), codes.get(str(value).partition(separator)[0]))
    if "country" in column:
        return _countries().get(value, {}).get(column["country"])
    return _taken(value, column["take"], separator) if "take" in column else value


def _taken(value: Any, part: str, separator: str) -> Any:
    if part == "year":
        return value.year
    if part == "geonames":
        return value.removeprefix(_PLACE_ID) if value.startswith(_PLACE_ID) else None
    before, _, after = value.partition(separator)
    return before if part == "before" else after or None


@functools.cache
def _countries() -> dict[str, dict[str, str]]:
    return {row["iso2"]: row for row in read_table("countries")}
