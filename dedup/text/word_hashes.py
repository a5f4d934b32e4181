"""A word to its 32-bit hash: over its folded UTF-8, eight bytes at a time.

The last two bits of a token's hash hold the kind of word, which saves a lookup when words are weighed.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from dedup.jit.murmur import mix

#: The initial value of a word's sum; the factor is 2^64 divided by the golden ratio, rounded to an odd
#: number.
START, _MULTIPLIER = np.uint64(0x811C9DC5), np.uint64(0x9E3779B97F4A7C15)
#: The bit that distinguishes small letters, in each of eight bytes.
IN_SMALL = np.uint64(0x2020202020202020)
#: In the first byte: the bit that letters have and digits lack, and the bit of small letters.
_LETTER, _LOWER_BIT = np.uint64(0x40), np.uint64(0x20)
#: Masks for the first n of eight bytes.
FIRST_BYTES = np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)
#: A word of at most this many letters is short: the, of, der, que, من, के.
_SHORT = 3
#: The last two bits of a hash: a short word; a Han character; a syllable of another script written without
#: spaces, or a part of one. Neither bit: a longer word.
SHORT, HAN_TOKEN, SYLLABLE = np.uint32(1), np.uint32(2), np.uint32(3)
KIND = np.uint32(3)
#: The bit that tokens of all scripts without spaces have.
ALONE = np.uint32(2)


@nb.njit(nogil=True, cache=True, inline="always")
def absorb(h, chunk):  # type: ignore[no-untyped-def]
    """Add eight more bytes of a word's UTF-8 (the last ones padded with zeros) to its sum."""
    h = (h ^ chunk) * _MULTIPLIER
    return h ^ (h >> np.uint64(32))


@nb.njit(nogil=True, cache=True, inline="always")
def token_hash(h, kind):  # type: ignore[no-untyped-def]
    """Return the hash of a token from its sum and its kind."""
    return np.uint32((mix(np.uint32(h)) & np.uint32(0xFFFFFFFC)) | kind)


@nb.njit(nogil=True, cache=True, inline="always")
def kind_of_word(length):  # type: ignore[no-untyped-def]
    """Return the kind of a word with this many letters, not counting marks."""
    return SHORT if length <= _SHORT else np.uint32(0)


@nb.njit(nogil=True, cache=True, inline="always")
def utf8_size(code_point):  # type: ignore[no-untyped-def]
    return 1 if code_point < 0x80 else 2 if code_point < 0x800 else 3 if code_point < 0x10000 else 4


@nb.njit(nogil=True, cache=True, inline="always")
def utf8_byte(code_point, number):  # type: ignore[no-untyped-def]
    """Return byte `number` of a code point's UTF-8."""
    size = utf8_size(code_point)
    bits = code_point >> np.uint32(6 * (size - 1 - number))
    if number > 0:
        return np.uint32(0x80) | (bits & np.uint32(0x3F))
    return bits if size == 1 else bits | np.uint32((0xF00 >> size) & 0xFF)


@nb.njit(nogil=True, cache=True, inline="always")
def begins_with_digit(first):  # type: ignore[no-untyped-def]
    """Whether a word of ASCII letters and digits begins with a digit, given its first eight bytes."""
    return first & _LETTER == 0


@nb.njit(nogil=True, cache=True, inline="always")
def is_capitalised(first, length):  # type: ignore[no-untyped-def]
    """Whether a word begins with a capital that another capital does not follow."""
    second = first >> np.uint64(8)
    return (first & _LOWER_BIT == 0) & ((length == 1) | (second & (_LETTER | _LOWER_BIT) != _LETTER))
