"""What leaves the map, and where it stands: links, downloads, paper, frames, other tables."""

import base64
import csv
import io
import json
import re
from pathlib import Path

import folium
import pandas
import pypdf
import pytest
import shapely
from browser import CONTEXT, DYS, ERIS, Page, event, sample, table

from geomap.columns import COLUMNS
from geomap.export import html, layer
from geomap.export.html import EventLayer, to_map, write_map
from geomap.export.inline import leaflet_css, leaflet_js
from geomap.export.wording import words_of
from geomap.style import Style

# --- links, downloads, paper ----------------------------------------------------------------------


def test_a_link_brings_back_view_filters_and_event(drawn: Page, tmp_path: Path) -> None:
    drawn.run(f"{CONTEXT}.time.set([18816, 18817])")
    drawn.switch("kind", "Shelling")
    drawn.switch("status", "looks back on")
    drawn.run(f"{CONTEXT}.map.setView([46, 24], 6, {{ animate: false }})")
    drawn.open_mark("Armed clash, Eris")
    said = drawn.text(".leaflet-popup blockquote")
    address = drawn.wait("return /e=/.test(location.hash) && location.hash")
    drawn.load(tmp_path / "map.html", address)
    assert drawn.run(f"return {CONTEXT}.filter.range") == [18816, 18817]
    assert (
        drawn.run("return document.querySelectorAll('[data-facet=kind]:not(:checked)').length") == 1
    )
    assert (
        drawn.run("return document.querySelectorAll('[data-facet=status]:not(:checked)').length")
        == 0
    )
    assert drawn.text(".leaflet-popup blockquote") == said
    drawn.load(tmp_path / "map.html", "#e=second")
    assert "the second attack" in drawn.text(".leaflet-popup details[open] blockquote")
    drawn.load(tmp_path / "map.html", "#v=x/1&t=2021..&k=%00&s=%&e=none&u=7")
    assert len(drawn.labels()) > 3


def saved(page: Page, kind: str) -> str:
    """Press a button of the downloads, and give the file's text."""
    page.run(
        "window.saved = null;"
        "URL.createObjectURL = (blob) => { window.saved = blob; return 'data:,'; }"
    )
    page.run("[...document.querySelectorAll('.gm-tools button')].find((node) =>"
             " node.textContent === arguments[0]).click()", kind)  # fmt: skip
    page.wait("return window.saved !== null")
    text: str = page.driver.execute_async_script(
        "window.saved.text().then(arguments[arguments.length - 1])"
    )
    return text


def test_what_is_shown_can_be_downloaded(tmp_path: Path, page: Page) -> None:
    rows = [event("one", ERIS, note='=1+1, "x"'), event("two", DYS, event_class="protest"),
            event("three", None)]  # fmt: skip
    write_map(table(*rows), tmp_path / "map.html")
    page.load(tmp_path / "map.html")
    page.switch("kind", "Protest")
    found = list(csv.DictReader(io.StringIO(saved(page, "CSV"))))
    assert [row["event_id"] for row in found] == ["one", "three"]
    assert found[0]["note"] == '\'=1+1, "x"'
    assert (found[0]["latitude"], found[0]["longitude"]) == ("44.5", "20.25")
    assert found[0]["sentence"] == "Fighters met the one attack at Eris."
    assert (found[0]["trigger"], found[0]["date_start"]) == ("attack", "2021-07-08")
    features = json.loads(saved(page, "GeoJSON"))["features"]
    assert [feature["geometry"] for feature in features] == [
        {"type": "Point", "coordinates": [20.25, 44.5]}, None,
    ]  # fmt: skip
    assert list(features[0]["properties"]) == COLUMNS


