"""Band keys, sorted: which articles of a segment have a key.

In each band the pairs (key, article) are sorted and stored once. A segment of at most 2**n articles has, for
each band, a directory by the upper n bits of the key. The lower 32 - n bits and the n bits of the article's
row are one 32-bit word. So a posting takes 4 bytes instead of 8 for the plain pair, and comparing words
compares keys. The upper and the lower halves of the words are stored apart. Most keys that are looked up are
absent, which the upper halves of one directory entry (about 20) show; these are in one or two cache lines,
near those of the next key.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.index.store.arrays import ArrayWriter, MappedArrays
from dedup.index.store.block_sums import BLOCK, block_fits
from dedup.lsh.bands import NO_KEY

#: Number of blocks that the search for one key touches: of the directory, of the near halves and of the far
#: halves.
_TOUCHED = 3


def sorted_postings(keys: NDArray[np.uint32], articles: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return the postings of one band: ``key << 32 | article``, sorted, each once.

    Parameters
    ----------
    keys : ndarray of shape (n_passages,), dtype uint32
    articles : ndarray of shape (n_passages,)
        The row of each window's article.

    Examples
    --------
    >>> found = sorted_postings(np.array([7, 0, 7, 5], np.uint32), np.array([1, 1, 1, 2]))
    >>> [(int(each) >> 32, int(each) & 0xFFFFFFFF) for each in found]
    [(5, 2), (7, 1)]
    """
    out = np.empty(len(keys), np.uint64)
    postings = out[: _together(keys, articles, NO_KEY, out)]
    postings.sort()
    return unique_sorted(postings)


