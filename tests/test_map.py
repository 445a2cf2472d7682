"""The interactive map as a reader has it, tried in a real browser (Debian's chromium, headless)."""

import csv
import io
import json
from pathlib import Path

import folium
import pandas
import pytest
import shapely
from browser import CONTEXT, DYS, ERIS, Page, event, sample, table

from geomap.export.html import EventLayer, to_map, write_map
from geomap.style import Style


@pytest.fixture
def drawn(tmp_path: Path, page: Page) -> Page:
    """Open the sample's map."""
    events, lines, areas = sample()
    write_map(events, tmp_path / "map.html", lines=lines, areas=areas)
    return page.load(tmp_path / "map.html")


def counts(page: Page) -> dict[str, int]:
    """Give the counts beside the switches of the classes."""
    rows = page.texts("[data-facet=kind] ~ span"), page.texts("[data-facet=kind] ~ b")
    return {name: int(count) for name, count in zip(*rows, strict=True)}


def names_in_table(page: Page) -> list[str]:
    """Give the first cells of the rows of the table."""
    page.tab("table")
    return page.texts("#gm-events tbody th")


def switch(page: Page, facet: str, text: str) -> None:
    """Press the switch of a filter, by its text."""
    page.run(
        "[...document.querySelectorAll(`[data-facet=${arguments[0]}]`)].find((input) =>"
        " input.parentNode.textContent.includes(arguments[1])).click()",
        facet,
        text,
    )


# --- header, popups, places -----------------------------------------------------------------------


def test_header_warning_and_count(drawn: Page) -> None:
    assert drawn.texts("#gm-line") == ["Events of an article"]
    assert drawn.texts("#gm-warnings li") == ["The day of publication is an estimate."]
    status = (
        "13 of 14 events: 10 on the map, 3 in the table only; 1 more switched off or filtered out."
    )
    assert drawn.text("#gm-status") == status
    assert drawn.driver.title == "Events of an article"
    assert drawn.run("return document.documentElement.lang") == "en"
    assert drawn.texts("#gm-status", "aria-live") == ["polite"]


def test_a_popup_holds_the_whole_proof(drawn: Page) -> None:
    drawn.open_mark("Armed clash, Eris")
    facts = dict(
        zip(
            drawn.texts(".leaflet-popup dt"),
            drawn.run(
                "return [...document.querySelectorAll('.leaflet-popup dl > div')].map((row) =>"
                " [...row.querySelectorAll('dd')].map((node) => node.textContent).join(' | '))"
            ),
            strict=True,
        )
    )
    assert facts == {
        "Status": "claimed by one side, not confirmed",
        "When": "8–9 July 2021",
        "Where": "near Eris (within about 40 km)",
        "Who": "one side: Fighters",
        "Who says so": "the article itself",
        "Why here": "the clause names it",
        "It could also be": "Eris, elsewhere (0.05)",
        "Confidence": "what happened: high | the place: medium | the date: low",
        "Why this class": "a trigger in a main clause",
    }
    assert drawn.text(".leaflet-popup blockquote") == "Fighters met the near attack at Eris."
    assert drawn.texts(".leaflet-popup mark.gm-trigger") == ["attack"]
    assert drawn.texts(".leaflet-popup mark.gm-place") == ["Eris"]
    assert drawn.texts(".leaflet-popup .gm-source a", "href") == ["https://example.org/article"]
    assert drawn.texts(".leaflet-popup .gm-source a", "rel") == ["noopener noreferrer"]
    assert "published 18 Jul 2021" in drawn.text(".leaflet-popup .gm-source")


def test_every_report_of_a_cluster_is_folded_in_its_card(tmp_path: Path, page: Page) -> None:
    row = event("one", ERIS)
    other = dict(row["mentions"][0], sentence="Another attack told.", source="Other", url="ftp://x")
    write_map(table(row | {"mentions": [row["mentions"][0], other]}), tmp_path / "map.html")
    page.load(tmp_path / "map.html").open_mark("Armed clash")
    assert page.labels() == ["Armed clash, Eris, 8–9 July 2021"]
    assert page.text(".gm-mentions summary") == "1 more mention in the reports"
    assert page.texts(".leaflet-popup blockquote")[1] == "Another attack told."
    assert page.texts(".leaflet-popup a[target]", "href") == ["https://example.org/article"]


