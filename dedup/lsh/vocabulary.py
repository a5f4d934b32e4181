"""Texts with a very small vocabulary: in them three words in a row are no evidence, but sixteen are.

A thousand articles that use the same six words in any order share nearly all shingles of three words. That
makes half a million candidate pairs of hundreds of passages each. Texts with so small a vocabulary get longer
shingles: copies share these, and texts that merely use the same words do not.
"""

from __future__ import annotations

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.jit.murmur import mix

#: Tokens that are looked at together. Of 24 tokens of natural text about 20 are different, or about 14 where
#: characters are the tokens. The rule applies where at most a third of them are different.
_TOKENS_A_BLOCK, _PER_WORD = 24, 3
#: Number of words in a longer shingle, and in one for three different words or fewer: by chance, one window
#: in 10**9 shares one with another.
_LONG, _LONGEST, _FEWEST_WORDS = 16, 40, 3
_MULTIPLIER = np.uint32(0x01000193)


def lengthen_shingles(
    hashes: NDArray[np.uint32], offsets: NDArray[np.int64], shingles: NDArray[np.uint32], shingle_words: int
) -> NDArray[np.bool_]:
    """Replace the shingles of texts whose vocabulary is too small to distinguish one text from another.

    A run of 24 tokens has too small a vocabulary if at most eight of them are different.

    Parameters
    ----------
    hashes : ndarray of shape (n_tokens,)
    offsets : ndarray of shape (n_articles + 1,), dtype int64
        As in `dedup.text.tokens.Tokens`.
    shingles : ndarray of shape (n_tokens,), dtype uint32
        From `dedup.lsh.minhash.shingle_hashes`; changes in place.
    shingle_words : int

    Returns
    -------
    ndarray of shape (n_articles,), dtype bool
        Which articles have too small a vocabulary throughout.

    Examples
    --------
    >>> words = np.tile(np.arange(6, dtype=np.uint32), 9)
    >>> hashes, offsets = np.append(words, np.arange(54, dtype=np.uint32)), np.array([0, 54, 108])
    >>> shingles = hashes.copy()
    >>> lengthen_shingles(hashes, offsets, shingles, 1).tolist()
    [True, False]
    >>> bool((shingles[54:] == hashes[54:]).all()), bool((shingles[:54] == hashes[:54]).any())
    (True, False)
    """
    return np.asarray(_lengthen(hashes, offsets, shingles, shingle_words))


def sign_whole(
    hashes: NDArray[np.uint32], offsets: NDArray[np.int64], articles: NDArray[np.int64], values: int
) -> NDArray[np.uint32]:
    """Return values that articles have in common only if their words are the same, in the same order.

    Parameters
    ----------
    articles : ndarray of shape (n,), dtype int64
    values : int
        Number of values per article.

    Returns
    -------
    ndarray of shape (n, values), dtype uint32
        Each less than 2**31.

    Examples
    --------
    >>> hashes, offsets = np.array([1, 1, 2, 1, 1], np.uint32), np.array([0, 2, 3, 5])
    >>> one, two, three = sign_whole(hashes, offsets, np.arange(3), 2).tolist()
    >>> one == three, one == two
    (True, False)
    """
    out = np.empty((len(articles), values), np.uint32)
    _sign_whole(hashes, offsets, articles, out)
    return out


@nb.njit(nogil=True, cache=True)
def _lengthen(hashes, offsets, shingles, shingle_words):  # type: ignore[no-untyped-def]
    """Lengthen the shingles. In most blocks the first dozen tokens already show enough different words."""
    whole = np.zeros(len(offsets) - 1, np.bool_)
    for article in range(len(whole)):
        begin, end = offsets[article], offsets[article + 1]
        if end - begin < _TOKENS_A_BLOCK:
            continue
        whole[article] = True
        for start in range(begin, end, _TOKENS_A_BLOCK):
            # The last block reaches back, so that it is as long as the other blocks.
            stop = min(start + _TOKENS_A_BLOCK, end)
            known = _few_words(hashes[max(begin, stop - _TOKENS_A_BLOCK) : stop])
            if known == 0:
                whole[article] = False
                continue
            words = max(_LONG if known > _FEWEST_WORDS else _LONGEST, shingle_words)
            for place in range(start, min(stop, end - shingle_words + 1)):
                first = max(begin, min(place, end - words))
                hashed = np.uint32(0)
                for token in range(first, min(first + words, end)):
                    hashed = np.uint32(np.uint32(hashed * _MULTIPLIER) + hashes[token])
                shingles[place] = hashed
    return whole


@nb.njit(nogil=True, cache=True)
def _few_words(tokens):  # type: ignore[no-untyped-def]
    """Return the number of different words, or 0 if there are too many for the rule."""
    most = len(tokens) // _PER_WORD
    seen, known = np.empty(_TOKENS_A_BLOCK // _PER_WORD, tokens.dtype), 0
    for token in tokens:
        new = True
        for k in range(known):
            new &= seen[k] != token
        if new:
            if known == most:
                return 0
            seen[known] = token
            known += 1
    return known


@nb.njit(nogil=True, cache=True)
def _sign_whole(hashes, offsets, articles, out):  # type: ignore[no-untyped-def]
    for k in range(len(articles)):
        for value in range(out.shape[1]):
            hashed = np.uint32(value + 1)
            for token in range(offsets[articles[k]], offsets[articles[k] + 1]):
                hashed = mix(np.uint32(np.uint32(hashed * _MULTIPLIER) + hashes[token]))
            out[k, value] = hashed >> np.uint32(1)
