"""Who: states and their organs, armed groups, organisations, persons, people.

A noun phrase becomes one actor for each coordinated noun. "A delegation from the Taliban" is the
Taliban; "Afghan border guards" are guards of Afghanistan; "Tehran" in "asked Tehran" is Iran's
government. "The group" and "its" are the armed group named last.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from geomap.bodies import Body, outlet
from geomap.events.anaphora import holder_meant, people_meant, stands_for
from geomap.events.nouns import (
    ANAPHORS,
    CIVIL,
    DIGNITARIES,
    FACILITIES,
    HAPPENINGS,
    OFFICES,
    ORGANS,
    REBELS,
    SIDES,
    SPOTS,
    STATE_FORCES,
    WEAPONS,
)
from geomap.events.parties import (
    colleagues,
    covered,
    is_state,
    names_beside,
    several_states,
    strayed,
    taken_apart,
)
from geomap.events.sides import find_groups, mutual, opposed
from geomap.events.slots import behind, slots
from geomap.events.syntax import (
    antecedent,
    conjuncts,
    is_verb,
    lemma,
)
from geomap.events.triggers import Trigger
from geomap.events.victims import victims
from geomap.gazetteer import Gazetteer
from geomap.model import Actor, Attribution, Document, Toponym

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

__all__ = ["ActorReader"]

_OF_DIPLOMACY = {"participant", "visitor", "host", "chair", "mediator"}


class ActorReader:
    """Reads the actors of one document.

    Parameters
    ----------
    document
        With its toponyms and analysis.
    gazetteer
        Knows which state a capital or a demonym belongs to.
    """

    def __init__(self, document: Document, gazetteer: Gazetteer) -> None:
        self._doc: Doc = document.analysis
        self._gazetteer = gazetteer
        self._toponyms = {t.start: t for t in document.toponyms}
        self._places = covered(self._doc, document.toponyms)
        self._known = find_groups(self._doc)
        self._ents = self._doc.ents
        self._people = [(e, e.start, e.end) for e in self._ents if e.label_ == "PERSON"]
        self._phrases: dict[int, Span] = {}

    def actors(self, trigger: Trigger) -> tuple[Actor, ...]:
        """Return the actors of a trigger, in the order of the text."""
        found: dict[tuple[str, str], Actor] = {}
        for role, token in slots(trigger, self._toponyms):
            for actor in self._named_by(token, role):
                found.setdefault((actor.role, actor.name.casefold()), actor)
        taken = {actor.start for actor in found.values()}
        for token in victims(trigger):
            for actor in self._named_by(token, "victim"):
                if actor.start not in taken:
                    found.setdefault((actor.role, actor.name.casefold()), actor)
        whole = [a for a in found.values() if not _inside_another(a, found.values())]
        actors = sorted(whole, key=lambda actor: (actor.start or 0, actor.role))
        return opposed(actors) if mutual(trigger) else tuple(actors)

    def phrase(self, head: "Token") -> "Span":
        """Return a noun phrase without its determiner and what follows a relative pronoun."""
        if head.i not in self._phrases:
            self._phrases[head.i] = self._phrase(head)
        return self._phrases[head.i]

    def _phrase(self, head: "Token") -> "Span":
        """Find the phrase of a noun in the parse."""
        left = head.left_edge.i
        right = head.i
        for child in head.children:
            if child.i > head.i and child.dep_ == "prep" and child.lower_ in {"of", "from", "for"}:
                nouns = [c.i for c in child.children if c.dep_ == "pobj"]
                if nouns and nouns[-1] - child.i <= 5:
                    right = max(right, nouns[-1])
                    break
        while (
            left > 0
            and self._doc[left - 1] in head.head.children
            and (self._doc[left - 1].dep_ == head.dep_ and self._doc[left - 1].pos_ == "PROPN")
        ):
            left = self._doc[left - 1].left_edge.i  # the parse took a name apart
        owner = [c.i for c in self._doc[left : head.i] if c.dep_ == "case"]
        if head.pos_ == "PROPN" and owner and head.ent_type_ in {"PERSON", "GPE"}:
            left = owner[-1] + 1  # "Chad's Amina Idriss"
        while left < head.i and (
            self._doc[left].dep_ in {"det", "cc", "punct", "preconj", "predet"}
            or not self._doc[left].text[:1].isalnum()
            or (self._doc[left].dep_ == "advmod" and self._doc[left].lower_.endswith("ly"))
        ):
            left += 1
        return self._doc[left : right + 1]

    def outlet(self, head: "Token") -> tuple[int, int, str] | None:
        """Return span and name of a news outlet that a noun phrase names."""
        left = next((t.i for t in head.subtree), head.i)
        left = max(left, head.i - 4)
        for first in range(left, head.i + 1):
            span = self._doc[first : head.i + 1]
            name = outlet(span.text)
            if name is not None:
                return span.start_char, span.end_char, name
        return None

    def named(self, head: "Token") -> tuple[str, int, int] | None:
        """Return name and span of the person or body that a noun phrase is about."""
        for entity in self._ents:
            if entity.label_ in {"PERSON", "ORG"} and entity.start <= head.i < entity.end:
                text = entity.text.removesuffix("’s").removesuffix("'s")
                skip = 4 if text.lower().startswith("the ") else 0
                return text[skip:], entity.start_char + skip, entity.start_char + len(text)
        return None

    def side_of(
        self, source: Attribution, actors: tuple[Actor, ...], states: frozenset[str] = frozenset()
    ) -> str | None:
        """Return the side of an event that a speaker belongs to, or None.

        Parameters
        ----------
        source
            The speaker.
        actors
            The event's actors.
        states
            States that are party to it by its nature: those beside a crossed border.
        """
        if source.start is None or source.end is None:
            return None
        tokens = [t for t in self._doc if source.start <= t.idx < source.end]
        if not tokens:
            return None
        # "observers in Armenia" are not Armenia's
        context = [
            t
            for t in sorted({t for token in tokens for t in token.subtree}, key=lambda t: t.i)
            if not any(
                a.lower_ in {"in", "at", "near"} for a in t.ancestors if a in tokens[0].subtree
            )
        ]
        said = self._doc[context[0].i : context[-1].i + 1] if context else self._doc[0:0]
        countries = set(self._countries([t for t in context if not self._within_name(t)]))
        groups = {group.group_id for _, group in self._groups_in(said)}
        words = {lemma(token) for token in said}
        concerned = next((code for code in countries if code in states), None)
        if concerned is not None:
            entry = self._gazetteer.country(concerned)
            return entry.place.name if entry else concerned
        for actor in actors:
            if actor.role not in {
                "side_a",
                "side_b",
                "initiator",
                "target",
                "new_holder",
                "previous_holder",
            }:
                continue
            nameless = actor.sector == "armed_group" and actor.group_id is None
            same_word = nameless and any(
                word in words for name in actor.name.lower().split() for word in (name, name[:-1])
            )
            if (
                same_word
                or (actor.country and actor.country in countries)
                or (actor.group_id and actor.group_id in groups)
            ):
                return actor.name
        return None

    # -- noun phrases --------------------------------------------------------------------------

    def _named_by(self, token: "Token", role: str) -> Iterator[Actor]:
        """Yield the actors that a noun phrase names, one for each coordinated noun."""
        token = antecedent(token)
        if token.lower_ in {"they", "them", "both"} and token.pos_ == "PRON":
            token = people_meant(token) or token
        if token.lower_ in {"he", "she", "his", "her"} and role in _OF_DIPLOMACY:
            token = holder_meant(token) or token
        heads = (*conjuncts(token), *strayed(token))
        pair = taken_apart(heads, role, self._toponyms)
        yield from pair
        for head in heads if not pair else ():
            yield from self._one(head, role)

    def _one(self, head: "Token", role: str) -> Iterator[Actor]:
        """Yield the actors of a noun with what hangs on it."""
        people = [self._by_name(name, role) for name in names_beside(head, self._places)]
        if people:
            alone = self._person(head, role) if len(people) == 1 else None
            yield from [alone] if alone is not None else people
            for other in colleagues(head):
                yield from self._one(other, role)
            return
        states = several_states(head, self.phrase(head), role, self._places)
        if states:
            yield from states
            return
        inner = behind(head)
        if inner:
            for noun in inner:
                yield from self._named_by(noun, role)
            return
        actor = self._actor(head, role)
        if actor is not None:
            yield actor

    def _by_name(self, name: "Token", role: str) -> Actor:
        """Return a person whose name stands beside an office, whatever the model calls it."""
        person = self._person(name, role)
        if person is not None:
            return person
        said = self.phrase(name)
        return Actor(said.text, role, None, "individual", None, said.start_char, said.end_char)

    def _actor(self, head: "Token", role: str) -> Actor | None:
        """Turn one noun into an actor."""
        if head.pos_ == "PRON" or lemma(head) in ANAPHORS and self._bare(head):
            known = stands_for(head, role, self._known, self._places)
            if known is not None or head.pos_ == "PRON":
                return known
        if head.pos_ == "NUM" and any(c.lower_ == "the" for c in head.children):
            return Actor(f"the {head.text}", role, start=head.idx, end=head.idx + len(head.text))
        if self._nobody(head, role):
            return None
        phrase = self.phrase(head)
        for _, group in self._groups_in(phrase):
            return Actor(
                group.name, role, None, group.sector, group.group_id,
                phrase.start_char, phrase.end_char,
            )  # fmt: skip
        person = self._person(head, role)
        if person is not None:
            return person
        toponym = self._toponyms.get(head.idx) or self._toponym_in(phrase, head)
        if toponym is not None and toponym.place is not None:
            state = self._state(toponym, role)
            if state is None and role == "participant" and toponym.place.feature_class == "A":
                return Actor(toponym.text, role, start=toponym.start, end=toponym.end)
            return state
        sector = ORGANS.get(lemma(head))
        countries = self._countries(phrase)
        if lemma(head) in CIVIL:
            sector = "civilian"
        elif lemma(head) in REBELS:
            sector = "armed_group"
        if not any(t.pos_ in {"NOUN", "PROPN", "ADJ"} for t in phrase):
            return None
        country = (
            countries[0]
            if countries and sector in {*STATE_FORCES, "legislature", "judiciary"}
            else None
        )
        return Actor(phrase.text, role, country, sector, None, phrase.start_char, phrase.end_char)

    def _nobody(self, head: "Token", role: str) -> bool:
        """Return whether a noun is a day, a happening, a spot, a weapon: none who acts."""
        timed = head.ent_type_ in {"DATE", "TIME", "ORDINAL"}
        if is_verb(head) or timed or head.pos_ in {"NUM", "ADV", "ADP", "SCONJ"}:
            return True
        word = lemma(head)
        if word in SIDES and head.tag_ == "NN" and self._bare(head):
            if not any(c.lower_ in {"each", "either"} for c in head.children):
                return True  # "the country", "the capital": nobody in particular
        if is_state(self._places, head):
            return self._is_location(head, role)
        owned = any(
            c.i in self._places
            or c.ent_type_
            or c.dep_ == "poss"
            or (c.i != head.i and lemma(c) in ORGANS)
            for c in self.phrase(head)
        )
        if word in WEAPONS and role not in {"target", "victim"} and not owned:
            return True
        if word in FACILITIES | SPOTS and role == "initiator":
            return not any(True for _ in self._groups_in(self.phrase(head)))
        body = head.pos_ == "PROPN" and head.ent_type_ == "ORG"  # the House of Representatives
        spot = word in FACILITIES | SPOTS | HAPPENINGS and not body
        return spot or self._is_location(head, role)

    def _is_location(self, head: "Token", role: str) -> bool:
        """Return whether a name in the object slot is a place, no government: "a raid on Akobo"."""
        toponym = self._toponym_in(self.phrase(head), head)
        if toponym is None or toponym.kind != "place" or role not in {"side_b", "target", "victim"}:
            return False
        code = toponym.place.feature_code if toponym.place else None
        return not (code or "").startswith("PCL")

    def _person(self, head: "Token", role: str) -> Actor | None:
        """Return a named person, with the state of the office if a title gives one."""
        office = lemma(head) in ORGANS or lemma(head) in OFFICES | DIGNITARIES
        beside = [c.i for c in head.children if c.dep_ == "appos" and office]
        for entity, start, end in self._people:
            if not any(start <= i < end for i in (head.i, *beside)):
                continue
            around = self.phrase(head)
            titled = any(lemma(t) in ORGANS for t in around) or any(
                lemma(c) in ORGANS for c in head.children if c.dep_ == "appos"
            )
            former = any(t.lower_ in {"former", "ex"} for t in around)
            appositions = [t for c in head.children if c.dep_ == "appos" for t in c.subtree]
            countries = self._countries(around) or self._countries(appositions)
            country = countries[0] if countries and titled and not former else None
            name = entity.text.removesuffix("’s").removesuffix("'s")
            return Actor(name, role, country, "government" if country else "individual", None,
                         entity.start_char, entity.start_char + len(name))  # fmt: skip
        return None

    def _toponym_in(self, phrase: "Span", head: "Token") -> Toponym | None:
        """Return the toponym that a name ends in: "the United States"."""
        for toponym in self._toponyms.values():
            if toponym.start >= phrase.start_char and toponym.start <= head.idx < toponym.end:
                return toponym
        return None

    def _state(self, toponym: Toponym, role: str) -> Actor | None:
        """Return the state that a country's or capital's name stands for."""
        place = toponym.place
        if place is None or place.country is None:
            return None
        entry = self._gazetteer.get(place.id)
        host = entry.detail.get("host", "") if entry is not None else ""
        if len(host) == 2 and host.isupper():  # "the White House": a government by its seat
            return Actor(toponym.text, role, host, "government", None, toponym.start, toponym.end)
        if place.feature_code not in {"PCLI", "PPLC", "PCLD", "PCLS", "PCL", "PCLF", "PCLIX"}:
            return None
        return Actor(toponym.text, role, place.country, "government", None,
                     toponym.start, toponym.end)  # fmt: skip

    def _countries(self, tokens: "Span | list[Token]") -> list[str]:
        """Return the countries that some words name, by name or demonym, in their order."""
        found: list[str] = []
        for token in tokens:
            toponym = self._toponyms.get(token.idx)
            if toponym and toponym.place and toponym.place.country:
                code = toponym.place.country
                if toponym.place.feature_code in {None, "PPLC"} or (
                    toponym.place.feature_class == "A" or toponym.kind == "demonym"
                ):
                    if code not in found:
                        found.append(code)
        return found

    def _within_name(self, token: "Token") -> bool:
        """Return whether a division's or town's name is but a part of a body's name."""
        toponym = self._toponyms.get(token.idx)
        if toponym is None or toponym.kind != "embedded" or toponym.place is None:
            return False
        return not (toponym.place.feature_code or "").startswith("PCL")

    def _groups_in(self, phrase: "Span") -> Iterator[tuple["Span", Body]]:
        """Yield the armed groups and organisations that a phrase names."""
        for first, last, group in self._known:
            if phrase.start <= first and last <= phrase.end:
                yield self._doc[first:last], group

    def _bare(self, head: "Token") -> bool:
        """Return whether a noun says nothing of its own: "the group", "the armed group"."""
        return all(
            c.dep_ in {"det", "case", "punct", "nummod"}
            or c.lower_ in {"armed", "militant", "rebel", "other", "both"}
            for c in head.children
            if c.i < head.i
        ) and not any(c.dep_ == "prep" for c in head.children)


def _inside_another(actor: Actor, actors: Iterable[Actor]) -> bool:
    """Return whether an actor is but a part of another: "A" of "A's negotiators"."""
    start, end = actor.start or 0, actor.end or 0
    return any(
        (other.start or 0) <= start and end <= (other.end or 0)
        and end - start < (other.end or 0) - (other.start or 0) and other.role == actor.role
        for other in actors
    )  # fmt: skip
