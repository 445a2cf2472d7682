"""Workers on many machines: those of a Dask scheduler.

The first process stays what it is with processes of its own: it reads the files, puts the answers
in order, links and writes. Dask sends groups of articles to its workers, and sends those again that
a lost worker had.
"""

import time
from collections.abc import Mapping
from typing import Any

from geomap.config import Config
from geomap.engine.kept import program
from geomap.engine.tasks import identity_of
from geomap.engine.workers import Done, Failed, Task, attempt
from geomap.errors import ConfigError
from geomap.extras import needed

__all__ = ["Cluster"]

_AHEAD = 3
"""How many tasks a worker has at hand, so that it never waits for the next."""
_SECONDS_TO_ANSWER = 30
_SECONDS_FOR_WORKERS = 120
_ASK_AGAIN = 10.0


class Cluster:
    """The workers of a Dask scheduler.

    Parameters
    ----------
    config
        The options of the work.
    address
        Of the scheduler, as ``tcp://host:8786``.

    Raises
    ------
    ConfigError
        If Dask is not installed, the scheduler does not answer, or it has no workers of one thread.
    """

    def __init__(self, config: Config, address: str) -> None:
        distributed = needed("distributed", "dask", ConfigError)
        self._config = config
        self._address = address
        try:
            self._client = distributed.Client(
                address, timeout=_SECONDS_TO_ANSWER, set_as_default=False
            )
        except (OSError, ValueError) as error:
            raise ConfigError(
                f"scheduler: {address} does not answer ({_first_line(error)}); start one with: "
                "dask scheduler"
            ) from None
        self._killed = distributed.KilledWorker
        self._done = distributed.as_completed(loop=self._client.loop)
        self._tasks: dict[Any, Task] = {}
        self._asked, self._count = -_ASK_AGAIN, 0
        self._check_workers()

    @property
    def width(self) -> int:
        """How many tasks keep everybody busy; workers may come and go."""
        now = time.monotonic()
        if now > self._asked + _ASK_AGAIN:
            self._asked, self._count = now, len(self._workers())
        return _AHEAD * max(1, self._count)

    def identity(self) -> Mapping[str, Any]:
        """Return what model and gazetteer are, the same for all workers.

        Raises
        ------
        ConfigError
            If a worker has another program, model or gazetteer than this process.
        """
        ours = (program(), identity_of(self._config))
        futures = {
            name: self._client.submit(_made_by, self._config, workers=[name], pure=False)
            for name in self._workers()
        }
        for name, future in futures.items():
            if future.result() != ours:
                raise ConfigError(
                    f"scheduler: the worker {name} has another version, model or gazetteer than "
                    "this machine; install the same on both"
                )
        return ours[1]

    def submit(self, task: Task) -> None:
        """Take a task."""
        future = self._client.submit(attempt, self._config, task.work, task.items, pure=False)
        self._tasks[future] = task
        self._done.add(future)

    def done(self) -> list[Done]:
        """Wait until a task is done, and return all that are."""
        results = []
        for future in self._done.next_batch():
            task = self._tasks.pop(future)
            try:
                results.append(Done(task, *future.result()))
            except self._killed:
                results.append(Done(task, Failed("reading it ended the process of every worker")))
        return results

    def close(self) -> None:
        """Leave the scheduler; tasks that are not done are given up."""
        self._client.cancel(list(self._tasks))
        self._client.close()

    def _workers(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._client.scheduler_info(n_workers=-1)["workers"]
        return found

    def _check_workers(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=_SECONDS_FOR_WORKERS)
        except TimeoutError:
            raise ConfigError(
                f"scheduler: {self._address} has no workers; start some with: "
                f"dask worker {self._address} --nthreads 1"
            ) from None
        for name, about in self._workers().items():
            if about["nthreads"] != 1:
                raise ConfigError(
                    f"scheduler: the worker {name} has {about['nthreads']} threads, and the "
                    "language model works in one; start workers with --nthreads 1"
                )


def _made_by(config: Config) -> tuple[str, Mapping[str, Any]]:
    """Return what the answers of a process are made by."""
    return program(), identity_of(config)


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
