"""Candidate pairs to aligned passages: seeds, chains, extension.

The cost of a pair is linear in the lengths of its articles, with the constants bounded whatever the texts:
a place is matched with a few others at the most, a block looks back at a few dozen, growth keeps to a band.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.alignment.chaining import score_chains, take_chain
from dedup.alignment.extension import (
    LONGEST_FILL,
    MATCHES_A_ROW,
    ROWS,
    add_run,
    drop_unworthy,
    fill,
    grow,
    next_segment,
)
from dedup.alignment.seeding import (
    MATCHES_A_PLACE,
    SIEVE,
    find_blocks,
    index_seeds,
    seed_keys,
    sift,
)
from dedup.alignment.worth import LEAST_WEIGHT, plain_words, plain_words_asked
from dedup.hash_tables import table_size
from dedup.settings import Settings
from dedup.tokens import CAPITAL, FURNITURE, NUMBER, QUOTED

#: Chains that are looked at in one pair.
_MOST_CHAINS = 64
#: Pairs with fewer seeds go no further: most candidates that share nothing have one or two, and of 4,265 true
#: pairs of generated wire copy, edited up to 30 %, one had so few.
_LEAST_SEEDS = 3
#: A chain of blocks must score so many words before it is grown.
_LEAST_CHAIN = np.float32(2.5)


@dataclass(frozen=True, slots=True)
class Alignments:
    """The aligned passages of a batch of pairs, sorted by (pair, a_start).

    Attributes
    ----------
    pair : ndarray of shape (n,), dtype int64
        The number of the pair in the batch.
    a_start, a_end, b_start, b_end : ndarray of shape (n,), dtype int32
        Half-open places in the articles' tokens, furniture left out.
    words : ndarray of shape (n,), dtype int32
        Words that agree, in order.
    longest_run : ndarray of shape (n,), dtype int32
        The longest run of them without a break.
    quoted_words, furniture_words, plain_words : ndarray of shape (n,), dtype int32
        Those of the words that stand within quotation marks in at least one of the two articles, that are
        site furniture in at least one, and that are neither a name (a capital, then a small letter) nor a
        number.
    """

    pair: NDArray[np.int64]
    a_start: NDArray[np.int32]
    a_end: NDArray[np.int32]
    b_start: NDArray[np.int32]
    b_end: NDArray[np.int32]
    words: NDArray[np.int32]
    longest_run: NDArray[np.int32]
    quoted_words: NDArray[np.int32]
    furniture_words: NDArray[np.int32]
    plain_words: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.pair)

    def select(self, keep: NDArray[np.bool_] | slice) -> Alignments:
        """Some of the passages, in the same order."""
        return Alignments(*(getattr(self, field.name)[keep] for field in fields(self)))

    @property
    def similarity(self) -> NDArray[np.float64]:
        """Share of the words in the two spans that agree, shape (n,)."""
        spanned = (self.a_end - self.a_start) + (self.b_end - self.b_start)
        return np.asarray(2.0 * self.words / spanned)


def align_pairs(
    hashes: NDArray[np.uint32],
    flags: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    settings: Settings,
    *,
    floors: bool = True,
) -> Alignments:
    """Align the articles of each pair.

    Parameters
    ----------
    hashes, flags, offsets
        The tokens of the articles, as in `dedup.tokens.Tokens`.
    a, b : ndarray of shape (n_pairs,), dtype int64
        Article numbers. Pairs with the same `a` should follow one another: its seeds are indexed once.
    floors : bool
        Whether a passage must have weight and be prose (`dedup.alignment.worth`), whatever the settings;
        without, to see what that keeps out.

    Examples
    --------
    >>> from dedup.tokens import tokenise
    >>> tokens = tokenise(["Yes. The ministers met in Moscow on Thursday to sign a pact on grain and oil.",
    ...                    "The ministers met in Moscow on Friday to sign a pact on grain and oil, he said."])
    >>> found = align_pairs(
    ...     tokens.hashes, tokens.flags, tokens.offsets, np.array([0]), np.array([1]), Settings()
    ... )
    >>> [(int(found.a_start[0]), int(found.a_end[0])), int(found.words[0]), float(found.similarity[0])]
    [(1, 16), 14, 0.9333333333333333]
    """
    rows, pairs = _align(
        hashes,
        flags,
        offsets,
        a,
        b,
        settings.seed_words,
        settings.max_gap,
        settings.min_words,
        settings.min_similarity,
        floors,
    )
    order = np.lexsort((rows[:, 0], pairs))
    return Alignments(pairs[order], *np.ascontiguousarray(rows[order].T))


def agreeing_runs(a: NDArray[np.uint32], b: NDArray[np.uint32], settings: Settings) -> NDArray[np.int32]:
    """The runs of words that agree in two spans that were aligned, for showing them.

    Returns
    -------
    ndarray of shape (n_runs, 3), dtype int32
        Place in `a`, place in `b`, length.
    """
    return np.asarray(_agreeing_runs(a, b, settings.seed_words, settings.max_gap))


@nb.njit(nogil=True, cache=True)
def _agreeing_runs(a, b, width, max_gap):  # type: ignore[no-untyped-def]
    size = table_size(len(a))
    keys, heads, links = np.empty(size, np.uint32), np.empty(size, np.int32), np.empty(len(a) + 1, np.int32)
    sieve = np.empty(SIEVE * size, np.uint32)
    capacity = MATCHES_A_PLACE * len(b) + 16
    blocks, weights = np.empty((3, capacity), np.int32), np.empty(capacity, np.float32)
    best, before, used = (
        np.empty(capacity, np.float32),
        np.empty(capacity, np.int32),
        np.zeros(capacity, np.bool_),
    )
    chain = np.empty((3, capacity), np.int32)
    runs = np.empty((3, 2 * len(b) + 16), np.int32)
    table = np.empty((LONGEST_FILL + 1, LONGEST_FILL + 1), np.float32)
    diagonals, cover = np.empty(len(a) + len(b) + 1, np.int32), np.empty(len(b) + 1, np.uint8)
    seeds, hits = np.empty(max(len(a), len(b)), np.uint32), np.empty(len(b), np.int32)
    index_seeds(seeds, seed_keys(a, width, seeds), keys, heads, links, sieve)
    found = sift(seeds, seed_keys(b, width, seeds), sieve, hits)
    count = find_blocks(
        a, b, width, seeds, hits, found, keys, heads, links, diagonals, cover, blocks, weights
    )
    score_chains(blocks, weights, count, 4 * max_gap + 16, best, before)
    length = take_chain(blocks, count, best, before, used, np.float32(0), chain)
    runs_count, at_a, at_b = 0, 0, 0
    for block in range(length):
        i, j, n = chain[0, block], chain[1, block], chain[2, block]
        if n > 0:
            runs_count = fill(a, b, at_a, i, at_b, j, runs, runs_count, table)
            runs_count = add_run(runs, runs_count, i, j, n)
            at_a, at_b = i + n, j + n
    runs_count = fill(a, b, at_a, len(a), at_b, len(b), runs, runs_count, table)
    return runs[:, :runs_count].T.copy()


@nb.njit(nogil=True, cache=True)
def _align(hashes, flags, offsets, pairs_a, pairs_b, width, max_gap, min_words, min_similarity, floors):  # type: ignore[no-untyped-def]
    longest_a, longest_b = 1, 1
    for p in range(len(pairs_a)):
        longest_a = max(longest_a, offsets[pairs_a[p] + 1] - offsets[pairs_a[p]])
        longest_b = max(longest_b, offsets[pairs_b[p] + 1] - offsets[pairs_b[p]])
    size = table_size(longest_a)
    keys, heads, links = np.empty(size, np.uint32), np.empty(size, np.int32), np.empty(longest_a, np.int32)
    sieve = np.empty(SIEVE * size, np.uint32)
    seeds, hits = np.empty(max(longest_a, longest_b), np.uint32), np.empty(longest_b, np.int32)
    diagonals, cover = np.empty(longest_a + longest_b, np.int32), np.empty(longest_b, np.uint8)
    capacity = MATCHES_A_PLACE * longest_b + 16
    blocks, weights = np.empty((3, capacity), np.int32), np.empty(capacity, np.float32)
    best, before, used = (
        np.empty(capacity, np.float32),
        np.empty(capacity, np.int32),
        np.empty(capacity, np.bool_),
    )
    chain = np.empty((3, capacity), np.int32)
    runs = np.empty((3, 2 * longest_b + 16), np.int32)
    used_a, used_b = np.empty(longest_a, np.bool_), np.empty(longest_b, np.bool_)
    cells = np.empty((ROWS, MATCHES_A_ROW + 1), np.int32), np.empty((ROWS, MATCHES_A_ROW), np.float32)
    table = np.empty((LONGEST_FILL + 1, LONGEST_FILL + 1), np.float32)
    out, out_pair, found = (
        np.empty((len(pairs_a) + 16, 9), np.int32),
        np.empty(len(pairs_a) + 16, np.int64),
        0,
    )
    least_seeds = max(1, min(_LEAST_SEEDS, min_words - width + 1))
    indexed = -1
    part, sifted = 64, sieve
    for p in range(len(pairs_a)):
        a = hashes[offsets[pairs_a[p]] : offsets[pairs_a[p] + 1]]
        b = hashes[offsets[pairs_b[p]] : offsets[pairs_b[p] + 1]]
        flags_a = flags[offsets[pairs_a[p]] : offsets[pairs_a[p] + 1]]
        flags_b = flags[offsets[pairs_b[p]] : offsets[pairs_b[p] + 1]]
        if len(a) < width or len(b) < width:
            continue
        if indexed != pairs_a[p]:
            part = table_size(len(a))
            sifted = sieve[: SIEVE * part]
            index_seeds(seeds, seed_keys(a, width, seeds), keys[:part], heads[:part], links, sifted)
            indexed = pairs_a[p]
        hit = sift(seeds, seed_keys(b, width, seeds), sifted, hits)
        if hit < least_seeds:
            continue
        count = find_blocks(
            *(a, b, width, seeds, hits, hit, keys[:part], heads[:part], links),
            *(diagonals, cover, blocks, weights),
        )
        if np.sum(blocks[2, :count]) - (width - 1) * count < least_seeds:
            continue
        score_chains(blocks, weights, count, 2 * max_gap + 8, best, before)
        used[:count] = False
        used_a[: len(a)] = False
        used_b[: len(b)] = False
        any_used = False
        for _ in range(_MOST_CHAINS):
            length = take_chain(blocks, count, best, before, used, _LEAST_CHAIN, chain)
            if length == 0:
                break
            runs_count = _runs_of(a, b, chain, length, any_used, used_a, used_b, runs, cells, table)
            start = 0
            while start < runs_count:
                first, end, score, start = next_segment(a, runs, runs_count, start, max_gap)
                if end == first or (floors and score < LEAST_WEIGHT):
                    continue
                words = 0
                for r in range(first, end):
                    words += runs[2, r]
                a_start, a_end = runs[0, first], runs[0, end - 1] + runs[2, end - 1]
                b_start, b_end = runs[1, first], runs[1, end - 1] + runs[2, end - 1]
                spanned = a_end - a_start + b_end - b_start
                if words < min_words or 2 * words < min_similarity * spanned:
                    continue
                asked = plain_words_asked(words) if floors else 0
                if asked and plain_words(a, flags_a, flags_b, runs, first, end, asked) < asked:
                    continue
                any_used = True
                used_a[a_start:a_end] = True
                used_b[b_start:b_end] = True
                if found == len(out):
                    out, out_pair = _doubled(out, out_pair)
                out[found, 0], out[found, 1], out[found, 2], out[found, 3] = a_start, a_end, b_start, b_end
                _describe(runs, first, end, flags_a, flags_b, out[found])
                out_pair[found] = p
                found += 1
    return out[:found], out_pair[:found]


@nb.njit(nogil=True, cache=True)
def _doubled(out, out_pair):  # type: ignore[no-untyped-def]
    more, more_pair = np.empty((2 * len(out), 9), np.int32), np.empty(2 * len(out), np.int64)
    more[: len(out)] = out
    more_pair[: len(out)] = out_pair
    return more, more_pair


@nb.njit(nogil=True, cache=True)
def _runs_of(a, b, chain, length, any_used, used_a, used_b, runs, cells, table):  # type: ignore[no-untyped-def]
    """The runs of agreeing words of a chain that has been grown at both ends."""
    back_a, back_b = grow(
        *(a, b, chain[0, 0] - 1, chain[1, 0] - 1, -1),
        *(any_used, used_a, used_b, cells[0], cells[1]),
    )
    at_a, at_b = chain[0, 0] - back_a, chain[1, 0] - back_b
    count = 0
    for block in range(length):
        i, j, n = chain[0, block], chain[1, block], chain[2, block]
        if n > 0:
            count = fill(a, b, at_a, i, at_b, j, runs, count, table)
            count = add_run(runs, count, i, j, n)
            at_a, at_b = i + n, j + n
    on_a, on_b = grow(a, b, at_a, at_b, 1, any_used, used_a, used_b, cells[0], cells[1])
    count = fill(a, b, at_a, at_a + on_a, at_b, at_b + on_b, runs, count, table)
    return drop_unworthy(a, runs, count, used_a, used_b)


@nb.njit(nogil=True, cache=True)
def _describe(runs, first, end, flags_a, flags_b, row):  # type: ignore[no-untyped-def]
    """Count the words that agree in a segment: all, the longest run, quoted, furniture, plain."""
    row[4:] = 0
    for r in range(first, end):
        i, j, length = runs[0, r], runs[1, r], runs[2, r]
        row[4] += length
        row[5] = max(row[5], length)
        for place in range(length):
            either = flags_a[i + place] | flags_b[j + place]
            row[6] += either & QUOTED != 0
            row[7] += either & FURNITURE != 0
            row[8] += either & (CAPITAL | NUMBER) == 0
