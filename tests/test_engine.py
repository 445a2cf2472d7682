"""Articles read in groups by several processes: the same answers, and none lost."""

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import works
from samples import make_document

from geomap.config import Config
from geomap.engine import Extraction, extraction
from geomap.engine.pool import Pool
from geomap.engine.spread import Spread
from geomap.engine.tasks import Answer
from geomap.engine.workers import Here, Workers
from geomap.errors import ConfigError, GazetteerError
from geomap.groups import groups, in_order
from geomap.jsonline import decode, encode
from geomap.model import Document


def corpus(count: int, outlets: int = 0, seed: int = 1) -> list[tuple[int, Document]]:
    """Return documents with positions, of so many outlets or of none."""
    draw = random.Random(seed)
    return [
        (n, Document(str(n), str(draw.random()), source=f"Post {n % outlets}" if outlets else None))
        for n in range(count)
    ]


class TestGroups:
    @pytest.mark.parametrize("outlets", [0, 1, 3, 400])
    def test_each_document_is_in_one_group_of_a_bounded_size(self, outlets: int) -> None:
        documents = corpus(5000, outlets)
        found = list(groups(documents))
        assert sorted(item for group in found for item in group) == documents
        assert max(map(len, found)) <= (32 if not outlets else 128 + 31)
        assert len(found) < 5000 / 8

    def test_documents_of_an_outlet_are_together(self) -> None:
        first, second, third = groups(corpus(90, 30))
        outlets = [{document.source for _, document in group} for group in (first, second, third)]
        assert len(set.union(*outlets)) == sum(map(len, outlets)) == 30

    @pytest.mark.parametrize("outlets", [0, 7])
    def test_a_new_article_changes_the_groups_beside_it_alone(self, outlets: int) -> None:
        documents = [document for _, document in corpus(6000, outlets)]
        added = [*documents[:3000], Document("new", "new", source=documents[0].source)]
        added += documents[3000:]
        before, after = (
            {tuple(d.id for _, d in group) for group in groups(enumerate(stream))}
            for stream in (documents, added)
        )
        assert len(before - after) <= 4 + 2 * outlets

    def test_what_waits_is_bounded(self) -> None:
        taken = 0

        def stream() -> Iterator[tuple[int, Document]]:
            nonlocal taken
            for pair in corpus(10_000, 9000):
                taken += 1
                yield pair

        next(groups(stream()))
        assert taken <= 2048

    def test_answers_come_in_order(self) -> None:
        answers = [(n, str(n)) for n in (3, 1, 0, 2, 5, 4)]
        assert list(in_order(answers)) == list("012345")


def test_a_document_survives_as_a_line() -> None:
    for document in (make_document(), Document("a", 'a lone \ud800 and "\\ud800"\n')):
        assert decode(encode(document)) == document
        assert encode(decode(encode(document))) == encode(document)


@pytest.fixture(params=["here", "pool"])
def workers(request: pytest.FixtureRequest) -> Iterator[Workers]:
    """Give this process, or two others."""
    chosen = Here(Config()) if request.param == "here" else Pool(Config(), 2, works.nothing)
    with closing(chosen):
        yield chosen


@pytest.fixture
def pool() -> Iterator[Pool]:
    """Give two processes."""
    with closing(Pool(Config(), 2, works.nothing)) as two:
        yield two


def spread(
    workers: Workers, batches: Sequence[Sequence[str]], work: Any = works.told, patience: float = 1
) -> list[list[Answer]]:
    """Return the answers to batches in their order."""
    spreader = Spread(workers, patience=patience)
    return list(in_order(spreader.over(work, enumerate(batches))))


class TestSpread:
    def test_every_item_is_answered(self, workers: Workers) -> None:
        batches = [[f"{n}.{k}" for k in range(n % 4 + 1)] for n in range(50)]
        expected = [[f"{item} of {len(b)}".encode() for item in b] for b in batches]
        assert spread(workers, batches) == expected

    def test_one_error_costs_one_item(self, workers: Workers) -> None:
        answers = spread(workers, [["a", "b"], ["c", "SPOIL", "d"], ["e"]])
        assert answers[0] == [b"a of 2", b"b of 2"]
        failed = "reading it failed (ValueError: spoiled)"
        assert answers[1:] == [[b"c of 2", failed, b"d of 2"], [b"e of 1"]]

    def test_an_error_of_all_ends_it(self, workers: Workers) -> None:
        with pytest.raises(GazetteerError, match="damaged"):
            spread(workers, [["a"], ["STOP"]])

    def test_batches_are_taken_as_there_are_hands(self, workers: Workers) -> None:
        taken = 0

        def batches() -> Iterator[tuple[int, list[str]]]:
            nonlocal taken
            for taken in range(100):
                yield taken, ["a"]

        for done, _ in enumerate(Spread(workers).over(works.told, batches()), 1):
            assert taken - done <= workers.width

    def test_a_batch_that_kills_costs_the_item_that_did(self, pool: Pool) -> None:
        batches = [[str(n)] for n in range(10)]
        batches[3:3] = [["x", "KILL", "y", "KILL"], ["KILL"]]
        answers = spread(pool, batches)
        killed = "reading it ended the process (SIGKILL)"
        assert answers[3:5] == [[b"x of 2", killed, b"y of 2", killed], [killed]]
        assert [a for a in answers if killed not in a] == [
            [f"{n} of 1".encode()] for n in range(10)
        ]

    def test_a_batch_that_stalls_costs_the_item_that_did(self, pool: Pool) -> None:
        started = time.monotonic()
        answers = spread(pool, [["a", "STALL"], ["b"]], patience=0.005)
        assert answers == [[b"a of 1", "reading it took longer than 1 seconds"], [b"b of 1"]]
        assert time.monotonic() - started < 30

    def test_a_batch_that_is_too_much_is_done_one_by_one(self, pool: Pool) -> None:
        assert spread(pool, [["a", "b"]], works.crowded) == [[b"a of 1", b"b of 1"]]

    def test_large_tasks_and_answers_do_not_block(self, pool: Pool) -> None:
        answers = spread(pool, [["y" * 1_000_000]] * 12, works.big)
        assert {len(answer) for (answer,) in answers} == {1_000_000}


