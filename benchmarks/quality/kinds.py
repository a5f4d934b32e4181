"""Lines that unrelated articles share: what a site prints, and what only looks like it.

``kinds.toml`` holds lines by their kind. Each is put into two articles of different stories. It makes no
overlap, or at most a quotation where it is a post; prose about the same things is found. And lines that no
list of words knows are put below articles of the generated wire copy, a few of each source's.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from claims import Claims, digest_of

from dedup.article import Article
from dedup.detector import compare, find_overlaps
from dedup.settings import Settings

_KINDS = Path(__file__).with_name("kinds.toml")
#: The two stories: before the line, and around it.
_ONE = (
    "The weir above the mill will be mended in May, when the river is low, with stone from the quarry.\n\n"
    "Anglers who met at the inn asked for a ladder that fish can climb, and heard there is money."
)
_TWO = (
    "A choir from the hills has sung for nine hours to pay for a new roof, and the priest wept.",
    "The oldest of them is ninety. They will sing again in the autumn, if the roof is on by then.",
)
#: Lines of a site, with its name and a year; the shares of a source's articles that have them.
_LINES = (
    "{outlet} is an independent newsroom that has covered the valleys and their courts since {year}.",
    "This article is part of a project of {outlet} and a fund that pays for two of its posts until {year}.",
    "Letters of up to three hundred words reach the desk at the mill behind the station.",
)
_SHARES = (0.05, 0.1, 0.2)


def measure_kinds(settings: Settings) -> Claims:
    """The share of the lines of each kind that are judged rightly."""
    text = _KINDS.read_text("utf-8")
    right: dict[str, float] = {}
    for kind, data in tomllib.loads(text).items():
        lines = data["lines"]
        told = [
            _is_right(kind, line, data["leads"][number] if "leads" in data else None, settings)
            for number, line in enumerate(lines)
        ]
        right[f"kinds: {kind}"] = round(sum(told) / len(lines), 4)
    return Claims("kinds", digest_of([text]), right)


def _is_right(kind: str, line: str, leads: Sequence[str] | None, settings: Settings) -> bool:
    if leads is not None:
        texts = tuple(lead + line for lead in leads)
    else:
        texts = f"{_ONE}\n\n{line}", f"{_TWO[0]}\n\n{line}\n\n{_TWO[1]}"
    one, two = (Article(id=name, source=name, text=text) for name, text in zip("ab", texts, strict=True))
    overlap = compare(one, two, settings)
    if kind == "prose":
        return overlap is not None
    return overlap is None or (kind == "posts" and overlap.relation == "quotation")


def measure_lines(name: str, articles: Sequence[Article], settings: Settings) -> Claims:
    """Overlaps that rest on lines of sites, and story words that are hidden with the lines."""
    draw = random.Random(len(articles))
    sources = sorted({article.source for article in articles})
    share = {source: _SHARES[number % len(_SHARES)] for number, source in enumerate(sources)}
    printed: list[Article] = []
    added: dict[str, int] = {}
    for article in articles:
        text = article.text
        if draw.random() < share[article.source]:
            year = draw.choice((2023, 2024))
            lines = [line.format(outlet=article.source, year=year) for line in _LINES]
            added[article.id] = sum(len(line.split()) for line in lines)
            text = "\n\n".join([text, *lines])
        printed.append(replace(article, text=text))
    report = find_overlaps(printed, settings)
    before = {row.id: row.words for row in find_overlaps(articles, settings).articles}
    hidden = sum(max(0, before[row.id] - row.words) for row in report.articles)
    pieces = [line.split("{year}")[0].split("{outlet}")[-1].strip() for line in _LINES]
    resting = sum(
        any(piece in passage.a_text for piece in pieces for passage in overlap.passages)
        for overlap in report.overlaps
    )
    return Claims(
        f"{name}, with lines of sites",
        digest_of(article.text for article in printed),
        {
            "lines of sites: false alarms": float(resting),
            "lines of sites: story words kept": round(1 - hidden / sum(before.values()), 4),
        },
    )
