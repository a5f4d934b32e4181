"""Why a pair is found or missed: the explanation agrees with what a scan does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dedup.article import Article
from dedup.detector import compare, find_overlaps
from dedup.explanation import SHOWN_PASSAGES, Explanation, explain
from dedup.lsh import find_probability
from dedup.settings import Settings

SHARED = (
    "Prime Minister Imran Khan arrived in Moscow on Wednesday on a two-day visit, the first by a Pakistani "
    "premier in over two decades, and began his engagements by laying a wreath at the Tomb of the Unknown "
    "Soldier, hours after the Russian president had ordered a special military operation in the east."
)
ONE = Article(id="one", source="Herald", text="Apple growers expect a late harvest after frost. " + SHARED)
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
    assert found.reasons[-1].startswith("found: ")


def test_the_closest_passages_are_what_banding_sees() -> None:
    found = explain(ONE, TWO)
    best = found.closest[0]
    assert len(found.closest) == SHOWN_PASSAGES
    assert [pair.jaccard for pair in found.closest] == sorted(
        (p.jaccard for p in found.closest), reverse=True
    )
    in_a, in_b = set(_shingles(best.a.of(ONE.text))), set(_shingles(best.b.of(TWO.text)))
    assert best.jaccard == pytest.approx(len(in_a & in_b) / len(in_a | in_b))
    assert best.probability == pytest.approx(float(find_probability(best.jaccard, bands=12, rows=2)))
    assert set(best.bands) <= set(range(12))
    assert 0 <= best.estimate <= 1


def test_the_order_of_the_two_does_not_matter() -> None:
    assert explain(ONE, TWO) == explain(TWO, ONE)


@pytest.mark.parametrize(
    ("one", "two", "changes", "ending"),
    [
        (ONE, APART, {}, "share no shingle of 4 words"),
        (ONE, replace(TWO, source="Herald"), {}, "the scope does not compare the two"),
        (ONE, replace(APART, text="Two words"), {}, "apart has no 4 words in a row outside furniture"),
        (ONE, TWO, {"min_words": 500}, "but the thresholds dropped all of it"),
        (ONE, SHORT_QUOTE, {"rows": 16, "bands": 1}, "no two passages share a bucket"),
    ],
)
def test_the_stage_that_loses_the_pair(
    one: Article, two: Article, changes: dict[str, int], ending: str
) -> None:
    settings = Settings(**changes)  # type: ignore[arg-type]
    told = explain(one, two, settings)
    assert not told.found
    assert told.reasons[-1].startswith("not found: ")
    assert ending in told.reasons[-1]
    assert len(find_overlaps([one, two], settings).overlaps) == 0


def test_what_a_threshold_dropped_is_named_with_it() -> None:
    told = explain(ONE, TWO, Settings(min_words=500))
    (drop,) = told.dropped
    assert drop.passages.words == len(SHARED.replace("-", " ").split())
    assert drop.reason == f"{drop.passages.words} words agree; min_words asks for 500"
    assert drop.passages.a.of(ONE.text) == drop.passages.a_text


def test_found_is_what_a_scan_reports() -> None:
    """Over passages of any length the explanation and the scan say the same."""
    words = SHARED.split()
    told: list[Explanation] = []
    for length in range(2, len(words), 5):
        other = replace(APART, text=APART.text + " " + " ".join(words[:length]))
        told.append(explain(ONE, other))
        assert told[-1].found == (len(find_overlaps([ONE, other]).overlaps) == 1), length
    assert {each.found for each in told} == {True, False}


def _shingles(text: str) -> list[tuple[str, ...]]:
    words = "".join(c.lower() if c.isalnum() else " " for c in text).split()
    return [tuple(words[i : i + 4]) for i in range(len(words) - 3)]
