"""The scores of what was aligned: exact Jaccard similarity and TF-IDF weighted cosine.

Both look at the words of the two spans without their order. The cosine is that of scikit-learn's
`TfidfVectorizer` over the tokens: raw counts times ``ln((1 + n) / (1 + df)) + 1``, with the background's
document frequencies.
"""

from __future__ import annotations

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.alignment import Alignments
from dedup.background import Background
from dedup.tokens import mix


def passage_scores(
    hashes: NDArray[np.uint32],
    offsets: NDArray[np.int64],
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    found: Alignments,
    background: Background,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Exact Jaccard of the shingles, and cosine of the words, of each aligned pair of spans.

    Parameters
    ----------
    hashes, offsets
        The tokens that were aligned.
    a, b : ndarray of shape (n_pairs,)
        The article numbers of the pairs.

    Returns
    -------
    tuple of ndarray of shape (n_passages,), dtype float64
        In [0, 1].
    """
    first_a = offsets[a[found.pair]]
    first_b = offsets[b[found.pair]]
    spans = np.stack(
        [first_a + found.a_start, first_a + found.a_end, first_b + found.b_start, first_b + found.b_end]
    )
    jaccard, cosine = np.zeros(len(found)), np.zeros(len(found))
    _jaccards(hashes, spans, background.shingle_words, jaccard)
    _cosines(hashes, spans, background.words, background.articles, cosine)
    return jaccard, cosine


def article_jaccards(
    hashes: NDArray[np.uint32],
    offsets: NDArray[np.int64],
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    shingle_words: int,
) -> NDArray[np.float64]:
    """Exact Jaccard similarity of the shingles of whole articles, shape (n_pairs,).

    Examples
    --------
    >>> from dedup.tokens import tokenise
    >>> tokens = tokenise(["one two three four five", "one two three four six"])
    >>> pair = np.array([0]), np.array([1])
    >>> article_jaccards(tokens.hashes, tokens.offsets, *pair, shingle_words=2).tolist()
    [0.6]
    """
    spans = np.stack([offsets[:-1][a], offsets[1:][a], offsets[:-1][b], offsets[1:][b]])
    out = np.zeros(len(a))
    _jaccards(hashes, spans, shingle_words, out)
    return out


@nb.njit(nogil=True, cache=True)
def _jaccards(hashes, spans, width, out):  # type: ignore[no-untyped-def]
    size = _table_size(spans)
    keys, sides, stamps = np.empty(size, np.uint32), np.empty(size, np.uint8), np.zeros(size, np.int64)
    for row in range(spans.shape[1]):
        union, both = 0, 0
        for side in range(2):
            for start in range(spans[2 * side, row], spans[2 * side + 1, row] - width + 1):
                h = np.uint32(0)
                for token in range(start, start + width):
                    h = np.uint32(h * np.uint32(0x01000193) + hashes[token])
                slot = np.int64(mix(h)) & (size - 1)
                while stamps[slot] == row + 1 and keys[slot] != h:
                    slot = (slot + 1) & (size - 1)
                if stamps[slot] != row + 1:
                    stamps[slot], keys[slot], sides[slot] = row + 1, h, side
                    union += 1
                elif side == 1 and sides[slot] == 0:
                    sides[slot] = 2
                    both += 1
        out[row] = both / union if union > 0 else 0.0


@nb.njit(nogil=True, cache=True)
def _cosines(hashes, spans, frequencies, articles, out):  # type: ignore[no-untyped-def]
    size = _table_size(spans)
    keys, stamps = np.empty(size, np.uint32), np.zeros(size, np.int64)
    counts = np.empty((2, size), np.int32)
    filled = np.empty(size, np.int64)
    for row in range(spans.shape[1]):
        number = 0
        for side in range(2):
            for token in range(spans[2 * side, row], spans[2 * side + 1, row]):
                word = hashes[token]
                slot = np.int64(word) & (size - 1)
                while stamps[slot] == row + 1 and keys[slot] != word:
                    slot = (slot + 1) & (size - 1)
                if stamps[slot] != row + 1:
                    stamps[slot], keys[slot] = row + 1, word
                    counts[0, slot], counts[1, slot] = 0, 0
                    filled[number] = slot
                    number += 1
                counts[side, slot] += 1
        dot, square_a, square_b = 0.0, 0.0, 0.0
        for k in range(number):
            slot = filled[k]
            seen = min(np.int64(frequencies[keys[slot] & np.uint32(len(frequencies) - 1)]), articles)
            weight = (np.log((1.0 + articles) / (1.0 + seen)) + 1.0) ** 2
            dot += weight * counts[0, slot] * counts[1, slot]
            square_a += weight * counts[0, slot] * counts[0, slot]
            square_b += weight * counts[1, slot] * counts[1, slot]
        if dot > 0:
            out[row] = min(1.0, dot / np.sqrt(square_a * square_b))


@nb.njit(nogil=True, cache=True)
def _table_size(spans):  # type: ignore[no-untyped-def]
    longest = 1
    for row in range(spans.shape[1]):
        longest = max(longest, spans[1, row] - spans[0, row] + spans[3, row] - spans[2, row])
    size = 64
    while size < 2 * longest:
        size *= 2
    return size
