"""Which documents are read together: those of one outlet that lie near each other.

The first articles of a paper are read with what the later ones speak of, so documents of one outlet
are read in one group. What is found in a document hangs on its group alone: groups may be read in
any order, by any process, and kept.

Groups end where the texts themselves say so, not after a fixed count. So where an article is added,
changed or taken away, the groups of the others stay what they were, but for those beside it.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from geomap.model import Document

__all__ = ["Group", "grouped", "groups", "in_order"]

T = TypeVar("T")
Group = tuple[tuple[int, Document], ...]
"""Documents that are read together, each with its position in the stream."""

_OF_ONE_OUTLET = (32, 128)
"""How many articles of an outlet are in a group at least, where there are so many, and at most: a
group is held in memory with its parses."""
_OF_NONE = (8, 32)
"""The same of articles without an outlet."""
_TOGETHER = 32
"""How many articles make a group, of several outlets where one has few; the parser likes many."""
_WINDOW = 1024
"""After how many articles all groups end, on average."""
_FARTHEST = 2048
"""After how many they end in any case: what waits stays bounded."""


def groups(documents: Iterable[tuple[int, Document]]) -> Iterator[Group]:
    """Yield the groups as soon as each is whole.

    Parameters
    ----------
    documents
        The documents with their positions, which rise.
    """
    held: dict[str | None, list[tuple[int, Document]]] = {}
    count = 0
    for position, document in documents:
        own = held.setdefault(document.source, [])
        own.append((position, document))
        count += 1
        mark = _mark(document.text)
        least, most = _OF_NONE if document.source is None else _OF_ONE_OUTLET
        if mark % _WINDOW == 0 or count >= _FARTHEST:
            yield from _packed(held.values())
            held, count = {}, 0
        elif len(own) >= least and (mark % least == 0 or len(own) == most):
            yield tuple(held.pop(document.source))
    yield from _packed(held.values())


def grouped(
    documents: Iterable[Document], read: Callable[[Sequence[Document]], Sequence[T]]
) -> Iterator[T]:
    """Yield what a function makes of documents, group by group, in the order of the documents."""
    yield from in_order(
        (position, answer)
        for group in groups(enumerate(documents))
        for (position, _), answer in zip(group, read([d for _, d in group]), strict=True)
    )


def in_order(answers: Iterable[tuple[int, T]]) -> Iterator[T]:
    """Yield what comes with positions 0, 1, 2, ... in their order."""
    waiting: dict[int, T] = {}
    following = 0
    for position, answer in answers:
        waiting[position] = answer
        while following in waiting:
            yield waiting.pop(following)
            following += 1


def _packed(outlets: Iterable[list[tuple[int, Document]]]) -> Iterator[Group]:
    """Yield the documents of outlets, small outlets together."""
    pack: list[tuple[int, Document]] = []
    for own in outlets:
        pack += own
        if len(pack) >= _TOGETHER:
            yield tuple(pack)
            pack = []
    if pack:
        yield tuple(pack)


def _mark(text: str) -> int:
    """Return a number that a text's own characters decide, as a die would."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(digest)
