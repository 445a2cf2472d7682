"""What goes into the map's file: words, columns, base map, tiles, sizes."""

import base64
import gzip
import itertools
import json
import random
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import geopandas
import pytest
from browser import ERIS, Page, event, mention, table

import geomap
from geomap.errors import ConfigError
from geomap.export import basemap
from geomap.export.html import write_map
from geomap.export.inline import packed
from geomap.export.layer import SCRIPTS
from geomap.export.payload import payload
from geomap.export.values import clean, safe_url
from geomap.export.wording import date_words, words_of

ASSETS = Path(geomap.__file__).parent / "export" / "assets"
TOP = Path(geomap.__file__).parent.parent


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


def test_every_word_of_the_script_stands_in_the_one_file_and_every_word_there_is_used() -> None:
    script = "\n".join((ASSETS / name).read_text("utf-8") for name in SCRIPTS)
    python = (ASSETS.parent / "wording.py").read_text("utf-8")
    words = words_of("en")
    asked = set(re.findall(r"\b(?:t|note|fact)\((?:[^\"()]*, )?\"(\w+)\"", script))
    assert asked <= set(words)
    whole = script + python + (ASSETS.parent / "html.py").read_text("utf-8")
    prefixes = ("precision_", "outline_", "conf_", "col_", "tab_", "time_", "mark_")
    others = ("lang", "dir", "embed", "figure", "report", "gis")
    for key in words:
        if not key.startswith(prefixes) and key not in others:
            assert re.search(rf"[\"'.]{key}\b", whole), key


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ConfigError, match="known: en"):
        words_of("tlh")


# --- values and columns ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", " JavaScript:x", "data:text/html,x", "//x", "http://[", 1, None]
)
def test_only_web_addresses_are_links(url: Any) -> None:
    assert safe_url(url) is None


def test_values_that_json_does_not_know() -> None:
    assert clean({"a": float("nan"), 1: ("x", "\ud800")}) == {"a": None, "1": ["x", "\ufffd"]}
    assert clean(object()).startswith("<object")


def test_offsets_are_those_of_javascript() -> None:
    said = mention("\U0001f30d an attack at Eris.", "attack", "Eris")
    _, (details,) = payload(table(event("x", ERIS, mentions=[said])))
    mentions = details["mention"]
    assert mentions["trigger_start"] == [said["trigger_start"] + 1]
    assert mentions["place_end"] == [said["place_end"] + 1]


def test_offsets_outside_the_sentence_are_left_out() -> None:
    said = mention("An attack.", "attack") | {"place_start": 5, "place_end": 99}
    _, (details,) = payload(table(event("x", ERIS, mentions=[said])))
    assert details["mention"]["place_start"] == [None]


def test_rows_are_in_time_order_and_texts_are_stored_once() -> None:
    rows = [event(str(day), ERIS, date_start=f"2021-07-0{day}") for day in (3, 1, 2)]
    head, (details,) = payload(table(*rows))
    assert details["event_id"] == ["1", "2", "3"]
    assert head["columns"]["event_class"] == {"values": ["armed_clash"], "rows": [0, 0, 0]}


# --- base map -------------------------------------------------------------------------------------


def test_the_base_map_is_small_cut_at_the_antimeridian_and_says_what_is_disputed() -> None:
    text = basemap.topology()
    assert len(packed(text)) < 900_000
    base = json.loads(text)
    starts = [2 * n for n in itertools.accumulate(base["sizes"], initial=0)]
    assert starts[-1] == len(base["steps"])
    for start, end in itertools.pairwise(starts):
        xs = list(itertools.accumulate(base["steps"][start:end:2]))
        assert max(xs) - min(xs) < base["grid"] / 2, "an arc across the antimeridian"
    assert len(base["countries"]) > 240
    assert len(base["divisions"]) > 3000
    assert len(base["disputed"]) >= len(basemap.DISPUTED) + len(basemap.DISPUTED_PAIRS) - 1
    assert basemap.area_ids() >= {"AF", "geonames:1140025"}


def test_packed_text_is_the_same_each_time_and_unpacks() -> None:
    assert packed("ä" * 99) == packed("ä" * 99)
    assert gzip.decompress(base64.b64decode(packed("ä" * 99))).decode() == "ä" * 99


# --- sizes, tiles ---------------------------------------------------------------------------------


def test_ten_thousand_events_with_sentences_are_under_four_megabytes(tmp_path: Path) -> None:
    dice = random.Random(5)
    words = ["".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=dice.randint(2, 9)))
             for _ in range(4000)]  # fmt: skip
    columns: dict[str, list[Any]] = {
        name: [] for name in "event_id cluster_id sentence trigger place_text title url".split()
    }
    for number in range(10_000):
        said = " ".join(dice.choices(words, k=28))
        values = (f"{dice.getrandbits(64):016x}",) * 2, (said, said.split()[3], said.split()[9])
        rest = (" ".join(said.split()[:8]), f"https://example.org/{number}/{said[:20]}")
        for name, value in zip(columns, (*values[0], *values[1], *rest), strict=True):
            columns[name].append(value)
    frame = geopandas.GeoDataFrame(
        columns | {name: ["x"] * 10_000 for name in ("event_class", "layer", "status", "why")}
        | {"precision": [1] * 10_000, "date_start": ["2021-07-01"] * 10_000},
        geometry=geopandas.points_from_xy(
            [dice.uniform(-170, 170) for _ in range(10_000)],
            [dice.uniform(-60, 70) for _ in range(10_000)],
        ),
        crs="EPSG:4326",
    )  # fmt: skip
    write_map(frame, tmp_path / "map.html")
    assert (tmp_path / "map.html").stat().st_size < 4_000_000


def test_tiles_are_asked_for_by_name_and_name_their_source(tmp_path: Path, page: Page) -> None:
    path = tmp_path / "map.html"
    write_map(table(event("x", ERIS)), path, tiles="OpenStreetMap.Mapnik")
    text = path.read_text("utf-8")
    assert "img-src data: https://tile.openstreetmap.org;" in text
    assert "default-src 'none'" in text
    page.driver.get(path.as_uri())
    page.wait("return document.querySelector('.gm-app[data-ready]') !== null")
    assert "OpenStreetMap contributors" in page.text(".leaflet-control-attribution")
    assert page.texts("link[href^=http], script[src]") == []
    page.driver.get("about:blank")
    page.logs()


@pytest.mark.parametrize(
    ("name", "words"), [("OpenStreetMop", "has no"), ("Thunderforest.OpenCycleMap", "a key")]
)
def test_tiles_that_cannot_be_had(name: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=words):
        write_map(table(event("x", ERIS)), tmp_path / "map.html", tiles=name)


def test_scripts_and_styles_are_well_formed() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    for name in SCRIPTS:
        subprocess.run([node, "--check", str(ASSETS / name)], check=True, capture_output=True)
    assert {path.name for path in ASSETS.glob("*.js")} == set(SCRIPTS)
