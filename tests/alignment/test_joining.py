"""Pieces of one passage: rewritten text is found as a whole, an outlet's own paragraph stays out."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import oracles
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import word, word_lists

from dedup.alignment.batch import Alignments, align_pairs
from dedup.alignment.joining import join_passages
from dedup.alignment.sentences import common_share
from dedup.article import Article
from dedup.background.tables import Background
from dedup.detector import compare
from dedup.results import AlignedPassages, Overlap
from dedup.settings import Settings
from dedup.text.tokens import hash_words

FIRST = (
    "The port authority of Lindholm will dredge the northern channel before autumn so that grain "
    "ships of the largest class can reach the silos"
)
SECOND = (
    "Fishing crews fear that the dredgers will bury the mussel beds where most of their catch has "
    "come from since the herring left the sound"
)
THIRD = (
    "A decision on compensation is expected from the regional court once divers have mapped the sea "
    "floor and counted the beds that are still alive"
)
#: The same news as `MIDDLE`, in other words and another order.
MIDDLE = (
    "Engineers Ulla Berg and Tomas Lindqvist promised councillors that silt would be pumped ashore "
    "through pipelines instead of being dumped near the lighthouse island, where a colony of terns "
    "has nested since the storm of last winter"
)
RETOLD = (
    "Since last winter, when a storm brought terns that nested on its island, a colony lives beside "
    "the lighthouse; dumping is therefore out and pipelines will take pumped silt ashore, Lindqvist "
    "and Berg pledged, two engineers whom councillors had asked"
)
OWN = (
    "Readers of this newspaper elected the bakery on Kastanien Street as the best of the town, ahead "
    "of nine rivals, after tasting rolls for a whole summer"
)
OTHER = (
    "Snow closed two mountain passes overnight, and lorry drivers slept in school halls until ploughs"
    " had opened one lane in each direction at noon"
)


def compared(a: list[str], b: list[str]) -> Overlap:
    """Return what two articles of these sentences share."""
    texts = [". ".join(sentences) + "." for sentences in (a, b)]
    overlap = compare(*(Article(id=id_, text=text) for id_, text in zip("ab", texts, strict=True)))
    assert overlap is not None
    for passage in overlap.passages:
        assert passage.a_text == texts[0][passage.a_start : passage.a_end]
    return overlap


def checked(passages: tuple[AlignedPassages, ...]) -> list[int]:
    """Check that pieces are within their passage, in order and disjoint; return how many each passage has."""
    for passage in passages:
        starts, ends, b_starts, b_ends = zip(*passage.pieces, strict=True)
        assert (min(starts), max(ends)) == (passage.a_start, passage.a_end)
        assert (min(b_starts), max(b_ends)) == (passage.b_start, passage.b_end)
        assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
    return [len(passage.pieces) for passage in passages]


def test_passages_around_a_paragraph_that_was_retold_are_one() -> None:
    overlap = compared([OWN, FIRST, MIDDLE, SECOND], [FIRST, RETOLD, SECOND, OTHER])
    assert checked(overlap.passages) == [2]
    (passage,) = overlap.passages
    assert (passage.relation, passage.moved) == ("edited", False)
    assert passage.a_text.startswith("The port authority")
    assert passage.a_text.endswith("left the sound")
    # Retold text is not shared word for word: coverage and words count the pieces.
    assert overlap.words == passage.words == len(f"{FIRST} {SECOND}".split())
    assert overlap.coverage_a == pytest.approx(
        overlap.words / len(f"{OWN} {FIRST} {MIDDLE} {SECOND}".split())
    )
    assert overlap.similarity == 1.0
    assert passage.similarity < 0.8


def test_an_own_paragraph_within_copied_text_parts_it() -> None:
    overlap = compared([FIRST, OWN, SECOND], [FIRST, OTHER, SECOND])
    assert checked(overlap.passages) == [1, 1]


def test_a_gap_that_is_empty_on_one_side_parts() -> None:
    overlap = compared([FIRST, MIDDLE, SECOND], [FIRST, SECOND])
    assert checked(overlap.passages) == [1, 1]


def test_a_moved_paragraph_is_a_passage_that_crosses() -> None:
    overlap = compared([FIRST, SECOND, OWN, THIRD], [SECOND, FIRST, OTHER, THIRD])
    assert checked(overlap.passages) == [1, 1, 1]
    assert [passage.moved for passage in overlap.passages] == [True, True, False]


def test_pieces_in_another_order_are_joined_where_both_gaps_tell_the_same() -> None:
    overlap = compared([FIRST, MIDDLE, SECOND], [SECOND, RETOLD, FIRST])
    assert checked(overlap.passages) == [2]
    assert not overlap.passages[0].moved


#: A text and its rewritten version, with hardly five words in a row left.
TOLD = (
    "Glaciers above the valley lost twice as much ice last summer as in any year since measurements "
    "began, the survey office reported. Meltwater filled the reservoir at Oberau to the brim in June,"
    " and engineers opened both spillways for the first time in a decade. Farmers downstream "
    "harvested early because they feared that the river would flood their lowest fields. Insurers "
    "received four hundred claims from owners of cellars and garages along the embankment. The canton"
    " wants to raise the dam by six metres, which environmental groups have opposed for years."
)
REWRITTEN = (
    "Twice as much ice as in any year since measurements began was lost last summer by glaciers over "
    "Oberau, so the survey office. Engineers had to open both spillways, for the first time in a "
    "decade, after meltwater had filled its reservoir in June. Early harvests were brought in by "
    "farmers downstream, whose lowest fields the river threatened to flood. From owners of garages "
    "and cellars at the embankment insurers counted claims by the hundred. Environmental groups, "
    "opposed for years, hear that the canton would raise that dam six metres."
)


def test_sentences_in_other_words_belong_to_the_passage_beside_them() -> None:
    overlap = compare(Article(id="a", text=f"{OWN}. {TOLD}"), Article(id="b", text=f"{REWRITTEN} {OTHER}."))
    assert overlap is not None
    assert sum(checked(overlap.passages)) > len(overlap.passages) == 1
    (passage,) = overlap.passages
    assert len(passage.a_text) > 0.75 * len(TOLD)
    assert OWN[-20:] not in passage.a_text
    assert OTHER[:20] not in passage.b_text


def test_two_texts_of_one_town_by_two_reporters_are_not_drawn_in() -> None:
    """Names and places recur, but the news does not; and the passage beside was copied word for word."""
    more = "The canton wants to raise the dam at Oberau, and the survey office warned of floods"
    other = "At Oberau the canton warned of new costs, as the survey office has to raise fees"
    overlap = compared([FIRST, SECOND, more], [FIRST, SECOND, other])
    assert checked(overlap.passages) == [1]
    assert overlap.passages[0].a_text.endswith("left the sound")


@given(word_lists(), word_lists(), st.integers(0, 40))
def test_the_common_share_of_two_texts(one: list[str], two: list[str], articles: int) -> None:
    hashes = [hash_words(" ".join(words)) for words in (one, two)]
    frequencies = np.zeros(1 << 10, np.uint32)
    frequencies[::3] = 7
    flags = np.zeros(len(hashes[0]), np.uint8)
    share, words = common_share(*hashes, flags, frequencies, articles)
    expected = oracles.common_share(*(each.tolist() for each in hashes), frequencies.tolist(), articles)
    assert (round(share, 9), words) == (round(expected[0], 9), expected[1])


@st.composite
def retold(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """Draw two texts that share runs of words in some order, and some of the words between them."""
    runs = [
        [word(9 * n + k, "r") for k in range(draw(st.integers(4, 9)))] for n in range(draw(st.integers(1, 6)))
    ]
    between = st.lists(st.sampled_from([word(n, "g") for n in range(12)]), max_size=20)
    order = draw(st.permutations(range(len(runs)))) if draw(st.booleans()) else range(len(runs))
    a = [each for run in runs for each in (*draw(between), *run)]
    b = [each for n in order for each in (*draw(between), *runs[n])]
    return a, b


@given(retold())
def test_what_holds_of_joined_passages(texts: tuple[list[str], list[str]]) -> None:
    hashes = hash_words(" ".join(word for words in texts for word in words))
    offsets = np.array([0, len(texts[0]), len(hashes)])
    flags = np.zeros(len(hashes), np.uint8)
    one, two = np.array([0]), np.array([1])
    knobs = Settings(min_words=4, min_overlap_words=1)
    found = align_pairs(hashes, flags, offsets, one, two, knobs, floors=False)
    joined = join_passages(hashes, flags, offsets, one, two, found, Background.empty(3))
    before, after = (
        set(zip(*(c.tolist() for c in each.columns()[1:6]), strict=True)) for each in (found, joined)
    )
    assert before <= after  # nothing is lost, and places that agree are unchanged
    whole = joined.joined()
    assert whole.words.sum() == joined.words.sum() >= found.words.sum()
    assert not joined.goes_on[:1].any()
    for side in ("a", "b"):  # passages are disjoint in both texts
        spans = sorted(
            zip(getattr(whole, f"{side}_start").tolist(), getattr(whole, f"{side}_end").tolist(), strict=True)
        )
        assert all(first[1] <= second[0] for first, second in pairwise(spans))
    again = join_passages(hashes, flags, offsets, one, two, found, Background.empty(3))
    assert [c.tolist() for c in again.columns()] == [c.tolist() for c in joined.columns()]


def test_no_passages_are_joined_to_none() -> None:
    none = np.zeros(0, np.int64)
    found = join_passages(
        np.zeros(0, np.uint32), np.zeros(0, np.uint8), np.zeros(1, np.int64), none, none,
        Alignments.empty(), Background.empty(3),
    )  # fmt: skip
    assert len(found) == len(found.joined()) == 0


def test_words_are_words() -> None:
    """The texts of this module do not share words that they should not share."""
    sets = [set(re.findall(r"\w{5,}", text.lower())) for text in (OWN, OTHER, FIRST, SECOND)]
    assert all(len(one & two) < 2 for number, one in enumerate(sets) for two in sets[:number])
