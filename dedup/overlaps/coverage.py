"""How much of each article its passages cover, and which passages many sources run."""

from __future__ import annotations

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.overlaps.align import Sides


def coverage(sides: Sides, lengths: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the share of each article's words that its passages cover, in [0, 1], shape (n_articles,)."""
    article, _, starts, ends, _ = sides
    return np.asarray(covered(article, starts, ends, lengths) / np.maximum(lengths, 1))


@nb.njit(nogil=True, cache=True)
def covered(articles, starts, ends, lengths):  # type: ignore[no-untyped-def]
    """Count the words of each article that are in at least one of its passages.

    Parameters
    ----------
    articles, starts, ends : ndarray of shape (n,)
        Passages, sorted by (article, start).
    lengths : ndarray of shape (n_articles,)

    Returns
    -------
    ndarray of shape (n_articles,), dtype int64
    """
    out = np.zeros(len(lengths), np.int64)
    reach, last = np.int64(0), np.int64(-1)
    for row in range(len(articles)):
        if articles[row] != last:
            last, reach = np.int64(articles[row]), np.int64(0)
        start, end = max(np.int64(starts[row]), reach), np.int64(ends[row])
        if end > start:
            out[last] += end - start
            reach = end
    return out


@nb.njit(nogil=True, cache=True)
def widely_run(articles, starts, ends, sources):  # type: ignore[no-untyped-def]
    """Whether at least two more sources run each passage: half of it is in passages shared with each of them.

    Parameters
    ----------
    articles, starts, ends, sources : ndarray of shape (n,)
        Passages sorted by (article, start), each with the source of the *other* article.
    """
    out = np.zeros(len(articles), np.bool_)
    for row in range(len(articles)):
        need = (ends[row] - starts[row] + 1) // 2
        for step in (-1, 1):
            other = row + step
            tried = 0
            while 0 <= other < len(articles) and articles[other] == articles[row] and tried < 64:
                shared = min(ends[row], ends[other]) - max(starts[row], starts[other])
                if shared >= need and sources[other] != sources[row]:
                    out[row] = True
                    break
                if step > 0 and starts[other] >= ends[row]:
                    break
                other += step
                tried += 1
            if out[row]:
                break
    return out