def test_paper_gets_the_map_the_legend_and_every_sentence(drawn: Page) -> None:
    drawn.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        drawn.run("dispatchEvent(new Event('beforeprint'))")
        visible = drawn.run(
            "return ['.folium-map', '.gm-legend', '#gm-events', '.gm-unplaced', '.gm-tabs']"
            ".map((name) => document.querySelector(name).checkVisibility())"
        )
        assert visible == [True, True, True, True, False]
        assert len(drawn.texts("#gm-events tbody blockquote")) == 13
        drawn.run("dispatchEvent(new Event('afterprint'))")
    finally:
        drawn.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def test_a_printed_map_has_its_ground_and_a_table_with_a_head_on_every_page(
    tmp_path: Path, page: Page
) -> None:
    rows = [event(f"e{n}", ERIS) for n in range(60)]
    write_map(table(*rows, event("area", precision=6, country="UA")), tmp_path / "map.html")
    page.load(tmp_path / "map.html")
    printed = page.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": False})
    pages = pypdf.PdfReader(io.BytesIO(base64.b64decode(printed["data"]))).pages
    # A canvas is printed as it was drawn: here in the colour of the land.
    assert re.search(rb"\.972\d* \.96\d* \.93\d* rg", pages[0].get_contents().get_data())
    tables = [text for text in (p.extract_text() for p in pages) if text.count("Fighters met") > 3]
    assert 2 <= len(tables) <= 5
    for text in tables:
        assert all(name in text for name in ("Event", "Date", "Place", "Status", "Sentence"))


def test_dark_and_phone(drawn: Page) -> None:
    light = drawn.run("return getComputedStyle(document.querySelector('.gm-side')).backgroundColor")
    try:
        drawn.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {"features": [{"name": "prefers-color-scheme", "value": "dark"}]},
        )
        dark = drawn.run(
            "return getComputedStyle(document.querySelector('.gm-side')).backgroundColor"
        )
        assert dark != light
        size = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
        drawn.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        assert drawn.run("return document.documentElement.scrollWidth") <= 390
        below = "return document.querySelector('.gm-side').getBoundingClientRect().top > 500"
        assert drawn.wait(below)
    finally:
        drawn.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
        drawn.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


# --- other tables, other pages --------------------------------------------------------------------


def test_contract_columns_alone_are_enough(tmp_path: Path, page: Page) -> None:
    extra = "mentions actors_roles numbers_text alternatives_text reasons confidence_parts".split()
    row = event("bare", ERIS, sentence="An attack hit Eris.", trigger="attack", place_text="Eris")
    events = table(row, event("other")).drop(columns=[*extra, "area_id", "border_pair", "disputed"])
    events["radius_km"] = float("nan")
    events["date_end"] = pandas.NaT
    events["date_start"] = pandas.to_datetime(events["date_start"])
    events["actors"] = "Fighters"
    del events.attrs["header"]
    write_map(events, tmp_path / "map.html")
    page.load(tmp_path / "map.html").open_mark("Armed clash")
    assert page.texts(".leaflet-popup mark") == ["attack", "Eris"]
    assert "who: Fighters" in page.texts(".leaflet-popup dd")
    assert "overall: high" in page.texts(".leaflet-popup dd")
    assert page.text("#gm-line").startswith("2 events from ")


def test_no_events_at_all(tmp_path: Path, page: Page) -> None:
    write_map(table(event("x")).iloc[:0], tmp_path / "map.html")
    page.load(tmp_path / "map.html")
    assert (
        page.text("#gm-status")
        == "0 of 0 events: 0 on the map, 0 without a place, 0 in the table only."
    )
    page.tab("unplaced")
    assert page.texts("#gm-unplaced p") == ["Every event that fits the filters is on the map."]
    assert page.text(".gm-range") == "No event has a date."


