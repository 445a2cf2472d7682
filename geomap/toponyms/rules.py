"""Recognise and resolve by rules, with nothing that was trained.

Two rounds: the second knows what the first chose for the other names of the document, and for
other documents of the same outlet.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from geomap.gazetteer import Gazetteer
from geomap.model import Alternative, Document, Toponym
from geomap.names import fold
from geomap.recognise import recognise
from geomap.toponyms import senses, spans
from geomap.toponyms.home import because_given, leaning
from geomap.toponyms.outlets import Outlets
from geomap.toponyms.places import options
from geomap.toponyms.points import choice_of, reasons_for
from geomap.toponyms.ranking import Numbers
from geomap.toponyms.senses import best_of
from geomap.toponyms.shown import shown_names
from geomap.toponyms.spans import Candidate
from geomap.toponyms.trained import Choice, Draft, place_rows, second_rows
from geomap.toponyms.wording import toponym

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["finish", "choices", "named"]

_LEAST = 0.4
"""How likely a place must be to be given."""
_RIVALS = 4
Named = tuple[int, int, str | None]
"""First and last character of a name, and why it is a place's, if that is known."""


def named(document: Document, gazetteer: Gazetteer) -> tuple[list[Candidate], list[Numbers]]:
    """Return the candidate spans of a document; those that are names are sure. No numbers."""
    doc: Doc = document.analysis
    found = spans.candidates(doc, gazetteer)
    if document.toponyms:
        given: list[Named] = [(name.start, name.end, None) for name in document.toponyms]
        return _named(doc, found, given, gazetteer), []
    known: list[Named] = []
    for name in recognise(doc, gazetteer):
        span = doc[name.first : name.last]
        known.append((span.start_char, span.end_char, name.reason))
    found = _named(doc, found, known, gazetteer)
    _add_shown(doc, found)
    return found, []


def choices(found: Sequence[Candidate], places: Sequence[Sequence[Numbers]]) -> list[Choice]:
    """Return the answers for the names, first and second, by their points."""
    return [choice_of(c.options, own) for c, own in zip(found, places, strict=True)]


def finish(
    draft: Draft, gazetteer: Gazetteer, outlets: Outlets, home: Candidate | None = None
) -> Document:
    """Return a document with its toponyms, after what the outlets have learned of others."""
    document, found = draft.document, draft.found
    doc: Doc = document.analysis
    rows = second_rows(doc, found, draft.first, outlets, document, home=home)
    second = senses.fitted(doc, found, rows, leaning(found, choices(found, rows), rows, home))
    bare = second
    if home is not None:
        first = choices(found, place_rows(doc, found))
        bare = choices(found, second_rows(doc, found, first, outlets, document))
    toponyms = []
    for candidate, own, choice, other in zip(found, rows, second, bare, strict=True):
        if not candidate.probability:
            continue
        name = _toponym(document, candidate, own, choice, gazetteer)
        if home is not None and best_of(choice) != best_of(other):
            name = because_given(name, home)
        toponyms.append(name)
    return replace(document, toponyms=tuple(toponyms))


def _toponym(
    document: Document,
    candidate: Candidate,
    rows: Sequence[Numbers],
    choice: Choice,
    gazetteer: Gazetteer,
) -> Toponym:
    """Return a candidate as a toponym, with what of the document speaks for its place."""
    sure = max(choice, default=0.0) / (sum(choice) or 1.0)
    name = toponym(document, document.analysis, candidate, (choice, sure), 0.0, gazetteer)
    if name.place is None:
        return name
    best = best_of(choice)
    option = candidate.options[best]
    if candidate.shown and sure < _LEAST:
        rival = Alternative(option.entry.place.id, option.entry.description, round(sure, 3))
        why = f"{len(choice)} places of this name and nothing to tell them apart"
        others = (rival, *name.alternatives)[:_RIVALS]
        return replace(name, place=None, reasons=(name.reasons[0], why), alternatives=others)
    return replace(name, reasons=(*name.reasons, *reasons_for(option, rows[best])))


def _named(
    doc: "Doc", found: Sequence[Candidate], names: Sequence[Named], gazetteer: Gazetteer
) -> list[Candidate]:
    """Return the candidates with those of names, which are sure."""
    known = {(c.start, c.end): c for c in found}
    for start, end, reason in names:
        candidate = known.get((start, end))
        if candidate is None:
            span = doc.char_span(start, end, alignment_mode="expand")
            if span is None:
                continue
            text = span.text if reason else doc.text[start:end]
            places = options(text, gazetteer)
            if reason:  # "the Bakhmut district" is no town
                places = tuple(o for o in places if o.how != "bare" or o.entry.kind != "city")
            candidate = Candidate(span.start, span.end, start, end, text, fold(text), places)
            known[start, end] = candidate
        candidate.probability = 1.0
        candidate.shown = reason
    return sorted(known.values(), key=lambda c: (c.first, c.last))


def _add_shown(doc: "Doc", found: Sequence[Candidate]) -> None:
    """Add the names that the words around them show to be places, the longest first.

    One that holds others takes their place, and so does one that the gazetteer knows from a
    longer one that it does not: "Athens" in "Athens Police Department".
    """
    sure = [candidate for candidate in found if candidate.probability]
    extra = sorted(shown_names(doc, found), key=lambda item: item[0].first - item[0].last)
    for candidate, why in extra:
        over = [c for c in sure if c.first < candidate.last and candidate.first < c.last]
        holds = all(candidate.first <= c.first and c.last <= candidate.last for c in over)
        if not holds and any(c.options for c in over):
            continue
        for other in over:
            other.probability, other.shown = 0.0, None
            sure.remove(other)
        candidate.probability, candidate.shown = 1.0, why
        sure.append(candidate)
