"""What the join of the bands gives: pairs of articles that may share text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.runtime.unique import distinct


@dataclass(frozen=True, slots=True)
class CandidatePairs:
    """Pairs of articles that may share a window.

    Attributes
    ----------
    a, b : ndarray of shape (n_pairs,), dtype uint32
        Article numbers with ``a < b``, sorted by (a, b), each pair once.
    cut_short : int
        Pairs of windows in buckets over the cap that were left out.
    """

    a: NDArray[np.uint32]
    b: NDArray[np.uint32]
    cut_short: int

    @classmethod
    def union(cls, parts: Sequence[CandidatePairs]) -> CandidatePairs:
        """Return the pairs of all parts, each once."""
        if len(parts) == 1:
            return parts[0]
        pairs = distinct(
            np.concatenate([(part.a.astype(np.uint64) << np.uint64(32)) | part.b for part in parts])
        )
        return cls(
            (pairs >> np.uint64(32)).astype(np.uint32),
            pairs.astype(np.uint32),
            sum(part.cut_short for part in parts),
        )


class MemberPairs(NamedTuple):
    """Pairs that come of buckets over the cap, with the member for whose sake each was made.

    Attributes
    ----------
    member, a, b : ndarray of shape (n_pairs,), dtype uint32
        Article numbers, ``a < b``; `member` is one of the two.
    """

    member: NDArray[np.uint32]
    a: NDArray[np.uint32]
    b: NDArray[np.uint32]
