"""Corrections put onto the rows of the table of events, and what follows from each of them.

A row is that of a cluster; it is found by the id of any of its mentions.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from geomap.columns import COLUMNS, POINT
from geomap.corrections import effects
from geomap.corrections.fields import FIELDS, Value, equal, parse, text_of
from geomap.corrections.record import Correction, Corrections
from geomap.visible import printable

__all__ = ["Outcome", "point_of", "replay"]

Row: TypeAlias = dict[str, Any]
_SHOWN = 60


@dataclass(slots=True)
class Outcome:
    """What became of corrections.

    Parameters
    ----------
    applied
        How many values of events are corrected.
    gone
        Corrections that do not apply any more, or never did: which and why.
    notes
        Corrections that hold though the articles now say something else.
    before
        What the run itself gave for each changed value, by event and column.
    """

    applied: int = 0
    gone: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    before: dict[str, dict[str, Value]] = field(default_factory=dict)

    def described(self) -> dict[str, Any]:
        """Return it as plain values, for ``run.json``."""
        return {name: getattr(self, name) for name in ("applied", "gone", "notes", "before")}


def replay(rows: Sequence[Row], corrections: Corrections) -> Outcome:
    """Put corrections onto rows.

    Parameters
    ----------
    rows
        Of the table of events, with their ``mentions``; they are changed.
    corrections
        In their order; of one event and field the last one holds.
    """
    found = Outcome()
    by_id = {mention["event_id"]: row for row in reversed(rows) for mention in row["mentions"]}
    chains: dict[str, dict[str, list[Correction]]] = {}
    for line in corrections.lines:
        row = by_id.get(line.event_id)
        key = line.event_id if row is None else row["event_id"]
        chains.setdefault(key, {}).setdefault(line.field, []).append(line)
    for key, fields in chains.items():
        own = by_id.get(key)
        if own is None:
            found.gone += [
                f"{_told(key, chain[-1])}: no such event in these articles"
                for chain in fields.values()
            ]
        else:
            _correct(own, fields, found)
    return found


def point_of(row: Mapping[str, Any]) -> dict[str, Value]:
    """Return latitude and longitude of a row; None where it has no point."""
    shape = row["geometry"]
    at = (None, None) if shape is None or shape.is_empty else (shape.y, shape.x)
    return dict(zip(POINT, at, strict=True))


def _correct(row: Row, fields: Mapping[str, list[Correction]], found: Outcome) -> None:
    """Put the corrections of one event onto its row."""
    before = {name: row[name] for name in COLUMNS} | point_of(row)
    name = f"{row['event_id']} ({row['event_class']}, {row['place_name'] or 'no place'})"
    values: dict[str, Value] = {}
    for column, chain in fields.items():
        last = chain[-1]
        try:
            if column not in FIELDS:
                raise ValueError(f"no column that can be corrected; allowed: {', '.join(FIELDS)}")
            values[column] = parse(column, last.value)
        except ValueError as error:
            found.gone.append(f"{_told(name, last)}: {error}")
    for columns, why in effects.contradictions(before, values):
        for column in columns:
            found.gone.append(f"{_told(name, fields[column][-1])}: {why}")
            del values[column]
    found.applied += len(values)
    found.notes += _moved_on(name, before, {c: fields[c] for c in values})
    effects.set_values(row, values, [fields[column][-1] for column in values])
    after = {name: row[name] for name in COLUMNS} | point_of(row)
    changed = {column: old for column, old in before.items() if after[column] != old}
    if changed:
        found.before[row["event_id"]] = changed


def _moved_on(
    name: str, before: Mapping[str, Any], fields: Mapping[str, Sequence[Correction]]
) -> Iterable[str]:
    """Say which corrections hold though the run gives something else than when they were made."""
    for column, chain in fields.items():
        old, now = chain[0].old, before[column]
        if old is None or _same(column, old, now) or _same(column, chain[-1].value, now):
            continue
        yield (
            f"{_told(name, chain[-1])} holds, but what it corrected has changed: it was "
            f"{_quoted(old)} and would be {_quoted(text_of(now))} now"
        )


def _same(column: str, text: str, value: Any) -> bool:
    try:
        return equal(column, text, value)
    except ValueError:
        return False


def _told(name: str, line: Correction) -> str:
    by = f" by {_short(line.who)}" if line.who else ""
    return f"event {_short(name)}: {_short(line.field)} {_quoted(line.value)}{by}"


def _quoted(text: str) -> str:
    return f"'{_short(text)}'" if text else "(none)"


def _short(text: str) -> str:
    return printable(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")
