"""Aligns one candidate pair after another: blocks, chains, and the passages that they grow to."""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np

from dedup.alignment.chaining import score_chains, take_chain
from dedup.alignment.extension import (
    add_run,
    drop_unworthy,
    fill,
    grow,
    next_segment,
    trim_to_sentences,
)
from dedup.alignment.seeding import (
    SIXTHS,
    find_blocks,
    index_seeds,
    seed_keys,
    seed_slot,
    sift,
    sized,
)
from dedup.alignment.workspace import workspace
from dedup.alignment.worth import plain_words, plain_words_asked
from dedup.jit.borrow import borrowed
from dedup.text.flags import CAPITAL, FURNITURE, NUMBER, QUOTED
from dedup.text.word_hashes import KIND
from dedup.thresholds import LEAST_CHAIN, LEAST_SEEDS, LEAST_WEIGHT, MOST_CHAINS


class Limits(NamedTuple):
    """The settings of alignment in the form that the kernels take."""

    seed_words: int
    max_gap: int
    min_words: int
    min_similarity: float


@nb.njit(nogil=True, cache=True)
def runs_between(a, b, limits):  # type: ignore[no-untyped-def]
    width, room = limits.seed_words, workspace(max(len(a), 1), max(len(b), 1))
    index_seeds(room.seeds, seed_keys(a, width, room.seeds), room.seed_index)
    found = sift(room.seeds, seed_keys(b, width, room.seeds), room.seed_index.sieve, room.hits)
    blocks, chain, runs, table = room.blocks, room.chain, room.runs, room.table
    count = find_blocks(
        *(a, b, width, room.seeds, room.hits, found, room.seed_index),
        *(room.diagonals, room.cover, blocks, room.weights),
    )
    score_chains(blocks, room.weights, count, 4 * limits.max_gap + 16, room.best, room.before)
    length = take_chain(blocks, count, room.best, room.before, room.used, np.float32(0), chain)
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
def sharing(hashes, offsets, pairs, limits):  # type: ignore[no-untyped-def]
    hashes, offsets, pairs = borrowed((hashes, offsets, pairs))
    longest = 1
    for p in range(pairs.shape[1]):
        for article in pairs[:, p]:
            longest = max(longest, offsets[article + 1] - offsets[article])
    room = workspace(longest, longest)
    width, least = limits.seed_words, _least_seeds(limits)
    out = np.zeros(pairs.shape[1], np.bool_)
    indexed, index = -1, room.seed_index
    for p in range(pairs.shape[1]):
        a = hashes[offsets[pairs[0, p]] : offsets[pairs[0, p] + 1]]
        b = hashes[offsets[pairs[1, p]] : offsets[pairs[1, p] + 1]]
        if len(a) > 0 and same(a, b):
            out[p] = True
            continue
        if len(a) < width or len(b) < width:
            continue
        if indexed != pairs[0, p]:
            indexed, index = pairs[0, p], sized(room.seed_index, len(a))
            index_seeds(room.seeds, seed_keys(a, width, room.seeds), index)
        hit = sift(room.seeds, seed_keys(b, width, room.seeds), index.sieve, room.hits)
        shared = 0
        for j in room.hits[:hit]:
            place = index.heads[seed_slot(room.seeds[j], index)]
            while place >= 0 and shared < least:
                shared += 1
                place = index.links[place]
        out[p] = shared >= least
    return out


@nb.njit(nogil=True, cache=True)
def align(hashes, flags, offsets, pairs, limits, floors):  # type: ignore[no-untyped-def]
    longest_a, longest_b = 1, 1
    for p in range(pairs.shape[1]):
        longest_a = max(longest_a, offsets[pairs[0, p] + 1] - offsets[pairs[0, p]])
        longest_b = max(longest_b, offsets[pairs[1, p] + 1] - offsets[pairs[1, p]])
    room = workspace(longest_a, longest_b)
    out, found = np.empty((pairs.shape[1] + 16, 11), np.int32), 0
    pair = 0
    while pair < pairs.shape[1]:
        pair, found = _align_from(pair, found, hashes, flags, offsets, pairs, limits, floors, room, out)
        if pair < pairs.shape[1]:
            more = np.empty((2 * len(out), out.shape[1]), np.int32)
            more[:found] = out[:found]
            out = more
    return out[:found]


@nb.njit(nogil=True, cache=True)
def _least_seeds(limits):  # type: ignore[no-untyped-def]
    return max(1, min(LEAST_SEEDS, limits.min_words - limits.seed_words + 1))


@nb.njit(nogil=True, cache=True)
def _align_from(pair, found, hashes, flags, offsets, pairs, limits, floors, room, out):  # type: ignore[no-untyped-def]
    """Align the pairs from `pair` on, until the end or until `out` is full.

    Returns the pair at which it stopped, and how many rows of `out` are filled.
    """
    hashes, flags, offsets, pairs = borrowed((hashes, flags, offsets, pairs))
    room, out = borrowed(room), borrowed(out)
    width, least_seeds = limits.seed_words, _least_seeds(limits)
    indexed, index = -1, room.seed_index
    for p in range(pair, pairs.shape[1]):
        first_a, end_a = offsets[pairs[0, p]], offsets[pairs[0, p] + 1]
        first_b, end_b = offsets[pairs[1, p]], offsets[pairs[1, p] + 1]
        a, b = hashes[first_a:end_a], hashes[first_b:end_b]
        if len(a) > 0 and same(a, b):
            if found == len(out):
                return p, found
            whole = room.runs[:, :1]
            whole[0, 0], whole[1, 0], whole[2, 0] = 0, 0, len(a)
            write_row(p, whole, 0, 1, flags[first_a:end_a], flags[first_b:end_b], out[found])
            found += 1
            continue
        if len(a) < width or len(b) < width:
            continue
        if indexed != pairs[0, p]:
            indexed, index = pairs[0, p], sized(room.seed_index, len(a))
            index_seeds(room.seeds, seed_keys(a, width, room.seeds), index)
        hit = sift(room.seeds, seed_keys(b, width, room.seeds), index.sieve, room.hits)
        if hit < least_seeds:
            continue
        count = find_blocks(
            *(a, b, width, room.seeds, room.hits, hit, index),
            *(room.diagonals, room.cover, room.blocks, room.weights),
        )
        if np.sum(room.blocks[2, :count]) - (width - 1) * count < least_seeds:
            continue
        after = _passages(
            p, a, b, flags[first_a:end_a], flags[first_b:end_b], count, limits, floors, room, out, found
        )
        if after < 0:
            return p, found
        found = after
    return pairs.shape[1], found


