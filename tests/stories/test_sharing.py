"""What is shared of each word of an article, and by whom, against a plain count over the same passages."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.overlaps.align import Sides
from dedup.stories.sharing import NEVER, Shared, shared_of
from dedup.stories.standing import mirrored

WORDS = 40
Passage = tuple[int, int, int, int, int]  # a, b, start in a, start in b, words


def sides_of(passages: list[Passage]) -> Sides:
    rows = []
    for number, (a, b, in_a, in_b, words) in enumerate(passages):
        rows += [(a, in_a, b, in_a + words, number), (b, in_b, a, in_b + words, number)]
    rows.sort()
    article, start, other, end, passage = (
        np.array(column, np.int64) for column in (zip(*rows, strict=True) if rows else [[]] * 5)
    )
    return Sides(article, other, start.astype(np.int32), end.astype(np.int32), passage)


def shared(
    articles: int,
    passages: list[Passage],
    *,
    sources: list[int] | None = None,
    suppliers: list[int] | None = None,
    since: list[int | None] | None = None,
    lasting: int = 0,
    ranks: list[int] | None = None,
    told_apart: frozenset[int] = frozenset(),
) -> Shared:
    sides = sides_of(passages)
    moments = np.array([NEVER if each is None else each for each in since or [None] * articles], np.int64)
    return shared_of(
        sides,
        mirrored(sides),
        np.array([int(number) not in told_apart for number in sides.passage], np.bool_),
        lengths=np.full(articles, WORDS),
        sources=np.array(sources or range(articles), np.uint32),
        suppliers=np.array(suppliers or [0] * articles, np.uint64).reshape(-1, 1),
        since=moments,
        until=np.where(moments == NEVER, NEVER, moments + np.where(moments == NEVER, 0, lasting)),
        ranks=np.array(range(articles) if ranks is None else ranks),
    )


def words_by_supplier(found: Shared, article: int) -> Counter[int]:
    total: Counter[int] = Counter()
    for part in range(found.part_offsets[article], found.part_offsets[article + 1]):
        total[int(found.part_suppliers[part, 0])] += int(found.part_words[part])
    return total


@st.composite
def cliques(draw: st.DrawFn) -> tuple[int, list[Passage], list[int], list[int]]:
    """Draw articles that each run a part of one text, so that every pair is known."""
    count = draw(st.integers(2, 6))
    runs = [draw(st.tuples(st.integers(0, 10), st.integers(20, 30))) for _ in range(count)]
    passages = []
    for a in range(count):
        for b in range(a + 1, count):
            low, high = max(runs[a][0], runs[b][0]), min(runs[a][1], runs[b][1])
            passages.append((a, b, low - runs[a][0], low - runs[b][0], high - low))
    moments = draw(st.lists(st.integers(0, 3), min_size=count, max_size=count))
    masks = draw(st.lists(st.sampled_from([0, 1, 2]), min_size=count, max_size=count))
    return count, passages, moments, masks


@settings(max_examples=150, deadline=None)
@given(cliques())
def test_words_suppliers_and_other_sources_are_those_of_all_pairs(given_clique) -> None:  # type: ignore[no-untyped-def]
    count, passages, moments, masks = given_clique
    found = shared(count, passages, suppliers=masks, since=moments)
    for article in range(count):
        expected: Counter[int] = Counter()
        for word in range(WORDS):
            having = set()
            for a, b, in_a, in_b, words in passages:
                if a == article and in_a <= word < in_a + words:
                    having.add(b)
                if b == article and in_b <= word < in_b + words:
                    having.add(a)
            if having:
                mask = masks[article]
                for other in having:
                    mask |= masks[other]
                expected[mask] += 1
        assert words_by_supplier(found, article) == expected
        assert found.others[article] == count - 1


def test_what_a_representative_knows_is_told_of_all_that_met_it() -> None:
    """A star: 30 articles met only article 0; number 7 credits the agency and ran first."""
    count = 31
    passages = [(0, other, 0, 5, 30) for other in range(1, count)]
    moments = [100 + number for number in range(count)]
    moments[7] = 50
    masks = [0] * count
    masks[7] = 1
    found = shared(count, passages, suppliers=masks, since=moments)
    assert found.others.tolist() == [count - 1] * count
    assert found.earliest.tolist() == [7] * count
    assert all(words_by_supplier(found, article) == {1: 30} for article in range(count))


def test_only_the_words_that_a_passage_has_are_lent_through_it() -> None:
    """Articles 0 and 1 share 40 words, 10 of which are in the text that credits the agency."""
    found = shared(3, [(0, 1, 0, 0, 40), (1, 2, 20, 0, 10)], suppliers=[0, 0, 1], since=[3, 2, 1])
    assert words_by_supplier(found, 0) == {0: 30, 1: 10}
    assert words_by_supplier(found, 1) == {0: 30, 1: 10}
    assert found.earliest.tolist() == [1, 1, 2]


def test_a_passage_that_shows_no_supplier_lends_none_and_its_other_facts() -> None:
    """Articles 0 and 1 share 40 words; what 1 shares with 2, which credits the agency, a speaker said."""
    passages = [(0, 1, 0, 0, 40), (1, 2, 20, 0, 10)]
    found = shared(3, passages, suppliers=[0, 0, 1], since=[3, 2, 1], told_apart=frozenset({1}))
    assert words_by_supplier(found, 0) == {0: 40}
    assert words_by_supplier(found, 1) == {0: 40}
    assert words_by_supplier(found, 2) == {1: 10}
    assert found.others.tolist() == shared(3, passages, since=[3, 2, 1]).others.tolist()


def test_nobody_was_first_where_the_moments_leave_a_doubt() -> None:
    passages = [(0, 1, 0, 0, 40)]
    assert shared(2, passages, since=[10, 20]).earliest.tolist() == [0, 0]
    assert shared(2, passages, since=[10, 20], lasting=15).earliest.tolist() == [-1, -1]
    assert shared(2, passages, since=[10, 10]).earliest.tolist() == [-1, -1]
    assert shared(2, passages, since=[None, 10]).earliest.tolist() == [1, 1]
    assert shared(2, passages).earliest.tolist() == [-1, -1]


def test_articles_of_one_source_are_no_other_sources() -> None:
    passages = [(0, 1, 0, 0, 40), (0, 2, 0, 0, 40), (1, 2, 0, 0, 40)]
    assert shared(3, passages, sources=[4, 4, 5]).others.tolist() == [1, 1, 1]


def test_nothing_shared_is_nothing_told() -> None:
    found = shared(2, [])
    assert found.others.tolist() == [0, 0]
    assert found.part_offsets.tolist() == [0, 0, 0]


def test_of_two_that_ran_as_many_words_first_the_smaller_by_id_is_told_in_any_order() -> None:
    # Article 0 shares ten words with article 1, and ten others with article 2: both were earlier.
    passages = [(0, 1, 0, 0, 10), (0, 2, 20, 0, 10)]
    for ranks, told in (([0, 1, 2], 1), ([0, 2, 1], 2)):
        assert shared(3, passages, since=[9, 1, 1], ranks=ranks).earliest[0] == told


def test_where_as_many_words_are_uncertain_nobody_is_told_as_the_first() -> None:
    # Ten words ran at one moment in two articles; ten others were in article 0 first.
    for places in ((0, 20), (20, 0)):
        passages = [(0, 1, places[0], 0, 10), (0, 2, places[1], 0, 10)]
        for ranks in ([0, 1, 2], [2, 1, 0]):
            assert shared(3, passages, since=[1, 1, 9], ranks=ranks).earliest[0] == -1
