"""What a source repeats: lines to its readers go from a handful on, the background of a story stays."""

from __future__ import annotations

import random

import pytest

from dedup.article import Article
from dedup.detector import find_overlaps
from dedup.report.scan_report import ScanReport

SYLLABLES = [first + second for first in "bdfglmnprstv" for second in "aeiou"]
LINES = [
    "Sign up for the {} newsletter and have the day's stories in your inbox before breakfast each weekday.",
    "Follow {} on social media to hear of what happens in the valley, on the coast and in the hills.",
    "Copyright 2024 {}. All rights reserved, here and abroad, for whatever we print.",
]
BACKGROUND = (
    "The mill at Dunmore burned down on Saturday night when a lamp fell into the straw, and the fire took "
    "two barns and a row of cottages with it. Nine families have slept in the school since, and the council "
    "wants to build them a street of wooden houses before the winter."
)


def made_up(rng: random.Random, words: int) -> str:
    drawn = ["".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))) for _ in range(words)]
    return f"{' '.join(drawn).capitalize()}."


def scanned(articles: list[Article]) -> ScanReport:
    return find_overlaps(articles, threads=1)


def test_lines_in_one_article_of_seven_make_no_overlap() -> None:
    rng = random.Random(1)
    articles = []
    for outlet in ("Dunmore Echo", "Pell Courier", "Harrow Post", "Coast Times"):
        for number in range(60):
            lines = [line.format(outlet) for line in LINES if rng.random() < 0.15]
            text = "\n\n".join([made_up(rng, 60), made_up(rng, 50), *lines])
            articles.append(Article(id=f"{outlet}-{number}", source=outlet, text=text))
    assert len(scanned(articles).overlaps) == 0


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("updates", [5, 8])
def test_the_background_of_a_running_story_is_not_learned(updates: int, place: int) -> None:
    rng = random.Random(updates)
    articles = []
    for number in range(14):
        paragraphs = [made_up(rng, 40), made_up(rng, 35)]
        if number < updates:
            paragraphs.insert(place, BACKGROUND)
        articles.append(Article(id=f"echo-{number:02}", source="Echo", text="\n\n".join(paragraphs)))
    for number in range(6):
        paragraphs = [made_up(rng, 40), made_up(rng, 35)]
        if number == 0:
            paragraphs.insert(1, BACKGROUND)
        articles.append(Article(id=f"post-{number:02}", source="Post", text="\n\n".join(paragraphs)))
    found = scanned(articles).overlaps
    assert {(overlap.a, overlap.b) for overlap in found} == {
        (f"echo-{n:02}", "post-00") for n in range(updates)
    }
    assert all(overlap.passages[0].relation == "verbatim" for overlap in found)