def test_events_at_one_place_are_one_list_in_time_order(drawn: Page) -> None:
    (name,) = [label for label in drawn.labels() if label.startswith("2 events")]
    assert name == "2 events: Eris. 1 Shelling or missile attack, 1 Armed clash"
    drawn.open_mark("2 events: Eris")
    assert drawn.text(".gm-list-title") == "2 events here, in time order"
    shelled = ["Shelling" in item for item in drawn.texts(".leaflet-popup .gm-item > summary")]
    assert shelled == [True, False]
    parts = drawn.run("return document.querySelector('.gm-mark .gm-ring').style.background")
    assert parts.startswith("conic-gradient(")


def test_vague_places_are_shaded_or_lie_along_a_line_never_dots(drawn: Page) -> None:
    pills = sorted(drawn.texts(".gm-pill"))
    assert pills == [
        "along the river",
        "in Afghanistan",
        "in Dysland",
        "in Herat: 2 events",
    ]
    shapes = drawn.texts("path.gm-shape", "fill")
    assert len(shapes) == 4
    assert sum(fill.startswith("url(#gm-hatch-") for fill in shapes) == 3
    dots = drawn.run(
        "return [...document.querySelectorAll('.gm-mark')].filter((node) =>"
        " !node.querySelector('.gm-pill')).map((node) => node.getAttribute('aria-label'))"
    )
    assert not any(name in dot for dot in dots for name in ("Afghan", "Herat", "Dys", "river"))


def test_a_district_without_an_outline_says_that_its_province_is_shaded(drawn: Page) -> None:
    drawn.run(
        f"{CONTEXT}.show([...Array(14).keys()].find((i) => {CONTEXT}.model.id(i) === 'guzara'))"
    )
    words = " ".join(drawn.texts(".leaflet-popup details[open] dd"))
    assert (
        "in the district of Guzara (Herat, Afghanistan); its outline is not known, so Herat, "
        "which holds it, is shaded" in words
    )


def test_near_a_place_is_a_circle_to_scale(drawn: Page) -> None:
    assert len(drawn.texts("path.gm-near")) == 1
    metres = drawn.run(
        f"let found; {CONTEXT}.map.eachLayer((layer) => {{ if (layer instanceof L.Circle)"
        " found = layer.getRadius(); }); return found"
    )
    assert metres == 40_000


def test_outlines_tell_the_status(drawn: Page) -> None:
    marks = drawn.run(
        "return Object.fromEntries([...document.querySelectorAll('.gm-mark')].map((node) =>"
        " [node.getAttribute('aria-label'), node.innerHTML]))"
    )
    by_word = {
        word: next(html for label, html in marks.items() if word in label)
        for word in ("Protest", "Armed clash, Eris", "Fighting within one country")
    }
    assert 'fill="#ffffff"' in by_word["Protest"], "planned: hollow"
    assert "stroke-dasharray" in by_word["Armed clash, Eris"], "claimed: dashed"
    assert "M12 .8V23.2L.8 12Z" in by_word["Fighting within one country"], "a mark of its own"
    assert "no clash between the two states" in " ".join(counts(drawn))


def test_past_references_are_off_outside_the_view_and_outside_the_days(drawn: Page) -> None:
    assert not any("1998" in label for label in drawn.labels())
    before = drawn.run(f"return {CONTEXT}.map.getBounds().toBBoxString()")
    assert float(before.split(",")[2]) < 100
    assert "8 Jul 2021" in drawn.text(".gm-range") or "5 Jul 2021" in drawn.text(".gm-range")
    switch(drawn, "status", "looks back on")
    assert drawn.text("#gm-status").startswith("14 of 14 events")
    assert "1998" not in drawn.text(".gm-range")
    assert drawn.run(f"return {CONTEXT}.map.getBounds().toBBoxString()") == before


