"""Which articles share each part of an article: through its own passages, and through those of its partners.

An article of a story with many copies is aligned with only a few of them (`dedup.lsh.pairs`). The other
copies are known through those few, whose passages say which words they share. So the results for an article
do not depend on which pairs happened to be aligned, and cost no more than these.
"""

from __future__ import annotations

from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.overlaps.align import Sides

#: No moment: sorts after all others.
NEVER = np.iinfo(np.int64).max


class Shared(NamedTuple):
    """What is shared of each article, in columns.

    Attributes
    ----------
    others : ndarray of shape (n_articles,), dtype int64
        Number of other sources that run any of it.
    earliest : ndarray of shape (n_articles,), dtype int64
        The article that ran its largest part first, if the moments leave no doubt; otherwise -1.
    part_offsets : ndarray of shape (n_articles + 1,), dtype int64
        The parts of article i are ``part_offsets[i]:part_offsets[i + 1]``: its copied words, grouped by who
        supplied them and who ran them first.
    part_words : ndarray of shape (n_parts,), dtype int64
    part_suppliers : ndarray of shape (n_parts, n_words), dtype uint64
        A bit for each supplier whose copy the words are.
    part_first : ndarray of shape (n_parts,), dtype int64
        Like `earliest`, for each part.
    part_others : ndarray of shape (n_parts,), dtype int64
    """

    others: NDArray[np.int64]
    earliest: NDArray[np.int64]
    part_offsets: NDArray[np.int64]
    part_words: NDArray[np.int64]
    part_suppliers: NDArray[np.uint64]
    part_first: NDArray[np.int64]
    part_others: NDArray[np.int64]


def shared_of(
    sides: Sides,
    partner: NDArray[np.int64],
    supplied: NDArray[np.bool_],
    *,
    lengths: NDArray[np.int64],
    sources: NDArray[np.uint32],
    suppliers: NDArray[np.uint64],
    since: NDArray[np.int64],
    until: NDArray[np.int64],
    ranks: NDArray[np.int64],
) -> Shared:
    """Compute what is shared of each article, and by whom.

    Parameters
    ----------
    sides : Sides
        The passages that count, from either side.
    partner : ndarray of shape (n,), dtype int64
        For each row of `sides` the row that shows the same passage from the other side.
    supplied : ndarray of shape (n,), dtype bool
        Whether the passage shows that a supplier of one article also supplied it to the other.
    lengths : ndarray of shape (n_articles,), dtype int64
    sources : ndarray of shape (n_articles,), dtype uint32
    suppliers : ndarray of shape (n_articles, n_words), dtype uint64
        A bit for each supplier whose copy the whole article is.
    since, until : ndarray of shape (n_articles,), dtype int64
        The first and the last moment at which each article may have been published; `NEVER` where it is not
        known.
    ranks : ndarray of shape (n_articles,), dtype int64
        The place of each article among the sorted ids; among equals the smaller one counts.
    """
    articles = len(lengths)
    bounds = np.searchsorted(sides.article, np.arange(articles + 1)).astype(np.int64)
    cuts, cut_offsets = _cut(sides.starts, sides.ends, bounds)
    words = suppliers.shape[1]
    mask = np.zeros((len(cuts), words), np.uint64)
    best = np.full((len(cuts), 2), -1, np.int64)  # the first by moment, and the second
    count = np.zeros(len(cuts), np.int64)
    columns = (sides.article, sides.other, sides.starts, sides.ends, bounds, supplied)
    _gather(columns, cuts, cut_offsets, sources, suppliers, since, mask, best, count)
    others, earliest = np.zeros(articles, np.int64), np.full(articles, -1, np.int64)
    pieces = (cuts, cut_offsets, mask, best, count)
    found = _tell(columns, partner, pieces, lengths, (since, until, ranks), (others, earliest))
    offsets, part_words, part_suppliers, part_first, part_others = found
    return Shared(others, earliest, offsets, part_words, part_suppliers, part_first, part_others)


