"""The stories of an index: pairs make one by the same rules as in a scan."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from dedup import Article, Filter, Index
from dedup.detector import find_overlaps

FORM = (
    "Shares of {company} closed at {price} dollars on {day}, after {count} thousand had changed hands. "
    "Analysts who follow the company expect it to earn more than in the year before, and most of them "
    "advise their clients to hold the stock until the report on the next quarter comes out. The index of "
    "the exchange rose by less than a point, and trading was said to be thin before the holiday."
)
FILLED = [
    FORM.format(company="Harrow Mining", price="41.20", day="Monday", count="310"),
    FORM.format(company="Oakwell Foods", price="7.85", day="Thursday", count="95"),
    FORM.format(company="Tyne Robotics", price="133.07", day="Friday", count="1,204"),
]


def prose(seed: int, words: int) -> str:
    """Return sentences of invented words, which differ for each seed."""
    draw = random.Random(seed)
    made = [
        "".join(draw.choice("bdfgklmnprstvz") + draw.choice("aeiou") for _ in range(4)) for _ in range(words)
    ]
    for start in range(0, words, 12):
        made[start] = made[start].capitalize()
        made[min(start + 11, words - 1)] += "."
    return " ".join(made)


def stories_of(tmp_path: Path, articles: list[Article]) -> tuple[int, list[str | None]]:
    """Return how many stories an index counts, and the story in each verdict."""
    with Index.create(tmp_path / "seen") as index:
        verdicts = [each.verdict for each in Filter(index).judge(articles)]
        assert not index.verify().problems
        return index.info().stories, [verdict.story for verdict in verdicts]


def test_forms_with_other_facts_are_templates_and_no_story(tmp_path: Path) -> None:
    articles = [Article(id=f"f{n}", source=f"S{n}", text=text) for n, text in enumerate(FILLED)]
    with Index.create(tmp_path / "index") as index:
        index.add(articles)
        assert {overlap.relation for overlap in index.report().overlaps} == {"template"}
        assert not index.report().stories
        assert index.info().stories == 0
        other = FORM.format(company="Pell Steel", price="2.11", day="Tuesday", count="17")
        found = index.query(Article(id="f9", source="S9", text=other))
        assert {overlap.relation for overlap in found} == {"template"}
    assert stories_of(tmp_path, articles) == (0, [None] * 3)


@pytest.mark.parametrize(("shared", "stories"), [(30, 0), (200, 1)])
def test_a_small_part_of_both_makes_no_story(tmp_path: Path, shared: int, stories: int) -> None:
    common = prose(1, shared)
    articles = [
        Article(id=f"p{n}", source=f"S{n}", text=f"{prose(n + 2, 400)} {common} {prose(n + 9, 400)}")
        for n in range(2)
    ]
    assert len(find_overlaps(articles).stories) == stories
    told, of_verdicts = stories_of(tmp_path, articles)
    assert told == stories
    assert of_verdicts[1] == ("p0" if stories else None)
