"""How a map and a table of events show themselves in a notebook: HTML, and pictures beside it.

Jupyter shows the interactive map. Where a page takes frames out (GitHub, a notebook that is not
trusted, an e-mail) the picture of the figure stands in its place, and a PDF gets it as PNG.
"""

import base64
import html
from collections.abc import Iterable
from typing import Any

import geopandas

from geomap.columns import COLUMNS
from geomap.corrections import Corrections
from geomap.export.figure import encoded
from geomap.frame import events_frame
from geomap.model import Document
from geomap.style import Style

__all__ = ["EventTable", "framed", "pictures", "to_frame", "with_picture"]

_HEIGHT = "640px"
_DPI = 110
# The picture shows where the frame beside it, or this style, is taken out.
_ONE_OF_TWO = "<style>.geomap-frame+.geomap-picture{display:none}</style>"


class EventTable(geopandas.GeoDataFrame):  # type: ignore[misc]
    """A table of events; a notebook shows it as a table, a PDF of the notebook as a figure."""

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Return the figure beside the table, as long as the rows are those of events."""
        if not set(COLUMNS) <= set(self.columns) or not len(self):
            return {}
        return {kind: shown for kind, shown in pictures(self).items() if kind != "text/plain"}


def to_frame(
    documents: Iterable[Document], corrections: Corrections | None = None
) -> geopandas.GeoDataFrame:
    """Make the table of events: one row a cluster, its best-known record.

    Parameters
    ----------
    documents
        Documents with their events.
    corrections
        What analysts changed by hand, as ``Corrections.read("outputs")`` gives it.

    Returns
    -------
    EventTable
        What :func:`geomap.frame.events_frame` makes, as a GeoDataFrame that shows itself in a
        notebook: in EPSG:4326, with the columns of ``events.geojson``, ``geometry`` (a point for
        place precision 1 and 2, else None), and further columns for the map. Whatever is not known
        is None. ``attrs["header"]`` says in one line what the table is.
    """
    return EventTable(events_frame(documents, corrections))


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
