"""``map.html``, written by :mod:`geomap.export.html`, which is loaded only then."""

from pathlib import Path

from geomap.export.results import Results

__all__ = ["FILES", "write"]

FILES = ("map.html",)


def write(results: Results, folder: Path) -> list[str]:
    """Write the interactive map."""
    from geomap.export.html import write_map

    config = results.config
    write_map(results.events, folder / FILES[0], tiles=config.tiles, style=config.style)
    return list(FILES)
