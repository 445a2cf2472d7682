"""The interactive map, tried in a real browser (Debian's chromium, headless)."""

import html
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import folium
import geopandas
import pandas
import pytest
import shapely

from geomap.export import basemap
from geomap.export._rows import date_words, mark_up, safe_url
from geomap.export.html import to_map, write_map

CHROMIUM = "/usr/bin/chromium"
CHROMEDRIVER = "/usr/bin/chromedriver"
FLAGS = (
    "--no-sandbox --headless --disable-gpu --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --window-size=1300,950"
).split()
SIZE_LIMIT = 1_600_000
ERIS, DYS = (20.25, 44.5), (30.5, 50.25)

Frame = geopandas.GeoDataFrame
Open = Callable[[Path], Any]


# --- a table of events, as the program makes it ---------------------------------------------------


def mention(sentence: str, trigger: str, place: str | None = None, **other: Any) -> dict[str, Any]:
    """Describe a sentence that tells of an event; offsets are within the sentence."""
    start = sentence.index(trigger)
    place_start = sentence.index(place) if place else None
    return {
        "event_id": "m",
        "sentence": sentence,
        "trigger_start": start,
        "trigger_end": start + len(trigger),
        "place_start": place_start,
        "place_end": None if place is None or place_start is None else place_start + len(place),
        "status": "reported",
        "date_text": None,
        "document_id": "d1",
        "title": "A title",
        "source": "A source",
        "url": "https://example.org/article",
        "published": "2021-07-18",
    } | other


def event(name: str, point: tuple[float, float] | None = None, **other: Any) -> dict[str, Any]:
    """Make one row; ``name`` becomes its id, and a word of its sentence."""
    sentence = f"Fighters met the {name} attack at Eris."
    row = dict.fromkeys(
        "subclass admin1 radius_km numbers_text date_text place_name attributed_to country".split()
    ) | {
        "event_id": name,
        "cluster_id": name,
        "event_class": "armed_clash",
        "layer": "conflict",
        "status": "reported",
        "date_start": "2021-07-08",
        "date_end": "2021-07-09",
        "date_precision": 2,
        "precision": 1 if point else None,
        "why": "the clause names it",
        "confidence": 0.9,
        "confidence_parts": {"place": 0.9},
        "mentions": [mention(sentence, "attack", "Eris")],
        "actors_roles": ["side_a: Fighters"],
        "alternatives_text": ["Eris, elsewhere (0.05)"],
        "reasons": ["a trigger in a main clause"],
        "geometry": shapely.Point(point) if point else None,
    }
    if point:
        row["place_name"] = "Eris"
    return row | other


def table(*rows: dict[str, Any], header: str = "Events of an article") -> Frame:
    """Make the table."""
    frame = geopandas.GeoDataFrame(list(rows), geometry="geometry", crs="EPSG:4326")
    frame.attrs |= {"header": header, "warnings": ["The day of publication is an estimate."]}
    return frame


def sample() -> tuple[Frame, Frame, Frame]:
    """Make a table with an event of every kind, with its lines and areas."""
    events = table(
        event("first", ERIS, date_start="2021-07-09"),
        event("second", ERIS, date_start="2021-07-08", event_class="shelling"),
        event("post", DYS, subclass="internal_at_border", event_class="border_clash"),
        event("near", (25.0, 47.0), precision=2, radius_km=40.0, status="claimed"),
        event("plan", (22.0, 49.0), status="planned", layer="unrest", event_class="protest"),
        event("past", (100.0, 15.0), status="past_reference", date_precision=5),
        event("land", precision=6, country="AF", place_name="Afghanistan"),
        event("area", precision=4, place_name="Dysland"),
        event("line", precision=5, place_name="the river"),
        event("nowhere", place_text="Utopia"),
        event("said", ERIS, event_class="statement", layer="other"),
    )
    river = shapely.LineString([(24, 45), (25, 46), (26, 45.5)])
    lines = table({"cluster_id": "line", "geometry": river})
    areas = table({"cluster_id": "area", "geometry": shapely.box(27, 44, 29, 46)})
    return events, lines, areas