@nb.njit(nogil=True, cache=True)
def _cut(starts, ends, bounds):  # type: ignore[no-untyped-def]
    """Return where passages of each article begin or end, sorted, each place once."""
    cuts = np.empty(2 * len(starts), np.int64)
    offsets = np.zeros(len(bounds), np.int64)
    out = 0
    for article in range(len(bounds) - 1):
        first, last = bounds[article], bounds[article + 1]
        if last > first:
            places = np.empty(2 * (last - first), np.int64)
            places[: last - first] = starts[first:last]
            places[last - first :] = ends[first:last]
            places.sort()
            for place in places:
                if out == offsets[article] or cuts[out - 1] != place:
                    cuts[out] = place
                    out += 1
        offsets[article + 1] = out
    return cuts[:out].copy(), offsets


@nb.njit(nogil=True, cache=True)
def _earlier(one, other, since):  # type: ignore[no-untyped-def]
    """Whether article `one` precedes `other`; -1 is no article. Ties go to the smaller number."""
    if one < 0 or other < 0:
        return one >= 0
    return since[one] < since[other] or (since[one] == since[other] and one < other)


@nb.njit(nogil=True, cache=True)
def _enter(article, best, since):  # type: ignore[no-untyped-def]
    """Enter an article among the first two."""
    if article < 0 or since[article] == NEVER or article == best[0] or article == best[1]:
        return
    if _earlier(article, best[0], since):
        best[1] = best[0]
        best[0] = article
    elif _earlier(article, best[1], since):
        best[1] = article


@nb.njit(nogil=True, cache=True)
def _gather(columns, cuts, cut_offsets, sources, suppliers, since, mask, best, count):  # type: ignore[no-untyped-def]
    """Find whose copy each piece between two cuts is, who was first, and how many other sources run it."""
    _, other, starts, ends, bounds, supplied = columns
    for article in range(len(bounds) - 1):
        first, last = bounds[article], bounds[article + 1]
        if first == last:
            continue
        base, end = cut_offsets[article], cut_offsets[article + 1]
        own = cuts[base:end]
        for row in range(first, last):
            low = base + np.searchsorted(own, starts[row])
            high = base + np.searchsorted(own, ends[row])
            for piece in range(low, high):
                for word in range(mask.shape[1]):
                    mask[piece, word] |= suppliers[article, word]
                    if supplied[row]:
                        mask[piece, word] |= suppliers[other[row], word]
                _enter(other[row], best[piece], since)
                _enter(article, best[piece], since)
        _count_sources(first, last, other, starts, ends, own, sources, sources[article], count[base:end])


@nb.njit(nogil=True, cache=True)
def _count_sources(first, last, other, starts, ends, own, sources, self, count):  # type: ignore[no-untyped-def]
    """Count the sources other than `self` that run each piece; a source's passages are merged first."""
    order = np.argsort(sources[other[first:last]], kind="mergesort") + first
    change = np.zeros(len(own) + 1, np.int64)
    reach, source = np.int64(-1), np.int64(-1)
    for row in order:
        here = np.int64(sources[other[row]])
        if here == np.int64(self):
            continue
        if here != source:
            source, reach = here, np.int64(-1)
        start, end = max(np.int64(starts[row]), reach), np.int64(ends[row])
        if end > start:
            change[np.searchsorted(own, start)] += 1
            change[np.searchsorted(own, end)] -= 1
            reach = end
    total = 0
    for piece in range(len(own)):
        total += change[piece]
        count[piece] = total


