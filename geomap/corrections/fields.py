"""What may be corrected, how the text of a value is read, and when two texts say the same."""

import contextlib
import math
import re
import unicodedata
from collections.abc import Callable
from typing import TypeAlias, get_args

from geomap.columns import COLUMNS, POINT
from geomap.corrections.sheet import DateForms, integer, real
from geomap.drawing import REJECTED
from geomap.model import EVENT_CLASSES, PLOVER_ROOTS, Layer, Status
from geomap.visible import BIDI_CONTROLS, cell_text, printable

__all__ = [
    "CONFIRMED",
    "CORRECTED",
    "DATES",
    "EVIDENCE",
    "FIELDS",
    "REVIEW",
    "UNREVIEWED",
    "Value",
    "equal",
    "parse",
    "text_of",
]

Value: TypeAlias = str | int | float | None
UNREVIEWED, CONFIRMED, CORRECTED = "unreviewed", "confirmed", "corrected"
REVIEW = ("review_status", "reviewer", "note")
DATES = ("date_start", "date_end")
_EVIDENCE = (
    "event_id cluster_id date_text place_text place_source sentence trigger title source url "
    "published document_id confidence report_count mention_count"
).split()
FIELDS = (*(name for name in COLUMNS if name not in _EVIDENCE), *POINT)
"""What may be corrected: columns of ``events.csv``, and the point."""
EVIDENCE = tuple(name for name in _EVIDENCE if name != "event_id")
"""Columns that tell what articles say and how the run counted: nobody's opinion changes these."""
_VOCABULARIES: dict[str, tuple[str, ...]] = {
    "event_class": tuple(EVENT_CLASSES),
    "layer": get_args(Layer),
    "status": get_args(Status),
    "date_precision": ("1", "2", "3", "4", "5", "9"),
    "precision": ("1", "2", "3", "4", "5", "6", "7"),
    "review_status": (UNREVIEWED, CONFIRMED, CORRECTED, REJECTED),
}
_NEEDED = ("event_class", "layer", "status")
_EDGE = {"latitude": 90.0, "longitude": 180.0, "radius_km": 20_100.0, "confidence": 1.0}
_COUNTS = ("killed_min", "killed_max", "wounded_min", "wounded_max")
_WHOLE = frozenset((*_COUNTS, "date_precision", "precision", "report_count", "mention_count"))
_DAYS = frozenset((*DATES, "published"))
_PLOVER = re.compile(r"([A-Z]+)(?:-.+)?")
_NEARLY_A_DAY = re.compile(r"\d{1,2}([/.-])\d{1,2}(\1\d{1,2})?|[A-Z][a-z]+ \d+|\d+ [A-Z][a-z]+")
_DAY = re.compile(r"\d{1,4}([/.-])\d{1,2}\1\d{1,4}")
_DECIMALS = re.compile(r"[.,](\d+)$")
_SHOWN = 60


def parse(field: str, text: str, dates: DateForms | None = None) -> Value:
    """Return the value of a field that stands in a cell; an empty cell is None.

    Parameters
    ----------
    field
        A column of ``events.csv``.
    text
        What the cell holds.
    dates
        The forms that dates may have beside ISO 8601.

    Raises
    ------
    ValueError
        If it is no value of the field; the message says what is allowed.

    Examples
    --------
    >>> parse("status", "Denied"), parse("killed_min", "1,200"), parse("note", "'=1+1")
    ('denied', 1200, '=1+1')
    """
    bare = _plain(text)
    if not bare:
        if field in _NEEDED:
            raise ValueError(f"{field}: is empty; allowed: {', '.join(_VOCABULARIES[field])}")
        return UNREVIEWED if field == "review_status" else None
    try:
        if field in _DAYS:
            return (dates or DateForms()).day(bare)
        return _reader(field)(bare)
    except ValueError as error:
        raise ValueError(f"{field}: {bare[:_SHOWN]!r} {error}") from None


