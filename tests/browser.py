"""A real browser for the tests of the map, and the tables of events that they draw."""

import json
import time
from pathlib import Path
from typing import Any

import geopandas
import shapely
from samples import geo_table

CHROMIUM = "/usr/bin/chromium"
CHROMEDRIVER = "/usr/bin/chromedriver"
FLAGS = (
    "--no-sandbox --headless --disable-gpu --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --window-size=1300,950"
).split()
ERIS, DYS = (20.25, 44.5), (30.5, 50.25)
COMPLETE = "return document.querySelector('.gm-app[data-complete]') !== null"
CONTEXT = "event_layer_events.geomap"

Frame = geopandas.GeoDataFrame


class Page:
    """A map that is open in the browser."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def run(self, script: str, *arguments: Any) -> Any:
        """Run a script and give what it returns."""
        return self.driver.execute_script(script, *arguments)

    def wait(self, script: str, *arguments: Any) -> Any:
        """Run a script again and again until it gives something."""
        end = time.monotonic() + 20
        while not (value := self.run(script, *arguments)):
            assert time.monotonic() < end, f"nothing after 20 s: {script}"
            time.sleep(0.03)
        return value

    def texts(self, selector: str, attribute: str = "") -> list[str]:
        """Give the text, or an attribute, of all elements that a selector finds."""
        value = f"getAttribute({attribute!r})" if attribute else "textContent"
        script = f"return [...document.querySelectorAll(arguments[0])].map((node) => node.{value})"
        found: list[str] = self.run(script, selector)
        return found

    def text(self, selector: str) -> str:
        """Give the text of one element."""
        (found,) = self.texts(selector)
        return found

    def click(self, selector: str) -> None:
        """Click the first element that a selector finds."""
        self.run("document.querySelector(arguments[0]).click()", selector)

    def find(self, selector: str) -> Any:
        """Give the first element that a selector finds."""
        return self.driver.find_element("css selector", selector)

    def tab(self, name: str) -> None:
        """Open a tab of the panel."""
        self.click(f"#gm-tab-{name}")

    def switch(self, facet: str, text: str) -> None:
        """Press the switch of a filter, by its text."""
        self.run(
            "[...document.querySelectorAll(`[data-facet=${arguments[0]}]`)].find((input) =>"
            " input.parentNode.textContent.includes(arguments[1])).click()",
            facet,
            text,
        )

    def view(self, lat: float, lng: float, zoom: float) -> None:
        """Move the map, and lay its names out at once."""
        move = f"{CONTEXT}.map.setView(arguments[0], arguments[1], {{ animate: false }})"
        self.run(f"{move}; {CONTEXT}.layoutNow()", [lat, lng], zoom)

    def painted(self, lng: float, lat: float, reach: int = 6) -> set[tuple[int, ...]]:
        """Give the colours, with their opacity, of areas and lines around a point of the map."""
        colours = self.run(
            f"const {{ map, marks: {{ canvas }} }} = {CONTEXT}, [lng, lat, reach] = arguments;"
            "const scale = canvas._container.width / canvas._bounds.getSize().x;"
            "const at = map.latLngToLayerPoint([lat, lng]).subtract(canvas._bounds.min);"
            "const [x, y, size] = [at.x - reach, at.y - reach, 2 * reach].map((n) => n * scale);"
            "const { data } = canvas._ctx.getImageData(x, y, size, size), found = [];"
            "for (let n = 0; n < data.length; n += 4) found.push([...data.slice(n, n + 4)]);"
            "return found",
            lng, lat, reach,
        )  # fmt: skip
        return {tuple(colour) for colour in colours if colour[3]}

    def labels(self) -> list[str]:
        """Give the names by which assistive software knows the marks."""
        return self.texts(".gm-mark", "aria-label")

    def open_mark(self, part: str) -> None:
        """Click the mark whose name has a part."""
        self.click(f'.gm-mark[aria-label*="{part}"]')
        self.wait("return document.querySelector('.leaflet-popup') !== null")

    def logs(self) -> list[str]:
        """Give what stands on the console."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> list[str]:
        """Give the addresses that were asked for, but for data inside the page."""
        entries = [json.loads(entry["message"]) for entry in self.driver.get_log("performance")]
        asked = [
            entry["message"]["params"]["request"]["url"]
            for entry in entries
            if entry["message"]["method"] == "Network.requestWillBeSent"
        ]
        return [url for url in asked if not url.startswith(("data:", "about:", "blob:"))]

    def load(self, path: Path, fragment: str = "") -> "Page":
        """Open a file, wait until all of it is there; check that nothing went wrong or out."""
        self.driver.get("about:blank")
        self.driver.get_log("browser")
        self.driver.get_log("performance")
        self.driver.get(path.as_uri() + fragment)
        self.wait(COMPLETE)
        assert self.logs() == []
        assert self.requests() == [path.as_uri()]
        return self