@nb.njit(nogil=True, cache=True)
def _tell(columns, partner, pieces, lengths, order, told):  # type: ignore[no-untyped-def]
    """Apply what is known of each article's own pieces, and of its partners' pieces, to its words."""
    _, _, starts, ends, bounds, _ = columns
    cuts, cut_offsets, mask, best, count = pieces
    others, earliest = told
    since, until, ranks = order
    width = mask.shape[1]
    longest = 0
    for article in range(len(lengths)):
        longest = max(longest, lengths[article])
    w_mask = np.zeros((longest, width), np.uint64)
    w_best = np.empty((longest, 2), np.int64)
    w_count = np.zeros(longest, np.int64)
    w_here = np.zeros(longest, np.bool_)
    offsets = np.zeros(len(lengths) + 1, np.int64)
    room, parts = 1024, 0
    p_words, p_first = np.zeros(room, np.int64), np.zeros(room, np.int64)
    p_mask, p_count = np.zeros((room, width), np.uint64), np.zeros(room, np.int64)
    for article in range(len(lengths)):
        first, last = bounds[article], bounds[article + 1]
        if first < last:
            size = lengths[article]
            w_mask[:size], w_best[:size], w_count[:size], w_here[:size] = 0, -1, 0, False
            base = cut_offsets[article]
            for piece in range(base, cut_offsets[article + 1] - 1):
                for place in range(cuts[piece], cuts[piece + 1]):
                    w_mask[place] = mask[piece]
                    w_best[place] = best[piece]
                    w_count[place] = count[piece]
            for row in range(first, last):
                w_here[starts[row] : ends[row]] = True
                _through(row, partner[row], columns, pieces, since, (w_mask, w_best, w_count))
            if parts + size > room:
                room = 2 * room + size
                p_words, p_first = _longer(p_words, room), _longer(p_first, room)
                p_count = _longer(p_count, room)
                wider = np.zeros((room, width), np.uint64)
                wider[:parts] = p_mask[:parts]
                p_mask = wider
            begun = parts
            for place in range(size):
                if not w_here[place]:
                    continue
                certain = _certain(w_best[place], since, until)
                part = begun
                while part < parts and not (
                    p_first[part] == certain and (p_mask[part] == w_mask[place]).all()
                ):
                    part += 1
                if part == parts:
                    p_words[part], p_first[part], p_mask[part], p_count[part] = 0, certain, w_mask[place], 0
                    parts += 1
                p_words[part] += 1
                p_count[part] = max(p_count[part], w_count[place])
                others[article] = max(others[article], w_count[place])
            earliest[article] = _of_most(p_first[begun:parts], p_words[begun:parts], ranks)
        offsets[article + 1] = parts
    return offsets, p_words[:parts], p_mask[:parts], p_first[:parts], p_count[:parts]


@nb.njit(nogil=True, cache=True)
def _through(row, mirror, columns, pieces, since, words):  # type: ignore[no-untyped-def]
    """Apply what is known of the other article's pieces to the words that the passage shares with them."""
    _, other, starts, ends, _, supplied = columns
    cuts, cut_offsets, mask, best, count = pieces
    w_mask, w_best, w_count = words
    there = other[row]
    base, end = cut_offsets[there], cut_offsets[there + 1]
    own = cuts[base:end]
    start, stop, size = starts[mirror], ends[mirror], ends[row] - starts[row]
    span = stop - start
    piece = base + np.searchsorted(own, start)
    while piece < end - 1 and cuts[piece] < stop:
        low = starts[row] + (cuts[piece] - start) * size // span
        high = starts[row] + (min(cuts[piece + 1], stop) - start) * size // span
        for place in range(low, high):
            if supplied[row]:
                for word in range(mask.shape[1]):
                    w_mask[place, word] |= mask[piece, word]
            _enter(best[piece, 0], w_best[place], since)
            _enter(best[piece, 1], w_best[place], since)
            # The other article's count includes this article's source but not its own.
            w_count[place] = max(w_count[place], count[piece])
        piece += 1


@nb.njit(nogil=True, cache=True)
def _certain(best, since, until):  # type: ignore[no-untyped-def]
    """Return the first article if its moment ends before that of the second begins, else -1."""
    if best[0] < 0:
        return -1
    if best[1] >= 0 and until[best[0]] >= since[best[1]]:
        return -1
    return best[0]


@nb.njit(nogil=True, cache=True)
def _of_most(first, words, ranks):  # type: ignore[no-untyped-def]
    """Return the article that surely ran most words first, the smaller id on a tie; -1 if there is none."""
    chosen, most = -1, 0
    for part in range(len(first)):
        total = 0
        for same in range(len(first)):
            if first[same] == first[part]:
                total += words[same]
        one = first[part]
        if total > most:
            chosen, most = one, total
        elif total == most and chosen >= 0 and (one < 0 or ranks[one] < ranks[chosen]):
            chosen = one
    return chosen


@nb.njit(nogil=True, cache=True)
def _longer(array, room):  # type: ignore[no-untyped-def]
    out = np.zeros(room, array.dtype)
    out[: len(array)] = array
    return out
