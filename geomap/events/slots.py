"""Which nouns of a clause fill an event's slots: its subject, its object, "with", "between"."""

from collections.abc import Container, Iterator
from typing import TYPE_CHECKING

from geomap.bodies import body
from geomap.events.nouns import CIVIL, CONTAINERS, FACILITIES, OFFICES, ORGANS, REBELS, SIDES
from geomap.events.syntax import (
    adpositions,
    antecedent,
    head_noun,
    is_passive,
    is_verb,
    lemma,
    objects,
    subjects,
)
from geomap.events.triggers import Trigger

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["behind", "slots"]

_PEOPLE_SLOTS = {"amod", "compound", "nmod", "poss"}
_PARTS = {"mediator", "host", "chair", "broker", "facilitator", "moderator", "observer"}
_THERE = {"represent", "attend", "join"}
_SENT = {"negotiator", "envoy", "representative", "delegate", "mediator"}
_LANDS = {"region", "republic", "territory", "island", "enclave", "kingdom"}
_AFTER_TALKS = {"fail", "reach", "agree", "sign", "announce", "conclude", "end", "initial"}
# What somebody is to a meeting that is "hosted by A", "attended by B".
_BY = {
    "attend": "participant", "join": "participant", "hold": "participant", "host": "host",
    "organise": "host", "organize": "host", "convene": "host", "chair": "chair", "lead": "chair",
    "mediate": "mediator", "facilitate": "mediator", "broker": "mediator", "moderate": "mediator",
    "sponsor": "mediator",
}  # fmt: skip
_LED = {"chairmanship": "chair", "presidency": "chair", "leadership": "chair",
        "mediation": "mediator", "auspices": "mediator", "facilitation": "mediator"}  # fmt: skip
_MEETS = {"diplomatic_meeting", "agreement", "mediation"}


def slots(trigger: Trigger, starts: Container[int]) -> Iterator[tuple[str, "Token"]]:
    """Yield (role, noun) for every slot that the table gives a role."""
    if is_verb(trigger.token):
        yield from _verb_slots(trigger)
    else:
        yield from _noun_slots(trigger, starts)
    if lemma(trigger.token) == "mediator" and trigger.token.head.lower_ == "as":
        beside = trigger.token.head.i - 1  # "with A as mediator", however it was parsed
        yield "mediator", trigger.token.doc[beside]
    if trigger.support is not None:
        yield from _support_slots(trigger)
    elif trigger.event_class.name == "diplomatic_meeting" and not is_verb(trigger.token):
        yield from (("participant", who) for who in _had_talked(trigger))
    if trigger.event_class.name == "border_incursion":
        yield from (("target", whose) for whose in _soil_of(trigger))
    yield from _said_with(trigger)
    if trigger.group.roles.get("with") == "participant":
        yield from (("participant", noun) for noun in _beside(trigger))
    if trigger.event_class.name in _MEETS:
        yield from _by_whom(trigger)
    if trigger.event_class.name == "visit" and not is_verb(trigger.token):
        yield from (("visitor", noun) for noun in _who_came(trigger))


def _said_with(trigger: Trigger) -> Iterator[tuple[str, "Token"]]:
    """Yield (role, noun) of what prepositions tie to an event's words: "between A and B"."""
    whole = head_noun(trigger.token)  # "two days of talks between A and B"
    heads = {t.i: t for t in (trigger.token, trigger.predicate, *trigger.words, whole)}
    for head in heads.values():
        for preposition, noun in (*adpositions(head), *_again(head)):
            role, noun = trigger.group.roles.get(preposition), antecedent(noun)
            if preposition in {"of", "with"} and role == "participant":
                if not (_acts(noun) or lemma(noun) in OFFICES or noun.pos_ == "PROPN"):
                    continue  # "a round of talks", "ended with a promise"
                if _as_another(noun):
                    continue
                if noun.doc[noun.i + 1 : noun.i + 4].text == "in the chair":
                    role = "chair"
            own = noun.i == trigger.token.i or preposition == "by" and head is trigger.support
            if role and not own:
                yield role, noun