def start(profile: Path) -> Any:
    """Start the browser, with a profile of its own."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(options=options, service=Service(CHROMEDRIVER))


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
        "subclass admin1 radius_km numbers_text date_text place_name attributed_to country "
        "place_text place_id area_id border_pair disputed claimed_by aggregate".split()
    ) | {
        "event_id": name,
        "cluster_id": name,
        "document_id": "d1",
        "event_class": "armed_clash",
        "layer": "conflict",
        "status": "reported",
        "date_start": "2021-07-08",
        "date_end": "2021-07-09",
        "date_precision": 2,
        "precision": 1 if point else None,
        "why": "the clause names it",
        "confidence": 0.9,
        "confidence_parts": {"class": 0.9, "place": 0.6, "date": 0.3},
        "mentions": [mention(sentence, "attack", "Eris")],
        "actors_roles": ["side_a: Fighters"],
        "alternatives_text": ["Eris, elsewhere (0.05)"],
        "reasons": ["a trigger in a main clause"],
        "report_count": 1,
        "geometry": shapely.Point(point) if point else None,
    }
    if point:
        row["place_name"] = "Eris"
    return row | other


def table(*rows: dict[str, Any], header: str = "Events of an article") -> Frame:
    """Make the table."""
    frame = geo_table(rows)
    frame.attrs |= {"header": header, "warnings": ["The day of publication is an estimate."]}
    return frame


def sample() -> tuple[Frame, Frame, Frame]:
    """Make a table with an event of every kind, with its lines and areas."""
    day = {"date_precision": 1, "date_start": "2021-07-09", "date_end": "2021-07-09"}
    events = table(
        event("first", ERIS, **day),
        event("second", ERIS, **day | {"date_start": "2021-07-08", "date_end": "2021-07-08"},
              event_class="shelling"),
        event("post", DYS, subclass="internal_at_border", event_class="border_clash"),
        event("near", (25.0, 47.0), precision=2, radius_km=40.0, status="claimed"),
        event("plan", (22.0, 49.0), status="planned", layer="unrest", event_class="protest",
              date_start="2021-10-20", date_end="2021-10-20", date_precision=1),
        event("past", (100.0, 15.0), status="past_reference", date_precision=5,
              date_start="1998-01-01", date_end="1998-12-31"),
        event("land", precision=6, country="AF", place_name="Afghanistan"),
        event("herat", precision=4, country="AF", admin1="Herat", place_name="Herat",
              place_id="geonames:1140025", area_id="geonames:1140025"),
        event("guzara", precision=3, country="AF", admin1="Herat", place_name="Guzara",
              place_id="geonames:1", area_id="geonames:1140025"),
        event("area", precision=4, place_name="Dysland"),
        event("line", precision=5, place_name="the river", date_precision=3,
              date_start="2021-07-05", date_end="2021-07-11"),
        event("nowhere", place_text="Utopia", date_start=None, date_end=None, date_precision=None),
        event("denied", ERIS, status="negated"),
        event("said", ERIS, event_class="statement", layer="other"),
    )  # fmt: skip
    river = shapely.LineString([(24, 45), (25, 46), (26, 45.5)])
    lines = table({"cluster_id": "line", "geometry": river})
    areas = table({"cluster_id": "area", "geometry": shapely.box(27, 44, 29, 46)})
    return events, lines, areas
