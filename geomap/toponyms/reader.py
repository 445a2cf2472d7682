"""Documents read in blocks, each with what the others of its outlet speak of."""

from collections.abc import Iterable, Iterator

from geomap.gazetteer import Gazetteer
from geomap.model import Document
from geomap.toponyms import rules, trained
from geomap.toponyms.home import home_of, leaning
from geomap.toponyms.outlets import Outlets
from geomap.toponyms.trained import Draft, answers, place_rows

__all__ = ["BLOCK", "Reader"]

BLOCK = 128
"""How many documents are held at once, so that the first of an outlet hears the others too."""
_WAYS = {"rules": rules, "trained": trained}


class Reader:
    """Finds and resolves the place names of documents.

    Parameters
    ----------
    way
        ``rules`` or ``trained``.
    gazetteer
        Which places there are.
    country
        A country that counts as if every document named it.
    """

    def __init__(self, way: str, gazetteer: Gazetteer, country: str | None = None) -> None:
        self._way = _WAYS[way]
        self._gazetteer = gazetteer
        self._home = home_of(country, gazetteer)
        self._outlets = Outlets()

    def read(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Yield the documents, which have their ``analysis``, with toponyms, in their order.

        Toponyms that a document has already are resolved, and no others recognised in it.
        """
        for block in _blocks(documents):
            for draft in [self._begin(document) for document in block]:
                yield self._way.finish(draft, self._gazetteer, self._outlets, self._home)

    def _begin(self, document: Document) -> Draft:
        """Return a document with first answers, of which the outlets learn."""
        found, rows = self._way.named(document, self._gazetteer)
        places = place_rows(document.analysis, found, home=self._home)
        first = leaning(found, self._way.choices(found, places), places, self._home)
        self._outlets.learn(document.source, document.id, answers(found, first))
        return Draft(document, found, rows, places, first)


def _blocks(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Yield the documents in blocks; one without an outlet has nobody to wait for."""
    block: list[Document] = []
    for document in documents:
        block.append(document)
        if len(block) == BLOCK or not any(held.source for held in block):
            yield block
            block = []
    if block:
        yield block
