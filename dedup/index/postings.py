"""Band keys, sorted: which articles of a segment have a key.

Of each band the pairs (key, article) are sorted and kept once. In a large segment the upper 16 bits of the
key are an entry of a directory and only the lower 16 are stored; an article takes two bytes, or three. That
is 5 bytes a posting where the plain pairs take 8.
"""

from __future__ import annotations

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.index.arrays import ArrayWriter, MappedArrays
from dedup.lsh import NO_KEY

#: From so many postings a band on, a directory of 2**16 entries saves more than it costs.
_LARGE = 1 << 17
_WIDE = 1 << 16


def sorted_postings(keys: NDArray[np.uint32], articles: NDArray[np.int64]) -> NDArray[np.uint64]:
    """The postings of one band: ``key << 32 | article``, sorted, each once.

    Parameters
    ----------
    keys : ndarray of shape (n_passages,), dtype uint32
    articles : ndarray of shape (n_passages,)
        The row of each passage's article.

    Examples
    --------
    >>> found = sorted_postings(np.array([7, 0, 7, 5], np.uint32), np.array([1, 1, 1, 2]))
    >>> [(int(each) >> 32, int(each) & 0xFFFFFFFF) for each in found]
    [(5, 2), (7, 1)]
    """
    valid = keys != NO_KEY
    return unique_sorted(
        np.sort((keys[valid].astype(np.uint64) << np.uint64(32)) | articles[valid].astype(np.uint64))
    )


def unique_sorted(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each value of a sorted array once."""
    if len(values) == 0:
        return values
    return values[np.concatenate(([True], values[1:] != values[:-1]))]


def write_postings(writer: ArrayWriter, band: int, postings: NDArray[np.uint64], rows: int) -> None:
    """Store the postings of one band of a segment with so many articles."""
    keys = (postings >> np.uint64(32)).astype(np.uint32)
    bits = 16 if len(postings) >= _LARGE else 0
    tops = np.arange(1 << bits, dtype=np.uint64) << np.uint64(48)
    directory = np.searchsorted(postings, tops)
    writer.add(f"directory-{band}", np.append(directory, len(postings)), np.uint32)
    writer.add(f"keys-{band}", keys & np.uint32(0xFFFF) if bits else keys, np.uint16 if bits else np.uint32)
    articles = postings.astype(np.uint32)
    writer.add(f"rows-{band}", articles & np.uint32(0xFFFF), np.uint16)
    writer.add(f"high-{band}", articles >> np.uint32(16) if rows > _WIDE else articles[:0], np.uint8)


class Postings:
    """The postings of a segment, memory-mapped, as the kernels take them.

    Attributes
    ----------
    u8, u16, u32 : ndarray
        The whole file in elements of each size.
    places : ndarray of shape (bands, 6), dtype int64
        Of each band: where its directory, keys, rows and upper bytes of rows begin (the last is -1 where
        there are none), each counted in elements of its own size; the directory's bits; the postings.
    """

    def __init__(self, arrays: MappedArrays, bands: int) -> None:
        places = []
        for band in range(bands):
            directory, entries = arrays.place(f"directory-{band}")
            keys, count = arrays.place(f"keys-{band}")
            rows, _ = arrays.place(f"rows-{band}")
            high, wide = arrays.place(f"high-{band}")
            bits = (entries - 1).bit_length() - 1
            places.append(
                [directory // 4, keys // (2 if bits else 4), rows // 2, high if wide else -1, bits, count]
            )
        self.places = np.array(places, np.int64)
        self.u8, self.u16, self.u32 = (arrays.whole(kind) for kind in (np.uint8, np.uint16, np.uint32))

    def band(self, band: int) -> NDArray[np.uint64]:
        """All postings of one band, as `sorted_postings` gave them."""
        out = np.empty(self.places[band, 5], np.uint64)
        _unpack(self.u8, self.u16, self.u32, self.places[band], out)
        return out


@nb.njit(nogil=True, cache=True)
def _unpack(u8, u16, u32, place, out):  # type: ignore[no-untyped-def]
    directory, keys, rows, high, bits, count = place
    entry = 0
    for i in range(count):
        if bits == 0:
            key = u32[keys + i]
        else:
            while u32[directory + entry + 1] <= i:
                entry += 1
            key = np.uint32(entry << 16) | np.uint32(u16[keys + i])
        row = np.uint32(u16[rows + i])
        if high >= 0:
            row |= np.uint32(u8[high + i]) << np.uint32(16)
        out[i] = (np.uint64(key) << np.uint64(32)) | np.uint64(row)


@nb.njit(nogil=True, cache=True, inline="always")
def row_of(u8, u16, place, posting):  # type: ignore[no-untyped-def]
    """The article of a posting, as a row of its segment; `place` is a row of `Postings.places`."""
    row = np.int64(u16[place[2] + posting])
    return row if place[3] < 0 else row | np.int64(u8[place[3] + posting]) << 16


@nb.njit(nogil=True, cache=True)
def locate_keys(keys, band_offsets, u16, u32, places, first, count):  # type: ignore[no-untyped-def]
    """Where keys stand in the postings: the first posting of each, and how many there are.

    The keys of a band ascend, so each search begins where the last one ended, with small steps that double.
    The places are taken apart once a band: a view of an array costs more than the search.
    """
    for band in range(len(band_offsets) - 1):
        directory, stored, bits, total = places[band, 0], places[band, 1], places[band, 4], places[band, 5]
        low = np.int64(0)
        for i in range(band_offsets[band], band_offsets[band + 1]):
            wanted, end = keys[i], total
            if bits > 0:
                entry = directory + np.int64(wanted >> np.uint32(16))
                low, end = max(low, np.int64(u32[entry])), np.int64(u32[entry + 1])
                wanted = wanted & np.uint32(0xFFFF)
            step, high = np.int64(1), low
            while high < end and (u16[stored + high] if bits > 0 else u32[stored + high]) < wanted:
                low = high + 1
                high = low + step
                step *= 2
            high = min(high, end)
            while low < high:
                middle = (low + high) >> 1
                if (u16[stored + middle] if bits > 0 else u32[stored + middle]) < wanted:
                    low = middle + 1
                else:
                    high = middle
            last = low
            while last < end and (u16[stored + last] if bits > 0 else u32[stored + last]) == wanted:
                last += 1
            first[i], count[i] = low, last - low
