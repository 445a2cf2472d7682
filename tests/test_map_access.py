"""Accessibility of the map by axe-core, an npm package that the continuous check installs."""

import os
from pathlib import Path
from typing import Any

import pytest
from browser import Page, sample

from geomap.export.html import write_map

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def axe() -> str:
    """Return axe-core's script; in CI it has to be there."""
    node_modules = Path(__file__).resolve().parent.parent / "node_modules"
    path = Path(os.environ.get("GEOMAP_AXE") or node_modules / "axe-core" / "axe.min.js")
    if not path.is_file() and not os.environ.get("CI"):
        pytest.skip("axe-core is not installed (npm install axe-core, or GEOMAP_AXE=axe.min.js)")
    return path.read_text("utf-8")


def serious(page: Page, axe: str) -> list[Any]:
    """Give the serious and critical violations."""
    page.run(axe)
    found = page.driver.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "axe.run(document, arguments[0]).then((found) => done(found.violations.map((v) =>"
        " [v.impact, v.id, ...v.nodes.map((node) => node.html + node.failureSummary)])))",
        RULES,
    )
    return [entry for entry in found if entry[0] in ("serious", "critical")]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_no_serious_violation(dark: bool, axe: str, tmp_path: Path, page: Page) -> None:
    events, lines, areas = sample()
    write_map(events, tmp_path / "map.html", lines=lines, areas=areas)
    scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": scheme})
    page.load(tmp_path / "map.html")
    page.open_mark("2 events: Eris")
    page.wait("return getComputedStyle(document.querySelector('.leaflet-popup')).opacity === '1'")
    assert serious(page, axe) == []
    page.tab("table")
    page.run("document.querySelectorAll('.gm-open').forEach((node) => node.click())")
    assert serious(page, axe) == []
    page.tab("unplaced")
    page.click("#gm-unplaced summary")
    assert serious(page, axe) == []
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_everything_is_reached_with_the_tab_key(tmp_path: Path, page: Page) -> None:
    from selenium.webdriver.common.keys import Keys

    events, lines, areas = sample()
    write_map(events, tmp_path / "map.html", lines=lines, areas=areas)
    page.load(tmp_path / "map.html")
    wanted = {
        "gm-skip", "leaflet-control-zoom-in", "gm-mark", "First day shown", "Last day shown",
        "Chosen days, move both ends", "gm-search", "CSV", "GeoJSON", "Reset", "gm-tab-filter",
        "kind", "status", "precision", "All dates", "Undated: 1",
    }  # fmt: skip
    seen: set[str] = set()
    page.run("document.body.focus(); getSelection().removeAllRanges()")
    page.run("document.querySelector('.gm-time-head button').disabled = false")
    for _ in range(90):
        page.driver.switch_to.active_element.send_keys(Keys.TAB)
        seen |= set(page.run(
            "const node = document.activeElement; return [...node.classList, node.id,"
            " node.textContent, node.ariaLabel, node.dataset?.facet].filter(Boolean)"
        ))  # fmt: skip
        if wanted <= seen:
            break
    assert wanted <= seen, wanted - seen