# --- the browser ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start the browser, with a profile of its own."""
    if not (shutil.which(CHROMIUM) and shutil.which(CHROMEDRIVER)) and not os.environ.get("CI"):
        pytest.skip("chromium and its driver are not installed (Debian: chromium-driver)")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(CHROMEDRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def open_page(browser: Any) -> Open:
    """Open a file, wait until the map is drawn, and check that nothing went wrong or out."""

    def _open(path: Path) -> Any:
        browser.get("about:blank")
        browser.get_log("browser")
        browser.get_log("performance")
        browser.get(path.as_uri())
        wait_for(browser, "return document.querySelectorAll('#gm-status:not(:empty)').length")
        assert browser.get_log("browser") == []
        assert requests(browser) == [path.as_uri()]
        return browser

    return _open


def wait_for(browser: Any, script: str) -> Any:
    """Run a script again and again until it gives something."""
    end = time.monotonic() + 20
    while not (value := browser.execute_script(script)):
        assert time.monotonic() < end, f"nothing after 20 s: {script}"
        time.sleep(0.05)
    return value


def requests(browser: Any) -> list[str]:
    """Give the addresses that the browser asked for, but for data inside the page."""
    messages = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [
        message["params"]["request"]["url"]
        for message in messages
        if message["method"] == "Network.requestWillBeSent"
    ]
    return [url for url in asked if not url.startswith(("data:", "about:"))]


def texts(browser: Any, selector: str, attribute: str = "") -> list[str]:
    """Give the text, or an attribute, of all elements that a selector finds."""
    value = f"getAttribute({attribute!r})" if attribute else "textContent"
    value = value if attribute else "textContent"
    script = f"return [...document.querySelectorAll(arguments[0])].map((node) => node.{value})"
    found: list[str] = browser.execute_script(script, selector)
    return found


def labels(browser: Any) -> list[str]:
    """Give the names by which assistive software knows the marks."""
    return texts(browser, ".leaflet-marker-pane [role=button]", "aria-label")


@pytest.fixture
def drawn(tmp_path: Path, open_page: Open) -> Any:
    """Open the sample's map."""
    events, lines, areas = sample()
    write_map(events, tmp_path / "map.html", lines=lines, areas=areas)
    return open_page(tmp_path / "map.html")


# --- what the reader sees -------------------------------------------------------------------------


def test_header_warning_and_count(drawn: Any) -> None:
    assert texts(drawn, "#gm-line") == ["Events of an article"]
    assert texts(drawn, "#gm-warnings li") == ["The day of publication is an estimate."]
    status = "8 of 11 events on the map, 1 in layers that are off, 2 in the lists only."
    assert texts(drawn, "#gm-status") == [status]
    assert drawn.title == "Events of an article"


def test_every_popup_shows_its_sentence(drawn: Any) -> None:
    drawn.execute_script("document.querySelector('[data-layer=history]').click()")
    for number in range(len(texts(drawn, "#gm-table button"))):
        drawn.execute_script(
            "document.querySelectorAll('#gm-table button')[arguments[0]].click()", number
        )
        wanted = drawn.execute_script(
            "return document.querySelectorAll('#gm-table button')[arguments[0]]"
            ".closest('tr').querySelector('blockquote').textContent",
            number,
        )
        opened = ".leaflet-popup .gm-popup > article, .leaflet-popup details[open] > article"
        sentences = wait_for(
            drawn,
            f"return [...document.querySelectorAll({opened!r})].filter((node) => "
            "node.checkVisibility()).map((node) => node.querySelector('blockquote').textContent)",
        )
        assert wanted in sentences
        assert texts(drawn, ".leaflet-popup mark.gm-trigger")[0] == "attack"
        assert texts(drawn, ".leaflet-popup mark.gm-place")[0] == "Eris"
    assert number == 8


def test_history_is_off_at_first(drawn: Any) -> None:
    assert not any("1998" in label or "past" in label for label in labels(drawn))
    count = len(labels(drawn))
    box = "document.querySelector('[data-layer=history]')"
    assert drawn.execute_script(f"return {box}.checked") is False
    drawn.execute_script(f"{box}.click()")
    assert len(labels(drawn)) == count + 1
    # The view did not make room for it: it lies far east of everything else.
    east = drawn.execute_script("return map_events.getBounds().getEast()")
    assert east < 100


def test_events_at_one_point_are_one_list_in_time_order(drawn: Any) -> None:
    names = [label for label in labels(drawn) if label.startswith("2 events")]
    assert names == ["2 events: Eris"]
    drawn.execute_script("document.querySelector(arguments[0]).click()", '[aria-label^="2 events"]')
    items = texts(drawn, ".gm-item > summary")
    assert ["Shelling" in item for item in items] == [True, False]


def test_vague_places_are_never_dots(drawn: Any) -> None:
    symbols = texts(drawn, ".gm-symbol", "aria-label")
    assert not any(name in symbol for symbol in symbols for name in ("Afghan", "Dys", "river"))
    pills = texts(drawn, ".gm-pill")
    assert sorted(pills) == ["along the river", "in Afghanistan", "in Dysland"]


def test_statements_and_unplaced_events_are_listed_only(drawn: Any) -> None:
    unplaced = " ".join(texts(drawn, "#gm-unplaced"))
    assert "Not on the map (1)" in unplaced
    assert "Statements (1)" in unplaced
    assert len(texts(drawn, "#gm-table tbody tr")) == 11
    assert not any("Statement" in label for label in labels(drawn))


def test_marks_have_names_and_open_by_keyboard(drawn: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    name = "Fighting within one country, at its border post, Eris, 8–9 July 2021"
    assert name in labels(drawn)
    mark = drawn.find_element("css selector", f'[aria-label="{name}"]')
    mark.send_keys(Keys.ENTER)
    wait_for(drawn, "return document.activeElement.closest('.leaflet-popup') !== null")
    drawn.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert drawn.switch_to.active_element == mark


def test_links_are_safe(drawn: Any) -> None:
    assert set(texts(drawn, "#gm-table a", "rel")) == {"noopener noreferrer"}
    assert set(texts(drawn, "#gm-table a", "target")) == {"_blank"}
    assert set(texts(drawn, "#gm-table a", "href")) == {"https://example.org/article"}


# --- hostile and harmless text --------------------------------------------------------------------

PAYLOADS = {
    "image": "<img src=x onerror=\"window.pwned='image'\">",
    "script": "</script><script>window.pwned='script'</script>",
    "comment": "<!--<script>window.pwned='comment'",
    "backtick": "`;window.pwned='backtick';`",
    "template": "${window.pwned='template'}",
    "quote": "'\"></title><svg onload=\"window.pwned='quote'\">",
    "jinja": "{{ 7 * 7 }}{% for x in y %}{# #}",
    "address": "javascript:window.pwned='address'",
    "markup": "<b>bold</b> &lt;i&gt; & <unknown>",
    "amount": "cost ${amount}",
    "path": "C:\\new\\users\\x41",
    "separators": "a\u2028b\u2029c",
    "surrogate": "half \ud800 a letter",
    "letters": "\U0001f30d مرحبا naïve `quoted`",
}


@pytest.mark.parametrize("text", PAYLOADS.values(), ids=PAYLOADS)
def test_text_is_only_text(text: str, tmp_path: Path, open_page: Open) -> None:
    columns = "place_name place_text admin1 country attributed_to numbers_text why note subclass"
    said = mention(f"attack {text} here", "attack", text, url=text, title=text, source=text)
    rest = {
        "mentions": [said, said | {"status": text, "date_text": text, "published": text}],
        "confidence_parts": {text: text},
        **{name: [text] for name in ("actors_roles", "alternatives_text", "reasons")},
        **dict.fromkeys(columns.split(), text),
    }
    events = table(
        event("drawn", ERIS, **rest),
        event("listed", None, **rest, event_class=text, status=text, layer=text),
        header=text,
    )
    events.attrs["warnings"] = [text]
    write_map(events, tmp_path / "map.html")
    page = open_page(tmp_path / "map.html")
    page.execute_script("document.querySelectorAll('details').forEach((node) => node.open = true)")
    page.execute_script("document.querySelector('.gm-symbol').click()")
    shown = text.replace("\ud800", "\ufffd")
    assert texts(page, ".leaflet-popup mark.gm-place")[0] == shown
    assert texts(page, ".leaflet-popup blockquote")[0] == f"attack {shown} here"
    assert texts(page, "#gm-line") == texts(page, "#gm-warnings li") == [shown]
    assert texts(page, ".leaflet-popup a[target]") == []
    assert page.execute_script("return window.pwned ?? null") is None
    assert page.get_log("browser") == []


# --- the file, and the map in a notebook ----------------------------------------------------------


def test_the_file_is_small_and_the_same_each_time(tmp_path: Path) -> None:
    events, lines, areas = sample()
    for name in ("a.html", "b.html"):
        write_map(events, tmp_path / name, lines=lines, areas=areas)
    first, second = ((tmp_path / name).read_bytes() for name in ("a.html", "b.html"))
    assert first == second
    assert len(first) < SIZE_LIMIT


def test_contract_columns_alone_are_enough(tmp_path: Path, open_page: Open) -> None:
    extra = "mentions actors_roles numbers_text alternatives_text reasons confidence_parts".split()
    row = event("bare", ERIS, sentence="An attack hit Eris.", trigger="attack", place_text="Eris")
    events = table(row, event("other")).drop(columns=extra)
    events["radius_km"] = float("nan")
    events["date_end"] = pandas.NaT
    write_map(events, tmp_path / "map.html")
    page = open_page(tmp_path / "map.html")
    assert texts(page, "#gm-table mark") == ["attack", "Eris"]


def test_no_events_at_all(tmp_path: Path, open_page: Open) -> None:
    write_map(table(event("x")).iloc[:0], tmp_path / "map.html")
    page = open_page(tmp_path / "map.html")
    assert texts(page, "#gm-status") == ["0 of 0 events on the map."]
    assert texts(page, "#gm-unplaced p") == ["No event was found."]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([{}], ["Every event is on the map."]),
        ([{"event_class": "statement"}], ["Only statements were found."]),
        ([{}, {"event_class": "statement"}], ["Every event but the statements is on the map."]),
        ([{}, {"status": "negated"}], []),
    ],
)
def test_the_list_of_what_is_not_drawn_says_when_it_is_empty(
    changes: list[dict[str, Any]], words: list[str], tmp_path: Path, open_page: Open
) -> None:
    rows = [event(f"e{number}", ERIS, **row) for number, row in enumerate(changes)]
    write_map(table(*rows), tmp_path / "map.html")
    assert texts(open_page(tmp_path / "map.html"), "#gm-unplaced > p") == words


