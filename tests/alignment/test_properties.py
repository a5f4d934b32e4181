"""Properties of every aligned pair of passages, whatever the texts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import oracles
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import Planted, planted_runs, word, word_lists, words

from dedup.alignment.batch import Alignments, agreeing_runs, align_pairs
from dedup.settings import Settings
from dedup.text.flags import CAPITAL, FURNITURE, NUMBER, QUOTED
from dedup.text.tokens import hash_words


@dataclass(frozen=True)
class Passage:
    """One row of `Alignments`."""

    pair: int
    a_start: int
    a_end: int
    b_start: int
    b_end: int
    words: int
    longest_run: int
    quoted_words: int
    furniture_words: int
    plain_words: int


def rows(found: Alignments) -> list[Passage]:
    columns = [getattr(found, name).tolist() for name in Passage.__dataclass_fields__]
    return [Passage(*row) for row in zip(*columns, strict=True)]


def aligned(
    articles: list[list[str]],
    pairs: list[tuple[int, int]] | None = None,
    flags: np.ndarray | None = None,
    **knobs: float,
) -> list[Passage]:
    hashes = hash_words(" ".join(word for words in articles for word in words))
    offsets = np.concatenate(([0], np.cumsum([len(words) for words in articles]))).astype(np.int64)
    a, b = np.array(pairs if pairs is not None else [(0, 1)], np.uint32).reshape(-1, 2).T
    given_flags = np.zeros(len(hashes), np.uint8) if flags is None else flags
    return rows(align_pairs(hashes, given_flags, offsets, a, b, Settings(**knobs)))  # type: ignore[arg-type]


def edited(words: list[str], data: st.DataObject) -> list[str]:
    """Return the words with some of them cut, changed, or followed by new ones."""
    out = []
    for number, each in enumerate(words):
        kind = data.draw(st.sampled_from("........cni"))
        out += {".": [each], "c": [], "n": [word(number, "n")], "i": [each, word(number, "p")]}[kind]
    return out


SOME_SETTINGS = st.fixed_dictionaries(
    {
        "seed_words": st.integers(2, 6),
        "max_gap": st.integers(0, 30),
        "min_words": st.integers(1, 20),
        "min_similarity": st.sampled_from([0.0, 0.4, 0.8, 1.0]),
    }
)


def is_prose(words: list[str], plain: list[bool] | None = None) -> bool:
    """Whether enough different plain words agree: a passage with fewer is a list or a refrain."""
    kept = words if plain is None else [each for each, is_plain in zip(words, plain, strict=True) if is_plain]
    return len(set(kept)) >= min(max(3, len(words) // 7), 8)


def check(a: list[str], b: list[str], found: list[Passage], knobs: dict[str, float]) -> None:
    rule = Settings(**knobs)  # type: ignore[arg-type]
    if a and a == b:
        assert [(p.a_start, p.a_end, p.b_start, p.b_end) for p in found] == [(0, len(a), 0, len(a))]
        return
    used_a: set[int] = set()
    used_b: set[int] = set()
    for passage in found:
        assert 0 <= passage.a_start < passage.a_end <= len(a)
        assert 0 <= passage.b_start < passage.b_end <= len(b)
        one, two = a[passage.a_start : passage.a_end], b[passage.b_start : passage.b_end]
        assert (one[0], one[-1]) == (two[0], two[-1])
        assert rule.min_words <= passage.words <= oracles.common_subsequence(one, two)
        assert len(set(one) & set(two)) >= 3
        assert 2 * passage.words >= rule.min_similarity * (len(one) + len(two))
        assert 1 <= passage.longest_run <= passage.words
        assert passage.longest_run * (passage.words - passage.longest_run + 1) >= passage.words / 2
        assert any(
            one[i : i + passage.longest_run] == two[j : j + passage.longest_run]
            for i in range(len(one) - passage.longest_run + 1)
            for j in range(len(two) - passage.longest_run + 1)
        )
        assert passage.quoted_words == passage.furniture_words == 0
        assert passage.plain_words == passage.words
        place_a = set(range(passage.a_start, passage.a_end))
        place_b = set(range(passage.b_start, passage.b_end))
        assert not place_a & used_a, "two passages hold the same words of a"
        assert not place_b & used_b, "two passages hold the same words of b"
        used_a |= place_a
        used_b |= place_b
    assert [passage.a_start for passage in found] == sorted(passage.a_start for passage in found)


@given(word_lists(60, 5), word_lists(60, 5), SOME_SETTINGS)
def test_passages_of_texts_that_repeat_a_lot(a: list[str], b: list[str], knobs: dict[str, float]) -> None:
    check(a, b, aligned([a, b], **knobs), knobs)


@given(st.integers(10, 80), SOME_SETTINGS, st.data())
def test_passages_of_an_edited_copy(length: int, knobs: dict[str, float], data: st.DataObject) -> None:
    a = words("c", 5) + words("d", length) + words("f", 5)
    b = words("g", 7) + edited(words("d", length), data) + words("h", 3)
    check(a, b, aligned([a, b], **knobs), knobs)


@given(st.integers(0, 40), st.integers(20, 60), st.integers(0, 40))
def test_no_gap_is_longer_than_the_setting(before: int, length: int, limit: int) -> None:
    """A gap of `before` new words on one side is bridged only if the setting allows it."""
    run = words("c", 2 * length)
    b = run[:length] + words("d", before) + run[length:]
    found = aligned([run, b], max_gap=limit)
    if before > limit:
        assert [(p.a_start, p.a_end) for p in found] == [(0, length), (length, 2 * length)]
    elif before <= 12:
        assert [(p.a_start, p.a_end) for p in found] == [(0, 2 * length)]


@given(word_lists(80, 30))
@example(words("c", 10))
@example(words("c", 1))
@example([])
def test_identical_texts_align_wholly(text: list[str]) -> None:
    found = aligned([text, text])
    if not text:
        assert found == []
        return
    assert [(p.a_start, p.a_end, p.b_start, p.b_end) for p in found] == [(0, len(text), 0, len(text))]
    assert found[0].words == found[0].longest_run == len(text)


@given(planted_runs())
def test_planted_runs_are_found_with_their_exact_ends(planted: Planted) -> None:
    found = [(p.a_start, p.b_start, p.words) for p in aligned([planted.a, planted.b])]
    assert found == sorted(planted.runs)
    for passage in aligned([planted.a, planted.b]):
        assert passage.longest_run == passage.words == passage.a_end - passage.a_start


@given(word_lists(60, 8), word_lists(60, 8))
def test_comparing_the_other_way_round_gives_passages_too(a: list[str], b: list[str]) -> None:
    """Which of several equal runs is chosen may differ, but not whether there is one."""
    forth, back = aligned([a, b], min_similarity=0), aligned([b, a], min_similarity=0)
    assert bool(forth) == bool(back)


@given(planted_runs())
def test_planted_runs_mirror(planted: Planted) -> None:
    forth, back = aligned([planted.a, planted.b]), aligned([planted.b, planted.a])
    assert sorted((p.a_start, p.b_start, p.words) for p in forth) == sorted(
        (p.b_start, p.a_start, p.words) for p in back
    )


@given(st.lists(word_lists(50, 6), min_size=2, max_size=4), st.data())
def test_a_batch_of_pairs_gives_what_each_pair_gives_alone(
    articles: list[list[str]], data: st.DataObject
) -> None:
    number = st.integers(0, len(articles) - 1)
    pairs = data.draw(st.lists(st.tuples(number, number), max_size=5))
    together = aligned(articles, pairs)
    alone = [
        Passage(place, *list(vars(passage).values())[1:])
        for place, (a, b) in enumerate(pairs)
        for passage in aligned([articles[a], articles[b]])
    ]
    assert together == alone
    assert aligned(articles, pairs) == together


@given(st.integers(12, 40), st.data())
def test_flags_are_counted_of_the_words_that_agree(length: int, data: st.DataObject) -> None:
    text = words("c", length)
    bits = st.lists(
        st.sampled_from([0, QUOTED, FURNITURE, NUMBER, CAPITAL]), min_size=length, max_size=length
    )
    one, two = data.draw(bits), data.draw(bits)
    either = [int(a) | int(b) for a, b in zip(one, two, strict=True)]
    one, two = [0, *one], [*two, 0]  # the texts are not equal, because equal texts are not aligned
    found = aligned([["first", *text], [*text, "last"]], flags=np.array([*one, *two], np.uint8))
    if not is_prose(text, [not flag & (NUMBER | CAPITAL) for flag in either]):
        assert found == []
        return
    assert [p.quoted_words for p in found] == [sum(bool(flag & QUOTED) for flag in either)]
    assert [p.furniture_words for p in found] == [sum(bool(flag & FURNITURE) for flag in either)]
    assert [p.plain_words for p in found] == [sum(not flag & (NUMBER | CAPITAL) for flag in either)]


@given(st.integers(12, 60), st.data())
def test_agreeing_runs_are_the_words_that_agree(length: int, data: st.DataObject) -> None:
    a = words("d", length)
    b = edited(a, data)
    for passage in aligned([a, b]):
        one, two = a[passage.a_start : passage.a_end], b[passage.b_start : passage.b_end]
        runs = agreeing_runs(hash_words(" ".join(one)), hash_words(" ".join(two)), Settings()).tolist()
        ends = (0, 0)
        for at_a, at_b, run in runs:
            assert run > 0
            assert at_a >= ends[0]
            assert at_b >= ends[1]
            assert one[at_a : at_a + run] == two[at_b : at_b + run]
            ends = at_a + run, at_b + run
        # All words of `a` differ, so the words that agree can be matched in one way only.
        assert passage.words == sum(run for _, _, run in runs) == oracles.common_subsequence(one, two)
        assert passage.longest_run == max(run for _, _, run in runs)


def test_a_long_article_has_the_same_passages_on_either_side_of_its_parts() -> None:
    parts = [words(chr(ord("b") + number), 30) for number in range(6)]
    long = [each for part in parts for each in [*part, *words("z", 20)]]
    articles = [long, *parts]
    before = aligned(articles, [(0, n) for n in range(1, 7)])
    behind = aligned(articles, [(n, 0) for n in range(1, 7)])
    assert [(row.pair, row.a_start, row.a_end) for row in before] == [
        (n, 50 * n, 50 * n + 30) for n in range(6)
    ]
    mirrored = [(row.pair, row.b_start, row.b_end, row.a_start, row.a_end, row.words) for row in behind]
    assert mirrored == [
        (row.pair, row.a_start, row.a_end, row.b_start, row.b_end, row.words) for row in before
    ]
