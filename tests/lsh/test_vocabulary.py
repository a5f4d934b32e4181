"""Articles of hardly any words propose no candidates, in a scan as in an index."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup import Article, find_overlaps
from dedup.index import Index
from dedup.lsh.vocabulary import _FEW_WORDS, _MANY_TOKENS, of_few_words

WORDS = ["lantern", "ferry", "autumn", "mayor", "tunnel", "harvest"]


def articles(count: int, words: int = 300) -> list[Article]:
    chance = random.Random(3)
    texts = (" ".join(chance.choice(WORDS) for _ in range(words)) for _ in range(count))
    return [Article(id=str(n), source=f"s{n % 9}", text=text) for n, text in enumerate(texts)]


@given(st.lists(st.lists(st.integers(0, 12), max_size=90), max_size=6))
def test_it_counts_as_plain_python_does(texts: list[list[int]]) -> None:
    hashes = np.array([word for text in texts for word in text], np.uint32)
    offsets = np.cumsum([0, *map(len, texts)])
    poor = [len(text) >= _MANY_TOKENS and len(set(text)) <= _FEW_WORDS for text in texts]
    assert of_few_words(hashes, offsets).tolist() == poor


def test_they_make_no_pairs_in_a_scan_and_in_an_index(tmp_path: Path) -> None:
    many = articles(60)
    assert len(find_overlaps(many).overlaps) == 0
    with Index.create(tmp_path / "index", threads=1) as index:
        index.add(many)
        assert len(index.report().overlaps) == 0


def test_articles_of_more_words_are_compared(tmp_path: Path) -> None:
    text = " ".join(f"{word}{number}" for number in range(9) for word in WORDS)
    assert len(find_overlaps([Article(id=name, source=name, text=text) for name in "ab"]).overlaps) == 1
