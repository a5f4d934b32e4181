"""The core of a story: the words of its origin that the other articles have too."""

from __future__ import annotations

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.overlaps.align import Sides
from dedup.stories.groups import Stories


def core_words(
    sides: Sides, stories: Stories, origins: NDArray[np.int64], lengths: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Count the words of each story's origin that at least half of the articles compared with it share.

    Parameters
    ----------
    sides : Sides
        The passages that count as copied.
    origins : ndarray of shape (n_stories,), dtype int64
        Article numbers.
    lengths : ndarray of shape (n_articles,), dtype int64
        Number of tokens of each article that were compared.

    Returns
    -------
    ndarray of shape (n_stories,), dtype int64

    Examples
    --------
    Articles 1 and 2 have words 0 to 60 of article 0, article 1 has words 60 to 80 too:

    >>> from dedup.stories.groups import group
    >>> sides = Sides(np.array([0, 0, 0]), np.array([1, 2, 1]), np.array([0, 0, 60], np.int32),
    ...               np.array([60, 60, 80], np.int32), np.array([0, 1, 2]))
    >>> stories = group(4, np.array([0, 0]), np.array([1, 2]))
    >>> core_words(sides, stories, np.array([0]), np.array([100, 80, 60, 9])).tolist()
    [80]
    """
    bounds = np.searchsorted(sides.article, np.arange(len(lengths) + 1)).astype(np.int64)
    starts, ends = sides.starts.astype(np.int64), sides.ends.astype(np.int64)
    return np.asarray(_count(bounds, sides.other, starts, ends, stories.of_article, origins, lengths))


@nb.njit(nogil=True, cache=True)
def _count(bounds, others, starts, ends, of_article, origins, lengths):  # type: ignore[no-untyped-def]
    out = np.zeros(len(origins), np.int64)
    met = np.full(len(of_article), -1, np.int64)
    for story in range(len(origins)):
        origin = origins[story]
        first, last = bounds[origin], bounds[origin + 1]
        change = np.zeros(lengths[origin] + 1, np.int64)
        partners = 0
        for row in range(first, last):
            if of_article[others[row]] != story:
                continue
            partners += met[others[row]] != story
            met[others[row]] = story
            change[starts[row]] += 1
            change[ends[row]] -= 1
        holding = 0
        for place in range(lengths[origin]):
            holding += change[place]
            out[story] += holding > 0 and 2 * holding >= partners
    return out