def _verb_slots(trigger: Trigger) -> Iterator[tuple[str, "Token"]]:
    """Yield subjects and objects of a verb."""
    roles = trigger.group.roles
    own = {word.i for word in trigger.words}
    if trigger.token.dep_ in {"pcomp", "nsubj"} and trigger.token.lower_ in trigger.group.names:
        return  # "after shelling in A": a noun
    if roles.get("subject"):
        yield from ((roles["subject"], noun) for noun in subjects(trigger.token))
    if roles.get("object"):
        whom = (t for t in objects(trigger.token) if t.i not in own or _may_act(t))
        yield from ((roles["object"], t) for t in whom)


def _noun_slots(trigger: Trigger, starts: Container[int]) -> Iterator[tuple[str, "Token"]]:
    """Yield whose event it is: "its killing of", "a rebel attack", "their withdrawal"."""
    roles, token = trigger.group.roles, trigger.token
    governor = token.head.head
    if roles.get("with") == "side_b" and token.dep_ == "pobj" and is_verb(governor):
        # "the guards fled during a clash with the rebels": the guards are the other side.
        if trigger.support is None:
            dead = lemma(governor) in {"kill", "die", "wound", "injure", "hurt"}
            hit = objects(governor) if is_passive(governor) else subjects(governor)
            for noun in hit if dead else subjects(governor):
                if not any(lemma(n) in CIVIL for n in (noun, *behind(noun))):
                    yield "side_a", noun
                elif dead:
                    yield "victim", noun
    if roles.get("with") == "participant" and not roles.get("possessor"):
        yield from (("participant", who) for who in token.children if _talks(who) or _body(who))
    if not roles.get("possessor"):
        return
    for child in token.children:
        named = child.dep_ == "poss" or child.ent_type_ or child.idx in starts
        if child.dep_ not in _PEOPLE_SLOTS or not named:
            continue
        if child.lower_ == "their" and trigger.support is not None:
            yield from ((roles["possessor"], noun) for noun in subjects(trigger.support))
        else:
            yield roles["possessor"], child


def _support_slots(trigger: Trigger) -> Iterator[tuple[str, "Token"]]:
    """Yield the subject of a supporting verb in the role the verb gives it."""
    roles, role = trigger.group.roles, trigger.support_role
    if role == "participant":
        role = roles.get("subject") or roles.get("with") or "participant"
    elif role == "chair" and lemma(trigger.predicate) == "open":
        role = "participant"  # "ministers opened a meeting"
    if trigger.event_class.name in {"relations_down", "relations_up"} and role == "participant":
        role = "initiator"
    if role is None:
        return
    for noun in subjects(trigger.predicate):
        if noun.i != trigger.token.i:
            yield role, antecedent(noun)


def _acts(noun: "Token") -> bool:
    """Return whether a noun is somebody who can meet."""
    return bool(
        noun.ent_type_ in {"GPE", "NORP", "PERSON", "ORG"}
        or lemma(noun) in ORGANS
        or lemma(noun) in CONTAINERS
        or (lemma(noun) in SIDES and any(c.ent_type_ for c in noun.children))
    )


def _soil_of(trigger: Trigger) -> Iterator["Token"]:
    """Yield whose land, sky or water is entered: "violated Estonian airspace", "into Chad"."""
    verb = trigger.predicate
    entered = [noun for preposition, noun in adpositions(verb) if preposition == "into"]
    for noun in (*entered, *objects(verb)):
        if lemma(noun) in {"airspace", "water", "territory", "soil"}:
            yield from (c for c in noun.children if c.dep_ in {"amod", "poss", "compound"})
        elif noun.ent_type_ == "GPE":
            yield noun


def _as_another(noun: "Token") -> bool:
    """Return whether somebody is with them in another part: "with Norway as mediator"."""
    after = [*noun.children, *noun.head.children, *noun.head.head.children]
    return any(
        c.lower_ == "as" and c.i > noun.i and any(lemma(t) in _PARTS for t in c.children)
        for c in after
    )


