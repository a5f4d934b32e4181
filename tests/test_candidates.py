"""Candidate pairs: all pairs of the buckets under the cap, and what a bucket over it becomes."""

from __future__ import annotations

import numpy as np
import oracles
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.candidates import CandidatePairs, PairSet
from dedup.lsh import NO_KEY


def pairs_of(found: CandidatePairs) -> list[tuple[int, int]]:
    return list(zip(found.a.tolist(), found.b.tolist(), strict=True))


def joined(
    bands: list[list[int]],
    articles: list[int],
    sources: list[int],
    *,
    scope: str = "all",
    max_bucket: int = 10_000,
) -> CandidatePairs:
    pairs = PairSet(sources=np.array(sources, np.uint32), scope=scope, max_bucket=max_bucket)
    for keys in bands:
        pairs.add_band(np.array(keys, np.uint32), np.array(articles, np.uint32))
    return pairs.sorted()


@st.composite
def banded(draw: st.DrawFn) -> tuple[list[list[int]], list[int], list[int]]:
    """Bands of few keys, so that buckets are full; passages of articles in order; sources."""
    articles = sorted(draw(st.lists(st.integers(0, 7), max_size=14)))
    key = st.sampled_from([int(NO_KEY), 1, 2, 3, 2**32 - 1])
    bands = draw(st.lists(st.lists(key, min_size=len(articles), max_size=len(articles)), max_size=4))
    sources = draw(st.lists(st.integers(0, 2), min_size=8, max_size=8))
    return bands, articles, sources


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
    """Edited copies of one text meet in many buckets, each with other articles first in it."""
    keys = [[1 + (member + shift) % 7 for shift in range(3) for member in range(700)]]
    articles = sorted(list(range(700)) * 3)
    found = joined([keys[0]], articles, list(range(700)), max_bucket=64)
    assert len(found.a) <= 700


def test_a_bucket_at_the_cap_is_whole() -> None:
    found = joined([[9] * 64], list(range(64)), list(range(64)), max_bucket=64)
    assert len(found.a) == 64 * 63 // 2
    assert found.cut_short == 0


def test_representatives_are_of_different_sources() -> None:
    """Ninety articles of one source come first: the rest must still meet each other's outlets."""
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
    """One sentence ten thousand times: the article's own passages are no pairs."""
    found = joined([[9] * 10_000 + [9]], [0] * 10_000 + [1], [0, 1], scope="cross", max_bucket=64)
    assert pairs_of(found) == [(0, 1)]
