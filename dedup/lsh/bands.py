"""Signatures to band keys, and the probability that banding finds a pair.

A signature of ``bands * rows`` values is cut into bands; windows whose band is equal share a bucket
(Indyk and Motwani, 1998; Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", chapter 3).

A band whose rows all come from one shingle only says that this shingle is present, and unrelated texts often
share a single shingle. Such a band gets no key. A window of 24 shingles loses one band in 24 by this rule,
which removes the candidates that share a single shingle by chance.
"""

from __future__ import annotations

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.jit.murmur import mix
from dedup.lsh.minhash import EMPTY

#: Number of windows that are hashed together.
_WINDOWS = 1024
#: The key of a band without a shingle, or whose rows all come from one shingle.
NO_KEY = np.uint32(0)


def band_keys(
    signatures: NDArray[np.uint32], permutations: NDArray[np.uint32], *, bands: int, rows: int
) -> NDArray[np.uint32]:
    """Hash each band of each signature.

    Parameters
    ----------
    signatures : ndarray of shape (n_windows, bands * rows), dtype uint32
        Copied unless in Fortran order, which `dedup.lsh.minhash.sign_windows` returns.
    permutations : ndarray of shape (3, bands * rows), dtype uint32
        The permutations of the signatures; their inverses give the shingle behind a value.

    Returns
    -------
    ndarray of shape (bands, n_windows), dtype uint32
        `NO_KEY` for a band without a shingle, or whose rows all come from one shingle.

    Examples
    --------
    >>> from dedup.lsh.minhash import permutations
    >>> band_keys(np.full((3, 4), EMPTY), permutations(4, 1), bands=2, rows=2).tolist()
    [[0, 0, 0], [0, 0, 0]]
    """
    keys = np.empty((bands, len(signatures)), np.uint32)
    _band_keys(np.ascontiguousarray(signatures.T), permutations, rows, keys)
    return keys


def key_tails(signatures: NDArray[np.uint32], *, bands: int, rows: int) -> NDArray[np.uint8]:
    """Return eight more bits of each band's hash.

    Of n keys of 32 bits, n**2 / 2**33 pairs are equal by chance: about 130,000 in each band of a million
    articles. With the tails there are 500.

    Parameters
    ----------
    signatures : ndarray of shape (n_windows, bands * rows), dtype uint32
        Best in Fortran order.

    Returns
    -------
    ndarray of shape (bands, n_windows), dtype uint8

    Examples
    --------
    >>> key_tails(np.array([[1, 2], [3, 4], [1, 2]], np.uint32), bands=1, rows=2).tolist()
    [[122, 99, 122]]
    """
    tails = np.empty((bands, len(signatures)), np.uint8)
    _key_tails(np.ascontiguousarray(signatures.T), rows, tails)
    return tails


@nb.njit(nogil=True, cache=True)
def drop_repeated(keys, tails, articles):  # type: ignore[no-untyped-def]
    """Drop a window's key if the previous window of the same article has it too: it cannot add a candidate.

    Neighbouring windows share half their text, so most repeated keys are repeated within one article. Without
    them a bucket holds articles, not several windows of each.

    Parameters
    ----------
    keys : ndarray of shape (bands, n_windows), dtype uint32
        From `band_keys`; changes in place.
    tails : ndarray of shape (bands, n_windows), dtype uint8
        From `key_tails`.
    articles : ndarray of shape (n_windows,)
        The article of each window; the windows of an article are consecutive.

    Examples
    --------
    >>> keys = np.array([[7, 7, 5, 5]], np.uint32)
    >>> drop_repeated(keys, np.zeros((1, 4), np.uint8), np.array([0, 0, 0, 1]))
    >>> keys.tolist()
    [[7, 0, 5, 5]]
    """
    repeated = np.empty(_WINDOWS, np.bool_)
    for band in range(len(keys)):
        # Backwards, so that the previous key is still unchanged.
        for start in range((keys.shape[1] - 2) // _WINDOWS * _WINDOWS, -1, -_WINDOWS):
            end = min(start + _WINDOWS, keys.shape[1] - 1)
            key, before = keys[band, start + 1 : end + 1], keys[band, start:end]
            tail, tail_before = tails[band, start + 1 : end + 1], tails[band, start:end]
            article, article_before = articles[start + 1 : end + 1], articles[start:end]
            for k in range(end - start):
                repeated[k] = (
                    (key[k] == before[k]) & (tail[k] == tail_before[k]) & (article[k] == article_before[k])
                )
            for k in range(end - start):
                key[k] = NO_KEY if repeated[k] else key[k]


def find_probability(jaccard: float | NDArray[np.float64], *, bands: int, rows: int) -> NDArray[np.float64]:
    """Return the probability that two sets of this Jaccard similarity share a bucket: ``1 - (1 - j**r)**b``.

    Examples
    --------
    >>> float(find_probability(0.5, bands=20, rows=2).round(4))
    0.9968
    """
    return np.asarray(1.0 - (1.0 - np.asarray(jaccard, np.float64) ** rows) ** bands)


@nb.njit(nogil=True, cache=True)
def _band_keys(values, permutations, rows, out):  # type: ignore[no-untyped-def]
    """Process one band and one chunk of windows at a time, row by row, so that the loops vectorise."""
    first, several = np.empty(_WINDOWS, np.uint32), np.empty(_WINDOWS, np.bool_)
    for band in range(len(out)):
        for start in range(0, out.shape[1], _WINDOWS):
            keys = out[band, start : start + _WINDOWS]
            count = len(keys)
            keys[:] = np.uint32(band + 1)
            several[:] = rows == 1
            for row in range(band * rows, (band + 1) * rows):
                value = values[row, start : start + count]
                summand, inverse = permutations[1, row], permutations[2, row]
                if row == band * rows:
                    for k in range(count):
                        first[k] = np.uint32(np.uint32(value[k] - summand) * inverse)
                else:
                    for k in range(count):
                        several[k] |= np.uint32(np.uint32(value[k] - summand) * inverse) != first[k]
                for k in range(count):
                    keys[k] = mix(np.uint32(np.uint32(keys[k] * np.uint32(0x9E3779B1)) + value[k]))
            for k in range(count):
                keys[k] = max(keys[k], np.uint32(1)) if several[k] else NO_KEY
            for row in range(band * rows, (band + 1) * rows):
                value = values[row, start : start + count]
                for k in range(count):
                    keys[k] = NO_KEY if value[k] == EMPTY else keys[k]


@nb.njit(nogil=True, cache=True)
def _key_tails(values, rows, out):  # type: ignore[no-untyped-def]
    """Take the highest bits of a sum of products, which every bit of the values affects."""
    sums = np.empty(_WINDOWS, np.uint32)
    for band in range(len(out)):
        for start in range(0, out.shape[1], _WINDOWS):
            tails = out[band, start : start + _WINDOWS]
            sums[:] = np.uint32(0)
            for row in range(band * rows, (band + 1) * rows):
                value = values[row, start : start + len(tails)]
                for k in range(len(tails)):
                    sums[k] = np.uint32(np.uint32(sums[k] + value[k]) * np.uint32(0x85EBCA6B))
            for k in range(len(tails)):
                tails[k] = np.uint8(sums[k] >> np.uint32(24))