def _beside(trigger: Trigger) -> Iterator["Token"]:
    """Yield who else takes part: "with the army represented by", "signed a pact on fish with A"."""
    for clause in _with_clauses(trigger):
        if lemma(clause) in _THERE:
            yield from (c for c in clause.children if c.dep_ in {"nsubj", "nsubjpass"})
    if trigger.event_class.name == "agreement":
        for thing in objects(trigger.predicate):
            for preposition in thing.subtree:
                if preposition.lower_ == "with" and preposition.head.i != thing.i:
                    nouns = (c for c in preposition.children if c.dep_ == "pobj")
                    yield from (n for n in nouns if _acts(n) or lemma(n) in OFFICES)


def _with_clauses(trigger: Trigger) -> Iterator["Token"]:
    """Yield the verbs of "with the army represented by A", "with B sharing the chair"."""
    for child in trigger.predicate.children:
        inside = child.children if child.dep_ == "prep" and child.lower_ == "with" else ()
        for clause in (child, *(c for c in inside if c.dep_ == "pcomp")):
            marked = any(c.dep_ == "mark" and c.lower_ == "with" for c in clause.children)
            if clause.dep_ == "pcomp" or clause.dep_ == "advcl" and marked:
                yield clause


def _had_talked(trigger: Trigger) -> Iterator["Token"]:
    """Yield who "failed to agree after two days of talks"."""
    noun = head_noun(trigger.token)
    over = noun.dep_ == "pobj" and noun.head.lower_ in {"after", "during", "following", "at"}
    verb = noun.head.head
    while verb.dep_ == "xcomp" and is_verb(verb.head):
        verb = verb.head  # "agreed to free prisoners after days of talks"
    if not over or not is_verb(verb):
        return
    theirs = noun.head.lower_ != "at" and lemma(verb) in _AFTER_TALKS
    told = any(preposition in {"between", "of"} for preposition, _ in adpositions(noun))
    for who in subjects(verb):
        if theirs or not told and (_acts(who) or lemma(who) in OFFICES):
            yield who


def _by_whom(trigger: Trigger) -> Iterator[tuple[str, "Token"]]:
    """Yield (role, noun) of "attended by A", "hosted by B and facilitated by C"."""
    heads = {trigger.token.i: trigger.token, trigger.predicate.i: trigger.predicate}
    for head in heads.values():
        inside = (c for c in head.subtree if c.dep_ == "relcl" and not is_verb(head))
        beside = [*(c for c in head.children if c.dep_ in {"acl", "advcl"}), *inside]
        for verb in (v for c in beside for v in (c, *c.conjuncts) if v.i != head.i):
            role = _BY.get(lemma(verb)) if is_verb(verb) else None
            if role is None or verb.i == trigger.predicate.i:
                continue
            agents = [noun for by, noun in adpositions(verb) if by == "by"]
            if verb.dep_ == "relcl" and not agents:  # "a round that A hosted"
                agents = [c for c in verb.children if c.dep_ == "nsubj" and c.pos_ != "PRON"]
            yield from ((role, noun) for noun in agents)
        yield from (("participant", who) for who in _at_which(head))
        for preposition, noun in adpositions(head):
            if preposition == "under" and lemma(noun) in _LED:
                yield from ((_LED[lemma(noun)], who) for of, who in adpositions(noun) if of == "of")
    for noun in subjects(trigger.predicate):
        yield from (("participant", who) for plus, who in adpositions(noun) if plus == "plus")
        led = (v for v in noun.children if v.dep_ == "acl" and is_passive(v))
        yield from (("chair", who) for v in led if lemma(v) == "chair" for who in subjects(v))
    for clause in _with_clauses(trigger):
        if any(lemma(c) == "chair" for c in (clause, *clause.children)):
            yield from (("chair", c) for c in clause.children if c.dep_ == "nsubj")


