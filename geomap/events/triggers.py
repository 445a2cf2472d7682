"""What: the words of a sentence that announce an event of the table.

A verb or a frame announces one by itself. A noun ("talks", "clashes") does so only where a
supporting verb or preposition makes it happen ("held talks", "clashes erupted", "during a
visit"): "the agenda of the talks" is no event.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from geomap.events.conditions import ALONE, Around, by_nobody, fits
from geomap.events.doubles import without_doubles
from geomap.events.ontology import EventClass, Ontology, TriggerGroup
from geomap.events.support import happening, support_of, told_by, verb_in
from geomap.events.syntax import (
    adpositions,
    before_noun,
    is_passive,
    is_verb,
    lemma,
    objects,
    subjects,
    topic,
)

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

__all__ = ["Trigger", "find_triggers"]

_ARGUMENTS = {"of", "on", "by", "against", "from", "between", "with", "in", "at", "near"}
_HEADS = {"VERB", "AUX", "NOUN", "PROPN", "ADJ", "X", "ADP", "ADV"}
_BESIDE = {"amod", "compound", "aux"}
_HAPPENING = "a noun that is a happening by itself"
_SOMEWHERE = "a noun with its own place"
_SEEN = {"conflict", "border_clashes", "unrest"}
_ONE_TALK = ("talk", "NN")
_TIMES = {"DATE", "TIME"}
_OPEN = {"the", "this", "these", "that", "those", "such"}


@dataclass(frozen=True, slots=True)
class Trigger:
    """One announced event: the word, what supports it, and the row of the table."""

    token: "Token"
    support: "Token | None"
    event_class: EventClass
    group: TriggerGroup
    words: tuple["Token", ...] = field(default=())
    support_role: str | None = None
    reason: str = ""
    around: Around = field(default_factory=Around, compare=False, repr=False)

    @property
    def predicate(self) -> "Token":
        """The verb whose mood decides whether it happened; the trigger itself if there is none."""
        return self.support if self.support is not None else self.token

    @property
    def definite(self) -> bool:
        """Whether the noun points back: "the talks", "this meeting"."""
        if self.token.pos_ not in {"NOUN", "PROPN"}:
            return False
        return any(child.lower_ in _OPEN for child in self.token.children if child.dep_ == "det")


def find_triggers(sentence: "Span", ontology: Ontology) -> list[Trigger]:
    """Return the triggers of a sentence, in the order of the text, one an event."""
    found: list[Trigger] = []
    around = Around.of(sentence)
    for token, word in zip(sentence, around.lemmas, strict=True):
        trigger = _first(token, word, ontology, around)
        if trigger is not None:
            found.append(trigger)
    return without_doubles(found)


def _first(token: "Token", word: str, ontology: Ontology, around: Around) -> Trigger | None:
    """Return the first class of the table that a token, of some lemma, announces."""
    if token.pos_ not in _HEADS or (token.ent_type_ in _TIMES and token.pos_ == "PROPN"):
        return None  # "7 March" is no march
    verbal = is_verb(token) or token.tag_.startswith("VB")
    gerund = _gerund_subject(token) or _gerund_object(token)
    nouns = (
        () if verbal and not gerund else ontology.nouns.get(token.lower_ if gerund else word, ())
    )
    candidates: list[Trigger] = []
    if nouns:
        read = _gerund if gerund else _noun
        for event_class, group in nouns:
            if _told(token, event_class, group, around):
                candidates += read(token, event_class, group, ontology)
    if verbal:
        candidates += _verbs(token, word, ontology, around)
    candidates = [trigger for trigger in candidates if fits(trigger, around)]
    # The most words first: "take control" before "take", "phone talks" before "talks".
    # then what asks for most beside it: an attack on shoppers before an attack.
    candidates.sort(key=_weight)
    return replace(candidates[0], around=around) if candidates else None


def _told(token: "Token", event_class: EventClass, group: TriggerGroup, around: Around) -> bool:
    """Return whether the sentence has the words that a group must have, and none it must not."""
    if group.not_in & around.words:
        return False
    if not group.near or group.near & around.words:
        return True
    return event_class.name == "visit" and _of_one_known(token, group)


def _of_one_known(token: "Token", group: TriggerGroup) -> bool:
    """Return whether who does it was named with the words that a journey must have.

    "He" is the person named last; "Qiao" whoever was named so before.
    """
    if not is_verb(token):
        return False
    doer = next(iter(subjects(token)), None)
    if doer is None:
        return False
    start = token.sent.start
    people = [e for e in token.doc.ents if e.label_ == "PERSON" and e.end <= start]
    if doer.lower_ in {"he", "she"}:
        named = people[-1:]
    else:
        named = [e for e in people if doer.pos_ == "PROPN" and e[-1].lower_ == doer.lower_]
    return any(lemma(t) in group.near for entity in named for t in entity.sent)


def _weight(trigger: Trigger) -> tuple[int, int, int]:
    """Order what a token may announce: by words, by words that are no prepositions, by demands.

    What asks who did it comes last where that is left out.
    """
    own = sum(word.pos_ != "ADP" for word in trigger.words)
    unsaid = bool(trigger.group.subjects) and by_nobody(trigger)
    return -len(trigger.words), -own, 2 * unsaid - trigger.group.conditions


def _gerund(
    token: "Token",
    event_class: EventClass,
    group: TriggerGroup,
    ontology: Ontology,
) -> Iterator[Trigger]:
    """Yield a gerund that is a noun in all but its tag: "Shelling killed four people"."""
    if token.lower_ not in group.nouns | group.happenings:
        return
    subject = _gerund_subject(token)
    happens = verb_in(token.head, ontology.support.happens) if subject else None
    if happens or (not subject and token.head.lower_ in ontology.support.within):
        reason = f"the noun {'with' if subject else 'after'} {token.head.text!r}"
        support = token.head if subject else None
        yield Trigger(token, support, event_class, group, (token,), None, reason)


def _verbs(token: "Token", word: str, ontology: Ontology, around: Around) -> Iterator[Trigger]:
    """Yield what a verb, alone or with what it governs, may announce."""
    for frame, event_class, group in ontology.frames.get(word, ()):
        if around.words.issuperset(frame) and _told(token, event_class, group, around):
            words = _frame(token, frame)
            if words:
                reason = f"{' '.join(frame)!r}"
                yield Trigger(token, None, event_class, group, words, None, reason)
    if token.dep_ in _BESIDE or before_noun(token):
        return
    for event_class, group in ontology.verbs.get(word, ()):
        if _told(token, event_class, group, around):
            yield Trigger(token, None, event_class, group, (token,), None, f"the verb {word!r}")


def _noun(
    token: "Token",
    event_class: EventClass,
    group: TriggerGroup,
    ontology: Ontology,
) -> Iterator[Trigger]:
    """Yield how a noun, with what makes it happen, is a trigger of a group."""
    word = lemma(token)
    if token.pos_ not in {"NOUN", "PROPN"} or token.dep_ == "compound":
        return
    if (token.pos_ == "PROPN" and token.ent_type_ == "ORG") or (word, token.tag_) == _ONE_TALK:
        return  # "the Pacific Islands Forum", "talk of a war"
    words = _compound(token, group.names)
    if not words:
        return
    nouns = group.nouns | group.happenings
    name = " ".join(lemma(t) for t in words)
    diplomatic = event_class.layer == "diplomatic_venues"
    support = support_of(token, ontology, diplomatic)
    if (name in nouns or word in nouns) and support:
        verb, role, reason = support
        yield Trigger(token, verb, event_class, group, words, role, reason)
    elif (name in group.nominals or word in group.nominals) and (support or _has_arguments(token)):
        verb, role, reason = support or (None, None, ALONE)
        yield Trigger(token, verb, event_class, group, words, role, reason)
    elif {name, word} & group.happenings and happening(token, diplomatic):
        yield Trigger(token, told_by(token), event_class, group, words, None, _HAPPENING)
    elif event_class.layer in _SEEN and not support and _stands_somewhere(token):
        yield Trigger(token, None, event_class, group, words, None, _SOMEWHERE)


def _gerund_subject(token: "Token") -> bool:
    """Return whether a gerund is a noun in all but its tag: "Shelling killed four people"."""
    return bool(token.tag_ == "VBG" and token.dep_ in {"nsubj", "csubj"})


def _gerund_object(token: "Token") -> bool:
    """Return whether a gerund is a noun after a preposition: "after shelling in Avdiivka"."""
    bare = not any(c.dep_ in {"dobj", "nsubj", "aux"} for c in token.children)
    return bool(token.tag_ == "VBG" and token.dep_ in {"pcomp", "pobj"} and bare)


def _frame(verb: "Token", frame: tuple[str, ...]) -> tuple["Token", ...]:
    """Return the words of a frame below a verb, or nothing."""
    words = [verb]
    level = [child for child in verb.children if child.dep_ != "nsubj"]
    if is_passive(verb):
        level += list(objects(verb))
    if verb.dep_ == "amod" and (
        verb.tag_ in {"VBZ", "VBD"} or any(c.dep_ == "nsubj" for c in verb.children)
    ):
        level.append(verb.head)  # "Rabat severs ties": parsed as if the ties were severing
    after = verb.doc[verb.i + 1] if verb.i + 1 < len(verb.doc) else verb
    if after.pos_ == "ADJ":  # "shot dead two militants"
        level.append(after)
    for wanted in frame[1:]:
        known = (child for child in level if wanted in {lemma(child), child.lower_})
        match = next((c for c in known if c.tag_ != "TO" and not _elsewhere(c)), None)
        if match is None:
            return ()
        words.append(match)
        level = [*verb.children, *match.children]
        if match.pos_ != "ADJ":  # "is due in Amman", but not "is due to meet him in Amman"
            for child in match.children:
                level.extend(child.children)
    return tuple(words)


def _elsewhere(word: "Token") -> bool:
    """Return whether a word only leads to a day, "agreed on Sunday", or heads a clause."""
    if is_verb(word):
        return any(c.dep_ in {"nsubj", "nsubjpass"} for c in word.children)
    preposition = word
    nouns = [c for c in preposition.children if c.dep_ == "pobj"]
    return preposition.pos_ == "ADP" and bool(nouns) and nouns[0].ent_type_ in _TIMES


def _compound(token: "Token", names: frozenset[str]) -> tuple["Token", ...]:
    """Return the words of the longest name of a group that ends in a token."""
    before = [c for c in token.children if c.dep_ in {"compound", "amod"} and c.i == token.i - 1]
    if before and f"{lemma(before[0])} {lemma(token)}" in names:
        return (before[0], token)
    first = token.left_edge.i  # "small-arms fire", "counter-terrorism drill"
    for start in range(max(first, token.i - 5), token.i - 1):
        if f"{token.doc[start : token.i].text.lower()} {lemma(token)}" in names:
            return tuple(token.doc[start : token.i + 1])
    for preposition in token.children:
        if preposition.lower_ != "of":
            continue
        for noun in preposition.children:
            if f"{lemma(token)} of {lemma(noun)}" in names:
                return (token, preposition, noun)
    return (token,) if lemma(token) in names else ()


def _has_arguments(token: "Token") -> bool:
    """Return whether a noun carries participants: "its killing of", "a Taliban attack"."""
    if any(child.dep_ == "poss" for child in token.children):
        return True
    prepositions = {preposition for preposition, _ in adpositions(token)}
    if prepositions & (_ARGUMENTS - {"in", "at", "near", "with"}):
        return True
    return any(
        child.dep_ in {"compound", "nmod", "amod"} and child.ent_type_ for child in token.children
    )


def _stands_somewhere(token: "Token") -> bool:
    """Return whether a noun of violence says itself where it was: "the fighting at Kangpokpi"."""
    told = token.dep_ in {"pobj", "nsubj", "nsubjpass"} or any(
        child.lower_ == "the" for child in token.children
    )
    if topic(token) or not told or token.dep_ == "attr":
        return False
    return any(
        preposition in {"at", "near", "around", "outside"} and noun.pos_ == "PROPN"
        and noun.ent_type_ not in {"DATE", "TIME"}
        for preposition, noun in adpositions(token)
    )  # fmt: skip
