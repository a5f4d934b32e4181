"""Borrowed arrays keep their contents, and their references are not counted."""

from __future__ import annotations

import sys
from typing import NamedTuple

import numba as nb
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dedup.jit.borrow import borrowed


@nb.njit
def _sum_of_slices(values, bounds):  # type: ignore[no-untyped-def]
    values, bounds = borrowed((values, bounds))
    total = np.int64(0)
    for start in bounds:
        total += _sum(values[start : start + 3])
    return total


@nb.njit
def _sum(values):  # type: ignore[no-untyped-def]
    total = np.int64(0)
    for value in values:
        total += value
    return total


@nb.njit
def _doubled_in_place(values):  # type: ignore[no-untyped-def]
    part = borrowed(values)[1:]
    for place in range(len(part)):
        part[place] *= 2


class _Room(NamedTuple):
    marks: np.ndarray
    counts: np.ndarray


@nb.njit
def _cleared_each_time(room, count, rounds):  # type: ignore[no-untyped-def]
    room = borrowed(room)
    for _ in range(rounds):
        room.marks[:count] = False
        _mark(room.marks, room.counts)


@nb.njit
def _mark(marks, counts):  # type: ignore[no-untyped-def]
    for place in range(len(marks)):
        counts[place] += not marks[place]
        marks[place] = True


@given(arrays(np.int32, st.integers(0, 20)), st.lists(st.integers(0, 19), max_size=8))
def test_slices_of_borrowed_arrays_hold_the_same(values: np.ndarray, bounds: list[int]) -> None:
    values.flags.writeable = False
    expected = sum(int(values[start : start + 3].sum(dtype=np.int64)) for start in bounds)
    assert _sum_of_slices(values, np.array(bounds, np.int64)) == expected


def test_what_is_written_to_a_borrowed_array_is_in_the_callers() -> None:
    values = np.arange(5)
    _doubled_in_place(values)
    assert values.tolist() == [0, 2, 4, 6, 8]


def test_what_is_written_to_an_array_of_a_borrowed_tuple_is_written() -> None:
    """This fails if numba inlines `borrowed`: it then drops the write, because nobody owns the array."""
    room = _Room(np.zeros(3, np.bool_), np.zeros(3, np.int64))
    _cleared_each_time(room, 3, 4)
    assert room.counts.tolist() == [4, 4, 4]


def test_an_array_is_freed_once_its_owner_has_gone() -> None:
    values = np.arange(1000)
    before = sys.getrefcount(values)
    for _ in range(10):
        _doubled_in_place(values)
    assert sys.getrefcount(values) == before


def test_outside_of_a_kernel_it_is_the_array_itself() -> None:
    values = np.arange(3)
    assert borrowed(values) is values
