"""What people see first, when there is more than they can read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import nlargest
from typing import TypeVar

from dedup.results import ArticleSummary, Overlap, Report, Story

_Item = TypeVar("_Item")

#: Members of a story that are listed; the rest is counted.
MEMBERS = 40
#: Pairs of each listed article that a page holds in any case.
_OWN_PAIRS = 2


def leading_articles(report: Report, limit: int | None) -> tuple[list[ArticleSummary], int]:
    """The articles with the largest copied share, of those with shared text; and how many have any."""
    shared = [each for each in report.articles if each.passages]
    return _largest(shared, limit, lambda each: (each.copied, each.quoted)), len(shared)


def leading_stories(report: Report, limit: int | None) -> tuple[list[Story], int]:
    """The stories with most articles; and how many there are."""
    stories = report.stories
    return _largest(stories, limit, lambda each: (len(each.articles), each.sources)), len(stories)


def leading_overlaps(report: Report, limit: int | None) -> tuple[list[Overlap], int]:
    """The overlaps with most shared words outside quotations, furniture last; and how many there are."""
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
    """The pairs with most shared words; the best ones of each listed article come before all others."""
    ordered = sorted(overlaps, key=_weight, reverse=True)
    own: dict[str, int] = {}
    first: list[Overlap] = []
    rest: list[Overlap] = []
    for each in ordered:
        needy = [id_ for id_ in (each.a, each.b) if id_ in listed and own.get(id_, 0) < _OWN_PAIRS]
        (first if needy else rest).append(each)
        for id_ in needy:
            own[id_] = own.get(id_, 0) + 1
    # What is chosen for an article stays, even over the limit: no button may lead to an empty list.
    chosen = first + rest[: max(0, limit - len(first))]
    return sorted(chosen, key=_weight, reverse=True)


def story_members(story: Story) -> list[str]:
    """The ids of a story's members that are listed: the first ones, the origin always among them."""
    first = [story.origin] if story.origin else []
    rest = [id_ for id_ in story.articles if id_ != story.origin]
    return [*first, *rest[: MEMBERS - len(first)]]
