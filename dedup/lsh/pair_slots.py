"""A set of pairs of articles: open addressing in one array of a power of two places, 0 for an empty one."""

from __future__ import annotations

import numba as nb
import numpy as np

from dedup.jit.murmur import mix
from dedup.jit.prefetch import prefetch

#: Number of pairs (a power of two) that wait while the slots at which they are sought are fetched.
AHEAD = 16


@nb.njit(nogil=True, cache=True, inline="always")
def pair_of(a, b):  # type: ignore[no-untyped-def]
    """Both article numbers in one, the smaller in the upper half; never 0, as they differ."""
    return (np.uint64(min(a, b)) << np.uint64(32)) | np.uint64(max(a, b))


@nb.njit(nogil=True, cache=True, inline="always")
def _first_slot(pair, slots):  # type: ignore[no-untyped-def]
    """Where the search for a pair begins."""
    low, high = np.uint32(pair >> np.uint64(32)), np.uint32(pair & np.uint64(0xFFFFFFFF))
    return np.int64(mix(np.uint32(mix(low) + high))) & (len(slots) - 1)


@nb.njit(nogil=True, cache=True, inline="always")
def _add(pair, slots):  # type: ignore[no-untyped-def]
    """Put a pair into the open-addressed set; 1 if it was not there, else 0."""
    slot = _first_slot(pair, slots)
    while slots[slot] != 0:
        if slots[slot] == pair:
            return 0
        slot = (slot + 1) & (len(slots) - 1)
    slots[slot] = pair
    return 1


@nb.njit(nogil=True, cache=True, inline="always")
def add_later(pair, waiting, number, slots):  # type: ignore[no-untyped-def]
    """Put the pair into the set that came `AHEAD` pairs ago, and have the slot of this one fetched."""
    place = number & (AHEAD - 1)
    added = _add(waiting[place], slots) if number >= AHEAD else 0
    waiting[place] = pair
    prefetch(slots, _first_slot(pair, slots))  # type: ignore[call-arg]
    return added


@nb.njit(nogil=True, cache=True)
def add_rest(waiting, number, slots):  # type: ignore[no-untyped-def]
    """Put the pairs into the set that still wait; how many were not there."""
    added = 0
    for pair in waiting[: min(number, AHEAD)]:
        added += _add(pair, slots)
    return added


@nb.njit(nogil=True, cache=True)
def refill(slots, larger):  # type: ignore[no-untyped-def]
    """Put the pairs of a set into a larger one, which is empty."""
    for pair in slots:
        if pair != 0:
            _add(pair, larger)
