"""Articles that connect others which share nothing with each other: digests, lists, chains.

They are recognised by the places of the shared words: a digest shares one part of its text with one article
and another part with another, and these two share nothing. A link through such an article relates two
stories, but does not make them one.
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.thresholds import BRIDGE_EXCERPT, DIGEST_SIDES, MAIN_SIDE, SAME_PLACE


class Bridges(NamedTuple):
    """The articles and links between stories.

    Attributes
    ----------
    digest : ndarray of shape (n_articles,), dtype bool
        The article belongs to several sides, and to none of them more than to the others.
    cut : ndarray of shape (n_pairs,), dtype bool
        One of the two articles is a digest, or the two belong to different sides.
    """

    digest: NDArray[np.bool_]
    cut: NDArray[np.bool_]


def bridges(
    bounds: NDArray[np.int64],
    others: NDArray[np.int64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    pairs: NDArray[np.int64],
    share_of_other: NDArray[np.float64],
) -> Bridges:
    """Find the articles that connect others, by the places of their passages.

    Parameters
    ----------
    bounds : ndarray of shape (n_articles + 1,), dtype int64
        The passages of article i, in the order of its text, are ``bounds[i]:bounds[i + 1]``.
    others, starts, ends : ndarray of shape (n_passages,)
        The other article of each passage, and the words of this article.
    pairs : ndarray of shape (n_passages,), dtype int64
        The number of each passage's pair.
    share_of_other : ndarray of shape (n_passages,), dtype float64
        The share of the other article that the pair's passages cover.

    Examples
    --------
    Article 1 shares words 0 to 40 with article 0, and words 60 to 100 with article 2:

    >>> found = bridges(np.array([0, 1, 3, 4]), np.array([1, 0, 2, 1]), np.array([0, 0, 60, 0]),
    ...                 np.array([40, 40, 100, 40]), np.array([0, 0, 1, 1]), np.array([0.2, 0.3, 0.3, 0.2]))
    >>> found.digest.tolist(), found.cut.tolist()
    ([False, True, False], [True, True])
    """
    digest = np.zeros(len(bounds) - 1, np.bool_)
    cut = np.zeros(int(pairs.max()) + 1 if len(pairs) else 0, np.bool_)
    _find(bounds, others, starts, ends, pairs, share_of_other, digest, cut)
    return Bridges(digest, cut)


@nb.njit(nogil=True, cache=True)
def _root(node, above):  # type: ignore[no-untyped-def]
    while above[node] != node:
        above[node] = above[above[node]]
        node = above[node]
    return node


@nb.njit(nogil=True, cache=True)
def _find(bounds, others, starts, ends, pairs, share_of_other, digest, cut):  # type: ignore[no-untyped-def]
    """First the articles that are digests for certain, by their many sides; then all, without sides that only
    these make: an article of which a digest runs a part of its own is not a digest."""
    count = len(bounds) - 1
    side_of = np.full(count, -1, np.int64)  # of the articles that the one in hand met
    certain, nobody, nothing = (
        np.zeros(count, np.bool_),
        np.zeros(count, np.bool_),
        np.zeros(len(cut), np.bool_),
    )
    columns = others, starts, ends, pairs, share_of_other
    for article in range(count):
        rows = np.arange(bounds[article], bounds[article + 1])
        sides = _look(article, rows, bounds, columns, side_of, nobody, nothing)
        certain[article] = sides >= DIGEST_SIDES and nobody[article]
    for article in range(count):
        rows = np.arange(bounds[article], bounds[article + 1])
        if not certain[article]:
            rows = rows[~certain[others[rows]]]
        _look(article, rows, bounds, columns, side_of, digest, cut)
    for article in range(count):
        if certain[article]:
            for row in range(bounds[article], bounds[article + 1]):
                cut[pairs[row]] = True


@nb.njit(nogil=True, cache=True)
def _look(article, rows, bounds, columns, side_of, digest, cut):  # type: ignore[no-untyped-def]
    """Judge an article by some of its passages; how many sides they have."""
    others, starts, ends, pairs, share_of_other = columns
    size = len(rows)
    if size < 2:
        return 0
    met, begins, stops = others[rows], starts[rows], ends[rows]
    place_of = np.empty(size, np.int64)
    places = _places(0, size, begins, stops, place_of)
    if places < 2:
        return 0
    above = np.arange(places)
    for row in range(size):
        other, place = met[row], place_of[row]
        if side_of[other] >= 0:  # one article that has words of both places joins them
            above[_root(place, above)] = _root(side_of[other], above)
        side_of[other] = place
    _join_linked(met, bounds, others, side_of, above)
    own = met, begins, stops, pairs[rows], share_of_other[rows]
    sides = _judge(article, 0, size, own, side_of, above, places, digest, cut)
    for row in range(size):
        side_of[met[row]] = -1
    return sides


@nb.njit(nogil=True, cache=True)
def _places(first, last, starts, ends, place_of):  # type: ignore[no-untyped-def]
    """Find the place of each passage, merging passages that share words of the article; count places."""
    places, reach = 0, np.int64(-1)
    for row in range(first, last):
        if reach < 0 or reach - starts[row] < min(SAME_PLACE, (ends[row] - starts[row]) // 2):
            places += 1
            reach = np.int64(ends[row])
        reach = max(reach, np.int64(ends[row]))
        place_of[row - first] = places - 1
    return places


@nb.njit(nogil=True, cache=True)
def _join_linked(own, bounds, others, side_of, above):  # type: ignore[no-untyped-def]
    """Two sides are one if an article of one shares text with an article of the other."""
    for one in own:
        for met in range(bounds[one], bounds[one + 1]):
            side = side_of[others[met]]
            if side >= 0:
                above[_root(side, above)] = _root(side_of[one], above)


@nb.njit(nogil=True, cache=True)
def _judge(article, first, last, columns, side_of, above, places, digest, cut):  # type: ignore[no-untyped-def]
    """Whether the article is a digest, and which links lead to another side than its own; how many sides."""
    others, starts, ends, pairs, share_of_other = columns
    words, partner = np.zeros(places, np.int64), np.full(places, -1, np.int64)
    several, excerpt = np.zeros(places, np.bool_), np.zeros(places, np.bool_)
    reach = np.int64(0)
    for row in range(first, last):
        side = _root(side_of[others[row]], above)
        words[side] += max(np.int64(0), ends[row] - max(np.int64(starts[row]), reach))
        reach = max(reach, np.int64(ends[row]))
        several[side] |= partner[side] >= 0 and partner[side] != others[row]
        partner[side] = others[row]
        excerpt[side] = share_of_other[row] >= BRIDGE_EXCERPT
    main, total, sides = -1, 0, 0
    for side in range(places):
        if partner[side] >= 0 and (several[side] or not excerpt[side]):
            sides += 1
            total += words[side]
            if main < 0 or words[side] > words[main]:
                main = side
    if sides < 2:
        return sides
    digest[article] = words[main] < MAIN_SIDE * total
    for row in range(first, last):
        side = _root(side_of[others[row]], above)
        own_excerpt = excerpt[side] and not several[side]
        if digest[article] or (side != main and not own_excerpt):
            cut[pairs[row]] = True
    return sides
