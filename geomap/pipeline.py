"""The stages in their order, and the loop that sends documents through them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from geomap.config import Config, no_country
from geomap.events.extract import extract_events
from geomap.gazetteer import Gazetteer
from geomap.language import model_identity, parse
from geomap.link import Linker
from geomap.model import Document
from geomap.toponyms.reader import Reader

__all__ = ["Pipeline", "Stage", "reading"]

Stage = Callable[[Iterable[Document]], Iterator[Document]]
"""Takes a stream of documents and gives it on, each with more in it."""


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
        self.stages: tuple[Stage, ...] = (
            reading(self.config, self.gazetteer),
            partial(map, partial(extract_events, gazetteer=self.gazetteer)),
        )

    def run(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Yield the documents with toponyms and events, in their order."""
        yield from Linker().link(self._each(documents))

    def toponyms(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Yield the documents with their toponyms resolved, and no events.

        Toponyms that a document already has are resolved; nothing else is recognised in it.
        """
        for document in self.stages[0](self._parsed(documents)):
            yield replace(document, analysis=None)

    def identity(self) -> dict[str, object]:
        """Return name, version and content of model and gazetteer, for ``run.json``."""
        return {
            "model": model_identity(self.config.model),
            "gazetteer": self.gazetteer.identity(),
        }

    def _each(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Run the stages on the documents."""
        stream = self._parsed(documents)
        for stage in self.stages:
            stream = stage(stream)
        for document in stream:
            yield replace(document, analysis=None)

    def _parsed(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Yield the documents with their analysis."""
        waiting: list[Document] = []

        def texts() -> Iterator[str]:
            for document in documents:
                waiting.append(document)
                yield document.text

        for analysis in parse(texts(), self.config.model):
            yield replace(waiting.pop(0), analysis=analysis)


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