@nb.njit(nogil=True, cache=True)
def _passages(pair, a, b, flags_a, flags_b, count, limits, floors, room, out, found):  # type: ignore[no-untyped-def]
    """Chain the blocks of a pair, and write its passages after the `found` rows of `out`.

    Returns how many rows are filled then, or -1 if there is not room for all.
    """
    score_chains(room.blocks, room.weights, count, 2 * limits.max_gap + 8, room.best, room.before)
    room.used[:count] = False
    used_a, used_b = room.used_a[: len(a)], room.used_b[: len(b)]
    used_a[:] = False
    used_b[:] = False
    runs, any_used = room.runs, False
    for _ in range(MOST_CHAINS):
        length = take_chain(room.blocks, count, room.best, room.before, room.used, LEAST_CHAIN, room.chain)
        if length == 0:
            break
        runs_count = _runs_of(a, b, length, any_used, used_a, used_b, room)
        start = 0
        while start < runs_count:
            first, end, score, start = next_segment(
                a, runs, runs_count, start, limits.max_gap, any_used, used_a, used_b
            )
            if end == first or (floors and score < LEAST_WEIGHT):
                continue
            first, end = trim_to_sentences(flags_a, flags_b, runs, first, end)
            words = sixths = 0
            for r in range(first, end):
                words += runs[2, r]
                for place in range(runs[0, r], runs[0, r] + runs[2, r]):
                    sixths += SIXTHS[a[place] & KIND]
            a_start, a_end = runs[0, first], runs[0, end - 1] + runs[2, end - 1]
            b_start, b_end = runs[1, first], runs[1, end - 1] + runs[2, end - 1]
            spanned = a_end - a_start + b_end - b_start
            if sixths < 6 * limits.min_words or 2 * words < limits.min_similarity * spanned:
                continue
            asked = plain_words_asked(words) if floors else 0
            if asked and plain_words(a, flags_a, flags_b, runs, first, end, asked) < asked:
                continue
            if found == len(out):
                return -1
            any_used = True
            used_a[a_start:a_end] = True
            used_b[b_start:b_end] = True
            write_row(pair, runs, first, end, flags_a, flags_b, out[found])
            found += 1
    return found


@nb.njit(nogil=True, cache=True)
def _runs_of(a, b, length, any_used, used_a, used_b, room):  # type: ignore[no-untyped-def]
    """Return the runs of agreeing words of a chain that has been grown at both ends."""
    chain, runs, table = room.chain, room.runs, room.table
    back_a, back_b = grow(
        *(a, b, chain[0, 0] - 1, chain[1, 0] - 1, -1),
        *(any_used, used_a, used_b, room.cells, room.scores),
    )
    at_a, at_b = chain[0, 0] - back_a, chain[1, 0] - back_b
    count = 0
    for block in range(length):
        i, j, n = chain[0, block], chain[1, block], chain[2, block]
        if n > 0:
            count = fill(a, b, at_a, i, at_b, j, runs, count, table)
            count = add_run(runs, count, i, j, n)
            at_a, at_b = i + n, j + n
    on_a, on_b = grow(a, b, at_a, at_b, 1, any_used, used_a, used_b, room.cells, room.scores)
    count = fill(a, b, at_a, at_a + on_a, at_b, at_b + on_b, runs, count, table)
    return drop_unworthy(a, runs, count, any_used, used_a, used_b)


@nb.njit(nogil=True, cache=True)
def same(a, b):  # type: ignore[no-untyped-def]
    """Whether two texts are equal word for word."""
    if len(a) != len(b):
        return False
    for place in range(len(a)):  # noqa: SIM110 - numba takes no generators
        if a[place] != b[place]:
            return False
    return True


@nb.njit(nogil=True, cache=True)
def write_row(pair, runs, first, end, flags_a, flags_b, row):  # type: ignore[no-untyped-def]
    """Write a segment's row, in the order of the columns of `dedup.alignment.batch.Alignments`.

    It holds the pair, the spans and the counts of the words that agree. It does not continue the passage
    before.
    """
    words = longest = quoted = furniture = plain = 0
    for r in range(first, end):
        i, j, length = runs[0, r], runs[1, r], runs[2, r]
        words += length
        longest = max(longest, length)
        of_a, of_b = flags_a[i : i + length], flags_b[j : j + length]
        for place in range(length):
            either = of_a[place] | of_b[place]
            quoted += either & QUOTED != 0
            furniture += either & FURNITURE != 0
            plain += either & (CAPITAL | NUMBER) == 0
    row[0], row[1], row[2] = pair, runs[0, first], runs[0, end - 1] + runs[2, end - 1]
    row[3], row[4] = runs[1, first], runs[1, end - 1] + runs[2, end - 1]
    row[5], row[6], row[7], row[8], row[9] = words, longest, quoted, furniture, plain
    row[10] = 0
