"""Why a pair is found or missed: the explanation agrees with what a scan does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dedup.article import Article
from dedup.detector import compare, find_overlaps
from dedup.explain.pair import SHOWN_WINDOWS, Explanation, explain
from dedup.lsh.bands import find_probability
from dedup.settings import Settings

WIDTH = Settings().shingle_words
SHARED = (
    "Prime Minister Imran Khan arrived in Moscow on Wednesday on a two-day visit, the first by a Pakistani "
    "premier in over two decades, and began his engagements by laying a wreath at the Tomb of the Unknown "
    "Soldier, hours after the Russian president had ordered a special military operation in the east."
)
LEAD = "Apple growers expect a late harvest after frost."
ONE = Article(id="one", source="Herald", text=f"{LEAD} {SHARED}")
TWO = Article(id="two", source="Courier", text=SHARED + " A museum in Lyon opened its archive this week.")
SHORT_QUOTE = Article(
    id="quote", source="Gazette", text="He laid a wreath at the Tomb of the Unknown Soldier there."
)
APART = Article(id="apart", source="Gazette", text="The council voted to rebuild the bridge over the river.")


def test_the_chain_of_a_pair_that_is_found() -> None:
    found = explain(ONE, TWO)
    assert found.found
    assert (found.a.id, found.b.id) == ("one", "two")
    assert found.overlap == compare(ONE, TWO)
    assert found.shared_shingles == len(set(_shingles(ONE.text)) & set(_shingles(TWO.text)))
    either = set(_shingles(ONE.text)) | set(_shingles(TWO.text))
    assert found.jaccard == pytest.approx(found.shared_shingles / len(either))
    assert found.reasons[0].startswith("found: ")


def test_the_closest_passages_are_what_banding_sees() -> None:
    found = explain(ONE, TWO)
    best = found.closest[0]
    assert len(found.closest) == SHOWN_WINDOWS
    assert [pair.jaccard for pair in found.closest] == sorted(
        (p.jaccard for p in found.closest), reverse=True
    )
    in_a, in_b = set(_shingles(best.a.of(ONE.text))), set(_shingles(best.b.of(TWO.text)))
    assert best.jaccard == pytest.approx(len(in_a & in_b) / len(in_a | in_b))
    settings = Settings()
    assert best.probability == pytest.approx(
        float(find_probability(best.jaccard, bands=settings.bands, rows=settings.rows))
    )
    assert set(best.bands) <= set(range(settings.bands))
    assert 0 <= best.estimate <= 1


def test_the_order_of_the_two_does_not_matter() -> None:
    assert explain(ONE, TWO) == explain(TWO, ONE)


@pytest.mark.parametrize(
    ("one", "two", "changes", "ending"),
    [
        (ONE, APART, {}, "share no three words in a row"),
        (ONE, replace(TWO, source="Herald"), {}, "the scope does not compare the two"),
        (ONE, replace(APART, text="Two words"), {}, "apart has no three words in a row outside furniture"),
        (ONE, TWO, {"min_words": 500}, "the thresholds dropped all of it"),
        (ONE, TWO, {"min_overlap_words": 500}, "the thresholds dropped all of it"),
        (ONE, SHORT_QUOTE, {"rows": 16, "bands": 1}, "no two windows share a bucket"),
    ],
)
def test_the_stage_that_loses_the_pair(
    one: Article, two: Article, changes: dict[str, int], ending: str
) -> None:
    settings = Settings(**changes)  # type: ignore[arg-type]
    told = explain(one, two, settings)
    assert not told.found
    assert told.reasons[0].startswith("not found: ")
    assert ending in told.reasons[0]
    assert len(find_overlaps([one, two], settings).overlaps) == 0


def test_what_a_threshold_dropped_is_named_with_it() -> None:
    told = explain(ONE, TWO, Settings(min_words=500))
    (drop,) = told.dropped
    assert drop.passages.words == len(SHARED.replace("-", " ").split())
    assert drop.reason == f"{drop.passages.words} words agree; min_words asks for 500"
    assert drop.passages.a.of(ONE.text) == drop.passages.a_text


def test_a_pair_with_few_words_in_all_is_dropped_for_that() -> None:
    words = SHARED.split()
    asked = Settings().min_overlap_words
    other = replace(APART, text=APART.text + " " + " ".join(words[: asked - 3]))
    told = explain(ONE, other)
    (drop,) = told.dropped
    assert Settings().min_words <= drop.passages.words < asked
    said = (
        f"{drop.passages.words} words agree in all passages of the pair; min_overlap_words asks for {asked}"
    )
    assert drop.reason == said
    place = f"{drop.passages.a_start:,}–{drop.passages.a_end:,} of {told.a.id}"
    assert f"dropped: {place}: {said}" in told.reasons
    lower = Settings(min_overlap_words=drop.passages.words)
    assert explain(ONE, other, lower).dropped == ()
    assert explain(ONE, other, lower).found


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "Imran Khan, Vladimir Putin, Nawaz Sharif, Joe Biden, Ned Price, Sergey Lavrov, Shahid Abbasi",
            "of the 14 words that agree 0 are neither names, numbers, short nor repeated; "
            "a passage so long must have 3",
        ),
        (
            "upper 2 lower 3 lower 5 upper 7 upper 1 lower 4 lower 8 upper 6",
            "of the 16 words that agree 2 are neither names, numbers, short nor repeated; "
            "a passage so long must have 3",
        ),
        (
            "it is as it was and so it is to be as it was",
            "the 14 words that agree weigh 4.20, as short ones and gaps lower it; any passage must weigh 5",
        ),
    ],
)
def test_what_is_asked_of_any_passage_is_named_too(text: str, reason: str) -> None:
    one, two = (replace(ONE, text=f"{LEAD} {text}."), replace(TWO, text=f"{APART.text} {text}."))
    free = Settings(min_overlap_words=1)
    assert compare(one, two, free) is None
    loose = compare(one, two, free, floors=False)
    told = explain(one, two)
    assert loose is not None
    (drop,) = (drop for drop in told.dropped if drop.passages.a_text == text)
    assert drop.passages == loose.passages[0]
    assert drop.reason == reason
    assert "the thresholds dropped all of it" in told.reasons[0]


def test_furniture_is_named_before_what_it_is_worth() -> None:
    line = "Subscribe to our newsletter to get the latest stories in your inbox every day"
    one, two = (replace(article, text=f"{article.text}\n\n{line}\n") for article in (APART, SHORT_QUOTE))
    assert [drop.reason for drop in explain(one, two).dropped] == [
        "it is site furniture, which only furniture = true reports"
    ]


def test_found_is_what_a_scan_reports() -> None:
    """For windows of any length the explanation and the scan agree."""
    words = SHARED.split()
    told: list[Explanation] = []
    for length in range(2, len(words), 5):
        other = replace(APART, text=APART.text + " " + " ".join(words[:length]))
        told.append(explain(ONE, other))
        assert told[-1].found == (len(find_overlaps([ONE, other]).overlaps) == 1), length
    assert {each.found for each in told} == {True, False}


def _shingles(text: str) -> list[tuple[str, ...]]:
    words = "".join(c.lower() if c.isalnum() else " " for c in text).split()
    return [tuple(words[i : i + WIDTH]) for i in range(len(words) - WIDTH + 1)]
