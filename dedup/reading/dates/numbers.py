"""Dates written as one number: epochs, years, and digits in a row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

from dedup.article import Precision
from dedup.reading.dates.calendars import UnreadableDateError, latest

# Epochs count from 1990 on: a smaller number in one unit is a likely number in another, or no date at all.
_FIRST_SECOND = Decimal(int(datetime(1990, 1, 1, tzinfo=UTC).timestamp()))
_UNITS = (1, 1_000, 1_000_000, 1_000_000_000)
# How the digits of a date are arranged, by their number.
_ROWS: dict[int, tuple[str, Precision]] = {
    4: ("%Y", "year"),
    8: ("%Y%m%d", "day"),
    12: ("%Y%m%d%H%M", "minute"),
    14: ("%Y%m%d%H%M%S", "second"),
    17: ("%Y%m%d%H%M%S%f", "second"),
}
_MOST_DIGITS = 40


def read_number(text: str) -> tuple[datetime, Precision, bool] | None:
    """Read a date from the digits of a number.

    Parameters
    ----------
    text : str
        ASCII digits, with a sign, a point or an exponent if necessary.

    Returns
    -------
    tuple of datetime, precision and bool, or None
        The time without a zone, and whether it is in UTC, as an epoch is. None for zero, which means no date.

    Raises
    ------
    UnreadableDateError
        It is not the number of seconds, milli-, micro- or nanoseconds since 1970 of a time since 1990, nor a
        year, nor ``yyyymmdd`` with or without ``hhmm`` and ``ss``.

    Examples
    --------
    >>> read_number("1645696920")
    (datetime.datetime(2022, 2, 24, 10, 2), 'second', True)
    >>> read_number("20220224")
    (datetime.datetime(2022, 2, 24, 0, 0), 'day', False)
    """
    number = _decimal(text)
    if number == 0:
        return None
    last = Decimal(int((latest() - datetime(1970, 1, 1)).total_seconds()))
    for unit in _UNITS:
        if _FIRST_SECOND <= number / unit <= last:
            microseconds = int(number * 1_000_000 / unit)
            return datetime(1970, 1, 1) + timedelta(microseconds=microseconds), "second", True
    digits = str(int(number)) if number == number.to_integral_value() and number > 0 else ""
    if len(digits) in _ROWS:
        form, precision = _ROWS[len(digits)]
        try:
            return datetime.strptime(digits, form), precision, False
        except ValueError:
            pass
    raise UnreadableDateError("the number is neither a time since 1990 nor a date such as 20220224")


def _decimal(text: str) -> Decimal:
    if len(text) > _MOST_DIGITS:
        raise UnreadableDateError("the number has too many digits for a date")
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise UnreadableDateError("it is not a number") from error
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        raise UnreadableDateError("the number is out of range")
    return number
