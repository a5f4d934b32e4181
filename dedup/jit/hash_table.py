"""Open-addressed hash tables over plain arrays, as the kernels use them."""

from __future__ import annotations

import numba as nb
import numpy as np


@nb.njit(nogil=True, cache=True)
def table_size(entries):  # type: ignore[no-untyped-def]
    """Return the number of slots for `entries` entries: a power of two, at most half full.

    Examples
    --------
    >>> table_size(3), table_size(32), table_size(33)
    (64, 64, 128)
    """
    size = 64
    while size < 2 * entries:
        size *= 2
    return size


@nb.njit(nogil=True, cache=True, inline="always")
def is_new(number, table):  # type: ignore[no-untyped-def]
    """Insert a number below 2**32 - 1 into a table of uint32 (0: free) and return whether it is new."""
    key = np.uint32(number + np.uint32(1))
    last = np.uint32(len(table) - 1)
    slot = number & last
    while table[slot] != 0 and table[slot] != key:
        slot = (slot + np.uint32(1)) & last
    new = table[slot] != key
    table[slot] = key
    return new
