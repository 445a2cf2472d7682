"""The work that any process can do: what it takes and gives can be sent, its answers kept.

Each function takes the options, some items and a clock for its stages, and returns for each item a
document as a line of JSON, or the reason why there is none.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from geomap.clock import Clock
from geomap.config import Config
from geomap.jsonline import encode
from geomap.language import model_language
from geomap.model import Document
from geomap.pipeline import Pipeline
from geomap.reading import Piece, Refused, complete
from geomap.reading.values import Content

__all__ = [
    "Answer",
    "Work",
    "complete_articles",
    "identity_of",
    "pipeline_of",
    "read_documents",
    "sent",
]

Answer = bytes | str
"""A document as a line of JSON, or why there is none."""
Work = Callable[[Config, Sequence[Any], Clock], list[Answer]]


def sent(config: Config) -> Config:
    """Return the options that the work hangs on; how outputs look is no part of them."""
    return replace(
        config, workers=1, engine="local", scheduler=None, tiles=None, style=None, figure=None
    )


@functools.lru_cache(maxsize=1)
def pipeline_of(config: Config) -> Pipeline:
    """Return the stages, loaded once a process."""
    return Pipeline(config)


def identity_of(config: Config) -> Mapping[str, Any]:
    """Return what model and gazetteer are, after loading both."""
    return pipeline_of(config).identity()


def complete_articles(config: Config, articles: Sequence[Content], clock: Clock) -> list[Answer]:
    """Complete articles: take the text out of those that are pages."""
    language = model_language(config.model)
    finish = functools.partial(complete, published=config.published, language=language)
    with clock.stage("pages"):
        contents = [finish(Piece("", article)).content for article in articles]
    return [c.reason if isinstance(c, Refused) else encode(c) for c in contents]


def read_documents(config: Config, documents: Sequence[Document], clock: Clock) -> list[Answer]:
    """Find toponyms and events in documents that are read together."""
    return [encode(document) for document in pipeline_of(config).read(documents, clock)]
