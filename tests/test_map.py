"""The interactive map as a reader has it, tried in a real browser (Debian's chromium, headless)."""

from pathlib import Path

from browser import CONTEXT, DYS, ERIS, Page, event, sample, table

from geomap.export.html import write_map


def counts(page: Page) -> dict[str, int]:
    """Give the counts beside the switches of the classes."""
    rows = page.texts("[data-facet=kind] ~ span"), page.texts("[data-facet=kind] ~ b")
    return {name: int(count) for name, count in zip(*rows, strict=True)}


def names_in_table(page: Page) -> list[str]:
    """Give the first cells of the rows of the table."""
    page.tab("table")
    return page.texts("#gm-events tbody th")


# --- header, popups, places -----------------------------------------------------------------------


def test_header_warning_and_count(drawn: Page) -> None:
    assert drawn.texts("#gm-line") == ["Events of an article"]
    assert drawn.texts("#gm-warnings li") == ["The day of publication is an estimate."]
    status = (
        "13 of 14 events: 10 on the map, 1 without a place, 2 in the table only; "
        "1 more switched off or filtered out."
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
    drawn.view(34.5, 64.0, 6)
    assert sorted(drawn.texts(".gm-pill")) == ["in Afghanistan", "in Herat: 2 events"]
    for inside in ((65.5, 33.5), (61.5, 34.2)):
        assert len(drawn.painted(*inside, reach=12)) > 2, "stripes on a paler ground"
    assert drawn.painted(58.0, 34.0) == set(), "Iran has no event"
    drawn.view(45.0, 26.0, 6)
    assert sorted(drawn.texts(".gm-pill")) == ["along the river", "in Dysland"]
    assert drawn.painted(24.5, 45.5)
    assert drawn.painted(28.0, 45.0)
    assert drawn.painted(22.5, 45.0) == set()
    dots = drawn.run(
        "return [...document.querySelectorAll('.gm-mark')].filter((node) =>"
        " !node.querySelector('.gm-pill')).map((node) => node.getAttribute('aria-label'))"
    )
    assert not any(name in dot for dot in dots for name in ("Afghan", "Herat", "Dys", "river"))


def test_an_area_tells_its_name_under_the_mouse_and_opens(drawn: Page) -> None:
    from selenium.webdriver import ActionChains

    drawn.view(34.5, 64.0, 6)
    assert drawn.run(f"return {CONTEXT}.marks.shapeAt({{ lat: 34, lng: 58 }}) ?? null") is None
    x, y = drawn.run(
        f"const {{ x, y }} = {CONTEXT}.map.latLngToContainerPoint([34.2, 61.5]);"
        "const box = document.querySelector('.folium-map').getBoundingClientRect();"
        "return [x + box.left, y + box.top].map(Math.round)"
    )
    chain = ActionChains(drawn.driver, duration=20)
    chain.w3c_actions.pointer_action.move_to_location(x, y)
    chain.perform()
    assert drawn.wait("return document.querySelector('.folium-map.gm-over')?.title") == (
        "in Herat: 2 events"
    )
    chain.click().perform()
    drawn.wait("return document.querySelector('.leaflet-popup') !== null")
    assert drawn.text(".gm-list-title") == "2 events here, in time order"


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
    drawn.view(47.0, 25.0, 8)
    north = 40 / 111.19
    assert drawn.painted(25.0, 47.0 + 0.75 * north, 1), "inside"
    inside, edge = (drawn.painted(25.0, 47.0 + part * north, 4) for part in (0.75, 1.0))
    assert max(colour[3] for colour in inside) < 40 < max(colour[3] for colour in edge)
    assert drawn.painted(25.0, 47.0 + 1.2 * north) == set(), "outside"


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
    drawn.switch("status", "looks back on")
    assert drawn.text("#gm-status").startswith("14 of 14 events")
    assert "1998" not in drawn.text(".gm-range")
    assert drawn.run(f"return {CONTEXT}.map.getBounds().toBBoxString()") == before


def test_statements_and_what_did_not_happen_stand_in_the_table_only(drawn: Page) -> None:
    assert drawn.text("#gm-tab-unplaced") == "No place (1)"
    drawn.tab("unplaced")
    listed = drawn.texts("#gm-unplaced summary")
    assert any("“Utopia”: named in the text, not found in the gazetteer" in x for x in listed)
    others = [*listed, *drawn.labels()]
    assert not any("Statement" in text or "not to have happened" in text for text in others)
    assert "Statement" in " ".join(names_in_table(drawn))
    assert "not to have happened" in " ".join(drawn.texts("#gm-events tbody td"))


def test_the_header_counts_as_the_page_does(tmp_path: Path, page: Page) -> None:
    events, lines, areas = sample()
    del events.attrs["header"]
    write_map(events, tmp_path / "map.html", lines=lines, areas=areas)
    page.load(tmp_path / "map.html")
    assert page.text("#gm-line") == (
        "14 events from 1 article, 11 drawn, 1 listed without a place, 2 in the table only; "
        "machine-coded, not reviewed"
    )
    page.switch("status", "looks back on")
    counted = "14 of 14 events: 11 on the map, 1 without a place, 2 in the table only."
    assert page.text("#gm-status") == counted
    assert page.text("#gm-tab-unplaced") == "No place (1)"


# --- time, filters, search: all in step -----------------------------------------------------------


def test_the_brush_moves_by_keyboard_and_everything_follows(drawn: Page) -> None:
    from selenium.webdriver.common.keys import Keys

    assert drawn.text(".gm-range") == "5 Jul 2021 – 11 Jul 2021"
    assert len(names_in_table(drawn)) == 13
    last = drawn.find(".gm-handle-to input")
    last.send_keys(Keys.ARROW_LEFT * 3)
    assert drawn.text(".gm-range") == "5 Jul 2021 – 8 Jul 2021"
    assert drawn.texts(".gm-handle-to input", "aria-valuetext") == ["8 Jul 2021"]
    assert not any("Armed clash, Eris, 9 July" in label for label in drawn.labels())
    assert any(label.startswith("Shelling") for label in drawn.labels())
    assert not any("Protest" in label for label in drawn.labels())
    assert len(names_in_table(drawn)) == 11
    assert counts(drawn)["Protest"] == 0
    drawn.find(".gm-handle-move input").send_keys(Keys.ARROW_RIGHT)
    assert drawn.text(".gm-range") == "6 Jul 2021 – 9 Jul 2021"
    drawn.find(".gm-handle-move input").send_keys(Keys.ESCAPE)
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
    drawn.switch("kind", "Armed clash")
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
    drawn.view(34.5, 64.0, 6)
    pill = drawn.find('.gm-mark[aria-label*="Herat"]')
    pill.send_keys(Keys.SPACE)
    drawn.wait("return document.querySelector('.leaflet-popup') !== null")
