"""How long each stage of a run takes."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

__all__ = ["Clock"]

T = TypeVar("T")


class Clock:
    """Seconds by stage; a stage within another stops the outer one, so that the sum is the whole.

    Attributes
    ----------
    seconds
        The seconds by the name of the stage.
    """

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._stages: list[str] = []
        self._since = time.perf_counter()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time of a block to a stage."""
        self._turn()
        self._stages.append(name)
        try:
            yield
        finally:
            self._turn()
            self._stages.pop()

    def over(self, name: str, items: Iterable[T]) -> Iterator[T]:
        """Yield items as they are, and count the time they take to come to a stage."""
        rest = iter(items)
        while True:
            with self.stage(name):
                try:
                    item = next(rest)
                except StopIteration:
                    return
            yield item

    def _turn(self) -> None:
        """Count the time since the last turn to the stage under way."""
        now = time.perf_counter()
        if self._stages:
            self.seconds[self._stages[-1]] += now - self._since  # type: ignore[assignment]
        self._since = now
