"""Spans of texts, cut out in one go: characters to bytes, and the bytes into one new Arrow array."""

from __future__ import annotations

import numba as nb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.tokens import utf8_of

#: Of a text that is not plain ASCII the byte of every so many characters is kept: from there one walks.
_STEP = 64


def cut_out(
    texts: pa.StringArray, rows: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> pa.StringArray:
    """The characters ``starts[i]:ends[i]`` of the text ``rows[i]``.

    Parameters
    ----------
    texts : pyarrow.StringArray or pyarrow.LargeStringArray
        Without nulls.
    rows, starts, ends : ndarray of shape (n,), dtype int64
        Half-open, in characters (code points), within the text.

    Returns
    -------
    pyarrow.StringArray of length n
        A `pyarrow.LargeStringArray` where it holds more than 2 GiB.

    Examples
    --------
    >>> rows, starts, ends = np.array([0, 0]), np.array([6, 10]), np.array([9, 14])
    >>> cut_out(pa.array(["Putin met Khan."]), rows, starts, ends).to_pylist()
    ['met', 'Khan']
    """
    data, offsets = utf8_of(texts)
    first, last = _byte_spans(data, offsets, rows, starts, ends)
    places = np.concatenate(([0], np.cumsum(last - first)))
    out = np.empty(places[-1], np.uint8)
    _copy(data, first, last, out)
    wide = places[-1] > np.iinfo(np.int32).max
    kind, offset_type = (pa.large_string(), np.int64) if wide else (pa.string(), np.int32)
    buffers = [None, pa.py_buffer(places.astype(offset_type)), pa.py_buffer(out)]
    return pa.Array.from_buffers(kind, len(rows), buffers)


@nb.njit(nogil=True, cache=True)
def _byte_spans(data, offsets, rows, starts, ends):  # type: ignore[no-untyped-def]
    """Where each span lies in `data`."""
    count = len(offsets) - 1
    # The bytes of the characters 0, 64, 128, … of each text; none of a text whose characters are bytes.
    marked = np.zeros(count + 1, np.int64)
    for text in range(count):
        characters = data[offsets[text] : offsets[text + 1]]  # a slice, so that vectors are made of the loop
        other = np.uint8(0)
        for i in range(len(characters)):
            other |= characters[i]
        marked[text + 1] = marked[text]
        if other >= 128:
            marked[text + 1] += (offsets[text + 1] - offsets[text]) // _STEP + 1
    marks = np.empty(marked[count], np.int64)
    for text in range(count):
        if marked[text + 1] > marked[text]:
            character, mark = 0, marked[text]
            for i in range(offsets[text], offsets[text + 1]):
                if data[i] & 0xC0 != 0x80:
                    if character % _STEP == 0:
                        marks[mark] = i
                        mark += 1
                    character += 1
            if character % _STEP == 0:
                marks[mark] = offsets[text + 1]
    first, last = np.empty(len(rows), np.int64), np.empty(len(rows), np.int64)
    for row in range(len(rows)):
        text = rows[row]
        if marked[text + 1] == marked[text]:
            first[row], last[row] = offsets[text] + starts[row], offsets[text] + ends[row]
        else:
            first[row] = _walk(data, marks, marked[text], starts[row])
            last[row] = _walk(data, marks, marked[text], ends[row])
    return first, last


@nb.njit(nogil=True, cache=True, inline="always")
def _walk(data, marks, mark, character):  # type: ignore[no-untyped-def]
    """The byte of a character, from the last mark before it."""
    i = marks[mark + character // _STEP]
    for _ in range(character % _STEP):
        i += 1
        while i < len(data) and data[i] & 0xC0 == 0x80:
            i += 1
    return i


@nb.njit(nogil=True, cache=True)
def _copy(data, first, last, out):  # type: ignore[no-untyped-def]
    place = 0
    for row in range(len(first)):
        source = data[first[row] : last[row]]
        target = out[place : place + len(source)]
        for i in range(len(source)):
            target[i] = source[i]
        place += len(source)
