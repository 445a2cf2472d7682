"""Who is meant by "he", "its" and "the group"."""

from collections.abc import Container
from typing import TYPE_CHECKING

from geomap.bodies import Body
from geomap.events.nouns import ANAPHORS, DIGNITARIES, OFFICES, ORGANS
from geomap.events.syntax import is_verb, lemma
from geomap.model import Actor

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["holder_meant", "people_meant", "person_meant", "stands_for"]

_SUBJECT = {"nsubj", "nsubjpass"}
Groups = list[tuple[int, int, Body]]


def person_meant(pronoun: "Token", places: Container[int] = ()) -> Actor | None:
    """Return whom "he" means: the subject of the clause or sentence before, else the last named.

    Parameters
    ----------
    pronoun
        The word.
    places
        Tokens of place names, which nobody is called by.
    """
    people = [e for e in pronoun.doc.ents if e.label_ == "PERSON" and e.root.i not in places]
    named = [entity for entity in people if entity.end <= pronoun.i]
    again = _same_subject(pronoun)
    if again is not None:
        return person_meant(again, places)
    above = _subject_above(pronoun, places)
    if above is not None:
        full = next((e for e in people if above.text in e.text), None)
        name = full.text if full is not None else above.text
        return Actor(name, "speaker", start=above.idx, end=above.idx + len(above.text))
    if not named:
        return None
    person = named[-1]
    if person.sent.start < pronoun.sent.start:
        same = (e for e in named if e.sent.start == person.sent.start)
        person = next((e for e in same if _is_subject(e.root)), person)
    full = next((entity for entity in people if person.text in entity.text), person)
    return Actor(full.text, "speaker", start=person.start_char, end=person.end_char)


def _same_subject(pronoun: "Token") -> "Token | None":
    """Return the same pronoun as the subject before it: "she met A, and she will visit B"."""
    verb = pronoun.head
    if pronoun.dep_ not in _SUBJECT or verb.dep_ != "conj":
        return None
    before = (c for c in verb.head.children if c.dep_ in _SUBJECT and c.i < pronoun.i)
    return next((c for c in before if c.lower_ == pronoun.lower_), None)


def _subject_above(pronoun: "Token", places: Container[int]) -> "Token | None":
    """Return the name that is the subject of a clause above: "A will go to B, where he is to"."""
    for verb in pronoun.ancestors:
        for child in verb.children:
            name = child.dep_ == "nsubj" and child.tag_ == "NNP" and child.i < pronoun.i
            if name and child.i not in places and child.ent_type_ in {"PERSON", "ORG"}:
                return child if child.ent_type_ == "ORG" and child.n_lefts == 0 else None
    return None


def _is_subject(name: "Token") -> bool:
    """Return whether a name is a subject, by itself or beside its office."""
    noun = name.head if name.dep_ == "appos" else name
    return noun.dep_ in {"nsubj", "nsubjpass"}


def holder_meant(pronoun: "Token") -> "Token | None":
    """Return the office that "he" means where no name stands nearer: "the king, where he met B".

    The subject of a clause above, or of the sentence before, that names nobody.
    """
    for verb in pronoun.ancestors:
        for child in verb.children if is_verb(verb) else ():
            if child.dep_ in _SUBJECT and child.i < pronoun.i and child.pos_ != "PRON":
                return child if _holds_office(child) else None
    first = pronoun.sent.start
    before = pronoun.doc[first - 1].sent if first else None
    if before is None or any(entity.label_ == "PERSON" for entity in before.ents):
        return None
    subject = next((c for c in before.root.children if c.dep_ in _SUBJECT), None)
    return subject if subject is not None and _holds_office(subject) else None


def _holds_office(noun: "Token") -> bool:
    """Return whether a noun is one person's office, without a name beside it."""
    named = any(c.ent_type_ == "PERSON" for c in noun.children if c.dep_ in {"appos", "compound"})
    office = lemma(noun) in OFFICES | DIGNITARIES or ORGANS.get(lemma(noun)) == "government"
    return office and noun.ent_type_ != "PERSON" and not named and not _plural(noun)


def people_meant(pronoun: "Token") -> "Token | None":
    """Return the noun that "they" means: the plural subject of the clause or sentence before."""
    for verb in pronoun.ancestors:
        for child in verb.children:
            if child.dep_ in _SUBJECT and child.i < pronoun.i and _plural(child):
                return child
    first = pronoun.sent.start
    if first == 0:
        return None
    before = pronoun.doc[first - 1].sent
    if before.root.is_space and before.start:
        before = pronoun.doc[before.start - 1].sent
    subjects = [t for t in before if t.dep_ in _SUBJECT and t.pos_ != "PRON" and _plural(t)]
    return min(subjects, key=lambda t: len([*t.ancestors]), default=None)


def _plural(noun: "Token") -> bool:
    """Return whether a noun stands for several."""
    return noun.tag_ in {"NNS", "NNPS"} or any(c.dep_ == "conj" for c in noun.children)


def stands_for(
    head: "Token", role: str, groups: Groups, places: Container[int] = ()
) -> Actor | None:
    """Return the armed group that "its" or "the group" means, or the one who is "he".

    Parameters
    ----------
    head
        The pronoun or noun.
    role
        The role of the actor to make.
    groups
        The groups that the document names, with their tokens.
    places
        Tokens of place names.
    """
    if head.lower_ in {"he", "she", "his", "her", "him"}:
        person = person_meant(head, places)
        following = next(
            (e for e in head.doc[head.i : head.sent.end].ents if e.label_ == "PERSON"), None
        )
        if following is not None and head.dep_ == "poss":
            return Actor(following.text, role, None, "individual", None,
                         following.start_char, following.end_char)  # fmt: skip
        if person is None:
            return None
        return Actor(person.name, role, None, "individual", None, person.start, person.end)
    if lemma(head) not in ANAPHORS or not (head.dep_ == "poss" or head.pos_ == "NOUN"):
        return None
    for first, last, group in reversed(groups):
        if last <= head.i and group.sector == "armed_group":
            span = head.doc[first:last]
            return Actor(group.name, role, None, group.sector, group.group_id,
                         span.start_char, span.end_char)  # fmt: skip
    return None
