"""The gold: what the articles say happened, written from reading them, against the program."""

import dataclasses
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from articles_gold import check, check_form, load_gold

pytestmark = pytest.mark.model

ROOT = Path(__file__).resolve().parent.parent
GOLD = sorted((ROOT / "tests" / "articles").glob("*.gold.toml"))
NAMES = [path.name.removesuffix(".gold.toml") for path in GOLD]


def article(name: str) -> Path:
    """Return the text that a gold file belongs to."""
    own = ROOT / "tests" / "articles" / f"{name}.txt"
    return own if own.is_file() else ROOT / "seeds" / f"{name}.txt"


def plain(value: Any) -> Any:
    """Return tuples as lists, as JSON has them."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


@pytest.fixture(scope="session")
def documents() -> dict[str, dict[str, Any]]:
    """Return every article as `geomap extract` writes it; the model is loaded once."""
    import geomap

    found = {}
    for name, document in zip(NAMES, geomap.extract([article(n) for n in NAMES]), strict=True):
        value = plain(msgspec.to_builtins(dataclasses.replace(document, analysis=None)))
        value.pop("analysis")
        found[name] = value
    return found


@pytest.mark.parametrize("name", NAMES)
def test_article_gives_its_gold(name: str, documents: dict[str, dict[str, Any]]) -> None:
    """Places, events, clusters and points are those of the gold, and nothing else."""
    gold = load_gold(ROOT / "tests" / "articles" / f"{name}.gold.toml")
    failures = check(documents[name], gold)
    assert failures == [], "\n" + "\n".join(failures)


@pytest.mark.parametrize("name", NAMES)
def test_article_keeps_the_form(name: str, documents: dict[str, dict[str, Any]]) -> None:
    """Offsets, overlaps, coordinates and cluster ids keep the rules of every document."""
    everyone = {e["event_id"] for d in documents.values() for e in d["events"]}
    document = documents[name]
    assert document["text"] == article(name).read_text(encoding="utf-8")
    failures = check_form(document, everyone)
    assert failures == [], "\n" + "\n".join(failures)


@pytest.mark.parametrize("name", NAMES)
def test_gold_fits_its_article(name: str) -> None:
    """Every sentence stands once in the text, with its triggers; the sidecar can be read."""
    text = article(name).read_text(encoding="utf-8")
    gold = load_gold(ROOT / "tests" / "articles" / f"{name}.gold.toml")
    phrases = [part["sentence"] for kind in ("toponym", "event") for part in gold.get(kind, [])]
    phrases += gold["nothing"] + gold.get("not_places", [])
    assert {phrase: text.count(phrase) for phrase in phrases} == dict.fromkeys(phrases, 1)
    for event in gold["event"]:
        assert all(trigger in event["sentence"] for trigger in event["triggers"]), event
    for toponym in gold.get("toponym", []):
        assert toponym["text"] in toponym["sentence"], toponym
    assert tomllib.loads(article(name).with_suffix(".toml").read_text(encoding="utf-8"))