class TestPool:
    def test_a_worker_that_is_killed_from_outside_is_replaced(self, pool: Pool) -> None:
        victim = int(pool.identity()["process"])
        os.kill(victim, signal.SIGKILL)
        assert spread(pool, [[str(n)] for n in range(20)])[-1] == [b"19 of 1"]

    @pytest.mark.parametrize(
        ("load", "said"),
        [
            (works.never, r"before it could begin \(status 7\)"),
            (works.wrong, "there is none"),
        ],
    )
    def test_what_cannot_begin_is_said(self, load: Any, said: str) -> None:
        said = r"before it could begin \(status 7\)"
        with (
            closing(Pool(Config(), 2, works.never)) as pool,
            pytest.raises(ConfigError, match=said),
        ):
            pool.identity()
        said = "there is none"
        with (
            closing(Pool(Config(), 2, works.wrong)) as pool,
            pytest.raises(ConfigError, match=said),
        ):
            pool.identity()

    def test_processes_end_with_the_pool(self, pool: Pool) -> None:
        spread(pool, [["a"]])
        running = multiprocessing.active_children()
        assert len(running) >= 2
        pool.close()
        assert not any(process.is_alive() for process in running)

    @pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs Linux")
    def test_processes_end_with_the_one_that_started_them(self) -> None:
        code = (
            "import os, signal, works\n"
            "from geomap.config import Config\n"
            "from geomap.engine.pool import Pool\n"
            "if __name__ == '__main__':\n"
            "    pool = Pool(Config(), 1, works.nothing)\n"
            "    print(pool.identity()['process'], flush=True)\n"
            "    os.kill(os.getpid(), signal.SIGKILL)\n"
        )
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, env=environment
        )
        worker = Path(f"/proc/{int(done.stdout)}")
        for _ in range(100):
            if not worker.exists():
                break
            time.sleep(0.1)
        assert not worker.exists()


@pytest.mark.model
class TestExtraction:
    @pytest.fixture
    def inputs(self, tmp_path: Path) -> Path:
        """Write articles of several kinds; all are invented."""
        folder = tmp_path / "articles"
        folder.mkdir()
        for n in range(12):
            text = f"Border guards clashed near Tirin Kot on {n + 1} May 2031. Nobody was hurt."
            (folder / f"{n:02}.txt").write_text(text, encoding="utf-8")
            page = f"<html><body><article><p>{text} </p><p>{text}</p></article></body></html>"
            (folder / f"{n:02}-page.html").write_text(page, encoding="utf-8")
        (folder / "05-empty.txt").write_text("")
        return folder

    def test_two_processes_give_the_bytes_of_one(self, inputs: Path) -> None:
        told = []
        for workers in (1, 2):
            with Extraction([inputs], Config(workers=workers)) as run:
                lines = [encode(document) for document in run.documents()]
            assert len(lines) == 24
            assert run.reader.accepted == 24
            told.append((lines, run.reader.files, run.reader.refused, run.identity))
        assert told[0] == told[1]
        assert [refused.name for refused in told[0][2]] == ["05-empty.txt"]
        assert run.count() == 25

    def test_what_kills_is_refused_by_name_in_its_place(
        self, inputs: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (inputs / "03-bad.txt").write_text("KILL the process, said nobody.", encoding="utf-8")
        bad = "<html><body><p>KILL</p></body></html>"
        (inputs / "07-bad.html").write_text(bad, encoding="utf-8")
        monkeypatch.setattr(extraction, "read_documents", works.read_traps)
        monkeypatch.setattr(extraction, "complete_articles", works.complete_traps)
        with Extraction([inputs], Config(workers=2)) as run:
            assert len(list(run.documents())) == 24
        killed = "reading it ended the process (SIGKILL)"
        assert [(r.name, r.reason) for r in run.reader.refused] == [
            ("03-bad.txt", killed),
            ("05-empty.txt", "it is empty"),
            ("07-bad.html", killed),
        ]
