"""``events.csv``: one row a cluster, safe to open in a spreadsheet."""

import csv
import functools
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from geomap.columns import COLUMNS
from geomap.export.results import Results, records
from geomap.visible import safe_cell

__all__ = ["FILES", "write", "write_cells"]

FILES = ("events.csv",)
_MAX_CELL = 32_000
_TOLERANCES = (0.0, 0.01, 0.03, 0.1, 0.3, 1.0)


def write(results: Results, folder: Path) -> list[str]:
    """Write the table."""
    shapes = {
        row["event_id"]: row["geometry"]
        for frame in (results.events, results.lines, results.areas)
        for row in records(frame)
        if row["geometry"] is not None
    }
    rows = []
    for row in records(results.events):
        point = row["geometry"]
        where = [None, None] if point is None else [point.y, point.x]
        rows.append([*(row[name] for name in COLUMNS), *where, _wkt(shapes.get(row["event_id"]))])
    write_cells(folder / FILES[0], [*COLUMNS, "latitude", "longitude", "wkt"], rows)
    return list(FILES)


def write_cells(path: Path, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a table that is safe to open: UTF-8, a line of names first."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    path.write_bytes(text.getvalue().encode("utf-8", errors="replace"))


@functools.lru_cache(maxsize=1024)
def _wkt(shape: Any) -> str | None:
    """Return a geometry as text, simplified as far as a spreadsheet's cell asks for."""
    import shapely

    text = None
    for tolerance in _TOLERANCES if shape is not None else ():
        simple = shape if not tolerance else shapely.simplify(shape, tolerance)
        text = shapely.to_wkt(simple, rounding_precision=4 if shape.length else 6)
        if len(text) <= _MAX_CELL:
            break
    return text