def _at_which(noun: "Token") -> Iterator["Token"]:
    """Yield who did something at talks: "the meeting at which the two sides agreed"."""
    for clause in noun.children if not is_verb(noun) else ():
        words = {t.lower_ for c in clause.children for t in (c, *c.children)}
        if clause.dep_ == "relcl" and "which" in words and words & {"at", "in", "during"}:
            yield from (s for s in subjects(clause) if lemma(s) in OFFICES or _acts(s))


def _who_came(trigger: Trigger) -> Iterator["Token"]:
    """Yield who visits where a clause says it: "during a visit to A, the minister met B"."""
    noun = head_noun(trigger.token)
    if trigger.support is not None or any(c.dep_ == "poss" for c in trigger.token.children):
        return
    if noun.dep_ == "pobj" and noun.head.lower_ in {"during", "on", "after", "at", "of", "for"}:
        over = noun.head.head
        while over.dep_ == "pobj" and over.pos_ == "NOUN":
            over = over.head.head  # "at the end of a visit"
        yield from subjects(over) if is_verb(over) else ()


def _again(head: "Token") -> Iterator[tuple[str, "Token"]]:
    """Yield what hangs beside: "will meet, this time with A", "talks by telephone with B"."""
    for by, means in adpositions(head):
        if by in {"by", "via", "over"} and lemma(means) in {"telephone", "phone", "video", "link"}:
            yield from adpositions(means)
    for child in head.children if is_verb(head) else ():
        if child.dep_ in {"npadvmod", "advmod"} and lemma(child) in {"time", "together", "also"}:
            yield from adpositions(child)


def _talks(owner: "Token") -> bool:
    """Return whether talks are somebody's: "his talks", "the minister's meeting", no town's."""
    if owner.dep_ != "poss":
        return False
    return owner.lower_ in {"his", "her", "their"} or _acts(owner) and owner.ent_type_ != "GPE"


def _body(noun: "Token") -> bool:
    """Return whether a noun before "summit" is a known organisation: "the ASEAN summit"."""
    name = noun.doc[noun.left_edge.i : noun.i + 1].text
    return noun.dep_ in {"compound", "nmod"} and noun.pos_ == "PROPN" and body(name) is not None


def _may_act(noun: "Token") -> bool:
    """Return whether a word of a frame is somebody as well: "received his colleague"."""
    return lemma(noun) in CONTAINERS or lemma(noun) in OFFICES or lemma(noun) in ORGANS


def _named_group(noun: "Token") -> bool:
    """Return whether a noun ends a name of several words that is no place's."""
    several = any(c.dep_ == "compound" and c.pos_ == "PROPN" for c in noun.children)
    return noun.pos_ == "PROPN" and several and noun.ent_type_ not in {"GPE", "LOC", "FAC"}


def behind(head: "Token") -> list["Token"]:
    """Return whom a container noun is about: "delegations from A and B"."""
    if lemma(head) in FACILITIES:
        return [c for c in head.children if c.dep_ == "poss"]
    if lemma(head) in _LANDS:
        of_names = (noun for preposition, noun in adpositions(head) if preposition == "of")
        return [noun for noun in of_names if noun.pos_ == "PROPN"]
    if head.pos_ == "NUM" or lemma(head) in REBELS:  # "two of the suspects", "rebels of the Front"
        of = [n for preposition, n in adpositions(head) if preposition == "of"]
        return [n for n in of if n.pos_ == "NOUN" and head.pos_ == "NUM" or _named_group(n)]
    if lemma(head) not in CONTAINERS:
        return []
    if any(c.dep_ in _PEOPLE_SLOTS and c.ent_type_ for c in head.children):
        return []
    after = {"of"} if lemma(head) in SIDES else {"of", "from"}
    if lemma(head) in _SENT:
        after |= {"for"}
    nouns = [obj for prep, obj in adpositions(head) if prep in after]
    if lemma(head) == "group" and nouns and lemma(nouns[0]) in {"figure", "politician"}:
        return []
    if all(lemma(noun) in SIDES and noun.pos_ == "NOUN" for noun in nouns):
        return []  # "officials of both sides"
    return [noun for noun in nouns if noun.pos_ in {"NOUN", "PROPN", "ADJ"}]
