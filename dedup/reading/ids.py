"""Which ids were seen and where: 24 to 48 bytes per id, however long it is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from dedup.reading.records import Column

_SMALLEST = 1 << 12


class IdLedger:
    """The ids of a run, as 128 bits of hash each, and the places where they occur.

    Two different ids of one run are taken as equal with a probability below 1e-20 at a billion articles.

    Examples
    --------
    >>> import numpy as np, pyarrow as pa
    >>> ledger = IdLedger()
    >>> ledger.enter(pa.array(["a", "b", "a"]), ["x.jsonl"], np.array([1, 2, 5])).tolist()
    [-1, -1, 0]
    >>> ledger.place(0)
    ('x.jsonl', 1)
    """

    def __init__(self) -> None:
        self._high = np.zeros(_SMALLEST, np.uint64)
        self._low = np.zeros(_SMALLEST, np.uint64)
        self._number = np.full(_SMALLEST, -1, np.int64)
        self._used = 0
        self._total = 0
        self._begins: list[int] = []
        self._places: list[tuple[Sequence[str], range | NDArray[np.int64] | None]] = []

    def enter(self, ids: Column, files: Sequence[str], lines: NDArray[np.int64] | None) -> NDArray[np.int64]:
        """Add ids; return the number of each one's first holder among all ids so far, or -1 if it is new."""
        earlier = np.full(len(ids), -1, np.int64)
        while 2 * (self._used + len(ids)) > len(self._number):
            self._grow()
        offsets, letters = string_buffers(ids)
        self._used += _enter(offsets, letters, self._total, self._high, self._low, self._number, earlier)
        self._begins.append(self._total)
        self._places.append((files, _compact(lines)))
        self._total += len(ids)
        return earlier

    def place(self, number: int) -> tuple[str, int | None]:
        """Return the file and the line of an id's holder."""
        run = bisect_right(self._begins, number) - 1
        files, lines = self._places[run]
        row = number - self._begins[run]
        return files[row if len(files) > 1 else 0], None if lines is None else int(lines[row])

    def _grow(self) -> None:
        old = self._high, self._low, self._number
        size = 2 * len(self._number)
        self._high, self._low = np.zeros(size, np.uint64), np.zeros(size, np.uint64)
        self._number = np.full(size, -1, np.int64)
        _move_over(*old, self._high, self._low, self._number)


def string_buffers(column: Column) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """Return the offsets (one more than rows) and the bytes of a column of strings, without copying."""
    _, offsets, letters = column.buffers()
    if not len(column) or offsets is None:
        return np.zeros(len(column) + 1, np.int32), np.zeros(0, np.uint8)
    bounds = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    return bounds, np.zeros(0, np.uint8) if letters is None else np.frombuffer(letters, np.uint8)


def _compact(lines: NDArray[np.int64] | None) -> range | NDArray[np.int64] | None:
    if lines is None or not len(lines) or lines[-1] - lines[0] != len(lines) - 1:
        return lines
    return range(int(lines[0]), int(lines[-1]) + 1)


@njit(nogil=True, cache=True)
def _enter(offsets: Any, letters: Any, first: int, high: Any, low: Any, number: Any, earlier: Any) -> int:
    added = 0
    mask = np.uint64(len(number) - 1)
    for row in range(len(earlier)):
        one, two = np.uint64(0xCBF29CE484222325), np.uint64(0x9E3779B97F4A7C15)
        for at in range(offsets[row], offsets[row + 1]):
            byte = np.uint64(letters[at])
            one = (one ^ byte) * np.uint64(0x100000001B3)
            two = (two + byte + np.uint64(1)) * np.uint64(0xD6E8FEB86659FD93)
            two ^= two >> np.uint64(29)
        one ^= one >> np.uint64(32)
        one *= np.uint64(0xD6E8FEB86659FD93)
        one ^= one >> np.uint64(32)
        slot = one & mask
        while number[slot] >= 0 and not (high[slot] == one and low[slot] == two):
            slot = (slot + np.uint64(1)) & mask
        if number[slot] >= 0:
            earlier[row] = number[slot]
        else:
            high[slot], low[slot], number[slot] = one, two, first + row
            added += 1
    return added


@njit(nogil=True, cache=True)
def _move_over(old_high: Any, old_low: Any, old_number: Any, high: Any, low: Any, number: Any) -> None:
    mask = np.uint64(len(number) - 1)
    for old in range(len(old_number)):
        if old_number[old] >= 0:
            slot = old_high[old] & mask
            while number[slot] >= 0:
                slot = (slot + np.uint64(1)) & mask
            high[slot], low[slot], number[slot] = old_high[old], old_low[old], old_number[old]
