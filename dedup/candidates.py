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
#: Bits of a key by which the passages are parted in one go: with more, the writes to so many places cost more
#: than a second step.
_HIGH = 6
#: Parts with more passages than this are parted once more, into those of about a quarter as many: so that
#: their marks stay in a near cache.
_PART = 1 << 16
#: Fewer than this are sorted by comparing.
_FEW = 512
#: Bits of an entry for the article, where there are no more of them: what is left is the key's 40 bits.
_ARTICLE_BITS = 24
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
        self._article_bits = np.uint64(max(_ARTICLE_BITS, len(sources).bit_length()))
        # Kept from band to band. This and the slots are made here and not in a kernel, as numpy asks the
        # system for large pages: with small ones many of the scattered steps wait for an address.
        self._entries = np.empty(0, np.uint64)

    def add_band(
        self,
        keys: NDArray[np.uint32],
        articles: NDArray[np.uint32],
        *,
        tails: NDArray[np.uint8] | None = None,
        parts: int = 1,
    ) -> None:
        """Join the passages of one band.

        Parameters
        ----------
        keys : ndarray of shape (n_passages,), dtype uint32
        articles : ndarray of shape (n_passages,), dtype uint32
            The article of each passage, ascending.
        tails : ndarray of shape (n_passages,), dtype uint8, optional
            From `dedup.lsh.key_tails`: passages share a bucket if these are equal too.
        parts : int
            The keys are taken in so many parts (64 at most), one after the other, for less memory; the result
            is the same.
        """
        met = np.zeros(len(self._sources), np.uint8)
        bounds = np.array([round(part * 2**_HIGH / parts) for part in range(parts + 1)])
        sizes = _sizes(keys)
        most = max(int(sizes[low:high].sum()) for low, high in itertools.pairwise(bounds))
        if most > len(self._entries):
            self._entries = np.empty(most, np.uint64)
        tails = np.zeros(0, np.uint8) if tails is None else tails
        for low, high in itertools.pairwise(bounds):
            order = _grouped(keys, tails, articles, sizes[low:high], low, self._article_bits, self._entries)
            start = 0
            while start < len(order):
                start, self._count, cut = _join(
                    *(order, start, self._article_bits, self._sources, self._cross, self._max_bucket, met),
                    *(self._slots, self._count),
                )
                self._cut_short += cut
                if start < len(order):
                    larger = np.zeros(4 * len(self._slots), np.uint64)
                    _refill(self._slots, larger)
                    self._slots = larger

    def sorted(self) -> CandidatePairs:
        """All pairs so far, in order."""
        # A pair (a, b) is kept as a << 32 | b; b > a >= 0, so 0 is no pair.
        pairs = np.sort(self._slots[self._slots != 0])
        return CandidatePairs(
            (pairs >> np.uint64(32)).astype(np.uint32), pairs.astype(np.uint32), self._cut_short
        )


@nb.njit(nogil=True, cache=True)
def _sizes(keys):  # type: ignore[no-untyped-def]
    """How many keys there are with each value of the high bits."""
    sizes = np.zeros(1 << _HIGH, np.int64)
    for key in keys:
        sizes[key >> np.uint32(32 - _HIGH)] += key != NO_KEY
    return sizes


@nb.njit(nogil=True, cache=True)
def _grouped(keys, tails, articles, sizes, first, article_bits, entries):  # type: ignore[no-untyped-def]
    """The passages that share their key with another: ``key << article_bits | article``, in order.

    Of all keys whose high bits lie in ``first : first + len(sizes)``, and with the tails as far as there is
    room. `entries` is work space, and what comes back is its beginning.

    They are parted by the high bits of the key. Of each part, which fits into a cache, most keys stand alone
    and go; the rest is sorted by the other bits (a radix sort, stable, so that the articles stay in order).
    """
    bounds = np.zeros(len(sizes) + 1, np.int64)
    bounds[1:] = np.cumsum(sizes)
    free = bounds.copy()
    dropped = np.uint64(article_bits - np.uint64(_ARTICLE_BITS))  # bits of the tails that find no room
    for i in range(len(keys)):
        high = np.int64(keys[i] >> np.uint32(32 - _HIGH)) - first
        if keys[i] != NO_KEY and 0 <= high < len(sizes):
            key = np.uint64(keys[i]) << np.uint64(8)
            if len(tails) > 0:
                key |= np.uint64(tails[i])
            entries[free[high]] = ((key >> dropped) << article_bits) | np.uint64(articles[i])
            free[high] += 1
    most = np.max(sizes)
    spread, chosen, other = np.empty(most, np.uint64), np.empty(most, np.uint64), np.empty(most, np.uint64)
    once, again = np.empty(_words_of_marks(most), np.uint32), np.empty(_words_of_marks(most), np.uint32)
    kept = 0
    for number in range(len(sizes)):
        part = entries[bounds[number] : bounds[number + 1]]
        begin, width = 0, 0
        ends = np.array([len(part)])
        if len(part) > _PART:
            while width < _HIGH and 4 * len(part) >> width > _PART:
                width += 1
            ends = _by_digit(part, spread, 64 - _HIGH - width, width)
            part = spread
        for end in ends:
            marks = _words_of_marks(end - begin)
            count = _perhaps_shared(part[begin:end], once[:marks], again[:marks], chosen)
            _sort(chosen[:count], other[:count], 32 - _HIGH - width, np.int64(article_bits))
            kept = _keep_shared(chosen[:count], article_bits, entries, kept)  # never ahead of what is read
            begin = end
    return entries[:kept]


