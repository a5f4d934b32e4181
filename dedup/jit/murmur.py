"""MurmurHash3's finaliser, which spreads 32 bits evenly over 32 bits."""

from __future__ import annotations

import numba as nb
import numpy as np


@nb.njit(nogil=True, cache=True, inline="always")
def mix(h):  # type: ignore[no-untyped-def]
    """Apply the 32-bit finaliser of MurmurHash3 (Appleby, 2011): every bit of `h` affects every bit of the
    result.

    numba widens sums and products of 32-bit integers to 64 bits; the casts narrow them again.
    """
    h = np.uint32(h ^ (h >> np.uint32(16)))
    h = np.uint32(h * np.uint32(0x85EBCA6B))
    h = np.uint32(h ^ (h >> np.uint32(13)))
    h = np.uint32(h * np.uint32(0xC2B2AE35))
    return np.uint32(h ^ (h >> np.uint32(16)))
