"""What the other documents of an outlet speak of: a local paper writes of its own county.

Each document counts once for a country, a division or a place. A document never hears itself.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable

from geomap.gazetteer import Entry

__all__ = ["Outlets"]

Key = tuple[str | None, ...]
_NUMBERS = ("outlet_country", "outlet_division", "outlet_second", "outlet_place")


def _keys(entry: Entry) -> dict[str, Key]:
    """Return what an answer counts for: its country, divisions and itself."""
    country, first, second = entry.place.country, entry.admin1_code, entry.admin2_code
    keys: dict[str, Key] = {"outlet_country": ("country", country)}
    if entry.kind != "country":
        keys["outlet_place"] = ("place", entry.place.id)
        if first:
            keys["outlet_division"] = ("first", country, first)
            if second:
                keys["outlet_second"] = ("second", country, first, second)
    return keys


class Outlets:
    """Answers of documents, by outlet."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[Key]] = defaultdict(Counter)
        self._documents: dict[str, dict[str, Counter[Key]]] = defaultdict(dict)

    def learn(
        self, source: str | None, document: str, answers: Iterable[tuple[Entry, float]]
    ) -> None:
        """Remember the answers of a document, each with its probability."""
        if source is None:
            return
        mine: Counter[Key] = Counter()
        for entry, probability in answers:
            for key in _keys(entry).values():
                mine[key] += probability  # type: ignore[assignment]
        mine = Counter({key: min(1.0, value) for key, value in mine.items()})
        known = self._documents[source].get(document)
        if known is not None:
            self._counts[source].subtract(known)
        self._documents[source][document] = mine
        self._counts[source].update(mine)

    def numbers(
        self, source: str | None, document: str, entries: Iterable[Entry]
    ) -> list[dict[str, float]]:
        """Return what the outlet's other documents say of places, by the names of the numbers."""
        documents = self._documents.get(source, {}) if source is not None else {}
        mine = documents.get(document, Counter())
        others = len(documents) - (document in documents)
        counts = self._counts[source] if others and source is not None else Counter()
        found = []
        for entry in entries:
            numbers = dict.fromkeys(_NUMBERS, 0.0) | {"outlet_documents": float(others)}
            if others:
                for name, key in _keys(entry).items():
                    numbers[name] = max(0.0, counts[key] - mine[key]) / others
            found.append(numbers)
        return found
