"""What must stand beside the words of a group, and what must not: who, to whom, in what clause."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geomap.events.syntax import (
    adpositions,
    antecedent,
    clause_of,
    clause_words,
    is_passive,
    is_verb,
    lemma,
    objects,
    subjects,
)

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

    from geomap.events.triggers import Trigger

__all__ = ["ALONE", "Around", "by_nobody", "fits"]

ALONE = "a noun with its own participants"
_THEY = {"he", "she", "they", "him", "her", "them", "who", "i", "we", "others", "another",
         "it"}  # fmt: skip
_STATES = {"GPE", "ORG", "NORP"}
_NO_ONE = {"DATE", "TIME", "MONEY"}
# A set with one of these is of people: a person's name fills it.
_PERSONS = frozenset({"*", "man", "person", "people", "president", "minister", "official",
                      "leader", "commander", "gunman", "ambassador", "envoy", "child",
                      "officer"})  # fmt: skip
_OF = {"of", "from", "with", "in", "at"}


@dataclass(frozen=True, slots=True)
class Slot:
    """The nouns in the subject or object slot of a word: their lemmas, and what they may be.

    ``anybody``: a name, a pronoun or a count; ``person``: a person's name; ``state``: a state, an
    organisation or a people.
    """

    words: frozenset[str] = frozenset()
    filled: bool = False
    named: bool = False
    anybody: bool = False
    person: bool = False
    state: bool = False

    @classmethod
    def of(cls, nouns: "list[Token]") -> "Slot":
        """Read the nouns of a slot."""
        return cls(
            frozenset(lemma(word) for noun in nouns for word in _phrase(noun)),
            bool(nouns),
            any(noun.pos_ == "PROPN" for noun in nouns),
            any(_anybody(noun) for noun in nouns),
            any(noun.ent_type_ == "PERSON" for noun in nouns),
            any(noun.ent_type_ in _STATES for noun in nouns),
        )

    def has(self, wanted: frozenset[str]) -> bool:
        """Return whether one of some words fills it; "*" is anybody, "government" any state."""
        return bool(
            self.words & wanted
            or (self.person and not _PERSONS.isdisjoint(wanted))
            or (self.anybody and "*" in wanted)
            or (self.state and "government" in wanted)
        )


@dataclass(slots=True)
class Around:
    """The words of a sentence and of its clauses, read once for all that may trigger an event."""

    words: frozenset[str] = frozenset()
    verbs: tuple["Token", ...] = ()
    lemmas: tuple[str, ...] = ()
    _clauses: dict[int, frozenset[str]] = field(default_factory=dict)
    _subjects: dict[int, Slot] = field(default_factory=dict)
    _objects: dict[int, Slot] = field(default_factory=dict)

    @classmethod
    def of(cls, sentence: "Span") -> "Around":
        """Read a sentence."""
        tokens = list(sentence)
        lemmas = tuple(map(lemma, tokens))
        words = frozenset(lemmas).union(token.lower_ for token in tokens)
        return cls(words, tuple(filter(is_verb, tokens)), lemmas)

    def clause(self, token: "Token") -> frozenset[str]:
        """Return the words of the clause that a token stands in."""
        top = clause_of(token)
        if top.i not in self._clauses:
            self._clauses[top.i] = clause_words(top)
        return self._clauses[top.i]

    def subject(self, token: "Token") -> Slot:
        """Return who does what a verb or noun says."""
        if token.i not in self._subjects:
            self._subjects[token.i] = Slot.of(_subject_like(token))
        return self._subjects[token.i]

    def object(self, token: "Token") -> Slot:
        """Return to whom or what it is done."""
        if token.i not in self._objects:
            self._objects[token.i] = Slot.of(_object_like(token))
        return self._objects[token.i]


def fits(trigger: "Trigger", around: Around) -> bool:
    """Return whether what must stand in the clause does, and nothing that must not."""
    group, token = trigger.group, trigger.token
    if group.not_near & around.words:
        own = {lemma(word) for word in trigger.words}
        words = around.clause(token) | around.clause(trigger.predicate)
        if group.not_near & (words - own):
            return False
    if group.subjects and not around.subject(token).has(group.subjects) and not by_nobody(trigger):
        return False
    verb = is_verb(token)
    if group.agent and verb and not subjects(token):
        return False
    if not group.objects and not group.not_objects:
        return True
    done_to = around.object(token)
    if group.not_objects and (not done_to.filled or done_to.has(group.not_objects)):
        return False
    if not group.objects or done_to.has(group.objects) or _behind(trigger).has(group.objects):
        return True
    supported = not verb and not done_to.filled and trigger.reason != ALONE
    return supported or (not verb and done_to.named and trigger.event_class.name == "armed_clash")


def _behind(trigger: "Trigger") -> Slot:
    """Return what stands behind the preposition of a frame: "swept into the town"."""
    prepositions = [w for w in trigger.words if w.dep_ in {"prep", "agent"}]
    nouns = [c for w in prepositions for c in w.children if c.dep_ == "pobj"]
    return Slot.of(nouns)


def by_nobody(trigger: "Trigger") -> bool:
    """Return whether a passive leaves out who did it, and what was done says enough."""
    verb = trigger.token
    if not is_verb(verb) or not is_passive(verb) or subjects(verb):
        return False
    if trigger.event_class.name == "statement":
        return False
    return bool(trigger.group.objects) or any(w.pos_ == "NOUN" for w in trigger.words)


def _phrase(noun: "Token") -> Iterator["Token"]:
    """Yield a noun with what it is made of: "a group of armed men", no clause, nobody's remarks."""
    yield noun
    for child in noun.children:
        if child.dep_ in {"relcl", "acl"} or (child.dep_ == "poss" and noun.pos_ == "NOUN"):
            continue
        if child.dep_ == "prep" and child.lower_ not in _OF:
            continue
        yield from _phrase(child)


def _anybody(noun: "Token") -> bool:
    """Return whether a noun is a name, a count or a pronoun of somebody."""
    some = noun.pos_ in {"PROPN", "NUM"} or noun.lower_ in _THEY
    return some and noun.ent_type_ not in _NO_ONE


def _subject_like(token: "Token") -> "list[Token]":
    """Return the nouns in the subject slot."""
    if is_verb(token):
        return [antecedent(t) for t in subjects(token)]
    return [obj for prep, obj in adpositions(token) if prep == "by"] + [
        c for c in token.children if c.dep_ in {"poss", "compound"}
    ]


def _object_like(token: "Token") -> "list[Token]":
    """Return the nouns in the object slot."""
    if is_verb(token):
        return [antecedent(t) for t in objects(token)]
    return [obj for prep, obj in adpositions(token) if prep in {"of", "on", "against", "at"}]
