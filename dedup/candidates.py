"""Band keys to candidate pairs: articles that share a bucket, each pair once.

One band at a time is sorted, so memory holds one band's keys and the pairs. A bucket with more passages
than the cap is not expanded to all its pairs: its first articles, of different sources where there are
several, stand for it, and every other member is paired with a few of these. Edited copies of one text meet in
many such buckets, so the few are counted for each article over the whole band. So a story that 500 outlets
run costs 500 times a few pairs, and a corpus that consists of one stays linear. What is left out is counted.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.lsh import NO_KEY
from dedup.sorting import distinct
from dedup.word_hashes import mix

#: So many articles stand for a bucket over the cap.
REPRESENTATIVES = 8
#: Bits of a key by which the passages are parted before they are sorted.
_HIGH = 11
#: Fewer than this are sorted by comparing.
_FEW = 512
#: In all buckets over the cap of one band, an article is paired with so many of those that stand for one.
_PAIRS_A_BAND = 1


@dataclass(frozen=True, slots=True)
class CandidatePairs:
    """Pairs of articles that may share a passage.

    Attributes
    ----------
    a, b : ndarray of shape (n_pairs,), dtype uint32
        Article numbers with ``a < b``, sorted by (a, b), each pair once.
    cut_short : int
        Pairs of passages in buckets over the cap that were left out.
    """

    a: NDArray[np.uint32]
    b: NDArray[np.uint32]
    cut_short: int

    @classmethod
    def union(cls, parts: Sequence[CandidatePairs]) -> CandidatePairs:
        """The pairs of all parts, each once."""
        if len(parts) == 1:
            return parts[0]
        pairs = distinct(
            np.concatenate([(part.a.astype(np.uint64) << np.uint64(32)) | part.b for part in parts])
        )
        return cls(
            (pairs >> np.uint64(32)).astype(np.uint32),
            pairs.astype(np.uint32),
            sum(part.cut_short for part in parts),
        )


class PairSet:
    """The pairs that the bands have given so far.

    Examples
    --------
    >>> pairs = PairSet(sources=np.array([0, 1, 1], np.uint32), scope="cross", max_bucket=64)
    >>> pairs.add_band(np.array([7, 7, 7, 9], np.uint32), np.array([0, 1, 2, 2], np.uint32))
    >>> found = pairs.sorted()
    >>> list(zip(found.a.tolist(), found.b.tolist()))
    [(0, 1), (0, 2)]
    """

    def __init__(self, *, sources: NDArray[np.uint32], scope: str, max_bucket: int) -> None:
        self._sources = sources
        self._cross = scope == "cross"
        self._max_bucket = max_bucket
        self._slots = np.zeros(1 << 16, np.uint64)
        self._count = 0
        self._cut_short = 0

    def add_band(self, keys: NDArray[np.uint32], articles: NDArray[np.uint32], *, parts: int = 1) -> None:
        """Join the passages of one band.

        Parameters
        ----------
        keys : ndarray of shape (n_passages,), dtype uint32
        articles : ndarray of shape (n_passages,), dtype uint32
            The article of each passage, ascending.
        parts : int
            The keys are taken in so many parts (2048 at most), one after the other, for less memory; the
            result is the same.
        """
        met = np.zeros(len(self._sources), np.uint8)
        bounds = [round(part * 2**_HIGH / parts) for part in range(parts + 1)]
        for low, high in itertools.pairwise(bounds):
            order = _grouped(keys, articles, low, high)
            start = 0
            while start < len(order):
                start, self._count, cut = _join(
                    order, start, self._sources, self._cross, self._max_bucket, met, self._slots, self._count
                )
                self._cut_short += cut
                if start < len(order):
                    self._slots = _grown(self._slots)

    def sorted(self) -> CandidatePairs:
        """All pairs so far, in order."""
        # A pair (a, b) is kept as a << 32 | b; b > a >= 0, so 0 is no pair.
        pairs = np.sort(self._slots[self._slots != 0])
        return CandidatePairs(
            (pairs >> np.uint64(32)).astype(np.uint32), pairs.astype(np.uint32), self._cut_short
        )


@nb.njit(nogil=True, cache=True)
def _grouped(keys, articles, first, beyond):  # type: ignore[no-untyped-def]
    """The passages that share their key with another, key by key: ``key << 32 | article``, in order.

    Of all keys those whose high bits lie in ``first:beyond``.

    They are parted by the high bits of the key. Of each part, which fits into a cache, most keys stand alone
    and go; the rest is sorted by the other bits (a radix sort, stable, so that the articles stay in order).
    """
    bounds = np.zeros(beyond - first + 1, np.int64)
    for key in keys:
        high = np.int64(key >> np.uint32(32 - _HIGH)) - first
        if key != NO_KEY and 0 <= high < beyond - first:
            bounds[high + 1] += 1
    for number in range(beyond - first):
        bounds[number + 1] += bounds[number]
    entries = np.empty(bounds[-1], np.uint64)
    free = bounds.copy()
    for i in range(len(keys)):
        high = np.int64(keys[i] >> np.uint32(32 - _HIGH)) - first
        if keys[i] != NO_KEY and 0 <= high < beyond - first:
            entries[free[high]] = (np.uint64(keys[i]) << np.uint64(32)) | np.uint64(articles[i])
            free[high] += 1
    most = np.max(bounds[1:] - bounds[:-1])
    chosen, other = np.empty(most, np.uint64), np.empty(most, np.uint64)
    once, again = np.empty(_words_of_marks(most), np.uint32), np.empty(_words_of_marks(most), np.uint32)
    kept = 0
    for number in range(beyond - first):
        part = entries[bounds[number] : bounds[number + 1]]
        marks = _words_of_marks(len(part))
        count = _perhaps_shared(part, once[:marks], again[:marks], chosen)
        if count < _FEW:
            chosen[:count].sort()
        else:
            low = (32 - _HIGH + 1) // 2
            _by_digit(chosen[:count], other[:count], 32, low)
            _by_digit(other[:count], chosen[:count], 32 + low, 32 - _HIGH - low)
        start = 0
        while start < count:
            end = start + 1
            while end < count and chosen[end] >> np.uint64(32) == chosen[start] >> np.uint64(32):
                end += 1
            if end - start > 1:
                entries[kept : kept + end - start] = chosen[start:end]  # never ahead of what is read
                kept += end - start
            start = end
    return entries[:kept]


@nb.njit(nogil=True, cache=True)
def _words_of_marks(count):  # type: ignore[no-untyped-def]
    """Words of 32 marks, a power of two, for so many entries: eight marks or more for each."""
    size = 16
    while 4 * size < count:
        size *= 2
    return size


@nb.njit(nogil=True, cache=True)
def _perhaps_shared(part, once, again, out):  # type: ignore[no-untyped-def]
    """The entries whose mark, by the low bits of the key, another entry has too; how many they are.

    Few of those that come through share their key with none; two passes over marks that lie in the nearest
    cache cost less than to sort them all.
    """
    once[:] = 0
    again[:] = 0
    bits = np.uint64(32 * len(once) - 1)
    for entry in part:
        place = (entry >> np.uint64(32)) & bits
        word, bit = place >> np.uint64(5), np.uint32(1) << np.uint32(place & np.uint64(31))
        again[word] |= once[word] & bit
        once[word] |= bit
    count = 0
    for entry in part:
        place = (entry >> np.uint64(32)) & bits
        out[count] = entry
        count += (again[place >> np.uint64(5)] >> np.uint32(place & np.uint64(31))) & np.uint32(1)
    return count


@nb.njit(nogil=True, cache=True)
def _by_digit(entries, out, shift, width):  # type: ignore[no-untyped-def]
    """Sort by `width` bits from bit `shift` on; equal ones stay in order."""
    places = np.zeros((1 << width) + 1, np.int64)
    digits, shift = np.uint64((1 << width) - 1), np.uint64(shift)
    for entry in entries:
        places[((entry >> shift) & digits) + np.uint64(1)] += 1
    for digit in range(1 << width):
        places[digit + 1] += places[digit]
    for entry in entries:
        digit = (entry >> shift) & digits
        out[places[digit]] = entry
        places[digit] += 1


@nb.njit(nogil=True, cache=True, inline="always")
def _add(a, b, slots):  # type: ignore[no-untyped-def]
    """Put a pair into the open-addressed set; 1 if it was not there, else 0."""
    low, high = min(a, b), max(a, b)
    pair = (np.uint64(low) << np.uint64(32)) | np.uint64(high)
    last = len(slots) - 1
    slot = np.int64(mix(np.uint32(mix(np.uint32(low)) + np.uint32(high)))) & last
    while slots[slot] != 0:
        if slots[slot] == pair:
            return 0
        slot = (slot + 1) & last
    slots[slot] = pair
    return 1


@nb.njit(nogil=True, cache=True)
def _grown(slots):  # type: ignore[no-untyped-def]
    larger = np.zeros(4 * len(slots), np.uint64)
    for pair in slots:
        if pair != 0:
            _add(np.uint32(pair >> np.uint64(32)), np.uint32(pair & np.uint64(0xFFFFFFFF)), larger)
    return larger


@nb.njit(nogil=True, cache=True)
def _join(order, start, sources, cross, max_bucket, met, slots, count):  # type: ignore[no-untyped-def]
    """Expand buckets from `start` on, until the end or until the set is half full.

    Returns where it stopped, how many pairs the set holds, and how many pairs were cut short.
    """
    cut = 0
    chosen = np.empty(REPRESENTATIVES, np.int64)
    articles, of_source = np.empty(max_bucket, np.uint32), np.empty(max_bucket, np.uint32)
    while start < len(order):
        bucket = order[start] >> np.uint64(32)
        end = start + 1
        while end < len(order) and order[end] >> np.uint64(32) == bucket:
            end += 1
        size = end - start
        # The pairs of this bucket must fit; a bucket at the cap has max_bucket ** 2 / 2 of them at most.
        wanted = size * (size - 1) // 2 if size <= max_bucket else size * _PAIRS_A_BAND
        if 2 * (count + wanted) > len(slots):
            return start, count, cut
        if size <= max_bucket:
            for i in range(size):
                articles[i] = np.uint32(order[start + i])
                of_source[i] = sources[articles[i]]
            for i in range(size - 1):
                for j in range(i + 1, size):
                    if articles[i] != articles[j] and not (cross and of_source[i] == of_source[j]):
                        count += _add(articles[i], articles[j], slots)
        else:
            taken = _choose(order, start, end, sources, chosen)
            made = 0
            for i in range(start, end):
                b = np.uint32(order[i])
                for j in range(taken):
                    a = np.uint32(order[chosen[j]])
                    if met[b] < _PAIRS_A_BAND and a != b and not (cross and sources[a] == sources[b]):
                        met[b] += np.uint8(1)
                        made += 1
                        count += _add(a, b, slots)
            cut += size * (size - 1) // 2 - made
        start = end
    return start, count, cut


@nb.njit(nogil=True, cache=True)
def _choose(order, start, end, sources, chosen):  # type: ignore[no-untyped-def]
    """The first article of each of the first sources in the bucket: were all of one source, its other
    articles would meet nobody in a comparison across sources."""
    taken = 0
    for i in range(start, end):
        source = sources[np.uint32(order[i])]
        new = True
        for j in range(taken):
            new &= sources[np.uint32(order[chosen[j]])] != source
        if new:
            chosen[taken] = i
            taken += 1
            if taken == len(chosen):
                break
    return taken
