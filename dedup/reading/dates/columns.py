"""Whole columns of dates: ISO 8601 and timestamps in bulk, other notations one by one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.article import Precision
from dedup.reading.dates.calendars import FIRST_YEAR, SENTINELS, UnreadableDateError, latest
from dedup.reading.dates.order import ORDERS
from dedup.reading.dates.written import WrittenDate, read_date
from dedup.reading.ids import string_buffers
from dedup.reading.records import Column

#: From the finest on; a column holds indices into this list.
PRECISIONS: tuple[Precision, ...] = ("second", "minute", "hour", "day", "month", "year")
SECOND, MINUTE, HOUR, DAY = range(4)
#: "No time" among times in microseconds.
NO_TIME = np.int64(np.iinfo(np.int64).min)

_UTC = pa.timestamp("us", tz="UTC")
_LOCAL = pa.timestamp("us")
_DAY = 86_400_000_000
_EPOCH = datetime(1970, 1, 1)
_FIRST = int((datetime(FIRST_YEAR, 1, 1) - _EPOCH).total_seconds()) * 1_000_000
_SENTINEL_DAYS = np.array(sorted((datetime(*day) - _EPOCH).days for day in SENTINELS))
# Microseconds of one unit of a timestamp, and units of a microsecond.
_UNITS = {"s": (1_000_000, 1), "ms": (1_000, 1), "us": (1, 1), "ns": (1, 1_000)}


@dataclass(slots=True)
class DateColumn:
    """The dates of a column.

    Attributes
    ----------
    times : ndarray of shape (n,), dtype int64
        Microseconds since 1970, in UTC if `zoned`, else local; `NO_TIME` if there is no date.
    precision : ndarray of shape (n,), dtype int8
        Indices into `PRECISIONS`.
    zoned : ndarray of shape (n,), dtype bool
    unreadable : dict of int to UnreadableDateError
        Why a row is not a date; rows that say that there is no date are not included.
    zone_names : dict of int to str
        Rows with an abbreviation that several zones have.
    readings : ndarray of shape (3, n), dtype int64, or None
        The times by `ORDERS` of rows in which the order of day and month is open; None if there are none.
    proves : ndarray of shape (n,), dtype int8
        The index in `ORDERS` of the only possible order of a row; -1 elsewhere.
    """

    times: NDArray[np.int64]
    precision: NDArray[np.int8]
    zoned: NDArray[np.bool_]
    unreadable: dict[int, UnreadableDateError] = field(default_factory=dict)
    zone_names: dict[int, str] = field(default_factory=dict)
    readings: NDArray[np.int64] | None = None
    proves: NDArray[np.int8] | None = None


def read_column(column: Column) -> DateColumn:
    """Read a column of dates.

    Parameters
    ----------
    column : pyarrow.Array of strings, timestamps, dates or numbers
        A number, or a string of an ``@`` and a number, is read as described in `dedup.reading.dates.numbers`.

    Examples
    --------
    >>> found = read_column(pa.array(["2026-01-31T10:00:00+01:00", "soon", None]))
    >>> str(found.times[0].astype("datetime64[us]")), [*found.unreadable]
    ('2026-01-31T09:00:00.000000', [1])
    """
    kind = column.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return _from_times(column)
    if pa.types.is_string(kind):
        return _from_strings(column)
    numbers = [None if value is None else f"@{value}" for value in column.to_pylist()]
    return _one_by_one(pa.array(numbers, pa.string()))


def _from_times(column: Column) -> DateColumn:
    is_day = pa.types.is_date(column.type)
    zoned = not is_day and column.type.tz is not None
    if is_day:
        column = column.cast(pa.date64()).cast(pa.timestamp("ms"))
    many, few = _UNITS[column.type.unit]
    # Sentinels in the far future overflow microseconds, so they are left out first.
    counts = np.asarray(pc.fill_null(column.cast(pa.int64()), 0))
    largest = int(np.iinfo(np.int64).max) // many
    within = np.abs(counts) < largest
    times = np.where(within, counts, 0) * many // few
    valid = np.asarray(column.is_valid())
    found = DateColumn(
        np.where(valid & within, times, NO_TIME),
        _precision(times, zoned=zoned, day=is_day),
        np.full(len(times), zoned, np.bool_),
    )
    for row in np.flatnonzero(valid & ~within).tolist():
        found.unreadable[row] = UnreadableDateError("it is in the future")
    return _reviewed(found, lambda row: _as_iso(int(found.times[row])))


def _precision(times: NDArray[np.int64], *, zoned: bool, day: bool) -> NDArray[np.int8]:
    """Return the precision: midnight without a zone is a day, because days are often stored so."""
    if day:
        return np.full(len(times), DAY, np.int8)
    return np.where((times % _DAY == 0) & (not zoned), DAY, SECOND).astype(np.int8)


def _as_iso(time: int) -> str:
    try:
        return (_EPOCH + timedelta(microseconds=time)).isoformat()
    except OverflowError:
        return "a year beyond 9999" if time > 0 else "a year before 1"


def _from_strings(column: Column) -> DateColumn:
    # Files are mostly consistent: the whole column has zones, or none has.
    for kind in (_UTC, _LOCAL):
        try:
            times = column.cast(kind)
        except pa.ArrowInvalid:
            continue
        zoned = kind is _UTC
        counts = np.array(pc.fill_null(times.cast(pa.int64()), int(NO_TIME)))
        precision = np.maximum(_of_lengths(column), _precision(counts, zoned=zoned, day=False))
        found = DateColumn(counts, precision.astype(np.int8), np.full(len(counts), zoned, np.bool_))
        return _reviewed(found, lambda row: str(column[row].as_py()))
    return _one_by_one(column)


def _of_lengths(column: Column) -> NDArray[np.int8]:
    """Return the precision of strings that Arrow has parsed, from where the time ends."""
    offsets, letters = string_buffers(column)
    starts, lengths = offsets[:-1], np.diff(offsets)
    if not len(letters):
        return np.zeros(len(starts), np.int8)
    colon = letters[np.minimum(starts.astype(np.int64) + 16, len(letters) - 1)] == ord(":")
    first = letters[np.minimum(starts.astype(np.int64) + 13, len(letters) - 1)] == ord(":")
    precision = np.where((lengths > 16) & colon, SECOND, np.where((lengths > 13) & first, MINUTE, HOUR))
    return np.where(lengths <= 10, DAY, precision).astype(np.int8)


def _reviewed(found: DateColumn, written: Any) -> DateColumn:
    """Read again, one by one, values that were read in bulk and are not plausible."""
    times = found.times
    last = int((latest() - _EPOCH).total_seconds()) * 1_000_000
    days = times // _DAY
    odd = (times < _FIRST) | (times > last) | np.isin(days, _SENTINEL_DAYS)
    for row in np.flatnonzero(odd & (times != NO_TIME)).tolist():
        if row in found.unreadable:
            continue
        found.times[row] = NO_TIME
        try:
            one = read_date(written(row))
        except UnreadableDateError as error:
            found.unreadable[row] = error
            continue
        if one is not None:
            found.times[row] = _microseconds(one.readings[0].time)
            found.precision[row] = PRECISIONS.index(one.precision)
    return found


def _one_by_one(column: Column) -> DateColumn:
    coded = column.dictionary_encode()
    values = coded.dictionary.to_pylist()
    table = DateColumn(
        np.full(len(values) + 1, NO_TIME),
        np.zeros(len(values) + 1, np.int8),
        np.zeros(len(values) + 1, np.bool_),
        readings=np.full((len(ORDERS), len(values) + 1), NO_TIME),
        proves=np.full(len(values) + 1, -1, np.int8),
    )
    for place, value in enumerate(values):
        try:
            one = read_date(value)
        except UnreadableDateError as error:
            table.unreadable[place] = error
            continue
        if one is not None:
            _enter(table, place, one)
    rows = np.asarray(coded.indices.fill_null(-1)).astype(np.int64)
    assert table.readings is not None
    assert table.proves is not None
    readings = table.readings[:, rows]
    odd = np.flatnonzero(np.isin(rows, [*table.unreadable, *table.zone_names])).tolist()
    return DateColumn(
        table.times[rows],
        table.precision[rows],
        table.zoned[rows],
        {row: table.unreadable[int(rows[row])] for row in odd if int(rows[row]) in table.unreadable},
        {row: table.zone_names[int(rows[row])] for row in odd if int(rows[row]) in table.zone_names},
        readings if (readings != NO_TIME).any() else None,
        table.proves[rows],
    )


def _enter(table: DateColumn, place: int, one: WrittenDate) -> None:
    table.precision[place] = PRECISIONS.index(one.precision)
    table.zoned[place] = one.zone == "utc"
    if one.zone not in ("", "utc"):
        table.zone_names[place] = one.zone
    if one.proves is not None and table.proves is not None:
        table.proves[place] = ORDERS.index(one.proves)
    if len(one.readings) == 1:
        table.times[place] = _microseconds(one.readings[0].time)
        return
    for reading in one.readings:
        if reading.order is not None and table.readings is not None:
            table.readings[ORDERS.index(reading.order), place] = _microseconds(reading.time)
            if reading.order == one.usual:
                table.times[place] = _microseconds(reading.time)


def _microseconds(time: datetime) -> int:
    return (time.replace(tzinfo=UTC) - _EPOCH.replace(tzinfo=UTC)) // timedelta(microseconds=1)
