"""Signatures to band keys, and the probability that banding finds a pair.

A signature of ``bands * rows`` values is cut into bands; passages whose band is equal share a bucket
(Indyk and Motwani, 1998; Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", chapter 3).

A band whose rows all hold the value of one and the same shingle says no more than that the shingle is
there, and one shared shingle is what unrelated texts have in common. Such a band gets no key. A passage of
24 shingles loses one band in 24 by this, and chance candidates that share a single shingle are gone.
"""

from __future__ import annotations

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.minhash import EMPTY
from dedup.tokens import mix

#: A band without a key: no shingles, or a single one.
NO_KEY = np.uint32(0)


def band_keys(
    signatures: NDArray[np.uint32], permutations: NDArray[np.uint32], *, bands: int, rows: int
) -> NDArray[np.uint32]:
    """Hash each band of each signature.

    Parameters
    ----------
    signatures : ndarray of shape (n_passages, bands * rows), dtype uint32
    permutations : ndarray of shape (3, bands * rows), dtype uint32
        Those that made the signatures: with their inverses the shingle behind a value is known.

    Returns
    -------
    ndarray of shape (bands, n_passages), dtype uint32
        `NO_KEY` where a band says nothing.

    Examples
    --------
    >>> from dedup.minhash import permutations
    >>> band_keys(np.full((3, 4), EMPTY), permutations(4, 1), bands=2, rows=2).tolist()
    [[0, 0, 0], [0, 0, 0]]
    """
    keys = np.empty((bands, len(signatures)), np.uint32)
    _band_keys(signatures, permutations, rows, keys)
    return keys


def find_probability(jaccard: float | NDArray[np.float64], *, bands: int, rows: int) -> NDArray[np.float64]:
    """The probability that two sets of this Jaccard similarity share a bucket: ``1 - (1 - j**r)**b``.

    Examples
    --------
    >>> float(find_probability(0.5, bands=20, rows=2).round(4))
    0.9968
    """
    return np.asarray(1.0 - (1.0 - np.asarray(jaccard, np.float64) ** rows) ** bands)


@nb.njit(nogil=True, cache=True)
def _band_keys(signatures, permutations, rows, out):  # type: ignore[no-untyped-def]
    for passage in range(len(signatures)):
        for band in range(len(out)):
            key = np.uint32(band + 1)
            shingle = np.uint32(0)
            several = rows == 1
            empty = False
            for i in range(band * rows, (band + 1) * rows):
                value = signatures[passage, i]
                empty |= value == EMPTY
                origin = np.uint32((value - permutations[1, i]) * permutations[2, i])
                several |= i > band * rows and origin != shingle
                shingle = origin
                key = mix(np.uint32(key * np.uint32(0x9E3779B1) + value))
            if empty or not several:
                out[band, passage] = NO_KEY
            else:
                out[band, passage] = key if key != NO_KEY else np.uint32(1)
