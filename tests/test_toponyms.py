"""Place names by trained models, and the scoring of both ways. The articles are invented."""

import json
import math
import random
import re
import sys
from pathlib import Path

import pytest

import geomap
from geomap.cli import main
from geomap.errors import ConfigError, InputError
from geomap.evaluate import GoldDocument, GoldToponym, read_corpus
from geomap.gazetteer import Gazetteer
from geomap.language import parse
from geomap.model import Document
from geomap.pipeline import Pipeline
from geomap.toponyms.places import options
from geomap.toponyms.spans import candidates
from geomap.toponyms.trained import chances
from geomap.trees import Trees, load_trees

WEIGHTS = Path(geomap.__file__).parent / "toponyms" / "weights"
SCRIPTS = Path(__file__).parent.parent / "scripts"

LGL = """<articles><article docid="7"><domain>example.org</domain>
<text>Fire crews in Paris, Texas, met on Monday.</text><toponyms>
<toponym><start>14</start><end>19</end><phrase>Paris</phrase><gaztag geonameid="4717560">
<lat>33.66</lat><lon>-95.55</lon></gaztag></toponym>
<toponym><start>18</start><end>23</end><phrase>Texas</phrase><gaztag geonameid="4736286">
<lat>31.25</lat><lon>-99.25</lon></gaztag></toponym>
<toponym><start>0</start><end>4</end><phrase>Nowhere</phrase></toponym>
</toponyms></article></articles>"""


def test_trees_add_up_their_leaves() -> None:
    trees = Trees(
        {
            "features": ["size", "age"],
            "trees": [
                [[0], [2.0], [~0], [~1], [-1.0, 1.0]],
                [[1, 0], [5.0, 1.0], [1, ~0], [~1, ~2], [0.5, 0.25, -0.25]],
                [[], [], [], [], [0.125]],
            ],
        }
    )
    rows = [{"age": 5, "size": 2, "other": 9}, {"age": 6, "size": 3}]
    low, high = trees.probabilities(rows)
    assert low == pytest.approx(1 / (1 + math.exp(1.0 + 0.25 - 0.125)))
    assert high == pytest.approx(1 / (1 + math.exp(-1.0 - 0.25 - 0.125)))
    assert trees.probabilities([]) == []


@pytest.mark.parametrize("name", ["spans", "spans_again", "places", "places_again"])
def test_the_weights_are_plain_and_small(name: str) -> None:
    path = WEIGHTS / f"{name}.json"
    assert path.stat().st_size < 400_000
    data = json.loads(path.read_text())
    assert set(data) == {"features", "trees"}
    assert all(isinstance(cell, int | float) for t in data["trees"] for part in t for cell in part)
    assert load_trees(name).features == tuple(data["features"])


@pytest.mark.model
def test_the_trained_way_reads_places() -> None:
    text = (
        "PARIS, Texas (Example News) - The mayor said on Monday that trucks from Dallas had "
        "reached Paris. Afghan officials in Kabul said nothing."
    )
    config = geomap.Config(toponyms="trained")
    (document,) = Pipeline(config).run([Document("a", text)])
    found = {(t.text, t.place.geonameid if t.place else None) for t in document.toponyms}
    assert ("Dallas", 4684888) in found
    assert ("Kabul", 1138958) in found
    assert ("Paris", 4717560) in found
    afghan = next(t for t in document.toponyms if t.text == "Afghan")
    assert (afghan.kind, afghan.place.country if afghan.place else None) == ("demonym", "AF")
    for toponym in document.toponyms:
        assert toponym.reasons
        assert 0 <= toponym.score <= 1


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        ("The army shelled villages in Herat province on Monday.", "Herat", "ADM1"),
        ("Two soldiers were killed near Diffa on Sunday.", "Diffa", "town"),
        ("An air strike hit Idlib on Monday.", "Idlib", "town"),
        ("Fighting broke out in the Bakhmut district on Monday.", "Bakhmut", None),
        ("A storm hit Tripoli, Lebanon. Libya sent ships.", "Tripoli", "town"),
        ("Soldiers clashed with rebels in the Swat Valley.", "Swat Valley", None),
    ],
)
def test_the_words_beside_a_name_decide(text: str, name: str, code: str | None) -> None:
    (document,) = Pipeline().run([Document("a", text)])
    found = {t.text: t.place for t in document.toponyms}
    place = found[name]
    division = place is not None and place.feature_code == "ADM1"
    assert (("ADM1" if division else "town") if place else None) == code
    if name == "Tripoli":
        assert place is not None
        assert place.country == "LB"


@pytest.mark.model
def test_the_first_document_of_an_outlet_hears_the_others() -> None:
    county = "Deputies of Henry County met in Paris, Tennessee. Roads in Paris and Dresden closed."
    documents = [Document("0", "A fire broke out in Paris on Monday.", source="Example Post")]
    documents += [Document(str(n), county, source="Example Post") for n in range(1, 6)]
    alone = Document("x", documents[0].text)
    places = [
        next(t.place for t in document.toponyms if t.text == "Paris")
        for document in [*Pipeline().toponyms([alone]), *Pipeline().toponyms(documents)]
    ]
    assert [p.country if p else None for p in places[:2]] == ["FR", "US"]


