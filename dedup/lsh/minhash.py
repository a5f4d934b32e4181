"""Windows to signatures: MinHash (Broder, 1997), value for value as datasketch computes it.

A shingle's hash is a polynomial of its tokens' hashes. datasketch 2's scheme ``affine32`` mixes it with the
finaliser of MurmurHash3 and takes, for each of k permutations, ``a * h + b mod 2**32`` with odd ``a``; the
signature holds the k minima. The permutations are drawn as datasketch draws them, so a signature of ours *is*
a `datasketch.MinHash`: `to_datasketch` hands it over.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numba as nb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.jit.borrow import borrowed
from dedup.jit.murmur import mix
from dedup.lsh.windows import half_counts, window_counts
from dedup.text.tokens import tokenise

if TYPE_CHECKING:
    from datasketch import MinHash

#: The value of a signature without shingles, as in datasketch.
EMPTY = np.uint32(0xFFFFFFFF)
_SHINGLE_MULTIPLIER = np.uint32(0x01000193)
#: Number of half-windows that are signed side by side, and of shingles of each per step.
_HALVES, _TOGETHER = 512, 4


@lru_cache(maxsize=16)
def permutations(count: int, seed: int) -> NDArray[np.uint32]:
    """Return datasketch's permutations.

    Returns
    -------
    ndarray of shape (3, count), dtype uint32
        The factors ``a``, the summands ``b``, and the inverses of ``a`` modulo 2**32.

    Examples
    --------
    >>> a, b, inverse = permutations(4, seed=1)
    >>> (a * inverse).tolist()
    [1, 1, 1, 1]
    """
    # The same draws as in datasketch's `MinHash._init_permutations`, which the tests check. Importing
    # datasketch for them would take longer than comparing two articles.
    draw = np.random.RandomState(seed)
    a = draw.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    b = draw.randint(0, 1 << 32, count, dtype=np.uint32)
    inverse = np.array([pow(int(factor), -1, 1 << 32) for factor in a], np.uint32)
    return np.stack([a, b, inverse]).astype(np.uint32)


def shingle_hashes(
    hashes: NDArray[np.uint32], offsets: NDArray[np.int64], shingle_words: int
) -> NDArray[np.uint32]:
    """Hash the shingle that starts at each token.

    Parameters
    ----------
    hashes, offsets
        As in `dedup.text.tokens.Tokens`.

    Returns
    -------
    ndarray of shape (n_tokens,), dtype uint32
        0 for the last ``shingle_words - 1`` tokens of each article, which do not start a shingle.

    Examples
    --------
    >>> tokens = tokenise(["to be or not to be"])
    >>> shingles = shingle_hashes(tokens.hashes, tokens.offsets, 2)
    >>> bool(shingles[0] == shingles[4]), len(set(shingles[:5].tolist()))
    (True, 4)
    """
    out = np.zeros(len(hashes), np.uint32)
    _shingles(hashes, offsets, shingle_words, out)
    return out


def sign_windows(
    shingles: NDArray[np.uint32],
    offsets: NDArray[np.int64],
    *,
    shingle_words: int,
    passage_words: int,
    permutations: NDArray[np.uint32],
    common: NDArray[np.bool_] | None = None,
) -> NDArray[np.uint32]:
    """Compute the signatures of the windows of a batch, in the order of `dedup.lsh.windows.cut_windows`.

    Parameters
    ----------
    shingles : ndarray of shape (n_tokens,), dtype uint32
        From `shingle_hashes`.
    offsets : ndarray of shape (n_articles + 1,), dtype int64
    permutations : ndarray of shape (3, k), dtype uint32
    common : ndarray of shape (n_tokens,), dtype bool, optional
        Shingles to leave out because they are common phrases. A half-window in which more than three quarters
        of the shingles are common is itself widely shared text, and keeps them.

    Returns
    -------
    ndarray of shape (n_windows, k), dtype uint32
        In Fortran order: the values of a permutation are adjacent, as `dedup.lsh.bands.band_keys` reads them.
    """
    half = passage_words // 2
    counts = window_counts(half_counts(np.diff(offsets), half, shingle_words))
    signatures = np.empty((permutations.shape[1], int(counts.sum())), np.uint32)
    mask = np.zeros(0, np.bool_) if common is None else common
    _sign_windows(shingles, offsets, shingle_words, half, permutations, mask, signatures)
    return signatures.T


def sign_texts(
    texts: pa.StringArray | Sequence[str], *, shingle_words: int = 5, permutations: int = 128, seed: int = 1
) -> NDArray[np.uint32]:
    """Compute one signature for each whole text: tokens, shingles and MinHash in one call.

    Parameters
    ----------
    texts : pyarrow.StringArray or sequence of str
    shingle_words, permutations, seed : int

    Returns
    -------
    ndarray of shape (n_texts, permutations), dtype uint32
        A text without a shingle gives a row of `EMPTY`.

    Examples
    --------
    >>> one, two = sign_texts(["Putin met Khan in the Kremlin on Thursday."] * 2, permutations=8)
    >>> bool((one == two).all())
    True
    """
    tokens = tokenise(texts)
    signatures = np.empty((len(tokens), permutations), np.uint32)
    _sign_texts(tokens.hashes, tokens.offsets, shingle_words, _permutations(permutations, seed), signatures)
    return signatures


def estimate_jaccard(one: NDArray[np.uint32], two: NDArray[np.uint32]) -> float:
    """Estimate the Jaccard similarity of two sets as the share of equal values in their signatures.

    The standard error is at most ``0.5 / sqrt(k)``.
    """
    return float(np.mean(one == two))


def to_datasketch(signature: NDArray[np.uint32], *, seed: int = 1) -> MinHash:
    """Convert a signature to a `datasketch.MinHash`.

    Examples
    --------
    >>> to_datasketch(sign_texts(["Putin met Khan in the Kremlin."])[0]).jaccard(
    ...     to_datasketch(sign_texts(["Putin met Khan in the Kremlin!"])[0])
    ... )
    1.0
    """
    from datasketch import MinHash

    a, b, _ = _permutations(len(signature), seed)
    options: dict[str, Any] = {"seed": seed, "scheme": "affine32", "permutations": np.array([a, b])}
    return MinHash(hashvalues=signature, **options)


_permutations = permutations  # one of the arguments has the same name


@nb.njit(nogil=True, cache=True)
def shingle_run(tokens, width, out):  # type: ignore[no-untyped-def]
    """Hash each run of `width` tokens of one text into `out`, and return the number of runs.

    One loop per word of the run, each over slices, so that the compiler vectorises them.
    """
    count = max(0, len(tokens) - width + 1)
    shingles = out[:count]
    shingles[:] = np.uint32(0)
    for place in range(width if count > 0 else 0):
        words = tokens[place : place + count]
        for k in range(count):
            shingles[k] = np.uint32(np.uint32(shingles[k] * _SHINGLE_MULTIPLIER) + words[k])
    return count


@nb.njit(nogil=True, cache=True)
def _shingles(hashes, offsets, shingle_words, out):  # type: ignore[no-untyped-def]
    hashes, out = borrowed((hashes, out))
    for article in range(len(offsets) - 1):
        first, last = offsets[article], offsets[article + 1]
        shingle_run(hashes[first:last], shingle_words, out[first:last])


@nb.njit(nogil=True, cache=True)
def _sign_windows(shingles, offsets, shingle_words, half, permutations, common, out):  # type: ignore[no-untyped-def]
    """Sign some hundreds of half-windows of whole articles side by side, so that every loop vectorises and
    its data stays in L1 and L2."""
    halves = half_counts(offsets[1:] - offsets[:-1], half, shingle_words)
    room = _HALVES
    for number in halves:
        room = max(room, number)
    columns = np.empty((-(-half // _TOGETHER) * _TOGETHER, room), np.uint32)
    least, first, last = np.empty(room, np.uint32), np.empty(room, np.int32), np.empty(room, np.int32)
    article = start = 0
    while article < len(halves):
        count = windows = 0
        while article < len(halves) and count + halves[article] <= room:
            for window in range(max(halves[article] - 1, min(halves[article], 1))):
                first[windows] = count + window
                last[windows] = count + min(window + 1, halves[article] - 1)
                windows += 1
            count = _lay(shingles, offsets, article, shingle_words, half, common, columns, count)
            article += 1
        for row in columns:
            for k in range(count):
                row[k] = mix(row[k])
        for i in range(len(out)):
            _least(columns, count, permutations[0, i], permutations[1, i], least)
            values = out[i, start : start + windows]
            for k in range(windows):
                values[k] = min(least[first[k]], least[last[k]])
        start += windows


@nb.njit(nogil=True, cache=True)
def _lay(shingles, offsets, article, shingle_words, half, common, columns, count):  # type: ignore[no-untyped-def]
    """Append an article's half-windows to the `count` columns, and return the new number of columns.

    Shingles that are left out, and the rest of a short column, are replaced by a shingle of the same column,
    which does not change the minimum.
    """
    beyond = max(offsets[article + 1] - shingle_words + 1, offsets[article])
    for start in range(offsets[article], beyond, half):
        length, kept, skip = min(half, beyond - start), start, False
        if len(common) > 0:
            many = 0
            for place in range(start, start + length):
                many += common[place]
            skip = 4 * many <= 3 * length
            while skip and common[kept]:
                kept += 1
        if skip:
            for row in range(length):
                columns[row, count] = shingles[kept] if common[start + row] else shingles[start + row]
        else:
            for row in range(length):
                columns[row, count] = shingles[start + row]
        for row in range(length, len(columns)):
            columns[row, count] = shingles[kept]
        count += 1
    return count


@nb.njit(nogil=True, cache=True)
def _least(columns, count, a, b, out):  # type: ignore[no-untyped-def]
    """Compute the minimum of one permutation in each of the first `count` columns."""
    for row in range(0, len(columns), _TOGETHER):
        one, two, three, four = columns[row], columns[row + 1], columns[row + 2], columns[row + 3]
        for k in range(count):
            value = min(
                min(np.uint32(a * one[k] + b), np.uint32(a * two[k] + b)),
                min(np.uint32(a * three[k] + b), np.uint32(a * four[k] + b)),
            )
            out[k] = value if row == 0 else min(out[k], value)


@nb.njit(nogil=True, cache=True)
def _sign_texts(hashes, offsets, shingle_words, permutations, out):  # type: ignore[no-untyped-def]
    """Loop over permutations outside and shingles inside, so that the inner loop is a plain minimum."""
    k = permutations.shape[1]
    longest = 0
    for article in range(len(offsets) - 1):
        longest = max(longest, offsets[article + 1] - offsets[article])
    mixed = np.empty(longest, np.uint32)
    for article in range(len(offsets) - 1):
        count = shingle_run(hashes[offsets[article] : offsets[article + 1]], shingle_words, mixed)
        for start in range(count):
            mixed[start] = mix(mixed[start])
        for i in range(k):
            a, b = permutations[0, i], permutations[1, i]
            least = EMPTY
            for start in range(count):
                least = min(least, np.uint32(a * mixed[start] + b))
            out[article, i] = least
