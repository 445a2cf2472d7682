"""The base map: outlines of countries and divisions, from ``gazetteer/outlines.topojson``."""

import functools
import json
from typing import Any

from geomap import tables
from geomap.errors import GazetteerError

__all__ = ["outlines"]

SIZE_LIMIT = 1_250_000
"""Bytes of outlines a map file may carry; above it the divisions stay out."""

Geometry = dict[str, Any]
Topology = dict[str, Any]


@functools.cache
def outlines() -> str:
    """Return the outlines as compact TopoJSON text with the layers ``countries`` and ``divisions``.

    Raises
    ------
    GazetteerError
        If the file is missing or damaged.
    """
    path = tables.folder() / "outlines.topojson"
    try:
        return compact(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise GazetteerError(f"{path.name}: cannot be read ({error})") from error


def compact(source: Topology, limit: int = SIZE_LIMIT) -> str:
    """Return a topology as text, without divisions if it would be longer than ``limit``."""
    objects = source["objects"]
    layers = {
        name: [_slim(geometry) for geometry in objects[name]["geometries"]]
        for name in ("countries", "divisions")
        if name in objects
    }
    topology: Topology = {"arcs": source["arcs"], **layers}
    if "transform" in source:
        topology["transform"] = source["transform"]
    text = _dump(topology)
    if len(text) > limit and "divisions" in layers:
        del topology["divisions"]
        text = _dump(_prune(topology))
    return text


def _dump(topology: Topology) -> str:
    return json.dumps(topology, separators=(",", ":"), allow_nan=False, ensure_ascii=False)


def _slim(geometry: Geometry) -> Geometry:
    """Return identity, name and polygons (lists of rings of arc numbers) of one geometry."""
    properties = geometry.get("properties") or {}
    arcs = geometry.get("arcs", [])
    slim = {
        key: geometry[key] if key in geometry else properties[key]
        for key in ("id", "country", "name")
        if key in geometry or key in properties
    }
    slim["polygons"] = [arcs] if geometry.get("type") == "Polygon" else arcs
    return slim


def _prune(topology: Topology) -> Topology:
    """Drop the arcs that no country uses, and number the others anew."""
    rings = [
        ring for item in topology["countries"] for polygon in item["polygons"] for ring in polygon
    ]
    used = sorted({arc if arc >= 0 else ~arc for ring in rings for arc in ring})
    number = {old: new for new, old in enumerate(used)}
    for ring in rings:
        ring[:] = [number[arc] if arc >= 0 else ~number[~arc] for arc in ring]
    return {**topology, "arcs": [topology["arcs"][arc] for arc in used]}
