"""Who is meant by "he", "its" and "the group"."""

from typing import TYPE_CHECKING

from geomap.bodies import Body
from geomap.events.nouns import ANAPHORS
from geomap.events.syntax import lemma
from geomap.model import Actor

if TYPE_CHECKING:
    from spacy.tokens import Token

__all__ = ["person_meant", "stands_for"]

Groups = list[tuple[int, int, Body]]


def person_meant(pronoun: "Token") -> Actor | None:
    """Return whom "he" means: the subject of the sentence before, else who was named last."""
    people = [entity for entity in pronoun.doc.ents if entity.label_ == "PERSON"]
    named = [entity for entity in people if entity.end <= pronoun.i]
    if not named:
        return None
    person = named[-1]
    if person.sent.start < pronoun.sent.start:
        same = (e for e in named if e.sent.start == person.sent.start)
        person = next((e for e in same if e.root.dep_ in {"nsubj", "nsubjpass"}), person)
    full = next((entity for entity in people if person.text in entity.text), person)
    return Actor(full.text, "speaker", start=person.start_char, end=person.end_char)


def stands_for(head: "Token", role: str, groups: Groups) -> Actor | None:
    """Return the armed group that "its" or "the group" means, or the one who is "he".

    Parameters
    ----------
    head
        The pronoun or noun.
    role
        The role of the actor to make.
    groups
        The groups that the document names, with their tokens.
    """
    if head.lower_ in {"he", "she", "his", "her", "him"}:
        person = person_meant(head)
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