def test_statements_and_what_did_not_happen_stand_in_the_table_only(drawn: Page) -> None:
    assert drawn.text("#gm-tab-unplaced") == "No place (2)"
    drawn.tab("unplaced")
    listed = drawn.texts("#gm-unplaced summary")
    assert any("“Utopia”: named in the text, not found in the gazetteer" in x for x in listed)
    assert not any("Statement" in text for text in [*listed, *drawn.labels()])
    assert "Statement" in " ".join(names_in_table(drawn))


# --- time, filters, search: all in step -----------------------------------------------------------


def test_the_brush_moves_by_keyboard_and_everything_follows(drawn: Page) -> None:
    from selenium.webdriver.common.keys import Keys

    assert drawn.text(".gm-range") == "5 Jul 2021 – 11 Jul 2021"
    assert len(names_in_table(drawn)) == 13
    last = drawn.find(".gm-handle-to")
    last.send_keys(Keys.ARROW_LEFT * 3)
    assert drawn.text(".gm-range") == "5 Jul 2021 – 8 Jul 2021"
    assert drawn.texts(".gm-handle-to", "aria-valuetext") == ["8 Jul 2021"]
    assert not any("Armed clash, Eris, 9 July" in label for label in drawn.labels())
    assert any(label.startswith("Shelling") for label in drawn.labels())
    assert not any("Protest" in label for label in drawn.labels())
    assert len(names_in_table(drawn)) == 11
    assert counts(drawn)["Protest"] == 0
    drawn.find(".gm-handle-move").send_keys(Keys.ARROW_RIGHT)
    assert drawn.text(".gm-range") == "6 Jul 2021 – 9 Jul 2021"
    drawn.find(".gm-handle-move").send_keys(Keys.ESCAPE)
    assert drawn.text(".gm-range") == "5 Jul 2021 – 11 Jul 2021"
    assert len(names_in_table(drawn)) == 13


def test_the_brush_is_drawn_with_the_mouse(drawn: Page) -> None:
    from selenium.webdriver import ActionChains

    days = drawn.find(".gm-days")
    width = days.size["width"]
    chain = ActionChains(drawn.driver, duration=20)
    chain.move_to_element_with_offset(days, int(-width / 2 + width * 4.5 / 7), 0).click_and_hold()
    chain.move_by_offset(int(-width * 3 / 7), 0).release().perform()
    assert drawn.wait(f"return {CONTEXT}.filter.range") is not None
    assert drawn.text(".gm-range") == "6 Jul 2021 – 9 Jul 2021"
    drawn.click(".gm-time-head button")
    assert drawn.run(f"return {CONTEXT}.filter.range") is None


def test_weeks_and_months_are_strips_and_undated_events_lie_in_a_tray(drawn: Page) -> None:
    assert drawn.wait("return document.querySelectorAll('.gm-strip').length") == 2
    assert "Undated: 1" in drawn.texts(".gm-time-head button")
    drawn.tab("table")
    assert "Utopia" in " ".join(drawn.texts("#gm-events tbody tr"))
    drawn.run("document.querySelectorAll('.gm-time-head button')[1].click()")
    assert "Utopia" not in " ".join(drawn.texts("#gm-events tbody tr"))
    assert drawn.text("#gm-status").startswith("12 of 14 events")


def test_one_far_date_does_not_shrink_the_others(tmp_path: Path, page: Page) -> None:
    rows = [event("far", DYS, date_start="1998-03-01", date_end="1998-03-01", date_precision=1)]
    write_map(table(*rows, *(event(str(n), ERIS) for n in range(5))), tmp_path / "map.html")
    page.load(tmp_path / "map.html")
    assert page.text(".gm-range") == "8 Jul 2021 – 9 Jul 2021"
    assert "Far outside these days: 1." in page.text(".gm-note")
    assert page.text("#gm-status").startswith("6 of 6 events: 6 on the map")


def test_a_switch_changes_marks_table_and_the_counts_of_the_others(drawn: Page) -> None:
    statuses = dict(
        zip(drawn.texts("[data-facet=status] ~ span"), drawn.texts("[data-facet=status] ~ b"),
            strict=True)
    )  # fmt: skip
    assert statuses["reported"] == "10"
    switch(drawn, "kind", "Armed clash")
    assert not any("Armed clash" in label for label in drawn.labels())
    assert set(names_in_table(drawn)).isdisjoint({"Armed clash"})
    assert drawn.texts("[data-facet=status] ~ b")[0] == "3"
    assert counts(drawn)["Armed clash"] == 9, "what the others let through"
    whole = "document.querySelector('legend input')"
    drawn.run(f"{whole}.click()")
    assert not any("Fighting" in label for label in drawn.labels())
    drawn.click(".gm-reset")
    drawn.wait("return document.getElementById('gm-status').textContent.startsWith('13 of 14')")