def test_clusters_come_apart_and_large_tables_are_packed(tmp_path: Path, page: Page) -> None:
    rows = [
        event(f"e{n}", (20 + n % 40 / 10, 44 + n % 7 / 10), date_start=f"2021-0{1 + n % 9}-01",
              date_end=f"2021-0{1 + n % 9}-01", date_precision=1, event_class=name)
        for n in range(2500) for name in ["protest" if n % 3 else "shelling"]
    ]  # fmt: skip
    write_map(table(*rows), tmp_path / "map.html")
    assert b'type="application/gzip" id="geomap-details-1"' in (tmp_path / "map.html").read_bytes()
    page.load(tmp_path / "map.html")
    page.run(f"{CONTEXT}.map.setView([44.3, 22], 5, {{ animate: false }})")
    (far,) = {sum(int(x.split()[0].replace(",", "")) for x in page.labels() if "events" in x)}
    assert far == 2500
    zoom = page.run(f"return {CONTEXT}.map.getZoom()")
    page.click(".gm-mark[aria-label*='Opens nearer']")
    page.wait(f"return {CONTEXT}.map.getZoom() > arguments[0]", zoom)
    page.tab("table")
    assert len(page.texts("#gm-events tbody th")) == 100
    page.click("#gm-events .gm-more")
    assert len(page.texts("#gm-events tbody th")) == 200
    page.run(f"return {CONTEXT}.show(2400)")
    page.wait("return document.querySelectorAll('.leaflet-popup details[open] blockquote').length")


def test_a_style_of_ones_own_is_what_the_map_shows(tmp_path: Path, page: Page) -> None:
    style = Style.default().changed(
        {"classes": {"armed_clash": {"label": "Firefight", "colour": "#123456"}}}
    )
    write_map(table(event("x", ERIS)), tmp_path / "map.html", style=style)
    page.load(tmp_path / "map.html")
    assert page.labels() == ["Firefight, Eris, 8–9 July 2021"]
    assert "#123456" in page.texts(".gm-mark path", "fill")


@pytest.mark.parametrize("sandbox", ["", 'sandbox="allow-scripts"'], ids=["frame", "sandbox"])
def test_it_draws_itself_in_a_notebook_and_in_frames(
    sandbox: str, tmp_path: Path, page: Page
) -> None:
    events, lines, areas = sample()
    code = to_map(events, lines=lines, areas=areas)._repr_html_()
    path = tmp_path / "notebook.html"
    path.write_text(f"<body>{code.replace('<iframe', f'<iframe {sandbox}')}</body>", "utf-8")
    page.driver.get_log("browser")
    page.driver.get(path.as_uri())
    page.driver.switch_to.frame(0)
    page.wait("return document.querySelectorAll('.gm-mark').length >= 5")
    page.click(".gm-mark")
    page.driver.switch_to.default_content()
    assert page.logs() == []


def test_it_takes_layers_of_folium_and_can_be_switched_off(tmp_path: Path, page: Page) -> None:
    events, lines, areas = sample()
    found = to_map(events, lines=lines, areas=areas)
    assert isinstance(found, folium.Map)
    assert "cdn." not in found.get_root().render()
    folium.Circle([45.0, 22.0], radius=50_000, color="red").add_to(found)
    folium.LayerControl().add_to(found)
    text = found.get_root().render()
    assert "L.circle(" in text
    assert "jquery" in text, "Folium's own plugins need its libraries"
    path = tmp_path / "map.html"
    path.write_text(text, "utf-8")
    page.driver.get(path.as_uri())
    page.wait("return document.querySelector('.gm-app[data-ready]') !== null")
    assert "events" in " ".join(page.texts(".leaflet-control-layers-overlays span")).lower()
    box = ".leaflet-control-layers-overlays input"
    page.click(box)
    assert page.labels() == []
    page.run(f"{CONTEXT}.time.set([18816, 18817])")
    page.click(box)
    page.wait("return document.querySelectorAll('.gm-mark').length > 3")


