"""Says who: the outlet, official, party or nameless source that a report is attributed to."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geomap.events.actors import ActorReader
from geomap.events.anaphora import person_meant
from geomap.events.syntax import clause_of, is_verb, lemma, noun_before, subjects
from geomap.events.triggers import Trigger
from geomap.model import Actor, Attribution
from geomap.model import Span as TextSpan

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

__all__ = ["SPEECH", "attributions", "disputed", "party", "speech_verbs"]

SPEECH = {
    "say", "tell", "report", "announce", "claim", "state", "add", "confirm", "allege", "write",
    "note", "declare", "quote", "cite", "insist", "explain", "point", "acknowledge", "admit",
    "stress", "accord", "assert", "maintain",
}  # fmt: skip
_ANONYMOUS = {"source", "witness", "resident", "official", "report", "people", "local", "medic"}
_OUTLET_WORDS = {"agency", "news", "website", "newspaper", "daily", "outlet", "broadcaster",
                 "television", "radio", "media", "channel", "times", "post", "tribune",
                 "herald", "gazette"}  # fmt: skip
_DENY = {"deny", "reject", "dispute", "refute", "dismiss", "contest", "rebut"}
_WHEN = {"after", "before", "when", "since", "until"}
_CLAIMS = {"claim", "report", "accusation", "allegation", "account", "charge", "assertion",
           "version", "it", "this", "that"}  # fmt: skip
_BESIDE = 4  # characters between two sentences
_ACCORDING = re.compile(r"\baccording to\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Speaker:
    head: "Token"
    verb: "Token"


def of_oneself(trigger: Trigger) -> bool:
    """Return whether who says it speaks of themselves: "said its men had taken the town"."""
    own = {"it", "they", "we", "its", "their", "our", "his"}
    verb = trigger.predicate
    if verb.dep_ == "xcomp" and lemma(verb.head) in SPEECH:
        return True  # "claimed to have taken the town"
    for noun in (*subjects(verb), *(c for c in verb.children if c.dep_ in {"nsubj", "nsubjpass"})):
        if noun.lower_ in own and noun.pos_ == "PRON":
            return True
        if any(c.dep_ == "poss" and c.lower_ in own and c.i < verb.i for c in noun.subtree):
            return True
    return False


def speech_verbs(trigger: Trigger) -> list["Token"]:
    """Return the verbs of saying that a trigger is reported under, innermost first."""
    return [speaker.verb for speaker in _speakers(trigger)]


def attributions(trigger: Trigger, reader: ActorReader) -> tuple[Attribution, ...]:
    """Return who says so: speakers above the trigger, "according to", "citing"."""
    heads = [(speaker.head, lemma(speaker.verb)) for speaker in _speakers(trigger)]
    if not trigger.around.words.isdisjoint({"according", "citing", "quoting"}):
        heads += [(head, "accord") for head in _according(trigger.token.sent)]
    found: dict[tuple[int, int], Attribution] = {}
    for head, verb in heads:
        made = _attribution(head, verb, reader)
        if made is not None and made.start is not None and made.end is not None:
            found.setdefault((made.start, made.end), made)
    return tuple(found[key] for key in sorted(found))


def _speakers(trigger: Trigger) -> list[_Speaker]:
    """Return subject and verb of every clause of saying above a trigger."""
    result: list[_Speaker] = []
    current = trigger.token
    previous = current
    for current in [*trigger.token.ancestors]:
        below = previous.dep_ in {"ccomp", "parataxis", "advcl", "pcomp", "xcomp", "dep"}
        if previous.dep_ == "advcl" and any(c.lower_ in _WHEN for c in previous.children):
            below = False  # "said so after A had accused B": not what was said
        if is_verb(current) and lemma(current) in SPEECH and below:
            for subject in _sayers(current):
                result.append(_Speaker(subject, current))
            if lemma(current) == "quote":
                result.extend(_Speaker(c, current) for c in current.children if c.dep_ == "dobj")
        previous = current
    for verb in trigger.around.verbs:
        if lemma(verb) in SPEECH and lemma(verb) != "cite" and verb.i > trigger.token.i:
            if verb.dep_ in {"parataxis", "advcl"}:
                result.extend(_Speaker(s, verb) for s in subjects(verb) if s.head.i == verb.i)
            elif verb.dep_ == "conj" and verb.head.i == clause_of(trigger.predicate).i:
                # "the summit will be in A, the ministry said": hung beside by the parse
                joined = any(c.dep_ == "cc" for c in verb.head.children if c.i < verb.i)
                own = () if joined else _sayers(verb)
                result.extend(_Speaker(s, verb) for s in own if s.i > trigger.token.i)
    return result


def _sayers(verb: "Token") -> Iterable["Token"]:
    """Return who says: the subject, else the noun right before a verb that lacks one."""
    own = any(c.dep_ in {"nsubj", "nsubjpass"} for c in verb.children)
    finite = verb.tag_ in {"VBD", "VBZ"} and verb.dep_ in {"ROOT", "conj"}
    before = noun_before(verb) if finite and not own else None
    return (before,) if before is not None else subjects(verb)


def _according(sentence: "Span") -> list["Token"]:
    """Return who stands after "according to" and "citing"."""
    result: list[Token] = []
    for token in sentence:
        if token.lower_ == "according":
            for child in token.children:
                result.extend(c for c in child.children if c.dep_ == "pobj")
                if child.dep_ == "pobj":
                    result.append(child)
        if token.lower_ in {"citing", "quoting"}:
            result.extend(c for c in token.children if c.dep_ == "dobj")
    return result


def _attribution(head: "Token", verb: str, reader: ActorReader) -> Attribution | None:
    """Name a speaker and tell outlet, anonymous source and official apart."""
    outlet = reader.outlet(head)
    if outlet is not None:
        start, end, name = outlet
        return Attribution(name, "outlet", start, end)
    if head.pos_ == "PRON" and head.lower_ not in {"he", "she"}:
        return None
    phrase = reader.phrase(head)
    if head.pos_ == "PRON":
        person = person_meant(head)
        if person is None:
            return None
        return Attribution(person.name, "official", head.idx, head.idx + len(head.text))
    words = {lemma(t) for t in head.subtree}
    if words & _OUTLET_WORDS and head.ent_type_ != "PERSON":
        return Attribution(phrase.text, "outlet", phrase.start_char, phrase.end_char)
    kind = "outlet" if verb == "report" and head.ent_type_ == "ORG" else "official"
    if lemma(head) in _ANONYMOUS and head.ent_type_ != "PERSON":
        kind = "anonymous"
    elif (
        head.pos_ not in {"PROPN"}
        and head.ent_type_ == ""
        and lemma(head) in {"it", "assessment", "history"}
    ):
        return None
    named = reader.named(head) or (phrase.text, phrase.start_char, phrase.end_char)
    return Attribution(named[0], kind, named[1], named[2])


def party(
    found: tuple[Attribution, ...],
    actors: tuple[Actor, ...],
    reader: ActorReader,
    states: frozenset[str] = frozenset(),
) -> tuple[tuple[Attribution, ...], str | None]:
    """Mark a speaker who belongs to a side of the event, and return who claims it."""
    claimed_by = None
    marked = []
    for source in found:
        side = reader.side_of(source, actors, states)
        if side is not None and source.kind in {"official", "anonymous"}:
            source = Attribution(source.name, "party", source.start, source.end)
            claimed_by = claimed_by or side
        marked.append(source)
    return tuple(marked), claimed_by


def disputed(doc: "Doc", sentences: Sequence[TextSpan]) -> frozenset[int]:
    """Return which of some sentences, by index, are disputed: "... denied the claim" follows.

    Parameters
    ----------
    doc
        The parsed document.
    sentences
        The events' sentences, in the order of the text.
    """
    found: set[int] = set()
    if not sentences or not any(token.lemma_ in _DENY for token in doc):
        return frozenset()
    for verb in doc:
        if verb.pos_ != "VERB" and not is_verb(verb) or lemma(verb) not in _DENY:
            continue
        if any(child.dep_ == "neg" for child in verb.children):
            continue
        start, end = verb.sent.start_char, verb.sent.end_char
        if verb.dep_ == "relcl" and lemma(verb.head) in _CLAIMS:  # "a claim that the army denied"
            found.update(i for i, s in enumerate(sentences) if start <= s.start < end)
        elif any(c.dep_ == "dobj" and lemma(c) in _CLAIMS for c in verb.children):
            found.update(i for i, s in enumerate(sentences) if 0 <= start - s.end < _BESIDE)
    return frozenset(found)