def test_search_reads_sentences_places_and_sources(drawn: Page) -> None:
    for query, found in (("ütopiá", 1), ("FIGHTERS second", 1), ("a source", 13), ("zzz", 0)):
        drawn.run(
            "const box = document.getElementById('gm-search'); box.value = arguments[0];"
            "box.dispatchEvent(new Event('input'))",
            query,
        )
        drawn.wait(
            "return document.getElementById('gm-status').textContent.startsWith(arguments[0])",
            f"{found} of 14 events",
        )
    drawn.tab("table")
    assert drawn.texts("#gm-events tbody td") == ["No event fits the filters."]


def test_the_table_sorts_and_opens_its_proof(drawn: Page) -> None:
    names = names_in_table(drawn)
    assert drawn.texts("th[aria-sort]", "aria-sort") == ["ascending"]
    drawn.click("th[data-sort=event] button")
    assert names_in_table(drawn) == sorted(names)
    drawn.click("th[data-sort=event] button")
    assert names_in_table(drawn) == sorted(names, reverse=True)
    assert drawn.texts("th[aria-sort]", "aria-sort") == ["descending"]
    drawn.click("#gm-events tbody button")
    assert drawn.texts("#gm-events tbody button", "aria-expanded")[0] == "true"
    assert "Fighters met" in drawn.text(".gm-proof blockquote")
    assert "Show on the map" not in drawn.texts(".gm-proof button")
    drawn.run("[...document.querySelectorAll('#gm-events th button')].find((node) =>"
              " node.textContent === 'Protest').click()")  # fmt: skip
    drawn.run("[...document.querySelectorAll('.gm-proof button')].at(-1).click()")
    assert "the plan attack" in drawn.text(".leaflet-popup blockquote")


def test_marks_and_popups_work_by_keyboard(drawn: Page) -> None:
    from selenium.webdriver.common.keys import Keys

    name = "Fighting within one country, at its border post, Eris, 8–9 July 2021"
    mark = drawn.find(f'[aria-label="{name}"]')
    mark.send_keys(Keys.ENTER)
    drawn.wait("return document.activeElement.closest('.leaflet-popup') !== null")
    assert drawn.texts(".leaflet-popup[role=dialog]", "aria-label") == [name]
    drawn.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    drawn.wait("return document.querySelector('.leaflet-popup') === null")
    assert drawn.driver.switch_to.active_element == mark
    drawn.find("#gm-tab-filter").send_keys(Keys.ARROW_RIGHT)
    assert drawn.run("return document.activeElement.id") == "gm-tab-table"
    pill = drawn.find('.gm-mark[aria-label*="Herat"]')
    pill.send_keys(Keys.SPACE)
    drawn.wait("return document.querySelector('.leaflet-popup') !== null")


# --- links, downloads, paper ----------------------------------------------------------------------


def test_a_link_brings_back_view_filters_and_event(drawn: Page, tmp_path: Path) -> None:
    drawn.run(f"{CONTEXT}.time.set([18816, 18817])")
    switch(drawn, "kind", "Shelling")
    switch(drawn, "status", "looks back on")
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
    switch(page, "kind", "Protest")
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
    from geomap.columns import COLUMNS

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
    assert page.text("#gm-status") == "0 of 0 events: 0 on the map, 0 in the table only."
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
    page.wait("return document.querySelectorAll('.gm-mark').length === 8")
    page.click(".gm-mark")
    page.driver.switch_to.default_content()
    assert page.logs() == []


def test_it_takes_folium_layers_and_its_layer_goes_on_a_plain_folium_map(
    tmp_path: Path, page: Page
) -> None:
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
    plain = folium.Map(tiles=None)
    EventLayer(events, name="News").add_to(plain)
    assert "geomap.eventLayer()" in plain.get_root().render()


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