@nb.njit(nogil=True, cache=True)
def _sort(entries, other, width, article_bits):  # type: ignore[no-untyped-def]
    """Sort entries that agree in all bits of the key above `width` of its 32; `other` is work space."""
    if len(entries) < _FEW:
        entries.sort()
        return
    low = (width + 1) // 2
    _by_digit(entries, other, 32, low)
    _by_digit(other, entries, 32 + low, width - low)
    end = 1
    while end < len(entries):
        differing = entries[end] ^ entries[end - 1]
        if differing >> np.uint64(32) == 0 and differing >> np.uint64(article_bits) != 0:
            start = end - 1  # few are equal by chance in 32 bits: these go by the tails as well
            while start > 0 and (entries[start - 1] ^ entries[end]) >> np.uint64(32) == 0:
                start -= 1
            while end < len(entries) and (entries[end] ^ entries[start]) >> np.uint64(32) == 0:
                end += 1
            entries[start:end].sort()
        else:
            end += 1


@nb.njit(nogil=True, cache=True)
def _keep_shared(entries, article_bits, out, kept):  # type: ignore[no-untyped-def]
    """Copy the sorted entries that share their key with a neighbour behind the `kept` ones of `out`.

    How many there are then.
    """
    before = False
    for i in range(len(entries)):
        entry = entries[i]
        behind = i + 1 < len(entries) and (entries[i + 1] ^ entry) >> article_bits == 0
        out[kept] = entry
        kept += before | behind
        before = behind
    return kept


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
    """Sort by `width` bits from bit `shift` on, equal ones in order; where those of each value end."""
    ends = np.zeros((1 << width) + 1, np.int64)
    digits, shift = np.uint64((1 << width) - 1), np.uint64(shift)
    for entry in entries:
        ends[((entry >> shift) & digits) + np.uint64(1)] += 1
    for digit in range(1 << width):
        ends[digit + 1] += ends[digit]
    for entry in entries:
        digit = (entry >> shift) & digits
        out[ends[digit]] = entry
        ends[digit] += 1
    return ends[:-1]


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
def _refill(slots, larger):  # type: ignore[no-untyped-def]
    for pair in slots:
        if pair != 0:
            _add(np.uint32(pair >> np.uint64(32)), np.uint32(pair & np.uint64(0xFFFFFFFF)), larger)


@nb.njit(nogil=True, cache=True)
def _join(order, start, article_bits, sources, cross, max_bucket, met, slots, count):  # type: ignore[no-untyped-def]
    """Expand buckets from `start` on, until the end or until the set is half full.

    Returns where it stopped, how many pairs the set holds, and how many pairs were cut short.
    """
    cut = 0
    of_article = (np.uint64(1) << article_bits) - np.uint64(1)
    chosen = np.empty(REPRESENTATIVES, np.int64)
    articles, of_source = np.empty(max_bucket, np.uint32), np.empty(max_bucket, np.uint32)
    while start < len(order):
        bucket = order[start] >> article_bits
        end = start + 1
        while end < len(order) and order[end] >> article_bits == bucket:
            end += 1
        size = end - start
        # The pairs of this bucket must fit; a bucket at the cap has max_bucket ** 2 / 2 of them at most.
        wanted = size * (size - 1) // 2 if size <= max_bucket else size * _PAIRS_A_BAND
        if 2 * (count + wanted) > len(slots):
            return start, count, cut
        if size <= max_bucket:
            for i in range(size):
                articles[i] = np.uint32(order[start + i] & of_article)
                of_source[i] = sources[articles[i]]
            for i in range(size - 1):
                for j in range(i + 1, size):
                    if articles[i] != articles[j] and not (cross and of_source[i] == of_source[j]):
                        count += _add(articles[i], articles[j], slots)
        else:
            taken = _choose(order, start, end, of_article, sources, chosen)
            made = 0
            for i in range(start, end):
                b = np.uint32(order[i] & of_article)
                for j in range(taken):
                    a = np.uint32(order[chosen[j]] & of_article)
                    if met[b] < _PAIRS_A_BAND and a != b and not (cross and sources[a] == sources[b]):
                        met[b] += np.uint8(1)
                        made += 1
                        count += _add(a, b, slots)
            cut += size * (size - 1) // 2 - made
        start = end
    return start, count, cut


@nb.njit(nogil=True, cache=True)
def _choose(order, start, end, of_article, sources, chosen):  # type: ignore[no-untyped-def]
    """The first article of each of the first sources in the bucket: were all of one source, its other
    articles would meet nobody in a comparison across sources."""
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
