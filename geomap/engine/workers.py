"""Those who do tasks: what all of them offer, and the simplest one, this process itself."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from geomap.clock import Clock
from geomap.config import Config
from geomap.engine.tasks import Answer, Work, identity_of
from geomap.errors import GeomapError

__all__ = ["Done", "Failed", "Here", "Result", "Task", "Workers", "attempt"]


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """Some work on some items.

    Parameters
    ----------
    work
        A function of :mod:`geomap.engine.tasks`.
    items
        What it is given.
    seconds
        How long it may take at most; whoever cannot stop a task need not keep to it.
    """

    work: Work
    items: Sequence[Any]
    seconds: float


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a task gave no answers."""

    reason: str


Result = list[Answer] | Failed


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a task, and how many seconds its stages took."""

    task: Task
    result: Result
    seconds: Mapping[str, float] = field(default_factory=dict)


class Workers(Protocol):
    """Those who do tasks, several at once."""

    @property
    def width(self) -> int:
        """How many tasks keep everybody busy."""

    def identity(self) -> Mapping[str, Any]:
        """Return what model and gazetteer are, after both were loaded."""

    def submit(self, task: Task) -> None:
        """Take a task."""

    def done(self) -> list[Done]:
        """Wait until a task that was taken is done, and return it and all others that are."""

    def close(self) -> None:
        """End; tasks that are not done are given up."""


def attempt(config: Config, work: Work, items: Sequence[Any]) -> tuple[Result, Mapping[str, float]]:
    """Do some work; an error that geomap does not raise on purpose becomes a reason.

    Raises
    ------
    GeomapError
        If the work cannot be done for any item: a model or a gazetteer is missing or wrong.
    """
    clock = Clock()
    try:
        return work(config, items, clock), dict(clock.seconds)
    except GeomapError:
        raise
    except Exception as error:  # noqa: BLE001  # one document must not end a run of a million
        said = str(error).splitlines()[0] if str(error) else "no message"
        return Failed(f"reading it failed ({type(error).__name__}: {said})"), dict(clock.seconds)


class Here:
    """The tasks are done by this process, one after the other.

    Parameters
    ----------
    config
        The options of the work.
    """

    width = 1

    def __init__(self, config: Config) -> None:
        self._config = config
        self._waiting: deque[Task] = deque()

    def identity(self) -> Mapping[str, Any]:
        """Return what model and gazetteer are."""
        return identity_of(self._config)

    def submit(self, task: Task) -> None:
        """Take a task."""
        self._waiting.append(task)

    def done(self) -> list[Done]:
        """Do the first task that waits."""
        task = self._waiting.popleft()
        return [Done(task, *attempt(self._config, task.work, task.items))]

    def close(self) -> None:
        """Give up what waits."""
        self._waiting.clear()
