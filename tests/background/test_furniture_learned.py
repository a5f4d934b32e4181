"""What a source repeats: lines to its readers are removed from a handful on, a story's background stays."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import pytest

from dedup.article import Article
from dedup.detector import find_overlaps, learn_background
from dedup.index import Index
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


#: Lines that are in no list of words.
ABOUT = "{} is an independent paper that has covered the northern valleys and their courts since the war."
LETTERS = "Letters of at most two hundred words reach the desk at the old mill behind the station."


def named(rng: random.Random, names: int, words: int = 60) -> str:
    """Return a paragraph with this many names of its own."""
    drawn = ["".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))) for _ in range(words)]
    for place in rng.sample(range(2, words), names):
        drawn[place] = drawn[place].capitalize()
    return f"{' '.join(drawn).capitalize()}."


def with_lines(outlets: list[str], each: int, lines: list[str], every: int) -> list[Article]:
    """Return articles of separate stories, some of which end with the lines of their outlet."""
    rng = random.Random(len(outlets))
    articles = []
    for outlet in outlets:
        for number in range(each):
            paragraphs = [named(rng, 6), named(rng, 5)]
            if number % every == 0:
                paragraphs += [line.format(outlet) for line in lines]
            articles.append(Article(id=f"{outlet}-{number:03}", source=outlet, text="\n\n".join(paragraphs)))
    return articles


def test_a_line_below_different_stories_is_furniture_whatever_its_share() -> None:
    articles = with_lines(["Pell Courier", "Harrow Post"], 100, [ABOUT, LETTERS], 12)
    report = scanned(articles)
    assert len(report.overlaps) == 0
    with_line = [row for row in report.articles if row.id.endswith(("-000", "-012", "-096"))]
    assert all(row.furniture > 0.1 for row in with_line)
    assert sum(row.furniture > 0 for row in report.articles) == 2 * 9


def test_a_line_of_many_outlets_is_furniture_with_another_name_in_each() -> None:
    outlets = [f"{town} Herald" for town in ("Pell", "Harrow", "Dunmore", "Coast", "Mill", "Ferry", "Upton")]
    assert len(scanned(with_lines(outlets, 4, [ABOUT], 3)).overlaps) == 0
    few = scanned(with_lines(outlets[:3], 4, [ABOUT], 3))
    assert len(few.overlaps) == 0 or all(overlap.words < 20 for overlap in few.overlaps)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_what_the_updates_of_one_story_repeat_is_not(place: int) -> None:
    rng = random.Random(4)
    articles = with_lines(["Echo"], 40, [], 1)
    for number in range(12):
        paragraphs = [
            named(rng, 3) + f" He spoke of Dunmore, Saturday and Arlo Winter {number} times.",
            named(rng, 3) + f" In Dunmore {number} men asked Winter and Berta Quill for Saturday.",
        ]
        paragraphs.insert(place, BACKGROUND)
        articles.append(Article(id=f"update-{number:02}", source="Echo", text="\n\n".join(paragraphs)))
    copy = [named(rng, 6), BACKGROUND, named(rng, 6)]
    articles.append(Article(id="post", source="Post", text="\n\n".join(copy)))
    found = scanned(articles)
    assert {overlap.a for overlap in found.overlaps} == {"post"}
    assert len(found.overlaps) == 12


def test_an_index_in_parts_hides_the_lines_that_a_scan_hides(tmp_path: Path) -> None:
    articles = with_lines(["Pell Courier", "Harrow Post", "Coast Times"], 30, [ABOUT, LETTERS], 5)
    articles += [
        Article(id=f"copy-{n}", source="Echo", text=f"{articles[n].text}\n\n{ABOUT.format('Echo')}")
        for n in range(0, 60, 6)
    ]
    random.Random(2).shuffle(articles)
    background = learn_background(articles)
    expected = scanned(articles)
    assert len(expected.overlaps) == 10
    for number, cuts in enumerate([[0, 100], [0, 1, 50, 100], [*range(0, 100, 23), 100]]):
        for given in (background, None):
            with Index.create(
                tmp_path / f"index-{number}-{given is None}", background=given, threads=1
            ) as index:
                for start, end in pairwise(cuts):
                    index.add(articles[start:end])
                if given is None:
                    index.refresh()
                assert list(index.report().overlaps) == list(expected.overlaps)
                assert sorted(index.report().articles, key=str) == sorted(expected.articles, key=str)
