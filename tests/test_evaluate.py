"""The measures of the geoparser, worked out by hand. The articles are invented."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from geomap.cli import main
from geomap.evaluate import GoldDocument, GoldToponym, Scores, score
from geomap.evaluate.mistakes import lines, mistakes
from geomap.evaluate.score import FARTHEST_KM, bootstrap
from geomap.gazetteer import Gazetteer
from geomap.model import Document, Place, Toponym

TEXT = "Afghan troops left Paris for Lyon, the Rhône valley, Herat and Nowhere near Lille."
PARIS, LYON, HERAT, LILLE = 2988507, 2996944, 1140026, 2998324


def place(number: int, latitude: float, longitude: float, country: str, admin1: str) -> Place:
    return Place(f"geonames:{number}", number, f"P{number}", latitude, longitude,
                 country=country, admin1=admin1)  # fmt: skip


TRUTH = {
    PARIS: place(PARIS, 48.85, 2.35, "FR", "Île-de-France"),
    LYON: place(LYON, 45.75, 4.85, "FR", "Auvergne-Rhône-Alpes"),
    HERAT: place(HERAT, 34.35, 62.2, "AF", "Herat"),
    LILLE: place(LILLE, 50.63, 3.06, "FR", "Hauts-de-France"),
    1149361: place(1149361, 33.0, 66.0, "AF", ""),
}


def gold(name: str, number: int | None = None, kind: str | None = None) -> GoldToponym:
    start = TEXT.index(name)
    known = TRUTH.get(number or 0)
    point = (known.latitude, known.longitude) if known else (None, None)
    return GoldToponym(start, start + len(name), name, number, *point, kind)


def found(name: str, given: Place | None, kind: Any = "place") -> Toponym:
    start = TEXT.index(name)
    return Toponym(start, start + len(name), name, kind, given)


GOLD = GoldDocument(
    "a",
    TEXT,
    (
        gold("Afghan", 1149361),
        gold("Paris", PARIS),
        gold("Lyon", LYON),
        gold("Rhône valley"),
        gold("Herat", HERAT),
        gold("Lille", LILLE),
    ),
)
ANSWERS = (
    found("Afghan", TRUTH[1149361], "demonym"),
    found("Paris", TRUTH[PARIS]),
    found("Lyon", place(1, 45.75, 4.85, "FR", "Auvergne-Rhône-Alpes")),  # another record
    found("Rhône", place(2, 46.0, 5.0, "FR", "")),  # a part of the gold's span
    found("Herat", None),
    found("Nowhere", place(3, 0.0, 0.0, "GB", "")),
)


def test_the_measures_of_one_document() -> None:
    figures = score(GOLD, ANSWERS, TRUTH).figures()
    expected = {
        "precision": 4 / 6, "recall": 4 / 6, "f1": 4 / 6,
        "overlap_precision": 5 / 6, "overlap_recall": 5 / 6, "overlap_f1": 5 / 6,
        "exact": 2 / 5, "country": 3 / 5, "admin1": 3 / 5, "at_161": 3 / 5,
        "output_precision": 2 / 5, "mean_km": 2 * FARTHEST_KM / 5, "median_km": 0.0,
        "auc": 2 * math.log1p(FARTHEST_KM) / math.log(FARTHEST_KM) / 5,
    }  # fmt: skip
    assert figures == pytest.approx(expected)


def test_without_words_for_people() -> None:
    answers = (*ANSWERS, found("valley", None, "demonym"))
    figures = score(GOLD, answers, TRUTH, leave_out=lambda t: t.text == "Afghan").figures()
    # neither the gold's nor the geoparser's own
    assert (figures["recall"], figures["precision"]) == pytest.approx((3 / 5, 3 / 5))
    assert figures["exact"] == pytest.approx(1 / 4)


def test_gold_without_ids_is_scored_by_distance() -> None:
    points = tuple(
        GoldToponym(t.start, t.end, t.text, None, t.latitude, t.longitude)
        for t in GOLD.toponyms
        if t.linked
    )
    figures = score(GoldDocument("a", TEXT, points), ANSWERS, {}).figures()
    assert (figures["at_161"], figures["median_km"]) == pytest.approx((3 / 5, 0.0))
    assert all(math.isnan(figures[name]) for name in ("exact", "country", "admin1"))
    assert math.isnan(figures["output_precision"])
    assert figures["recall"] == pytest.approx(4 / 5)


def test_the_median_of_an_even_number() -> None:
    assert Scores(kms=(1.0, 2.0, 4.0, 9.0)).figures()["median_km"] == 3.0


def test_nothing_is_no_division_by_zero() -> None:
    figures = Scores().figures()
    assert (figures["f1"], figures["precision"]) == (0.0, 0.0)
    assert math.isnan(figures["exact"])
    assert math.isnan(figures["auc"])
    assert bootstrap([], 10) == {}


def test_the_bootstrap_draws_documents() -> None:
    parts = [
        Scores(gold=1, predicted=1, exact_spans=1, identified=1, right=n % 2, kms=(float(n),))
        for n in range(100)
    ]
    intervals = bootstrap(parts, 1000)
    assert intervals == bootstrap(parts, 1000), "the same draws each time"
    low, high = intervals["exact"]
    # the binomial's 0.5 ± 1.96 * 0.05
    assert low == pytest.approx(0.4, abs=0.02)
    assert high == pytest.approx(0.6, abs=0.02)
    assert intervals["f1"] == (1.0, 1.0)
    low, high = intervals["mean_km"]
    assert low == pytest.approx(49.5 - 1.96 * 2.89, abs=1.0)
    assert high == pytest.approx(49.5 + 1.96 * 2.89, abs=1.0)
    assert {"median_km", "auc", "at_161"} <= intervals.keys()
    # one document: every draw is the same
    assert bootstrap(parts[1:2], 50)["mean_km"] == (1.0, 1.0)


def test_errors_by_kind() -> None:
    with Gazetteer.open() as gazetteer:
        kinds = mistakes([(GOLD, Document("a", TEXT, toponyms=ANSWERS))], TRUTH, gazetteer)
        listed = list(lines(kinds))
    assert {kind: [e["text"] for e in errors] for kind, errors in kinds.items()} == {
        "another place in the country": ["Lyon"],
        "another span": ["Rhône valley"],
        "no toponym of the gold": ["Nowhere"],
        "not recognised": ["Lille"],
        "recognised, not resolved": ["Herat"],
    }
    (lyon,) = kinds["another place in the country"]
    assert TEXT[lyon["start"] : lyon["end"]] == "Lyon"
    assert lyon["given"]["id"] == "geonames:1"
    assert lyon["wanted"]["id"] == f"geonames:{LYON}"
    assert (lyon["km"], "Paris for Lyon, the" in lyon["context"]) == (0.0, True)
    assert "another span: 1" in listed
    assert any(line.startswith("  'Lyon': P1 (FR, geonames:1), wanted P29") for line in listed)


def test_errors_of_points_and_of_what_the_gazetteer_lacks() -> None:
    lacking = GoldToponym(19, 24, "Paris", 999_999_999, 10.0, 10.0)
    point = GoldToponym(29, 33, "Lyon", None, 10.0, 10.0)
    document = GoldDocument("b", TEXT, (lacking, point, gold("Nowhere")))
    with Gazetteer.open() as gazetteer:
        kinds = mistakes([(document, Document("b", TEXT, toponyms=ANSWERS[1:3]))], {}, gazetteer)
        listed = "\n".join(lines(kinds))
    assert {kind: len(errors) for kind, errors in kinds.items()} == {
        "the gazetteer lacks the place": 1,
        "more than 161 km off": 1,
        "not recognised, no gold place": 1,
    }
    assert "wanted 10.00 10.00" in listed
    assert "wanted geonames:999999999" in listed


LGL = """<articles><article docid="7"><text>Afghan officials went to Paris, Texas. {more}</text>
<toponyms>
<toponym><start>0</start><end>6</end><phrase>Afghan</phrase><gaztag geonameid="1149361">
<lat>33</lat><lon>66</lon></gaztag></toponym>
<toponym><start>25</start><end>30</end><phrase>Paris</phrase><gaztag geonameid="4717560">
<lat>33.66</lat><lon>-95.55</lon></gaztag></toponym>
<toponym><start>32</start><end>37</end><phrase>Texas</phrase><gaztag geonameid="4736286">
<lat>31.25</lat><lon>-99.25</lon></gaztag></toponym>
</toponyms></article></articles>"""

VIRUS = """<articles><article><text>Cases rose in Doha. Officials in Kabul were warned.</text>
<locations><location><name>Doha</name><start>15</start><end>19</end><lat>25.2</lat>
<lon>51.5</lon></location><location><name>Kabul</name><start>34</start><end>39</end>
<lat>-34.5</lat><lon>69.2</lon></location></locations></article></articles>"""


def report_of(file: Path, form: str, capsys: pytest.CaptureFixture[str], *more: str) -> Any:
    assert main(["evaluate", str(file), "--format", form, "--json", "-q", *more]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.model
@pytest.mark.parametrize("way", ["rules", "trained"])
def test_a_report_of_all_parts(
    tmp_path: Path, way: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "lgl.xml"
    file.write_text(LGL.format(more="Police in Tripoli were told."))
    report = report_of(file, "lgl", capsys, "--toponyms", way)
    counts = ("documents", "toponyms", "linked", "identified", "samples")
    assert [report[name] for name in counts] == [1, 3, 3, 3, 1000]
    parts = {name: part for name, part in report.items() if "figures" in str(part)}
    exact = {name: part["figures"]["exact"] for name, part in parts.items()}
    assert exact == {
        "end_to_end": 1.0, "without_demonyms": 1.0,
        "gold_spans": 1.0, "gold_spans_without_demonyms": 1.0,
        # Paris in France, a town called Texas (this gazetteer has no population of states)
        "population": 0.0, "population_without_demonyms": 0.0,
    }  # fmt: skip
    assert report["end_to_end"]["figures"]["precision"] == 0.75
    assert report["gold_spans"]["figures"]["f1"] is None
    assert "f1" not in report["gold_spans"]["interval"]
    assert report["end_to_end"]["interval"]["median_km"] == {"low": 0.0, "high": 0.0}
    assert [e["text"] for e in report["errors"]["no toponym of the gold"]] == ["Tripoli"]


@pytest.mark.model
def test_geovirus_by_distance(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "virus.xml"
    file.write_text(VIRUS)
    report = report_of(file, "geovirus", capsys)
    assert (report["linked"], report["identified"]) == (2, 0)
    figures = report["end_to_end"]["figures"]
    assert (figures["f1"], figures["at_161"], figures["exact"]) == (1.0, 0.5, None)
    (error,) = report["errors"]["more than 161 km off"]
    assert (error["text"], error["start"]) == ("Kabul", 33)
    assert main(["evaluate", str(file), "--format", "geovirus", "-q"]) == 0
    table = capsys.readouterr().out.splitlines()
    (exact,) = (line for line in table if line.startswith("exact place"))
    assert exact.split()[2:] == ["-"] * 6
    (near,) = (line for line in table if line.startswith("within 161 km"))
    assert near.count("0.500") == 6
    assert max(map(len, table[:20])) < 130


@pytest.mark.model
def test_a_country_is_heard(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "virus.xml"
    file.write_text(
        "<articles><article><text>Four men in Tripoli fell ill.</text><locations><location>"
        "<name>Tripoli</name><start>13</start><end>20</end><lat>34.43</lat><lon>35.84</lon>"
        "</location></locations></article></articles>"
    )
    near = [
        report_of(file, "geovirus", capsys, *more)["end_to_end"]["figures"]["at_161"]
        for more in ((), ("--country", "LB"))
    ]
    assert near == [0.0, 1.0]