@pytest.mark.model
@pytest.mark.parametrize("way", ["rules", "trained"])
def test_each_name_of_a_list_is_what_the_list_is_called(way: str) -> None:
    text = "Fighting spread to Herat, Kunduz and Kandahar provinces on Monday, officials said."
    (document,) = Pipeline(geomap.Config(toponyms=way)).run([Document("a", text)])
    found = {t.text: t.place.feature_code for t in document.toponyms if t.place}
    assert found == dict.fromkeys(("Herat", "Kunduz", "Kandahar"), "ADM1")


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Planes of the U.S.-led coalition struck on Monday.", "U.S."),
        ("Trucks came from across the U.S.. Nobody was hurt.", "U.S."),
        ("Rep. Thandi Mokoena, R-Fort Worth, spoke on Monday.", "Fort Worth"),
        ("Mount Pleasant High School in Texas was closed.", "Mount Pleasant"),
        ("Two men drowned in a Texas lake on Monday.", "Texas"),
    ],
)
def test_names_are_found_inside_words_and_longer_names(text: str, name: str) -> None:
    with Gazetteer.open() as gazetteer:
        (doc,) = parse([text], geomap.Config().model)
        found = {text[c.start : c.end] for c in candidates(doc, gazetteer)}
    assert name in found
    assert "Texas lake" not in found


def test_short_words_of_names_are_written_out() -> None:
    with Gazetteer.open() as gazetteer:
        whole = {o.entry.place.id for o in options("Mount Pleasant", gazetteer)}
        short = {o.entry.place.id for o in options("Mt. Pleasant", gazetteer)}
        assert whole
        assert whole <= short
        assert {o.entry.place.name for o in options("W. Virginia", gazetteer)} >= {"West Virginia"}


def test_the_places_of_a_name_and_none_of_them_share_one_probability() -> None:
    class Given:
        def scores(self, rows: list[dict[str, float]]) -> list[float]:
            return [row["score"] for row in rows]

    rows = [[{"score": 1.0}, {"score": 0.0}], [], [{"score": 900.0}]]
    two, nothing, one = chances(Given(), rows)
    total = math.e + 1 + 1
    assert two == pytest.approx([math.e / total, 1 / total])
    assert nothing == []
    assert one == pytest.approx([1.0])


def test_a_moved_document_keeps_its_offsets() -> None:
    sys.path.insert(0, str(SCRIPTS))
    from transplant import fragments, sentence_ends, transplanted

    text = "Fire crews met in Paris, Texas. Texas officials spoke. The U.S. sent help to Kabul."
    numbers = {"Paris": 4717560, "Texas": 4736286, "U.S.": 6252001, "Kabul": 1138958}
    toponyms = tuple(
        GoldToponym(m.start(), m.end(), m.group(), numbers[m.group()])
        for m in re.finditer(r"Paris|Texas|U\.S\.|Kabul", text)
    )
    with Gazetteer.open() as gazetteer:
        moved = transplanted(GoldDocument("a", text, toponyms), gazetteer, random.Random(3))
        assert moved is not None
        names = [moved.text[t.start : t.end] for t in moved.toponyms]
        assert names == [t.text for t in moved.toponyms]
        assert names[1] == names[2]  # one division all through
        assert names[4] == "Kabul"  # of another country than the document's
        countries = [gazetteer.get(f"geonames:{t.geonameid}") for t in moved.toponyms[:4]]
        assert len({entry.place.country for entry in countries if entry}) == 1
    for part in fragments(moved, sentence_ends(moved.text), random.Random(1), 5):
        assert all(part.text[t.start : t.end] == t.text for t in part.toponyms)


def test_another_way_is_an_error() -> None:
    with pytest.raises(ConfigError, match="give rules or trained"):
        geomap.Config(toponyms="guess")


def test_a_corpus_is_read_with_its_traps(tmp_path: Path) -> None:
    file = tmp_path / "lgl.xml"
    file.write_text(LGL)
    (document,) = read_corpus(file, "lgl")
    # the second offset is off by some characters; the third phrase is not in the text
    assert [(t.start, t.text) for t in document.toponyms] == [(14, "Paris"), (21, "Texas")]
    assert document.source == "example.org"
    virus = tmp_path / "virus.xml"
    virus.write_text(
        "<articles><article><text>In Doha.</text><locations><location><name>Doha</name>"
        "<start>4</start><end>8</end><lat>25.2</lat><lon>51.5</lon></location></locations>"
        "</article></articles>"
    )
    (document,) = read_corpus(virus, "geovirus")
    (doha,) = document.toponyms
    assert (doha.start, doha.geonameid, doha.latitude) == (3, None, 25.2)


@pytest.mark.parametrize("content", ["", "<a/>", "<articles><article>x</article></articles>"])
def test_what_is_no_corpus_is_an_error(tmp_path: Path, content: str) -> None:
    file = tmp_path / "x.xml"
    file.write_text(content)
    with pytest.raises(InputError, match=r"x\.xml"):
        read_corpus(file, "gwn")


@pytest.mark.model
@pytest.mark.parametrize("way", ["rules", "trained"])
def test_evaluate_scores_a_corpus(
    tmp_path: Path, way: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "lgl.xml"
    file.write_text(LGL)
    assert main(["evaluate", str(file), "--format", "lgl", "--json", "--toponyms", way]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["documents"], report["toponyms"], report["linked"]) == (1, 2, 2)
    assert report["end_to_end"]["figures"]["exact"] == 1.0
    assert report["end_to_end"]["figures"]["f1"] == 1.0
    assert report["population"]["figures"]["exact"] < 1.0
    assert main(["evaluate", str(file), "--format", "lgl", "--toponyms", way]) == 0
    assert "exact place" in capsys.readouterr().out
