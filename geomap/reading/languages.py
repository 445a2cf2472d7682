"""The language of an article: found where it is not given, and whether the model reads it."""

import functools
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geomap.model import Document
from geomap.reading.values import RefusalError

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

__all__ = ["REFUSED_FROM", "Guess", "checked", "guess"]

SURE = 0.9
REFUSED_FROM = 301
"""Characters from which an article in another language is refused; a shorter one is warned of."""
_UNLIKELY = 0.05
_SHORTEST = 60
_SLICE = 1_000
_CODE = re.compile(r"[a-z]{2,3}")
# Norwegian has one code here; Nigerian Pidgin is near enough to the English of Nigeria's papers.
_OTHER_CODES = {"nb": "no", "nn": "no", "pcm": "en"}
_NO_LANGUAGE = "zxx"


@dataclass(frozen=True, slots=True)
class Guess:
    """What a text was found to be written in.

    Parameters
    ----------
    code
        The likeliest language, mostly an ISO 639-1 code.
    share
        Its probability, 0 to 1.
    expected
        The probability of the language that was asked about, 0 to 1; None where the detector does
        not know it.
    """

    code: str
    share: float
    expected: float | None


def guess(text: str, expected: str) -> Guess:
    """Return the likeliest language of a text, and how likely another one is.

    Of a long text three parts are looked at: its beginning, its middle and its end.
    """
    if len(text) > 3 * _SLICE:
        middle = (len(text) - _SLICE) // 2
        text = f"{text[:_SLICE]} {text[middle : middle + _SLICE]} {text[-_SLICE:]}"
    shares: dict[str, float] = {}
    for label, share in _detector().rank(text):
        code = _OTHER_CODES.get(label, label)
        shares[code] = shares.get(code, 0.0) + share
    likeliest = max(shares, key=shares.__getitem__)
    return Guess(likeliest, shares[likeliest], shares.get(expected))


def checked(document: Document, given: str | None, expected: str) -> Document:
    """Return an article with its language, if the model may read it.

    Parameters
    ----------
    document
        The article.
    given
        The language that its author or who gathered it states; it is believed. None: it is found
        from the text.
    expected
        The language of the model, an ISO 639-1 code.

    Raises
    ------
    RefusalError
        If the article is longer than 300 characters and in another language for sure.
    """
    expected = _OTHER_CODES.get(expected, expected)
    stated = _code(given)
    if stated is not None:
        what = f"its language is given as {stated!r}, and the model reads {expected!r}; "
        return document if stated == expected else _other(document, what + _choose(stated))
    if len(document.text) < _SHORTEST:
        return document
    found = guess(document.text, expected)
    if found.expected is None or found.code == _NO_LANGUAGE:
        return document
    sure = found.share >= SURE
    if sure:
        document = replace(document, language=found.code)
    if found.code == expected or found.expected >= _UNLIKELY:
        return document
    what = f"it is {'' if sure else 'perhaps '}in the language {found.code!r}, and the model reads "
    what += f"{expected!r}; {_choose(found.code)}, or give `language` if it is another"
    return _other(document, what, sure=sure)


def _code(given: str | None) -> str | None:
    """Return a stated language as the detector calls it: ``en`` of ``en-GB``; None for no code."""
    first = re.split(r"[-_]", given.strip().lower())[0] if given else ""
    first = _OTHER_CODES.get(first, first)
    return first if _CODE.fullmatch(first) and first in _detector().labels else None


def _choose(code: str) -> str:
    return f"choose a pipeline for {code!r} with --model"


def _other(document: Document, what: str, *, sure: bool = True) -> Document:
    """Refuse an article in another language, or warn where that is not sure or it is short."""
    if sure and len(document.text) >= REFUSED_FROM:
        raise RefusalError(what)
    return replace(document, warnings=(*document.warnings, what))


@functools.cache
def _detector() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