def test_it_is_a_folium_map(tmp_path: Path) -> None:
    events, lines, areas = sample()
    found = to_map(events, lines=lines, areas=areas)
    assert isinstance(found, folium.Map)
    assert "cdn." not in found.get_root().render()
    folium.Marker([1.0, 2.0], popup="mine").add_to(found)
    page = found.get_root().render()
    assert "L.marker(" in page
    assert "jquery" in page, "Folium's own popups need its libraries"


@pytest.mark.parametrize("sandbox", ["", 'sandbox="allow-scripts"'], ids=["frame", "sandbox"])
def test_it_draws_itself_in_a_notebook(sandbox: str, tmp_path: Path, browser: Any) -> None:
    events, lines, areas = sample()
    code = to_map(events, lines=lines, areas=areas)._repr_html_()
    path = tmp_path / "notebook.html"
    path.write_text(f"<body>{code.replace('<iframe', f'<iframe {sandbox}')}</body>", "utf-8")
    browser.get_log("browser")
    browser.get(path.as_uri())
    browser.switch_to.frame(0)
    wait_for(browser, "return document.querySelectorAll('.gm-symbol').length === 4")
    assert browser.get_log("browser") == []
    browser.switch_to.default_content()


def test_folium_renders_texts_as_templates_and_we_do_not() -> None:
    """Why the texts go past Folium's templates: branca renders what a template gives once more."""
    own = folium.Map(tiles=None)
    folium.Marker([0, 0], popup="{{ 7 * 7 }}").add_to(own)
    assert ">49<" in own.get_root().render()
    page = to_map(table(event("x", ERIS, why="{{ 7 * 7 }}"), header="{{ 7 * 7 }}"))
    assert page.get_root().render().count("{{ 7 * 7 }}") == 3
    assert html.escape("<title>{{ 7 * 7 }}</title>") in page._repr_html_()


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "precision", "words"),
    [
        ("2021-07-08", "2021-07-08", 1, "8 July 2021"),
        ("2021-07-08", "2021-07-09", 2, "8–9 July 2021"),
        ("2021-07-30", "2021-08-02", 2, "30 July – 2 August 2021"),
        ("2021-12-30", "2022-01-02", 2, "30 December 2021 – 2 January 2022"),
        ("2021-07-05", "2021-07-11", 3, "week of 5–11 July 2021"),
        ("2021-07-01", "2021-07-10", 4, "early July 2021"),
        ("2021-07-11", "2021-07-20", 4, "mid-July 2021"),
        ("2021-07-21", "2021-07-31", 4, "late July 2021"),
        ("2021-07-01", "2021-07-31", 4, "July 2021"),
        ("2021-07-03", "2021-07-19", 4, "between 3 July 2021 and 19 July 2021"),
        ("1998-01-01", "1998-12-31", 5, "1998"),
        ("2021-07-17", "2021-07-17", 9, "reported on 17 July 2021; day of the event not stated"),
        (None, None, None, "date not stated"),
    ],
)
def test_date_words(start: str | None, end: str | None, precision: int | None, words: str) -> None:
    assert date_words(start, end, precision) == words


