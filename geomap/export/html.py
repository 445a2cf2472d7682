"""The interactive map: Folium at heart, one self-contained file, no request to anywhere.

Text of articles is hostile until escaped. It enters the page as JSON in a data block and is shown
by ``textContent`` only (``assets/cards.js``). It never passes through a Jinja template, because
branca renders what a macro returns a second time: a ``{{ }}`` in a text would run as an expression.
:class:`_Raw` keeps it out of that.
"""

import base64
import hashlib
import html
import importlib
import json
import re
from pathlib import Path
from typing import Any, TypeAlias

import folium
import geopandas
from branca.element import Element, Figure, MacroElement
from folium.template import Template

from geomap.errors import ExportError
from geomap.export import basemap
from geomap.export._rows import clean, event_rows
from geomap.frame import lines_and_areas

__all__ = ["EventLayer", "EventMap", "to_map", "write_map"]

ASSETS = Path(__file__).parent / "assets"
SCRIPTS = ("words.js", "cards.js", "map.js")
Frame: TypeAlias = geopandas.GeoDataFrame


def to_map(events: Frame, *, lines: Frame | None = None, areas: Frame | None = None) -> folium.Map:
    """Return the events as a Folium map, which shows itself in a notebook.

    Parameters
    ----------
    events
        One row a cluster, as :func:`geomap.to_frame` gives it.
    lines, areas
        Rows with ``cluster_id`` and the line or division of the clusters of precision 5 and of
        3, 4 and 6. Without both, they are looked up in the project's own tables.

    Notes
    -----
    Everything is inside; only when you add a layer of Folium's own do Folium's links to its
    libraries on the web come back, because its popups and icons need them. Folium runs text given
    to its popups and tooltips as code: never give it text of articles.
    """
    if lines is None and areas is None and "drawn" in events.columns:
        lines, areas = lines_and_areas(events)
    rows, shapes = event_rows(events, lines, areas)
    header = clean(events.attrs.get("header")) or ""
    warnings = [clean(text) for text in events.attrs.get("warnings") or ()]
    page = _Page(title=html.escape(header or "Event map"))
    event_map = EventMap()
    page.add_child(event_map)
    payload = {"header": header, "warnings": warnings, "events": rows, "shapes": shapes}
    event_map.add_child(EventLayer(payload))
    return event_map


def write_map(
    events: Frame, path: Path, *, lines: Frame | None = None, areas: Frame | None = None
) -> None:
    """Write the events as one self-contained HTML file; parameters as :func:`to_map`.

    Raises
    ------
    ExportError
        If the file cannot be written.
    """
    text = _with_policy(to_map(events, lines=lines, areas=areas).get_root().render())
    try:
        Path(path).write_bytes(text.encode("utf-8"))
    except OSError as error:
        raise ExportError(f"{path}: cannot be written ({error.strerror})") from error


