"""The table of event classes: every example is found, no counter-example is."""

import subprocess
import sys
from pathlib import Path

import pytest

from geomap.config import Config
from geomap.events.ontology import load_ontology
from geomap.model import Document
from geomap.pipeline import Pipeline

pytestmark = pytest.mark.model

ONTOLOGY = load_ontology()
CASES = [
    (name, sentence, wanted)
    for name, event_class in ONTOLOGY.classes.items()
    for wanted, sentences in (
        (True, event_class.examples),
        (False, event_class.counter_examples),
    )
    for sentence in sentences
]


@pytest.fixture(scope="module")
def found() -> dict[str, tuple[str, ...]]:
    """The classes found in each sentence, read as an article of its own."""
    documents = [
        Document(f"{number}", sentence, published="2024-05-15", published_basis="stated")
        for number, (_, sentence, _) in enumerate(CASES)
    ]
    results = Pipeline(Config()).run(documents)
    return {
        document.text: tuple(event.event_class for event in document.events) for document in results
    }


@pytest.mark.parametrize(("name", "sentence", "wanted"), CASES)
def test_row(name: str, sentence: str, wanted: bool, found: dict[str, tuple[str, ...]]) -> None:
    assert (name in found[sentence]) is wanted, found[sentence]


def test_classes_are_those_of_the_interface() -> None:
    assert set(ONTOLOGY.classes) == {
        "border_clash", "border_incursion", "border_buildup", "border_closure", "armed_clash",
        "shelling", "air_strike", "explosion", "attack_on_civilians", "abduction", "arrest",
        "territory_change", "ceasefire", "withdrawal", "weapons_test", "protest", "coup",
        "diplomatic_meeting", "visit", "mediation", "agreement", "relations_down", "relations_up",
        "statement", "aid", "displacement",
    }  # fmt: skip


def test_every_class_has_examples_of_both_kinds() -> None:
    for event_class in ONTOLOGY.classes.values():
        assert len(event_class.examples) >= 2
        assert len(event_class.counter_examples) >= 3


def test_cross_document_clusters_do_not_mix_examples() -> None:
    """Two documents on different things share no cluster."""
    texts = (
        "Envoys of Serbia and Kosovo met in Ohrid on Tuesday.",
        "Rebels clashed with government forces in Goma on Tuesday.",
    )
    documents = [Document(str(i), text, published="2024-05-15") for i, text in enumerate(texts)]
    clusters = [e.cluster_id for d in Pipeline(Config()).run(documents) for e in d.events]
    assert len(clusters) == len(set(clusters)) == 2


def test_two_reports_of_one_event_share_a_cluster() -> None:
    texts = (
        "Envoys of Serbia and Kosovo met in Ohrid on Tuesday, the Balkan Tribune reported.",
        "Serbian and Kosovan envoys met in Ohrid on 14 May 2024.",
    )
    documents = [Document(str(i), text, published="2024-05-15") for i, text in enumerate(texts)]
    clusters = {e.cluster_id for d in Pipeline(Config()).run(documents) for e in d.events}
    assert len(clusters) == 1


def test_the_page_of_events_is_current() -> None:
    script = Path(__file__).parent.parent / "scripts" / "ontology_table.py"
    done = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
