"""Many machines: a real Dask cluster on this one, on the loopback interface, equals one process."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from geomap.config import Config
from geomap.engine import Extraction
from geomap.errors import ConfigError
from geomap.jsonline import encode

distributed = pytest.importorskip("distributed")
pytestmark = [pytest.mark.model, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write invented articles, of which several tell of one happening."""
    path = tmp_path_factory.mktemp("articles") / "corpus.jsonl"
    towns = ("Tirin Kot", "Kandahar", "Herat")
    rows = [
        {
            "id": str(n),
            "text": f"Taliban fighters attacked soldiers in {towns[n % 3]} on {n % 5 + 1} May 2031."
            f" Report {n}: Afghan troops shelled {towns[n % 2]} a day later, the governor said.",
            "source": f"Example Post {n % 4}" if n % 2 else None,
            "published": "2031-05-07",
        }
        for n in range(150)
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Start a scheduler and three workers."""
    with distributed.LocalCluster(
        n_workers=3,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
    ) as started:
        yield started


def lines(corpus: Path, config: Config, **more: Any) -> list[bytes]:
    with Extraction([corpus], config) as run:
        return [encode(document) for document in run.documents(**more)]


@pytest.fixture(scope="module")
def alone(corpus: Path) -> list[bytes]:
    """Read the articles in this process."""
    return lines(corpus, Config())


def test_a_cluster_gives_the_bytes_of_one_process(
    corpus: Path, cluster: Any, alone: list[bytes]
) -> None:
    config = Config(engine="dask", scheduler=cluster.scheduler_address)
    assert lines(corpus, config) == alone
    clusters = [e["cluster_id"] for line in alone for e in json.loads(line)["events"]]
    assert 2 * len(set(clusters)) < len(clusters) > 200


def test_a_worker_that_is_killed_costs_nothing(
    corpus: Path, cluster: Any, alone: list[bytes]
) -> None:
    victims = [worker.pid for worker in cluster.workers.values()][:1]

    def kill(count: int) -> None:
        while victims:
            os.kill(victims.pop(), signal.SIGKILL)

    config = Config(engine="dask", scheduler=cluster.scheduler_address)
    assert lines(corpus, config, more=kill) == alone
    assert victims == []


def test_workers_with_several_threads_are_refused(corpus: Path) -> None:
    with distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=2,
        processes=False,
        protocol="tcp://",
        host="127.0.0.1",
        dashboard_address=None,
    ) as started:
        config = Config(engine="dask", scheduler=started.scheduler_address)
        with pytest.raises(ConfigError, match="has 2 threads"):
            lines(corpus, config)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"engine": "spark"}, "give local or dask"),
        ({"engine": "dask"}, "no address of a Dask scheduler"),
        ({"engine": "dask", "scheduler": "http://a:1"}, "no address of a Dask scheduler"),
        ({"scheduler": "tcp://127.0.0.1:1"}, "give --engine dask too"),
    ],
)
def test_wrong_options_are_said(options: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        Config(**options)  # type: ignore[arg-type]


def test_a_scheduler_that_is_not_there_is_said(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geomap.engine.cluster._SECONDS_TO_ANSWER", 1)
    with pytest.raises(ConfigError, match="does not answer"):
        lines(corpus, Config(engine="dask", scheduler="tcp://127.0.0.1:9"))
