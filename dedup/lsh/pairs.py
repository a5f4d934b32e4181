"""Band keys to candidate pairs: articles that share a bucket, each pair once.

One band at a time is sorted, so memory holds one band's keys and the pairs. A bucket with more windows than
the cap is not expanded to all its pairs. Instead its first articles, from different sources if there are
several, represent it, and every other member is paired with a few representatives. Edited copies of one text
meet in many such buckets, so each article has a limit per band. In a story run by 500 outlets, each copy is
thus paired with a few others, and the cost of a corpus that consists of one story stays linear. The pairs
left out are counted.
"""

from __future__ import annotations

import itertools

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.lsh.bands import NO_KEY
from dedup.lsh.buckets import ARTICLE_BITS, HIGH, grouped, part_sizes
from dedup.lsh.candidates import CandidatePairs, MemberPairs
from dedup.lsh.pair_slots import AHEAD, add_later, add_rest, pair_of, refill
from dedup.thresholds import PAIRS_A_BAND, REPRESENTATIVES

#: With more articles, their numbers would take bits from the keys, and pairs would meet by chance.
_MOST_ARTICLES = 1 << ARTICLE_BITS


class PairSet:
    """The pairs found in the bands so far.

    Parameters
    ----------
    sources : ndarray of shape (n_articles,), dtype uint32
    scope : {"cross", "all"}
    max_bucket : int
        Maximum number of windows in a bucket that is expanded to all its pairs.
    apart : bool
        Whether the pairs from buckets over the cap are kept apart, in `member_pairs`. A caller that joins a
        band in parts, each with its own set, chooses among the pairs of all parts: an article keeps one of
        them per band, that of the smallest key.

    Examples
    --------
    >>> pairs = PairSet(sources=np.array([0, 1, 1], np.uint32), scope="cross", max_bucket=64)
    >>> pairs.add_band(np.array([7, 7, 7, 9], np.uint32), np.array([0, 1, 2, 2], np.uint32))
    >>> found = pairs.sorted()
    >>> list(zip(found.a.tolist(), found.b.tolist()))
    [(0, 1), (0, 2)]
    """

    def __init__(
        self, *, sources: NDArray[np.uint32], scope: str, max_bucket: int, apart: bool = False
    ) -> None:
        self._sources = sources
        self._scope = scope
        self._cross = scope == "cross"
        self._max_bucket = max_bucket
        self._apart = apart
        self._members = np.empty(1024 if apart else 0, np.uint32)
        self._of_members = np.empty(len(self._members), np.uint64)
        self._member_count = 0
        self._numbered_apart: list[CandidatePairs] = []
        self._slots = np.zeros(1 << 16, np.uint64)
        self._count = 0
        self._cut_short = 0
        self._article_bits = np.uint64(ARTICLE_BITS)
        # Kept from band to band. This array and the slots are allocated here and not in a kernel, because
        # numpy asks the system for large pages: with small pages many of the scattered accesses wait for an
        # address translation.
        self._entries = np.empty(0, np.uint64)

    def add_band(
        self,
        keys: NDArray[np.uint32],
        articles: NDArray[np.uint32],
        *,
        tails: NDArray[np.uint8] | None = None,
        parts: int = 1,
    ) -> None:
        """Join the windows of one band.

        Parameters
        ----------
        keys : ndarray of shape (n_windows,), dtype uint32
        articles : ndarray of shape (n_windows,), dtype uint32
            The article of each window, ascending.
        tails : ndarray of shape (n_windows,), dtype uint8, optional
            From `dedup.lsh.bands.key_tails`: windows share a bucket if these are equal too.
        parts : int
            Number of parts (at most 64) in which the keys are taken, one after the other, to save memory. The
            result is the same.
        """
        tails = np.zeros(0, np.uint8) if tails is None else tails
        met = np.zeros(len(self._sources), np.uint8)
        if len(self._sources) > _MOST_ARTICLES:
            self._add_in_parts(keys, articles, tails, max(parts, -(-len(keys) // _MOST_ARTICLES)), met)
        else:
            self._add(keys, articles, tails, parts, met)

    def _add(
        self,
        keys: NDArray[np.uint32],
        articles: NDArray[np.uint32],
        tails: NDArray[np.uint8],
        parts: int,
        met: NDArray[np.uint8],
    ) -> None:
        """Join the windows of one band. `met` holds how many representatives each article has met in it."""
        bounds = np.array([round(part * 2**HIGH / parts) for part in range(parts + 1)])
        sizes = part_sizes(keys)
        most = max(int(sizes[low:high].sum()) for low, high in itertools.pairwise(bounds))
        if most > len(self._entries):
            self._entries = np.empty(most, np.uint64)
        for low, high in itertools.pairwise(bounds):
            order = grouped(keys, tails, articles, sizes[low:high], low, self._article_bits, self._entries)
            start = 0
            while start < len(order):
                start, self._count, cut, self._member_count = _join(
                    order,
                    start,
                    self._article_bits,
                    self._sources,
                    self._cross,
                    self._max_bucket,
                    met,
                    self._slots,
                    self._count,
                    (self._members, self._of_members),
                    self._member_count,
                )
                self._cut_short += cut
                if start < len(order):
                    self._make_room()

    def _make_room(self) -> None:
        larger = np.zeros(4 * len(self._slots), np.uint64)
        refill(self._slots, larger)
        self._slots = larger
        if self._apart:
            self._members = np.resize(self._members, 4 * len(self._members))
            self._of_members = np.resize(self._of_members, len(self._members))

    def _add_in_parts(
        self,
        keys: NDArray[np.uint32],
        articles: NDArray[np.uint32],
        tails: NDArray[np.uint8],
        parts: int,
        met: NDArray[np.uint8],
    ) -> None:
        """Join the windows of one band whose article numbers and keys do not fit into one entry.

        The articles of each part are renumbered in the same order.
        """
        bounds = np.array([round(part * 2**32 / parts) for part in range(parts + 1)], np.uint64)
        for low, high in itertools.pairwise(bounds):
            rows = np.flatnonzero((keys >= max(low, np.uint64(1))) & (keys < high) & (keys != NO_KEY))
            chosen, numbers = np.unique(articles[rows], return_inverse=True)
            inner = PairSet(sources=self._sources[chosen], scope=self._scope, max_bucket=self._max_bucket)
            own = met[chosen]
            of_rows = tails[rows] if len(tails) else tails
            inner._add(keys[rows], numbers.astype(np.uint32), of_rows, 1, own)
            met[chosen] = own
            found = inner.sorted()
            self._numbered_apart.append(
                CandidatePairs(
                    chosen[found.a].astype(np.uint32), chosen[found.b].astype(np.uint32), found.cut_short
                )
            )

    @property
    def member_pairs(self) -> MemberPairs:
        """The pairs from buckets over the cap, if kept apart; `cut_short` counts all of them as made."""
        pairs = self._of_members[: self._member_count]
        return MemberPairs(
            self._members[: self._member_count],
            (pairs >> np.uint64(32)).astype(np.uint32),
            pairs.astype(np.uint32),
        )

    def sorted(self) -> CandidatePairs:
        """Return all pairs so far, in order."""
        # A pair (a, b) is kept as a << 32 | b; b > a >= 0, so 0 is not a pair.
        pairs = np.sort(self._slots[self._slots != 0])
        found = CandidatePairs(
            (pairs >> np.uint64(32)).astype(np.uint32), pairs.astype(np.uint32), self._cut_short
        )
        return CandidatePairs.union([found, *self._numbered_apart])


@nb.njit(nogil=True, cache=True)
def _join(  # type: ignore[no-untyped-def]
    order, start, article_bits, sources, cross, max_bucket, met, slots, count, apart, kept_apart
):
    """Expand buckets from `start` on, until the end or until the set is half full.

    The pairs from buckets over the cap are appended to `apart`, after the `kept_apart` that it holds, if it
    has any room at all. Expansion then also stops when it is full.

    Returns where it stopped, how many pairs the set holds, how many pairs were cut short, and how many are
    kept apart.
    """
    members, of_members = apart
    cut = 0
    of_article = (np.uint64(1) << article_bits) - np.uint64(1)
    chosen = np.empty(REPRESENTATIVES, np.int64)
    articles, of_source = np.empty(max_bucket, np.uint32), np.empty(max_bucket, np.uint32)
    waiting, number = np.empty(AHEAD, np.uint64), 0
    while start < len(order):
        bucket = order[start] >> article_bits
        end = start + 1
        while end < len(order) and order[end] >> article_bits == bucket:
            end += 1
        size = end - start
        # There must be room for the pairs of this bucket and for those that wait; a bucket at the cap has at
        # most max_bucket ** 2 / 2 pairs.
        wanted = size * (size - 1) // 2 if size <= max_bucket else size * PAIRS_A_BAND
        if 2 * (count + wanted + AHEAD) > len(slots):
            break
        if size > max_bucket and len(members) > 0 and kept_apart + wanted > len(members):
            break
        if size <= max_bucket:
            for i in range(size):
                articles[i] = np.uint32(order[start + i] & of_article)
                of_source[i] = sources[articles[i]]
            for i in range(size - 1):
                for j in range(i + 1, size):
                    if articles[i] != articles[j] and not (cross and of_source[i] == of_source[j]):
                        count += add_later(pair_of(articles[i], articles[j]), waiting, number, slots)
                        number += 1
        else:
            # Sort the bucket by article, so that the first by id are chosen whatever the order of reading:
            # the sort of all entries looks at the keys alone.
            order[start:end].sort()
            taken = _choose(order, start, end, of_article, sources, chosen)
            made = 0
            for i in range(start, end):
                b = np.uint32(order[i] & of_article)
                for j in range(taken):
                    a = np.uint32(order[chosen[j]] & of_article)
                    if met[b] < PAIRS_A_BAND and a != b and not (cross and sources[a] == sources[b]):
                        met[b] += np.uint8(1)
                        made += 1
                        if len(members) > 0:
                            members[kept_apart], of_members[kept_apart] = b, pair_of(a, b)
                            kept_apart += 1
                        else:
                            count += add_later(pair_of(a, b), waiting, number, slots)
                            number += 1
            cut += size * (size - 1) // 2 - made
        start = end
    return start, count + add_rest(waiting, number, slots), cut, kept_apart


@nb.njit(nogil=True, cache=True)
def _choose(order, start, end, of_article, sources, chosen):  # type: ignore[no-untyped-def]
    """Choose the first article of each of the first sources in the bucket.

    If all were of one source, its other articles would have no partner in a comparison across sources.
    """
    taken = 0
    for i in range(start, end):
        source = sources[order[i] & of_article]
        new = True
        for j in range(taken):
            new &= sources[order[chosen[j]] & of_article] != source
        if new:
            chosen[taken] = i
            taken += 1
            if taken == len(chosen):
                break
    return taken
