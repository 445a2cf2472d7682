"""What a run folder keeps: nothing is read twice, and nothing old is taken for new."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import works

from geomap.clock import Clock
from geomap.config import Config
from geomap.engine import Extraction, tasks
from geomap.engine.kept import FOLDER, Kept
from geomap.engine.pool import Pool
from geomap.engine.spread import Spread
from geomap.engine.workers import Here
from geomap.errors import ExportError
from geomap.model import Document


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    """Open a run folder."""
    with closing(opened(tmp_path)) as one:
        yield one


def opened(folder: Path, identity: str = "a", **options: str) -> Kept:
    kept = Kept(folder, Config(**options))  # type: ignore[arg-type]
    kept.made_by({"model": identity})
    return kept


def count(folder: Path) -> int:
    with closing(sqlite3.connect(folder / FOLDER / "kept.sqlite")) as database:
        (number,) = database.execute("SELECT count(*) FROM answers").fetchone()
    return int(number)


class TestKept:
    def test_answers_come_back(self, kept: Kept) -> None:
        items = [Document("a", "text \ud800"), Document("b", "b")]
        assert kept.find(works.told, items) is None
        kept.keep(works.told, items, [b"\x00line", "refused for \u00e9"])
        assert kept.find(works.told, items) == [b"\x00line", "refused for \u00e9"]

    def test_whatever_changes_is_asked_for_again(self, tmp_path: Path) -> None:
        items = [Document("a", "text")]
        with closing(opened(tmp_path)) as kept:
            kept.keep(works.told, items, [b"1"])
            assert kept.find(works.big, items) is None
            assert kept.find(works.told, [Document("a", "text", source="b")]) is None
            assert kept.find(works.told, items * 2) is None
        with closing(opened(tmp_path, "b")) as other:
            assert other.find(works.told, items) is None
        with closing(opened(tmp_path, country="AF")) as other:
            assert other.find(works.told, items) is None
        with closing(opened(tmp_path)) as same:
            assert same.find(works.told, items) == [b"1"]

    def test_what_a_whole_run_did_not_use_is_dropped(self, tmp_path: Path) -> None:
        with closing(opened(tmp_path)) as kept:
            for name in "abc":
                kept.keep(works.told, [name], [b"1"])
            kept.forget_others()
        with closing(opened(tmp_path)) as kept:
            kept.find(works.told, ["a"])
            kept.keep(works.told, ["d"], [b"1"])
            kept.forget_others()
        assert count(tmp_path) == 2

    def test_one_run_at_a_time(self, kept: Kept, tmp_path: Path) -> None:
        with pytest.raises(ExportError, match="another run writes into this folder"):
            Kept(tmp_path, Config())

    def test_a_damaged_file_is_made_again(self, tmp_path: Path) -> None:
        (tmp_path / FOLDER).mkdir()
        (tmp_path / FOLDER / "kept.sqlite").write_bytes(b"no database" * 1000)
        with closing(opened(tmp_path)) as kept:
            assert kept.find(works.told, ["a"]) is None

    def test_what_a_killed_run_left_is_removed(self, tmp_path: Path) -> None:
        (tmp_path / ".geomap-abc").mkdir()
        opened(tmp_path).close()
        assert list(tmp_path.iterdir()) == []


class TestSpreadWithKept:
    def test_nothing_is_done_twice(self, kept: Kept) -> None:
        batches = [(n, [str(n), "x"]) for n in range(5)]
        first = dict(Spread(Here(Config()), kept).over(works.told, batches))
        # Nobody is there to do anything: all is kept.
        again = dict(Spread(Here(Config()), kept).over(works.told, batches))
        assert first == again
        here = Here(Config())
        spread = Spread(here, kept)
        changed = [*batches[:2], (2, ["new", "x"]), *batches[3:]]
        done = []
        here.submit = lambda task: done.append(task) or Here.submit(here, task)  # type: ignore
        assert dict(spread.over(works.told, changed))[2] == [b"new of 2", b"x of 2"]
        assert [list(task.items) for task in done] == [["new", "x"]]

    def test_a_failure_is_tried_again(self, kept: Kept, tmp_path: Path) -> None:
        with closing(Pool(Config(), 1, works.nothing)) as pool:
            for _ in range(2):
                spread = Spread(pool, kept)
                ((_, answers),) = spread.over(works.told, [(0, ["a", "KILL", "b"])])
                assert answers[::2] == [b"a of 2", b"b of 2"]
                assert isinstance(answers[1], str)


@pytest.mark.model
class TestRunFolder:
    @pytest.fixture
    def corpus(self, tmp_path: Path) -> Path:
        """Write invented articles."""
        path = tmp_path / "corpus.jsonl"
        rows = [
            {"id": str(n), "text": f"Troops shelled Tirin Kot on {n % 28 + 1} May 2031. {n} tents."}
            for n in range(120)
        ]
        path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        return path

    def test_only_what_changed_is_read_again(
        self, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        texts: list[str] = []

        def noted(config: Config, documents: list[Document], clock: Clock) -> list[tasks.Answer]:
            texts.extend(document.text for document in documents)
            return tasks.read_documents(config, documents, clock)

        noted.__name__ = "read_documents"
        monkeypatch.setattr("geomap.engine.extraction.read_documents", noted)

        def read() -> list[Document]:
            texts.clear()
            with Extraction([corpus], Config(), folder=tmp_path) as run:
                return list(run.documents())

        first = read()
        assert len(texts) == 120
        assert read() == first
        assert texts == []
        changed = corpus.read_text(encoding="utf-8").replace(" 60 tents", " sixty tents")
        corpus.write_text(changed, encoding="utf-8")
        again = read()
        assert 1 <= len(texts) <= 64
        assert [a for a, b in zip(again, first, strict=True) if a != b] == [again[60]]

    def test_a_killed_run_goes_on(self, corpus: Path, tmp_path: Path) -> None:
        def run(folder: Path) -> subprocess.Popen[bytes]:
            command = [sys.executable, "-m", "geomap", "map", str(corpus), "-q", "--workers", "2"]
            environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
            return subprocess.Popen(
                [*command, "-o", str(folder)], stdout=subprocess.DEVNULL, env=environment
            )

        alone, killed = tmp_path / "alone", tmp_path / "killed"
        assert run(alone).wait() == 0
        process = run(killed)
        log = killed / FOLDER / "kept.sqlite-wal"
        while not log.exists() or log.stat().st_size < 30_000:
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert [path.name for path in killed.iterdir()] == [FOLDER]
        assert run(killed).wait() == 0
        names = sorted(path.name for path in alone.iterdir())
        assert names == sorted(path.name for path in killed.iterdir())
        for name in names:
            if name not in {FOLDER, "timings.json"}:
                assert (alone / name).read_bytes() == (killed / name).read_bytes(), name
