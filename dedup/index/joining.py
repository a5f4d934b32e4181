"""New articles against stored ones: the candidate pairs that their band keys give.

A bucket reaches over all segments. Its stored articles are counted first; where they and the new ones are
more than the cap, the new ones are compared with a few that were there first, of different sources, as
`dedup.candidates` does within a scan. What is left out is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.candidates import REPRESENTATIVES
from dedup.index.arrays import crowded
from dedup.index.postings import Postings, unique_sorted
from dedup.workers import map_in_order

#: New postings from which on the bands are shared out among threads: below, one call costs less.
_WORTH_SHARING = 20_000
#: To compare a key with so many words, sixteen at a time, is faster than to halve them.
_SCANNED = 48


@dataclass(frozen=True, slots=True)
class Stored:
    """A segment as the join sees it.

    Attributes
    ----------
    postings : Postings
    numbers, sources : ndarray of shape (n_articles,), dtype uint32
    dead : ndarray of shape (n_articles,) or (0,), dtype bool
        Articles that were removed or lie outside the window of time; empty when all live.
    """

    postings: Postings
    numbers: NDArray[np.uint32]
    sources: NDArray[np.uint32]
    dead: NDArray[np.bool_]


def join_stored(
    new: Sequence[NDArray[np.uint64]],
    sources: NDArray[np.uint32],
    stored: Sequence[Stored],
    *,
    scope: str,
    max_bucket: int,
    threads: int,
) -> tuple[NDArray[np.uint64], int]:
    """Candidate pairs of new articles with stored ones.

    Parameters
    ----------
    new : sequence of ndarray of uint64
        The postings of the new articles, by their rows: of each band as `sorted_postings` gives them.
    sources : ndarray of shape (n_articles,), dtype uint32
        The number of each new article's source.
    stored : sequence of Stored
        The oldest first.

    Returns
    -------
    pairs : ndarray of shape (n_pairs,), dtype uint64
        ``number of the stored article << 32 | row of the new one``, sorted, each once.
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
    stored: Sequence[Stored],
    cross: bool,
    max_bucket: int,
) -> tuple[NDArray[np.uint64], int]:
    """The pairs of some bands. A key is named by the place of its first posting among those of the bands."""
    parts = new[bands.start : bands.stop]
    offsets = np.cumsum([0, *map(len, parts)])
    values = parts[0] if len(parts) == 1 else np.concatenate(parts)
    here = np.zeros(len(values), np.int32)
    places = []
    for each in stored:
        postings, own = each.postings, each.postings.places[bands.start : bands.stop]
        places.append(_locate(values, offsets, postings.whole, own, postings.bits, each.dead, here))
    ends = np.zeros(len(values), np.int32)
    over, large = _over_cap(values, offsets, here, max_bucket, ends)
    chosen = np.zeros((large, REPRESENTATIVES), np.int64)
    chosen_sources = np.zeros((large, REPRESENTATIVES), np.int64)
    taken = np.zeros(large, np.int64)
    standing = (taken, chosen, chosen_sources)
    found = []
    looked_at = 4 * sum(int(each.postings.places[bands.start : bands.stop, 2].sum()) for each in stored)
    for each, (keys, words, counts) in zip(stored, places, strict=True):
        if len(keys) == 0:
            continue
        columns = (each.postings.whole, each.postings.bits, each.dead, each.numbers, each.sources)
        if large:
            _choose(keys, words, counts, over, *columns, *standing)
        found.append(_pairs(values, ends, keys, words, counts, over, sources, *columns, cross))
        if len(values) > _WORTH_SHARING and crowded(looked_at):
            each.postings.release(bands)  # a large join walks through all that is stored
    cut_short = 0
    if large:
        pairs, cut_short = _against(values, ends, here, over, sources, *standing, cross)
        found.append(pairs)
    pairs = np.concatenate(found) if found else np.zeros(0, np.uint64)
    pairs.sort()
    return unique_sorted(pairs), int(cut_short)


@nb.njit(nogil=True, cache=True, inline="always")
def _end_of(key, values, band_end):  # type: ignore[no-untyped-def]
    """The end of the new postings with the key of the one at `key`."""
    end = key + 1
    while end < band_end and values[end] >> np.uint64(32) == values[key] >> np.uint64(32):
        end += 1
    return end


