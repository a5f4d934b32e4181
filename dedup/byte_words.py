"""Eight bytes at once, as one 64-bit word whose lowest byte comes first: what the kernels over text share."""

from __future__ import annotations

import numba as nb
import numpy as np

#: 1 in every byte; the highest bit of every byte, and the others.
ONES = np.uint64(0x0101010101010101)
HIGH_BITS, LOW_BITS = np.uint64(0x8080808080808080), np.uint64(0x7F7F7F7F7F7F7F7F)
#: Which byte of a word a single bit lies in, by the bit's de Bruijn number (Leiserson et al., 1998).
_DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
_BYTE_OF = np.zeros(64, np.uint8)
for _bit in range(64):
    _BYTE_OF[(int(_DE_BRUIJN) << _bit & 2**64 - 1) >> 58] = _bit // 8


@nb.njit(nogil=True, cache=True, inline="always")
def byte_of_lowest(bits):  # type: ignore[no-untyped-def]
    """The number of the byte, from 0, that the lowest set bit of a word lies in; the word is not 0.

    Examples
    --------
    >>> byte_of_lowest(np.uint64(0x8000_8000_0000))
    3
    """
    lowest = bits & (~bits + np.uint64(1))
    return np.int64(_BYTE_OF[(lowest * _DE_BRUIJN) >> np.uint64(58)])


@nb.njit(nogil=True, cache=True, inline="always")
def eight_bytes(words, i):  # type: ignore[no-untyped-def]
    """The eight bytes from byte `i` on, out of two aligned words; the second of them is read too.

    Examples
    --------
    >>> words = np.frombuffer(b"the premier said", np.uint64)
    >>> int(eight_bytes(words, 4)).to_bytes(8, "little")
    b'premier '
    """
    at = np.uint64(i)  # of unsigned numbers none is taken for a place counted from the end
    place, shift = at >> np.uint64(3), (at & np.uint64(7)) << np.uint64(3)
    high = words[place + np.uint64(1)] << np.uint64(1)
    return (words[place] >> shift) | (high << (np.uint64(63) - shift))
