"""A newsroom's style in its geomap.toml is what every output shows: map, figure, QGIS, report.

Every event here is invented.
"""

import json
from pathlib import Path
from typing import Any

import docx
import numpy
import pytest
from browser import Page
from gis import in_qgis
from PIL import Image
from samples import make_document, make_event, make_place

from geomap.cli import main
from geomap.jsonline import encode

PROBE = Path(__file__).parent.parent / "scripts" / "qgis_open.py"
LABEL, STATUS, COLOUR = "Firefight at the border", "said to have happened", "#12ab34"
TRIANGLE = "M12 1 23 23H1Z"
OWN = f"""
[style.layers.border_clashes]
shape = "{TRIANGLE}"
[style.classes.border_clash]
label = "{LABEL}"
colour = "{COLOUR}"
[style.statuses.reported]
label = "{STATUS}"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write every output with a style of one's own."""
    made = tmp_path_factory.mktemp("styled")
    place = make_place(start=None, end=None, latitude=34.0, longitude=62.0)
    event = make_event(subclass=None, place=place, actors=())
    document = made / "documents.jsonl"
    document.write_bytes(encode(make_document(event, toponyms=())) + b"\n")
    (made / "geomap.toml").write_text(OWN, encoding="utf-8")
    config = ["--config", str(made / "geomap.toml")]
    assert main(["export", str(document), "-o", str(made), *config]) == 0
    for name in ("report.docx", "report.html"):
        assert main(["report", str(document), "-o", str(made / name), *config]) == 0
    return made


def share(path: Path) -> float:
    """Return the share of pixels that have the colour."""
    with Image.open(path) as image:
        pixels = numpy.asarray(image.convert("RGB"), dtype=int)
    wanted = [int(COLOUR[i : i + 2], 16) for i in (1, 3, 5)]
    return float(numpy.mean(abs(pixels - wanted).max(axis=2) < 3))


def test_the_map(folder: Path, page: Page) -> None:
    page.load(folder / "map.html")
    assert page.labels() == [f"{LABEL}, Alfa, 3 May 2020"]
    assert COLOUR in page.texts(".gm-mark path", "fill")
    assert any(TRIANGLE in path for path in page.texts(".gm-mark path", "d"))
    page.open_mark(LABEL)
    assert any(STATUS in text for text in page.texts(".leaflet-popup dd"))


def test_the_figure(folder: Path) -> None:
    svg = (folder / "figure.svg").read_text(encoding="utf-8")
    assert COLOUR in svg
    assert f"{LABEL} (1)" in svg
    assert share(folder / "figure.png") > 1e-5


def test_qgis(folder: Path) -> None:
    picture = folder / "qgis.png"
    told: dict[str, Any] = json.loads(in_qgis(PROBE, folder, "--map", picture))
    assert told["warnings"] == []
    for layer in (told["project"]["layers"]["geomap_events_now"], told["layers"]["events"]):
        assert LABEL in layer["tip"]
        assert STATUS in layer["tip"]
    assert told["files"]["events.geojson"]["valid"]
    for name in ("events.qml",):
        style = (folder / name).read_text(encoding="utf-8")
        assert COLOUR in style
        assert LABEL in style
    assert share(picture) > 1e-5


def test_the_report(folder: Path) -> None:
    assert LABEL in (folder / "report.html").read_text(encoding="utf-8")
    table = docx.Document(str(folder / "report.docx")).tables[0]
    cells = {cell.text for row in table.rows for cell in row.cells}
    assert {LABEL, STATUS} <= cells
