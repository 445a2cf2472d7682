"""The one call from articles to documents: :func:`extract`."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from geomap.config import Config
from geomap.engine import Extraction
from geomap.errors import InputError
from geomap.model import Document
from geomap.narrate import narrated

__all__ = ["extract"]

log = logging.getLogger(__name__)


def extract(inputs: Iterable[str | Path], config: Config | None = None) -> Iterator[Document]:
    """Read articles and find their places and events.

    Parameters
    ----------
    inputs
        Files of the kinds in :data:`geomap.reading.SUFFIXES`, packed (``.gz``, ``.zst``) or not,
        folders of them, patterns such as ``news/**/*.html``, or ``-`` for standard input.
    config
        The options of the run; None for the default ones.

    Yields
    ------
    Document
        One for each article, in the order of the inputs. An input that cannot be read is logged
        as a warning and left out; see :class:`geomap.reading.Reader` for a list of these. What was
        found is logged too: a line an article as INFO, the reasons as DEBUG.

    Raises
    ------
    InputError
        If every input was refused.
    """
    config = Config() if config is None else config
    options = config.described()
    with Extraction(inputs, config) as extraction:
        identity = extraction.identity
        for document in narrated(extraction.documents()):
            origin = document.origin
            origin = origin and replace(origin, options=options, identity=identity)
            yield replace(document, origin=origin)
    reader = extraction.reader
    for refused in reader.refused:
        log.warning("%s: refused: %s", refused.name, refused.reason)
    if reader.refused and not reader.accepted:
        raise InputError(f"every input was refused: {reader.summary()}")
