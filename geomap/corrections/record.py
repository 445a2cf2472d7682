"""``corrections.csv``: one line a changed value, a list that only grows.

Read as people and spreadsheets leave it; columns of their own stay.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from geomap.corrections.sheet import Sheet, read_sheet
from geomap.errors import ExportError, GeomapError, InputError
from geomap.visible import cell_text, safe_cell

__all__ = ["FILE", "Correction", "Corrections", "append"]

FILE = "corrections.csv"
_COLUMNS = ("event_id", "field", "value", "who", "why", "old")
_NEEDED = _COLUMNS[:3]
_NOTHING = "(none)"
"""What ``old`` says of an empty value; where it is empty itself, the old value is not known."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One changed value, as text.

    Parameters
    ----------
    event_id
        Of the event, or of any mention of it.
    field
        A column of ``events.csv``.
    value
        What holds; empty to take a value away.
    who, why
        Whose correction it is, and the reason.
    old
        What stood there before; None if it is not known.
    """

    event_id: str
    field: str
    value: str
    who: str = ""
    why: str = ""
    old: str | None = None


@dataclass(frozen=True, slots=True)
class Corrections:
    """Corrections in their order: of one event and field the last one holds.

    Examples
    --------
    >>> bool(Corrections())
    False
    """

    lines: tuple[Correction, ...] = ()

    def __bool__(self) -> bool:
        """Say whether there are any."""
        return bool(self.lines)

    @classmethod
    def read(cls, folder: str | Path) -> "Corrections":
        """Read the corrections that lie in a folder; none where there is no such file.

        Raises
        ------
        InputError
            If the file cannot be read, or lacks a column.
        """
        sheet = _sheet(Path(folder) / FILE)
        return cls(tuple(_line(row) for _, row in sheet.rows))

    def with_others(self, others: "Corrections") -> "Corrections":
        """Return these lines, and at their end those of others that are not among them."""
        known = set(self.lines)
        return Corrections((*self.lines, *(line for line in others.lines if line not in known)))


def append(folder: Path, lines: Sequence[Correction]) -> None:
    """Put lines at the end of a folder's file, which is made if there is none.

    Raises
    ------
    InputError
        If the file that is there cannot be read.
    ExportError
        If it cannot be written.
    """
    if not lines:
        return
    path = folder / FILE
    part = path.with_name(f".{FILE}.part")
    try:
        part.write_bytes(_encoded(_sheet(path), lines))
        part.replace(path)
    except OSError as error:
        if isinstance(error, GeomapError):
            raise
        raise ExportError(f"{path}: cannot be written ({error.strerror})") from None


def _sheet(path: Path) -> Sheet:
    """Read the file as it is; without a file an empty one."""
    if not path.exists():
        return Sheet(_COLUMNS, ())
    sheet = read_sheet(path)
    missing = [name for name in _NEEDED if name not in sheet.columns]
    if missing:
        raise InputError(
            f"{path}: the column {missing[0]!r} is missing; needed: {', '.join(_NEEDED)}"
        )
    return sheet


def _line(row: dict[str, str]) -> Correction:
    cells = {name: cell_text(row.get(name, "").strip()) for name in _COLUMNS}
    old = cells.pop("old") or None
    return Correction(**cells, old="" if old == _NOTHING else old)


def _encoded(sheet: Sheet, new: Iterable[Correction]) -> bytes:
    """Return the file with more lines, safe to open in a spreadsheet."""
    columns = [*sheet.columns, *(name for name in _COLUMNS if name not in sheet.columns)]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for _, row in sheet.rows:
        writer.writerow([row.get(name, "") for name in columns])
    for line in new:
        cells = {name: getattr(line, name) for name in _COLUMNS}
        cells["old"] = _NOTHING if line.old == "" else line.old
        writer.writerow([safe_cell(cells.get(name) or "") for name in columns])
    return text.getvalue().encode("utf-8", errors="replace")
