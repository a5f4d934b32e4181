"""The arrays that the alignment of a pair writes to, made once for a batch of pairs."""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.alignment.extension import MATCHES_A_ROW, ROWS
from dedup.alignment.seeding import SeedTable, seed_table
from dedup.thresholds import LONGEST_FILL, MATCHES_A_PLACE


class Workspace(NamedTuple):
    """The arrays that the alignment of a pair writes to, sized for the longest article on either side."""

    seeds: NDArray[np.uint32]
    hits: NDArray[np.int32]
    seed_index: SeedTable
    diagonals: NDArray[np.int32]
    cover: NDArray[np.uint8]
    blocks: NDArray[np.int32]
    weights: NDArray[np.float32]
    best: NDArray[np.float32]
    before: NDArray[np.int32]
    used: NDArray[np.bool_]
    chain: NDArray[np.int32]
    runs: NDArray[np.int32]
    used_a: NDArray[np.bool_]
    used_b: NDArray[np.bool_]
    cells: NDArray[np.int32]
    scores: NDArray[np.float32]
    table: NDArray[np.float32]


@nb.njit(nogil=True, cache=True)
def workspace(longest_a, longest_b):  # type: ignore[no-untyped-def]
    """Allocate work space for articles of at most this many tokens on either side."""
    capacity = MATCHES_A_PLACE * longest_b + 16
    return Workspace(
        np.empty(max(longest_a, longest_b), np.uint32),
        np.empty(longest_b, np.int32),
        seed_table(longest_a),
        np.empty(longest_a + longest_b + 1, np.int32),
        np.empty(longest_b + 1, np.uint8),
        np.empty((3, capacity), np.int32),
        np.empty(capacity, np.float32),
        np.empty(capacity, np.float32),
        np.empty(capacity, np.int32),
        np.zeros(capacity, np.bool_),
        np.empty((3, capacity), np.int32),
        np.empty((3, 2 * longest_b + 16), np.int32),
        np.empty(longest_a, np.bool_),
        np.empty(longest_b, np.bool_),
        np.empty((ROWS, MATCHES_A_ROW + 1), np.int32),
        np.empty((ROWS, MATCHES_A_ROW), np.float32),
        np.empty((LONGEST_FILL + 1, LONGEST_FILL + 1), np.float32),
    )
