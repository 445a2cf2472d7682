"""Days as text: whatever says a day in ISO 8601 becomes ``YYYY-MM-DD``."""

import datetime

__all__ = ["iso_day"]


def iso_day(value: object) -> str:
    """Return a day as ``YYYY-MM-DD``.

    Parameters
    ----------
    value
        A text in ISO 8601, with or without a time (its own offset holds), or a date of TOML.

    Raises
    ------
    ValueError
        If it is none.

    Examples
    --------
    >>> iso_day("20240101")
    '2024-01-01'
    >>> iso_day("2021-07-18T23:30:00+04:30")
    '2021-07-18'
    """
    # A date and a time of TOML write themselves in ISO 8601.
    text = value.isoformat() if isinstance(value, datetime.date) else value
    if not isinstance(text, str):
        raise ValueError(f"{str(value)[:40]!r} is not a date; write it as YYYY-MM-DD")
    try:
        return datetime.datetime.fromisoformat(text.strip()).date().isoformat()
    except ValueError:
        raise ValueError(f"{text[:40]!r} is not a date; write it as YYYY-MM-DD") from None
