"""Texts with a very small vocabulary: copies are found; equal words alone make no candidates."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import Article, find_overlaps
from dedup.index import Index
from dedup.lsh.minhash import shingle_hashes
from dedup.lsh.vocabulary import lengthen_shingles

WORDS = ["lantern", "ferry", "autumn", "mayor", "tunnel", "harvest"]


def drawn(count: int, *, words: int = 300, vocabulary: int = 6, seed: int = 3) -> list[str]:
    chance = random.Random(seed)
    return [" ".join(chance.choice(WORDS[:vocabulary]) for _ in range(words)) for _ in range(count)]


def of_sources(texts: list[str]) -> list[Article]:
    return [Article(id=f"{n:04}", source=f"s{n % 9}", text=text) for n, text in enumerate(texts)]


def plain(words: list[int], width: int) -> tuple[list[int | None], bool]:
    """Return the length of the shingle at each place (None for the usual one), and whether all are longer."""
    lengths: list[int | None] = [None] * len(words)
    poor = []
    for start in range(0, len(words), 24):
        stop = min(start + 24, len(words))
        block = words[max(0, stop - 24) : stop]
        poor.append(len(words) >= 24 and len(set(block)) <= len(block) // 3)
        if poor[-1]:
            long = 16 if len(set(block)) > 3 else 40
            for place in range(start, min(stop, len(words) - width + 1)):
                lengths[place] = max(long, width)
    return lengths, len(words) >= 24 and all(poor)


@given(st.lists(st.lists(st.integers(0, 14), max_size=110), max_size=5), st.integers(1, 4))
def test_it_does_as_plain_python_does(texts: list[list[int]], width: int) -> None:
    hashes = np.array([word + 1 for text in texts for word in text], np.uint32)
    offsets = np.cumsum([0, *map(len, texts)])
    usual = shingle_hashes(hashes, offsets, width)
    shingles = usual.copy()
    whole = lengthen_shingles(hashes, offsets, shingles, width)
    for number, words in enumerate(texts):
        lengths, every = plain(words, width)
        assert bool(whole[number]) == every
        for place, length in enumerate(lengths):
            got, at = shingles[offsets[number] + place], offsets[number] + place
            if length is None:
                assert got == usual[at]
            else:
                first = max(0, min(place, len(words) - length))
                run = np.array(words[first : first + length], np.uint32) + np.uint32(1)
                assert got == shingle_hashes(run, np.array([0, len(run)]), len(run))[0]


@pytest.mark.parametrize("vocabulary", [2, 3, 6])
def test_texts_that_use_the_same_words_make_no_pairs(vocabulary: int, tmp_path: Path) -> None:
    many = of_sources(drawn(60, vocabulary=vocabulary))
    assert len(find_overlaps(many).overlaps) == 0
    with Index.create(tmp_path / "index", threads=1) as index:
        index.add(many)
        assert len(index.report().overlaps) == 0


def test_a_word_of_its_own_in_each_text_does_not_bring_the_pairs_back() -> None:
    many = [f"Number {n} of the pages called page{n}. {text}" for n, text in enumerate(drawn(60))]
    assert len(find_overlaps(of_sources(many)).overlaps) < 100


@pytest.mark.parametrize("vocabulary", [1, 2, 3, 6])
@pytest.mark.parametrize("words", [30, 48, 60, 300])
def test_exact_copies_are_found_in_a_scan_and_in_an_index(
    vocabulary: int, words: int, tmp_path: Path
) -> None:
    one, *others = drawn(8, words=words, vocabulary=vocabulary)
    texts = [one, *(others if vocabulary > 1 else []), one]
    many = of_sources(texts)
    found = [(overlap.a, overlap.b) for overlap in find_overlaps(many).overlaps]
    assert ("0000", many[-1].id) in found
    with Index.create(tmp_path / "index", threads=1) as index:
        for article in many:
            index.add([article])
        assert [(overlap.a, overlap.b) for overlap in index.report().overlaps] == found


def test_changed_copies_and_the_text_within_another_are_found() -> None:
    (text,) = drawn(1, words=200)
    words = text.split()
    changed = " ".join([*words[:60], "changed", *words[61:130], "again", *words[131:]])
    around = " ".join(f"river{n} bank{n}" for n in range(60))
    report = find_overlaps(of_sources([text, changed, f"{around} {text}"]))
    assert [(overlap.a, overlap.b) for overlap in report.overlaps] == [
        ("0000", "0001"),
        ("0000", "0002"),
        ("0001", "0002"),
    ]


def test_of_many_copies_the_pairs_that_are_left_out_are_counted() -> None:
    report = find_overlaps(of_sources(drawn(1, vocabulary=1) * 200))
    assert report.summary.stories == 1
    assert report.summary.cut_short > 10_000


def test_articles_of_more_words_are_compared_as_ever() -> None:
    text = " ".join(f"{word}{number}" for number in range(9) for word in WORDS)
    assert len(find_overlaps([Article(id=name, source=name, text=text) for name in "ab"]).overlaps) == 1
