"""Tables as spreadsheets save them: their separators, numbers and dates.

A date that a spreadsheet wrote its own way ("8/7/2021") is read by the form that the unchanged
dates of the same file have; where two readings are left, nothing is guessed.
"""

import csv
import datetime
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geomap.days import iso_day
from geomap.errors import InputError

__all__ = ["DateForms", "Sheet", "integer", "read_sheet", "real"]

_SEPARATORS = (",", ";", "\t")
_SPACES = re.compile("[\\s\u00a0\u202f]")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([,.'’])\d{3})(?:\1\d{3})*")
_WHOLE = re.compile(r"[+-]?\d+(?:[.,]0+)?")
_REAL = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?")
_MIDNIGHT = re.compile(r"[T ]+0?0:00(?::00(?:\.0+)?)?$")
_SERIAL = re.compile(r"\d{5}")
_FIRST_SERIAL = datetime.date(1899, 12, 30)
_FORMS = tuple(
    form
    for mark in "/.-"
    for form in (f"%d{mark}%m{mark}%Y", f"%m{mark}%d{mark}%Y", f"%d{mark}%m{mark}%y",
                 f"%m{mark}%d{mark}%y", f"%Y{mark}%m{mark}%d", f"%d{mark}%b{mark}%y",
                 f"%d{mark}%b{mark}%Y")
) + ("%d %b %Y", "%d %B %Y", "%B %d, %Y", "%b %d, %Y", "%d. %B %Y")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: the names of its columns, and its rows with the line where each one begins."""

    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]


def read_sheet(path: Path) -> Sheet:
    """Read a table of text, separated by commas, semicolons or tabs.

    Raises
    ------
    InputError
        If it cannot be read, is no UTF-8 (or UTF-16 with its mark), or has a column twice.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from None
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: byte {error.start} is no UTF-8, so letters are lost; "
            "save it again as 'CSV UTF-8'"
        ) from None
    first = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return _sheet(path, reader)
    except csv.Error as error:
        raise InputError(f"{path}, line {reader.line_num}: no row of a CSV ({error})") from None


def _sheet(path: Path, reader: Any) -> Sheet:
    columns = tuple(name.strip() for name in next(reader, []))
    while columns and not columns[-1]:
        columns = columns[:-1]
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise InputError(f"{path}: the column {twice[0]!r} stands twice; delete one")
    rows = []
    line = reader.line_num + 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            filled = [*cells, *[""] * len(columns)]
            rows.append((line, dict(zip(columns, filled, strict=False))))
        line = reader.line_num + 1
    return Sheet(columns, tuple(rows))


def integer(text: str) -> int:
    """Return a whole number; thousands may be grouped.

    Examples
    --------
    >>> integer("1,200"), integer("3,0")
    (1200, 3)
    """
    bare = _SPACES.sub("", text)
    if _WHOLE.fullmatch(bare):
        return int(re.split("[.,]", bare)[0])
    if _GROUPED.fullmatch(bare):
        return int(re.sub("[,.'’]", "", bare))
    raise ValueError("is no whole number")


def real(text: str) -> float:
    """Return a number with a decimal point or comma.

    Examples
    --------
    >>> real("34,5"), real("1.234,5")
    (34.5, 1234.5)
    """
    bare = _SPACES.sub("", text)
    if "," in bare and "." in bare:
        last = max(bare.rindex(","), bare.rindex("."))
        bare = re.sub("[,.]", "", bare[:last]) + "." + bare[last + 1 :]
    if not _REAL.fullmatch(bare):
        raise ValueError("is no number")
    return float(bare.replace(",", "."))


@dataclass(frozen=True, slots=True)
class DateForms:
    """The forms that the dates of a file may have, beside ISO 8601."""

    forms: tuple[str, ...] = _FORMS

    @classmethod
    def learnt(cls, pairs: Iterable[tuple[str, str | None]]) -> "DateForms":
        """Learn the forms from cells and the days that stood in them.

        Parameters
        ----------
        pairs
            A cell, and the day that was written there (None where there was none).
        """
        known = [(cell, day) for cell, day in pairs if cell and day and cell != day]
        hits = {form: sum(_read(cell, form) == day for cell, day in known) for form in _FORMS}
        most = max(hits.values())
        return cls(tuple(form for form in _FORMS if hits[form] == most)) if most else cls()

    def day(self, text: str) -> str:
        """Return a day as ``YYYY-MM-DD``.

        Raises
        ------
        ValueError
            If it is none, or could be several.
        """
        bare = _MIDNIGHT.sub("", text.strip())
        if _SERIAL.fullmatch(bare):
            return (_FIRST_SERIAL + datetime.timedelta(days=int(bare))).isoformat()
        try:
            return iso_day(bare)
        except ValueError:
            found = sorted({day for form in self.forms if (day := _read(bare, form))})
        if len(found) == 1:
            return found[0]
        if found:
            raise ValueError(f"could be {' or '.join(found)}; write it as YYYY-MM-DD")
        raise ValueError("is no day; write it as YYYY-MM-DD")


def _read(text: str, form: str) -> str | None:
    try:
        day = datetime.datetime.strptime(_MIDNIGHT.sub("", text.strip()), form)
    except ValueError:
        return None
    return day.date().isoformat()
