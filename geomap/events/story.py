"""What a story told before: place and day of a happening that is spoken of again.

"The two delegations signed the lists": where they met. "The raid killed a nurse": the raid told of
just before. "Clashes there had killed nine": at the place told of last. Only words that point back
do so; nothing is taken from a sentence that merely stands near.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from geomap.events.candidates import Candidate
from geomap.events.precision import event_place
from geomap.events.status import FACTUAL
from geomap.events.syntax import head_noun, is_verb, lemma, objects, subjects
from geomap.events.triggers import Trigger
from geomap.language import datelines
from geomap.model import Document, Event, EventDate, EventPlace

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["points_back", "told_before"]

_DEFINITE = {"the", "this", "that", "these", "those", "both"}
_THEY = {"they", "both", "he", "she", "two", "it"}
_TALKERS = {
    "minister", "envoy", "delegation", "president", "leader", "negotiator", "side", "delegate",
    "representative", "diplomat", "party", "premier", "ambassador", "mediator", "two", "government",
    "official", "commander", "general", "secretary", "member", "team", "country", "neighbour",
    "host", "colleague", "guest", "visitor", "governor",
}  # fmt: skip
_TALKS = {"diplomatic_meeting", "mediation", "agreement", "visit", "ceasefire"}
_FIGHTS = {"armed_clash", "border_clash", "shelling", "air_strike", "explosion", "protest",
           "attack_on_civilians", "territory_change", "abduction", "coup"}  # fmt: skip
_ANYWHERE = _FIGHTS | _TALKS | {"arrest", "border_closure", "border_incursion", "withdrawal",
                                "border_buildup", "weapons_test"}  # fmt: skip
_THEN = {"then", "later", "afterwards", "afterward", "thereafter"}
_AHEAD = {"planned", "postponed", "cancelled"}
_PLACE_ALONE = {"there", "guest", "beside"}  # the day may be another
_PRESENT = {"participant", "visitor", "host", "chair", "mediator"}
_SOON = 2  # days: a visit is short
_FAR = 900  # characters: about four sentences


def points_back(trigger: Trigger) -> str | None:
    """Return how a trigger points back: "there", by a noun, by who does it, or "then"."""
    token, verb = trigger.token, trigger.predicate
    near = [*token.children, *verb.children]
    if any(c.lower_ == "there" and c.dep_ == "advmod" for c in near):
        return "there"
    if any(_at_its_side(c) for c in near):
        return "beside"
    if not is_verb(token) and _under_a_signing(token):
        return "over"
    if lemma(token) == "mediator":
        return "and"  # "met in A with B as mediator"
    by_them = trigger.support is not None and any(
        s.lower_ in {"he", "she", "they"} for s in subjects(verb)
    )
    if by_them and trigger.event_class.name == "diplomatic_meeting":
        return "guest"  # "he held talks"
    if not is_verb(token):
        of_name = any(c.dep_ in {"compound", "amod"} and c.pos_ == "PROPN" for c in token.children)
        definite = any(c.dep_ == "det" and c.lower_ in _DEFINITE for c in token.children)
        return "noun" if definite and not of_name else None
    if (
        token.dep_ == "conj"
        and is_verb(token.head)
        and not any(c.dep_ in {"nsubj", "nsubjpass"} for c in token.children)
    ):
        return "and"  # "met in A on Tuesday and agreed to ..."
    if any(c.lower_ in _THEN and c.dep_ == "advmod" for c in near):
        return "then"
    if trigger.event_class.name in _TALKS:
        for subject in (*subjects(verb), *objects(verb)):
            known = any(c.lower_ in _DEFINITE or c.lower_ == "two" for c in subject.children)
            beside = {t for c in subject.children if c.dep_ == "appos" for t in c.subtree}
            named = any(c.pos_ == "PROPN" for c in subject.subtree if c not in beside)
            if subject.lower_ in _THEY or (known and not named and lemma(subject) in _TALKERS):
                return "guest" if beside else "who"
    return None


def _at_its_side(preposition: "Token") -> bool:
    """Return whether something is "on the sidelines", or "on the eve of the summit"."""
    return preposition.lower_ in {"on", "at"} and any(
        lemma(c) in {"sideline", "margin", "fringe", "eve"} for c in preposition.children
    )


def _under_a_signing(noun: "Token") -> bool:
    """Return whether talks led to what was signed: "after days of talks, A and B signed in C"."""
    days = head_noun(noun)
    after = days.dep_ == "pobj" and days.head.lower_ in {"after", "following"}
    return after and lemma(days.head.head) in {"sign", "reach", "conclude", "initial", "clinch"}


def told_before(
    events: Sequence[Event],
    back: Sequence[str | None],
    there: Sequence[Candidate | None],
    document: Document,
) -> list[Event]:
    """Give events that point back the place and the day that the story told of them.

    Parameters
    ----------
    events
        The events, in the order of the text.
    back
        How each points back.
    there
        The place named right before "there", of each that points back so.
    document
        The document.
    """
    result: list[Event] = []
    for index, (event, how, named) in enumerate(zip(events, back, there, strict=True)):
        if how == "over":
            event = _signed_at(event, events[index + 1 :])
            how = "noun"
        if named is not None and event.place is None and event.event_class in _ANYWHERE:
            event = replace(event, place=_there(named, event, document))
        elif how is not None and event.event_class in _ANYWHERE and event.subclass not in {
            "phone", "virtual",
        }:  # fmt: skip
            event = _completed(event, how, result)
        result.append(_went_on(event, result))
    return result


def _went_on(event: Event, before: Sequence[Event]) -> Event:
    """Return a meeting or arrival without a place where those who were met before went on to it.

    "A met B in C. A also held talks with D": the last located diplomacy of the same people, told
    of just before, not on a day far from it.
    """
    if event.place is not None or event.event_class not in {"diplomatic_meeting", "visit"}:
        return event
    if event.status not in FACTUAL or event.subclass in {"phone", "virtual"}:
        return event
    told = [e for e in before if e.event_class in _TALKS and e.place is not None
            and e.status in FACTUAL and event.sentence.start - e.sentence.end < _FAR
            and not e.trigger.text.lower().startswith("return")]  # fmt: skip
    if not told or not _same_people(event, told[-1]) or _days_apart(event, told[-1]) > _SOON:
        return event
    place = told[-1].place
    return replace(event, place=_moved(place, "who", told[-1])) if place is not None else event


def _same_people(one: Event, other: Event) -> bool:
    """Return whether somebody by name took part in two events."""
    first, second = (
        [set(a.name.split()) for a in e.actors if a.role in _PRESENT and a.name[:1].isupper()]
        for e in (one, other)
    )
    return any(a <= b or b <= a for a in first for b in second)  # "Han Weiguo", then "Han"


def _days_apart(one: Event, other: Event) -> int:
    """Return how many days lie between two events; 0 where one has no day."""
    if one.date is None or other.date is None or not (one.date.end and other.date.start):
        return 0
    first, last = sorted((one.date, other.date), key=lambda d: str(d.start))
    start, end = (date.fromisoformat(str(d)[:10]) for d in (first.end, last.start))
    return max(0, (end - start).days)


def _signed_at(talks: Event, after: Sequence[Event]) -> Event:
    """Return talks with the place where the sentence says that their outcome was signed."""
    signed = [e for e in after if e.sentence == talks.sentence and e.event_class in _TALKS]
    if talks.place is not None or not signed or signed[0].place is None:
        return talks
    return replace(talks, place=_moved(signed[0].place, "and", signed[0]))


def _completed(event: Event, how: str, before: Sequence[Event]) -> Event:
    """Return an event with what was told of it before."""
    told = [e for e in before if event.sentence.start - e.sentence.end < _FAR
            and (e.sentence.start < event.sentence.start or how == "and")]  # fmt: skip
    if how == "and":
        told = [e for e in told if e.sentence == event.sentence][-1:]
    factual = event.status in FACTUAL
    hosted = event.place is not None and event.place.place_source == "host" and how == "noun"
    if hosted and event.place is not None:  # "A hosted the session": in the town told of
        country = event.place.country
        told = [e for e in told if e.place and e.place.country == country]
    ahead = event.status in _AHEAD and how in {"noun", "beside"}
    if (event.place is None or hosted) and (factual or ahead):
        placed = [e for e in told if _serves(e, event, how) and e.place is not None]
        if placed and placed[-1].place is not None:
            event = replace(event, place=_moved(placed[-1].place, how, placed[-1]))
    if (event.date is None or event.date.precision == 9) and factual and how not in _PLACE_ALONE:
        dated = [e for e in told if _serves(e, event, how) and e.date and e.date.precision <= 3]
        if how == "noun" and event.event_class in _TALKS:  # a signing is not the talks before it
            dated = [e for e in dated if e.event_class == event.event_class]
        if event.event_class == "visit":
            dated = [e for e in dated if not _elsewhere(e, event)]  # "from A he drove to B"
        if dated and dated[-1].date is not None:
            event = replace(event, date=_of_story(dated[-1].date, how))
    return event


def _serves(told: Event, event: Event, how: str) -> bool:
    """Return whether an event told before may be the one that is spoken of."""
    if how == "beside":
        return told.event_class == "diplomatic_meeting" and told.status in FACTUAL | _AHEAD
    if how == "there":
        return told.status in FACTUAL | _AHEAD
    if told.status not in FACTUAL and told.status != event.status:
        return False
    if how == "and" and told.event_class in _FIGHTS:
        return event.event_class in _FIGHTS | {"arrest", "abduction"}
    if event.event_class in _TALKS:
        if how == "noun" and event.event_class != told.event_class:
            if told.event_class == "ceasefire" or (
                told.event_class == "visit" and told.status not in FACTUAL
            ):
                return False  # "the round" is no lull, nor a journey still to come
        return told.event_class in _TALKS and told.subclass not in {"phone", "virtual"}
    if how == "then":
        return told.event_class in _FIGHTS
    return told.event_class == event.event_class or (
        {told.event_class, event.event_class} <= _FIGHTS - {"protest", "coup"}
    )


def _there(named: Candidate, event: Event, document: Document) -> EventPlace:
    """Return the place that "there" stands for."""
    if (
        named.end <= event.sentence.start
        and named.kind == "place"
        and _from_dateline(document, named)
    ):
        return event_place(named, document.text, "dateline", "'here' is where the report is from")
    inside = named.start >= event.sentence.start
    source, why = "sentence" if inside else "previous sentence", f"'there' is {named.text}"
    place = event_place(named, document.text, source, f"{why}, named right before")
    return replace(place, start=None, end=None, text=None, name=place.name or named.text)


def _from_dateline(document: Document, named: Candidate) -> bool:
    """Return whether a place is the one that the dateline names."""
    return any(start <= named.start < end for start, end in datelines(document.text))


def _moved(place: EventPlace, how: str, told: Event) -> EventPlace:
    words = {"there": "'there'", "noun": "the same happening", "who": "the same people",
             "guest": "who came there", "beside": "on the sidelines of it",
             "then": "what came next", "and": "in one breath with it"}[how]  # fmt: skip
    why = f"{words}, told of before: {told.sentence.text}"
    source = "sentence" if how == "and" else "previous sentence"
    return replace(place, start=None, end=None, text=None, place_source=source, why=why)


def _elsewhere(one: Event, other: Event) -> bool:
    """Return whether two events are told of two places."""
    return bool(one.place and other.place and one.place.id != other.place.id)


def _of_story(date: EventDate, how: str) -> EventDate:
    precision = max(date.precision, 2) if how == "then" else date.precision  # that day or later
    rule = f"told of before: {date.rule}"
    return replace(date, source="story", rule=rule, precision=precision)
