"""One date as a person or a program wrote it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from dedup.article import Precision
from dedup.reading.dates.calendars import UnreadableDateError, check_year, is_sentinel, latest
from dedup.reading.dates.clock import Clock, find_clock
from dedup.reading.dates.days import Day, find_numeric_day
from dedup.reading.dates.named_days import Leftover, named_day, without_date
from dedup.reading.dates.numbers import read_number
from dedup.reading.dates.order import Order
from dedup.reading.dates.words import folded
from dedup.reading.dates.zones import offset_at, offset_of_name

_ISO = re.compile(
    r"\d{4}-\d\d-\d\d"
    r"(?:[T ](?P<h>\d\d)(?P<m>:\d\d)(?P<s>:\d\d(?:\.\d{1,9})?)?(?P<z>Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)
_NUMBER = re.compile(r"@?[+-]?\d+(?:\.\d*)?(?:e[+-]?\d+)?|@.*", re.IGNORECASE)
_SAID_OF_NONE = (
    "|none|null|nil|nat|nan|n/a|na|n.a.|n.a|#n/a|<na>|(null)|\\n|-|--|---|.|?|unknown|undefined|undated|n.d.|n.d|"
    "s.d.|@nan|@none|[]|{}|''|missing|empty|not available|no date|invalid date"
)
_MISSING = frozenset(_SAID_OF_NONE.split("|"))
_ZERO_DATE = re.compile(r"(?:0{4}[-/.]0{1,2}[-/.]0{1,2}|0{1,2}[-/.]0{1,2}[-/.]0{4}|0{8})(?:[t ][0:.]*z?)?")


def _repr_of_datetime(found: re.Match[str]) -> str:
    year, month, day, hour, minute = map(int, found.groups())
    return f"{year}-{month:02}-{day:02} {hour:02}:{minute:02}"


# How programs wrap a date: .NET's JSON, PDF, MongoDB's shell, pandas, SQL, JavaScript, Python's repr.
_WRAPPERS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"""^\{['"]\$date['"]: ?['"]?(\d{9,})['"]?\}$"""), r"@\1"),
    (re.compile(r"""^\{['"]\$date['"]: ?['"]([^'"]+)['"]\}$"""), r"\1"),
    (re.compile(r"""^\s*(["'\[({<]+)(.*?)(["'\])}>]+)\s*$""", re.DOTALL), r"\2"),
    (re.compile(r"^\\?/Date\((-?\d+)(?:[+-]\d{4})?\)\\?/$"), r"@\1"),
    (re.compile(r"^new Date\((\d+)\)$"), r"@\1"),
    (re.compile(r"^(?:new Date|ISODate|Timestamp|ts|TIMESTAMP|DATE) ?\(?['\"]([^'\"]+)['\"].*$"), r"\1"),
    (re.compile(r"^datetime\.(?:date|datetime)\((\d{4}), (\d+), (\d+)\)$"), r"\1-\2-\3"),
    (re.compile(r"^datetime\.datetime\((\d{4}), (\d+), (\d+), (\d+), (\d+).*\)$"), _repr_of_datetime),
    (re.compile(r"^D:(\d{8})(\d{6}|\d{4})?(?:(Z)|([+-]\d\d)'?(\d\d)'?)?.*$"), r"\1T\2\3\4\5"),
    (re.compile(r"^(\d{8})[-_ ](\d{6}|\d{4})$"), r"\1T\2"),
    (re.compile(r"^(.*\d[Zz])\[[A-Za-z/_]+\]$"), r"\1"),
    (re.compile(r"^(\d{4}):(\d\d):(\d\d) "), r"\1-\2-\3 "),
)  # fmt: skip
_HALF = re.compile(r"\s*(?:([ap])\.? ?m\.?)(?![^\W\d_])")
# Signs of a half of the day with other meanings elsewhere: only directly at the time.
_HALF_AT_CLOCK = {"os": "pm", "oo": "am", "du.": "pm", "de.": "am", "d.u.": "pm", "d.e.": "am"}
_VIETNAMESE_HALF = {"ch": "pm", "sa": "am"}
_DAY_WITH_ZONE = re.compile(r"\s*(z|[+-]\d\d:(?:00|15|30|45))")


class Reading(NamedTuple):
    time: datetime
    order: Order | None


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """The meaning of a written date.

    Attributes
    ----------
    readings : tuple of Reading
        Start of the unit of `precision`, in UTC if `zone` is "utc", else local. Several if the order of day
        and month is not known.
    precision : {"second", "minute", "hour", "day", "month", "year"}
    zone : str
        "utc"; "" if no zone is given; else the abbreviation of several zones.
    usual : str or None
        The order that counts without evidence for another.
    proves : str or None
        The only order that this value can have.
    """

    readings: tuple[Reading, ...]
    precision: Precision
    zone: str = ""
    usual: Order | None = None
    proves: Order | None = None


@lru_cache(maxsize=1 << 14)
def read_date(value: str) -> WrittenDate | None:
    """Read one date.

    A number, also with an ``@`` before it, counts seconds, milli-, micro- or nanoseconds since 1970.

    Returns
    -------
    WrittenDate or None
        None if the value says that there is no date: ``None``, ``NaT``, ``0000-00-00``, an epoch of 0.

    Raises
    ------
    UnreadableDateError
        The value is not a date, or not one that news can have.

    Examples
    --------
    >>> read_date("24 mars 2022").readings[0].time
    datetime.datetime(2022, 3, 24, 0, 0)
    >>> [reading.order for reading in read_date("03/04/2022").readings]
    ['dmy', 'mdy']
    """
    iso = _ISO.fullmatch(value)
    if iso is not None and not value.startswith("0000"):
        return _iso(value, iso)
    for pattern, inner in _WRAPPERS:
        value = pattern.sub(inner, value.strip())
    text = folded(value)
    if text in _MISSING or _ZERO_DATE.fullmatch(text):
        return None
    if _NUMBER.fullmatch(text):
        found = read_number(text.removeprefix("@"))
        if found is None:
            return None
        time, precision, is_utc = found
        return _checked(WrittenDate((Reading(time, None),), precision, "utc" if is_utc else ""))
    return _checked(_composed(text))


def _iso(value: str, parts: re.Match[str]) -> WrittenDate | None:
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        if not value[10:13].endswith("24") and not value[16:19].endswith("60"):
            raise UnreadableDateError("there is no such day or time") from None
        return _checked(_composed(folded(value)))
    precision: Precision = "day"
    if parts["m"]:
        precision = "second" if parts["s"] else "minute"
    zone = ""
    if time.tzinfo is not None:
        zone, local = "utc", time.replace(tzinfo=None)
        if is_sentinel(local.year, local.month, local.day) and local.year <= 1970:
            return None
        time = local - (time.utcoffset() or timedelta())
    return _checked(WrittenDate((Reading(time, None),), precision, zone))


def _checked(found: WrittenDate | None) -> WrittenDate | None:
    """Refuse dates that news cannot have; return None for values that mean "no date"."""
    if found is None:
        return None
    times = [reading.time for reading in found.readings]
    exact = found.precision not in ("month", "year")
    for time in times:
        midnight = time.hour == time.minute == time.second == 0
        if exact and is_sentinel(time.year, time.month, time.day) and (midnight or time.year in (1969, 1970)):
            return None
    for time in times:
        check_year(time.year)
    if min(times) > latest():
        raise UnreadableDateError("it is in the future")
    midnight = all(time.hour == time.minute == time.second == time.microsecond == 0 for time in times)
    if midnight and not found.zone and found.precision in ("second", "minute", "hour"):
        # Programs write a day as its first second. Claiming less than a second is never wrong about the day.
        return replace(found, precision="day")
    return found


def _composed(text: str) -> WrittenDate | None:
    """Combine day, time and zone."""
    day = find_numeric_day(text)
    rest = text if day is None else f"{text[: day.start]} | {text[day.end :]}"
    iso_day = day is not None and text[4:5] == "-"
    if (
        day is not None
        and iso_day
        and (told := _DAY_WITH_ZONE.fullmatch(text[day.end :]))
        and not text[: day.start]
    ):
        return _moved(day, None, "", told[1], Leftover("", ""))
    clock = find_clock(rest)
    before, behind = (rest, "") if clock is None else (rest[: clock.start], rest[clock.end :])
    half, offset = "", ""
    if clock is not None:
        if meridiem := _HALF.match(behind):
            half, behind = meridiem[1] + "m", behind[meridiem.end() :]
        else:
            half, before, behind = _half_at_clock(
                before, behind, vietnamese="thang" in text or "ngay" in text
            )
        told_offset = offset_at(behind.lstrip(" ([,"))
        if told_offset is not None:
            behind = behind.lstrip(" ([,")
            offset, behind = behind[: told_offset[1]], behind[told_offset[1] :]
    leftover = Leftover(before, behind)
    if day is None:
        day = named_day(leftover, clock is not None and bool(offset))
    else:
        without_date(leftover, clock is not None and bool(offset))
    return _moved(day, clock, half or leftover.half, offset, leftover)


def _half_at_clock(before: str, behind: str, *, vietnamese: bool) -> tuple[str, str, str]:
    """Return the half of the day that a sign next to the time gives, and the remaining text on both sides."""
    *_, last = before.split() or [""]
    first, *_ = behind.split() or [""]
    if last in _HALF_AT_CLOCK:
        return _HALF_AT_CLOCK[last], before.rstrip()[: -len(last)], behind
    known = _HALF_AT_CLOCK | _VIETNAMESE_HALF if vietnamese else _HALF_AT_CLOCK
    if first in known:
        return known[first], before, behind.lstrip()[len(first) :]
    return "", before, behind


def _moved(day: Day, clock: Clock | None, half: str, offset: str, leftover: Leftover) -> WrittenDate:
    """Return the readings with their time, in UTC if the zone is given."""
    shift = timedelta()
    if clock is not None:
        shift = timedelta(
            hours=clock.in_half(half),
            minutes=clock.minute,
            seconds=clock.second,
            microseconds=clock.microsecond,
        )
        if half and clock.hour > 12 and half == "am":
            raise UnreadableDateError(f"there is no {clock.hour} am")
    times = [Reading(time + shift, order) for time, order in _of_weekday(day, leftover.weekday)]
    zone = ""
    if offset:
        told = offset_at(offset)
        zone = "utc"
        times = [
            Reading(reading.time - (told[0] if told else timedelta()), reading.order) for reading in times
        ]
    elif leftover.zone:
        moved = [(reading, offset_of_name(leftover.zone, reading.time)) for reading in times]
        names = {offset for _, offset in moved if isinstance(offset, str)}
        zone = names.pop() if names else "utc"
        times = [
            Reading(reading.time - offset, reading.order) if isinstance(offset, timedelta) else reading
            for reading, offset in moved
        ]
    precision = day.precision if clock is None else clock.precision
    clear = len({reading.time for reading in times}) == 1
    return WrittenDate(
        tuple(times[:1] if clear else times),
        precision,
        zone,
        usual=None if clear else day.usual,
        proves=day.proves
        or (times[0].order if clear and len(day.readings) > 1 and len(times) == 1 else None),
    )


def _of_weekday(day: Day, weekday: int) -> Sequence[Reading]:
    """Return the readings that fall on the weekday that was written, if any do."""
    readings = [Reading(time, order) for time, order in day.readings]
    if len(readings) == 1 or weekday < 0:
        return readings
    return [reading for reading in readings if reading.time.weekday() == weekday] or readings
