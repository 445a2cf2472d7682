"""The figure for a report: marks, places, projections, words, files. All happenings are made up."""

import itertools
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path
from typing import Any

import geopandas
import numpy
import pyproj
import pytest
import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Wedge
from PIL import Image
from samples import geo_table, make_document, make_event, make_place

import geomap
from geomap.cli import main
from geomap.columns import COLUMNS
from geomap.config import load_config
from geomap.errors import ConfigError
from geomap.export import write
from geomap.export.figure import encoded
from geomap.export.figure.content import Content, extent_points, records
from geomap.export.figure.labels import Box, Room, around
from geomap.export.figure.letters import Letters, shortened
from geomap.export.figure.marks import draw_mark, draw_ring, kind_of
from geomap.export.figure.sheet import description
from geomap.export.figure.view import fitted
from geomap.export.wording import words_of
from geomap.figure_options import FigureOptions
from geomap.jsonline import encode
from geomap.style import Style

STYLE = Style.default()


def row(name: str, x: float, y: float, **changes: Any) -> dict[str, Any]:
    """Make a row of the table of events: a protest in a town."""
    values = dict.fromkeys(COLUMNS) | {
        "event_class": "protest", "layer": "unrest", "status": "reported", "place_name": name,
        "place_id": f"test:{name}", "precision": 1, "radius_km": 5.0, "country": "KE",
        "date_start": "2031-03-01", "date_end": "2031-03-02", "date_precision": 1,
        "source": "The Example Post", "published": "2031-03-03",
    }  # fmt: skip
    return values | {"geometry": shapely.Point(x, y)} | changes


def area(country: str, **changes: Any) -> dict[str, Any]:
    """Make a row of which only the country is known."""
    known = {"precision": 6, "country": country, "geometry": None, "radius_km": None}
    return row(country, 0, 0, **(known | changes))


def table(*rows: dict[str, Any]) -> geopandas.GeoDataFrame:
    frame = geo_table(rows)
    frame.attrs["header"] = f"{len(rows)} events from 1 article; machine-coded, not reviewed"
    return frame


NAIROBI, MOMBASA = row("Nairobi", 36.82, -1.29), row("Mombasa", 39.67, -4.05)
TWO = table(NAIROBI, MOMBASA)


def texts(figure: Figure) -> list[str]:
    """Return all that is written on a figure."""
    return [t.get_text().replace("\n", " ") for axes in figure.axes for t in axes.texts]


def content(*rows: dict[str, Any], **options: Any) -> Content:
    return Content.of(records(table(*rows)) if rows else [], STYLE, **options)


# --- files ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["svg", "png", "pdf"])
def test_the_same_events_give_the_same_bytes_without_a_date(kind: str) -> None:
    first, second = (encoded(geomap.to_figure(TWO, dpi=90), kind) for _ in range(2))
    assert first == second
    for word in (b"CreationDate", b"ModDate", b"<dc:date>", b"tIME", b"matplotlib.org/ "):
        assert word not in first


