"""Spans of texts cut out together: characters to bytes, and the bytes into one new Arrow array."""

from __future__ import annotations

import numba as nb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.jit.borrow import borrowed

#: Number of bytes whose characters are counted together.
_STEP = 64


def cut_out(
    data: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    rows: NDArray[np.int64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
) -> pa.StringArray:
    """Return the characters ``starts[i]:ends[i]`` of each text ``rows[i]``.

    Parameters
    ----------
    data, offsets
        The texts, as returned by `dedup.text.tokens.utf8_of`.
    rows, starts, ends : ndarray of shape (n,), dtype int64
        Half-open, in characters (code points), within the text.

    Returns
    -------
    pyarrow.StringArray of length n
        A `pyarrow.LargeStringArray` if it holds more than 2 GiB.

    Examples
    --------
    >>> from dedup.text.tokens import utf8_of
    >>> rows, starts, ends = np.array([0, 0]), np.array([6, 10]), np.array([9, 14])
    >>> cut_out(*utf8_of(["Putin met Khan."]), rows, starts, ends).to_pylist()
    ['met', 'Khan']
    """
    # In the order of the texts, so that a text with thousands of spans is read once.
    first, last = _byte_spans(data, offsets, rows, starts, ends, np.lexsort((starts, rows)))
    places = np.concatenate(([0], np.cumsum(last - first)))
    out = np.empty(places[-1], np.uint8)
    _copy(data, first, last, out)
    wide = places[-1] > np.iinfo(np.int32).max
    kind, offset_type = (pa.large_string(), np.int64) if wide else (pa.string(), np.int32)
    buffers = [None, pa.py_buffer(places.astype(offset_type)), pa.py_buffer(out)]
    return pa.Array.from_buffers(kind, len(rows), buffers)


@nb.njit(nogil=True, cache=True)
def _byte_spans(data, offsets, rows, starts, ends, order):  # type: ignore[no-untyped-def]
    """Find where each span is in `data`; `order` sorts the spans by text and beginning."""
    data, offsets, rows = borrowed((data, offsets, rows))
    first, last = np.empty(len(rows), np.int64), np.empty(len(rows), np.int64)
    text, place, character = np.int64(-1), 0, 0
    for row in order:
        end = offsets[rows[row] + 1]
        if rows[row] != text:
            text, place, character = rows[row], offsets[rows[row]], 0
        place += _byte_of(data[place:end], starts[row] - character)
        character = max(character, starts[row])
        first[row] = place
        last[row] = first[row] + _byte_of(data[first[row] : end], ends[row] - starts[row])
    return first, last


@nb.njit(nogil=True, cache=True)
def _byte_of(text, character):  # type: ignore[no-untyped-def]
    """Find where a character begins. Counts in steps of many bytes, which are vectorised, then one by one."""
    i, left = 0, character
    while left >= _STEP and i + _STEP <= len(text):
        step = text[i : i + _STEP]
        begun = 0
        for k in range(_STEP):
            begun += (step[k] & 0xC0) != 0x80  # all bytes of a character but the first have these bits
        left -= begun
        i += _STEP
    while True:
        while i < len(text) and text[i] & 0xC0 == 0x80:
            i += 1
        # Places from a damaged file may be negative, or beyond the text; the search ends all the same.
        if left <= 0 or i >= len(text):
            return min(i, len(text))
        left -= 1
        i += 1


@nb.njit(nogil=True, cache=True)
def _copy(data, first, last, out):  # type: ignore[no-untyped-def]
    data, first, last, out = borrowed((data, first, last, out))
    place = 0
    for row in range(len(first)):
        source = data[first[row] : last[row]]
        target = out[place : place + len(source)]
        for i in range(len(source)):
            target[i] = source[i]
        place += len(source)
