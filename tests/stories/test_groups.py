"""Stories: connected groups, their likely origin, and what intervals cover."""

from __future__ import annotations

from typing import Any

import numpy as np
import oracles
from hypothesis import given
from hypothesis import strategies as st

from dedup.overlaps.coverage import covered, widely_run
from dedup.stories.groups import ORIGIN_REASONS, group, likely_origin

PAIRS = st.lists(
    st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda pair: pair[0] < pair[1]), max_size=12
)


def columns(pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    table = np.array(pairs, np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


@given(PAIRS)
def test_stories_are_the_connected_groups_in_the_order_of_their_first_articles(
    pairs: list[tuple[int, int]],
) -> None:
    stories = group(12, *columns(pairs))
    expected = oracles.components(12, pairs)
    bounds = stories.offsets.tolist()
    found = [stories.members[bounds[i] : bounds[i + 1]].tolist() for i in range(len(stories))]
    assert found == expected
    numbers = {member: number for number, members in enumerate(expected) for member in members}
    assert stories.of_article.tolist() == [numbers.get(article, -1) for article in range(12)]


def origin(pairs: list[tuple[int, int]], articles: int = 3, **known: list[Any]) -> list[tuple[int, str]]:
    """Return the likely origin of each story and the reason; values not given are the same for all."""
    stories = group(articles, *columns(pairs))
    origins, why = likely_origin(
        stories,
        own_agency=np.array(known.get("own", [False] * articles)),
        published=np.array(known.get("published", ["NaT"] * articles), "datetime64[us]"),
        credited=np.array(known.get("credited", [False] * articles)),
        words=np.array(known.get("words", [10] * articles)),
    )
    return [(int(article), ORIGIN_REASONS[reason]) for article, reason in zip(origins, why, strict=True)]


CHAIN = [(0, 1), (1, 2)]
DAYS = ["2022-02-24T10", "2022-02-24T09", "2022-02-24T11"]


def test_the_agencys_own_article_comes_before_the_earlier_one() -> None:
    found = origin(CHAIN, own=[False, False, True], published=DAYS, credited=[True] * 3)
    assert found == [(2, "it is the agency's own")]


def test_the_first_published_comes_before_the_credited() -> None:
    assert origin(CHAIN, published=DAYS, credited=[True, False, True]) == [(1, "it was published first")]


def test_a_time_that_is_not_known_comes_last() -> None:
    assert origin(CHAIN, published=["NaT", "NaT", "2030-01-01"]) == [(2, "it was published first")]


def test_a_credit_comes_before_the_more_complete_text() -> None:
    found = origin(CHAIN, credited=[False, False, True], words=[90, 80, 70])
    assert found == [(2, "it carries the credit")]


def test_the_most_complete_text_comes_before_the_smallest_number() -> None:
    assert origin(CHAIN, words=[10, 30, 20]) == [(1, "its shared text is the most complete")]


def test_where_nothing_parts_them_it_is_said() -> None:
    assert origin(CHAIN) == [(0, "nothing distinguishes it from the others; it has the smallest id")]


def test_what_parts_the_first_from_the_second_is_the_reason() -> None:
    """Two articles carry the credit, and one of them was published first."""
    found = origin(CHAIN, published=["2022-01-01", "2022-01-01", "2022-01-02"], credited=[False, True, True])
    assert found == [(1, "it carries the credit")]


def test_each_story_is_asked_by_itself() -> None:
    found = origin([(0, 3), (1, 2)], 4, words=[1, 2, 3, 4], own=[False, True, False, False])
    assert found == [(3, "its shared text is the most complete"), (1, "it is the agency's own")]
    assert origin([]) == []


SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12)), max_size=10).map(
    lambda spans: sorted((start, start + length) for start, length in spans)
)


@given(st.lists(SPANS, max_size=4))
def test_covered_words_are_the_union_of_the_passages(articles: list[list[tuple[int, int]]]) -> None:
    rows = [(number, *span) for number, spans in enumerate(articles) for span in spans]
    number, start, end = np.array(rows, np.int64).reshape(-1, 3).T
    found = covered(number, start, end, np.full(len(articles), 50))
    assert found.tolist() == [oracles.covered(spans) for spans in articles]


@given(st.lists(SPANS, max_size=3), st.data())
def test_a_passage_is_widely_run_if_another_source_covers_half_of_it(
    articles: list[list[tuple[int, int]]], data: st.DataObject
) -> None:
    rows, expected = [], []
    for number, spans in enumerate(articles):
        count = len(spans)
        sources = data.draw(st.lists(st.integers(0, 2), min_size=count, max_size=count))
        rows += [(number, *span, source) for span, source in zip(spans, sources, strict=True)]
        expected += oracles.widely_run(spans, sources)
    number, start, end, source = np.array(rows, np.int64).reshape(-1, 4).T
    assert widely_run(number, start, end, source).tolist() == expected


def test_a_long_passage_far_before_is_still_seen() -> None:
    """Sixty short passages are between the long one and the one that it covers."""
    spans = [(0, 1000), *((place, place + 1) for place in range(1, 60)), (900, 940)]
    number = np.zeros(len(spans), np.int64)
    start, end = np.array(spans).T
    source = np.array([1] * (len(spans) - 1) + [2])
    assert widely_run(number, start, end, source)[-1]
