"""Moments as intervals: a time may be known to the second, or only to the day."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.stories.sharing import NEVER

#: Length of the unit of each precision, in microseconds; a month or a year at its longest.
_SECOND = 1_000_000
_DAY = 86_400 * _SECOND
LENGTHS = {
    "second": 1,
    "minute": 60 * _SECOND,
    "hour": 3_600 * _SECOND,
    "day": _DAY,
    "month": 31 * _DAY,
    "year": 366 * _DAY,
}


def intervals(
    published: NDArray[np.datetime64], precision: NDArray[np.object_] | None = None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first and the last microsecond at which each article may have been published.

    Parameters
    ----------
    published : ndarray of shape (n,), dtype datetime64[us]
        The beginning of the unit; NaT where the time is not known.
    precision : ndarray of shape (n,), optional
        Keys of `LENGTHS`; "second" by default, and where the value is missing.

    Returns
    -------
    since, until : ndarray of shape (n,), dtype int64
        `NEVER` where the time is not known.

    Examples
    --------
    >>> day = np.array(["2024-03-01"], "datetime64[us]")
    >>> since, until = intervals(day, np.array(["day"], object))
    >>> (until - since + 1).item() // 3_600_000_000
    24
    """
    unknown = np.isnat(published)
    since = np.where(unknown, NEVER, published.astype("datetime64[us]").astype(np.int64))
    lasting = np.ones(len(published), np.int64)
    if precision is not None:
        for name, length in LENGTHS.items():
            lasting[precision == name] = length
    return since, np.where(unknown, NEVER, since + np.where(unknown, 0, lasting - 1))


def direction(
    since: NDArray[np.int64],
    until: NDArray[np.int64],
    a: NDArray[np.int64],
    b: NDArray[np.int64],
) -> tuple[NDArray[np.int8], NDArray[np.int64]]:
    """Return which article of each pair was published first, and the minimum time between the two.

    Parameters
    ----------
    since, until : ndarray of shape (n_articles,), dtype int64
        From `intervals`.
    a, b : ndarray of shape (n_pairs,), dtype int64
        Article numbers.

    Returns
    -------
    earlier : ndarray of shape (n_pairs,), dtype int8
        0 for a, 1 for b, -1 where the two intervals overlap or a time is not known.
    gap : ndarray of shape (n_pairs,), dtype int64
        In whole seconds; 0 where `earlier` is -1.
    """
    known = (since[a] != NEVER) & (since[b] != NEVER)
    a_first, b_first = known & (until[a] < since[b]), known & (until[b] < since[a])
    earlier = np.select([a_first, b_first], [np.int8(0), np.int8(1)], np.int8(-1))
    gap = np.select([a_first, b_first], [since[b] - until[a], since[a] - until[b]], 0)
    return earlier, gap // _SECOND