@nb.njit(nogil=True, cache=True)
def _locate(values, offsets, whole, places, bits, dead, here):  # type: ignore[no-untyped-def]
    """Where the new keys stand in a segment: key, first word, words; `here` counts those that live.

    Few of the keys do, so only these are kept.
    """
    low = (np.uint32(1) << np.uint32(bits)) - np.uint32(1)
    size, made = 1024, 0
    keys, words, counts = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int32)
    for band in range(len(places)):
        directory, base = places[band, 0], places[band, 1]
        before = np.uint64(0)
        for i in range(offsets[band], offsets[band + 1]):
            key = values[i] >> np.uint64(32)
            if key == before:  # 0 is no key
                continue
            before = key
            entry = directory + np.int64(key >> np.uint64(32 - bits))
            first, left = np.int64(whole[entry]), np.int64(whole[entry + 1]) - np.int64(whole[entry])
            if left == 0:
                continue
            wanted = np.uint32(np.uint32(key) << np.uint32(bits))
            first += base
            end = first + left
            while left > _SCANNED:
                half = left >> 1
                if whole[first + half] < wanted:
                    first += half + 1
                    left -= half + 1
                else:
                    left = half
            less = np.uint32(0)
            near = whole[first : first + left]
            for word in range(left):
                less += np.uint32(near[word] < wanted)
            first += less
            last = first
            while last < end and (whole[last] ^ wanted) <= low:
                last += 1
            if last == first:
                continue
            if made == size:
                size *= 4
                keys, words, counts = _longer(keys, size), _longer(words, size), _longer(counts, size)
            keys[made], words[made], counts[made] = i, first, last - first
            made += 1
            here[i] += last - first
            if len(dead) > 0:
                for word in range(first, last):
                    here[i] -= dead[whole[word] & low]
    return keys[:made], words[:made], counts[:made]


@nb.njit(nogil=True, cache=True)
def _longer(values, size):  # type: ignore[no-untyped-def]
    out = np.empty(size, values.dtype)
    out[: len(values)] = values
    return out


@nb.njit(nogil=True, cache=True)
def _over_cap(values, offsets, here, max_bucket, ends):  # type: ignore[no-untyped-def]
    """The number of each bucket over the cap by its key, -1 for the others; and how many there are.

    Fills `ends` for the keys that are stored: where the new postings with the key end.
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
def _pairs(  # type: ignore[no-untyped-def]
    values, ends, keys, words, counts, over, own, whole, bits, dead, numbers, sources, cross
):
    low = (np.uint32(1) << np.uint32(bits)) - np.uint32(1)
    out, made = np.empty(4 * len(keys) + 16, np.uint64), 0
    for k in range(len(keys)):
        if over[keys[k]] >= 0:
            continue
        end = ends[keys[k]]
        wanted = made + (end - keys[k]) * counts[k]
        if wanted > len(out):
            out = _longer(out, 2 * wanted)
        for word in range(words[k], words[k] + counts[k]):
            row = whole[word] & low
            if len(dead) > 0 and dead[row]:
                continue
            number = np.uint64(numbers[row]) << np.uint64(32)
            for j in range(keys[k], end):
                new = np.uint32(values[j])
                out[made] = number | np.uint64(new)
                made += not (cross and own[new] == sources[row])
    return out[:made]


@nb.njit(nogil=True, cache=True)
def _choose(  # type: ignore[no-untyped-def]
    keys, words, counts, over, whole, bits, dead, numbers, sources, taken, chosen, chosen_sources
):
    """The first stored article of each of the first sources of a bucket, behind those chosen before."""
    low = (np.uint32(1) << np.uint32(bits)) - np.uint32(1)
    for i in range(len(keys)):
        k = over[keys[i]]
        if k < 0:
            continue
        for word in range(words[i], words[i] + counts[i]):
            if taken[k] == chosen.shape[1]:
                break
            row = whole[word] & low
            new = len(dead) == 0 or not dead[row]
            for other in range(taken[k]):
                new &= chosen_sources[k, other] != sources[row]
            if new:
                chosen[k, taken[k]], chosen_sources[k, taken[k]] = numbers[row], sources[row]
                taken[k] += 1


@nb.njit(nogil=True, cache=True)
def _against(values, ends, here, over, own, taken, chosen, chosen_sources, cross):  # type: ignore[no-untyped-def]
    """The pairs of new articles with those that stand for buckets over the cap; how many are left out."""
    out, made, cut_short = np.empty(1024, np.uint64), 0, 0
    for i in range(len(values)):
        k = over[i]
        if k < 0:
            continue
        end = ends[i]
        cut_short += (here[i] - taken[k]) * (end - i)
        if made + (end - i) * taken[k] > len(out):
            out = _longer(out, 2 * (made + (end - i) * taken[k]))
        for j in range(i, end):
            new = np.uint32(values[j])
            for other in range(taken[k]):
                if not (cross and own[new] == chosen_sources[k, other]):
                    out[made] = (np.uint64(chosen[k, other]) << np.uint64(32)) | np.uint64(new)
                    made += 1
    return out[:made], cut_short
