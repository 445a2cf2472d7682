"""``figure.svg``, ``figure.png``, ``figure.pdf``: the static map for a report.

Matplotlib is loaded only when a figure is made. The same events give the same bytes: ids within
the files come from their content, and no file tells when it was made.
"""

import contextlib
import io
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geomap.export.results import Results

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FILES", "boxes_for_letters", "encoded", "writer"]

FILES = {kind: f"figure.{kind}" for kind in ("svg", "png", "pdf")}
_UNDATED: dict[str, dict[str, Any]] = {
    "svg": {"Date": None},
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "Producer": "Matplotlib", "Creator": "geomap"},
}


_SUBJECT = {"svg": "Description", "png": "Description", "pdf": "Subject"}


def writer(*kinds: str) -> Callable[[Results, Path], list[str]]:
    """Return the writer of the figure in some kinds of file."""

    def write(results: Results, folder: Path) -> list[str]:
        """Draw the figure once and write it."""
        from geomap.export.figure.sheet import to_figure

        figure = to_figure(results.events, results.config.figure, style=results.config.style)
        for kind in kinds:
            (folder / FILES[kind]).write_bytes(encoded(figure, kind))
        return [FILES[kind] for kind in kinds]

    return write


def encoded(figure: "Figure", kind: str) -> bytes:
    """Return a figure as the bytes of a file: the same figure, the same bytes.

    Parameters
    ----------
    figure
        The figure that :func:`geomap.to_figure` makes.
    kind
        ``svg``, ``png`` or ``pdf``.
    """
    import matplotlib

    title, _, told = str(figure.get_label()).partition("\n")
    metadata = {"Title": title, _SUBJECT[kind]: told} | _UNDATED[kind]
    settings: dict[Any, Any] = {
        "svg.hashsalt": "geomap",
        "svg.fonttype": "path",
        "pdf.fonttype": 42,
    }
    settings |= {"text.hinting": "none"}
    file = io.BytesIO()
    with matplotlib.rc_context(settings), boxes_for_letters():
        figure.savefig(file, format=kind, dpi=figure.dpi, metadata=metadata)
    return file.getvalue()


@contextlib.contextmanager
def boxes_for_letters() -> Iterator[None]:
    """Let a letter that no font has be a box, which says as much, without a warning."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from", UserWarning)
        yield
