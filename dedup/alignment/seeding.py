"""Seeds: equal short runs of tokens in both articles, grown to whole blocks of equal tokens."""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.jit.hash_table import table_size
from dedup.jit.murmur import mix
from dedup.lsh.minhash import shingle_run
from dedup.text.word_hashes import KIND
from dedup.thresholds import MATCHES_A_PLACE, SEED_TRIES

#: Words of the sieve per slot of the seed table. By chance, one seed in 300 of an unrelated article passes.
SIEVE = 4


class SeedTable(NamedTuple):
    """Where the seeds of the first article occur.

    Attributes
    ----------
    keys : ndarray of shape (slots,), dtype uint32
        The seed in each slot, if the slot is used.
    heads : ndarray of shape (slots,), dtype int32
        The first place of the seed, or -1 for a free slot.
    links : ndarray of shape (at least the article's length,), dtype int32
        The next place of the same seed, for each place; -1 at the end.
    repeated : ndarray of the same shape as `links`, dtype bool
        Whether the seed at each place occurs more than once.
    sieve : ndarray of shape (SIEVE * slots,), dtype uint32
        One bit per seed, among 32 times as many: most seeds of an unrelated article fail there, without an
        unpredictable branch.
    """

    keys: NDArray[np.uint32]
    heads: NDArray[np.int32]
    links: NDArray[np.int32]
    repeated: NDArray[np.bool_]
    sieve: NDArray[np.uint32]


@nb.njit(nogil=True, cache=True)
def seed_table(longest):  # type: ignore[no-untyped-def]
    """Allocate a table for the seeds of an article of at most `longest` words."""
    slots = table_size(longest)
    return SeedTable(
        np.empty(slots, np.uint32),
        np.empty(slots, np.int32),
        np.empty(longest + 1, np.int32),
        np.empty(longest + 1, np.bool_),
        np.empty(SIEVE * slots, np.uint32),
    )


@nb.njit(nogil=True, cache=True, inline="always")
def sized(table, length):  # type: ignore[no-untyped-def]
    """Return the part of the table that an article of this length needs."""
    slots = table_size(length)
    return SeedTable(
        table.keys[:slots], table.heads[:slots], table.links, table.repeated, table.sieve[: SIEVE * slots]
    )


#: Weight of a token by its kind: a word, a short word, a Han character (a word has about 1.6 of them), a
#: syllable of another script without spaces (a word has three to four).
WEIGHTS = np.array([1.0, 0.3, 0.5, 1 / 3], np.float32)
#: Size of a token in words where the settings count words, in sixths. A short word counts as a whole one.
SIXTHS = np.array([6, 6, 3, 2], np.int64)


@nb.njit(nogil=True, cache=True, inline="always")
def word_weight(token):  # type: ignore[no-untyped-def]
    """Return the weight of an agreeing word: short words, and parts of words, agree by chance."""
    return WEIGHTS[token & KIND]


@nb.njit(nogil=True, cache=True)
def seed_keys(tokens, width, keys):  # type: ignore[no-untyped-def]
    """Hash each run of `width` tokens into `keys`, mix the hashes, and return their number."""
    count = shingle_run(tokens, width, keys)
    for i in range(count):
        keys[i] = mix(keys[i])
    return count


@nb.njit(nogil=True, cache=True, inline="always")
def seed_slot(key, table):  # type: ignore[no-untyped-def]
    """Return the slot of a seed in the table, or the free slot where it belongs."""
    last = len(table.heads) - 1
    slot = np.int64(key) & last
    while table.heads[slot] >= 0 and table.keys[slot] != key:
        slot = (slot + 1) & last
    return slot


@nb.njit(nogil=True, cache=True)
def index_seeds(seeds, count, table):  # type: ignore[no-untyped-def]
    """Fill a `SeedTable` with the first article's seeds, `count` of them from `seed_keys`."""
    keys, heads, links, repeated, sieve = table
    bits = np.uint32(32 * len(sieve) - 1)
    heads[:] = -1
    sieve[:] = 0
    repeated[:count] = False
    for place in range(count - 1, -1, -1):
        key = seeds[place]
        bit = key & bits
        sieve[bit >> np.uint32(5)] |= np.uint32(1) << (bit & np.uint32(31))
        slot = seed_slot(key, table)
        keys[slot] = key
        if heads[slot] >= 0:
            repeated[place] = repeated[heads[slot]] = True
        links[place] = heads[slot]
        heads[slot] = place


@nb.njit(nogil=True, cache=True)
def sift(seeds, count, sieve, hits):  # type: ignore[no-untyped-def]
    """Write the places of the second article whose seed is in the sieve into `hits`; return their number."""
    bits = np.uint32(32 * len(sieve) - 1)
    found = 0
    for j in range(count):
        bit = seeds[j] & bits
        hits[found] = j
        found += (sieve[bit >> np.uint32(5)] >> (bit & np.uint32(31))) & np.uint32(1) != 0
    return found


@nb.njit(nogil=True, cache=True)
def find_blocks(  # type: ignore[no-untyped-def]
    a, b, width, seeds, hits, found, table, diagonals, cover, blocks, weights
):
    """Find the blocks of equal tokens of at least `width`, in the order of their places in `b`.

    Parameters
    ----------
    seeds : array of shape (at least len(b),), dtype uint32
        The seeds of `b`, from `seed_keys`.
    hits, found
        From `sift`.
    table : SeedTable
        From `index_seeds`.
    diagonals : array of shape (at least len(a) + len(b),), dtype int32
        Work space: where the last block on each diagonal ends in `b`.
    cover : array of shape (at least len(b),), dtype uint8
        Work space: how many blocks cover each place of `b`.
    blocks : array of shape (3, capacity), dtype int32
        Filled with the place in `a`, the place in `b`, and the length.
    weights : array of shape (capacity,), dtype float32
        Filled with the sum of the words' weights.

    Returns
    -------
    int
        The number of blocks.
    """
    n, m = len(a), len(b)
    diagonals[: n + m] = 0
    cover[:m] = 0
    count = 0
    shift, until = 0, 0  # the last block's shift from b to a; the first place whose seed reaches beyond it
    for j in hits[:found]:
        key = seeds[j]
        if cover[j] >= MATCHES_A_PLACE or (j < until and not table.repeated[j + shift]):
            continue  # a seed within a block that occurs nowhere else, as most do, adds nothing
        i = table.heads[seed_slot(key, table)]
        tries = 0
        while i >= 0 and tries < SEED_TRIES and cover[j] < MATCHES_A_PLACE and count < len(weights):
            tries += 1
            diagonal = i - j + m
            if diagonals[diagonal] <= j:
                length = 0
                weight = np.float32(0)
                while i + length < n and j + length < m and a[i + length] == b[j + length]:
                    weight += word_weight(a[i + length])
                    cover[j + length] = min(cover[j + length] + 1, 255)
                    length += 1
                if length >= width:
                    blocks[0, count], blocks[1, count], blocks[2, count] = i, j, length
                    weights[count] = weight
                    count += 1
                    diagonals[diagonal] = j + length
                    shift, until = i - j, j + length - width + 1
            i = table.links[i]
    return count
