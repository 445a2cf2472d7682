"""Whom an attack hit: the nouns of the tolls that hang on its words.

"Killing two farmers", "three villagers were wounded when shells fell", "left a soldier dead".
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from geomap.events.syntax import antecedent, is_passive, lemma, objects, subjects
from geomap.events.triggers import Trigger

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["victims"]

_HARM = {"kill", "wound", "injure", "hurt", "maim", "behead", "execute", "murder", "slay"}
_DIE = {"die", "perish"}
_LEAVE = {"leave"}
_HIT = {"armed_clash", "border_clash", "shelling", "air_strike", "explosion",
        "attack_on_civilians", "protest"}  # fmt: skip


def victims(trigger: Trigger) -> Iterator["Token"]:
    """Yield the nouns of those who were killed or wounded, as heads of their phrases."""
    if trigger.event_class.name not in _HIT:
        return
    seen = set()
    for verb in _tolls(trigger):
        for noun in _hit(verb):
            if noun.i not in seen and noun.pos_ in {"NOUN", "PROPN"}:
                seen.add(noun.i)
                yield noun


def _tolls(trigger: Trigger) -> Iterator["Token"]:
    """Yield the verbs of harm below the event's words, beside them, or right above them."""
    own = {trigger.token.i, trigger.predicate.i}
    for token in trigger.around.verbs:
        if lemma(token) not in _HARM | _DIE | _LEAVE:
            continue
        above = {t.i for t in token.ancestors}
        below = trigger.token in token.subtree or trigger.predicate in token.subtree
        beside = token.dep_ == "conj" and token.head.i in own
        if token.i in own or own & above or below or beside:
            yield token


def _hit(verb: "Token") -> Iterator["Token"]:
    """Yield who is killed, dies, or is left dead."""
    word = lemma(verb)
    if word in _DIE:
        yield from (antecedent(t) for t in subjects(verb))
    elif word in _HARM:
        found = objects(verb)
        if not found and verb.dep_ == "acl" and is_passive(verb):
            found = (verb.head,)
        for noun in found:
            yield noun
            yield from (c for c in noun.conjuncts if c.i > noun.i)
    else:
        for child in verb.children:
            if child.dep_ in {"ccomp", "xcomp", "oprd", "dobj"}:
                yield from _left(child)


def _left(child: "Token") -> Iterator["Token"]:
    """Yield the nouns of "two farmers dead", however it was parsed."""
    words = {t.lower_ for t in child.subtree} | {t.lower_ for t in child.head.children}
    if not words & {"dead", "wounded", "injured", "hurt"}:
        return
    if child.pos_ in {"NOUN", "PROPN"}:
        yield child
    else:
        yield from (c for c in child.children if c.dep_ in {"nsubj", "nsubjpass"})
