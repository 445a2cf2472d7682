"""Reading text files of any size line by line, zipped or not, and noting what is wrong in them.

Memory stays bounded whatever the file holds: a line that is too long is passed over, a zip member
that grows out of all proportion ends the reading. Nothing is ever unpacked to disk.
"""

import contextlib
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from geomap.bounds import most_unpacked
from geomap.errors import GazetteerError

__all__ = ["Rejected", "Text", "control", "members"]

_BLOCK = 1 << 20
_MAX_LINE = 1 << 16
_MAX_BYTES = 1 << 34
_SHOWN = 20
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
_README = re.compile(r"readme|licen[cs]e|changelog|notice", re.IGNORECASE)


@dataclass(slots=True)
class Rejected:
    """Rows that were passed over: how many for which reason, the first by line; and files."""

    reasons: Counter[str] = field(default_factory=Counter)
    first: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    """What was said of files that could not be read (to the end)."""

    def add(self, name: str, line: int, reason: str) -> None:
        """Note a row."""
        self.reasons[reason] += 1
        if len(self.first) < _SHOWN:
            self.first.append(f"{name}, line {line}: {reason}")

    def __len__(self) -> int:
        return sum(self.reasons.values())


@dataclass(frozen=True, slots=True)
class Text:
    """A text file, or a member of a zip file.

    Attributes
    ----------
    path
        The file on disk.
    member
        The member of the zip file; None for a plain file.
    """

    path: Path
    member: str | None = None

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.path.name if self.member is None else f"{self.path.name}:{self.member}"

    @property
    def stem(self) -> str:
        """The name without its ending: ``AF``, ``alternateNamesV2``."""
        return Path(self.member or self.path.name).stem

    def first_line(self) -> str:
        """Return the first line that is no comment, for telling the format; '' where none."""
        for _, lines in self.lines(Rejected(), most=1 << 16):
            for line in lines:
                if line and not line.startswith("#"):
                    return line
        return ""

    def lines(
        self, rejected: Rejected, *, most: int = _MAX_BYTES
    ) -> Iterator[tuple[int, list[str | None]]]:
        """Yield the number of the first line of a block, and its lines.

        A line that cannot be read (too long, not UTF-8, with a NUL) is None, and noted.

        Parameters
        ----------
        rejected
            Where unreadable lines are noted.
        most
            How many bytes to read at the most.

        Raises
        ------
        GazetteerError
            If the file cannot be read, is no zip file or a bomb.
        """
        number = 1
        try:
            for block in self._blocks(most):
                lines = self._decoded(block, number, rejected)
                yield number, lines
                number += len(lines)
        except (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise GazetteerError(f"{self.name}: cannot be read ({error})") from error
        except RuntimeError as error:  # zipfile: an encrypted member
            raise GazetteerError(f"{self.name}: cannot be read ({error})") from error

    @contextlib.contextmanager
    def _open(self) -> Iterator[tuple[IO[bytes], int]]:
        """Open it, with the bytes it may hold before it counts as a bomb."""
        if self.member is None:
            with self.path.open("rb") as file:
                yield file, _MAX_BYTES
            return
        with zipfile.ZipFile(self.path) as archive:
            packed = archive.getinfo(self.member).compress_size
            with archive.open(self.member) as file:
                yield file, most_unpacked(packed, limit=_MAX_BYTES)

    def _blocks(self, most: int) -> Iterator[bytes]:
        """Yield blocks of whole lines; of a line that is too long its first bytes alone."""
        with self._open() as (file, limit):
            total, carry, skipping = 0, b"", False
            while total < most and (data := file.read(_BLOCK)):
                total += len(data)
                if total > limit:
                    raise GazetteerError(
                        f"{self.name}: unpacks to more than {limit} bytes; it is not read"
                    )
                cut = data.rfind(b"\n")
                if skipping:
                    end = data.find(b"\n")
                    if end < 0:
                        continue
                    skipping, data, cut = False, data[end:], cut - end
                if cut < 0:
                    carry += data
                    if len(carry) > _MAX_LINE:
                        carry, skipping = carry[: _MAX_LINE + 1], True
                    continue
                yield carry + data[:cut]
                carry = data[cut + 1 :]
            if carry:
                yield carry

    def _decoded(self, block: bytes, number: int, rejected: Rejected) -> list[str | None]:
        if number == 1:
            block = block.removeprefix(b"\xef\xbb\xbf")
        if not self._has_long_line(block):
            with contextlib.suppress(UnicodeDecodeError):
                text = block.decode("utf-8")
                if "\0" not in text:
                    return [line.removesuffix("\r") for line in text.split("\n")]
        lines: list[str | None] = []
        for at, raw in enumerate(block.split(b"\n"), number):
            reason = (
                f"longer than {_MAX_LINE} bytes"
                if len(raw) > _MAX_LINE
                else "holds a NUL"
                if b"\0" in raw
                else None
            )
            try:
                lines.append(None if reason else raw.decode("utf-8").removesuffix("\r"))
            except UnicodeDecodeError:
                reason = "not UTF-8"
                lines.append(None)
            if reason:
                rejected.add(self.name, at, reason)
        return lines

    @staticmethod
    def _has_long_line(block: bytes) -> bool:
        return len(block) > _MAX_LINE and max(map(len, block.split(b"\n"))) > _MAX_LINE


def control(text: str) -> bool:
    """Whether a text holds control characters, which no name does."""
    return not text.isprintable() and _CONTROL.search(text) is not None


def members(path: Path) -> list[Text]:
    """Return the texts of a file: itself, or the members of a zip file but its notes.

    Raises
    ------
    GazetteerError
        If it is no zip file although its name says so.
    """
    if path.suffix.lower() != ".zip":
        return [Text(path)]
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (OSError, zipfile.BadZipFile, NotImplementedError) as error:
        raise GazetteerError(f"{path.name}: cannot be read ({error})") from error
    return [
        Text(path, info.filename)
        for info in infos
        if not info.is_dir()
        and info.filename.lower().endswith((".txt", ".tsv", ".csv"))
        and not _README.search(Path(info.filename).name)
    ]
