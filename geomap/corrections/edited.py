"""An edited file as rows of text: ``events.csv`` or a table like it, or a GeoPackage."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geomap.columns import COLUMNS, EXTRA_COLUMNS, POINT
from geomap.corrections.fields import text_of
from geomap.corrections.sheet import read_sheet
from geomap.errors import InputError

__all__ = ["KINDS", "Edited", "Row", "read_edited"]

KINDS = (".csv", ".gpkg")
_NEEDED = {"event_id", "review_status"}
_KNOWN = {*COLUMNS, *POINT}
_DERIVED = {"wkt", "fid", "ogc_fid", *EXTRA_COLUMNS}
"""Columns that follow from others, and the numbers that a GIS gives to rows."""
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Row:
    """A row: where it stands, its event, its cells by their columns, its line or area."""

    where: str
    event_id: str
    cells: Mapping[str, str]
    shape: Any = None


@dataclass(frozen=True, slots=True)
class Edited:
    """The rows of an edited file, and its columns with values that no run writes."""

    rows: tuple[Row, ...]
    unknown: tuple[str, ...]


def read_edited(path: Path) -> Edited:
    """Read an edited file.

    Raises
    ------
    InputError
        If it cannot be read, or is no table of events.
    """
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise InputError(
            f"{path}: {kind or 'a name without an ending'} is not read here; allowed: "
            f"{' '.join(KINDS)}; save a spreadsheet as CSV"
        )
    return _of_sheet(path) if kind == ".csv" else _of_package(path)


def _of_sheet(path: Path) -> Edited:
    sheet = read_sheet(path)
    if "event_id" not in sheet.columns:
        raise InputError(
            f"{path}: no column event_id, so nothing says which event a row is; "
            "edit a copy of events.csv and keep that column"
        )
    rows = [
        Row(f"{path.name}, line {line}", cells["event_id"].strip(), _known(cells))
        for line, cells in sheet.rows
    ]
    filled = [name for name in sheet.columns if any(cells[name].strip() for _, cells in sheet.rows)]
    return Edited(tuple(rows), _unknown(filled))


def _of_package(path: Path) -> Edited:
    """Read every table of events of a GeoPackage, whatever it is called."""
    import pyogrio

    rows: list[Row] = []
    filled: dict[str, None] = {}
    if not path.is_file():
        raise InputError(f"{path}: cannot be read (no such file)")
    try:
        layers = [
            str(layer)
            for layer, _ in pyogrio.list_layers(path)
            if set(pyogrio.read_info(path, layer=layer)["fields"]) >= _NEEDED
        ]
        for layer in layers:
            found, names = _of_layer(path, layer)
            rows += found
            filled |= dict.fromkeys(names)
    except (OSError, RuntimeError, ValueError) as error:
        said = str(error).splitlines()[0] if str(error) else "damaged"
        raise InputError(f"{path}: cannot be read ({said})") from None
    if not layers:
        raise InputError(f"{path}: no table with the columns event_id and review_status")
    return Edited(tuple(rows), _unknown(filled))


def _of_layer(path: Path, layer: str) -> tuple[list[Row], list[str]]:
    """Return the rows of a layer, and its columns that hold anything."""
    import pyogrio

    frame = pyogrio.read_dataframe(path, layer=layer)
    spatial = "geometry" in frame.columns
    point = spatial and pyogrio.read_info(path, layer=layer)["geometry_type"] == "Point"
    if spatial and frame.crs is not None and not frame.crs.equals("EPSG:4326"):
        frame = frame.to_crs("EPSG:4326")
    names = [str(name) for name in frame.columns if name != "geometry"]
    rows = []
    for number, record in enumerate(frame.to_dict("records"), start=1):
        cells = {name: _text(record[name]) for name in names if name in _KNOWN}
        shape = record["geometry"] if spatial else None
        if point:
            cells |= _point(shape)
        where = f"{path.name}, {layer}, row {number}"
        own = cells.get("event_id", "").strip()
        rows.append(Row(where, own, cells, None if point else shape))
    return rows, [name for name in names if frame[name].notna().any()]


def _point(shape: Any) -> dict[str, str]:
    at = (None, None) if shape is None or shape.is_empty else (shape.y, shape.x)
    rounded = [None if value is None else round(value, _DECIMALS) for value in at]
    return {name: text_of(value) for name, value in zip(POINT, rounded, strict=True)}


def _text(value: Any) -> str:
    """Return a typed value as the text that stands for it in ``events.csv``."""
    import pandas

    if value is None or value is pandas.NA or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat()[:10] if hasattr(value, "isoformat") else str(value)


def _known(cells: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in cells.items() if name in _KNOWN}


def _unknown(filled: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in filled if name and name not in _KNOWN | _DERIVED)
