"""The sides of a fight: armed groups by name, and who stands against whom."""

import functools
from dataclasses import replace
from typing import TYPE_CHECKING

from geomap.bodies import Body, begins_body, body
from geomap.events.syntax import lemma, subjects
from geomap.events.triggers import Trigger
from geomap.model import Actor, EventPlace

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["at_home", "find_groups", "mutual", "opposed"]


_CALLS = {"propose", "offer", "convene", "suggest", "organise", "organize", "call"}


def find_groups(doc: "Doc") -> list[tuple[int, int, Body]]:
    """Find all groups of the tables in the document, the longest names first."""
    found: list[tuple[int, int, Body]] = []
    index = 0
    while index < len(doc):
        step = 1
        first = doc[index]
        if first.text[:1].isupper() and first.lower_ != "the" and _may_begin(first.text):
            for last in range(min(len(doc), index + 7), index, -1):
                text = doc[index:last].text
                if not text[-1:].isalnum():
                    continue
                group = body(text)
                if group is not None:
                    found.append((index, last, group))
                    step = last - index
                    break
        index += step
    return found


@functools.lru_cache(maxsize=20_000)
def _may_begin(word: str) -> bool:
    return begins_body(word)


def mutual(trigger: Trigger) -> bool:
    """Return whether those who do it do it to each other: "X and Y clashed"."""
    mutual = {"clash", "skirmish", "battle", "fight", "exchange", "trade", "fighting", "gunfight",
              "firefight", "gunbattle"}  # fmt: skip
    words = {lemma(word) for word in (trigger.token, *trigger.words)}
    return trigger.event_class.name == "armed_clash" and bool(words & mutual)


def opposed(actors: list[Actor]) -> tuple[Actor, ...]:
    """Tell the two sides of mutual fighting apart where nobody else is named against them."""
    sides = [actor for actor in actors if actor.role in {"side_a", "side_b"}]
    if len(sides) != 2 or {actor.role for actor in sides} != {"side_a"}:
        return tuple(actors)
    return tuple(replace(a, role="side_b") if a is sides[1] else a for a in actors)


def at_home(
    trigger: Trigger, actors: tuple[Actor, ...], place: EventPlace | None
) -> tuple[Actor, ...]:
    """Return the actors of a meeting; a state that calls one at home is the host of it.

    "A proposed a meeting in B", "a summit that A wants to hold in B": where B lies in A.
    """
    if trigger.event_class.name != "diplomatic_meeting" or place is None or not place.country:
        return actors
    verb = trigger.predicate
    wish = verb.dep_ == "xcomp" and lemma(verb.head) in _CALLS | {"want", "hope", "plan", "intend"}
    if lemma(verb) not in _CALLS and not wish:
        return actors
    callers = {noun.idx for noun in subjects(verb)}
    return tuple(
        replace(actor, role="host")
        if actor.role == "participant" and actor.country == place.country
        and actor.sector == "government" and actor.start in callers
        else actor
        for actor in actors
    )  # fmt: skip
