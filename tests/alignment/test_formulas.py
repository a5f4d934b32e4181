"""Articles written in the formulas of a trade share no text; a story that many outlets run does."""

from __future__ import annotations

import random

from dedup.article import Article
from dedup.detector import find_overlaps

SYLLABLES = [first + second for first in "bdfglmnprstv" for second in "aeiou"]
FORMS = [
    "the notes will be offered in denominations of five thousand and ten thousand crowns",
    "and will be listed on the exchange of the capital as soon as the board agrees",
    "the selling concession comes to three eighths of a percent while management takes a quarter",
    "payment is due at the end of the month and the first coupon will be a short one",
    "the borrower may call the paper back at par from the fourth year onward",
    "the lead manager placed most of it with savings banks and insurers at home",
    "rating agencies gave the second highest grade with a stable outlook",
    "proceeds are to repay older loans that fall due in the coming spring",
]


def made_up(rng: random.Random, words: int) -> str:
    return " ".join("".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))) for _ in range(words))


def story(rng: random.Random, words: int) -> str:
    return f"{made_up(rng, words).capitalize()}."


def test_formulas_that_many_use_are_no_overlap() -> None:
    rng = random.Random(2)
    articles = []
    for number in range(120):
        forms = rng.sample(FORMS, 3)
        text = f"{story(rng, 30)}\n\n" + " ".join(
            f"{form.capitalize()}, {made_up(rng, 9)}." for form in forms
        )
        articles.append(Article(id=f"{number:03}", source=f"desk {number % 4}", text=text))
    assert [
        overlap for overlap in find_overlaps(articles, threads=1).overlaps if overlap.relation == "partial"
    ] == []


def test_two_articles_that_share_such_sentences_alone_share_text() -> None:
    rng = random.Random(3)
    texts = [f"{story(rng, 60)} {FORMS[0].capitalize()}. {FORMS[1].capitalize()}." for _ in range(2)]
    articles = [Article(id=f"{n}", source=f"desk {n}", text=text) for n, text in enumerate(texts)]
    others = [Article(id=f"x{n}", source=f"desk {n % 5}", text=story(rng, 80)) for n in range(60)]
    (found,) = find_overlaps([*articles, *others], threads=1).overlaps
    assert (found.a, found.b, found.relation) == ("0", "1", "partial")


def test_a_part_of_a_story_that_forty_outlets_run_is_found() -> None:
    rng = random.Random(4)
    shared = " ".join(story(rng, 14) for _ in range(3))
    articles = [
        Article(id=f"{n:02}", source=f"outlet {n}", text=f"{story(rng, 60)}\n\n{shared}\n\n{story(rng, 60)}")
        for n in range(40)
    ]
    assert len(find_overlaps(articles, threads=1).overlaps) == 40 * 39 // 2
