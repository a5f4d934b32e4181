"""A report about a story that very many outlets run is right in every row, in any order of reading."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from dedup import Article
from dedup.detector import find_overlaps
from dedup.report.scan_report import ScanReport

STORY = (
    "The salt works on the spit will be shut in October after ninety years, its owner said, because the "
    "pumps that lift the brine are worn out and new ones would cost more than the salt brings in. Sixty "
    "people work there; half of them are offered places at the glass works, and the others will be paid "
    "until spring. The town wants to keep the oldest of the pans and to show school classes how salt was "
    "made by wind and sun."
)
OWN = (
    "In the {n}th year of the choir of street {n} its members sang at the fair of quarter {n}, and were "
    "given a cake of {n} layers by the baker, who had lost a bet about the weather with singer number {n}."
)
START = datetime(2024, 3, 1, 8, tzinfo=UTC)


def run_by(outlets: int, *, first: int) -> list[Article]:
    """Return one text at many outlets, some with their own paragraph; one that credits it was first."""
    made = []
    for n in range(outlets):
        text = STORY if n % 3 else f"{STORY}\n\n{OWN.format(n=n)}"
        if n == first:
            text = f"{STORY}\n\n(AP)"
        moment = START + timedelta(minutes=0 if n == first else n + 1)
        made.append(Article(id=f"w{n:04}", source=f"Outlet {n}", text=text, published=moment))
    return made


def facts(report: ScanReport) -> dict[str, tuple[object, ...]]:
    return {
        each.id: (
            each.others,
            each.earliest,
            each.agency,
            each.credited,
            tuple((one.name, one.state) for one in each.suppliers),
            each.story,
            round(each.copied, 2),
            each.sentence,
        )
        for each in report.articles
    }


@pytest.mark.parametrize("outlets", [60, 64, 66, 100, pytest.param(1000, marks=pytest.mark.slow)])
def test_every_row_knows_all_who_run_the_story(outlets: int) -> None:
    articles, first = run_by(outlets, first=outlets // 2), f"w{outlets // 2:04}"
    told = facts(find_overlaps(articles))
    assert {row[0] for row in told.values()} == {outlets - 1}
    assert {row[1] for row in told.values()} == {first}
    assert {row[2] for row in told.values()} == {"AP"}
    assert [name for name, row in told.items() if row[3]] == [first]
    for seed in (1, 2):
        shuffled = random.Random(seed).sample(articles, len(articles))
        assert facts(find_overlaps(shuffled)) == told
    assert facts(find_overlaps(articles[::-1])) == told


def test_two_stories_and_who_ran_both_are_told_alike_in_any_order() -> None:
    other = STORY.replace("salt", "chalk").replace("pumps", "wagons").upper().capitalize()
    articles = run_by(70, first=3)
    articles += [
        Article(id=f"x{n:03}", source=f"Outlet {n}", text=other, published=START + timedelta(hours=n))
        for n in range(70)
    ]
    articles.append(Article(id="both", source="Weekly", text=f"{STORY}\n\n{other}", published=START))
    told = facts(find_overlaps(articles))
    for seed in (1, 2, 3):
        assert facts(find_overlaps(random.Random(seed).sample(articles, len(articles)))) == told
