"""The scores of aligned passages: exact Jaccard similarity and TF-IDF weighted cosine.

Both compare the words of the two spans without their order. The cosine is that of scikit-learn's
`TfidfVectorizer` over the tokens: raw counts times ``ln((1 + n) / (1 + df)) + 1``, with the background's
document frequencies.
"""

from __future__ import annotations

from functools import lru_cache

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.alignment.batch import Alignments
from dedup.alignment.seeding import SIXTHS, seed_keys
from dedup.background.counters import word_slot
from dedup.background.tables import Background
from dedup.jit.hash_table import table_size
from dedup.text.word_hashes import KIND

#: Bits of a slot that hold the number of its row.
_STAMP = np.uint64(0xFFFFFFFF)
#: Maximum number of precomputed weights: those of words found in at most this many articles.
_WEIGHTS = 1 << 20


def passage_scores(
    hashes: NDArray[np.uint32],
    offsets: NDArray[np.int64],
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    found: Alignments,
    background: Background,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the exact Jaccard similarity and the cosine of each aligned pair of spans.

    The Jaccard similarity is of their shingles, the cosine of their words.

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
    # Many passages are verbatim: their scores need not be computed.
    lengths = found.a_end - found.a_start
    same = (found.words == lengths) & (found.words == found.b_end - found.b_start)
    same &= lengths >= background.shingle_words
    jaccard, cosine = same.astype(np.float64), same.astype(np.float64)
    rows = np.flatnonzero(~same)
    _jaccards(hashes, spans, rows, background.shingle_words, jaccard)
    _cosines(
        hashes, spans, rows, background.words, background.articles, _weights(background.articles), cosine
    )
    return jaccard, cosine


def article_jaccards(
    hashes: NDArray[np.uint32],
    offsets: NDArray[np.int64],
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    shingle_words: int,
) -> NDArray[np.float64]:
    """Return the exact Jaccard similarity of the shingles of whole articles, shape (n_pairs,).

    Examples
    --------
    >>> from dedup.text.tokens import tokenise
    >>> tokens = tokenise(["one two three four five", "one two three four six"])
    >>> pair = np.array([0]), np.array([1])
    >>> article_jaccards(tokens.hashes, tokens.offsets, *pair, shingle_words=2).tolist()
    [0.6]
    """
    spans = np.stack([offsets[:-1][a], offsets[1:][a], offsets[:-1][b], offsets[1:][b]])
    out = np.zeros(len(a))
    _jaccards(hashes, spans, np.arange(len(a)), shingle_words, out)
    return out


@lru_cache(maxsize=1)
def _weights(articles: int) -> NDArray[np.float64]:
    """Return the squared weights of words by the number of articles with the word; logarithms are slow."""
    seen = np.arange(min(articles, _WEIGHTS) + 1)
    return np.asarray((np.log((1.0 + articles) / (1.0 + seen)) + 1.0) ** 2)


def _jaccards(
    hashes: NDArray[np.uint32],
    spans: NDArray[np.int64],
    rows: NDArray[np.int64],
    width: int,
    out: NDArray[np.float64],
) -> None:
    """Compute the similarity of some rows of the spans, grouped by their longer span."""
    a_longer = spans[1, rows] - spans[0, rows] >= spans[3, rows] - spans[2, rows]
    longer = np.where(a_longer, spans[:2, rows], spans[2:, rows])
    shorter = np.where(a_longer, spans[2:, rows], spans[:2, rows])
    order = np.lexsort(longer)
    found = np.zeros(len(rows))
    _shared_shares(hashes, longer[:, order], shorter[:, order], width, found)
    out[rows[order]] = found


@nb.njit(nogil=True, cache=True)
def _shared_shares(hashes, longer, shorter, width, out):  # type: ignore[no-untyped-def]
    """Compute the Jaccard similarity of each pair of spans, reusing the shingles of repeated longer spans.

    Two open-addressed tables have one word per slot: the shingle, and the row that inserted it. A further
    number for each slot of the first table is the last row whose shorter span has the shingle.
    """
    size_one, size_two = _longest(longer), _longest(shorter)
    one, two = np.zeros(size_one, np.uint64), np.zeros(size_two, np.uint64)
    met, keys = np.zeros(size_one, np.uint32), np.empty(max(size_one, size_two), np.uint32)
    stamp, of_longer = np.uint64(0), 0
    for row in range(len(out)):
        if row == 0 or longer[0, row] != longer[0, row - 1] or longer[1, row] != longer[1, row - 1]:
            stamp, of_longer = np.uint64(row + 1), 0
            for key in keys[: seed_keys(hashes[longer[0, row] : longer[1, row]], width, keys)]:
                slot = _slot(key, stamp, one)
                of_longer += one[slot] & _STAMP != stamp
                one[slot] = np.uint64(key) << np.uint64(32) | stamp
        number = np.uint64(row + 1)
        both = alone = 0
        for key in keys[: seed_keys(hashes[shorter[0, row] : shorter[1, row]], width, keys)]:
            slot = _slot(key, stamp, one)
            if one[slot] & _STAMP == stamp:
                both += met[slot] != number
                met[slot] = number
            else:
                slot = _slot(key, number, two)
                alone += two[slot] & _STAMP != number
                two[slot] = np.uint64(key) << np.uint64(32) | number
        if of_longer + alone > 0:
            out[row] = both / (of_longer + alone)


@nb.njit(nogil=True, cache=True, inline="always")
def _slot(key, stamp, table):  # type: ignore[no-untyped-def]
    """Return the slot of a shingle with this stamp, or one with another stamp if it is not there."""
    last = np.uint64(len(table) - 1)
    entry, slot = np.uint64(key) << np.uint64(32) | stamp, np.uint64(key) & last
    while table[slot] & _STAMP == stamp and table[slot] != entry:
        slot = (slot + np.uint64(1)) & last
    return slot


@nb.njit(nogil=True, cache=True)
def _longest(spans):  # type: ignore[no-untyped-def]
    longest = 1
    for row in range(spans.shape[1]):
        longest = max(longest, spans[1, row] - spans[0, row])
    return table_size(longest)


@nb.njit(nogil=True, cache=True)
def _cosines(hashes, spans, rows, frequencies, articles, weights, out):  # type: ignore[no-untyped-def]
    size = _table_size(spans)
    keys, stamps = np.empty(size, np.uint32), np.zeros(size, np.int32)
    counts = np.empty((size, 2), np.int32)
    filled = np.empty(size, np.int64)
    word_slots = np.uint32(len(frequencies) - 1)
    for row in rows:
        number = 0
        for side in range(2):
            for word in hashes[spans[2 * side, row] : spans[2 * side + 1, row]]:
                slot = np.int64(word >> np.uint32(2)) & (size - 1)
                while stamps[slot] == row + 1 and keys[slot] != word:
                    slot = (slot + 1) & (size - 1)
                if stamps[slot] != row + 1:
                    stamps[slot], keys[slot] = row + 1, word
                    counts[slot, 0] = counts[slot, 1] = 0
                    filled[number] = slot
                    number += 1
                counts[slot, side] += 1
        dot, square_a, square_b = 0.0, 0.0, 0.0
        for k in range(number):
            slot = filled[k]
            seen = min(np.int64(frequencies[word_slot(keys[slot], word_slots)]), articles)
            if seen < len(weights):
                weight = weights[seen]
            else:
                weight = (np.log((1.0 + articles) / (1.0 + seen)) + 1.0) ** 2
            dot += weight * counts[slot, 0] * counts[slot, 1]
            square_a += weight * counts[slot, 0] * counts[slot, 0]
            square_b += weight * counts[slot, 1] * counts[slot, 1]
        if dot > 0:
            out[row] = min(1.0, dot / np.sqrt(square_a * square_b))


@nb.njit(nogil=True, cache=True)
def _table_size(spans):  # type: ignore[no-untyped-def]
    longest = 1
    for row in range(spans.shape[1]):
        longest = max(longest, spans[1, row] - spans[0, row] + spans[3, row] - spans[2, row])
    return table_size(longest)


def words_worth(
    hashes: NDArray[np.uint32], offsets: NDArray[np.int64], article: NDArray[np.int64], found: Alignments
) -> NDArray[np.float64]:
    """Convert the agreeing tokens of each passage to words, where the settings ask for words.

    A Han character counts as half a word, and a syllable of another script without spaces as a third. The
    average over the passage's tokens is used.

    Parameters
    ----------
    hashes, offsets
        The tokens of the articles, as in `dedup.text.tokens.Tokens`.
    article : ndarray of shape (n_pairs,), dtype int64
        The first article of each pair.
    found : Alignments
        Its `pair` values index `article`.

    Returns
    -------
    ndarray of shape (n_passages,), dtype float64
    """
    first = offsets[article[found.pair]]
    sixths = _sixths(hashes, first + found.a_start, first + found.a_end)
    return np.asarray(found.words * sixths / (6.0 * (found.a_end - found.a_start)))


@nb.njit(nogil=True, cache=True)
def _sixths(hashes, starts, ends):  # type: ignore[no-untyped-def]
    sums = np.zeros(len(starts), np.int64)
    for row in range(len(starts)):
        for token in range(starts[row], ends[row]):
            sums[row] += SIXTHS[hashes[token] & KIND]
    return sums
