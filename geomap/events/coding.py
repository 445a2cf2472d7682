"""Coding: the sub-kind of a meeting, whether a mention sums up several, its PLOVER code."""

import re

from geomap.events.ontology import EventClass
from geomap.events.syntax import is_verb, lemma, subjects
from geomap.events.triggers import Trigger
from geomap.model import Status

__all__ = ["acled_code", "clause_text", "is_aggregate", "meeting_kind", "plover_code"]

_PHONE = re.compile(r"\b(?:phone|telephone|phoned|by phone|call)\b", re.IGNORECASE)
_FRONTED_PHONE = re.compile(
    r"(?:In|During) (?:the|a|their) (?:phone|telephone) (?:call|talks|conversation)"
)
_VIRTUAL = re.compile(
    r"\b(?:virtual|virtually|online|by video|video ?link|video ?conference|via zoom|remotely)\b",
    re.IGNORECASE,
)
_AGGREGATE = re.compile(
    r"\b(?:dozens|scores|hundreds|a string|a series|a spate|a wave|several|multiple|repeated|"
    r"at least (?:two|three|four|five|six|seven|eight|nine|ten|\d+)(?! (?:people|soldiers|"
    r"civilians|fighters|guards|members|troops|police|others|villagers|militants|men|women|officers)))\b",
    re.IGNORECASE,
)
_PROMISE = re.compile(
    r"(?:agree|promis|pledg|commit|willing|ready|readiness|offer|prepared|volunteer)", re.I
)
_DEMAND = re.compile(r"(?:demand|urg|call|ask|request|appeal|press|insist|must|should)", re.I)
_WHOLE_LINE = re.compile(r"\bpositions? (?:along|across) (?:the|its|their)\b", re.IGNORECASE)
_SUMMED = {
    "armed_clash", "border_clash", "shelling", "air_strike", "explosion", "attack_on_civilians",
    "territory_change", "abduction", "arrest", "protest",
}  # fmt: skip


def clause_text(trigger: Trigger) -> str:
    """Return the words that hang on a trigger or on what supports it."""
    tokens = {t.i: t.text_with_ws for t in trigger.token.subtree}
    if is_verb(trigger.predicate):
        tokens |= {t.i: t.text_with_ws for t in trigger.predicate.subtree}
    return "".join(tokens[i] for i in sorted(tokens))


def meeting_kind(trigger: Trigger) -> str | None:
    """Return "phone" or "virtual" for a meeting that nobody travelled to."""
    if trigger.event_class.name != "diplomatic_meeting":
        return None
    words = {w.i for w in trigger.words}
    own = [t.text for t in trigger.token.subtree if abs(t.i - trigger.token.i) <= 6]
    near = [c.text for c in trigger.predicate.children if c.i not in words]
    before = trigger.token.doc[trigger.token.sent.start : trigger.token.i + 1].text
    phrase = " ".join([*own, *near, *(w.text for w in trigger.words)])
    if _FRONTED_PHONE.match(before) or _PHONE.search(phrase):
        return "phone"
    return "virtual" if _VIRTUAL.search(clause_text(trigger)) else None


def is_aggregate(trigger: Trigger) -> bool:
    """Return whether a mention sums up several happenings: "a string of gains"."""
    if trigger.event_class.name not in _SUMMED:
        return False
    token = trigger.token
    first = max(token.sent.start, min(token.left_edge.i, token.i - 4))
    if _AGGREGATE.search(token.doc[first : token.i + 1].text):
        return True
    if not is_verb(token):
        return False
    if _WHOLE_LINE.search(clause_text(trigger)):
        return True
    # what it is done to, with what hangs on it: "control of at least two crossings"
    return any(
        _AGGREGATE.search(token.doc[child.left_edge.i : child.right_edge.i + 1][:10].text)
        for child in token.children
        if child.dep_ in {"dobj", "nsubjpass", "prep"}
    )


def acled_code(event_class: EventClass, trigger: Trigger) -> str | None:
    """Return the ACLED type and sub-type, the finer by the words of the sentence."""
    if trigger.group.acled:
        return trigger.group.acled
    words = trigger.around.words
    for code in event_class.codes:
        if code.not_near & words or (code.near and not code.near & words):
            continue
        doers = {lemma(t) for noun in subjects(trigger.predicate) for t in noun.subtree}
        if code.subjects and not code.subjects & doers:
            continue
        return code.acled
    return event_class.acled


def plover_code(
    event_class: EventClass,
    trigger: Trigger,
    status: Status,
    subclass: str | None,
    cue: str | None = None,
) -> str:
    """Return the PLOVER code, which follows the status: a promise is AGREE, a demand REQUEST."""
    if status in {"planned", "proposed"} and cue and event_class.name != "statement":
        if _PROMISE.match(cue):
            return "AGREE"
        if _DEMAND.match(cue):
            return "REQUEST"
    if status in {"planned", "proposed", "conditional"}:
        return event_class.plover_planned
    if status == "threatened":
        return "THREATEN"
    if status in {"denied", "negated", "cancelled"}:
        return "REJECT"
    if subclass == "phone":
        return "CONSULT-phone"
    if trigger.group.plover:
        return trigger.group.plover
    if trigger.support_role == "host":
        return "CONSULT-third-party"
    return event_class.plover
