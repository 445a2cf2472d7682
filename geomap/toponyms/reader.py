"""Documents read together, each with what the others of its outlet speak of."""

from collections.abc import Sequence

from geomap.gazetteer import Gazetteer
from geomap.model import Document
from geomap.toponyms import rules, trained
from geomap.toponyms.home import home_of, leaning
from geomap.toponyms.outlets import Outlets
from geomap.toponyms.trained import Draft, answers, place_rows

__all__ = ["Reader"]

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

    def read(self, documents: Sequence[Document]) -> list[Document]:
        """Return documents, which have their ``analysis``, with toponyms; each hears the others.

        Toponyms that a document has already are resolved, and no others recognised in it.
        """
        outlets = Outlets()
        drafts = [self._begin(document, outlets) for document in documents]
        return [self._way.finish(d, self._gazetteer, outlets, self._home) for d in drafts]

    def _begin(self, document: Document, outlets: Outlets) -> Draft:
        """Return a document with first answers, of which the outlets learn."""
        found, rows = self._way.named(document, self._gazetteer)
        places = place_rows(document.analysis, found, home=self._home)
        first = leaning(found, self._way.choices(found, places), places, self._home)
        outlets.learn(document.source, document.id, answers(found, first))
        return Draft(document, found, rows, places, first)
