"""``map.html``, and ``map-embed.html``: the map alone, for small frames.

Both are written by :mod:`geomap.export.html`, which is loaded only then.
"""

from pathlib import Path

from geomap.export.results import Results

__all__ = ["FILES", "write"]

FILES = ("map.html", "map-embed.html")


def write(results: Results, folder: Path) -> list[str]:
    """Write the interactive map, whole and for small frames."""
    from geomap.export.html import for_small_frames, write_map

    config = results.config
    write_map(results.events, folder / FILES[0], tiles=config.tiles, style=config.style)
    page = (folder / FILES[0]).read_text(encoding="utf-8")
    (folder / FILES[1]).write_text(for_small_frames(page), encoding="utf-8")
    return list(FILES)
