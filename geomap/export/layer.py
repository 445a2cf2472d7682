"""The event layer: a Folium element that draws events, and everything the reader asks of them."""

import html
from pathlib import Path
from typing import Any

import geopandas
from branca.element import Element, Figure
from folium.map import Layer
from folium.template import Template

from geomap.columns import COLUMNS
from geomap.export import basemap
from geomap.export.inline import PLAIN_LIMIT, Raw, data_block, dump, script
from geomap.export.payload import payload
from geomap.export.wording import words_of
from geomap.style import Style

__all__ = ["EventLayer", "page_of"]

ASSETS = Path(__file__).parent / "assets"
_NOT_THE_PAGES = ("months", "figure", "report", "embed", "gis")
"""Words that the page does not need."""
SCRIPTS = (
    "dom.js model.js symbols.js card.js base.js names.js marks.js time.js panel.js main.js".split()
)


def page_of(element: Element) -> Figure:
    """Return the page that an element is shown in."""
    page = element.get_root()
    if not isinstance(page, Figure):
        raise TypeError("an event map is shown in a folium.Figure; add it to one first")
    return page


class EventLayer(Layer):
    """Events as a layer of a Folium map: marks, areas and lines, filters, histogram and table.

    Parameters
    ----------
    events
        One row a cluster, as :func:`geomap.to_frame` gives it.
    lines, areas
        Rows with ``cluster_id`` and a geometry, for events along a line or in an area that is none
        of the project's own.
    style
        How events look and what they are called; None for the project's own style.
    language
        Of the interface: a table of ``assets/words.toml``.
    name, overlay, control, show
        As every layer of Folium has them.

    Notes
    -----
    A page holds one such layer.
    """

    _template = Template("""
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = geomap.eventLayer();
        {% endmacro %}
    """)

    def __init__(
        self,
        events: geopandas.GeoDataFrame,
        *,
        lines: geopandas.GeoDataFrame | None = None,
        areas: geopandas.GeoDataFrame | None = None,
        style: Style | None = None,
        language: str = "en",
        name: str = "Events",
        overlay: bool = True,
        control: bool = True,
        show: bool = True,
    ) -> None:
        super().__init__(name=html.escape(name), overlay=overlay, control=control, show=show)
        self._name = "EventLayer"
        self._id = "events"
        self.events = events
        self.style = style or Style.default()
        self.language = language
        self.header, self.details = payload(events, lines, areas, self.style, language)

    def render(self, **kwargs: Any) -> str:
        """Render into the page: style, data and script in the head, a line in the script.

        The details come last, in a page that has room after its script.
        """
        page = page_of(self)
        css = (ASSETS / "page.css").read_text(encoding="utf-8")
        parts = "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in SCRIPTS)
        inner = f'"use strict";\n\n{parts}\nreturn {{ eventLayer }};\n'
        first, last = self._blocks()
        blocks = [
            f"<style>\n{css}</style>",
            *first,
            script(f"var geomap = (() => {{\n{inner}}})();\n"),
        ]
        for place, texts in ((page.header, blocks), (getattr(page, "tail", page.header), last)):
            for number, text in enumerate(texts):
                place.add_child(Raw(text), name=f"geomap_{texts is last:d}_{number}")
        super().render(**kwargs)  # type: ignore[no-untyped-call]
        return ""

    def _blocks(self) -> tuple[list[str], list[str]]:
        """Return the data of the first view, and the details."""
        words = {k: v for k, v in words_of(self.language).items() if k not in _NOT_THE_PAGES}
        style = self.style.described()
        looks = {key: style[key] for key in ("ink", "grey", "statuses", "subclasses")} | {
            "classes": list(style["classes"]),
            "layers": {name: layer["label"] for name, layer in style["layers"].items()},
        }
        columns = {"csv_columns": [*COLUMNS, "latitude", "longitude"]}
        view, *details = [dump(value) for value in (self.header, *self.details)]
        pack = len(view) + sum(map(len, details)) > PLAIN_LIMIT
        return [
            data_block("geomap-style", dump(looks)),
            data_block("geomap-words", dump(words | columns)),
            data_block("geomap-base", basemap.topology(), pack=True),
            data_block("geomap-data", view, pack=pack),
        ], [
            data_block(f"geomap-details-{number}", text, pack=pack)
            for number, text in enumerate(details)
        ]