def test_another_process_gives_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "two.json"
    path.write_text(TWO.to_json(), encoding="utf-8")
    code = (
        "import sys, geomap, geopandas, hashlib\nfrom geomap.export.figure import encoded\n"
        "frame = geopandas.read_file(sys.argv[1])\n"
        "print(hashlib.sha256(encoded(geomap.to_figure(frame), 'svg')).hexdigest())"
    )
    seeds = [{"PYTHONHASHSEED": seed} for seed in ("1", "2")]
    found = {
        subprocess.run(
            [sys.executable, "-c", code, str(path)], env={**os.environ, **seed},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in seeds
    }  # fmt: skip
    assert len(found) == 1


def test_the_size_is_that_of_the_paper(tmp_path: Path) -> None:
    figure = geomap.to_figure(TWO, width_mm=85, height_mm=110, dpi=100)
    path = tmp_path / "figure.png"
    path.write_bytes(encoded(figure, "png"))
    with Image.open(path) as image:
        assert image.size == pytest.approx((85 / 25.4 * 100, 110 / 25.4 * 100), abs=1)
    root = ET.fromstring(encoded(figure, "svg"))
    assert float(root.attrib["width"].removesuffix("pt")) == pytest.approx(85 / 25.4 * 72, abs=0.1)


def test_a_run_writes_svg_and_png_and_pdf_when_asked(tmp_path: Path) -> None:
    document = make_document(make_event(place=make_place(latitude=-1.29, longitude=36.82)))
    names = {path.name for path in write([document], tmp_path)}
    assert {"figure.svg", "figure.png"} <= names
    assert "figure.pdf" not in names
    source = tmp_path / "documents.jsonl"
    source.write_bytes(encode(document) + b"\n")
    call = ["export", str(source), "-o", str(tmp_path), "--to", "figure.pdf"]
    assert main(call) == 0
    assert (tmp_path / "figure.pdf").read_bytes().startswith(b"%PDF")
    assert json.loads((tmp_path / "run.json").read_text())["options"]["formats"] == ["figure.pdf"]


HOSTILE = "$\\frac{1}{0}$ <script>alert(1)</script> --> \x1b[2J \u202e \ud800 & ]]>"


def test_words_of_articles_are_nothing_but_words() -> None:
    frame = table(row(HOSTILE, 36.82, -1.29, source=HOSTILE), area("KE", place_name=HOSTILE))
    frame.attrs["header"] = HOSTILE
    figure = geomap.to_figure(frame, title=HOSTILE)
    svg = encoded(figure, "svg")
    root = ET.fromstring(svg)
    assert not [e for e in root.iter() if e.tag.endswith(("script", "foreignObject", "}a"))]
    for element in root.iter():
        assert not [name for name in element.attrib if name.lower().startswith("on")]
    assert b"\x1b" not in svg
    for kind in ("png", "pdf"):
        assert encoded(figure, kind)
    assert all(t.get_parse_math() is False for axes in figure.axes for t in axes.texts)


def test_letters_that_no_font_has_are_no_failure() -> None:
    assert encoded(geomap.to_figure(table(row("東京 \U00012000", 36.8, -1.3))), "png")


# --- what is drawn ----------------------------------------------------------------------------


def test_each_precision_is_drawn_its_own_way() -> None:
    found = content(
        NAIROBI,
        row("Thika", 37.07, -1.03, precision=2, radius_km=25.0),
        area("KE"),
        row("border", 0, 0, precision=5, geometry=None, border_pair="ET-KE", place_id=None),
        row("sea", 0, 0, precision=7, geometry=None),
        row("nowhere", 0, 0, precision=None, geometry=None, country=None),
        row("cancelled", 36.0, -1.0, status="cancelled"),
    )
    assert [group.name for group in found.points.values()] == ["Nairobi", "Thika"]
    assert found.points[37.07, -1.03].radii == {25.0}
    assert list(found.areas) == ["KE"]
    assert [group.name for group in found.lines.values()] == ["border"]


def test_a_country_is_never_a_mark_on_the_map() -> None:
    figure = geomap.to_figure(table(area("KE"), area("KE"), area("UG")))
    written = texts(figure)
    assert "2" in written
    assert not [t for t in written if t == "KE"]


def test_past_references_are_left_out_unless_asked_for() -> None:
    past = row("Kisumu", 34.77, -0.09, status="past_reference")
    assert content(NAIROBI, past).past == 1
    without = " ".join(texts(geomap.to_figure(table(NAIROBI, past))))
    assert "Kisumu" not in without
    assert "1 earlier event that the texts look back on is not shown" in without
    assert "Kisumu" in texts(geomap.to_figure(table(NAIROBI, past), past=True))


def test_the_legend_tells_what_is_there_and_nothing_else() -> None:
    planned = row("Thika", 37.07, -1.03, status="planned", event_class="visit",
                  layer="diplomatic_venues")  # fmt: skip
    written = texts(geomap.to_figure(table(NAIROBI, NAIROBI, planned)))
    assert "Protest (2)" in written
    assert "Visit (1)" in written
    assert "planned, proposed, threatened or conditional" in written
    assert not [t for t in written if t.startswith(("Shelling", "claimed", "near the place"))]
    assert "Protest (2)" not in texts(geomap.to_figure(table(NAIROBI, NAIROBI), legend=False))


def test_no_event_is_lost_where_marks_would_lie_over_each_other() -> None:
    kinds = ("protest", "coup", "armed_clash", "shelling", "visit", "aid")
    crowd = [
        row(f"town {i}", 36.8 + i * 0.001, -1.3, event_class=kinds[i % 6], layer=None)
        for i in range(40)
    ]
    figure = geomap.to_figure(table(*crowd), width_mm=85, extent="KE")
    assert "40" in texts(figure)
    assert "town 0 and 39 more" in texts(figure)
    assert any(isinstance(child, Wedge) for axes in figure.axes for child in axes.get_children())


def test_what_lies_outside_the_frame_is_told() -> None:
    written = " ".join(texts(geomap.to_figure(TWO, extent="FR")))
    assert "2 events lie outside the frame" in written
    assert "Nairobi" not in written


def test_names_do_not_overlap() -> None:
    dice = numpy.random.default_rng(1)
    spots = dice.uniform((34.5, -4), (41, 4), (70, 2))
    frame = table(*(row(f"Long name {i}", x, y) for i, (x, y) in enumerate(spots)))
    figure = geomap.to_figure(frame, width_mm=120, dpi=100)
    renderer = FigureCanvasAgg(figure).get_renderer()
    names = [t for axes in figure.axes for t in axes.texts if t.get_text().startswith("Long name")]
    assert len(names) > 15
    boxes = [t.get_window_extent(renderer) for t in names]
    for one, other in itertools.combinations(boxes, 2):
        wide = min(one.x1, other.x1) - max(one.x0, other.x0)
        high = min(one.y1, other.y1) - max(one.y0, other.y0)
        assert min(wide, high) < 2.5


def test_small_multiples_by_month_and_by_class() -> None:
    later = row("Mombasa", 39.67, -4.05, date_start="2031-05-01", event_class="coup")
    undated = row("Kisumu", 34.77, -0.09, date_start=None)
    frame = table(NAIROBI, later, undated)
    written = texts(geomap.to_figure(frame, panels="month"))
    assert [t for t in written if "2031 (" in t or t.startswith("Day not")] == [
        "March 2031 (1)", "May 2031 (1)", "Day not stated (1)",
    ]  # fmt: skip
    by_class = geomap.to_figure(frame, panels="class", columns=1, width_mm=85)
    assert Counter(texts(by_class))["Protest (2)"] == 2
    places = [axes.get_position().y0 for axes in by_class.axes[1:]]
    assert places == sorted(places, reverse=True)


def test_no_events_are_a_map_of_the_world() -> None:
    empty = geopandas.GeoDataFrame({name: [] for name in COLUMNS}, geometry=[], crs="EPSG:4326")
    assert encoded(geomap.to_figure(empty, dpi=72), "png")
    assert encoded(geomap.to_figure(empty, dpi=72, panels="month"), "png")


def test_the_text_in_place_of_the_picture() -> None:
    told = description(table(NAIROBI, NAIROBI, MOMBASA))
    assert told == "Map of 3 events. By class: Protest (3). Most are at: Nairobi (2), Mombasa (1)."
    assert geomap.to_figure(TWO).get_label().startswith("Events, 1–2 March 2031\nMap of 2 events.")


# --- marks ------------------------------------------------------------------------------------


def axes_of() -> Axes:
    return Figure().add_axes((0, 0, 1, 1))


@pytest.mark.parametrize("name", list(STYLE.classes))
@pytest.mark.parametrize("status", ["reported", "planned", "claimed", "cancelled"])
def test_each_class_has_its_mark_in_each_status(name: str, status: str) -> None:
    axes = axes_of()
    kind = kind_of({"event_class": name, "status": status}, STYLE)
    assert kind.layer == STYLE.classes[name].layer
    draw_mark(axes, 10, 20, kind, STYLE, 4.0)
    patches = [child for child in axes.get_children() if isinstance(child, PathPatch)]
    for patch in patches:
        box = patch.get_path().get_extents()
        assert box.width <= 4.2
        assert abs((box.x0 + box.x1) / 2 - 10) < 1.2
        assert abs((box.y0 + box.y1) / 2 - 20) < 1.6
    dashed = [p for p in patches if p.get_linestyle() != "solid"]
    assert bool(dashed) == (status == "claimed")
    colour = to_rgb(STYLE.classes[name].colour)
    filled = [p for p in patches if to_rgb(p.get_facecolor()) == colour and p.get_facecolor()[3]]
    assert bool(filled) == (status in ("reported", "claimed"))


def test_disputed_internal_and_past_events_have_marks_of_their_own() -> None:
    base = {"event_class": "border_clash", "layer": "border_clashes", "status": "reported"}
    assert kind_of(base | {"disputed": True}, STYLE).outline == "dashed"
    assert kind_of(base | {"subclass": "internal_at_border"}, STYLE).internal
    assert kind_of(base | {"status": "past_reference"}, STYLE).outline == "grey"
    assert kind_of({"event_class": "unheard of", "status": "?"}, STYLE).name == "statement"


def test_the_parts_of_a_ring_are_its_classes() -> None:
    axes = axes_of()
    names = {"protest": 6, "coup": 3, "aid": 1}
    parts = [
        (kind_of({"event_class": name, "status": "reported"}, STYLE), count)
        for name, count in names.items()
    ]
    draw_ring(axes, 0, 0, parts, STYLE, 4.0)
    wedges = [child for child in axes.get_children() if isinstance(child, Wedge)]
    assert [w.theta2 - w.theta1 for w in wedges] == pytest.approx([216, 108, 36])


def test_grey_figures_have_no_colour_in_their_marks() -> None:
    figure = geomap.to_figure(TWO, grey=True, locator=False)
    colours = {
        to_rgb(child.get_facecolor())
        for axes in figure.axes
        for child in axes.get_children()
        if isinstance(child, PathPatch) and child.get_zorder() == 10 and child.get_facecolor()[3]
    }
    assert colours
    assert all(len(set(colour)) == 1 for colour in colours)


# --- where ------------------------------------------------------------------------------------


def view_of(*rows: dict[str, Any], width: float = 100, **options: Any) -> Any:
    points = extent_points(content(*rows), FigureOptions(**options))
    return fitted(points, width, lambda ratio: ratio, 0.1)


def test_lengths_are_true() -> None:
    view = view_of(NAIROBI, MOMBASA)
    (x0, y0), (x1, y1) = view.place([(36.82, -1.29), (39.67, -4.05)])
    _, _, metres = pyproj.Geod(ellps="WGS84").inv(36.82, -1.29, 39.67, -4.05)
    assert numpy.hypot(x1 - x0, y1 - y0) / view.scale == pytest.approx(metres, rel=0.002)
    ring = view.circle(36.82, -1.29, 25_000)
    assert numpy.ptp(ring[:, 0]) / view.scale == pytest.approx(50_000, rel=0.01)
    assert abs(view.north()) < 0.5


def test_the_date_line_is_no_edge() -> None:
    view = view_of(row("Suva", 178.44, -18.14), row("Apia", -171.77, -13.83))
    assert not view.world
    assert view.bounds[2] - view.bounds[0] < 2_000_000
    on_paper = view.place([(178.44, -18.14), (-171.77, -13.83)])
    assert ((on_paper > 0) & (on_paper < 100)).all()
    land = view.shapes([shapely.box(177, -19, 180, -17), shapely.box(-180, -19, -179, -17)])
    assert len(land) == 2
    assert shapely.box(*shapely.total_bounds(land)).area < 100 * view.height * 0.3


def test_the_projection_fits_the_extent() -> None:
    towns = [("Honolulu", -158, 21), ("Santiago", -71, -33), ("Geneva", 6, 46), ("Tokyo", 140, 36)]
    world = view_of(*(row(*town) for town in towns))
    assert world.world
    assert world.longitude == 11
    pacific = view_of(row("Tokyo", 140, 36), row("Lima", -77, -12), row("Suva", 178.4, -18.1))
    assert pacific.world
    assert abs(pacific.longitude) > 140
    assert view_of(extent="world").world
    russia = view_of(extent="RU")
    assert not russia.world


@pytest.mark.parametrize("extent", ["KE", "ke, UG", [33.0, -5.0, 42.0, 5.0], [175, -20, -170, -10]])
def test_extents(extent: Any) -> None:
    view = view_of(NAIROBI, extent=extent)
    assert not view.world
    inside = view.place([(36.82, -1.29)])[0]
    there = bool((inside > 0).all() and inside[0] < view.width and inside[1] < view.height)
    assert there == (extent != [175, -20, -170, -10])


def test_france_is_shown_without_its_islands_far_away() -> None:
    view = view_of(extent="FR")
    assert view.bounds[2] - view.bounds[0] < 1_800_000


def test_polar_and_antipodal_places_are_drawn() -> None:
    for x, y in ((0.0, 89.0), (15.6, 78.2), (166.7, -77.8), (174.8, -41.3), (-58.4, -34.6)):
        assert encoded(geomap.to_figure(table(row("There", x, y)), dpi=72), "png")


def test_room_gives_each_box_its_place() -> None:
    room = Room(100, 100)
    room.take(Box(50, 50, 10, 10))
    found = room.first_free(around(50, 50, 6, 20, 4))
    assert found == Box(66, 50, 20, 4)
    assert room.first_free(around(50, 50, 6, 20, 4)) == Box(34, 50, 20, 4)
    assert room.overlap(Box(0, 50, 10, 10)) == pytest.approx(50)
    assert room.first_free([Box(50, 50, 4, 4)]) is None


# --- words and options ------------------------------------------------------------------------


def test_letters_are_measured_and_broken() -> None:
    letters = Letters("DejaVu Sans", 8)
    assert letters.width("MMMM") > letters.width("iiii")
    lines = letters.broken("several words that need more than one line", 30).split("\n")
    assert len(lines) > 1
    assert all(letters.width(line) <= 30 for line in lines)
    assert letters.width(letters.broken("x" * 500, 30)) <= 30
    assert shortened("a\x1b\n b" * 30).startswith("a\\x1b b")
    assert len(shortened("word " * 50)) <= 60


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("width_mm = 5", "figure.width_mm: 5 is not allowed; give 40 to 1200"),
        ("dpi = 300.5", "figure.dpi"),
        ("north = 1", "figure.north: 1 is not true or false"),
        ("title = 5", "figure.title: 5 is not a text"),
        ("panels = 'week'", "give none, month, class"),
        ("extent = [1, 2, 3]", "figure.extent"),
        ("extent = [0, 50, 10, 40]", "figure.extent"),
        ("widht_mm = 85", "did you mean 'width_mm'"),
        ("columns = 0", "figure.columns"),
    ],
)
def test_a_wrong_option_is_one_clear_line(tmp_path: Path, line: str, words: str) -> None:
    path = tmp_path / "geomap.toml"
    path.write_text(f"[figure]\n{line}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_options_of_a_file_reach_figure_and_run(tmp_path: Path) -> None:
    path = tmp_path / "geomap.toml"
    path.write_text(
        '[figure]\nwidth_mm = 85\ntitle = "Herat"\nextent = [60, 30, 70, 36]\nnorth = true\n',
        encoding="utf-8",
    )
    config = load_config(path)
    assert config.figure == FigureOptions(
        width_mm=85, title="Herat", extent=(60.0, 30.0, 70.0, 36.0), north=True
    )
    assert config.described()["figure"]["extent"] == (60.0, 30.0, 70.0, 36.0)
    written = texts(geomap.to_figure(TWO, config.figure))
    assert {"Herat", "N"} <= set(written)


def test_titles_sources_and_projection_are_told() -> None:
    written = " ".join(texts(geomap.to_figure(TWO)))
    assert "Events, 1–2 March 2031" in written
    assert "Sources: The Example Post. Latest report: 3 March 2031." in written
    assert "Lambert azimuthal equal-area projection around 3° S, 38° E" in written
    assert re.search(r"\b100 km\b", written)
    own = " ".join(texts(geomap.to_figure(TWO, title="", source="My own files")))
    assert "My own files." in own
    assert "Example Post" not in own
    assert "Events," not in own


def test_unknown_countries_and_flat_sheets_are_refused() -> None:
    with pytest.raises(ConfigError, match="'Atlantis' is no country"):
        geomap.to_figure(TWO, extent="Atlantis")
    with pytest.raises(ConfigError, match="leaves no room for the map; give"):
        geomap.to_figure(TWO, height_mm=41)
    with pytest.raises(ConfigError, match="language"):
        geomap.to_figure(TWO, language="xx")


def test_every_word_of_figure_and_report_is_used() -> None:
    package = Path(geomap.__file__).parent
    folders = (package / "export" / "figure", package / "report")
    files = [file for folder in folders for file in folder.glob("*.[pt]y*")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in files)
    for name in ("figure", "report"):
        for key in words_of()[name]:
            assert re.search(rf"[\"']{key}[\"']", code), key
