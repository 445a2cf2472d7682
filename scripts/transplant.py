"""Gold documents moved to other countries and cut to a few sentences: more to learn spans from.

A model trained on the papers of three corpora learns their places: large towns of large states. A
transplanted document tells the same of towns and villages anywhere: the country it speaks of most
becomes another one, its people, divisions and towns those of that country, each the same all
through the document. What stands around the names stays, so a model learns from that.
"""

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from geomap.evaluate import GoldDocument, GoldToponym
from geomap.gazetteer import Entry, Gazetteer
from geomap.tables import read_table

__all__ = ["fragments", "sentence_ends", "transplanted"]

DETAILED = ("AF", "IQ", "IR", "PK", "QA", "SY", "TJ", "TM", "UA", "UZ")
"""The countries of which a gazetteer for training holds the villages."""
_TRIES = 20


def transplanted(
    gold: GoldDocument, gazetteer: Gazetteer, chance: random.Random
) -> GoldDocument | None:
    """Return a document with the places of its main country changed for another country's.

    None where it has no main country, or none was found to put in its place.
    """
    entries = {
        t.geonameid: gazetteer.get(f"geonames:{t.geonameid}") for t in gold.toponyms if t.geonameid
    }
    counts = Counter(
        entries[t.geonameid].place.country  # type: ignore[union-attr]
        for t in gold.toponyms
        if entries.get(t.geonameid)
    )
    if not counts:
        return None
    home = counts.most_common(1)[0][0]
    for _ in range(_TRIES):
        country = chance.choice(DETAILED) if chance.random() < 0.5 else _any_country(chance)
        swap = _Swap.to(country, gazetteer, chance) if country != home else None
        if swap is not None:
            return _rewritten(gold, entries, home, swap)
    return None


def _any_country(chance: random.Random) -> str:
    return chance.choice(read_table("countries"))["iso2"]


class _Swap:
    """Places of another country, given out one after the other, the same for the same id."""

    def __init__(
        self, country: Entry, people: Sequence[str], divisions: list[Entry], towns: list[Entry],
        gazetteer: Gazetteer, chance: random.Random,
    ) -> None:  # fmt: skip
        self.country, self.people, self.gazetteer = country, people, gazetteer
        self.chance = chance
        self._divisions, self._towns = divisions, towns
        self._second = [s for d in divisions[:2] for s in gazetteer.children(d)]
        chance.shuffle(self._second)
        self._given: dict[int, Entry] = {}

    @classmethod
    def to(cls, code: str, gazetteer: Gazetteer, chance: random.Random) -> "_Swap | None":
        """Return the places around a point of a country, in chance order."""
        country, capital = gazetteer.country(code), gazetteer.capital_of(code)
        if country is None or capital is None or capital.place.latitude is None:
            return None
        latitude = capital.place.latitude + chance.uniform(-3, 3)
        longitude = (capital.place.longitude or 0.0) + chance.uniform(-3, 3)
        towns = [
            e for e in gazetteer.near(latitude, longitude, km=120.0) if e.place.country == code
        ]
        row = next(r for r in read_table("countries") if r["iso2"] == code)
        people = [word for word in row["demonyms"].split("|") if word]
        if len(towns) < 10 or not people:
            return None
        large = sorted(towns, key=lambda e: -e.population)[: len(towns) // 4 + 1]
        chance.shuffle(large)
        chance.shuffle(towns)
        mixed = [e for pair in zip(large, towns, strict=False) for e in pair] + towns
        divisions = [e for e in gazetteer.children(country) if e.place.feature_code == "ADM1"]
        near = {e.place.admin1 for e in towns}
        divisions.sort(key=lambda e: (e.place.name not in near, chance.random()))
        mixed = list({e.place.id: e for e in mixed}.values())
        return cls(country, people, divisions, mixed, gazetteer, chance)

    def place(self, entry: Entry) -> Entry | None:
        """Return what stands for a place of the old country; None where nothing is left."""
        number = entry.place.geonameid or 0
        if number not in self._given:
            if entry.kind == "country":
                self._given[number] = self.country
            elif entry.place.feature_code == "ADM1" and self._divisions:
                self._given[number] = self._divisions.pop(0)
            elif entry.kind == "division" and self._second:
                self._given[number] = self._second.pop(0)
            elif self._towns:
                self._given[number] = self._towns.pop(0)
        return self._given.get(number)


def _rewritten(
    gold: GoldDocument, entries: dict[int, Entry | None], home: str | None, swap: _Swap
) -> GoldDocument:
    """Return the document with the names of the new places, its offsets moved."""
    parts: list[str] = []
    toponyms: list[GoldToponym] = []
    at = length = 0
    for toponym in sorted(gold.toponyms, key=lambda t: t.start):
        if toponym.start < at:
            continue
        before = gold.text[at : toponym.start]
        entry = entries.get(toponym.geonameid) if toponym.geonameid else None
        text, new = toponym.text, toponym
        if entry is not None and entry.place.country == home:
            place = swap.place(entry)
            if place is not None:
                text = _name(toponym.text, entry, place, swap)
                new = replace(toponym, geonameid=place.place.geonameid)
                if entry.kind == "country" and before.endswith(("the ", "The ")):
                    before = before[:-4]
        parts += [before, text]
        behind = ""
        start = length + len(before)
        length = start + len(text)
        toponyms.append(replace(new, start=start, end=length, text=text))
        at = toponym.end
        if new is not toponym and place is not None and _takes_word(place, gold.text[at : at + 1]):
            behind = swap.chance.choice((" province", " Province", " region", " district", "", ""))
            parts.append(behind)
            length += len(behind)
    parts.append(gold.text[at:])
    return GoldDocument(f"{gold.id}-moved", "".join(parts), tuple(toponyms))


def _takes_word(place: Entry, following: str) -> bool:
    """Return whether a division may have a word for its kind behind it: "Herat province"."""
    return place.kind == "division" and following in (" ", ".", ",")


def _name(old: str, entry: Entry, place: Entry, swap: _Swap) -> str:
    """Return the name of the new place in the shape of the old name."""
    name = place.place.name
    if old.endswith((" County", " Parish", " Province", " State", " District")):
        return f"{name} {old.rsplit(' ', 1)[1]}"
    if entry.kind == "country" and swap.gazetteer.demonym(old):
        name = swap.people[-1] if old.endswith("s") and len(swap.people) > 1 else swap.people[0]
    return name.upper() if old.isupper() and len(old) > 3 else name


def sentence_ends(text: str) -> list[int]:
    """Return about where the sentences of a text end."""
    return [m.end() for m in re.finditer(r'[.!?]["”]?\s+(?=[A-Z“"])', text)] + [len(text)]


def fragments(
    gold: GoldDocument, ends: Sequence[int], chance: random.Random, most: int
) -> list[GoldDocument]:
    """Return parts of one to six sentences of a document.

    Parameters
    ----------
    gold
        The document.
    ends
        Where its sentences end.
    chance
        Decides which sentences.
    most
        How many parts at most.
    """
    found = []
    starts = [0, *ends[:-1]]
    for _ in range(most):
        size = chance.randint(1, 6)
        first = chance.randrange(len(ends))
        start, end = starts[first], ends[min(first + size, len(ends)) - 1]
        text = gold.text[start:end]
        lead = len(text) - len(text.lstrip())
        own = tuple(
            replace(t, start=t.start - start - lead, end=t.end - start - lead)
            for t in gold.toponyms
            if start + lead <= t.start and t.end <= end
        )
        found.append(GoldDocument(gold.id, text.lstrip(), own, gold.source))
    return [part for part in found if part.text]
