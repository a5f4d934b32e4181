"""When an article ran: ISO 8601 in bulk, other ways of writing a date one by one, always to UTC."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone, tzinfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from dateutil import parser as dateutil
from numpy.typing import NDArray

from dedup.reading.records import Column

_UTC = pa.timestamp("us", tz="UTC")
_NO_ZONE = pa.timestamp("us")

# The zones that RFC 5322 names; others, such as IST, mean different hours in different countries.
_ZONES = {"UT": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}

# Epochs of 10 digits are seconds (2001 to 2286), of 13 milliseconds; shorter digits are dates (20260131).
_EPOCH_DIGITS = (10, 13)
_MILLISECONDS_FROM = 1e11
_FIRST, _LAST = -62_135_596_800, 253_402_300_800


def read_moments(column: Column) -> tuple[Column, NDArray[np.int64]]:
    """Turn a column of dates into timestamps in UTC.

    Parameters
    ----------
    column : pyarrow.Array of strings, timestamps, dates or numbers
        A number, or a string of an ``@`` and a number, counts seconds since 1970, or milliseconds from 1e11
        on. A time without a zone is UTC.

    Returns
    -------
    moments : pyarrow.Array of timestamp[us, tz=UTC]
        Null where the column is null or not readable.
    unreadable : ndarray of int64
        The rows whose value tells no moment between the years 1 and 9999.

    Examples
    --------
    >>> moments, unreadable = read_moments(pa.array(["2026-01-31T10:00:00+01:00", "soon", None]))
    >>> moments[0].as_py().isoformat(), unreadable.tolist()
    ('2026-01-31T09:00:00+00:00', [1])
    """
    kind = column.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        moments = _from_times(column)
    elif pa.types.is_string(kind):
        moments = _from_strings(column)
    else:
        marked = [None if value is None else f"@{value}" for value in column.to_pylist()]
        moments = _from_strings(pa.array(marked, pa.string()))
    lost: Column = pc.and_(pc.is_valid(column), pc.is_null(moments))
    return moments, np.flatnonzero(lost.to_numpy(zero_copy_only=False))


def _from_times(column: Column) -> Column:
    zoned = pa.types.is_timestamp(column.type) and column.type.tz is not None
    try:
        moments = column.cast(_UTC if zoned else _NO_ZONE, safe=False).cast(_UTC)
    except pa.ArrowInvalid:
        return pa.nulls(len(column), _UTC)
    seconds = moments.cast(pa.int64())
    within = pc.and_(
        pc.greater_equal(seconds, pa.scalar(_FIRST * 1_000_000)),
        pc.less(seconds, pa.scalar(_LAST * 1_000_000)),
    )
    return pc.if_else(within, moments, pa.scalar(None, _UTC))


def _from_strings(column: Column) -> Column:
    # Files are mostly of one mind: the whole column has zones, or none has.
    for kind in (_UTC, _NO_ZONE):
        try:
            return _from_times(column.cast(kind))
        except pa.ArrowInvalid:
            continue
    coded = column.dictionary_encode()
    moments = pa.array([_moment(value) for value in coded.dictionary.to_pylist()], _UTC)
    return moments.take(coded.indices)


def _moment(value: str) -> datetime | None:
    """One moment, or None where the value tells none."""
    value = value.strip()
    try:
        if value.startswith("@"):
            return _epoch(float(value[1:]))
        if value.isdecimal() and len(value) in _EPOCH_DIGITS:
            return _epoch(int(value))
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            # A date without a year would be filled up from today's; year 1 shows that it was not given.
            moment = dateutil.parse(value, default=datetime(1, 1, 1), tzinfos=_zone)
            if moment.year == 1:
                return None
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError, TypeError, AttributeError):
        return None


def _epoch(number: float) -> datetime | None:
    seconds = number / 1000 if abs(number) >= _MILLISECONDS_FROM else number
    if not math.isfinite(seconds) or not _FIRST <= seconds < _LAST:
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    if name is None:
        return None
    if name not in _ZONES:
        raise ValueError(f"unknown time zone {name}")
    return timezone(timedelta(hours=_ZONES[name]))
