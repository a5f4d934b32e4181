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
from dedup.index.postings import Postings, locate_keys, row_of, unique_sorted
from dedup.workers import map_in_order


@dataclass(frozen=True, slots=True)
class NewKeys:
    """The keys of new articles, band by band, each key once.

    Attributes
    ----------
    keys : ndarray of shape (n_keys,), dtype uint32
        Sorted within each band.
    bands : ndarray of shape (n_keys,), dtype int64
    rows : ndarray of shape (n_postings,), dtype int64
        The new articles that have a key, key by key.
    offsets : ndarray of shape (n_keys + 1,), dtype int64
        The rows of key i are ``rows[offsets[i]:offsets[i + 1]]``.
    sources : ndarray of shape (n_articles,), dtype uint32
        The number of each new article's source.
    """

    keys: NDArray[np.uint32]
    bands: NDArray[np.int64]
    rows: NDArray[np.int64]
    offsets: NDArray[np.int64]
    sources: NDArray[np.uint32]

    @classmethod
    def of(cls, postings: Sequence[NDArray[np.uint64]], sources: NDArray[np.uint32]) -> NewKeys:
        """Group the postings of each band by their key."""
        keys, bands, firsts, base = [], [], [np.zeros(0, np.int64)], 0
        for band, each in enumerate(postings):
            own = (each >> np.uint64(32)).astype(np.uint32)
            first = np.flatnonzero(np.concatenate(([True], own[1:] != own[:-1]))[: len(own)])
            keys.append(own[first])
            bands.append(np.full(len(first), band, np.int64))
            firsts.append(first + base)
            base += len(each)
        rows = np.concatenate(postings).astype(np.uint32).astype(np.int64)
        offsets = np.append(np.concatenate(firsts), base)
        return cls(np.concatenate(keys), np.concatenate(bands), rows, offsets, sources)


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
    new: NewKeys, stored: Sequence[Stored], *, scope: str, max_bucket: int, threads: int
) -> tuple[NDArray[np.uint64], int]:
    """Candidate pairs of new articles with stored ones.

    Parameters
    ----------
    stored : sequence of Stored
        The oldest first.

    Returns
    -------
    pairs : ndarray of shape (n_pairs,), dtype uint64
        ``number of the stored article << 32 | row of the new one``, sorted, each once.
    cut_short : int
        Pairs in buckets over the cap that were left out.
    """

    def locate(segment: Stored) -> _Located:
        return _located(new, segment)

    places = list(map_in_order(locate, stored, threads) if threads > 1 else map(locate, stored))
    members = np.diff(new.offsets)
    here = np.zeros(len(members), np.int64)
    for place in places:
        here[place.keys] += place.living
    over = (here > 0) & (here + members > max_bucket)
    large = np.flatnonzero(over)
    chosen = np.zeros((len(large), REPRESENTATIVES), np.int64)
    chosen_sources = np.zeros((len(large), REPRESENTATIVES), np.int64)
    taken = np.zeros(len(large), np.int64)
    cross = scope == "cross"
    found = []
    for segment, place in zip(stored, places, strict=True):
        views = (segment.postings.u8, segment.postings.u16, segment.postings.places)
        columns = (segment.dead, segment.numbers, segment.sources)
        small = place.some(~over[place.keys])
        out = np.empty(int((small.living * members[small.keys]).sum()), np.uint64)
        where = (small.keys, small.first, small.count)
        made = _pairs(*where, new.bands, new.rows, new.offsets, new.sources, *views, *columns, cross, out)
        found.append(unique_sorted(np.sort(out[:made])))
        rest = place.some(over[place.keys])
        slots = np.searchsorted(large, rest.keys)
        bands = new.bands[rest.keys]
        _choose(slots, bands, rest.first, rest.count, *views, *columns, taken, chosen, chosen_sources)
    out = np.empty(int((taken * members[large]).sum()), np.uint64)
    made = _against(large, new.rows, new.offsets, new.sources, taken, chosen, chosen_sources, cross, out)
    found.append(out[:made])
    cut_short = int(((here[large] - taken) * members[large]).sum())
    return unique_sorted(np.sort(np.concatenate(found))), cut_short