def test_its_layer_goes_on_a_plain_folium_map(tmp_path: Path, page: Page) -> None:
    events, lines, areas = sample()
    plain = folium.Map(tiles=None)
    name = '<img src=x onerror="window.pwned = 1">'
    EventLayer(events, lines=lines, areas=areas, name=name).add_to(plain)
    folium.LayerControl().add_to(plain)
    text = re.sub(r"<(script|link)[^>]*(src|href)=.http[^>]*>", "", plain.get_root().render())
    path = tmp_path / "plain.html"
    path.write_text(text.replace("<head>", f"<head>{leaflet_css()}{leaflet_js()}", 1), "utf-8")
    page.load(path)
    assert page.texts(".leaflet-control-layers-overlays span span") == [f" {name}"]
    assert page.run("return window.pwned ?? null") is None
    assert len(page.labels()) > 3


def test_a_page_from_right_to_left(
    tmp_path: Path, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = {**words_of("en"), "lang": "ar", "dir": "rtl"}
    for module in (html, layer):
        monkeypatch.setattr(module, "words_of", lambda _: words)
    events, lines, areas = sample()
    write_map(events, tmp_path / "map.html", lines=lines, areas=areas)
    page.load(tmp_path / "map.html").view(45.0, 26.0, 6)
    assert page.run("return document.documentElement.dir") == "rtl"
    panel, stage = (page.run(f"return document.querySelector('{name}').getBoundingClientRect().x")
                    for name in (".gm-side", ".gm-stage"))  # fmt: skip
    assert panel < stage, "the table stands left of the map"
    middle = page.run(
        "const pill = [...document.querySelectorAll('.gm-pill')].find((node) =>"
        " node.textContent === 'in Dysland').getBoundingClientRect();"
        f"const {{ left }} = {CONTEXT}.map.getContainer().getBoundingClientRect();"
        f"return {CONTEXT}.map.containerPointToLatLng([pill.x + pill.width / 2 - left, 0]).lng"
    )
    assert 27 < middle < 29, "the count stands in its area"
    page.tab("table")
    dates = page.run(
        "return [...document.querySelectorAll('#gm-events td:nth-child(2)')].map((node) =>"
        " [node.textContent, getComputedStyle(node).direction])"
    )
    assert ["8–9 July 2021", "ltr"] in dates


def test_the_file_is_small_and_the_same_each_time(tmp_path: Path) -> None:
    events, lines, areas = sample()
    for name in ("a.html", "b.html"):
        write_map(events, tmp_path / name, lines=lines, areas=areas)
    first, second = ((tmp_path / name).read_bytes() for name in ("a.html", "b.html"))
    assert first == second
    assert len(first) < 1_600_000


def test_values_that_make_no_sense_leave_the_map_standing(tmp_path: Path, page: Page) -> None:
    rows = [
        event("a", ERIS, date_start="0001-01-01", date_end="9999-12-31", date_precision=1),
        event("b", (1e9, 2e9)),
        event("c", (float("nan"), 1.0)),
        event("d", (-180.0, 89.9)),
        event("e", ERIS, date_start="2021-07-09", date_end="2021-07-01"),
        event("f", ERIS, date_start="nonsense", date_end=None),
        event("g", None, precision=6, country="ZZ"),
        event("h", ERIS, precision=2, radius_km=-5.0),
        event("i", ERIS, precision=99),
        event("j", ERIS, country=5, event_class=None, status=None, layer=None),
        event("k", precision=5),
        event("l", precision=4),
    ]
    shapes = (shapely.Point(ERIS), shapely.GeometryCollection([shapely.Point(ERIS)]))
    lines, areas = (
        table({"cluster_id": name, "geometry": shape})
        for name, shape in zip("kl", shapes, strict=True)
    )
    write_map(table(*rows), tmp_path / "map.html", lines=lines, areas=areas)
    page.load(tmp_path / "map.html")
    assert page.text("#gm-status").startswith("12 of 12 events: 6 on the map")
    page.tab("table")
    page.run("document.querySelectorAll('.gm-open').forEach((node) => node.click())")
    page.tab("unplaced")
    assert len(page.texts("#gm-unplaced summary")) == 6
    assert page.logs() == []
