"""Band keys, sorted: which articles of a segment have a key.

Of each band the pairs (key, article) are sorted and kept once. A segment of at most 2**n articles has, for
each band, a directory by the upper n bits of the key; the lower 32 - n bits and the n bits of the article's
row are one 32-bit word. So a posting takes 4 bytes where the plain pair takes 8, the words of one entry of
the directory (some 30) lie in two lines of the cache, and to compare words is to compare keys.
"""

from __future__ import annotations

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.index.arrays import ArrayWriter, MappedArrays
from dedup.lsh import NO_KEY


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
    out = np.empty(len(keys), np.uint64)
    postings = out[: _together(keys, articles, NO_KEY, out)]
    postings.sort()
    return unique_sorted(postings)


def unique_sorted(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each value of a sorted array once, as its beginning: what stood there is written over."""
    return values[: _unique(values)]


def packed(postings: NDArray[np.uint64], rows: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """The postings of one band of a segment with so many articles, as they are stored.

    Returns
    -------
    directory : ndarray of shape (2**n + 1,), dtype uint32
        Where the words of each entry begin.
    words : ndarray of shape (n_postings,), dtype uint32

    Examples
    --------
    >>> directory, words = packed(np.array([(1 << 31 | 5) << 32 | 1], np.uint64), rows=2)
    >>> directory.tolist(), words.tolist()
    ([0, 0, 1], [11])
    """
    bits = row_bits(rows)
    directory, words = np.zeros((1 << bits) + 1, np.uint32), np.empty(len(postings), np.uint32)
    _pack(postings, np.uint32(bits), directory, words)
    return directory, words


def row_bits(rows: int) -> int:
    """How many bits the rows of a segment of so many articles take."""
    return max(1, (rows - 1).bit_length())


def write_postings(
    writer: ArrayWriter, band: int, directory: NDArray[np.uint32], words: NDArray[np.uint32]
) -> None:
    """Store what `packed` gave for one band."""
    writer.add(f"directory-{band}", directory, np.uint32)
    writer.add(f"words-{band}", words, np.uint32)


class Postings:
    """The postings of a segment, memory-mapped, as the kernels take them.

    Attributes
    ----------
    whole : ndarray of dtype uint32
        The whole file.
    places : ndarray of shape (bands, 3), dtype int64
        Of each band: where its directory and its words begin, counted in elements of `whole`; the postings.
    bits : int
        Of a row.
    """

    def __init__(self, arrays: MappedArrays, bands: int, rows: int) -> None:
        places = []
        for band in range(bands):
            directory, _ = arrays.place(f"directory-{band}")
            words, count = arrays.place(f"words-{band}")
            places.append([directory // 4, words // 4, count])
        self.places = np.array(places, np.int64)
        self.whole = arrays.whole(np.uint32)
        self.bits = row_bits(rows)
        self._arrays = arrays

    def release(self, bands: range) -> None:
        """Let the system take back the memory of some bands that follow one another."""
        _, words, count = self.places[bands[-1]].tolist()
        self._arrays.release(4 * int(self.places[bands[0], 0]), 4 * (words + count))

    def band(self, band: int) -> NDArray[np.uint64]:
        """All postings of one band, as `sorted_postings` gave them."""
        out = np.empty(self.places[band, 2], np.uint64)
        self.unpack(band, np.zeros(0, np.int64), 0, out)
        return out

    def unpack(self, band: int, moved: NDArray[np.int64], shift: int, out: NDArray[np.uint64]) -> int:
        """The postings of one band into `out`, with other rows; how many there are.

        Parameters
        ----------
        moved : ndarray of shape (n_articles,) or (0,), dtype int64
            The new row of each article, negative for one that goes; empty when all stay as they are.
        shift : int
            Added to each row.
        """
        return int(_unpack(self.whole, self.places[band], self.bits, moved, shift, out))


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
        values[count] = values[i]  # never ahead of what is read
        count += i + 1 == len(values) or values[i + 1] != values[i]
    return count


@nb.njit(nogil=True, cache=True)
def _pack(postings, bits, directory, words):  # type: ignore[no-untyped-def]
    rest = np.uint64(64) - np.uint64(bits)
    entry = 0
    for i in range(len(postings)):
        own = np.int64(postings[i] >> rest)
        while entry < own:
            entry += 1
            directory[entry] = i
        key = np.uint32(postings[i] >> np.uint64(32))
        words[i] = np.uint32(np.uint32(key << bits) | np.uint32(postings[i]))
    while entry < len(directory) - 1:
        entry += 1
        directory[entry] = len(postings)


@nb.njit(nogil=True, cache=True)
def _unpack(whole, place, bits, moved, shift, out):  # type: ignore[no-untyped-def]
    directory, words = place[0], place[1]
    low = (np.uint32(1) << np.uint32(bits)) - np.uint32(1)
    made = 0
    for entry in range(1 << bits):
        top = np.uint64(entry) << np.uint64(64 - bits)
        for i in range(whole[directory + entry], whole[directory + entry + 1]):
            word = whole[words + i]
            row = np.int64(word & low)
            if len(moved) > 0:
                row = moved[row]
                if row < 0:
                    continue
            key = top | (np.uint64(word >> np.uint32(bits)) << np.uint64(32))
            out[made] = key | np.uint64(row + shift)
            made += 1
    return made
