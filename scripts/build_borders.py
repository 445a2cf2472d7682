"""Make ``gazetteer/borders.csv``: the land border of every pair of neighbours.

The lines are the arcs that two countries of ``gazetteer/outlines.topojson`` share, so they fit
the outlines exactly. Run after ``build_outlines.py``.
"""

import json
from collections import defaultdict
from typing import Any

from places_common import GAZETTEER, write_csv
from pyproj import Geod
from shapely import MultiLineString, line_merge, set_precision

LINE_NAMES = {
    "AF-PK": "Durand Line",
    "CN-IN": "Line of Actual Control",
    "GB-IE": "Irish border",
    "IL-LB": "Blue Line",
    "IL-PS": "Green Line",
    "KP-KR": "Military Demarcation Line",
}
HEADER = ("pair", "line_name", "country_a", "country_b", "length_km", "wkt")
Line = list[tuple[float, float]]


def decode(topology: dict[str, Any]) -> list[Line]:
    """Return the arcs of a quantised topology in degrees."""
    scale_x, scale_y = topology["transform"]["scale"]
    shift_x, shift_y = topology["transform"]["translate"]
    lines = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            line.append((x * scale_x + shift_x, y * scale_y + shift_y))
        lines.append(line)
    return lines


def users(topology: dict[str, Any]) -> dict[int, set[str]]:
    """Return for every arc the countries whose outline it is part of."""
    found: dict[int, set[str]] = defaultdict(set)

    def walk(node: Any, country: str) -> None:
        if isinstance(node, int):
            found[node if node >= 0 else ~node].add(country)
        else:
            for child in node:
                walk(child, country)

    for shape in topology["objects"]["countries"]["geometries"]:
        walk(shape["arcs"], shape["properties"]["id"])
    return found


def rows(topology: dict[str, Any]) -> list[tuple[str, str, str, str, int, str]]:
    """Return the rows of the table, sorted by pair."""
    lines = decode(topology)
    shared: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for index, countries in users(topology).items():
        if len(countries) == 2:
            first, second = sorted(countries)
            shared[first, second].append(lines[index])
    geod = Geod(ellps="WGS84")
    result = []
    for (first, second), parts in sorted(shared.items()):
        merged = line_merge(set_precision(MultiLineString(parts), 0.001))
        whole = MultiLineString([merged] if merged.geom_type == "LineString" else merged)
        length = max(round(geod.geometry_length(whole) / 1000), 1)
        pair, wkt = f"{first}-{second}", compact(whole.normalize())
        if not whole.is_empty:
            result.append((pair, LINE_NAMES.get(pair, ""), first, second, length, wkt))
    return result


def compact(lines: MultiLineString) -> str:
    """Return WKT with three decimals and no blank that is not needed."""
    parts = [
        ",".join(f"{round(x, 3):.6g} {round(y, 3):.6g}" for x, y in line.coords)
        for line in lines.geoms
    ]
    return f"MULTILINESTRING(({'),('.join(parts)}))"


def main() -> None:
    """Write the table."""
    path = GAZETTEER / "outlines.topojson"
    topology = json.loads(path.read_text(encoding="utf-8"))
    print(write_csv("borders", HEADER, rows(topology)), "borders")


if __name__ == "__main__":
    main()
