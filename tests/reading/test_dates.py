"""When an article ran."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.reading.dates import read_moments


def one(value: str) -> str | None:
    moments, unreadable = read_moments(pa.array([value]))
    moment = moments[0].as_py()
    assert (moment is None) == (unreadable.tolist() == [0])
    return None if moment is None else moment.isoformat()


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-01-31", "2026-01-31T00:00:00+00:00"),
        ("20260131", "2026-01-31T00:00:00+00:00"),
        ("2026-01-31T10:00:00", "2026-01-31T10:00:00+00:00"),
        ("2026-01-31 10:00:00.25+05:30", "2026-01-31T04:30:00.250000+00:00"),
        ("2026-01-31T10:00:00.123456789Z", "2026-01-31T10:00:00.123456+00:00"),
        (" 2026-01-31T10:00Z ", "2026-01-31T10:00:00+00:00"),
        ("Sat, 31 Jan 2026 10:00:00 GMT", "2026-01-31T10:00:00+00:00"),
        ("Sat, 31 Jan 2026 10:00:00 -0500", "2026-01-31T15:00:00+00:00"),
        ("January 31, 2026 10:00 EST", "2026-01-31T15:00:00+00:00"),
        ("26-FEB-1987 15:01:01.79", "1987-02-26T15:01:01.790000+00:00"),
        ("31 January 2026", "2026-01-31T00:00:00+00:00"),
        ("20260131100000", "2026-01-31T10:00:00+00:00"),
        ("1700000000", "2023-11-14T22:13:20+00:00"),
        ("1700000000123", "2023-11-14T22:13:20.123000+00:00"),
        ("@1700000000", "2023-11-14T22:13:20+00:00"),
        ("@1700000000123", "2023-11-14T22:13:20.123000+00:00"),
        ("@0", "1970-01-01T00:00:00+00:00"),
        ("@-86400.5", "1969-12-30T23:59:59.500000+00:00"),
        ("yesterday", None),
        ("Monday", None),
        ("10:30", None),
        ("31 January", None),
        ("2026-13-01", None),
        ("31 January 2026 10:00 IST", None),
        ("@nan", None),
        ("@1e300", None),
        ("@", None),
        ("99999999999999999999", None),
        ("(((", None),
    ],
)
def test_values(value: str, moment: str | None) -> None:
    assert one(value) == moment


def test_a_column_of_many_minds() -> None:
    values = ["2026-01-31", None, "2026-01-31T10:00:00+01:00", "31 Jan 2026", "never", "2026-01-31"]
    moments, unreadable = read_moments(pa.array(values))
    assert unreadable.tolist() == [4]
    assert [moment and moment.hour for moment in moments.to_pylist()] == [0, None, 9, 0, None, 0]


def test_years_that_python_cannot_tell_are_unreadable() -> None:
    column = pa.array([10**15, 0], pa.timestamp("s", "UTC"))
    moments, unreadable = read_moments(column)
    assert unreadable.tolist() == [0] or moments.null_count == 2


zones = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(
    st.lists(
        st.datetimes(datetime(2, 1, 2), datetime(9998, 12, 30), timezones=zones | st.just(UTC)), max_size=5
    )
)
def test_iso_dates_come_back(values: list[datetime]) -> None:
    moments, unreadable = read_moments(pa.array([value.isoformat() for value in values], pa.string()))
    assert unreadable.tolist() == []
    assert moments.to_pylist() == values
