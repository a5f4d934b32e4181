"""Where lines end in UTF-8, and how many characters precede a byte."""

from __future__ import annotations

import numba as nb
import numpy as np


@nb.njit(nogil=True, cache=True)
def characters_before(data, starts, ends):  # type: ignore[no-untyped-def]
    """Count the characters in the bytes starts:ends of UTF-8, which begin and end with whole characters.

    Parameters
    ----------
    data : ndarray of shape (n_bytes,), dtype uint8
    starts, ends : ndarray of shape (n,), dtype int64

    Returns
    -------
    ndarray of shape (n,), dtype int64

    Examples
    --------
    >>> data = np.frombuffer("né".encode(), np.uint8)
    >>> characters_before(data, np.array([0, 0]), np.array([1, 3])).tolist()
    [1, 2]
    """
    found = np.empty(len(starts), np.int64)
    for i in range(len(starts)):
        count = 0
        for byte in data[starts[i] : ends[i]]:
            count += byte & 0xC0 != 0x80
        found[i] = count
    return found


@nb.njit(nogil=True, cache=True)
def line_ends(data, starts, ends):  # type: ignore[no-untyped-def]
    r"""Return where the lines that begin at `starts` end, at `ends` at the latest.

    A line ends before the first line feed, or before another character that `dedup.text.characters` counts as
    a line separator.

    Parameters
    ----------
    data : ndarray of shape (n_bytes,), dtype uint8
        UTF-8.
    starts, ends : ndarray of shape (n_lines,), dtype int64

    Returns
    -------
    ndarray of shape (n_lines,), dtype int64

    Examples
    --------
    >>> data = np.frombuffer("Ja.\n(PTI)\u2028x".encode(), np.uint8)
    >>> line_ends(data, np.array([0, 4]), np.array([13, 13])).tolist()
    [3, 9]
    """
    found = np.empty(len(starts), np.int64)
    for line in range(len(starts)):
        at, end = starts[line], ends[line]
        while at < end:
            byte = data[at]
            if 10 <= byte <= 13:
                break
            if byte == 0xC2 and at + 1 < end and data[at + 1] == 0x85:  # next line
                break
            if byte == 0xE2 and at + 2 < end and data[at + 1] == 0x80 and data[at + 2] & 0xFE == 0xA8:
                break  # the separators of lines and of paragraphs
            at += 1
        found[line] = at
    return found
