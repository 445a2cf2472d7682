"""One happening told by several words of a sentence: which of them stand for it.

"Held talks" is the talks, "shelled the town, killing three" the shelling, "killed in clashes" the
clashes; "killed three soldiers in an assault" the killing, which says who did it.
"""

from typing import TYPE_CHECKING

from geomap.events.syntax import is_verb, lemma, subjects

if TYPE_CHECKING:
    from spacy.tokens import Token

    from geomap.events.triggers import Trigger

__all__ = ["without_doubles"]

_TOLL = {"kill", "wound", "injure", "hurt", "perish", "die"}
_PACT = "agreement"
_DISRUPTED = "Strategic developments: Disrupted weapons use"
_LOSSES = {"life", "martyrdom"}  # "lost their lives"
_HARM = _TOLL | {"damage", "destroy", "maim", "burn"}
_AGREED = {"ceasefire", "diplomatic_meeting", "visit", "mediation"}
_HURT = {"dead", "injured", "wounded"}
_VIOLENT = {"conflict", "border_clashes", "unrest"}
# What a statement says of another event: whether it is planned, proposed, threatened or denied.
_MOODS = {"offer", "agree", "promise", "pledge", "vow", "threaten", "deny", "refuse", "decline",
          "plan", "propose", "suggest", "intend", "warn", "reject", "rule", "accept", "seek",
          "commit", "consent", "recommend", "be", "express", "dismiss", "refute", "call", "turn",
          "approve", "order", "allow", "permit", "undertake", "insist", "break"}  # fmt: skip


def without_doubles(found: "list[Trigger]") -> "list[Trigger]":
    """Keep one trigger where two words announce one event ("held talks": the noun)."""
    result: list[Trigger] = []
    for trigger in found:
        if not any(rule(trigger, found) for rule in _RULES) and not _supported_alike(
            trigger, result
        ):
            result.append(trigger)
    return result


def _supports(trigger: "Trigger", found: "list[Trigger]") -> bool:
    """Return whether a word only makes another happen: "held talks", "staged a sit-in".

    A frame of several words says more than the noun in it ("facilitate talks"), unless both stand
    for one class.
    """
    return any(
        other.support is not None and other.support.i == trigger.token.i
        and (len(trigger.words) == 1 or _noun_stands(trigger, other))
        for other in found
    )  # fmt: skip


def _inside(trigger: "Trigger", found: "list[Trigger]") -> bool:
    """Return whether a word is part of a frame.

    But "ended a day of talks mediated by A" is talks and mediation.
    """
    return any(
        trigger.token in other.words and trigger is not other and len(other.words) > 1
        for other in found
        if not (trigger.support is not None and other.token.dep_ == "acl"
                and other.token.head == trigger.token and trigger.support != other.token)
        and not (_noun_stands(other, trigger) and trigger.support == other.token)
    )  # fmt: skip


def _noun_stands(frame: "Trigger", noun: "Trigger") -> bool:
    """Return whether of a frame and the noun in it the noun tells more.

    "Staged a sit-in", but "signed a treaty".
    """
    return _same(frame, noun) and noun.token in frame.words and frame.event_class.name != _PACT


def _signed(trigger: "Trigger", found: "list[Trigger]") -> bool:
    """Return whether a paper is what a verb behind it signs: "the memorandum that A signed"."""
    if trigger.event_class.name != _PACT or is_verb(trigger.token):
        return False
    return any(_same(trigger, o) and is_verb(o.token) and o.token in trigger.token.subtree
               for o in found)  # fmt: skip


def _found_there(trigger: "Trigger", found: "list[Trigger]") -> bool:
    """Return whether it is what a fight or raid brought to light: "and recovered two rifles"."""
    return trigger.group.acled == _DISRUPTED and any(
        o.event_class.layer in _VIOLENT and o.group.acled != _DISRUPTED for o in found
    )


def _while_at_it(trigger: "Trigger", found: "list[Trigger]") -> bool:
    """Return whether two verbs tell of one deed: "surrendered, handing over five rifles"."""
    token = trigger.token
    beside = token.dep_ == "advcl" and token.tag_ == "VBG"
    return beside and any(_same(trigger, o) and token.head == o.predicate for o in found)


def _purpose(trigger: "Trigger", found: "list[Trigger]") -> bool:
    """Return whether it is what another serves: "preparing a flight to repatriate the troops"."""
    return any(
        _same(trigger, other)
        and other.support not in (None, trigger.token)
        and trigger.token.dep_ in {"xcomp", "advcl", "acl"}
        and trigger.token in other.support.subtree
        for other in found
    )


def _toll_of(trigger: "Trigger", found: "list[Trigger]") -> bool:
    """Return whether it is the toll of another: "shelled the town, killing three"."""
    token = trigger.token
    if token.dep_ not in {"advcl", "conj"}:
        return False
    counts = _is_toll(trigger) if token.dep_ == "advcl" else lemma(token) in _TOLL
    return counts and any(o is not trigger and token.head in (o.token, o.predicate) for o in found)


def _mood(trigger: "Trigger", found: "list[Trigger]") -> bool:
    """Return whether a statement is the status of another: "offered to host talks"."""
    return trigger.event_class.name == "statement" and _carries(trigger, found)


def _supported_alike(trigger: "Trigger", kept: "list[Trigger]") -> bool:
    """Return whether a noun of the same class that the same verb makes happen stands before."""
    return any(
        _same(trigger, other)
        and other.support is not None
        and trigger.support is not None
        and other.support.i == trigger.support.i
        for other in kept
    )


def _answered(trigger: "Trigger", found: "list[Trigger]") -> bool:
    """Return whether it is how a protest was met: "clashed with police, who fired tear gas"."""
    if trigger.event_class.name != "protest" or trigger.group.roles.get("subject") != "target":
        return False
    return any(_same(trigger, o) and o.group.roles.get("subject") != "target" for o in found)


