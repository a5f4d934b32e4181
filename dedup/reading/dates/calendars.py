"""Which dates are plausible, and what a year of another calendar looks like."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

#: The first valid year. The tables of other calendars' years end before it.
FIRST_YEAR = 1600
#: An article may be dated slightly in the future: zones, wrong clocks, and pages prepared for the next day.
AHEAD = timedelta(days=2)

#: What programs write for "no date": the zero of an epoch, a spreadsheet, a file system or a database, and
#: the last representable day. Year, month, day.
SENTINELS = frozenset(
    [
        *[(1970, 1, 1), (1969, 12, 31)],
        *[(1899, 12, 30), (1899, 12, 31), (1900, 1, 1), (1904, 1, 1), (1980, 1, 1)],
        *[(1601, 1, 1), (1753, 1, 1), (1, 1, 1), (9999, 12, 31)],
    ]
)


class UnreadableDateError(ValueError):
    """A value is not a date; the message says why.

    Parameters
    ----------
    reason : str
    kind : str
        The category in which the reader counts it: "unreadable", or the name of a calendar.
    """

    def __init__(self, reason: str, kind: str = "unreadable") -> None:
        super().__init__(reason)
        self.kind = kind


def latest() -> datetime:
    """Return the latest valid moment, as a time in UTC without a zone."""
    return datetime.now(UTC).replace(tzinfo=None) + AHEAD


def is_sentinel(year: int, month: int, day: int) -> bool:
    """Return whether a day is one that programs write for "no date".

    Examples
    --------
    >>> is_sentinel(1970, 1, 1), is_sentinel(2022, 1, 1)
    (True, False)
    """
    return (year, month, day) in SENTINELS


def check_year(year: int) -> None:
    """Refuse a year that news cannot have.

    Raises
    ------
    UnreadableDateError
        The year is in the future or too far back; the calendar to which it may belong is named.

    Examples
    --------
    >>> check_year(1400)
    Traceback (most recent call last):
    dedup.reading.dates.calendars.UnreadableDateError: the year 1400 looks like the Jalali calendar
    """
    now = latest().year
    if FIRST_YEAR <= year <= now:
        return
    calendar = _calendar(year, now)
    if calendar:
        raise UnreadableDateError(f"the year {year} looks like the {calendar} calendar", calendar)
    raise UnreadableDateError(f"the year {year} is {'in the future' if year > now else 'too far back'}")


def _calendar(year: int, now: int) -> str | None:
    """Name the calendar in which the year is one of about the last hundred."""
    if 1300 <= year <= now - 621:
        return "Jalali"
    if 1300 <= year <= now - 578:
        return "Hijri"
    if 2443 <= year <= now + 543:
        return "Buddhist"
    if now + 56 <= year <= now + 57 or 2070 <= year <= now + 57:
        return "Bikram Sambat"
    if 5650 <= year <= now + 3761:
        return "Hebrew"
    return None
