"""Who: states and their organs, armed groups, organisations, persons, people.

A noun phrase becomes one actor for each coordinated noun. "A delegation from the Taliban" is the
Taliban; "Afghan border guards" are guards of Afghanistan; "Tehran" in "asked Tehran" is Iran's
government. "The group" and "its" are the armed group named last.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from geomap.bodies import Body, outlet
from geomap.events.anaphora import stands_for
from geomap.events.nouns import (
    ANAPHORS,
    CIVIL,
    CONTAINERS,
    FACILITIES,
    HAPPENINGS,
    OFFICES,
    ORGANS,
    REBELS,
    SIDES,
    SPOTS,
    STATE_FORCES,
)
from geomap.events.sides import find_groups, mutual, opposed
from geomap.events.syntax import (
    adpositions,
    antecedent,
    conjuncts,
    head_noun,
    is_passive,
    is_verb,
    lemma,
    objects,
    subjects,
)
from geomap.events.triggers import Trigger
from geomap.events.victims import victims
from geomap.gazetteer import Gazetteer
from geomap.model import Actor, Attribution, Document, Toponym

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

__all__ = ["ActorReader"]

_PEOPLE_SLOTS = {"amod", "compound", "nmod", "poss"}

_AFTER_TALKS = {"fail", "reach", "agree", "sign", "announce", "conclude", "end", "initial"}


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
        self._known = find_groups(self._doc)
        self._ents = self._doc.ents

    def actors(self, trigger: Trigger) -> tuple[Actor, ...]:
        """Return the actors of a trigger, in the order of the text."""
        found: dict[tuple[str, str], Actor] = {}
        for role, token in self._slots(trigger):
            for actor in self._named_by(token, role):
                found.setdefault((actor.role, actor.name.casefold()), actor)
        taken = {actor.start for actor in found.values()}
        for token in victims(trigger):
            for actor in self._named_by(token, "victim"):
                if actor.start not in taken:
                    found.setdefault((actor.role, actor.name.casefold()), actor)
        actors = sorted(found.values(), key=lambda actor: (actor.start or 0, actor.role))
        return opposed(actors) if mutual(trigger) else tuple(actors)

    def phrase(self, head: "Token") -> "Span":
        """Return a noun phrase without its determiner and what follows a relative pronoun."""
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

    # -- slots ---------------------------------------------------------------------------------

    def _slots(self, trigger: Trigger) -> Iterator[tuple[str, "Token"]]:
        """Yield (role, noun) for every slot that the table gives a role."""
        if is_verb(trigger.token):
            yield from self._verb_slots(trigger)
        else:
            yield from self._noun_slots(trigger)
        if trigger.support is not None:
            yield from self._support_slots(trigger)
        elif trigger.event_class.name == "diplomatic_meeting" and not is_verb(trigger.token):
            # "failed to agree after two days of talks": who failed had talked
            noun = head_noun(trigger.token)
            over = noun.dep_ == "pobj" and noun.head.lower_ in {"after", "during", "following"}
            if over and lemma(noun.head.head) in _AFTER_TALKS:
                yield from (("participant", who) for who in subjects(noun.head.head))
        # A frame's words count too: the parse may hang the preposition on any of them.
        heads = {t.i: t for t in (trigger.token, trigger.predicate, *trigger.words)}
        for head in heads.values():
            for preposition, noun in adpositions(head):
                role = trigger.group.roles.get(preposition)
                if preposition in {"of", "with"} and role == "participant":
                    if not (self._acts(noun) or lemma(noun) in OFFICES or noun.pos_ == "PROPN"):
                        continue  # "a round of talks", "ended with a promise"
                if role and not (preposition == "by" and head is trigger.support):
                    yield role, noun

    def _verb_slots(self, trigger: Trigger) -> Iterator[tuple[str, "Token"]]:
        """Yield subjects and objects of a verb."""
        roles = trigger.group.roles
        own = {word.i for word in trigger.words}
        if trigger.token.dep_ in {"pcomp", "nsubj"} and trigger.token.lower_ in trigger.group.nouns:
            return  # "after shelling in A": a noun
        if roles.get("subject"):
            yield from ((roles["subject"], noun) for noun in subjects(trigger.token))
        if roles.get("object"):
            whom = (t for t in objects(trigger.token) if t.i not in own or lemma(t) in CONTAINERS)
            yield from ((roles["object"], t) for t in whom)

    def _noun_slots(self, trigger: Trigger) -> Iterator[tuple[str, "Token"]]:
        """Yield whose event it is: "its killing of", "a rebel attack", "their withdrawal"."""
        roles, token = trigger.group.roles, trigger.token
        governor = token.head.head
        if roles.get("with") == "side_b" and token.dep_ == "pobj" and is_verb(governor):
            # "the guards fled during a clash with the rebels": the guards are the other side.
            if trigger.support is None:
                dead = lemma(governor) in {"kill", "die", "wound", "injure", "hurt"}
                hit = objects(governor) if is_passive(governor) else subjects(governor)
                for noun in hit if dead else subjects(governor):
                    if not any(lemma(n) in CIVIL for n in (noun, *self._inside(noun))):
                        yield "side_a", noun
                    elif dead:
                        yield "victim", noun
        if not roles.get("possessor"):
            return
        for child in token.children:
            named = child.dep_ == "poss" or child.ent_type_ or child.idx in self._toponyms
            if child.dep_ not in _PEOPLE_SLOTS or not named:
                continue
            if child.lower_ == "their" and trigger.support is not None:
                yield from ((roles["possessor"], noun) for noun in subjects(trigger.support))
            else:
                yield roles["possessor"], child

    def _support_slots(self, trigger: Trigger) -> Iterator[tuple[str, "Token"]]:
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

    # -- noun phrases --------------------------------------------------------------------------

    def _named_by(self, token: "Token", role: str) -> Iterator[Actor]:
        """Yield the actors that a noun phrase names, one for each coordinated noun."""
        heads = conjuncts(antecedent(token))
        pair = self._taken_apart(heads, role)
        yield from pair
        for head in heads if not pair else ():
            several = list(self._several_states(head, role))
            if several:
                yield from several
                continue
            inner = self._inside(head)
            if inner:
                for noun in inner:
                    yield from self._named_by(noun, role)
                continue
            actor = self._actor(head, role)
            if actor is not None:
                yield actor

    def _taken_apart(self, heads: tuple["Token", ...], role: str) -> list[Actor]:
        """Return the actors of "Kyrgyz and Tajik guards" where the parse makes three of it."""
        last, adjectives = heads[-1], heads[:-1]
        sector = ORGANS.get(lemma(last))
        people = [self._toponyms.get(token.idx) for token in adjectives]
        if sector is None or len(people) < 2 or adjectives[-1].i != last.i - 1:
            return []
        if not all(toponym and toponym.kind == "demonym" for toponym in people):
            return []
        return [
            Actor(f"{t.text} {last.text}", role, t.place.country, sector, None, t.start, t.end)
            for t in people
            if t is not None and t.place is not None
        ]

    def _several_states(self, head: "Token", role: str) -> Iterator[Actor]:
        """Yield one actor a state of "Armenian and Azerbaijani troops"."""
        sector = ORGANS.get(lemma(head))
        named = [
            (f"{token.text} {head.text.lower()}", token, toponym.place.country)
            for token in self.phrase(head)
            if (toponym := self._toponyms.get(token.idx)) is not None
            and toponym.kind == "demonym"
            and toponym.place is not None
        ]
        if not named and lemma(head) not in CONTAINERS:
            named = list(self._from_states(head))
        if sector is None or len({country for _, _, country in named}) < 2:
            return
        for name, token, country in named:
            yield Actor(name, role, country, sector, None, token.idx, token.idx + len(token.text))

    def _from_states(self, head: "Token") -> Iterator[tuple[str, "Token", str | None]]:
        """Yield the states that people are of or from: "the presidents of Chad and Niger"."""
        for preposition, first in adpositions(head):
            for noun in conjuncts(first) if preposition in {"of", "from"} else ():
                toponym = self._toponyms.get(noun.idx)
                place = toponym.place if toponym is not None else None
                if place is not None and (place.feature_code or "").startswith("PCL"):
                    yield f"{head.text.lower()} {preposition} {noun.text}", noun, place.country

    def _inside(self, head: "Token") -> list["Token"]:
        """Return whom a container noun is about: "delegations from A and B"."""
        if lemma(head) in FACILITIES:
            return [c for c in head.children if c.dep_ == "poss"]
        if lemma(head) not in CONTAINERS:
            return []
        if any(c.dep_ in _PEOPLE_SLOTS and c.ent_type_ for c in head.children):
            return []
        behind = {"of"} if lemma(head) in SIDES else {"of", "from"}
        nouns = [obj for prep, obj in adpositions(head) if prep in behind]
        if lemma(head) == "group" and nouns and lemma(nouns[0]) in {"figure", "politician"}:
            return []
        return [noun for noun in nouns if noun.pos_ in {"NOUN", "PROPN", "ADJ"}]

    def _actor(self, head: "Token", role: str) -> Actor | None:
        """Turn one noun into an actor."""
        if head.pos_ == "PRON" or lemma(head) in ANAPHORS and self._bare(head):
            known = stands_for(head, role, self._known)
            if known is not None or head.pos_ == "PRON":
                return known
        timed = head.ent_type_ in {"DATE", "TIME"}
        if is_verb(head) or timed or head.pos_ in {"NUM", "ADV", "ADP", "SCONJ"}:
            return None
        both = any(c.lower_ in {"both", "two", "either"} for c in head.children)
        if lemma(head) in SIDES and (both or self._bare(head)):
            return None  # "the two sides": nobody in particular
        if lemma(head) in FACILITIES | SPOTS | HAPPENINGS or self._is_location(head, role):
            return None
        phrase = self.phrase(head)
        for span, group in self._groups_in(phrase):
            return Actor(
                group.name, role, None, group.sector, group.group_id,
                span.start_char, span.end_char,
            )  # fmt: skip
        person = self._person(head, role)
        if person is not None:
            return person
        toponym = self._toponyms.get(head.idx) or self._toponym_in(phrase, head)
        if toponym is not None and toponym.place is not None:
            return self._state(toponym, role)
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

    def _is_location(self, head: "Token", role: str) -> bool:
        """Return whether a name in the object slot is a place, no government: "a raid on Akobo"."""
        toponym = self._toponym_in(self.phrase(head), head)
        if toponym is None or toponym.kind != "place" or role not in {"side_b", "target", "victim"}:
            return False
        code = toponym.place.feature_code if toponym.place else None
        return not (code or "").startswith("PCL")

    def _acts(self, noun: "Token") -> bool:
        """Return whether a noun is somebody who can meet."""
        return bool(
            noun.ent_type_ in {"GPE", "NORP", "PERSON", "ORG"}
            or lemma(noun) in ORGANS
            or lemma(noun) in CONTAINERS
        )

    def _person(self, head: "Token", role: str) -> Actor | None:
        """Return a named person, with the state of the office if a title gives one."""
        for entity in self._ents:
            office = lemma(head) in ORGANS or lemma(head) in OFFICES
            beside = [c.i for c in head.children if c.dep_ == "appos" and office]
            inside = any(entity.start <= i < entity.end for i in (head.i, *beside))
            if entity.label_ != "PERSON" or not inside:
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
