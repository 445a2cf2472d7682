"""Meetings and journeys that are nobody's of a state: of private people, cabinets, tourists.

"She met her lawyer at Otjiwarongo", "a cabinet meeting", "tours begin in La Ceiba" are no
diplomacy, nor is a minister's journey home. A person counts as somebody of a state where the
document gives a title beside any mention of the name, or never gives the full name: whom everybody
knows needs no title.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from geomap.events.anaphora import person_meant
from geomap.events.nouns import CIVIL, OFFICES, ORGANS, REBELS
from geomap.events.syntax import adpositions, is_verb, lemma, objects, subjects
from geomap.events.triggers import Trigger

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

__all__ = ["Standing"]

_CLASSES = {"diplomatic_meeting", "visit", "mediation"}
# Meetings within a house, a firm or a country.
_INDOORS = {
    "cabinet", "board", "staff", "shareholder", "stockholder", "faculty", "budget", "prayer",
    "parent", "church", "campaign", "hall", "community", "neighborhood", "neighbourhood", "class",
    "family", "news", "press", "media", "training", "caucus", "club", "team", "trading", "town",
    "sports", "student", "school", "tenant", "company", "practice", "weekend",
}  # fmt: skip
_TALKS = {"talk", "negotiation", "summit", "dialogue", "consultation", "phone call", "mediation",
          "mediator", "negotiate", "mediate", "broker", "good offices"}  # fmt: skip
_OVER = {"conclude", "home", "homeland", "wrap"}
_NOBODY = {
    "father", "mother", "son", "daughter", "brother", "sister", "wife", "husband", "friend",
    "parent", "relative", "grandmother", "grandfather", "cousin", "uncle", "aunt", "girlfriend",
    "boyfriend", "fan", "player", "neighbor", "neighbour", "customer", "patient", "client",
    "doctor", "dentist", "lawyer", "tourist", "holidaymaker", "visitor", "soldier", "couple",
    "girl", "boy", "man", "woman", "kid", "teenager", "shopper", "nun", "priest", "market",
    "shop", "mall", "beach", "park", "zoo", "library", "singer", "actor", "actress", "author",
    "artist", "band", "orchestra", "choir", "troupe", "ensemble", "circus", "dancer", "exhibition",
    "scientist", "researcher", "professor", "educator", "plumber", "celebrity",
}  # fmt: skip
_TITLES = {
    "president", "minister", "premier", "secretary", "envoy", "ambassador", "chancellor", "king",
    "queen", "prince", "princess", "emir", "sheikh", "sultan", "pope", "general", "gen",
    "colonel", "col", "commander", "chief", "governor", "speaker", "senator", "sen", "chairman",
    "chairwoman", "commissioner", "consul", "vice-president", "pm", "fm", "marshal", "admiral",
    "minister-president", "taoiseach", "judge", "representative", "rep", "ayatollah", "cardinal",
    "archbishop", "patriarch", "majesty", "excellency", "highness",
} | OFFICES | set(ORGANS)  # fmt: skip
_EVERYBODY = {
    "group", "team", "head", "host", "other", "director", "state", "party", "officer", "guard",
    "soldier", "police", "policeman", "unit", "pilot", "court", "elder",
}  # fmt: skip
# Who may be of a state or a conflict where nothing says otherwise: "the two sides met".
_PARTIES = {"side", "party", "group", "team", "state", "elder", "head", "host", "other", "two"}
_PUBLIC = (_TITLES | REBELS | {"commission", "committee", "council", "union", "bloc"}) - _EVERYBODY


class Standing:
    """Tells, for one document, diplomacy from what private people do."""

    def __init__(self, doc: "Doc") -> None:
        self._doc = doc
        self._people: tuple[set[str], set[str]] | None = None

    def private(self, trigger: Trigger) -> bool:
        """Return whether a meeting, visit or mediation has nobody of a state or a conflict in it.

        Parameters
        ----------
        trigger
            The event's words.
        """
        if trigger.event_class.name not in _CLASSES:
            return False
        token = trigger.token
        if lemma(token) == "return" and trigger.around.words & _OVER and not _for_talks(token):
            return True  # home, after what was done elsewhere
        if not is_verb(token) and any(
            lemma(c) in _INDOORS and c.dep_ in {"compound", "amod"} and c.pos_ != "PROPN"
            for c in token.children
        ):
            return True
        who = [t for noun in _who(trigger) for t in (noun, *noun.conjuncts)]
        if any(self._public(noun) for noun in who):
            return False
        if any(self._nobody(noun) for noun in who):
            return True
        if {lemma(word) for word in trigger.words} & _TALKS or trigger.definite:
            return False
        if any(lemma(noun) in _PARTIES or noun.pos_ == "PRON" for noun in who):
            return False
        if trigger.event_class.name == "visit" and lemma(token) not in {"tour", "trip"}:
            return False
        return not self._around(token.sent)

    def _public(self, noun: "Token") -> bool:
        """Return whether a noun is somebody of a state, of a body, or of a conflict."""
        if lemma(noun) in _PUBLIC or noun.ent_type_ in {"GPE", "NORP", "ORG"}:
            return True
        if any(lemma(c) in _PUBLIC or c.ent_type_ in {"GPE", "NORP"} for c in noun.children
               if c.dep_ in {"compound", "amod", "appos", "nmod", "poss"}):  # fmt: skip
            return lemma(noun) not in _NOBODY
        if noun.lower_ in {"he", "she", "him", "her"}:
            meant = person_meant(noun)
            return meant is not None and self._known(meant.name)
        name = noun.ent_type_ == "PERSON" or (noun.pos_ == "PROPN" and not noun.ent_type_)
        return name and self._known(noun.text)

    def _nobody(self, noun: "Token") -> bool:
        """Return whether a noun is a private person."""
        if lemma(noun) in _NOBODY | CIVIL or noun.lower_ in {"i", "me"}:
            return True
        if noun.lower_ in {"he", "she", "him", "her"}:
            meant = person_meant(noun)
            return meant is not None and not self._known(meant.name)
        return noun.ent_type_ == "PERSON" and not self._known(noun.text)

    def _known(self, name: str) -> bool:
        """Return whether a person has a title, or is too well known for a full name."""
        if self._people is None:
            self._people = _titled(self._doc)
        titled, full = self._people
        last = name.split()[-1]
        return last in titled or last not in full

    def _around(self, sentence: "Span") -> bool:
        """Return whether a sentence, or the one before, speaks of anybody of a state."""
        first = sentence.doc[sentence.start - 1].sent if sentence.start else sentence
        words = (t for span in (first, sentence) for t in span)
        return any(lemma(t) in _PUBLIC or t.ent_type_ == "NORP" for t in words)


def _for_talks(verb: "Token") -> bool:
    """Return whether somebody goes somewhere for talks or a summit."""
    return any(word == "for" for word, _ in adpositions(verb))


def _who(trigger: Trigger) -> Iterator["Token"]:
    """Yield who takes part: subjects, objects, "with", "between", whose it is."""
    token = trigger.token
    if is_verb(token):
        yield from subjects(token)
        yield from objects(token)
    else:
        yield from (c for c in token.children if c.dep_ in {"poss", "compound", "amod"})
        if trigger.support is not None:
            yield from (t for t in subjects(trigger.support) if t.i != token.i)
    for head in {token, *trigger.words}:
        for preposition, noun in adpositions(head):
            if preposition in {"with", "between", "by"} or (preposition == "of" and head is token):
                yield noun


def _titled(doc: "Doc") -> tuple[set[str], set[str]]:
    """Return the last names that stand beside a title, and those that stand in a full name."""
    titled: set[str] = set()
    full: set[str] = set()
    for person in doc.ents:
        if person.label_ != "PERSON":
            continue
        text = person.text.removesuffix("'s").removesuffix("’s")
        last = text.split()[-1]
        if " " in text:
            full.add(last)
        before = doc[max(person.sent.start, person.start - 4) : person.start]
        beside = [t for c in person.root.children if c.dep_ == "appos" for t in c.subtree]
        if person.root.dep_ == "appos":
            beside += [person.root.head, *person.root.head.lefts]
        if person.root.dep_ in {"compound", "nmod"}:
            beside.append(person.root.head)
        words = {lemma(t) for t in (*before, *person, *beside)}
        words |= {t.lower_.rstrip(".") for t in (*before, *person)}
        if words & _TITLES:
            titled.add(last)
    return titled, full