class _Raw(Element):
    """Text that goes into the page as it is, past every template."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **kwargs: Any) -> str:
        """Return the text."""
        return self.text


class _Page(Figure):
    """The page around the map. Its title has to be escaped."""

    _template = Template(
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8" />\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1" />\n'
        '<link rel="icon" href="data:," />\n'
        "<title>{{ this.title }}</title>\n{{ this.header.render(**kwargs) }}\n</head>\n"
        "<body>\n{{ this.html.render(**kwargs) }}\n</body>\n"
        "<script>\n{{ this.script.render(**kwargs) }}\n</script>\n</html>\n"
    )


class EventMap(folium.Map):
    """A Folium map without tiles that brings Leaflet along instead of asking the web for it."""

    _template = Template("""
        {% macro html(this, kwargs) %}
            <main class="folium-map" id={{ this.get_name()|tojson }}
                  aria-label="Map of the events"></main>
        {% endmacro %}
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }},
                {center: {{ this.location|tojson }}, ...{{ this.options|tojavascript }}});
        {% endmacro %}
    """)

    def __init__(self) -> None:
        super().__init__(
            location=[20.0, 10.0],
            tiles=None,
            zoom_start=2,
            minZoom=1.5,
            maxZoom=13,
            zoomSnap=0.25,
            attributionControl=True,
        )
        self._id = "events"

    def render(self, **kwargs: Any) -> str:
        """Render into the page, with Leaflet inline."""
        foreign = any(not isinstance(child, EventLayer) for child in self._children.values())
        self.default_js = folium.Map.default_js[1:] if foreign else []
        self.default_css = folium.Map.default_css[1:] if foreign else []
        head = _page_of(self).header
        head.add_child(_Raw(_leaflet_css()), name="leaflet_css")
        head.add_child(_Raw(_leaflet_js()), name="leaflet")
        super().render(**kwargs)  # type: ignore[no-untyped-call]
        return ""


class EventLayer(MacroElement):
    """The events, the base map, the legend, the lists and the table, drawn by the assets.

    Parameters
    ----------
    payload
        ``header``, ``warnings``, ``events`` and ``shapes``: text, numbers, lists and dicts only.
    """

    _template = Template("""
        {% macro script(this, kwargs) %}
            geomap({{ this._parent.get_name() }});
        {% endmacro %}
    """)

    def __init__(self, payload: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "EventLayer"
        self._id = "events"
        self.payload = payload

    def render(self, **kwargs: Any) -> str:
        """Render into the page: style, data and script in the head, the frame in the body."""
        page = _page_of(self)
        style = (ASSETS / "map.css").read_text(encoding="utf-8")
        parts = "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in SCRIPTS)
        script = f'var geomap = (() => {{\n"use strict";\n\n{parts}\nreturn draw;\n}})();\n'
        frame = (ASSETS / "map.html").read_text(encoding="utf-8")
        before, after = frame.split("<!-- the map -->\n")
        header = page.header
        header.add_child(_Raw(f"<style>\n{style}</style>"), name="geomap_css")
        header.add_child(_Raw(_data("geomap-base", basemap.outlines())), name="geomap_base")
        header.add_child(_Raw(_data("geomap-data", _json(self.payload))), name="geomap_data")
        header.add_child(_Raw(_script(script)), name="geomap_js")
        page.html.add_child(_Raw(before), name="geomap_before", index=0)
        page.html.add_child(_Raw(after), name="geomap_after")
        super().render(**kwargs)  # type: ignore[no-untyped-call]
        return ""


def _page_of(element: Element) -> Figure:
    root = element.get_root()
    if not isinstance(root, Figure):
        raise TypeError("an event map is shown in a folium.Figure; add it to one first")
    return root


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False, ensure_ascii=False)


def _data(name: str, text: str) -> str:
    """Return JSON text as a data block that no text in it can leave."""
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return f'<script type="application/json" id="{name}">{text}</script>'


def _script(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("</script", "<\\/script")
    return f"<script>{text}</script>"


def _leaflet() -> Path:
    return Path(importlib.import_module("xstatic.pkg.leaflet").BASE_DIR)


def _image(name: str) -> str:
    content = (_leaflet() / "images" / name).read_bytes()
    return "data:image/png;base64," + base64.b64encode(content).decode("ascii")


def _leaflet_css() -> str:
    css = (_leaflet() / "leaflet.css").read_text(encoding="utf-8")
    css = re.sub(r"url\(images/([\w.-]+)\)", lambda found: f"url({_image(found[1])})", css)
    return f"<style>{css}</style>"


def _leaflet_js() -> str:
    """Return Leaflet with its marker images inside, so that Folium's plain markers work too."""
    script = (_leaflet() / "leaflet.js").read_text(encoding="utf-8")
    script = re.sub(r"\n//# sourceMappingURL=.*", "", script)
    images = {
        "iconUrl": _image("marker-icon.png"),
        "iconRetinaUrl": _image("marker-icon-2x.png"),
        "shadowUrl": _image("marker-shadow.png"),
    }
    icons = f'L.Icon.Default.imagePath = "";\nL.Icon.Default.mergeOptions({_json(images)});'
    return _script(script + "\n" + icons)


def _with_policy(page: str) -> str:
    """Return the page with a content security policy that allows its own scripts and no others."""
    hashes = sorted(
        {
            base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
            for script in re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
        }
    )
    sources = " ".join(f"'sha256-{digest}'" for digest in hashes)
    policy = (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        f"script-src {sources}; base-uri 'none'; form-action 'none'"
    )
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}" />'
    return page.replace('<meta charset="utf-8" />', f'<meta charset="utf-8" />\n{meta}', 1)
