"""GeoJSON (RFC 7946): two dimensions, six decimals, no ``crs``, dates as text or null."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geomap.export.results import Results, records
from geomap.frame import COLUMNS

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

__all__ = ["FILES", "collection", "write"]

FILES = ("events.geojson", "events_lines.geojson", "events_areas.geojson", "places.geojson")
DECIMALS = 6


def write(results: Results, folder: Path) -> list[str]:
    """Write the events and places; lines and areas only when there are any."""
    events, lines, areas, places = FILES
    frames = {events: results.events[[*COLUMNS, "geometry"]]}
    if len(results.lines):
        frames[lines] = results.lines
    if len(results.areas):
        frames[areas] = results.areas
    frames[places] = results.places
    for name, frame in frames.items():
        (folder / name).write_bytes(collection(frame, name.removesuffix(".geojson")))
    return list(frames)


def collection(frame: "GeoDataFrame", name: str) -> bytes:
    """Return a table as a feature collection, one feature a line."""
    features = []
    for row in records(frame):
        geometry = _geometry(row.pop("geometry"))
        features.append(_json({"type": "Feature", "properties": row, "geometry": geometry}))
    body = ",\n".join(features)
    text = f'{{"type":"FeatureCollection","name":{_json(name)},"features":[\n{body}\n]}}\n'
    # A lone surrogate becomes a JSON escape, which is what backslashreplace writes.
    return text.encode("utf-8", errors="backslashreplace")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _geometry(shape: Any) -> dict[str, Any] | None:
    """Return a geometry object with right-hand rings, or None."""
    import shapely

    if shape is None or shape.is_empty:
        return None
    rounded = shapely.transform(shapely.force_2d(shape), lambda xy: xy.round(DECIMALS))
    geometry: dict[str, Any] = shapely.geometry.mapping(shapely.orient_polygons(rounded))
    return geometry
