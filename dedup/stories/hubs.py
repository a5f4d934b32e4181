"""Stories: articles around one hub, and links that relate stories without merging them."""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.overlaps.measure import OverlapColumns
from dedup.stories.bridges import Bridges, bridges
from dedup.stories.groups import Stories, group
from dedup.thresholds import SAME_VERSION, STORY_LARGER, STORY_MUTUAL, STORY_SMALLER


@dataclass(frozen=True, slots=True)
class Grouping:
    """Articles grouped into stories; all numbers are those of `group_stories`.

    Attributes
    ----------
    stories : Stories
    digest : ndarray of shape (n_articles,), dtype bool
        The article belongs to several stories, and is not a member in `stories`.
    digest_article, digest_story : ndarray of shape (n,), dtype int64
        The stories with which each digest shares text.
    versions : Stories
        Groups of articles of one story whose texts are nearly equal.
    related : ndarray of shape (n, 2), dtype int64
        Pairs of stories that share text, the smaller number first.
    related_words, through : ndarray of shape (n,), dtype int64
        The largest number of shared words, and the digest through which the stories share them, -1 for none.
    """

    stories: Stories
    digest: NDArray[np.bool_]
    digest_article: NDArray[np.int64]
    digest_story: NDArray[np.int64]
    versions: Stories
    related: NDArray[np.int64]
    related_words: NDArray[np.int64]
    through: NDArray[np.int64]


def may_merge(overlaps: OverlapColumns) -> NDArray[np.bool_]:
    """Return which pairs share enough for one story, judged by the pair alone; shape (n_pairs,).

    Standard forms, facts in a single sentence, and small parts of both articles are not enough.
    """
    smaller = np.minimum(overlaps.coverage_a, overlaps.coverage_b)
    larger = np.maximum(overlaps.coverage_a, overlaps.coverage_b)
    much = (smaller >= STORY_SMALLER) | (larger >= STORY_LARGER)
    return np.asarray(overlaps.copied & much & ~overlaps.sentence)


def group_stories(overlaps: OverlapColumns, copied: NDArray[np.bool_], ranks: NDArray[np.int64]) -> Grouping:
    """Group articles into stories.

    Parameters
    ----------
    copied : ndarray of shape (n_passages,), dtype bool
        Whether each passage counts.
    ranks : ndarray of shape (n_articles,), dtype int64
        The number by which each article is identified here: its place among the sorted ids.
    """
    aligned = overlaps.aligned
    shown = np.flatnonzero(overlaps.copied)
    a, b = ranks[aligned.a[shown]], ranks[aligned.b[shown]]
    share_a, share_b = overlaps.coverage_a[shown], overlaps.coverage_b[shown]
    words = overlaps.words[shown]
    between = _bridges_of(overlaps, copied, ranks, shown)
    smaller, larger = np.minimum(share_a, share_b), np.maximum(share_a, share_b)
    merging = may_merge(overlaps)[shown] & ~between.cut & ~between.digest[a] & ~between.digest[b]
    mutual = smaller >= STORY_MUTUAL
    low, high = np.minimum(a, b), np.maximum(a, b)
    order = np.lexsort((high, low, -words, -np.round(larger, 4), ~mutual))
    order = order[merging[order]]
    weight = np.bincount(a, words, len(ranks)) + np.bincount(b, words, len(ranks))
    keys = np.sort((low << 32) | high)
    joined = _join(low[order], high[order], mutual[order], weight, keys)
    stories = group(len(ranks), low[order[joined]], high[order[joined]])
    same = (smaller >= SAME_VERSION) & (stories.of_article[a] == stories.of_article[b])
    same &= stories.of_article[a] >= 0
    return Grouping(
        stories,
        between.digest,
        *_digest_stories(between.digest, stories, a, b),
        group(len(ranks), a[same], b[same]),
        *_related(between.digest, stories, a, b, words),
    )