def _agrees(trigger: "Trigger", found: "list[Trigger]") -> bool:
    """Return whether what is agreed stands for it: "agreed to meet", "to stop firing"."""
    if trigger.event_class.name != _PACT or lemma(trigger.token) != "agree":
        return False
    agreed = [c for c in trigger.token.children if c.dep_ in {"xcomp", "ccomp"}]
    return any(o.event_class.name in _AGREED and o.predicate in agreed for o in found)


def _same(trigger: "Trigger", other: "Trigger") -> bool:
    """Return whether two triggers are of one class."""
    return trigger is not other and trigger.event_class.name == other.event_class.name


def _carries(trigger: "Trigger", found: "list[Trigger]") -> bool:
    """Return whether a statement is the mood of another event: "agreed to meet"."""
    if lemma(trigger.token) not in _MOODS:
        return False
    for other in found:
        if other.event_class.name == "statement":
            continue
        current = other.predicate
        for _ in range(4):
            if current.head.i == trigger.token.i:
                return current.dep_ in {"xcomp", "ccomp", "dobj", "prep", "nsubjpass", "pobj"}
            if current.head.i == current.i or current.dep_ in {"advcl", "relcl"}:
                break
            current = current.head
    return False


def _asked_for(trigger: "Trigger", found: "list[Trigger]") -> bool:
    """Return whether an event is what a statement asks of others: "urged both sides to talk".

    Where it says where, it is a proposal: "urged them to meet in Manaus".
    """
    token = trigger.token
    if any(c.lower_ in {"in", "at"} and c.dep_ == "prep" for c in token.children):
        return False
    if token.dep_ != "xcomp" or token.tag_ != "VB" or not is_verb(token.head):
        return False
    others = any(c.dep_ == "dobj" for c in token.head.children)
    asked = (o for o in found if o.event_class.name == "statement" and o.token.i == token.head.i)
    return others and any(lemma(o.token) not in _MOODS for o in asked)


def _told_by_its_cause(trigger: "Trigger", found: "list[Trigger]") -> bool:
    """Return whether a toll or damage is what another event did: "killed in clashes".

    Also "a riot left several shops burned".
    """
    if not is_verb(trigger.token) or trigger.event_class.layer != "conflict":
        return False
    done_by = subjects(trigger.token)
    if not done_by and trigger.token.dep_ == "acl" and is_verb(trigger.token.head.head):
        done_by = subjects(trigger.token.head.head)  # "a riot left shops burned"
    causes = [
        other
        for other in found
        if other is not trigger
        and other.event_class.layer in {"conflict", "border_clashes", "unrest"}
    ]
    if any(other.token in done_by for other in causes):
        return True
    if not _is_toll(trigger) or done_by:
        return False
    return any(trigger.token in other.token.ancestors for other in causes)


def _is_toll(trigger: "Trigger") -> bool:
    """Return whether a verb counts the harm that something did: "killing", "damaging two cars"."""
    word = lemma(trigger.token)
    while_at_it = trigger.token.tag_ == "VBG" and trigger.token.dep_ == "advcl"
    dead = word in {"shoot", "leave"} and any(w.lower_ in _HURT for w in trigger.words)
    lost = len(trigger.words) > 1 and any(lemma(w) in _LOSSES for w in trigger.words)
    return word in _TOLL or dead or lost or (while_at_it and word in _HARM)


def _told_beside(trigger: "Trigger", found: "list[Trigger]") -> bool:
    """Return whether other words of fighting tell of the same: before, behind or around.

    "A bomb planted in a rickshaw exploded", "a shell that landed in a camp wounded four", "an
    attack in which two were killed", "killed three soldiers in an assault".
    """
    token = trigger.token
    if trigger.event_class.layer not in _VIOLENT:
        return False
    others = [o for o in found if o is not trigger and o.event_class.layer in _VIOLENT]
    for other in others:
        by_verb = is_verb(other.token) and is_verb(token)
        if by_verb and token.dep_ in {"acl", "relcl"} and _is_subject(token.head, other.token):
            tells = not _is_toll(other) or _is_toll(trigger)
            if _same(trigger, other) and other.event_class.name != "border_closure" and tells:
                return True
        if by_verb and _is_toll(trigger) and other.token.dep_ in {"acl", "relcl"}:
            if _is_subject(other.token.head, token):
                return True
        inside = token.dep_ == "pobj" and token.head.lower_ in {"in", "during"}
        if inside and token.head.head.i == other.token.i and _is_toll(other):
            if subjects(other.token) and trigger.support is None:
                return True
    return _in_which(trigger, others)


def _is_subject(noun: "Token", verb: "Token") -> bool:
    return noun.head.i == verb.i and noun.dep_ in {"nsubj", "nsubjpass"}


def _in_which(trigger: "Trigger", others: "list[Trigger]") -> bool:
    """Return whether a toll is that of the noun before: "an attack in which two were killed"."""
    token = trigger.token
    if not _is_toll(trigger) or token.dep_ != "relcl":
        return False
    which = next((c for c in token.children if c.lower_ == "in" and c.dep_ == "prep"
                  and any(w.lower_ == "which" for w in c.children)), None)  # fmt: skip
    if which is None:
        return False
    nouns = [o.token for o in others if not is_verb(o.token) and o.token.i < which.i]
    return bool(nouns) and not any(is_verb(t) for t in token.doc[nouns[-1].i + 1 : which.i])


_RULES = (_supports, _found_there, _inside, _signed, _purpose, _toll_of, _while_at_it, _mood,
          _told_by_its_cause, _told_beside, _asked_for, _answered, _agrees)  # fmt: skip
