"""The order in which people see results, when there are more than they can read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import nlargest
from typing import TypeVar

from dedup.results import ArticleSummary, Overlap, Report, Story

_Item = TypeVar("_Item")

#: Number of listed members of a story; the rest is counted.
MEMBERS = 40
#: Number of pairs per listed article that a page contains in any case.
_OWN_PAIRS = 2


def leading_articles(report: Report, limit: int | None) -> tuple[list[ArticleSummary], int]:
    """Return the articles with shared text, largest copied share first, and their total number."""
    shared = [each for each in report.articles if each.passages]
    return _largest(shared, limit, lambda each: (each.copied, each.quoted)), len(shared)


def leading_stories(report: Report, limit: int | None) -> tuple[list[Story], int]:
    """Return the stories with most articles, and the number of all stories."""
    stories = report.stories
    return _largest(stories, limit, lambda each: (len(each.articles), each.sources)), len(stories)


def leading_overlaps(report: Report, limit: int | None) -> tuple[list[Overlap], int]:
    """Return the overlaps with most unquoted shared words, furniture last, and the number of all overlaps."""
    overlaps = report.overlaps
    return _largest(overlaps, limit, _weight), len(overlaps)


def _weight(overlap: Overlap) -> tuple[bool, int, int]:
    return overlap.relation != "furniture", overlap.words - overlap.quoted_words, overlap.words


def _largest(
    items: Iterable[_Item], limit: int | None, weight: Callable[[_Item], tuple[float, ...]]
) -> list[_Item]:
    # Both keep the given order among equals, so that the same report always reads the same.
    return sorted(items, key=weight, reverse=True) if limit is None else nlargest(limit, items, key=weight)


def leading_pairs(overlaps: Iterable[Overlap], listed: set[str], limit: int) -> list[Overlap]:
    """Return the pairs with most shared words; the best pairs of each listed article precede all others."""
    ordered = sorted(overlaps, key=_weight, reverse=True)
    own: dict[str, int] = {}
    first: list[Overlap] = []
    rest: list[Overlap] = []
    for each in ordered:
        needy = [id_ for id_ in (each.a, each.b) if id_ in listed and own.get(id_, 0) < _OWN_PAIRS]
        (first if needy else rest).append(each)
        for id_ in needy:
            own[id_] = own.get(id_, 0) + 1
    # Pairs chosen for an article stay even over the limit, because no button may lead to an empty list.
    chosen = first + rest[: max(0, limit - len(first))]
    return sorted(chosen, key=_weight, reverse=True)


def story_members(story: Story) -> list[str]:
    """Return the ids of a story's listed members: the first ones, always including the origin."""
    first = [story.origin] if story.origin else []
    rest = [id_ for id_ in story.articles if id_ != story.origin]
    return [*first, *rest[: MEMBERS - len(first)]]
