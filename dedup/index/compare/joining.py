"""New articles against stored ones: the candidate pairs that their band keys propose.

A bucket extends over all segments. Its stored articles are counted first. If these and the new ones exceed
the cap, the new ones are compared with the first few stored articles of different sources, as
`dedup.lsh.pairs` does within a scan. The pairs left out are counted.
"""

from __future__ import annotations

from collections.abc import Sequence

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.index.store.arrays import crowded
from dedup.index.store.postings import unique_sorted, word_at
from dedup.index.store.segments import SegmentView
from dedup.jit.prefetch import prefetch
from dedup.runtime.threads import map_in_order
from dedup.thresholds import REPRESENTATIVES

#: Minimum number of new postings for which the bands are shared among threads: below, one call costs less.
_WORTH_SHARING = 20_000
#: Maximum number of words that a key is compared with one by one; among more, binary search is used.
_IN_STEP = 64
#: The words of an entry are prefetched this many keys ahead; two cache lines, because most entries cross a
#: line's boundary.
_AHEAD = 24
_LINE = 32


def join_stored(
    new: Sequence[NDArray[np.uint64]],
    sources: NDArray[np.uint32],
    stored: Sequence[SegmentView],
    *,
    scope: str,
    max_bucket: int,
    threads: int,
) -> tuple[NDArray[np.uint64], int]:
    """Return candidate pairs of new articles with stored ones.

    Parameters
    ----------
    new : sequence of ndarray of uint64
        For each band, the postings of the new articles as returned by `sorted_postings`, with the articles'
        rows.
    sources : ndarray of shape (n_articles,), dtype uint32
        The number of each new article's source.
    stored : sequence of SegmentView
        The oldest first.

    Returns
    -------
    pairs : ndarray of shape (n_pairs,), dtype uint64
        ``number of the stored article << 32 | row of the new one``, sorted, each pair once.
    cut_short : int
        Pairs in buckets over the cap that were left out.
    """
    total = sum(map(len, new))
    if not stored or total == 0:
        return np.zeros(0, np.uint64), 0

    def work(bands: range) -> tuple[NDArray[np.uint64], int]:
        return _join_bands(new, bands, sources, stored, scope == "cross", max_bucket)

    if total < _WORTH_SHARING:
        return work(range(len(new)))
    parts = list(map_in_order(work, (range(band, band + 1) for band in range(len(new))), threads))
    pairs = np.concatenate([pairs for pairs, _ in parts])
    pairs.sort()
    return unique_sorted(pairs), sum(cut for _, cut in parts)


def _join_bands(
    new: Sequence[NDArray[np.uint64]],
    bands: range,
    sources: NDArray[np.uint32],
    stored: Sequence[SegmentView],
    cross: bool,
    max_bucket: int,
) -> tuple[NDArray[np.uint64], int]:
    """Return the pairs of some bands. A key is identified by the place of its first posting in the bands."""
    parts = new[bands.start : bands.stop]
    offsets = np.cumsum([0, *map(len, parts)])
    values = parts[0] if len(parts) == 1 else np.concatenate(parts)
    here = np.zeros(len(values), np.int32)
    places = []
    for each in stored:
        postings, own = each.postings, each.postings.places[bands.start : bands.stop]
        postings.check(values, offsets, own)
        columns = (postings.words, postings.halves, own, postings.bits, each.dead)
        places.append(_locate(values, offsets, *columns, here))
        if len(values) > _WORTH_SHARING and crowded(4 * int(own[:, 3].sum())):
            postings.release(bands)  # a large join reads everything that is stored
    ends = np.zeros(len(values), np.int32)
    over, large = _over_cap(values, offsets, here, max_bucket, ends)
    chosen = np.zeros((large, REPRESENTATIVES), np.int64)
    chosen_sources = np.zeros((large, REPRESENTATIVES), np.int64)
    taken = np.zeros(large, np.int64)
    standing = (taken, chosen, chosen_sources)
    found = []
    for each, (keys, counts, rows) in zip(stored, places, strict=True):
        if large:
            _choose(keys, counts, rows, over, each.numbers, each.sources, *standing)
        articles = (sources, each.numbers, each.sources)
        found.append(_pairs(values, ends, keys, counts, rows, over, *articles, cross))
    cut_short = 0
    if large:
        keys = np.flatnonzero(over >= 0)
        pairs, cut_short = _against(values, ends, keys, here, sources, *standing, cross)
        found.append(pairs)
    pairs = np.concatenate(found) if found else np.zeros(0, np.uint64)
    pairs.sort()
    return unique_sorted(pairs), int(cut_short)


@nb.njit(nogil=True, cache=True, inline="always")
def _end_of(key, values, band_end):  # type: ignore[no-untyped-def]
    """Return the end of the new postings that have the same key as the one at `key`."""
    end = key + 1
    while end < band_end and values[end] >> np.uint64(32) == values[key] >> np.uint64(32):
        end += 1
    return end


@nb.njit(nogil=True, cache=True, inline="always")
def _perhaps_there(halves, start, upper, rest):  # type: ignore[no-untyped-def]
    """Whether one of the `_IN_STEP` halves from `start` on equals `upper`, except in the bits of `rest`."""
    # Always the same number of halves, so that the loop vectorises: halves after the entry are compared too,
    # and the last entry of a file is followed by the file's table.
    beside = halves[start : start + _IN_STEP]
    alike = np.uint8(0)
    for place in range(_IN_STEP):
        alike |= np.uint8(np.uint16(beside[place] ^ upper) <= rest)
    return alike != 0


