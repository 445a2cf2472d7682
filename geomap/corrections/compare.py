"""An edited file against what the run had written: which cells somebody changed."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from geomap.columns import POINT
from geomap.corrections.edited import Row, read_edited
from geomap.corrections.fields import (
    DATES,
    EVIDENCE,
    FIELDS,
    UNREVIEWED,
    equal,
    parse,
    text_of,
)
from geomap.corrections.record import Correction, Corrections
from geomap.corrections.sheet import DateForms
from geomap.corrections.written import EDITABLE, Written
from geomap.drawing import REJECTED

__all__ = ["Taken", "taken", "untaken"]

_SHOWN = 60


@dataclass(slots=True)
class Taken:
    """What an edited file says.

    Parameters
    ----------
    new
        Corrections that are not known yet.
    known
        How many changed cells are known corrections.
    behind
        Cells that hold what stood there before a correction, which stays.
    refused
        What cannot be taken: where, which value, what is allowed.
    notes
        What else the reader should know.
    """

    new: list[Correction] = field(default_factory=list)
    known: int = 0
    behind: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def taken(
    path: Path,
    run: Written,
    known: Corrections,
    *,
    who: str = "",
    why: str = "",
    undo: bool = False,
) -> Taken:
    """Compare an edited file with what a run wrote.

    Parameters
    ----------
    path
        A ``.csv`` or ``.gpkg``. In the run's own files an event that is missing was deleted: it is
        rejected. In a copy it may have been left out for any reason: it stays.
    run
        What the run wrote.
    known
        The corrections so far.
    who, why
        Whose corrections these are, and the reason; else what was written into the columns
        ``reviewer`` and ``note`` of a row.
    undo
        Whether a cell that holds what stood there before a correction takes the correction back.
        Else it is taken for an old copy's, and the correction stays.

    Raises
    ------
    InputError
        If the file cannot be read, or is no table of events.
    """
    edited = read_edited(path)
    found = Taken()
    groups: dict[str, list[Row]] = {}
    strange = []
    for row in edited.rows:
        own = _find(row.event_id, run)
        if own is None:
            strange.append(row)
        else:
            groups.setdefault(own, []).append(row)
    reader = _Reader(run, known, _forms(groups, run), found, who, why, undo)
    for own, rows in groups.items():
        reader.read(own, rows)
    found.refused += [_stranger(row) for row in strange]
    found.refused += [
        f"{path.name}: the column {name[:_SHOWN]!r} is none of geomap's, its values stay in this "
        "file; the column note is for what you want to keep"
        for name in edited.unknown
    ]
    found.notes += reader.told_of_evidence()
    missing = [own for own in run.events if own not in groups and not reader.rejected(own)]
    if path.resolve() in [(run.folder / name).resolve() for name in EDITABLE]:
        for own in missing:
            reader.reject(own)
    elif missing:
        found.notes.append(
            f"{path.name}: {len(missing)} events of the run are not in this copy; they stay as "
            "they are"
        )
    return found


def untaken(folder: Path, names: Iterable[str], known: Corrections) -> Iterator[str]:
    """Yield the files of a folder that hold edits which another run would overwrite.

    Raises
    ------
    InputError
        If a file was changed and nothing says how.
    """
    for name in names:
        if name in EDITABLE and Written.changed(folder, name):
            found = taken(folder / name, Written.read(folder), known)
            if found.new or found.behind or found.refused:
                yield name


def _alike(one: Any, other: Any) -> bool:
    """Return whether two shapes are the same but for rounding."""
    pairs = zip((*one.bounds, one.length), (*other.bounds, other.length), strict=True)
    return all(math.isclose(a, b, rel_tol=1e-5, abs_tol=1e-5) for a, b in pairs)


def _forms(groups: Mapping[str, Sequence[Row]], run: Written) -> DateForms:
    """Learn how the file writes days from those that nobody changed."""
    return DateForms.learnt(
        (row.cells.get(name, ""), text_of(run.events[own].get(name)))
        for own, rows in groups.items()
        for row in rows
        for name in (*DATES, "published")
    )


def _find(text: str, run: Written) -> str | None:
    """Return the event of an id; one that a spreadsheet took for a number is known by that."""
    if text in run.ids:
        return run.ids[text]
    number = _number(text.replace(",", "."))
    if number is None:
        return None
    near = {
        run.ids[own]
        for own in run.ids
        if (value := _number(own)) is not None and math.isclose(value, number, rel_tol=0.005)
    }
    return near.pop() if len(near) == 1 else None


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and number else None


def _stranger(row: Row) -> str:
    if not row.event_id:
        return f"{row.where}: no event_id; an event that no article tells of cannot be added"
    return f"{row.where}: event_id {row.event_id[:_SHOWN]!r} is no event of the run"


class _Reader:
    """Compares rows; what it finds goes into one :class:`Taken`."""

    def __init__(
        self, run: Written, known: Corrections, dates: DateForms, found: Taken, who: str, why: str,
        undo: bool,
    ) -> None:  # fmt: skip
        self.run, self.dates, self.found, self.undo = run, dates, found, undo
        self.who, self.why = who, why
        self.chains: dict[tuple[str, str], list[Correction]] = {}
        for line in known.lines:
            own = run.ids.get(line.event_id, line.event_id)
            self.chains.setdefault((own, line.field), []).append(line)
        self.evidence: dict[str, int] = {}

    def read(self, own: str, rows: Sequence[Row]) -> None:
        """Compare the rows of one event; it may stand in several layers."""
        changed: dict[str, str] = {}
        for row in rows:
            self._same_shape(own, row)
            for name, cell in row.cells.items():
                text = self._changed(own, name, cell, row)
                if text is None:
                    continue
                if changed.setdefault(name, text) != text:
                    self.found.refused.append(
                        f"{row.where}: {name}: {text[:_SHOWN]!r} here, {changed[name][:_SHOWN]!r} "
                        "in another row of the same event; keep one"
                    )
        self._whole_point(own, rows, changed)
        who = self.who or changed.get("reviewer", "")
        why = self.why or changed.get("note", "")
        before = len(self.found.new)
        self._add(own, [
            Correction(own, name, text, who, why, text_of(self.run.events[own].get(name)))
            for name, text in changed.items()
        ])  # fmt: skip
        new = {line.field for line in self.found.new[before:]}
        if "place_name" in new and not new & set(POINT):
            self.found.notes.append(
                f"event {own}: its place has another name now, its mark stays where it was; give "
                "latitude and longitude too if it is another place"
            )

    def rejected(self, own: str) -> bool:
        """Return whether an event is rejected, by the run or by a correction since."""
        chain = self.chains.get((own, "review_status"))
        status = chain[-1].value if chain else self.run.events[own].get("review_status")
        return status == REJECTED

    def reject(self, own: str) -> None:
        """Reject an event that was deleted."""
        old = text_of(self.run.events[own].get("review_status"))
        why = self.why or "deleted"
        self._add(own, [Correction(own, "review_status", REJECTED, self.who, why, old)])

    def told_of_evidence(self) -> Iterator[str]:
        """Tell of the columns that hold what articles say and were changed."""
        for name, count in self.evidence.items():
            yield (
                f"{name}: changed in {count} {'row' if count == 1 else 'rows'}, and not taken: it "
                "tells what the article says or how the run counted"
            )

    def _changed(self, own: str, name: str, cell: str, row: Row) -> str | None:
        """Return the new text of a cell, or None if it is not changed or cannot be taken."""
        if name not in FIELDS and name not in EVIDENCE:
            return None
        bare = cell.strip().casefold()
        unsaid = {"review_status": ("", UNREVIEWED), "reviewer": ("",)}
        # A copy from before an event was reviewed says nothing against the review.
        if bare in unsaid.get(name, ()) and not self.undo:
            return None
        try:
            if equal(name, cell, self.run.events[own].get(name), self.dates):
                return None
            if name in FIELDS:
                return text_of(parse(name, cell, self.dates))
        except ValueError as error:
            if name in FIELDS:
                self.found.refused.append(f"{row.where}: {error}")
                return None
        self.evidence[name] = self.evidence.get(name, 0) + 1
        return None

    def _same_shape(self, own: str, row: Row) -> None:
        """Tell of a line or area that was drawn anew."""
        written = self.run.shapes.get(own)
        if written is not None and row.shape is not None and not _alike(row.shape, written):
            self.found.refused.append(
                f"{row.where}: its line or area was changed; it is that of the place which the "
                "text names: correct the place, or give a point (precision, latitude, longitude)"
            )

    def _whole_point(self, own: str, rows: Sequence[Row], changed: dict[str, str]) -> None:
        """Let a point be one thing: where one number is new, both say where it is."""
        if not changed.keys() & set(POINT):
            return
        for name in POINT:
            cell = next((row.cells[name] for row in rows if name in row.cells), None)
            text = text_of(self.run.events[own].get(name)) if cell is None else cell
            try:
                changed.setdefault(name, text_of(parse(name, text)))
            except ValueError:
                # The cell is told of already; half a point is none.
                for both in POINT:
                    changed.pop(both, None)
                return

    def _add(self, own: str, lines: Sequence[Correction]) -> None:
        """Keep the corrections of an event that say something new."""
        news = {line.field: self._news(own, line) for line in lines}
        for line in lines:
            chain = self.chains.get((own, line.field))
            new = any(news.get(name) == "new" for name in POINT) if line.field in POINT else False
            if new or news[line.field] == "new":
                self.found.new.append(replace(line, old=chain[-1].value) if chain else line)
            elif news[line.field] == "known":
                self.found.known += 1
            else:
                self.found.behind.append(
                    f"event {own}: {line.field} {line.value[:_SHOWN]!r} stood there before a "
                    "correction, which stays"
                )

    def _news(self, own: str, line: Correction) -> str:
        """Say whether a correction is new, known, or behind what is known."""
        chain = self.chains.get((own, line.field), [])
        if chain and self._same(line, chain[-1].value):
            return "known"
        before = self.run.before.get(own, {})
        past = [text_of(before[line.field])] if line.field in before else []
        past += [text for one in chain for text in (one.old, one.value) if text is not None]
        return "new" if self.undo or not any(self._same(line, text) for text in past) else "behind"

    def _same(self, line: Correction, text: str) -> bool:
        try:
            return equal(line.field, text, parse(line.field, line.value))
        except ValueError:
            return False