def unique_sorted(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return each value of a sorted array once, in place: the beginning of the array is overwritten."""
    return values[: _unique(values)]


class PackedBand(NamedTuple):
    """The postings of one band of a segment of at most 2**n articles, in their stored form.

    Attributes
    ----------
    directory : ndarray of shape (2**n + 1,), dtype uint32
        Where the words of each entry begin.
    near, far : ndarray of shape (n_postings,), dtype uint16
        The upper and the lower halves of the words.
    """

    directory: NDArray[np.uint32]
    near: NDArray[np.uint16]
    far: NDArray[np.uint16]


def packed(parts: Iterable[NDArray[np.uint64]], room: int, rows: int) -> PackedBand:
    """Convert postings to the form in which they are stored.

    Parameters
    ----------
    parts : iterable of ndarray of uint64
        Postings as returned by `sorted_postings`; the parts are concatenated.
    room : int
        Number of postings, or more.
    rows : int
        Number of articles in the segment.

    Examples
    --------
    >>> band = packed([np.array([(1 << 31 | 5) << 32 | 1], np.uint64)], room=1, rows=2)
    >>> band.directory.tolist(), band.near.tolist(), band.far.tolist()
    ([0, 0, 1], [0], [11])
    """
    bits = row_bits(rows)
    directory = np.zeros((1 << bits) + 1, np.uint32)
    near, far = np.empty(room, np.uint16), np.empty(room, np.uint16)
    made = 0
    for part in parts:
        _pack(part, np.uint32(bits), directory, near[made:], far[made:])
        made += len(part)
    np.cumsum(directory, dtype=np.uint32, out=directory)
    return PackedBand(directory, near[:made], far[:made])


def row_bits(rows: int) -> int:
    """Return the number of bits that the row numbers of a segment of `articles` articles take."""
    return max(1, (rows - 1).bit_length())


def write_postings(writer: ArrayWriter, band: int, packed_band: PackedBand) -> None:
    """Store the result of `packed` for one band."""
    for name, values in packed_band._asdict().items():
        writer.add(f"{name}-{band}", values, values.dtype)


class Postings:
    """The postings of a segment, memory-mapped, in the form that the kernels take.

    Attributes
    ----------
    words : ndarray of dtype uint32
        The whole file.
    halves : ndarray of dtype uint16
        The whole file.
    places : ndarray of shape (bands, 4), dtype int64
        For each band: where its directory begins, counted in `words`; where its near and far halves begin,
        counted in `halves`; and its number of postings.
    bits : int
        Number of bits of a row.
    """

    def __init__(self, arrays: MappedArrays, bands: int, rows: int) -> None:
        places = []
        for band in range(bands):
            directory, _ = arrays.place(f"directory-{band}")
            near, count = arrays.place(f"near-{band}")
            far, _ = arrays.place(f"far-{band}")
            places.append([directory // 4, near // 2, far // 2, count])
        self.places = np.array(places, np.int64)
        self.words, self.halves = arrays.whole(np.uint32), arrays.whole(np.uint16)
        self.bits = row_bits(rows)
        self._arrays = arrays

    def check(
        self, values: NDArray[np.uint64], offsets: NDArray[np.int64], places: NDArray[np.int64]
    ) -> None:
        """Verify the blocks that a search for some keys will touch.

        Parameters
        ----------
        values : ndarray of shape (n_keys,), dtype uint64
            Postings; those of band i are ``offsets[i]:offsets[i + 1]``.
        places : ndarray of shape (n_bands, 4), dtype int64
            The rows of `places` for the bands.

        Raises
        ------
        IndexStoreError
            A block is damaged.
        """
        blocks = self._arrays.blocks
        if blocks is None or blocks.whole:
            return
        if blocks.asked_for_many(_TOUCHED * len(values)):
            blocks.check_all()
            return
        columns = (blocks.data, blocks.sums, blocks.checked)
        blocks.judge(int(_check_keys(values, offsets, self.words, places, self.bits, *columns)))

    def release(self, bands: range) -> None:
        """Let the system reclaim the memory of consecutive bands."""
        _, _, far, count = self.places[bands[-1]].tolist()
        self._arrays.release(4 * int(self.places[bands[0], 0]), 2 * (far + count))

    def counts(self, band: int, bits: int) -> NDArray[np.int64]:
        """Count the postings of a band that begin with each number of `bits` bits, at most those of a row.

        Shape (2**bits,).
        """
        start = int(self.places[band, 0])
        firsts = self.words[start : start + (1 << self.bits) + 1 : 1 << (self.bits - bits)].astype(np.int64)
        return np.asarray(firsts[1:] - firsts[:-1])

    def band(self, band: int) -> NDArray[np.uint64]:
        """Return all postings of one band, as `sorted_postings` returned them."""
        out = np.empty(self.places[band, 3], np.uint64)
        self.unpack(band, np.zeros(0, np.int64), 0, out)
        return out

    def unpack(
        self,
        band: int,
        moved: NDArray[np.int64],
        shift: int,
        out: NDArray[np.uint64],
        *,
        bits: int = 0,
        part: int = 0,
    ) -> int:
        """Write the postings of one band to `out` with other rows, and return their number.

        Parameters
        ----------
        moved : ndarray of shape (n_articles,) or (0,), dtype int64
            The new row of each article, negative for one that is dropped; empty if all rows stay.
        shift : int
            Added to each row.
        bits, part : int
            Only postings whose keys begin with the number `part` of `bits` bits, at most those of a row.
        """
        first, last = part << (self.bits - bits), (part + 1) << (self.bits - bits)
        place = self.places[band]
        return int(_unpack(self.words, self.halves, place, self.bits, first, last, moved, shift, out))


@nb.njit(nogil=True, cache=True)
def _check_keys(values, offsets, words, places, bits, data, sums, checked):  # type: ignore[no-untyped-def]
    """Return the first damaged block among those in which the keys are searched, or -1."""
    for band in range(len(places)):
        directory, near, far = places[band, 0], places[band, 1], places[band, 2]
        for i in range(offsets[band], offsets[band + 1]):
            entry = directory + np.int64(values[i] >> np.uint64(64 - bits))
            for byte in (4 * entry, 4 * entry + 7):
                if not block_fits(data, sums, checked, byte // BLOCK):
                    return byte // BLOCK
            first, end = np.int64(words[entry]), np.int64(words[entry + 1])
            # Data after an entry is read as well, but not trusted.
            for half in (near, far):
                if end > first:
                    for block in range(2 * (half + first) // BLOCK, (2 * (half + end) - 1) // BLOCK + 1):
                        if not block_fits(data, sums, checked, block):
                            return block
    return -1


@nb.njit(nogil=True, cache=True, inline="always")
def word_at(halves, near, far, place):  # type: ignore[no-untyped-def]
    """Combine the two halves of a word."""
    return (np.uint32(halves[near + place]) << np.uint32(16)) | np.uint32(halves[far + place])


@nb.njit(nogil=True, cache=True)
def _together(keys, articles, no_key, out):  # type: ignore[no-untyped-def]
    count = 0
    for i in range(len(keys)):
        out[count] = (np.uint64(keys[i]) << np.uint64(32)) | np.uint64(articles[i])
        count += keys[i] != no_key
    return count


@nb.njit(nogil=True, cache=True)
def _unique(values):  # type: ignore[no-untyped-def]
    count = 0
    for i in range(len(values)):
        values[count] = values[i]  # never ahead of the values still to be read
        count += i + 1 == len(values) or values[i + 1] != values[i]
    return count


@nb.njit(nogil=True, cache=True)
def _pack(postings, bits, directory, near, far):  # type: ignore[no-untyped-def]
    """Count the words of each directory entry in the next entry."""
    rest = np.uint64(64) - np.uint64(bits)
    for i in range(len(postings)):
        directory[np.int64(postings[i] >> rest) + 1] += np.uint32(1)
        key = np.uint32(postings[i] >> np.uint64(32))
        word = np.uint32(key << bits) | np.uint32(postings[i])
        near[i], far[i] = np.uint16(word >> np.uint32(16)), np.uint16(word)


@nb.njit(nogil=True, cache=True)
def _unpack(words, halves, place, bits, first, last, moved, shift, out):  # type: ignore[no-untyped-def]
    directory, near, far = place[0], place[1], place[2]
    low = (np.uint32(1) << np.uint32(bits)) - np.uint32(1)
    made = 0
    for entry in range(first, last):
        top = np.uint64(entry) << np.uint64(64 - bits)
        for i in range(words[directory + entry], words[directory + entry + 1]):
            word = word_at(halves, near, far, i)
            row = np.int64(word & low)
            if len(moved) > 0:
                row = moved[row]
                if row < 0:
                    continue
            key = top | (np.uint64(word >> np.uint32(bits)) << np.uint64(32))
            out[made] = key | np.uint64(row + shift)
            made += 1
    return made
