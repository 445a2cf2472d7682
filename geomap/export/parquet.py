"""``events.parquet``: every cluster with its shape as GeoParquet, for GeoPandas, DuckDB and R."""

import json
from pathlib import Path
from typing import Any

from geomap.export.layers import EVENT_LAYERS, Column
from geomap.export.results import Results
from geomap.extras import needed

__all__ = ["FILES", "write"]

FILES = ("events.parquet",)
_VERSION = "1.1.0"


def write(results: Results, folder: Path) -> list[str]:
    """Write the events of all layers into one table: points, lines, areas, and those without.

    Raises
    ------
    ExportError
        If pyarrow is not installed.
    """
    arrow = needed("pyarrow", "parquet")
    import geopandas
    import pandas

    layers = [layer for layer in results.layers if layer.name in EVENT_LAYERS]
    columns = layers[0].columns
    rows = sorted((row for layer in layers for row in layer.rows), key=_order(results))
    values = {
        column.name: pandas.array(
            [_value(row[column.name], column) for row in rows],
            dtype=pandas.ArrowDtype(_type(arrow, column)),
        )
        for column in columns
    }
    shapes = geopandas.GeoSeries([row.get("geometry") for row in rows], crs="EPSG:4326")
    frame = geopandas.GeoDataFrame(values, geometry=shapes)
    frame.to_parquet(folder / FILES[0], index=False, compression="zstd", schema_version=_VERSION)
    return list(FILES)


def _order(results: Results) -> Any:
    """Return the key that puts rows in the order of the table of events."""
    place = {name: number for number, name in enumerate(results.events["event_id"])}
    return lambda row: place[row["event_id"]]


def _value(value: Any, column: Column) -> Any:
    if column.kind == "json" and value is not None:
        return json.dumps(value, ensure_ascii=False)
    return value


def _type(arrow: Any, column: Column) -> Any:
    kinds = {
        "integer": arrow.int64(),
        "real": arrow.float64(),
        "boolean": arrow.bool_(),
        "date": arrow.date32(),
    }
    return kinds.get(column.kind, arrow.string())
