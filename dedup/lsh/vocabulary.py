"""Articles of hardly any words: nearly all pairs of them look alike, and that says nothing."""

from __future__ import annotations

import numba as nb
import numpy as np
from numpy.typing import NDArray

#: An article of at least so many tokens needs more different ones than this to be compared.
_MANY_TOKENS, _FEW_WORDS = 48, 8


def of_few_words(hashes: NDArray[np.uint32], offsets: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which articles have a vocabulary that is too small to tell one from another.

    A thousand articles of six words in any order make half a million pairs, each with hundreds of passages.
    Natural text of 48 words has some 35 different ones.

    Parameters
    ----------
    hashes : ndarray of shape (n_tokens,)
    offsets : ndarray of shape (n_articles + 1,), dtype int64
        As in `dedup.text.tokens.Tokens`.

    Returns
    -------
    ndarray of shape (n_articles,), dtype bool

    Examples
    --------
    >>> words = np.tile(np.arange(6, dtype=np.uint32), 9)
    >>> of_few_words(np.append(words, np.arange(54, dtype=np.uint32)), np.array([0, 54, 108])).tolist()
    [True, False]
    """
    return np.asarray(_poor(hashes, offsets))


@nb.njit(nogil=True, cache=True)
def _poor(hashes, offsets):  # type: ignore[no-untyped-def]
    """Whether each article is; of most the first dozen tokens show that they are not."""
    out = np.zeros(len(offsets) - 1, np.bool_)
    seen = np.zeros(_FEW_WORDS, hashes.dtype)
    for article in range(len(out)):
        if offsets[article + 1] - offsets[article] < _MANY_TOKENS:
            continue
        known = 0
        for at in range(offsets[article], offsets[article + 1]):
            new = True
            for k in range(known):
                new &= seen[k] != hashes[at]
            if new:
                if known == _FEW_WORDS:
                    known += 1
                    break
                seen[known] = hashes[at]
                known += 1
        out[article] = known <= _FEW_WORDS
    return out
