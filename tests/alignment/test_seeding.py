"""Blocks of equal words: the kernel skips seeds that add nothing, and finds what all seeds give."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.alignment import seeding
from dedup.text.tokens import hash_words

#: Maximum number of matches of a place in the second text, and of places tried for a seed.
MATCHES, TRIES = 4, 8


def oracle(a: list[str], b: list[str], width: int) -> list[tuple[int, int, int]]:
    """Look up every seed of `b`, and grow each of its places in `a` that no block reaches."""
    places = defaultdict(list)
    for i in range(len(a) - width + 1):
        places[tuple(a[i : i + width])].append(i)
    ends: dict[int, int] = {}
    cover = [0] * len(b)
    blocks = []
    for j in range(len(b) - width + 1):
        for i in places[tuple(b[j : j + width])][:TRIES]:
            if cover[j] < MATCHES and ends.get(i - j, 0) <= j:
                length = 0
                while i + length < len(a) and j + length < len(b) and a[i + length] == b[j + length]:
                    cover[j + length] += 1
                    length += 1
                blocks.append((i, j, length))
                ends[i - j] = j + length
    return blocks


def found(a: list[str], b: list[str], width: int) -> list[tuple[int, int, int]]:
    first, second = hash_words(" ".join(a)), hash_words(" ".join(b))
    table = seeding.sized(seeding.seed_table(len(a)), len(a))
    seeds, hits = np.empty(len(a) + len(b), np.uint32), np.empty(len(b), np.int32)
    seeding.index_seeds(seeds, seeding.seed_keys(first, width, seeds), table)
    hit = seeding.sift(seeds, seeding.seed_keys(second, width, seeds), table.sieve, hits)
    capacity = MATCHES * len(b) + 16
    blocks, weights = np.empty((3, capacity), np.int32), np.empty(capacity, np.float32)
    diagonals, cover = np.empty(len(a) + len(b), np.int32), np.empty(len(b), np.uint8)
    count = seeding.find_blocks(
        first, second, width, seeds, hits, hit, table, diagonals, cover, blocks, weights
    )
    return [(i, j, length) for i, j, length in blocks[:, :count].T.tolist()]


TEXTS = st.lists(st.sampled_from(["one", "two", "three", "four two one", "five six seven eight"]), min_size=1)


@given(TEXTS, TEXTS, st.integers(2, 4))
@example(["five six seven eight", "one", "five six seven eight", "two"], ["five six seven eight", "two"], 4)
@example(["one", "five six seven eight", "five six seven eight", "two"], ["one", "five six seven eight"], 2)
@example(["four two one", "three", "two three", "four two one"], ["two three", "four two one"], 3)
@example(["one"] * 20, ["one"] * 20, 2)
def test_the_kernel_finds_the_blocks_that_all_seeds_give(a: list[str], b: list[str], width: int) -> None:
    one, two = " ".join(a).split(), " ".join(b).split()
    assert found(one, two, width) == oracle(one, two, width)
