"""The scores of events: what counts as right, as invented, and as a false place."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from samples import TEXT, make_document, make_event, make_place

from geomap.errors import InputError
from geomap.evaluate.events import lines, macro_f1, prf, score_goldset
from geomap.evaluate.goldset import GoldArticle, read_goldset
from geomap.evaluate.snippets import main_event, read_snippets, score_snippets
from geomap.model import Actor, EventDate, Number, Span

GOLD = """
id = "doc"
published = "2020-05-04"
topic = "conflict"
text = \"\"\"
Border guards clashed in Alfa on 3 May 2020. The Alfa clash killed two.\"\"\"
nothing = ["on 3"]

[[event]]
sentence = "Border guards clashed in Alfa on 3 May 2020"
trigger = ["clashed"]
class = ["border_clash", "armed_clash"]
subclass = "interstate"
status = ["reported", "claimed"]
place = "Alfa"
country = "XA"
near = [10.12, 20.5]
precision = [1]
date = ["2020-05-03", "2020-05-03"]
actors = [["side_a", "guards"]]
cluster = "alfa"

[[event]]
sentence = "The Alfa clash killed two"
trigger = ["killed", "clash"]
class = "armed_clash"
status = "reported"
place = ""
precision = []
date = []
actors = []
numbers = [["killed", 2, 2]]
cluster = "alfa"
optional = true
"""


@pytest.fixture
def article(tmp_path: Path) -> GoldArticle:
    (tmp_path / "doc.toml").write_text(GOLD, encoding="utf-8")
    (found,) = read_goldset(tmp_path)
    return found


def test_words_get_their_offsets(article: GoldArticle) -> None:
    assert article.document.text == TEXT
    first = article.events[0]
    assert first.place == (25, 29)
    assert first.triggers == ((14, 21),)
    assert article.nothing == ((30, 34),)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('Border guards clashed in Alfa on 3 May 2020"', 'Nowhere in it"'),
        ('trigger = ["clashed"]', 'trigger = ["sang"]'),
        ('place = "Alfa"', 'place = "Bravo"'),
        ("cluster", "kluster"),
        ("[[event]]", "[[event"),
    ],
)
def test_what_is_not_in_the_format_is_said(tmp_path: Path, old: str, new: str) -> None:
    (tmp_path / "doc.toml").write_text(GOLD.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match="not an article of a gold set"):
        read_goldset(tmp_path)


def test_an_empty_folder_is_no_gold_set(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no articles"):
        read_goldset(tmp_path)


def test_all_right(article: GoldArticle) -> None:
    figures, errors = score_goldset([article], [make_document(make_event())])
    assert errors == {}
    fields = figures["fields"]
    for name in ("trigger", "class", "place span", "place within 25 km", "date", "actors"):
        assert fields[name]["f1"] == 1.0, name
    assert figures["status macro F1"] == 1.0
    assert figures["false places of drawn"] == 0.0
    assert figures["clusters B-cubed F1"] == 1.0
    assert any(line.startswith("trigger") for line in lines(figures))


def test_nothing_found_misses_all(article: GoldArticle) -> None:
    figures, errors = score_goldset([article], [make_document()])
    assert figures["fields"]["trigger"]["recall"] == 0.0
    assert figures["fields"]["date"]["recall"] == 0.0
    assert list(errors) == ["not found"]


def test_a_day_of_ones_own_is_invented(article: GoldArticle) -> None:
    gold = replace(article, events=(replace(article.events[0], date=None),))
    figures, errors = score_goldset([gold], [make_document(make_event())])
    assert figures["invented days"] == 1
    assert "invented day" in errors


def test_a_day_of_the_report_is_none(article: GoldArticle) -> None:
    gold = replace(article, events=(replace(article.events[0], date=None),))
    assumed = EventDate("2020-05-04", "2020-05-04", 9, "Monday", "report", "")
    figures, _ = score_goldset([gold], [make_document(make_event(date=assumed))])
    assert figures["invented days"] == 0
    assert figures["of found events"]["date"] == 1.0


def test_a_point_elsewhere_is_a_false_place(article: GoldArticle) -> None:
    place = make_place(latitude=50.0)
    figures, errors = score_goldset([article], [make_document(make_event(place=place))])
    assert figures["false places of drawn"] == 1.0
    assert {"place", "false place"} <= set(errors)


def test_optional_mentions_count_neither_way(article: GoldArticle) -> None:
    second = make_event(
        "e2",
        trigger=Span(54, 59, "clash"),
        sentence=Span(45, 70, TEXT[45:]),
        place=None,
        numbers=(Number("killed", 2, 2, None, 67, 70),),
    )
    figures, errors = score_goldset([article], [make_document(make_event(), second)])
    assert errors == {}
    assert figures["fields"]["trigger"]["precision"] == 1.0


def test_an_event_of_nothing_is_counted(article: GoldArticle) -> None:
    wrong = make_event("e2", trigger=Span(30, 34, "on 3"))
    figures, errors = score_goldset([article], [make_document(make_event(), wrong)])
    assert figures["events of nothing"] == 1
    assert figures["fields"]["trigger"]["precision"] == 0.5
    assert len(errors["false event"]) == 1


def test_roles_matter(article: GoldArticle) -> None:
    event = make_event(actors=(Actor("Border guards", "side_b"),))
    figures, _ = score_goldset([article], [make_document(event)])
    assert figures["fields"]["actors"]["f1"] == 0.0


def test_measures() -> None:
    assert prf(1, 2, 4) == {"precision": 0.5, "recall": 0.25, "f1": 0.3333, "wanted": 4}
    assert prf(0, 0, 0)["f1"] == 0.0
    assert macro_f1([("a", "a"), ("a", "b"), ("b", "b")]) == pytest.approx(2 / 3, abs=1e-4)


def test_places_of_verbs(tmp_path: Path) -> None:
    words = [("Border", 0, 6), ("guards", 7, 13), ("clashed", 14, 21), ("in", 22, 24),
             ("Alfa", 25, 29)]  # fmt: skip
    tokens = [{"text": t, "start": a, "end": b, "id": i} for i, (t, a, b) in enumerate(words)]
    spans = [{"token_start": 2, "token_end": 2, "label": "VERB"},
             {"token_start": 4, "token_end": 4, "label": "LOCATION"}]  # fmt: skip
    rows = [{"text": TEXT, "tokens": tokens, "spans": spans},
            {"text": TEXT, "tokens": tokens, "spans": spans[:1]}]  # fmt: skip
    path = tmp_path / "location.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    snippets = read_snippets(path, "location")
    assert [s.places for s in snippets] == [((25, 29),), ()]
    found = [make_document(make_event()), make_document(make_event())]
    figures, errors = score_snippets("location", snippets, found)
    assert figures["fields"]["place span"]["precision"] == 0.5
    assert figures["rightly no place"] == 0.0
    assert list(errors) == ["no place due"]


def test_classes_of_snippets(tmp_path: Path) -> None:
    path = tmp_path / "case.tsv"
    path.write_text("id\tEventSnippet\tSubType\n1\tText\tARMED_CLASH\n2\tText\tATTRIB\n")
    snippets = read_snippets(path, "case")
    assert [s.label for s in snippets] == ["ARMED_CLASH"]
    figures, _ = score_snippets("case", snippets, [make_document(make_event())])
    assert figures["accuracy of the main event"] == 1.0


def test_roots_of_sentences(tmp_path: Path) -> None:
    path = tmp_path / "plv.tsv"
    path.write_text("sentence_id\tsentence\tgold_root\n1\tText\tYIELD\n2\tText\tASSAULT\n")
    snippets = read_snippets(path, "plv")
    found = [make_document(make_event(plover="RETREAT-withdraw")), make_document(make_event())]
    figures, _ = score_snippets("plv", snippets, found)
    assert figures["macro F1"] == 1.0


def test_the_main_event_is_the_surest() -> None:
    weak, sure = make_event("a", confidence=0.5), make_event("b", confidence=0.8)
    assert main_event([weak, sure]) is sure
    assert main_event([]) is None


def test_the_final_set_has_no_list_of_errors(tmp_path: Path) -> None:
    folder = tmp_path / "gold" / "final"
    folder.mkdir(parents=True)
    script = Path(__file__).parent.parent / "scripts" / "score_events.py"
    done = subprocess.run(
        [sys.executable, str(script), str(folder), "--errors"], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "kept for the score alone" in done.stderr
