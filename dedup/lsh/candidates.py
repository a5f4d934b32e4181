"""The result of joining the bands: pairs of articles that may share text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.runtime.unique import distinct

#: The most candidates of an article, if these have as many themselves. A story that 10,000 outlets run gives
#: an article some 30; what comes near this has hardly any words of its own.
MOST_PARTNERS = 1_024


@dataclass(frozen=True, slots=True)
class CandidatePairs:
    """Pairs of articles that may share a window.

    Attributes
    ----------
    a, b : ndarray of shape (n_pairs,), dtype uint32
        Article numbers with ``a < b``, sorted by (a, b), each pair once.
    cut_short : int
        Pairs of windows in buckets over the cap that were left out, and pairs of articles that have too many
        candidates.
    """

    a: NDArray[np.uint32]
    b: NDArray[np.uint32]
    cut_short: int

    @classmethod
    def union(cls, parts: Sequence[CandidatePairs]) -> CandidatePairs:
        """Pairs from buckets over the cap, with the member for which each was made."""
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


def bounded(
    a: NDArray[np.int64] | NDArray[np.uint32],
    b: NDArray[np.int64] | NDArray[np.uint32],
    most: int = MOST_PARTNERS,
) -> NDArray[np.bool_]:
    """Which pairs are compared where articles have more candidates than `most`, shape (n_pairs,).

    An article keeps its first candidates by number. A pair is left out only if neither of the two keeps it:
    one article that was made of thousands of others is compared with all of them.

    Parameters
    ----------
    a, b : ndarray of shape (n_pairs,)
        Numbers of articles, each pair once.

    Examples
    --------
    >>> bounded(np.array([0, 0, 0, 1, 1, 2]), np.array([1, 2, 3, 2, 3, 3]), most=1).tolist()
    [True, True, True, False, False, False]
    """
    if len(a) <= most:
        return np.ones(len(a), np.bool_)
    _, numbers = np.unique(np.concatenate([a, b]), return_inverse=True)
    one, two = numbers[: len(a)], numbers[len(a) :]
    counts = np.bincount(numbers)
    keep = np.ones(len(a), np.bool_)
    if counts.max() <= most:
        return keep
    rows = np.flatnonzero((counts[one] > most) & (counts[two] > most))
    own = np.concatenate([one, two])
    order = np.lexsort((np.concatenate([two, one]), own))
    firsts = np.cumsum(counts) - counts
    place = np.empty(len(own), np.int64)
    place[order] = np.arange(len(own)) - firsts[own[order]]
    keep[rows] = (place[rows] < most) | (place[len(a) + rows] < most)
    return keep


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
