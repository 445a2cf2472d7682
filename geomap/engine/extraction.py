"""From inputs to linked documents, by whatever workers there are."""

import functools
import itertools
import logging
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from geomap.clock import Clock
from geomap.config import Config
from geomap.engine.kept import Kept
from geomap.engine.spread import Spread
from geomap.engine.tasks import Answer, complete_articles, read_documents, sent
from geomap.engine.workers import Here, Workers
from geomap.groups import groups, in_order
from geomap.jsonline import decode
from geomap.language import model_language
from geomap.link import Linker
from geomap.model import Document
from geomap.reading import Piece, Reader, Refused, article
from geomap.reading.values import Content, Page

__all__ = ["Extraction"]

log = logging.getLogger(__name__)

_FEW = 16
"""How many pages of HTML are completed in one task, about."""

Settled = Piece[Document | Refused]


class Extraction:
    """What is found in the articles of some inputs.

    Parameters
    ----------
    inputs
        Files, folders, patterns, or ``-`` for standard input (one text).
    config
        The options.
    text
        One more article, that stands on the command line.
    folder
        A run folder, where answers are kept; None to keep nothing. It is in use by this run alone
        until the end of the ``with`` block.

    Raises
    ------
    ExportError
        If the folder is in use by another run, or cannot be written.

    Attributes
    ----------
    reader
        What was read and what was refused, complete once all documents have come.
    clock
        How long the stages of this process take: ``load``, ``read``, ``wait`` (for the work) and
        ``link``.
    """

    def __init__(
        self,
        inputs: Iterable[str | Path],
        config: Config,
        *,
        text: str | None = None,
        folder: Path | None = None,
    ) -> None:
        self.config = config
        self._inputs = list(inputs)
        self._text = text
        self._spread: Spread | None = None
        self.clock = Clock()
        self._kept = Kept(folder, sent(config)) if folder else None
        language = model_language(config.model)
        self.reader = Reader(self._inputs, published=config.published, language=language)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if "workers" in vars(self):
            self.workers.close()
        if self._kept:
            self._kept.close()

    @functools.cached_property
    def workers(self) -> Workers:
        """Those who do the work."""
        if self.config.scheduler:
            from geomap.engine.cluster import Cluster

            return Cluster(sent(self.config), self.config.scheduler)
        if self.config.workers == 1:
            return Here(sent(self.config))
        from geomap.engine.pool import Pool

        return Pool(sent(self.config), self.config.workers)

    @functools.cached_property
    def identity(self) -> Mapping[str, Any]:
        """Name, version and content of model and gazetteer, for ``run.json``."""
        with self.clock.stage("load"):
            return self.workers.identity()

    def effort(self) -> dict[str, Any]:
        """Return what the run took: what hangs on the machine and on what was kept.

        ``work`` are the seconds by stage, of all processes together.
        """
        told: dict[str, Any] = {"workers": self.config.workers, "engine": self.config.engine}
        if self._spread:
            done, kept = self._spread.done[read_documents], self._spread.kept[read_documents]
            told["articles"] = {"read": done, "kept": kept}
            told["work"] = {name: round(s, 3) for name, s in self._spread.seconds.items()}
        return told

    def count(self) -> int | None:
        """Return how many articles the inputs hold; None for standard input, read only once.

        It reads them all, in a small part of the time that it takes to find something in them.
        """
        if any(str(given) == "-" for given in self._inputs):
            return None
        return sum(1 for _ in Reader(self._inputs).pieces())

    def documents(self, more: Callable[[int], object] = int) -> Iterator[Document]:
        """Yield the documents with toponyms and linked events, in the order of the inputs.

        What is refused is left out and recorded by the :attr:`reader`.

        Parameters
        ----------
        more
            Is told how many more articles are done: they may be, long before they come in order.

        Raises
        ------
        ModelNotFound
            If the model is not installed.
        GazetteerError
            If the gazetteer cannot be used.
        ConfigError
            If the gazetteer knows no country of this code, or a worker cannot begin.
        """
        identity = self.identity
        if self._kept:
            self._kept.made_by(identity)
        self._spread = Spread(self.workers, self._kept, clock=self.clock)
        answered = in_order(self._read(self._spread, more))
        settled = self._settled(itertools.starmap(_with, answered))
        yield from self.clock.over("link", Linker().link(settled))
        if self._kept:
            self._kept.forget_others()

    def _settled(self, pieces: Iterable[Settled]) -> Iterator[Document]:
        """Yield the documents of pieces, and count them and what is refused."""
        for piece in pieces:
            content = self.reader.settle(piece)
            if isinstance(content, Document):
                yield content
            else:
                log.info("%s: refused: %s", content.name, content.reason)

    def _read(
        self, spread: Spread, more: Callable[[int], object]
    ) -> Iterator[tuple[int, tuple[Settled, Answer | None]]]:
        """Yield positions of pieces, with the piece and what was found in it."""
        refused: deque[tuple[int, tuple[Settled, None]]] = deque()
        waiting: dict[int, Settled] = {}

        def documents() -> Iterator[tuple[int, Document]]:
            finished = self.clock.over("read", self._completed(spread))
            for position, piece in enumerate(finished):
                if isinstance(piece.content, Document):
                    waiting[position] = piece
                    yield position, piece.content
                else:
                    refused.append((position, (piece, None)))

        batches = ((group, [document for _, document in group]) for group in groups(documents()))
        for group, answers in spread.over(read_documents, batches):
            more(len(group) + len(refused))
            while refused:
                yield refused.popleft()
            for (position, _), answer in zip(group, answers, strict=True):
                yield position, (waiting.pop(position), answer)
        yield from refused

    def _pieces(self) -> Iterator[Piece[Content]]:
        """Yield all that is to be read, as it stands in the inputs."""
        yield from self.reader.pieces()
        if self._text is not None:
            yield Piece("TEXT", article("text", self._text))

    def _completed(self, spread: Spread) -> Iterator[Settled]:
        """Yield pieces finished, in their order: pages by the workers, others at once."""
        for pages, batches in itertools.groupby(_batched(self._pieces()), key=_hold_a_page):
            if not pages:
                yield from map(self.reader.finish, itertools.chain.from_iterable(batches))
                continue
            numbered = (
                ((position, batch), [piece.content for piece in batch])
                for position, batch in enumerate(batches)
            )
            answered = (
                (position, map(_completed, batch, answers))
                for (position, batch), answers in spread.over(complete_articles, numbered)
            )
            yield from itertools.chain.from_iterable(in_order(answered))


def _batched(pieces: Iterable[Piece[Content]]) -> Iterator[list[Piece[Content]]]:
    """Yield pieces by a few; where a batch ends is decided by names, so that it stays the same."""
    batch: list[Piece[Content]] = []
    for piece in pieces:
        batch.append(piece)
        mark = zlib.crc32(piece.where.encode("utf-8", "replace"))
        if mark % _FEW == 0 or len(batch) == 2 * _FEW:
            yield batch
            batch = []
    if batch:
        yield batch


def _completed(piece: Piece[Content], answer: Answer) -> Settled:
    """Return a piece as a worker has completed it."""
    return _with(piece, None if isinstance(piece.content, Refused) else answer)


def _hold_a_page(batch: Iterable[Piece[Content]]) -> bool:
    return any(isinstance(piece.content, Page) for piece in batch)


def _with(piece: Piece[Any], answer: Answer | None) -> Settled:
    """Return a piece with an answer of a worker in it; without one it stays as it is."""
    if answer is None:
        return piece
    if isinstance(answer, str):
        return replace(piece, content=Refused(piece.where, answer))
    return replace(piece, content=replace(decode(answer), origin=piece.origin))
