"""The seed articles against the passages that a careful reader marked in them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dedup.article import Article
from dedup.report.scan_report import ScanReport
from dedup.results import AlignedPassages, Overlap

SEEDS = Path(__file__).parents[1] / "seeds"
GOLD: list[dict[str, Any]] = [
    json.loads(line) for line in (SEEDS / "gold.jsonl").read_text(encoding="utf-8").splitlines()
]
Passage = dict[str, Any]


def places(passage: Passage | AlignedPassages, side: str) -> set[int]:
    start, end = f"{side}_start", f"{side}_end"
    if isinstance(passage, AlignedPassages):
        return set(range(getattr(passage, start), getattr(passage, end)))
    return set(range(passage[start], passage[end]))


def named(pair: dict[str, Any]) -> str:
    return f"{pair['a'][:3]}-{pair['b'][:3]}"


def overlap_of(report: ScanReport, pair: dict[str, Any]) -> Overlap | None:
    found = [each for each in report.overlaps if (each.a, each.b) == (pair["a"], pair["b"])]
    assert len(found) <= 1
    return found[0] if found else None


def wanted() -> Iterator[tuple[dict[str, Any], Passage]]:
    for pair in GOLD:
        for passage in pair["passages"]:
            if not passage.get("optional"):
                yield pair, passage


WANTED = [pytest.param(*each, id=f"{named(each[0])}@{each[1]['a_start']}") for each in wanted()]
PAIRS = [pytest.param(pair, id=named(pair)) for pair in GOLD if not pair.get("optional")]


def test_the_gold_slices_back_to_its_texts(seed_articles: list[Article]) -> None:
    texts = {article.id: article.text for article in seed_articles}
    assert len(texts) == 5
    for pair in GOLD:
        for passage in pair["passages"]:
            for side in ("a", "b"):
                span = slice(passage[f"{side}_start"], passage[f"{side}_end"])
                assert texts[pair[side]][span] == passage[f"{side}_text"]


@pytest.mark.parametrize(("pair", "passage"), WANTED)
def test_a_gold_passage_is_found(seed_report: ScanReport, pair: dict[str, Any], passage: Passage) -> None:
    """Nine tenths of it, on both sides, are in one passage of its relation; at most a tenth is beside it."""
    overlap = overlap_of(seed_report, pair)
    assert overlap is not None
    allowed = [each for each in pair["passages"] if each.get("optional")]
    meeting = [each for each in overlap.passages if places(each, "a") & places(passage, "a")]
    assert len(meeting) == 1
    for side in ("a", "b"):
        gold, found = places(passage, side), places(meeting[0], side)
        free = set().union(*(places(each, side) for each in allowed)) - gold
        assert len(gold & found) >= 0.9 * len(gold)
        assert len(found - gold - free) <= 0.1 * len(gold)
    assert meeting[0].relation == passage["relation"]


@pytest.mark.parametrize("pair", PAIRS)
def test_a_gold_pair_has_its_relation(seed_report: ScanReport, pair: dict[str, Any]) -> None:
    overlap = overlap_of(seed_report, pair)
    assert overlap is not None
    assert overlap.relation == pair["relation"]
    assert overlap.syndicated == pair["syndicated"]


def test_nothing_but_the_gold_is_found(seed_report: ScanReport) -> None:
    gold = {(pair["a"], pair["b"]): pair["passages"] for pair in GOLD}
    for overlap in seed_report.overlaps:
        marked = gold.get((overlap.a, overlap.b), [])
        for passage in overlap.passages:
            assert any(
                places(passage, "a") & places(each, "a") and places(passage, "b") & places(each, "b")
                for each in marked
            ), f"{overlap.a} and {overlap.b} share no {passage.a_text!r}"


def test_the_unrelated_article_shares_nothing(seed_report: ScanReport) -> None:
    assert not any(name.startswith("004") for each in seed_report.overlaps for name in (each.a, each.b))
    (summary,) = [each for each in seed_report.articles if each.id.startswith("004")]
    assert (summary.copied, summary.passages, summary.story) == (0, 0, None)


def test_no_furniture_is_among_the_results(seed_report: ScanReport) -> None:
    assert all(each.relation != "furniture" for each in seed_report.overlaps)
    assert all(passage.relation != "furniture" for each in seed_report.overlaps for passage in each.passages)
    texts = [passage.a_text for each in seed_report.overlaps for passage in each.passages]
    for line in ("Keep Reading", "More For You", "(PTI)", "syndicated feed", "Follow us"):
        assert not any(line in text for text in texts)


def test_the_agency_stories_are_one_story_credited_to_pti(seed_report: ScanReport) -> None:
    (story,) = seed_report.stories
    assert [name[:3] for name in story.articles] == ["000", "001", "002"]
    agencies = {each.id[:3]: each.agency for each in seed_report.articles}
    assert [agencies[name] for name in ("000", "001", "002", "004")] == ["PTI", "PTI", "PTI", None]