@dataclass(frozen=True, slots=True)
class _Located:
    """Those new keys that a segment has: their numbers, first postings, postings, and living postings."""

    keys: NDArray[np.int64]
    first: NDArray[np.int64]
    count: NDArray[np.int32]
    living: NDArray[np.int32]

    def some(self, keep: NDArray[np.bool_]) -> _Located:
        """Some of the keys."""
        return _Located(self.keys[keep], self.first[keep], self.count[keep], self.living[keep])


def _located(new: NewKeys, segment: Stored) -> _Located:
    """Where the new keys stand in the segment. Few of them do: the others are not kept."""
    first, count = np.zeros(len(new.keys), np.int64), np.zeros(len(new.keys), np.int32)
    found = segment.postings
    offsets = np.searchsorted(new.bands, np.arange(len(found.places) + 1))
    locate_keys(new.keys, offsets, found.u16, found.u32, found.places, first, count)
    keys = np.flatnonzero(count)
    first, count = first[keys], count[keys]
    living = count
    if len(segment.dead):
        living = count.copy()
        _take_dead(new.bands[keys], found.u8, found.u16, found.places, segment.dead, first, count, living)
    return _Located(keys, first, count, living)


@nb.njit(nogil=True, cache=True)
def _take_dead(bands, u8, u16, places, dead, first, count, living):  # type: ignore[no-untyped-def]
    for i in range(len(bands)):
        for posting in range(first[i], first[i] + count[i]):
            living[i] -= dead[row_of(u8, u16, places[bands[i]], posting)]


@nb.njit(nogil=True, cache=True)
def _pairs(  # type: ignore[no-untyped-def]
    keys, first, count, bands, rows, offsets, own, u8, u16, places, dead, numbers, sources, cross, out
):
    made = 0
    for k in range(len(keys)):
        i = keys[k]
        place = places[bands[i]]
        for posting in range(first[k], first[k] + count[k]):
            row = row_of(u8, u16, place, posting)
            if len(dead) > 0 and dead[row]:
                continue
            for j in range(offsets[i], offsets[i + 1]):
                if not (cross and own[rows[j]] == sources[row]):
                    out[made] = (np.uint64(numbers[row]) << np.uint64(32)) | np.uint64(rows[j])
                    made += 1
    return made


@nb.njit(nogil=True, cache=True)
def _choose(  # type: ignore[no-untyped-def]
    slots, bands, first, count, u8, u16, places, dead, numbers, sources, taken, chosen, chosen_sources
):
    """The first stored article of each of the first sources of a bucket, behind those chosen before."""
    for i in range(len(slots)):
        k = slots[i]
        place = places[bands[i]]
        for posting in range(first[i], first[i] + count[i]):
            if taken[k] == chosen.shape[1]:
                break
            row = row_of(u8, u16, place, posting)
            new = len(dead) == 0 or not dead[row]
            for other in range(taken[k]):
                new &= chosen_sources[k, other] != sources[row]
            if new:
                chosen[k, taken[k]], chosen_sources[k, taken[k]] = numbers[row], sources[row]
                taken[k] += 1


@nb.njit(nogil=True, cache=True)
def _against(large, rows, offsets, own, taken, chosen, chosen_sources, cross, out):  # type: ignore[no-untyped-def]
    made = 0
    for k in range(len(large)):
        for j in range(offsets[large[k]], offsets[large[k] + 1]):
            for other in range(taken[k]):
                if not (cross and own[rows[j]] == chosen_sources[k, other]):
                    out[made] = (np.uint64(chosen[k, other]) << np.uint64(32)) | np.uint64(rows[j])
                    made += 1
    return made
