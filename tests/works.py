"""Work for the processes of a test: some items kill, stall or spoil it."""

import os
import signal
import time
from collections.abc import Mapping, Sequence
from typing import Any

from geomap.clock import Clock
from geomap.config import Config
from geomap.engine.tasks import Answer, complete_articles, read_documents
from geomap.errors import ConfigError, GazetteerError
from geomap.model import Document


def nothing(config: Config) -> Mapping[str, Any]:
    """Load nothing."""
    return {"process": os.getpid()}


def never(config: Config) -> Mapping[str, Any]:
    """Die before the work begins."""
    os._exit(7)


def wrong(config: Config) -> Mapping[str, Any]:
    """Find out that the options are wrong."""
    raise ConfigError("model: there is none")


def trap(text: str) -> None:
    """Do what a text says."""
    if "KILL" in text:
        os.kill(os.getpid(), signal.SIGKILL)
    if "STALL" in text:
        time.sleep(600)
    if "SPOIL" in text:
        raise ValueError("spoiled\nand more")
    if "STOP" in text:
        raise GazetteerError("the file is damaged")


def told(config: Config, items: Sequence[str], clock: Clock) -> list[Answer]:
    """Answer with each item and how many were there."""
    for item in items:
        trap(item)
    return [f"{item} of {len(items)}".encode() for item in items]


def crowded(config: Config, items: Sequence[str], clock: Clock) -> list[Answer]:
    """Die of two items, never of one."""
    if len(items) > 1:
        trap("KILL")
    return told(config, items, clock)


def big(config: Config, items: Sequence[str], clock: Clock) -> list[Answer]:
    """Answer with more than a pipe holds."""
    return [b"x" * 1_000_000 for _ in items]


def read_traps(config: Config, documents: Sequence[Document], clock: Clock) -> list[Answer]:
    """Read documents as the program does, but for traps."""
    for document in documents:
        trap(document.text)
    return read_documents(config, documents, clock)


def complete_traps(config: Config, articles: Sequence[Any], clock: Clock) -> list[Answer]:
    """Complete articles as the program does, but for traps."""
    for article in articles:
        trap(str(article))
    return complete_articles(config, articles, clock)
