"""``events.gpkg``: a GeoPackage 1.2 of the layers; the same rows give the same bytes.

GDAL writes the tables; what it has no option for, the rest here does: what columns are called and
hold.
"""

import contextlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from geomap.export.layers import Column, Layer, base_layers
from geomap.export.qgis.looks import looks_of, qml
from geomap.export.results import Results
from geomap.style import Style

__all__ = ["FILES", "write", "write_layers"]

FILES = ("events.gpkg",)
_FIXED_TIME = "2000-01-01T00:00:00.000Z"
_JSON = "application/json"
_DATA_COLUMNS = """
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
  mime_type TEXT, constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name));
"""
_EXTENSION = """
CREATE TABLE IF NOT EXISTS gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
INSERT INTO gpkg_extensions VALUES ('gpkg_data_columns', NULL, 'gpkg_schema',
  'http://www.geopackage.org/spec120/#extension_schema', 'read-write');
"""
_STYLES = f"""
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
  f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
  styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
  owner TEXT(30), ui TEXT(30), update_time DATETIME DEFAULT CURRENT_TIMESTAMP);
INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change)
  VALUES ('layer_styles', 'attributes', 'layer_styles', '', '{_FIXED_TIME}');
"""
_STYLE = """
INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column,
  styleName, styleQML, styleSLD, useAsDefault, description, owner, update_time)
VALUES ('', '', ?, ?, ?, ?, '', ?, '', '', ?)
"""


def write(results: Results, folder: Path) -> list[str]:
    """Write the layers of events and of the base map."""
    layers = [*results.layers, *base_layers()]
    write_layers(layers, folder / FILES[0], results.config.style or Style.default())
    return list(FILES)


def write_layers(layers: Sequence[Layer], path: Path, style: Style) -> None:
    """Write layers into a new file, with their styles for QGIS."""
    with _fixed_time():
        for number, layer in enumerate(layers):
            _write_layer(layer, path, append=number > 0)
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        _tell_columns(layers, database)
        _add_styles(layers, database, style)


def _write_layer(layer: Layer, path: Path, *, append: bool) -> None:
    import numpy
    import shapely
    from pyogrio.raw import write as write_raw

    columns = [_column(column, layer.rows) for column in layer.columns]
    shapes = None
    if layer.geometry:
        shapes = shapely.to_wkb(
            numpy.array([row["geometry"] for row in layer.rows], dtype=object), byte_order=1
        )
    write_raw(
        path,
        shapes,
        [values for values, _ in columns],
        [column.name for column in layer.columns],
        field_mask=[mask for _, mask in columns],
        layer=layer.name,
        driver="GPKG",
        geometry_type=layer.geometry,
        crs="EPSG:4326" if layer.geometry else None,
        append=append,
        dataset_options=None if append else {"VERSION": "1.2"},
        layer_options={"IDENTIFIER": layer.title, "DESCRIPTION": layer.about},
    )


def _column(column: Column, rows: Sequence[dict[str, Any]]) -> tuple[Any, Any]:
    """Return a column as a typed array, and where it is null."""
    import numpy

    kinds: dict[str, tuple[Any, Any]] = {
        "integer": (0, "int64"),
        "real": (0, "float64"),
        "boolean": (False, "bool"),
        "date": ("1970-01-01", "datetime64[D]"),
    }
    values = [row[column.name] for row in rows]
    null = numpy.array([value is None for value in values], dtype=bool)
    if column.kind in kinds:
        empty, kind = kinds[column.kind]
        return numpy.array([empty if v is None else v for v in values], dtype=kind), null
    if column.kind == "json":
        values = [None if v is None else json.dumps(v, ensure_ascii=False) for v in values]
    return numpy.array(values, dtype=object), null


def _tell_columns(layers: Sequence[Layer], database: sqlite3.Connection) -> None:
    """Write what the columns are called and hold, and which are JSON (the extension "schema")."""
    database.executescript(_DATA_COLUMNS)
    database.executemany(
        "INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, ?, NULL)",
        [
            (layer.name, c.name, c.title, c.title, c.about, _JSON if c.kind == "json" else None)
            for layer in layers
            for c in layer.columns
        ],
    )
    database.executescript(_EXTENSION)


def _add_styles(layers: Sequence[Layer], database: sqlite3.Connection, style: Style) -> None:
    """Write the styles of the layers into the table that QGIS reads; the first is the default."""
    database.executescript(_STYLES)
    for layer in layers:
        for number, look in enumerate(looks_of(layer.name, layer.columns, style)):
            geometry = "geom" if layer.geometry else ""
            row = (layer.name, geometry, look.name, qml(look).decode(), number == 0, _FIXED_TIME)
            database.execute(_STYLE, row)


@contextlib.contextmanager
def _fixed_time() -> Iterator[None]:
    """Let GDAL write one fixed time instead of the clock's into the file."""
    import pyogrio

    option = "OGR_CURRENT_DATE"
    before = pyogrio.get_gdal_config_option(option)
    pyogrio.set_gdal_config_options({option: _FIXED_TIME})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({option: before})
