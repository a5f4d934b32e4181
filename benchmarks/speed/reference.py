"""The fixed work that the guard measures the stages against: two kernels that never change.

A stage's time says little on a machine whose clock and neighbours change by the minute; its ratio to work
of the same kind, done in the same moment, says whether the stage has become slower. Whoever changes these
kernels must pin the baseline anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba as nb
import numpy as np

_BYTES, _HASHES, _FUNCTIONS = 3_000_000, 120_000, 128


def references() -> dict[str, Callable[[], object]]:
    """The kernels over their fixed data, compiled: each call takes some 5 ms.

    ``walk`` goes through bytes one by one with a table, branches and a hash; ``minima`` takes the least of
    128 affine functions, in vectors. (Adding to counters all over the memory was tried for the stages that do
    so, and was the noisiest of all: it hangs on what neighbours do to the caches.)
    """
    random = np.random.default_rng(1)
    # Words of one to nine letters, one in ten of the bytes a sign: about what prose looks like.
    letters = random.integers(97, 123, _BYTES).astype(np.uint8)
    letters[np.cumsum(random.integers(2, 11, _BYTES // 5)).clip(max=_BYTES - 1)] = 32
    table = np.where(np.arange(256) >= 97, np.arange(256), 0).astype(np.uint32)
    hashes = random.integers(0, 1 << 32, _HASHES, np.uint32)
    factors, summands = (random.integers(0, 1 << 32, _FUNCTIONS, np.uint32) | 1 for _ in range(2))
    words, least = np.empty(_BYTES, np.uint32), np.empty(_FUNCTIONS, np.uint32)
    kernels: dict[str, Callable[[], object]] = {
        "walk": lambda: _walk(letters, table, words),
        "minima": lambda: _minima(hashes, factors, summands, least),
    }
    for kernel in kernels.values():
        kernel()
    return kernels


@nb.njit(nogil=True, cache=True)
def _walk(data: Any, table: Any, out: Any) -> int:
    count = 0
    h = np.uint32(0)
    inside = False
    for byte in data:
        entry = table[byte]
        if entry != 0:
            h = np.uint32((h ^ entry) * np.uint32(0x9E3779B1))
            inside = True
        elif inside:
            out[count] = h
            count += 1
            h = np.uint32(0)
            inside = False
    return count


@nb.njit(nogil=True, cache=True)
def _minima(hashes: Any, factors: Any, summands: Any, out: Any) -> None:
    for i in range(len(factors)):
        a, b = factors[i], summands[i]
        least = np.uint32(0xFFFFFFFF)
        for h in hashes:
            least = min(least, np.uint32(a * h + b))
        out[i] = least
