"""A set of pairs of articles: an open-addressed table whose length is a power of two; 0 is empty."""

from __future__ import annotations

import numba as nb
import numpy as np

from dedup.jit.murmur import mix
from dedup.jit.prefetch import prefetch

#: Number of pairs (a power of two) that wait while the slots where their search starts are fetched.
AHEAD = 16


@nb.njit(nogil=True, cache=True, inline="always")
def pair_of(a, b):  # type: ignore[no-untyped-def]
    """Combine two article numbers, the smaller in the upper half. Never 0, because they differ."""
    return (np.uint64(min(a, b)) << np.uint64(32)) | np.uint64(max(a, b))


@nb.njit(nogil=True, cache=True, inline="always")
def _first_slot(pair, slots):  # type: ignore[no-untyped-def]
    """Return the slot at which the search for a pair begins."""
    low, high = np.uint32(pair >> np.uint64(32)), np.uint32(pair & np.uint64(0xFFFFFFFF))
    return np.int64(mix(np.uint32(mix(low) + high))) & (len(slots) - 1)


@nb.njit(nogil=True, cache=True, inline="always")
def _add(pair, slots):  # type: ignore[no-untyped-def]
    """Add a pair to the open-addressed set. Return 1 if it was new, else 0."""
    slot = _first_slot(pair, slots)
    while slots[slot] != 0:
        if slots[slot] == pair:
            return 0
        slot = (slot + 1) & (len(slots) - 1)
    slots[slot] = pair
    return 1


@nb.njit(nogil=True, cache=True, inline="always")
def add_later(pair, waiting, number, slots):  # type: ignore[no-untyped-def]
    """Add to the set the pair that came `AHEAD` pairs earlier, and prefetch the slot of this one."""
    place = number & (AHEAD - 1)
    added = _add(waiting[place], slots) if number >= AHEAD else 0
    waiting[place] = pair
    prefetch(slots, _first_slot(pair, slots))  # type: ignore[call-arg]
    return added


@nb.njit(nogil=True, cache=True)
def add_rest(waiting, number, slots):  # type: ignore[no-untyped-def]
    """Add the pairs that still wait to the set, and return how many of them were new."""
    added = 0
    for pair in waiting[: min(number, AHEAD)]:
        added += _add(pair, slots)
    return added


@nb.njit(nogil=True, cache=True)
def refill(slots, larger):  # type: ignore[no-untyped-def]
    """Copy the pairs of a set into a larger one, which is empty."""
    for pair in slots:
        if pair != 0:
            _add(pair, larger)