def _bridges_of(
    overlaps: OverlapColumns, copied: NDArray[np.bool_], ranks: NDArray[np.int64], shown: NDArray[np.int64]
) -> Bridges:
    aligned = overlaps.aligned
    number = np.full(len(aligned.a), -1, np.int64)
    number[shown] = np.arange(len(shown))
    sides = aligned.sides.of(copied & (number[aligned.passages.pair] >= 0))
    article, other = ranks[sides.article], ranks[sides.other]
    order = np.lexsort((other, sides.starts, article))
    article, other, passage = article[order], other[order], sides.passage[order]
    pair = aligned.passages.pair[passage]
    other_is_a = ranks[aligned.a[pair]] == other
    share = np.where(other_is_a, overlaps.coverage_a[pair], overlaps.coverage_b[pair])
    bounds = np.searchsorted(article, np.arange(len(ranks) + 1)).astype(np.int64)
    starts, ends = (each[order].astype(np.int64) for each in (sides.starts, sides.ends))
    found = bridges(bounds, other, starts, ends, number[pair], share)
    cut = np.zeros(len(shown), np.bool_)
    cut[: len(found.cut)] = found.cut
    return found._replace(cut=cut)


@nb.njit(nogil=True, cache=True)
def _root(node, above):  # type: ignore[no-untyped-def]
    while above[node] != node:
        above[node] = above[above[node]]
        node = above[node]
    return node


@nb.njit(nogil=True, cache=True)
def _join(a, b, mutual, weight, keys):  # type: ignore[no-untyped-def]
    """Decide which links make a group, and return a mask of them.

    A link that covers much of both articles joins any two groups. Other links join one article to a group if
    it has words of the group's hub, too.
    """
    above, size, hub = np.arange(len(weight)), np.ones(len(weight), np.int64), np.arange(len(weight))
    joined = np.zeros(len(a), np.bool_)
    for link in range(len(a)):
        one, other = _root(a[link], above), _root(b[link], above)
        if one == other:
            continue
        if not mutual[link]:
            if size[one] > 1 and size[other] > 1:
                continue
            single, group_ = (one, other) if size[one] == 1 else (other, one)
            centre = hub[group_]
            key = (np.int64(min(single, centre)) << 32) | np.int64(max(single, centre))
            place = np.searchsorted(keys, key)
            if place == len(keys) or keys[place] != key:
                continue
        low, high = min(one, other), max(one, other)
        above[high] = low
        size[low] += size[high]
        if weight[hub[high]] > weight[hub[low]]:
            hub[low] = hub[high]
        joined[link] = True
    return joined


def _digest_stories(
    digest: NDArray[np.bool_], stories: Stories, a: NDArray[np.int64], b: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    article, other = np.concatenate([a, b]), np.concatenate([b, a])
    story = stories.of_article[other]
    chosen = digest[article] & (story >= 0)
    found = np.unique(np.stack([article[chosen], story[chosen]], 1), axis=0)
    return found[:, 0], found[:, 1]


def _related(
    digest: NDArray[np.bool_],
    stories: Stories,
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    words: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return pairs of stories that share text directly, or through a digest that has words of both."""
    one, other = stories.of_article[a], stories.of_article[b]
    direct = (one >= 0) & (other >= 0) & (one != other)
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for x, y, count in zip(one[direct].tolist(), other[direct].tolist(), words[direct].tolist(), strict=True):
        pair = min(x, y), max(x, y)
        if count > found.get(pair, (0, -1))[0]:
            found[pair] = count, -1
    for article, met in _stories_of_digests(digest, stories, a, b, words).items():
        ordered = sorted(met)
        for place, x in enumerate(ordered):
            for y in ordered[place + 1 :]:
                if (x, y) not in found:
                    found[x, y] = min(met[x], met[y]), article
    pairs = sorted(found)
    return (
        np.array(pairs, np.int64).reshape(-1, 2),
        np.array([found[pair][0] for pair in pairs], np.int64),
        np.array([found[pair][1] for pair in pairs], np.int64),
    )


def _stories_of_digests(
    digest: NDArray[np.bool_],
    stories: Stories,
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    words: NDArray[np.int64],
) -> dict[int, dict[int, int]]:
    """Return, for each digest, the stories with which it shares text, and the number of words."""
    met: dict[int, dict[int, int]] = {}
    for article, other in ((a, b), (b, a)):
        chosen = np.flatnonzero(digest[article] & (stories.of_article[other] >= 0))
        rows = zip(
            article[chosen].tolist(),
            stories.of_article[other[chosen]].tolist(),
            words[chosen].tolist(),
            strict=True,
        )
        for digest_, story, count in rows:
            of = met.setdefault(digest_, {})
            of[story] = max(of.get(story, 0), count)
    return met
