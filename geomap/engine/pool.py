"""Worker processes on this machine.

Each has a pipe of its own, so that one which is killed while it writes spoils nothing for the
others, and each is known by the task it has in hand, so that a task which kills or stalls it is
known too. Processes are forked from a server that has one thread and the modules loaded: as warm
as a fork of this process, without the locks that a fork of a process with threads may inherit.
"""

import contextlib
import functools
import multiprocessing
import os
import queue
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from typing import Any

from geomap.config import Config
from geomap.engine.tasks import identity_of
from geomap.engine.workers import Done, Failed, Task, attempt
from geomap.errors import ConfigError, GeomapError
from geomap.quick import one_thread

__all__ = ["Pool"]

Load = Callable[[Config], Mapping[str, Any]]

_AHEAD = 2
"""How many tasks a worker has at hand, so that it never waits for the next."""
_STARTING = 600.0
"""How many seconds a worker may take to load model and gazetteer."""
_ENDING = 5.0


@dataclass(slots=True, eq=False)
class _Worker:
    """A process with its pipe, the tasks it was given, and since when it has the first in hand."""

    process: BaseProcess
    pipe: Connection
    tasks: deque[Task] = field(default_factory=deque)
    since: float = field(default_factory=time.monotonic)
    ready: bool = False

    def left(self) -> float | None:
        """Return for how many seconds one may still wait for it; None for ever."""
        if self.ready and not self.tasks:
            return None
        allowed = self.tasks[0].seconds if self.ready else _STARTING
        return max(0.0, self.since + allowed - time.monotonic())


class Pool:
    """Processes that do tasks.

    Parameters
    ----------
    config
        The options of the work.
    count
        How many processes.
    load
        What each does first; it returns what model and gazetteer are.
    """

    def __init__(self, config: Config, count: int, load: Load = identity_of) -> None:
        self._config = config
        self._load = load
        self._identity: Mapping[str, Any] | None = None
        self._waiting: deque[Task] = deque()
        self._workers = [self._start() for _ in range(count)]

    @property
    def width(self) -> int:
        """How many tasks keep everybody busy."""
        return _AHEAD * len(self._workers)

    def identity(self) -> Mapping[str, Any]:
        """Return what model and gazetteer are, after a worker has loaded them.

        Raises
        ------
        GeomapError
            If it could not.
        """
        while self._identity is None:
            self._listen()
        return self._identity

    def submit(self, task: Task) -> None:
        """Take a task."""
        self._waiting.append(task)
        self._feed()

    def done(self) -> list[Done]:
        """Wait until a task is done, or its worker is lost, and return all that are."""
        while True:
            self._feed()
            if found := self._listen():
                return found

    def close(self) -> None:
        """End the processes."""
        for worker in self._workers:
            worker.pipe.close()  # a worker ends with its pipe
            worker.process.terminate()
        for worker in self._workers:
            _end(worker.process)
        self._workers = []

    def _start(self) -> _Worker:
        ours, theirs = multiprocessing.Pipe()
        process = _context().Process(
            target=_serve, args=(theirs, self._config, self._load), daemon=True
        )
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def _feed(self) -> None:
        """Give tasks that wait to the workers with the fewest."""
        while self._waiting:
            worker = min(self._workers, key=lambda worker: len(worker.tasks))
            if len(worker.tasks) >= _AHEAD:
                return
            task = self._waiting.popleft()
            if not worker.tasks and worker.ready:
                worker.since = time.monotonic()
            worker.tasks.append(task)
            with contextlib.suppress(OSError):  # it is dead; that is seen when it is listened to
                worker.pipe.send((task.work, task.items))

    def _listen(self) -> list[Done]:
        """Wait until a worker says something, ends or is overdue; return the tasks done by that."""
        waits = [left for worker in self._workers if (left := worker.left()) is not None]
        heard = wait([worker.pipe for worker in self._workers], min(waits, default=None))
        found: list[Done] = []
        for worker in list(self._workers):
            if worker.pipe in heard:
                found += self._hear(worker)
            elif worker.left() == 0.0:
                found += self._lost(worker, overdue=True)
        return found

    def _hear(self, worker: _Worker) -> list[Done]:
        try:
            message = worker.pipe.recv()
        except (EOFError, OSError):
            return self._lost(worker)
        if isinstance(message, GeomapError):
            raise message
        worker.since = time.monotonic()
        if not worker.ready:
            worker.ready, self._identity = True, message
            return []
        return [Done(worker.tasks.popleft(), *message)]

    def _lost(self, worker: _Worker, *, overdue: bool = False) -> list[Done]:
        """Put another in the place of a worker; what it had in hand has failed."""
        _end(worker.process, kill=overdue)
        worker.pipe.close()
        if not worker.ready:
            raise ConfigError(
                f"workers: a process ended before it could begin (status "
                f"{worker.process.exitcode}), as if memory was short; give fewer with --workers"
            )
        self._workers[self._workers.index(worker)] = self._start()
        if not worker.tasks:
            return []
        task = worker.tasks.popleft()
        self._waiting.extendleft(reversed(worker.tasks))
        if overdue:
            return [Done(task, Failed(f"reading it took longer than {task.seconds:.0f} seconds"))]
        return [Done(task, Failed(f"reading it ended the process ({_how(worker.process)})"))]


def _end(process: BaseProcess, *, kill: bool = False) -> None:
    """Wait for the end of a process, and bring it about if it does not come."""
    if not kill:
        process.join(_ENDING)
    if process.is_alive():
        process.kill()
        process.join()


def _how(process: BaseProcess) -> str:
    """Tell how a process ended."""
    code = process.exitcode or 0
    with contextlib.suppress(ValueError):
        if code < 0:
            return signal.Signals(-code).name
    return f"status {code}"


@functools.cache
def _context() -> ForkServerContext | SpawnContext:
    """Return how processes are started: the same way for all."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def _serve(pipe: Connection, config: Config, load: Load) -> None:
    """Do the tasks that come through a pipe until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process decides
    one_thread()
    tasks: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(pipe, tasks), daemon=True).start()
    try:
        pipe.send(load(config))
        while True:
            work, items = tasks.get()
            pipe.send(attempt(config, work, items))
    except GeomapError as error:
        pipe.send(error)
    except OSError:  # nobody listens any more
        pass


def _receive(pipe: Connection, tasks: "queue.SimpleQueue[Any]") -> None:
    """Take tasks as they come, so that who sends never waits; end with the one who sends."""
    while True:
        try:
            tasks.put(pipe.recv())
        except (EOFError, OSError):
            os._exit(0)
