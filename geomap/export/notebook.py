"""How a map and a table of events show themselves in a notebook: HTML, and pictures beside it.

Jupyter shows the interactive map. Where a page takes frames out (GitHub, a notebook that is not
trusted, an e-mail) the picture of the figure stands in its place, and a PDF gets it as PNG.
"""

import base64
import html
from typing import Any

import geopandas

from geomap.export.figure import encoded
from geomap.style import Style

__all__ = ["framed", "pictures", "with_picture"]

_HEIGHT = "640px"
_DPI = 110
# The picture shows where the frame beside it, or this style, is taken out.
_ONE_OF_TWO = "<style>.geomap-frame+.geomap-picture{display:none}</style>"


def framed(page: str, title: str) -> str:
    """Return a page as a frame that brings it along."""
    return (
        f'<iframe class="geomap-frame" title="{html.escape(title)}" srcdoc="{html.escape(page)}" '
        f'style="width:100%;height:{_HEIGHT};border:0" allowfullscreen></iframe>'
    )


def with_picture(frame: str, shown: dict[str, Any]) -> str:
    """Return a frame with the picture that stands in its place where frames are taken out."""
    picture = shown["image/png"]
    alt = html.escape(shown["text/plain"])
    return (
        f'{_ONE_OF_TWO}\n{frame}<img class="geomap-picture" alt="{alt}" '
        f'src="data:image/png;base64,{picture}" style="max-width:100%">'
    )


def pictures(
    events: geopandas.GeoDataFrame, style: Style | None = None, language: str = "en"
) -> dict[str, Any]:
    """Return the figure of some events by the types that notebooks know.

    Parameters
    ----------
    events
        One row a cluster, as :func:`geomap.to_frame` gives it.
    style, language
        As :func:`geomap.to_map` has them.

    Returns
    -------
    dict
        ``image/svg+xml``; ``image/png`` and ``application/pdf`` in base64; and ``text/plain``:
        what the picture shows. Without the PDF, an export to LaTeX would ask for Inkscape.
    """
    from geomap.export.figure.sheet import to_figure

    figure = to_figure(events, style=style, language=language, dpi=_DPI)
    title, _, told = str(figure.get_label()).partition("\n")
    files = {kind: encoded(figure, kind) for kind in ("svg", "png", "pdf")}
    return {
        "text/plain": f"{title}. {told}",
        "image/svg+xml": files["svg"].decode("utf-8"),
        "image/png": base64.b64encode(files["png"]).decode("ascii"),
        "application/pdf": base64.b64encode(files["pdf"]).decode("ascii"),
    }