@nb.njit(nogil=True, cache=True)
def _locate(values, offsets, words, halves, places, bits, dead, here):  # type: ignore[no-untyped-def]
    """Find the new keys that a segment has: each key, its number of articles, and their rows.

    Dead articles are skipped. `here` counts the others of each key.
    """
    low = (np.uint32(1) << np.uint32(bits)) - np.uint32(1)
    # The bits of the row that the near half of a word contains.
    rest = np.uint16(low >> np.uint32(16))
    keys, counts, made = np.empty(1024, np.int64), np.empty(1024, np.int32), 0
    rows, stood = np.empty(1024, np.uint32), 0
    for band in range(len(places)):
        directory, near, far = places[band, 0], places[band, 1], places[band, 2]
        before = np.uint64(0)
        for ahead in range(offsets[band], offsets[band + 1] + _AHEAD):
            if ahead < offsets[band + 1]:
                coming = near + np.int64(words[directory + np.int64(values[ahead] >> np.uint64(64 - bits))])
                prefetch(halves, coming)  # type: ignore[call-arg]
                prefetch(halves, coming + _LINE)
            i = ahead - _AHEAD
            if i < offsets[band]:
                continue
            key = values[i] >> np.uint64(32)
            if key == before:  # 0 is never a key
                continue
            before = key
            entry = directory + np.int64(key >> np.uint64(32 - bits))
            first, end = np.int64(words[entry]), np.int64(words[entry + 1])
            wanted = np.uint32(np.uint32(key) << np.uint32(bits))
            upper = np.uint16(wanted >> np.uint32(16))
            left = end - first
            while left >= _IN_STEP:
                half = left >> 1
                if halves[near + first + half] < upper:
                    first += half + 1
                    left -= half + 1
                else:
                    left = half
            if not _perhaps_there(halves, near + first, upper, rest):
                continue
            while first < end and word_at(halves, near, far, first) < wanted:
                first += 1
            start = stood
            while first < end:
                word = word_at(halves, near, far, first)
                if (word ^ wanted) > low:
                    break
                first += 1
                row = word & low
                if len(dead) > 0 and dead[row]:
                    continue
                if stood == len(rows):
                    rows = _longer(rows, 4 * stood)
                rows[stood] = row
                stood += 1
            if stood == start:
                continue
            if made == len(keys):
                keys, counts = _longer(keys, 4 * made), _longer(counts, 4 * made)
            keys[made], counts[made] = i, stood - start
            made += 1
            here[i] += stood - start
    return keys[:made], counts[:made], rows[:stood]


@nb.njit(nogil=True, cache=True)
def _longer(values, size):  # type: ignore[no-untyped-def]
    out = np.empty(size, values.dtype)
    out[: len(values)] = values
    return out


@nb.njit(nogil=True, cache=True)
def _over_cap(values, offsets, here, max_bucket, ends):  # type: ignore[no-untyped-def]
    """Number the buckets over the cap by key, with -1 for the others, and return how many there are.

    Fills `ends` for the stored keys: where the new postings with the key end.
    """
    over = np.full(len(values), -1, np.int32)
    large = 0
    for band in range(len(offsets) - 1):
        for i in range(offsets[band], offsets[band + 1]):
            if here[i] > 0:
                ends[i] = _end_of(i, values, offsets[band + 1])
                if here[i] + ends[i] - i > max_bucket:
                    over[i] = large
                    large += 1
    return over, large


@nb.njit(nogil=True, cache=True)
def _pairs(values, ends, keys, counts, rows, over, own, numbers, sources, cross):  # type: ignore[no-untyped-def]
    wanted = 0
    for k in range(len(keys)):
        if over[keys[k]] < 0:
            wanted += (ends[keys[k]] - keys[k]) * counts[k]
    out, made, start = np.empty(wanted, np.uint64), 0, 0
    for k in range(len(keys)):
        first, start = start, start + counts[k]
        if over[keys[k]] >= 0:
            continue
        for row in rows[first:start]:
            number, source = np.uint64(numbers[row]) << np.uint64(32), sources[row]
            for j in range(keys[k], ends[keys[k]]):
                new = np.uint32(values[j])
                if not (cross and own[new] == source):
                    out[made] = number | np.uint64(new)
                    made += 1
    return out[:made]


@nb.njit(nogil=True, cache=True)
def _choose(keys, counts, rows, over, numbers, sources, taken, chosen, chosen_sources):  # type: ignore[no-untyped-def]
    """Choose the first stored article of each further source in a bucket."""
    start = 0
    for i in range(len(keys)):
        first, start = start, start + counts[i]
        k = over[keys[i]]
        if k < 0:
            continue
        for row in rows[first:start]:
            if taken[k] == chosen.shape[1]:
                break
            new = True
            for other in range(taken[k]):
                new &= chosen_sources[k, other] != sources[row]
            if new:
                chosen[k, taken[k]], chosen_sources[k, taken[k]] = numbers[row], sources[row]
                taken[k] += 1


@nb.njit(nogil=True, cache=True)
def _against(values, ends, keys, here, own, taken, chosen, chosen_sources, cross):  # type: ignore[no-untyped-def]
    """Return the pairs of new articles with representatives of buckets over the cap, and how many are left
    out.

    `keys` holds the buckets' keys, in the order of `taken`, which holds the number of representatives per
    bucket.
    """
    wanted = 0
    for k in range(len(keys)):
        wanted += (ends[keys[k]] - keys[k]) * taken[k]
    out, made, cut_short = np.empty(wanted, np.uint64), 0, 0
    for k in range(len(keys)):
        first, end = keys[k], ends[keys[k]]
        cut_short += (here[first] - taken[k]) * (end - first)
        for j in range(first, end):
            new = np.uint32(values[j])
            for other in range(taken[k]):
                if not (cross and own[new] == chosen_sources[k, other]):
                    out[made] = (np.uint64(chosen[k, other]) << np.uint64(32)) | np.uint64(new)
                    made += 1
    return out[:made], cut_short
