"""Batches spread over workers: bounded, in whatever order they are done, and none is lost.

A batch that fails is done again item by item. So the item that kills or stalls a worker is known;
the others are done together once more, as if it had not been there.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from geomap.clock import Clock
from geomap.engine.kept import Kept
from geomap.engine.tasks import Answer, Work
from geomap.engine.workers import Failed, Result, Task, Workers

__all__ = ["Spread"]

_LEAST_SECONDS = 120.0
_SECONDS_AN_ITEM = 30.0


@dataclass(slots=True, eq=False)
class _Lane:
    """The batches of one call, of which some are done."""

    work: Work
    under_way: int = 0
    done: "deque[tuple[Any, list[Answer]]]" = field(default_factory=deque)

    def take(self) -> "Iterator[tuple[Any, list[Answer]]]":
        """Yield what is done."""
        while self.done:
            yield self.done.popleft()


@dataclass(slots=True, eq=False)
class _Batch:
    """A batch; after it failed, the results for each item alone, by the item's place."""

    tag: Any
    items: Sequence[Any]
    lane: _Lane
    waited_for: int = 0
    alone: dict[int, Result] = field(default_factory=dict)
    again: list[int] | None = None


class Spread:
    """Spreads batches over workers.

    Parameters
    ----------
    workers
        Who does the work.
    kept
        Where answers are found that were given before, and kept.
    patience
        A factor for how long a batch may take: two minutes, and half a minute an item.

    clock
        Is told how long one has to ``wait`` for workers.

    Attributes
    ----------
    seconds
        How many seconds the stages of the work took, in all processes together.
    done, kept
        How many items were given to the workers, and for how many the answer was kept, by the work.
    """

    def __init__(
        self,
        workers: Workers,
        kept: Kept | None = None,
        *,
        patience: float = 1.0,
        clock: Clock | None = None,
    ) -> None:
        self._workers = workers
        self._kept = kept
        self._clock = clock or Clock()
        self.seconds: Counter[str] = Counter()
        self.done: Counter[Work] = Counter()
        self.kept: Counter[Work] = Counter()
        self._patience = patience
        self._batches: dict[Task, tuple[_Batch, int | None]] = {}

    def over(
        self, work: Work, batches: Iterable[tuple[Any, Sequence[Any]]]
    ) -> Iterator[tuple[Any, list[Answer]]]:
        """Yield the answers to the items of batches, as soon as a batch is done.

        Parameters
        ----------
        work
            What is done with the items of a batch.
        batches
            The batches, each with a tag that comes back with the answers. They are taken as there
            are hands for them; they may come of another call of this method.
        """
        lane = _Lane(work)
        for tag, items in batches:
            self._begin(_Batch(tag, items, lane))
            while lane.under_way >= self._workers.width:
                self._settle()
            yield from lane.take()
        while lane.under_way:
            self._settle()
            yield from lane.take()

    def _begin(self, batch: _Batch) -> None:
        """Let a batch be done, if it was not before."""
        batch.lane.under_way += 1
        answers = self._kept.find(batch.lane.work, batch.items) if self._kept else None
        counts = self.done if answers is None else self.kept
        counts[batch.lane.work] += len(batch.items)
        if answers is None:
            self._submit(batch, batch.items)
        else:
            self._finish(batch, answers)

    def _submit(self, batch: _Batch, items: Sequence[Any], place: int | None = None) -> None:
        """Let some items of a batch be done, or the one in some place alone."""
        seconds = self._patience * (_LEAST_SECONDS + _SECONDS_AN_ITEM * len(items))
        task = Task(batch.lane.work, items, seconds)
        batch.waited_for += 1
        self._batches[task] = batch, place
        self._workers.submit(task)

    def _settle(self) -> None:
        """Wait until a task is done, and do what follows of it."""
        with self._clock.stage("wait"):
            results = self._workers.done()
        for one in results:
            task, result = one.task, one.result
            self.seconds.update(one.seconds)
            batch, place = self._batches.pop(task)
            batch.waited_for -= 1
            if not isinstance(result, Failed) and len(task.items) == len(batch.items):
                if self._kept:
                    self._kept.keep(task.work, task.items, result)
                self._finish(batch, result)
            elif isinstance(result, Failed) and len(batch.items) == 1:
                self._finish(batch, [result.reason])
            elif batch.again is not None:
                self._finish(batch, _merged(batch, result))
            elif place is not None:
                batch.alone[place] = result
                if not batch.waited_for:
                    self._without_the_failed(batch)
            else:
                for at, item in enumerate(batch.items):
                    self._submit(batch, [item], at)

    def _without_the_failed(self, batch: _Batch) -> None:
        """Do the items together that can be done alone, if others cannot."""
        batch.again = [i for i in range(len(batch.items)) if not isinstance(batch.alone[i], Failed)]
        if 1 < len(batch.again) < len(batch.items):
            self._submit(batch, [batch.items[i] for i in batch.again])
        else:
            self._finish(batch, _merged(batch, Failed("")))

    def _finish(self, batch: _Batch, answers: list[Answer]) -> None:
        batch.lane.under_way -= 1
        batch.lane.done.append((batch.tag, answers))


def _merged(batch: _Batch, together: Result) -> list[Answer]:
    """Return the answers to the items: those given together, where there are such."""
    answers: dict[int, Answer] = {}
    for place, result in batch.alone.items():
        answers[place] = result.reason if isinstance(result, Failed) else result[0]
    if not isinstance(together, Failed):
        answers |= zip(batch.again or (), together, strict=True)
    return [answers[place] for place in range(len(batch.items))]
