"""Candidate pairs: all pairs of the buckets under the cap, and the pairs of a bucket over it."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import numpy as np
import oracles
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.lsh.bands import NO_KEY
from dedup.lsh.candidates import CandidatePairs
from dedup.lsh.pairs import PairSet


def pairs_of(found: CandidatePairs) -> list[tuple[int, int]]:
    return list(zip(found.a.tolist(), found.b.tolist(), strict=True))


def joined(
    bands: list[list[int]],
    articles: list[int],
    sources: list[int],
    *,
    scope: str = "all",
    max_bucket: int = 10_000,
    parts: int = 1,
) -> CandidatePairs:
    pairs = PairSet(sources=np.array(sources, np.uint32), scope=scope, max_bucket=max_bucket)
    for keys in bands:
        pairs.add_band(np.array(keys, np.uint32), np.array(articles, np.uint32), parts=parts)
    return pairs.sorted()


@st.composite
def banded(draw: st.DrawFn) -> tuple[list[list[int]], list[int], list[int]]:
    """Draw bands of few keys, so that buckets are full; windows of articles in order; sources."""
    articles = sorted(draw(st.lists(st.integers(0, 7), max_size=14)))
    key = st.sampled_from([int(NO_KEY), 1, 2, 3, 2**32 - 1])
    bands = draw(st.lists(st.lists(key, min_size=len(articles), max_size=len(articles)), max_size=4))
    sources = draw(st.lists(st.integers(0, 2), min_size=8, max_size=8))
    return bands, articles, sources


def entries_of_few_parts(seed: int, sizes: dict[int, int]) -> tuple[list[int], list[int]]:
    """Return random keys with few different values of their 11 high bits, and articles in order.

    They fall into few of the parts that are made by fewer bits, and so make these parts large.

    Some keys of a part differ in only one of the other bits, in each of them.
    """
    chance = np.random.default_rng(seed)
    keys = []
    for high, size in sizes.items():
        base = int(chance.integers(2**21))
        near = [base, *(base ^ (1 << bit) for bit in range(21))]
        low = np.concatenate([near, chance.integers(0, 2**21, max(1, size // 4))])
        keys.append((high << 21) + chance.choice(low, size))
    mixed = chance.permutation(np.concatenate(keys))
    return mixed.tolist(), np.sort(chance.integers(0, 400, len(mixed))).tolist()


@pytest.mark.parametrize("scope", ["cross", "all"])
@given(data=banded())
def test_every_pair_of_every_bucket_once_and_sorted(
    scope: str, data: tuple[list[list[int]], list[int], list[int]]
) -> None:
    found = joined(*data, scope=scope)
    assert pairs_of(found) == sorted(oracles.bucket_pairs(*data, cross=scope == "cross"))
    assert found.cut_short == 0


@given(banded(), st.data())
def test_the_order_of_bands_and_the_split_among_sets_do_not_matter(
    banding: tuple[list[list[int]], list[int], list[int]], data: st.DataObject
) -> None:
    bands, articles, sources = banding
    shuffled = data.draw(st.permutations(bands))
    parts = [joined(shuffled[part::3], articles, sources) for part in range(3)]
    whole = joined(bands, articles, sources)
    union = CandidatePairs.union(parts)
    assert pairs_of(union) == pairs_of(whole)
    assert (union.a.dtype, union.b.dtype) == (np.uint32, np.uint32)


@given(banded(), st.permutations(range(8)))
def test_the_numbers_of_the_articles_do_not_matter(
    banding: tuple[list[list[int]], list[int], list[int]], renamed: list[int]
) -> None:
    bands, articles, sources = banding
    order = np.argsort([renamed[article] for article in articles], kind="stable").tolist()
    moved = [0] * 8
    for article, source in enumerate(sources):
        moved[renamed[article]] = source
    again = joined(
        [[keys[i] for i in order] for keys in bands],
        [renamed[articles[i]] for i in order],
        moved,
        scope="cross",
    )
    before = joined(bands, articles, sources, scope="cross")
    expected = sorted((min(renamed[a], renamed[b]), max(renamed[a], renamed[b])) for a, b in pairs_of(before))
    assert pairs_of(again) == expected


@st.composite
def spread(draw: st.DrawFn) -> tuple[list[list[int]], list[int], list[int]]:
    """Draw bands of keys from their whole range, including the bounds of parts, so that buckets are full."""
    bounds = [part * 2**32 // parts for parts in (2, 3, 7, 64) for part in (1, parts - 1)]
    few = draw(st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=4))
    key = st.sampled_from([*few, *bounds, *(bound - 1 for bound in bounds), 0, 1, 2**32 - 1])
    articles = sorted(draw(st.lists(st.integers(0, 11), min_size=1, max_size=60)))
    chosen = draw(st.lists(key, min_size=1, max_size=5))
    of_few = st.lists(st.sampled_from(chosen), min_size=len(articles), max_size=len(articles))
    return (
        draw(st.lists(of_few, max_size=3)),
        articles,
        draw(st.lists(st.integers(0, 3), min_size=12, max_size=12)),
    )


@pytest.mark.parametrize("scope", ["cross", "all"])
@given(data=spread(), parts=st.sampled_from([2, 3, 7, 33, 63, 64]), cap=st.sampled_from([2, 4, 64]))
def test_a_band_taken_in_parts_gives_the_same_pairs_and_counts(
    scope: str, data: tuple[list[list[int]], list[int], list[int]], parts: int, cap: int
) -> None:
    whole = joined(*data, scope=scope, max_bucket=cap)
    taken = joined(*data, scope=scope, max_bucket=cap, parts=parts)
    assert pairs_of(taken) == pairs_of(whole)
    assert taken.cut_short == whole.cut_short


@given(
    st.integers(0, 2**32 - 1),
    st.dictionaries(
        st.sampled_from([0, 1, 2, 700, 1023, 1024, 2046, 2047]),
        st.integers(512, 1500) | st.sampled_from([1, 511, 512]),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from([1, 3]),
)
def test_many_keys_with_the_same_high_bits_meet_whom_they_equal(
    seed: int, sizes: dict[int, int], parts: int
) -> None:
    keys, articles = entries_of_few_parts(seed, sizes)
    buckets: dict[int, set[int]] = defaultdict(set)
    for key, article in zip(keys, articles, strict=True):
        if key:
            buckets[key].add(article)
    expected = {pair for bucket in buckets.values() for pair in combinations(sorted(bucket), 2)}
    found = joined([keys], articles, [0] * 400, parts=parts)
    assert pairs_of(found) == sorted(expected)
    assert found.cut_short == 0


@pytest.mark.parametrize("articles", [300, 2**24 + 5, 2**27], ids=["few", "7 bits of tails", "4 bits"])
@pytest.mark.parametrize("size", [40, 3_000, 150_000])
def test_windows_whose_tails_differ_do_not_meet(size: int, articles: int) -> None:
    """Whether they are few, are sorted by digits, or are partitioned twice, if there is room for tails."""
    chance = np.random.default_rng(size)
    keys = chance.choice(chance.integers(1, 2**32, size // 8 + 1, dtype=np.uint32), size)
    keys[: size // 2] |= np.uint32(0b111111 << 26)  # half of them in one part
    tails = chance.choice(np.array([0, 16, 128, 128 + 64, 255], np.uint8), size)
    rows = np.sort(chance.integers(articles - 300, articles, size)).astype(np.uint32)
    sources = np.broadcast_to(np.uint32(0), articles)
    pairs = PairSet(sources=sources, scope="all", max_bucket=10_000)
    pairs.add_band(keys, rows, tails=tails)
    buckets: dict[tuple[int, int], set[int]] = defaultdict(set)
    for key, tail, row in zip(keys.tolist(), tails.tolist(), rows.tolist(), strict=True):
        buckets[key, tail].add(row)
    expected = {pair for bucket in buckets.values() for pair in combinations(sorted(bucket), 2)}
    assert pairs_of(pairs.sorted()) == sorted(expected)


@given(st.integers(0, 2**32 - 1), st.integers(1, 2**32 - 1))
def test_the_first_article_stands_for_a_bucket_among_many_keys(seed: int, full: int) -> None:
    """The articles of a bucket stay in order while a thousand other keys are sorted with them."""
    others, _ = entries_of_few_parts(seed, {full >> 21: 1000})
    keys = np.random.default_rng(seed).permutation([*(key for key in others if key != full), *[full] * 100])
    members = np.flatnonzero(keys == full).tolist()
    found = joined([keys.tolist()], list(range(len(keys))), [0] * len(keys), max_bucket=64)
    met = [(a, b) for a, b in pairs_of(found) if a in members and b in members]
    assert met == [(members[0], member) for member in members[1:]]


def test_the_set_of_pairs_grows() -> None:
    """Two thousand buckets of ten give 90,000 pairs, more than the set holds at first."""
    articles = list(range(20_000))
    keys = [1 + article // 10 for article in articles]
    found = joined([keys, keys], articles, [0] * 20_000)
    expected = [(a, b) for a in articles for b in range(a + 1, a - a % 10 + 10)]
    assert pairs_of(found) == expected


def test_one_bucket_that_needs_more_than_the_set_holds() -> None:
    found = joined([[5] * 600], list(range(600)), [0] * 600)
    assert len(found.a) == 600 * 599 // 2


def test_nothing_gives_nothing() -> None:
    assert pairs_of(joined([], [], [])) == []
    assert pairs_of(joined([[]], [], [])) == []
    assert pairs_of(joined([[0, 0, 0]], [0, 1, 2], [0, 1, 2])) == []
    assert pairs_of(CandidatePairs.union([joined([[]], [], [])] * 2)) == []


@pytest.mark.parametrize("members", [65, 500, 5000])
def test_a_bucket_over_the_cap_costs_a_few_pairs_a_member_and_stays_one_story(members: int) -> None:
    found = joined([[9] * members], list(range(members)), list(range(members)), max_bucket=64)
    pairs = pairs_of(found)
    all_pairs = members * (members - 1) // 2
    assert len(pairs) <= members
    assert {a for a, _ in pairs} == {0}, "the first article stands for the bucket"
    assert len(pairs) + found.cut_short == pytest.approx(all_pairs, abs=1)
    assert found.cut_short > 0
    if members <= 500:
        assert oracles.components(members, pairs) == [list(range(members))]


def test_many_buckets_over_the_cap_cost_an_article_one_pair_a_band() -> None:
    """Edited copies of one text meet in many buckets, each of which other articles represent."""
    keys = [[1 + (member + shift) % 7 for shift in range(3) for member in range(700)]]
    articles = sorted(list(range(700)) * 3)
    found = joined([keys[0]], articles, list(range(700)), max_bucket=64)
    assert len(found.a) <= 700


def test_a_bucket_at_the_cap_is_whole() -> None:
    found = joined([[9] * 64], list(range(64)), list(range(64)), max_bucket=64)
    assert len(found.a) == 64 * 63 // 2
    assert found.cut_short == 0


def test_representatives_are_of_different_sources() -> None:
    """Ninety articles of one source come first; the others must still meet articles of other outlets."""
    sources = [0] * 90 + [1, 2, 3] + [0] * 7
    found = joined([[9] * 100], list(range(100)), sources, scope="cross", max_bucket=64)
    pairs = pairs_of(found)
    assert {a for pair in pairs for a in pair} == set(range(100))
    assert oracles.components(100, pairs) == [list(range(100))]
    assert all(sources[a] != sources[b] for a, b in pairs)


def test_articles_of_one_source_over_the_cap_stay_one_story_when_all_are_compared() -> None:
    found = joined([[9] * 100], list(range(100)), [4] * 100, scope="all", max_bucket=64)
    assert oracles.components(100, pairs_of(found)) == [list(range(100))]


def test_many_passages_of_one_article_in_one_bucket() -> None:
    """One sentence ten thousand times: the article's own windows are not pairs."""
    found = joined([[9] * 10_000 + [9]], [0] * 10_000 + [1], [0, 1], scope="cross", max_bucket=64)
    assert pairs_of(found) == [(0, 1)]
