"""The interactive map: Folium at heart, one self-contained file, no request to anywhere."""

import html
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import folium
import geopandas
from branca.element import Element, Figure
from folium.template import Template

from geomap.errors import ConfigError, ExportError
from geomap.export.inline import Raw, leaflet_css, leaflet_js, with_policy
from geomap.export.layer import EventLayer, page_of
from geomap.export.notebook import framed, pictures, with_picture
from geomap.export.values import clean
from geomap.export.wording import words_of
from geomap.style import Style

__all__ = ["EventLayer", "EventMap", "for_small_frames", "map_page", "to_map", "write_map"]

Frame: TypeAlias = geopandas.GeoDataFrame


def to_map(
    events: Frame,
    *,
    lines: Frame | None = None,
    areas: Frame | None = None,
    tiles: str | None = None,
    style: Style | None = None,
    language: str = "en",
) -> folium.Map:
    """Return the events as a Folium map, which shows itself in a notebook.

    Parameters
    ----------
    events
        One row a cluster, as :func:`geomap.to_frame` gives it.
    lines, areas
        Rows with ``cluster_id`` and a geometry, for events along a line or in an area that is none
        of the project's own.
    tiles
        Online tiles under the events, by their name in ``xyzservices`` (``OpenStreetMap.Mapnik``);
        they are asked for over the network. None for the outlines alone.
    style
        How events look and what they are called; None for the project's own style.
    language
        Of the interface: a table of ``assets/words.toml``.

    Returns
    -------
    folium.Map
        With an :class:`EventLayer`; further layers and plugins of Folium can be added.

    Raises
    ------
    ConfigError
        If there are no such tiles, or they need a key.

    Notes
    -----
    Everything is inside; only when you add a layer or plugin of Folium's own do Folium's links to
    its libraries on the web come back, because its popups and icons need them. Folium runs text
    given to its popups and tooltips as code: never give it text of articles.
    """
    words = words_of(language)
    page = _Page(clean(events.attrs.get("header")) or words["title"], language)
    event_map = EventMap(label=words["map"])
    page.add_child(event_map)
    if tiles is not None:
        event_map.add_child(_tiles(tiles))
    event_map.add_child(
        EventLayer(events, lines=lines, areas=areas, style=style, language=language)
    )
    return event_map


def write_map(events: Frame, path: Path, **options: Any) -> None:
    """Write the events as one self-contained HTML file; options as :func:`to_map`.

    Raises
    ------
    ExportError
        If the file cannot be written.
    """
    text = map_page(events, **options)
    try:
        Path(path).write_bytes(text.encode("utf-8"))
    except OSError as error:
        raise ExportError(f"{path}: cannot be written ({error.strerror})") from error


def map_page(events: Frame, **options: Any) -> str:
    """Return the events as one self-contained page of HTML; options as :func:`to_map`."""
    found = to_map(events, **options)
    hosts = [host for child in found._children.values() for host in _hosts(child)]
    return with_policy(found.get_root().render(), hosts)


def for_small_frames(page: str) -> str:
    """Return the page of a map without the table, the legend and the head around it."""
    return page.replace("<html ", '<html class="gm-embed" ', 1)


class _Page(Figure):
    """The page around the map. Its title has to be escaped."""

    _template = Template(
        '<!DOCTYPE html>\n<html lang="{{ this.lang }}" dir="{{ this.dir }}">\n<head>\n'
        '<meta charset="utf-8" />\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1" />\n'
        '<meta name="color-scheme" content="light dark" />\n'
        '<link rel="icon" href="data:," />\n'
        "<title>{{ this.title }}</title>\n{{ this.header.render(**kwargs) }}\n</head>\n"
        "<body>\n{{ this.html.render(**kwargs) }}\n</body>\n"
        "<script>\n{{ this.script.render(**kwargs) }}\n</script>\n"
        "{{ this.tail.render(**kwargs) }}\n</html>\n"
    )

    def __init__(self, title: str, language: str) -> None:
        words = words_of(language)
        super().__init__(title=html.escape(title), height="760px")
        self.tail = Element()
        """What the page reads last: it draws itself before."""
        self.lang, self.dir = html.escape(words["lang"]), html.escape(words["dir"])
        note = f"{title}. {words['no_script']}" if title != words["title"] else words["no_script"]
        self.html.add_child(Raw(f"<noscript><p>{html.escape(note)}</p></noscript>"))


class EventMap(folium.Map):
    """A Folium map without tiles that brings Leaflet along instead of asking the web for it."""

    _template = Template("""
        {% macro html(this, kwargs) %}
            <div class="folium-map" id={{ this.get_name()|tojson }} role="region"
                 aria-label="{{ this.label|e }}"></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }},
                {center: {{ this.location|tojson }}, ...{{ this.options|tojavascript }}});
        {% endmacro %}
    """)

    def __init__(self, label: str = "") -> None:
        super().__init__(
            location=[20.0, 10.0],
            tiles=None,
            zoom_start=2,
            minZoom=1.5,
            maxZoom=14,
            zoomSnap=0.25,
            attributionControl=True,
        )
        self._id = "events"
        self.label = label

    def _repr_html_(self, **_: Any) -> str:
        """Return the map in a frame, for a notebook."""
        if self._parent is None:
            self.add_to(_Page(self.label, "en"))
        return framed(page_of(self).render(), self.label)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Return the map, and pictures of it where a notebook or its export shows no frames."""
        frame = self._repr_html_()
        layer = next((c for c in self._children.values() if isinstance(c, EventLayer)), None)
        if layer is None:
            return {"text/html": frame, "text/plain": self.label}
        shown = pictures(layer.events, layer.style, layer.language)
        return shown | {"text/html": with_picture(frame, shown)}

    def render(self, **kwargs: Any) -> str:
        """Render into the page, with Leaflet inline."""
        own = (EventLayer, folium.TileLayer)
        foreign = any(not isinstance(child, own) for child in self._children.values())
        self.default_js = folium.Map.default_js[1:] if foreign else []
        self.default_css = folium.Map.default_css[1:] if foreign else []
        head = page_of(self).header
        head.add_child(Raw(leaflet_css()), name="leaflet_css")
        head.add_child(Raw(leaflet_js()), name="leaflet")
        super().render(**kwargs)  # type: ignore[no-untyped-call]
        return ""


def _tiles(name: str) -> folium.TileLayer:
    """Return a layer of online tiles, with the attribution its provider asks for, as text."""
    from xyzservices import providers

    known = providers.flatten()
    try:
        found = providers.query_name(name)
    except ValueError:
        near = sorted(item for item in known if name.split(".")[0].lower() in item.lower())[:5]
        names = ", ".join(near or ("OpenStreetMap.Mapnik", "OpenTopoMap"))
        raise ConfigError(
            f"tiles: xyzservices has no {name!r}; names are such as {names}"
        ) from None
    if found.requires_token():
        raise ConfigError(f"tiles: {found.name} needs a key, which would lie open in the file")
    url = found.build_url(fill_subdomain=False)
    layer = folium.TileLayer(
        url,
        attr=html.escape(found.attribution),
        name=html.escape(found.name),
        max_zoom=int(found.get("max_zoom", 19)),
        subdomains=found.get("subdomains", "abc"),
    )
    layer._id = "tiles"
    return layer


def _hosts(child: Any) -> list[str]:
    """Return the origins of a layer of tiles."""
    if not isinstance(child, folium.TileLayer):
        return []
    urls = {child.tiles.replace("{s}", part) for part in str(child.options["subdomains"])}
    return sorted({f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in urls})
