"""A candidate with its place, alternatives and reasons in words, as a toponym."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from geomap.gazetteer import Gazetteer
from geomap.model import Alternative, Document, Toponym, ToponymKind
from geomap.recognise import sense_of
from geomap.toponyms.places import Option
from geomap.toponyms.spans import Candidate

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["Answer", "is_given", "toponym"]

_MOST = 4
_LEAST = 0.005
_SHOWN = 0.1
"""How likely a place must be at least where the sentence shows that a name is one."""
_PEOPLE = 0.15
"""The same for the one country of a word for its people ("Indian officials")."""
Answer = tuple[Sequence[float], float]
"""The probabilities of a candidate's options, and how likely the best of them is right."""


def toponym(
    document: Document, doc: "Doc", candidate: Candidate, answer: Answer, least: float,
    gazetteer: Gazetteer,
) -> Toponym:  # fmt: skip
    """Return a candidate as a toponym, with its place and the reasons.

    Parameters
    ----------
    document, doc
        The document, and its analysis.
    candidate
        The name.
    answer
        What is known of its place.
    least
        How likely a place must be right to be given.
    gazetteer
        Knows countries and capitals.
    """
    choice, sure = answer
    text = document.text[candidate.start : candidate.end]
    how = candidate.shown or f"read as a place name ({round(100 * candidate.probability)} %)"
    kind: ToponymKind = "place"
    ranked = sorted(zip(choice, candidate.options, strict=False), key=lambda item: -item[0])
    if ranked and ranked[0][1].how == "people":
        kind = "demonym"
    else:
        kind, why = sense_of(document.text, doc[candidate.first : candidate.last], gazetteer)
        how = f"{how}; {why}" if why else how
    how = f"{how}; {candidate.called}" if candidate.called else how
    bare = Toponym(candidate.start, candidate.end, text, kind, reasons=(how,))
    if not ranked:
        return replace(bare, reasons=(how, "no such name in the gazetteer"))
    total = sum(choice) or 1.0
    given = is_given(candidate, choice, sure, least)
    others = tuple(
        Alternative(o.entry.place.id, o.entry.description, round(value / total, 3))
        for value, o in ranked[given : given + _MOST]
        if value / total >= _LEAST
    )
    if not given:
        why = f"{_rivals(len(ranked))}, and none is sure enough ({round(100 * sure)} %)"
        return replace(bare, score=round(sure, 3), reasons=(how, why), alternatives=others)
    best, option = ranked[0]
    return replace(
        bare,
        place=option.entry.place,
        score=round(sure, 3),
        reasons=(how, *_reasons(option, len(ranked), best)),
        alternatives=others,
    )


def is_given(candidate: Candidate, choice: Sequence[float], sure: float, least: float) -> bool:
    """Return whether a name gets a place: it is likely enough right, or the sentence shows it."""
    if candidate.shown is not None or candidate.called is not None:
        return max(choice) >= _SHOWN
    if len(choice) == 1 and candidate.options[0].how == "people":
        return sure >= min(least, _PEOPLE)
    return sure >= least


def _rivals(among: int) -> str:
    return f"{among} places of this name" if among > 1 else "one place of this name"


def _reasons(option: Option, among: int, probability: float) -> tuple[str, ...]:
    """Say in words why a place was chosen."""
    how = {
        "name": "its main name" if option.primary else "one of its names",
        "people": f"the people of {option.entry.place.name}",
        "short": f"short for {option.entry.place.name}",
        "division": "the name without the word for the division",
        "bare": "the name with a word for its kind",
        "spelled": "another spelling of its name",
    }[option.how]
    rivals = f"likeliest of {among} places" if among > 1 else "the only place of this name"
    return how, f"{rivals} in this document ({round(100 * probability)} %)"
