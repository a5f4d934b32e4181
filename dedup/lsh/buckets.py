"""Windows of one band that share their key with another: partitioned, filtered and sorted in cache."""

from __future__ import annotations

import numba as nb
import numpy as np

from dedup.lsh.bands import NO_KEY

#: Bits of a key by which the windows are partitioned in one step. With more bits, the scattered writes cost
#: more than a second step.
HIGH = 6
#: Parts with more windows than this are partitioned again, into parts of about a quarter of it, so that their
#: marks stay in L2.
_PART = 1 << 16
#: Fewer entries than this are sorted by comparison.
_FEW = 512
#: Bits of an entry for the article number, if the articles need no more; the other 40 bits hold the key.
ARTICLE_BITS = 24


@nb.njit(nogil=True, cache=True)
def part_sizes(keys):  # type: ignore[no-untyped-def]
    """Count the keys with each value of the high bits."""
    sizes = np.zeros(1 << HIGH, np.int64)
    for key in keys:
        sizes[key >> np.uint32(32 - HIGH)] += key != NO_KEY
    return sizes


@nb.njit(nogil=True, cache=True)
def grouped(keys, tails, articles, sizes, first, article_bits, entries):  # type: ignore[no-untyped-def]
    """Return the windows that share their key with another, as sorted ``key << article_bits | article``.

    Only keys whose high bits lie in ``first : first + len(sizes)`` are taken. As many bits of the tails are
    added as there is room for. `entries` is work space; a slice from its start is returned.

    The windows are partitioned by the high bits of the key. In each part, which fits into a cache, most keys
    are unique and are dropped. The rest is sorted by the other bits with a stable radix sort, so that the
    articles stay in order.
    """
    bounds = np.zeros(len(sizes) + 1, np.int64)
    bounds[1:] = np.cumsum(sizes)
    free = bounds.copy()
    dropped = np.uint64(article_bits - np.uint64(ARTICLE_BITS))  # bits of the tails that do not fit
    for i in range(len(keys)):
        high = np.int64(keys[i] >> np.uint32(32 - HIGH)) - first
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
            while width < HIGH and 4 * len(part) >> width > _PART:
                width += 1
            ends = _by_digit(part, spread, 64 - HIGH - width, width)
            part = spread
        for end in ends:
            marks = _words_of_marks(end - begin)
            count = _perhaps_shared(part[begin:end], once[:marks], again[:marks], chosen)
            _sort(chosen[:count], other[:count], 32 - HIGH - width, np.int64(article_bits))
            # Never overwrites entries that still have to be read.
            kept = _keep_shared(chosen[:count], article_bits, entries, kept)
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
            start = end - 1  # few are equal by chance in 32 bits: sort these by the tails as well
            while start > 0 and (entries[start - 1] ^ entries[end]) >> np.uint64(32) == 0:
                start -= 1
            while end < len(entries) and (entries[end] ^ entries[start]) >> np.uint64(32) == 0:
                end += 1
            entries[start:end].sort()
        else:
            end += 1


@nb.njit(nogil=True, cache=True)
def _keep_shared(entries, article_bits, out, kept):  # type: ignore[no-untyped-def]
    """Append the sorted entries that share their key with a neighbour to the `kept` entries of `out`.

    Returns the new number of entries.
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
    """Return the number of 32-bit words, a power of two, that give each entry at least eight marks."""
    size = 16
    while 4 * size < count:
        size *= 2
    return size


@nb.njit(nogil=True, cache=True)
def _perhaps_shared(part, once, again, out):  # type: ignore[no-untyped-def]
    """Copy the entries whose low key bits occur in another entry too, and return their count.

    A Bloom filter with one hash: few entries with an unshared key pass. Two passes over marks in L1 cost less
    than sorting all entries.
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
    """Sort stably by `width` bits from bit `shift` on, and return where each value's entries end."""
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
