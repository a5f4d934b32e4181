"""Dates written in numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dedup.article import Precision
from dedup.reading.dates.calendars import UnreadableDateError, check_year, latest
from dedup.reading.dates.order import Order

_YEAR_FIRST = re.compile(r"(?<![\d.])(\d{4})( ?[-/._] ?)(\d{1,2})\2(\d{1,2})(?!\d)")
_YEAR_LAST = re.compile(r"(?<![\d:.])(\d{1,2})( ?[-/.] ?)(\d{1,2})\2(\d{4}|'?\d{2})(?![\d])")
_CHARACTERS = re.compile(
    r"(?P<era>令和|平成|昭和|民國|民国|中華民國|中华民国)? ?(?P<y>\d{1,4}|元) ?[年년] ?"
    r"(?P<m>\d{1,2}) ?[月월] ?(?:(?P<d>\d{1,2}) ?[日일号號])?"
)
_VIETNAMESE = re.compile(r"(?:(\d{1,2}) ?)?(?:thang|thg) (\d{1,2}),? (?:nam )?(\d{4})(?!\d)")
_IN_A_ROW = re.compile(r"(?<!\d)((?:1[89]|20)\d\d)(\d\d)(\d\d)(?=t|[-_ ]\d|$| )")
_WEEK = re.compile(r"(?<!\d)(\d{4})-?w(\d{2})-?([1-7])(?!\d)")
_DAY_OF_YEAR = re.compile(r"(?<!\d)(\d{4})-(\d{3})(?!\d)")
_MONTH = re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})|(?P<m2>\d{1,2})[-/.](?P<y2>\d{4})")
# The year before the first year of an era.
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
_MINGUO = 1911
_NUMERALS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_DIGIT, _TENS = "[〇零一二三四五六七八九]", "[一二三四五六七八九十]{1,3}"
_IN_CHARACTERS = re.compile(f"({_DIGIT}{{4}})年({_TENS})月(?:({_TENS})[日号號])?")
# A two-digit year is in this century up to the present year, and in the last from this number on; between
# them it may be in either.
_LAST_CENTURY_FROM = 70


@dataclass(frozen=True, slots=True)
class Day:
    """A day, month or year, in each way in which it can be read.

    Attributes
    ----------
    readings : tuple of (datetime, order or None)
    usual, proves : see `dedup.reading.dates.written.WrittenDate`
    start, end : int
        Its place in the folded text.
    """

    readings: tuple[tuple[datetime, Order | None], ...]
    precision: Precision
    start: int
    end: int
    usual: Order | None = None
    proves: Order | None = None


def find_numeric_day(text: str) -> Day | None:
    """Find a numeric date in a folded text; None if there is none.

    Raises
    ------
    UnreadableDateError
        The day does not exist, or its year may be in two centuries.

    Examples
    --------
    >>> find_numeric_day("24.02.2022 10:02").readings
    ((datetime.datetime(2022, 2, 24, 0, 0), 'dmy'),)
    """
    if whole := _MONTH.fullmatch(text):
        return _one(whole, *(int(whole["y"] or whole["y2"]), int(whole["m"] or whole["m2"]), None))
    if found := _IN_CHARACTERS.search(text):
        year, month, day = (
            found[1].translate(_NUMERALS),
            _tens(found[2]),
            _tens(found[3]) if found[3] else None,
        )
        return _one(found, int(year), month, day)
    if found := _CHARACTERS.search(text):
        return _one(found, _year_of_era(found), int(found["m"]), _maybe(found["d"]))
    if found := _VIETNAMESE.search(text):
        return _one(found, int(found[3]), int(found[2]), _maybe(found[1]))
    if found := _WEEK.search(text):
        try:
            return _one(found, *date.fromisocalendar(*map(int, found.groups())).timetuple()[:3])
        except ValueError as error:
            raise UnreadableDateError("there is no such week") from error
    if found := _YEAR_FIRST.search(text):
        return _one(found, int(found[1]), int(found[3]), int(found[4]))
    if found := _YEAR_LAST.search(text):
        return _year_last(found)
    if found := _DAY_OF_YEAR.search(text):
        start = written_day(int(found[1]), 1, 1) + timedelta(days=int(found[2]) - 1)
        if start.year != int(found[1]):
            raise UnreadableDateError("there is no such day")
        return _one(found, *start.timetuple()[:3])
    if found := _IN_A_ROW.search(text):
        return _one(found, *map(int, found.groups()))
    return None


def century(two_digits: int) -> int:
    """Return the year that was written with two digits.

    Raises
    ------
    UnreadableDateError
        It may be in two centuries.

    Examples
    --------
    >>> century(22), century(98)
    (2022, 1998)
    """
    if two_digits <= latest().year % 100:
        return latest().year // 100 * 100 + two_digits
    if two_digits >= _LAST_CENTURY_FROM:
        return latest().year // 100 * 100 - 100 + two_digits
    raise UnreadableDateError(f"the year {two_digits:02} can be of two centuries")


def written_day(year: int, month: int, day: int | None) -> datetime:
    """Return the start of a day or a month.

    Raises
    ------
    UnreadableDateError
        It does not exist.
    """
    check_year(year)
    try:
        return datetime(year, month, 1 if day is None else day)
    except ValueError as error:
        raise UnreadableDateError("there is no such day") from error


def _one(found: re.Match[str], year: int, month: int, day: int | None) -> Day:
    start = written_day(year, month, day or None)
    if day == 0:
        raise UnreadableDateError("there is no such day")
    return Day(((start, None),), "day" if day else "month", *found.span())


def _year_last(found: re.Match[str]) -> Day:
    """Return the readings of ``a/b/year``; dots mean that the day comes first."""
    first, middle, last = int(found[1]), int(found[3]), found[4].lstrip("'")
    short = len(last) == 2
    dots = "." in found[2]
    tried: list[tuple[Order, int, int, int]] = [
        ("dmy", int(last), middle, first),
        ("mdy", int(last), first, middle),
    ]
    if short and not dots:
        tried.append(("ymd", first, middle, int(last)))
    readings: list[tuple[datetime, Order | None]] = []
    why = UnreadableDateError("there is no such day")
    for order, year, month, day in tried:
        try:
            readings.append((written_day(century(year) if short else year, month, day), order))
        except UnreadableDateError as error:
            why = why if str(error) == "there is no such day" else error
    if not readings:
        raise why
    return Day(
        tuple(readings),
        "day",
        *found.span(),
        usual="dmy" if dots else None,
        proves=readings[0][1] if len(readings) == 1 else None,
    )


def _year_of_era(found: re.Match[str]) -> int:
    era = found["era"]
    year = 1 if found["y"] == "元" else int(found["y"])
    if era is None:
        return year if year > 99 else century(year)
    return year + _ERAS.get(era, _MINGUO)


def _maybe(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _tens(numeral: str) -> int:
    """Return the value of a Chinese numeral below a hundred."""
    before, ten, behind = numeral.rpartition("十")
    ones = int(behind.translate(_NUMERALS) or 0)
    return ones if not ten else 10 * int(before.translate(_NUMERALS) or 1) + ones
