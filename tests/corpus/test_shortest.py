"""Equal texts are copies, however short, in a scan and in an index."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from dedup.article import Article
from dedup.detector import find_overlaps
from dedup.explain.pair import explain
from dedup.index import Index

TEXTS = [
    "Fire",
    "Ferry sinks",
    "fire!",
    "Mayor quits today",
    "Ferry sinks",
    "Mayor quits now",
    "地震",
    "地震",
    "火",
    "火",
]
TEXTS += ["Mayor quits today.", "A longer text that is no one else's and has words enough"]


def articles(texts: list[str]) -> list[Article]:
    return [Article(id=f"a{number:02}", source=f"s{number}", text=text) for number, text in enumerate(texts)]


def equal(texts: list[str]) -> set[tuple[str, str]]:
    folded = [text.strip("!.").casefold() for text in texts]
    return {(f"a{i:02}", f"a{j:02}") for i, j in combinations(range(len(texts)), 2) if folded[i] == folded[j]}


def test_equal_texts_of_one_to_three_words_are_copies() -> None:
    found = find_overlaps(articles(TEXTS), threads=1).overlaps
    assert {(overlap.a, overlap.b) for overlap in found} == equal(TEXTS)
    assert {overlap.relation for overlap in found} == {"copy"}


@pytest.mark.parametrize("part", [1, 5])
def test_an_index_finds_them_too(tmp_path: Path, part: int) -> None:
    given = articles(TEXTS)
    with Index.create(tmp_path / "index", threads=1) as index:
        for start in range(0, len(given), part):
            index.add(given[start : start + part])
        found = {(overlap.a, overlap.b) for overlap in index.report().overlaps}
    assert found == equal(TEXTS)


def test_many_equal_ones_go_through_representatives() -> None:
    report = find_overlaps(articles(["Ferry sinks"] * 200), threads=1)
    assert len(report.overlaps) < 4000
    assert {row.copied for row in report.articles} == {1.0}
    assert [len(story.articles) for story in report.stories] == [200]


def test_explain_says_so() -> None:
    one, two = articles(["Ferry sinks"] * 2)
    assert explain(one, two).reasons[0].startswith("found: copy: 2 words agree")
    three = Article(id="c", source="c", text="Ferry sails")
    assert explain(one, three).reasons[0] == "not found: a00 has no three words in a row outside furniture"
