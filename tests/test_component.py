"""The spaCy component: the pipeline's place names in any spaCy pipeline, stored with the text."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.tokens import Doc, DocBin

import geomap
from geomap.component import make_component
from geomap.config import Config
from geomap.errors import ConfigError, GazetteerError, ModelNotFound
from geomap.model import Document, Toponym
from geomap.pipeline import Pipeline

pytestmark = pytest.mark.model
TOP = Path(__file__).resolve().parent.parent
MODEL = Config().model
TEXTS = (
    "Officials in Doha spoke of the Afghan army near Kabul.",
    "A fire broke out in Paris, Texas. Trucks from Dallas were late.",
    "Nothing happened anywhere.",
    "  \n ",
    "",
)


def made(**config: Any) -> Any:
    nlp = spacy.load(MODEL)
    nlp.add_pipe("geomap", config=config)
    return nlp


@pytest.fixture(scope="module")
def nlp() -> Any:
    return made()


def by_pipeline(**options: Any) -> list[tuple[Toponym, ...]]:
    documents = [Document(str(n), text) for n, text in enumerate(TEXTS)]
    return [d.toponyms for d in Pipeline(Config(**options)).toponyms(documents)]


def test_it_reads_what_the_pipeline_reads(nlp: Any) -> None:
    found = [doc._.toponyms for doc in nlp.pipe(TEXTS)]
    assert found == by_pipeline()
    assert [nlp(text)._.toponyms for text in TEXTS] == found
    names = [[(t.text, t.kind) for t in toponyms] for toponyms in found]
    assert names[0] == [("Doha", "place"), ("Afghan", "demonym"), ("Kabul", "place")]
    assert names[2:] == [[], [], []]
    for doc in nlp.pipe(TEXTS):
        assert isinstance(doc._.toponyms, tuple)
        assert all(doc.text[t.start : t.end] == t.text for t in doc._.toponyms)


def test_the_options_are_those_of_the_pipeline() -> None:
    rules = made(toponyms="rules")
    assert [doc._.toponyms for doc in rules.pipe(TEXTS)] == by_pipeline(toponyms="rules")
    (toponym,) = made(country="lb")("Gunmen attacked a bus in Tripoli on Sunday.")._.toponyms
    assert toponym.place.country == "LB"


def test_a_pipeline_with_it_is_saved_and_loaded(tmp_path: Path) -> None:
    nlp = made(toponyms="rules", gazetteer=str(geomap.Gazetteer.open().path))
    nlp.to_disk(tmp_path / "saved")
    again = spacy.load(tmp_path / "saved")
    config = again.config["components"]["geomap"]
    assert config == nlp.config["components"]["geomap"]
    assert (config["factory"], config["toponyms"], config["country"]) == ("geomap", "rules", None)
    assert again(TEXTS[0])._.toponyms == nlp(TEXTS[0])._.toponyms != ()


def test_the_default_configuration_is_plain() -> None:
    config = made().config["components"]["geomap"]
    assert config == {"factory": "geomap", "gazetteer": None, "toponyms": "trained",
                      "country": None}  # fmt: skip


def test_what_it_found_is_stored_with_the_text(nlp: Any) -> None:
    doc = nlp(TEXTS[0])
    assert Doc(nlp.vocab).from_bytes(doc.to_bytes())._.toponyms == doc._.toponyms != ()
    stored = DocBin(docs=[doc], store_user_data=True).to_bytes()
    (read,) = DocBin().from_bytes(stored).get_docs(nlp.vocab)
    assert read._.toponyms == doc._.toponyms
    assert spacy.blank("en")("Kabul")._.toponyms == ()


def test_several_processes(nlp: Any) -> None:
    found = [doc._.toponyms for doc in nlp.pipe(TEXTS, n_process=2, batch_size=1)]
    assert found == [nlp(text)._.toponyms for text in TEXTS]


@pytest.mark.parametrize(
    ("arguments", "without", "words"),
    [
        ({}, ["ner"], "geomap: no ner before it"),
        ({}, ["parser", "lemmatizer"], "geomap: no lemmatizer and no parser before it"),
        ({"after": "tok2vec"}, [], "no tagger .* no parser .* add it after them"),
        ({"before": "ner"}, [], "geomap: no ner before it in the pipeline"),
        ({"first": True, "name": "places"}, [], "places: no tagger and no attribute_ruler and no "),
    ],
)
def test_what_it_needs_comes_before_it(
    arguments: dict[str, Any], without: list[str], words: str
) -> None:
    nlp = spacy.load(MODEL, exclude=without)
    nlp.add_pipe("geomap", **arguments)
    with pytest.raises(ModelNotFound, match=words):
        nlp(TEXTS[0])


@pytest.mark.parametrize(
    ("config", "error", "words"),
    [
        ({"toponyms": "guess"}, ConfigError, "give rules or trained"),
        ({"country": "zz"}, ConfigError, "country: 'ZZ' is no code"),
        ({"gazetteer": "nowhere.sqlite"}, GazetteerError, r"nowhere\.sqlite"),
    ],
)
def test_a_wrong_option_is_said_when_it_is_added(
    config: dict[str, str], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        spacy.load(MODEL).add_pipe("geomap", config=config)


def test_spacy_finds_it_by_its_entry_point(tmp_path: Path) -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    points = project["entry-points"]["spacy_factories"]
    assert points == {"geomap": f"{make_component.__module__}:{make_component.__name__}"}
    installed = tmp_path / "geomap_entry-1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: geomap-entry\nVersion: 1.0\n")
    lines = [f"{name} = {value}" for name, value in points.items()]
    (installed / "entry_points.txt").write_text("\n".join(["[spacy_factories]", *lines, ""]))
    code = (
        "import spacy; nlp = spacy.blank('en'); nlp.add_pipe('geomap'); print(nlp.pipe_names, "
        "nlp.analyze_pipes()['problems'])"
    )
    package = Path(geomap.__file__).parent.parent
    path = os.pathsep.join(map(str, (tmp_path, package)))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    assert done.stdout.startswith("['geomap'] {'geomap': ['token.tag', ")
