"""The stages in their order, and the loop that sends documents through them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from geomap.clock import Clock
from geomap.config import Config, no_country
from geomap.events.extract import extract_events
from geomap.gazetteer import Gazetteer
from geomap.groups import grouped
from geomap.language import model_identity, parse, passing
from geomap.link import Linker
from geomap.model import Document
from geomap.toponyms.reader import Reader

__all__ = ["Pipeline", "Stage", "reading"]

Stage = Callable[[Sequence[Document]], list[Document]]
"""Takes documents that are read together and gives them back, each with more in it."""


class Pipeline:
    """Sends documents through recognise, resolve and extract, then links their events.

    Parameters
    ----------
    config
        The options: model and gazetteer.

    Raises
    ------
    ModelNotFound
        If the model is not installed.
    GazetteerError
        If the gazetteer cannot be used.
    ConfigError
        If the gazetteer knows no such country.
    """

    def __init__(self, config: Config | None = None) -> None:
        self.config = config or Config()
        self.gazetteer = Gazetteer.open(self.config.gazetteer)
        self._named = reading(self.config, self.gazetteer)

    def run(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Yield the documents with toponyms and events, in their order."""
        yield from Linker().link(grouped(documents, self.read))

    def read(self, group: Sequence[Document], clock: Clock | None = None) -> list[Document]:
        """Return the documents of a group with toponyms and events, which are not linked yet.

        The answer hangs on the group alone, not on what was read before.

        Parameters
        ----------
        group
            Documents that are read together; see :func:`geomap.groups.groups`.
        clock
            Is told how long the stages ``model``, ``places`` and ``events`` take.
        """
        clock = clock or Clock()
        with passing(self.config.model):
            with clock.stage("model"):
                parsed = self._parsed(group)
            with clock.stage("places"):
                found = self._named(parsed)
            with clock.stage("events"):
                events = [extract_events(document, gazetteer=self.gazetteer) for document in found]
        return [replace(document, analysis=None) for document in events]

    def toponyms(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Yield the documents with their toponyms resolved, and no events.

        Toponyms that a document already has are resolved; nothing else is recognised in it.
        """
        yield from grouped(documents, self._toponyms)

    def _toponyms(self, group: Sequence[Document]) -> list[Document]:
        """Return the documents of a group with their toponyms."""
        with passing(self.config.model):
            found = self._named(self._parsed(group))
        return [replace(document, analysis=None) for document in found]

    def identity(self) -> dict[str, object]:
        """Return name, version and content of model and gazetteer, for ``run.json``."""
        return {
            "model": model_identity(self.config.model),
            "gazetteer": self.gazetteer.identity(),
        }

    def _parsed(self, documents: Sequence[Document]) -> list[Document]:
        """Return the documents with their analysis."""
        analyses = parse((document.text for document in documents), self.config.model)
        return [replace(d, analysis=a) for d, a in zip(documents, analyses, strict=True)]


def reading(config: Config, gazetteer: Gazetteer) -> Stage:
    """Return the stage that recognises and resolves place names, in the way that is configured.

    Raises
    ------
    ConfigError
        If the gazetteer knows no such country.
    """
    country = config.country
    if country is not None and gazetteer.country(country) is None:
        raise no_country(country)
    return Reader(config.toponyms, gazetteer, country).read
