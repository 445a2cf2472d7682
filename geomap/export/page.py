"""``map.html``, and ``map-embed.html``: the map alone, for small frames.

Both are written by :mod:`geomap.export.html`, which is loaded only then.
"""

from pathlib import Path

from geomap.export.results import Results

__all__ = ["FILES", "write"]

FILES = ("map.html", "map-embed.html")


def write(results: Results, folder: Path) -> list[str]:
    """Write the interactive map, whole and for small frames."""
    from geomap.export.html import for_small_frames, map_page

    config = results.config
    page = map_page(results.events, tiles=config.tiles, style=config.style)
    for name, text in zip(FILES, (page, for_small_frames(page)), strict=True):
        (folder / name).write_bytes(text.encode("utf-8"))
    return list(FILES)