def test_mark_up_counts_code_points() -> None:
    assert mark_up(mention("\U0001f30d an attack at Eris.", "attack", "Eris")) == [
        ["\U0001f30d an ", ""],
        ["attack", "trigger"],
        [" at ", ""],
        ["Eris", "place"],
        [".", ""],
    ]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", " JavaScript:x", "data:text/html,x", "//x", "http://[", 1, None]
)
def test_only_web_addresses_are_links(url: Any) -> None:
    assert safe_url(url) is None


def test_divisions_are_dropped_when_the_outlines_are_too_long() -> None:
    arcs = [[[0, 0], [1, 0]], [[5, 5], [6, 6]], [[1, 0], [0, 0]]]
    country = {"type": "Polygon", "arcs": [[0, ~2]], "properties": {"id": "XX", "name": "X"}}
    division = {"type": "Polygon", "arcs": [[1]], "properties": {"id": "1", "name": "Y"}}
    source = {
        "arcs": arcs,
        "objects": {
            "countries": {"geometries": [country]},
            "divisions": {"geometries": [division]},
        },
    }
    whole = json.loads(basemap.compact(source))
    assert len(whole["divisions"]) == 1
    short = json.loads(basemap.compact(source, limit=10))
    assert "divisions" not in short
    assert short["arcs"] == [arcs[0], arcs[2]]
    assert short["countries"] == [{"id": "XX", "name": "X", "polygons": [[[0, ~1]]]}]
