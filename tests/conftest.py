"""What several tests share: two shapes, and a pipeline without a model."""

import sys
import types
from typing import Any

import pytest
import shapely
from samples import FakePipeline

import geomap.api
from geomap import shapes


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that open a browser."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def few_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the borders and outlines by one of each."""
    line = shapely.LineString([(0, 0), (1.12345678, 1)])
    square = shapely.box(0, 0, 1, 1)
    monkeypatch.setattr(shapes, "_borders", lambda: {("XA", "XB"): line})
    monkeypatch.setattr(shapes, "_outlines", lambda: {"XA": square, "test:division": square})


@pytest.fixture
def fake_pipeline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the fake pipeline, a fake explanation and a fake map in place of the real ones."""
    # Loaded before: it must not keep the fake when the test is over.
    monkeypatch.setattr(geomap.api, "Pipeline", FakePipeline)
    pipeline = types.ModuleType("geomap.pipeline")
    pipeline.Pipeline = FakePipeline  # type: ignore[attr-defined]
    explain = types.ModuleType("geomap.explain")
    explain.explain = lambda document: f"{document.id}: {document.text}"  # type: ignore[attr-defined]
    page = types.ModuleType("geomap.export.html")
    page.write_map = _write_map  # type: ignore[attr-defined]
    for module in (pipeline, explain, page):
        monkeypatch.setitem(sys.modules, module.__name__, module)


def _write_map(events: Any, path: Any, **_: Any) -> None:
    path.write_text(events.attrs["header"], encoding="utf-8")
