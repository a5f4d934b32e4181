"""Where the records of a table of text end."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray


def record_ends(data: NDArray[np.uint8], delimiter: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the place after each whole record, and the line breaks before it; data starts with a record."""
    ends = np.empty(len(data) + 1, np.int64)
    breaks = np.empty(len(data) + 1, np.int64)
    count = _find_ends(data, delimiter, ends, breaks)
    return ends[:count].copy(), breaks[:count].copy()


@njit(nogil=True, cache=True)
def _find_ends(data: Any, delimiter: int, ends: Any, breaks: Any) -> int:
    count, lines = 0, 0
    quoted, fresh = False, True
    at, size = 0, len(data)
    while at < size:
        c = data[at]
        at += 1
        if c == 34:
            if quoted:
                if at < size and data[at] == 34:
                    at += 1
                else:
                    quoted = False
            elif fresh:
                quoted = True
            fresh = False
            continue
        # A lone carriage return ends a line too; before a line feed it does not end the line twice.
        line_end = c == 10 or (c == 13 and at < size and data[at] != 10)
        lines += line_end
        if not quoted and line_end:
            ends[count] = at
            breaks[count] = lines
            count += 1
        fresh = c == delimiter or line_end
    return count


@njit(nogil=True, cache=True)
def not_blank(data: Any, cuts: Any) -> Any:
    """Return which records, each from one cut to the next, are more than line breaks."""
    filled = np.zeros(len(cuts) - 1, np.bool_)
    for record in range(len(filled)):
        for at in range(cuts[record], cuts[record + 1]):
            if data[at] != 10 and data[at] != 13:
                filled[record] = True
                break
    return filled
