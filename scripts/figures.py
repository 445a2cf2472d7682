"""Make the pictures of ``docs/reports.md``: the seed article, and events that are made up.

Needs what ``geomap extract`` wrote of the seeds::

    geomap extract seeds -o outputs/documents.jsonl
    python scripts/figures.py outputs/documents.jsonl docs/images
"""

import argparse
import sys
import time
from pathlib import Path
from typing import Any

import geopandas
import shapely
from made_up_events import made_up

from geomap import to_figure, to_frame
from geomap.export.figure import encoded
from geomap.export.jsonl import documents_from_jsonl

LIMIT_BYTES = 400_000
LATER = "2031-05"
COUNTRY, BORDERS = "SY", ("IQ-SY", "SY-TR")
TOWNS = (
    ("Honolulu", -157.86, 21.31, "protest", "unrest", "reported"),
    ("Santiago", -70.65, -33.45, "protest", "unrest", "claimed"),
    ("Geneva", 6.14, 46.2, "diplomatic_meeting", "diplomatic_venues", "reported"),
    ("Nairobi", 36.82, -1.29, "mediation", "diplomatic_venues", "reported"),
    ("Tokyo", 139.69, 35.69, "visit", "diplomatic_venues", "planned"),
)


def in_one_country(count: int) -> geopandas.GeoDataFrame:
    """Return made-up events in and around one country."""
    frame = made_up(count * 14, seed=3)
    there = (frame["country"] == COUNTRY) | frame["border_pair"].isin(BORDERS)
    chosen = frame[there].head(count).reset_index(drop=True)
    chosen.attrs["header"] = f"{len(chosen)} made-up events; nothing in this picture happened"
    return chosen


def across_the_world() -> geopandas.GeoDataFrame:
    """Return five made-up events in five parts of the world."""
    frame = made_up(len(TOWNS), seed=2)
    for i, (name, x, y, class_, layer, status) in enumerate(TOWNS):
        known: dict[str, Any] = {
            "place_name": name, "event_class": class_, "layer": layer, "status": status,
            "precision": 1, "radius_km": 5.0, "subclass": None, "disputed": False,
        }  # fmt: skip
        for column, value in known.items():
            frame.at[i, column] = value
        frame.at[i, "geometry"] = shapely.Point(x, y)
    frame.attrs["header"] = "5 made-up events; nothing in this picture happened"
    return frame


def main() -> None:
    """Read the arguments and write the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", type=Path, help="documents.jsonl of the seeds")
    parser.add_argument("folder", type=Path, help="where the PNGs go")
    options = parser.parse_args()
    seeds = to_frame(documents_from_jsonl(options.documents))
    country = in_one_country(500)
    spring = country[country["date_start"].astype(str) < LATER].copy()
    spring.attrs["header"] = f"{len(spring)} made-up events; nothing in this picture happened"
    pictures = {
        "figure-seed": (seeds, {"width_mm": 160, "dpi": 140}),
        "figure-column": (seeds, {"width_mm": 85, "dpi": 140, "north": True}),
        "figure-country": (country, {"width_mm": 180, "dpi": 100, "title": "Made-up events"}),
        "figure-months": (
            spring,
            {"width_mm": 180, "dpi": 100, "panels": "month", "title": "Made-up events by month"},
        ),
        "figure-world": (across_the_world(), {"width_mm": 160, "dpi": 120}),
    }
    for name, (events, looks) in pictures.items():
        started = time.perf_counter()
        data = encoded(to_figure(events, **looks), "png")
        seconds = time.perf_counter() - started
        if len(data) > LIMIT_BYTES:
            sys.exit(f"{name} has {len(data)} bytes, more than {LIMIT_BYTES}; make it smaller")
        (options.folder / f"{name}.png").write_bytes(data)
        print(f"{name}.png: {len(events)} events, {len(data)} bytes, {seconds:.1f} s")


if __name__ == "__main__":
    main()
