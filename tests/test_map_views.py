"""What a reader sees: nothing covered, cut off, turned round or out of reach, in a real browser."""

import itertools
import math
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import shapely
from browser import CONTEXT, DYS, ERIS, Page, event, mention, table

from geomap.export.html import write_map

HERAT: dict[str, Any] = {
    "precision": 4, "country": "AF", "admin1": "Herat", "place_name": "Herat",
    "place_id": "geonames:1140025", "area_id": "geonames:1140025",
}  # fmt: skip
BOX = "getBoundingClientRect().toJSON()"


@pytest.fixture
def phone(page: Page) -> Iterator[Page]:
    """Make the window as small as that of a phone."""
    size = {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    yield page
    page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def show(page: Page, folder: Path, *rows: dict[str, Any], view: str = "") -> Page:
    """Open the map of some rows."""
    write_map(table(*rows), folder / "map.html")
    page.load(folder / "map.html", view and f"#v={view}")
    page.run(f"{CONTEXT}.layoutNow()")
    return page


def box(page: Page, selector: str) -> dict[str, float]:
    """Give where an element stands in the window."""
    found: dict[str, float] = page.run(
        f"return document.querySelector(arguments[0]).{BOX}", selector
    )
    return found


def inside(part: dict[str, float], whole: dict[str, float]) -> bool:
    return (
        part["left"] >= whole["left"]
        and part["right"] <= whole["right"]
        and part["top"] >= whole["top"]
        and part["bottom"] <= whole["bottom"]
    )


def apart(one: dict[str, float], other: dict[str, float]) -> bool:
    return (
        one["right"] <= other["left"]
        or one["left"] >= other["right"]
        or one["bottom"] <= other["top"]
        or one["top"] >= other["bottom"]
    )


# --- cards ----------------------------------------------------------------------------------------


def test_a_popup_fits_a_phone_and_can_be_closed(phone: Page, tmp_path: Path) -> None:
    show(phone, tmp_path, event("one", ERIS), event("two", DYS)).open_mark("Armed clash, Eris")
    phone.wait("return !document.querySelector('.leaflet-pan-anim')")
    whole = box(phone, ".folium-map")
    assert inside(box(phone, ".leaflet-popup-content-wrapper"), whole)
    assert inside(box(phone, ".leaflet-popup-close-button"), whole)
    zoom = "return getComputedStyle(document.querySelector('.leaflet-control-zoom')).visibility"
    assert phone.run(zoom) == "hidden", "it would cover the popup"
    phone.click(".leaflet-popup-close-button")
    assert phone.wait(f"{zoom} === 'visible'")


def test_a_popup_stays_clear_of_the_buttons(page: Page, tmp_path: Path) -> None:
    show(page, tmp_path, event("one", ERIS), view="6/45/22").open_mark("Armed clash, Eris")
    page.run(f"{CONTEXT}.map.setView([44.5, 26], 6, {{ animate: false }})")
    page.open_mark("Armed clash, Eris")
    page.wait("return !document.querySelector('.leaflet-pan-anim')")
    card = box(page, ".leaflet-popup-content-wrapper")
    assert apart(card, box(page, ".leaflet-control-zoom"))


@pytest.mark.parametrize("title", ["\u202eturned", "عنوان الخبر"], ids=["override", "arabic"])
def test_a_title_turns_nothing_but_itself(title: str, page: Page, tmp_path: Path) -> None:
    said = mention("An attack hit Eris.", "attack", title=title, source="\u202eoutlet")
    show(page, tmp_path, event("one", ERIS, mentions=[said])).open_mark("Armed clash")
    assert page.text(".leaflet-popup .gm-source").startswith(f"{title} · \u202eoutlet · published")
    left = page.run(
        "const text = [...document.querySelectorAll('.leaflet-popup .gm-source bdi')].at(-1);"
        "return [0, 5].map((at) => { const range = document.createRange();"
        "range.setStart(text.firstChild, at); range.setEnd(text.firstChild, at + 1);"
        f"return range.{BOX}.left; }})"
    )
    assert left[0] < left[1], "published 18 Jul 2021 is read from left to right"


def test_a_title_of_thousands_of_letters_leaves_room_for_the_proof(
    page: Page, tmp_path: Path
) -> None:
    said = mention("An attack hit Eris.", "attack", title="\U0001f30d" * 2500, source="x" * 5000)
    show(page, tmp_path, event("one", ERIS, mentions=[said])).open_mark("Armed clash")
    text = page.text(".leaflet-popup .gm-source")
    assert len(text) < 250
    assert re.fullmatch("\U0001f30d+… · x+… · published 18 Jul 2021", text)
    assert box(page, ".leaflet-popup .gm-source")["height"] < 150


def test_what_is_disputed_is_said_in_every_list(page: Page, tmp_path: Path) -> None:
    rows = [event("one", ERIS, disputed=True), event("two", ERIS), event("three", disputed=True)]
    show(page, tmp_path, *rows).open_mark("2 events")
    lines = page.texts(".leaflet-popup small")
    assert ["disputed" in line for line in lines] == [True, False]
    page.tab("table")
    states = page.texts("#gm-events tbody td:nth-child(4)")
    assert sorted(states) == ["reported", "reported; disputed", "reported; disputed"]
    page.tab("unplaced")
    assert "reported; disputed" in page.text("#gm-unplaced small")


def test_a_region_without_an_outline_is_no_line(page: Page, tmp_path: Path) -> None:
    show(page, tmp_path, event("one", precision=5, place_name="Kashmir", place_id="geonames:1"))
    page.tab("unplaced")
    line = page.text("#gm-unplaced small")
    assert line.endswith(
        "Kashmir: a line or region without an outline here; the point is not stated"
    )


# --- days -----------------------------------------------------------------------------------------


def test_what_is_planned_for_next_week_lies_on_the_days(page: Page, tmp_path: Path) -> None:
    def on(name: str, start: str, end: str, precision: int, **other: Any) -> dict[str, Any]:
        return event(name, ERIS, date_start=start, date_end=end, date_precision=precision, **other)

    rows = [
        on("one", "2024-05-14", "2024-05-14", 1),
        on("next", "2024-05-20", "2024-05-26", 3, status="planned"),
        on("far", "2031-01-01", "2031-01-01", 1, status="planned"),
        on("year", "2024-01-01", "2024-12-31", 5),
    ]
    show(page, tmp_path, *rows)
    assert page.text(".gm-range") == "14 May 2024 – 26 May 2024"
    assert "Far outside these days: 1." in page.text(".gm-note")


# --- names and counts on the map ------------------------------------------------------------------


def test_a_count_that_finds_no_room_in_its_area_stands_beside_it(
    page: Page, tmp_path: Path
) -> None:
    herat = event("area", **HERAT)
    show(page, tmp_path, herat, event("one", (62.2, 34.35)), view="4.5/34/62")
    assert page.texts(".gm-pill") == ["in Herat"]
    assert page.texts(".gm-crowded") == []
    assert apart(box(page, ".gm-pill"), box(page, ".gm-mark > svg"))


def test_no_mark_covers_another(page: Page, tmp_path: Path) -> None:
    dice = random.Random(3)
    near = [(dice.gauss(20, 3), dice.gauss(45, 2)) for _ in range(300)]
    show(page, tmp_path, *(event(f"e{n}", at) for n, at in enumerate(near)), view="5/45/20")
    circles = page.run(
        "return [...document.querySelectorAll('.gm-mark')].map((node) => {"
        f"const {{ x, y, width }} = node.{BOX}, half = width / 2;"
        "return [x + half, y + half, half]; })"
    )
    assert len(circles) > 20
    for (x, y, size), (u, v, other) in itertools.combinations(circles, 2):
        assert math.hypot(x - u, y - v) >= size + other


@pytest.mark.parametrize("zoom", [2, 4.5, 7])
def test_names_fit_the_zoom_and_cover_nothing(zoom: float, page: Page, tmp_path: Path) -> None:
    towns = {"Alfa": (62.2, 34.3), "Beta": (61.1, 33.0), "Gamma": (65.7, 31.6)}
    rows = [event(name, at, place_name=name) for name, at in towns.items()]
    show(page, tmp_path, *rows, event("area", **HERAT), view=f"{zoom}/33/64")
    find = "return [...document.querySelectorAll(arguments[0])]"
    names = page.run(f"{find}.map((node) => node.{BOX})", ".gm-name, .gm-pill")
    others = page.run(f"{find}.map((node) => node.{BOX})", ".gm-mark > svg, .leaflet-control")
    for one, other in itertools.combinations([*names, *others], 2):
        assert apart(one, other)
    whole = box(page, ".folium-map")
    assert [name for name in names if not inside(name, whole)] == []
    countries = set(page.texts(".gm-name-country"))
    assert ("TAJIKISTAN" in countries) == (zoom == 4.5)
    divisions = set(page.texts(".gm-name-division"))
    assert ("Farah" in divisions) == (zoom > 6)


def test_a_name_at_the_edge_is_not_cut(page: Page, tmp_path: Path) -> None:
    row = event("one", ERIS, place_name="A long name of a place")
    show(page, tmp_path, row, view="6/44.5/20.25")
    east = page.run(f"return {CONTEXT}.map.getBounds().getWest()") - ERIS[0] + 1.2
    page.run(f"{CONTEXT}.map.setView([44.5, arguments[0] + 20.25], 6, {{ animate: false }})", east)
    page.run(f"{CONTEXT}.layoutNow()")
    name, mark = box(page, ".gm-name-place"), box(page, ".gm-mark")
    assert inside(name, box(page, ".folium-map"))
    assert name["right"] <= mark["left"]


def test_areas_and_lines_stand_out_from_the_land_in_every_colour(
    page: Page, tmp_path: Path
) -> None:
    river = shapely.LineString([(24, 45), (25, 46), (26, 45.5)])
    line = event("line", precision=5, place_name="the river", event_class="explosion")
    area = event("area", precision=4, place_name="Dysland", event_class="explosion")
    lines = table({"cluster_id": "line", "geometry": river})
    areas = table({"cluster_id": "area", "geometry": shapely.box(27, 44, 29, 46)})
    write_map(table(line, area), tmp_path / "map.html", lines=lines, areas=areas)
    page.load(tmp_path / "map.html")
    land = page.run(
        f"return getComputedStyle({CONTEXT}.map.getContainer()).getPropertyValue('--land')"
    ).strip()
    ground = luminance([int(land[at : at + 2], 16) for at in (1, 3, 5)])
    page.view(45.0, 26.0, 6)
    for edge in ((24.5, 45.5), (27.0, 45.0)):
        firm = [luminance(colour) for colour in page.painted(*edge) if colour[3] > 200]
        assert (ground + 0.05) / (min(firm) + 0.05) >= 2.5


def luminance(colour: Sequence[int]) -> float:
    """Give the relative luminance of a colour, as WCAG has it."""
    parts = [c / 3294.6 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


# --- the wide table -------------------------------------------------------------------------------


def test_the_map_keeps_its_events_when_the_table_is_wide(page: Page, tmp_path: Path) -> None:
    show(page, tmp_path, event("one", ERIS), event("two", (60.0, 40.0)))
    zoom = page.run(f"return {CONTEXT}.map.getZoom()")
    page.tab("table")
    page.click(".gm-wide-button button")
    whole = box(page, ".folium-map")
    marks = page.run(f"return [...document.querySelectorAll('.gm-mark')].map((node) => node.{BOX})")
    assert len(marks) == 2
    assert all(inside(mark, whole) for mark in marks)
    assert page.run(f"return {CONTEXT}.map.getZoom()") < zoom
    page.click(".gm-wide-button button")
    assert page.run(f"return {CONTEXT}.map.getZoom()") == zoom
