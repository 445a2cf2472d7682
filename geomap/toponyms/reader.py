"""Documents read in blocks, each with what the others of its outlet speak of."""

from collections.abc import Iterable, Iterator

from geomap.gazetteer import Gazetteer
from geomap.model import Document
from geomap.toponyms.outlets import Outlets
from geomap.toponyms.trained import begin, finish

__all__ = ["BLOCK", "Reader"]

BLOCK = 128
"""How many documents are held at once, so that the first of an outlet hears the others too."""


class Reader:
    """Finds and resolves the place names of documents, by trained models.

    Parameters
    ----------
    gazetteer
        Which places there are.
    country
        A country that counts as if every document named it.
    """

    def __init__(self, gazetteer: Gazetteer, country: str | None = None) -> None:
        self._gazetteer, self._country = gazetteer, country
        self._outlets = Outlets()

    def read(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Yield the documents, which have their ``analysis``, with toponyms, in their order."""
        for block in _blocks(documents):
            drafts = [
                begin(document, self._gazetteer, self._outlets, self._country) for document in block
            ]
            for draft in drafts:
                yield finish(draft, self._gazetteer, self._outlets, self._country)


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
