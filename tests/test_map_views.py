"""What a reader sees: nothing covered, cut off, turned round or out of reach, in a real browser."""

import re
from collections.abc import Iterator
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
