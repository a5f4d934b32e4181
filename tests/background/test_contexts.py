"""Contexts: counts of names that articles with a sentence lack, against plain Python."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.background.contexts import (
    OF_NAMED,
    OF_REPEATING,
    ONE_STORY,
    ROW_WORDS,
    add_article,
    article_counts,
    context_row,
    gather_names,
    merged,
    tells_apart,
)
from dedup.text.tokens import tokenise

CLASSES = 60
#: An article as the names that it has, each below this number of classes.
ARTICLES = st.lists(st.lists(st.integers(0, CLASSES - 1), min_size=4, max_size=16, unique=True), max_size=40)


def counted(articles: list[list[int]]) -> np.ndarray:
    table = np.zeros((1, ROW_WORDS), np.uint64)
    for names in articles:
        add_article(table[0], np.array(names, np.uint32), np.full(len(names), -1), len(names), 0)
    return table


def lacking(table: np.ndarray) -> list[int]:
    return [int(table[0, place // 16]) >> 4 * (place % 16) & 15 for place in range(CLASSES)]


@given(ARTICLES)
def test_a_row_counts_the_articles_that_lack_each_name(articles: list[list[int]]) -> None:
    table = counted(articles)
    expected = [min(15, sum(place not in names for names in articles)) for place in range(CLASSES)]
    assert lacking(table) == expected
    assert article_counts(table).tolist() == [len(articles)]


@given(ARTICLES, ARTICLES)
def test_the_tables_of_two_parts_add_up(one: list[list[int]], two: list[list[int]]) -> None:
    together = counted(one + two)
    assert merged(counted(one), counted(two)).tolist() == together.tolist()
    assert merged(counted(two), counted(one)).tolist() == together.tolist()


def test_counts_stay_at_the_end_of_their_range() -> None:
    table = np.full((1, ROW_WORDS), 0xFFFFFFFFFFFFFFFF, np.uint64)
    before = table.tolist()
    add_article(table[0], np.arange(5, dtype=np.uint32), np.full(5, -1), 5, 0)
    assert table.tolist() == before
    assert merged(table, table).tolist() == before


def test_names_of_the_sentence_itself_do_not_count() -> None:
    table = np.zeros((1, ROW_WORDS), np.uint64)
    add_article(table[0], np.arange(5, dtype=np.uint32), np.array([-1, 7, 7, -1, 3]), 5, 7)
    assert table.sum() == 0  # three others are too few to decide
    add_article(table[0], np.arange(6, dtype=np.uint32), np.array([-1, 7, 7, -1, 3, 3]), 6, 7)
    assert [place for place in range(6) if lacking(table)[place]] == [1, 2]


@pytest.mark.parametrize(
    ("articles", "common", "told"),
    [(7, 0, ONE_STORY), (8, 0, OF_NAMED), (8, 1, OF_NAMED), (8, 2, ONE_STORY), (300, 0, OF_REPEATING)],
)
def test_articles_with_names_in_common_tell_one_story(articles: int, common: int, told: int) -> None:
    rng = np.random.default_rng(5)
    rows = [[*range(common), *rng.choice(np.arange(common, CLASSES), 8, False)] for _ in range(articles)]
    assert tells_apart(counted(rows), 0).tolist() == [told]
    assert tells_apart(counted(rows), 400).tolist() == [ONE_STORY]


def names_of(text: str) -> tuple[list[int], list[int]]:
    tokens = tokenise([text])
    names, sentences = np.empty(16, np.uint32), np.empty(16, np.int64)
    count = gather_names(tokens.hashes, tokens.flags, 0, len(tokens.hashes), names, sentences)
    return names[:count].tolist(), sentences[:count].tolist()


def test_the_smallest_names_are_kept_each_once() -> None:
    many = " ".join(f"and N{'aeiou'[n % 5]}{'bcdfg'[n // 5]}o" for n in range(25))
    text = f"{'start ' * 20}{many}. Then {many} {'end ' * 100}"
    names, sentences = names_of(text)
    assert len(names) == 16
    assert names == sorted(set(names))
    assert set(sentences) == {-1}


def test_texts_without_names_are_told_by_pairs_of_words_and_short_ones_not_at_all() -> None:
    assert (
        len(names_of("rain fell upon valley after valley while river rose over bridges and barns " * 3)[0])
        > 8
    )
    assert names_of("Rain fell.")[0] == []


def test_one_form_has_one_row_whatever_names_and_years_are_in_it() -> None:
    lines = [
        "Copyright 2024 Pell Courier, which keeps all rights to what is printed here.",
        "Copyright 2023 Harrow Evening Post, which keeps all rights to what is printed here.",
        "Copyright 2024 Pell Courier, which keeps no rights to what is printed here.",
        "Letters to Pell.",
    ]
    rows = []
    for number, line in enumerate(lines):
        tokens = tokenise([line])
        rows.append(context_row(tokens.hashes, tokens.flags, 0, len(tokens.hashes), number, 1 << 19))
    assert rows[0] == rows[1]
    assert len(set(rows)) == 3