def equal(field: str, text: str, value: Value, dates: DateForms | None = None) -> bool:
    """Return whether a cell says what a value says, but for what spreadsheets do to it.

    Raises
    ------
    ValueError
        If it is no value of the field.
    """
    if text == text_of(value):
        return True
    bare, own = _plain(text), _plain(text_of(value))
    if bare == own or _mangled(field, bare, own):
        return True
    found = parse(field, text, dates)
    if not isinstance(found, float) or not isinstance(value, int | float):
        return found == value
    shown = _DECIMALS.search(bare)
    # A spreadsheet saves the decimals that it shows.
    places = min(len(shown[1]), 6) if shown and len(shown[1]) > 1 else 6
    return bool(round(found, places) == round(float(value), places))


def text_of(value: Value) -> str:
    """Return a value as text: a number as short as it can be, nothing for None."""
    return "" if value is None else str(value)


def _plain(text: str) -> str:
    """Return a cell without what programs add: spaces, line ends of their own, an apostrophe."""
    unified = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return cell_text(printable(unified, keep="\n\t" + BIDI_CONTROLS).strip())


def _mangled(field: str, bare: str, own: str) -> bool:
    """Return whether a text became another one without anybody's doing."""
    if not bare or not own:
        return False
    if field in POINT:
        # A point that was read as a mark of thousands: 34.5553 became 345553.
        far = True
        with contextlib.suppress(ValueError):
            far = abs(real(bare)) > _EDGE[field]
        return far and re.sub(r"\D", "", bare) == re.sub(r"\D", "", own)
    if field in _WHOLE or field in _EDGE or field in _DAYS:
        return False
    # Letters that the encoding of an old spreadsheet lacks; what it took for a number or a day.
    return (
        bare == own.encode("cp1252", "replace").decode("cp1252")
        or _one_number(bare, own)
        or _one_day(field, bare, own)
    )


def _one_number(bare: str, own: str) -> bool:
    try:
        one, other = float(bare.replace(",", ".")), float(own)
    except ValueError:
        return False
    # Where a number is too long for a cell, a few of its digits are shown and saved.
    near = 0.005 if "e" in bare.casefold() else 0.0
    return math.isfinite(one) and math.isclose(one, other, rel_tol=near)


def _one_day(field: str, bare: str, own: str) -> bool:
    """Return whether a spreadsheet took "3/4" or "8 May" for a day of this year."""
    return _DAY.fullmatch(bare) is not None and (
        field in _EVIDENCE or _NEARLY_A_DAY.fullmatch(own) is not None
    )


def _reader(field: str) -> Callable[[str], Value]:
    """Return what reads the text of a field."""
    if field in _WHOLE:
        return lambda text: _whole(_VOCABULARIES.get(field, ()), text)
    if field in _VOCABULARIES:
        return lambda text: _one_of(_VOCABULARIES[field], text)
    if field in _EDGE:
        return lambda text: _within(-_EDGE[field] if field in POINT else 0.0, _EDGE[field], text)
    return {"country": _country, "plover": _plover}.get(field, str)


def _one_of(allowed: tuple[str, ...], text: str) -> str:
    name = text.strip().casefold().replace(" ", "_")
    if name not in allowed:
        raise ValueError(f"is not allowed; allowed: {', '.join(allowed)}")
    return name


def _whole(allowed: tuple[str, ...], text: str) -> int:
    number = integer(text)
    if allowed and str(number) not in allowed:
        raise ValueError(f"is not allowed; allowed: {', '.join(allowed)}")
    if not 0 <= number < 2**63:
        raise ValueError("is not allowed; allowed: 0 or more")
    return number


def _within(least: float, most: float, text: str) -> float:
    number = real(text)
    if not least <= number <= most:
        raise ValueError(f"is not allowed; allowed: {least:g} to {most:g}")
    return round(number, 6)


def _country(text: str) -> str:
    if not re.fullmatch("[A-Za-z]{2}", text):
        raise ValueError("is not allowed; allowed: a code of two letters, as IR")
    return text.upper()


def _plover(text: str) -> str:
    code = _PLOVER.fullmatch(text)
    if code is None or code[1] not in PLOVER_ROOTS:
        raise ValueError(f"is not allowed; allowed: a root of {', '.join(PLOVER_ROOTS)}")
    return text
