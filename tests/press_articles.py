"""Small corpora with shared passages, for the tests of the index."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from dedup.article import Article

_WORDS = [
    a + b + c
    for a in ("ber", "lom", "tas", "wik")
    for b in ("an", "ov", "ir", "ust")
    for c in ("do", "mel", "ra")
]


def sentence(random_: random.Random, words: int) -> str:
    """Return a sentence of made-up words."""
    return (
        " ".join(
            random_.choice(_WORDS) + random_.choice(("", "s", "en", "ly")) for _ in range(words)
        ).capitalize()
        + "."
    )


def corpus(seed: int, articles: int, *, stories: int = 4, sources: int = 3) -> list[Article]:
    """Return articles of which two in three contain one of a few passages, some edited; sorted by id."""
    chance = random.Random(seed)
    shared = [sentence(chance, 45) for _ in range(stories)]
    made = []
    for number in range(articles):
        parts = [sentence(chance, 20), sentence(chance, 15)]
        if number % 3:
            words = chance.choice(shared).split()
            for _ in range(chance.randrange(4)):
                words[chance.randrange(len(words))] = "changed"
            parts.insert(1, " ".join(words))
            if number % 4 == 1:
                parts = parts[1:2]
        hours = timedelta(hours=chance.randrange(200))
        made.append(
            Article(
                id=f"{chance.randrange(16**6):06x}-{number}",
                source=f"outlet {number % sources}",
                title=f"Title {number}",
                published=datetime(2026, 1, 1, tzinfo=UTC) + hours if number % 5 else None,
                text=("MOSCOW (Reuters) - " if number % 7 == 0 else "") + "\n".join(parts),
            )
        )
    return sorted(made, key=lambda article: article.id)
