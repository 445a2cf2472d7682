"""The log of a run: at INFO a line an article, at DEBUG the reason for every choice."""

import logging
from collections.abc import Iterable, Iterator

from geomap.model import Document

__all__ = ["narrated"]

log = logging.getLogger(__name__)


def narrated(documents: Iterable[Document]) -> Iterator[Document]:
    """Yield the documents as they are, and log what was found in each.

    Parameters
    ----------
    documents
        After the pipeline.
    """
    for document in documents:
        if log.isEnabledFor(logging.INFO):
            _tell(document)
        yield document


def _tell(document: Document) -> None:
    """Log a line, or every choice."""
    from geomap.explain import explain
    from geomap.frame import drawn_clusters

    clusters = len({event.cluster_id for event in document.events})
    log.info(
        "%s: %s, %d resolved; %s in %s, %d drawn",
        document.id,
        _plural(len(document.toponyms), "toponym"),
        sum(toponym.place is not None for toponym in document.toponyms),
        _plural(clusters, "event"),
        _plural(len(document.events), "mention"),
        drawn_clusters(document),
    )
    if log.isEnabledFor(logging.DEBUG):
        for line in explain(document).splitlines():
            if line.strip():
                log.debug("%s: %s", document.id, line.strip())


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
