"""A word to its 32-bit hash: over its folded UTF-8, eight bytes at a time.

The last two bits of a token's hash say what whoever weighs words would else have to look up.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from dedup.jit.murmur import mix

#: A word's sum starts here; its factor is 2^64 over the golden ratio, the next odd number.
START, _MULTIPLIER = np.uint64(0x811C9DC5), np.uint64(0x9E3779B97F4A7C15)
#: The bit by which small letters differ, in each of eight bytes.
IN_SMALL = np.uint64(0x2020202020202020)
#: Of the first of them: the bit that letters have and digits lack, and that of small letters.
_LETTER, _LOWER_BIT = np.uint64(0x40), np.uint64(0x20)
#: The first so many of eight bytes.
FIRST_BYTES = np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)
#: A word of so many letters is short: the, of, der, que, من, के.
_SHORT = 3
#: The last two bits of a hash: a short word; a Han character; a syllable of another script that is written
#: without spaces, or a part of one. Neither bit: a word of more letters.
SHORT, HAN_TOKEN, SYLLABLE = np.uint32(1), np.uint32(2), np.uint32(3)
KIND = np.uint32(3)
#: The bit that the tokens of scripts without spaces have in common.
ALONE = np.uint32(2)


@nb.njit(nogil=True, cache=True, inline="always")
def absorb(h, chunk):  # type: ignore[no-untyped-def]
    """Eight bytes more of a word's UTF-8 (the last ones filled up with zeros) in its sum."""
    h = (h ^ chunk) * _MULTIPLIER
    return h ^ (h >> np.uint64(32))


@nb.njit(nogil=True, cache=True, inline="always")
def token_hash(h, kind):  # type: ignore[no-untyped-def]
    """The hash of a token, from its sum and its kind."""
    return np.uint32((mix(np.uint32(h)) & np.uint32(0xFFFFFFFC)) | kind)


@nb.njit(nogil=True, cache=True, inline="always")
def kind_of_word(length):  # type: ignore[no-untyped-def]
    """The kind of a word of so many letters, marks aside."""
    return SHORT if length <= _SHORT else np.uint32(0)


@nb.njit(nogil=True, cache=True, inline="always")
def utf8_size(code_point):  # type: ignore[no-untyped-def]
    return 1 if code_point < 0x80 else 2 if code_point < 0x800 else 3 if code_point < 0x10000 else 4


@nb.njit(nogil=True, cache=True, inline="always")
def utf8_byte(code_point, number):  # type: ignore[no-untyped-def]
    """Byte `number` of a code point's UTF-8."""
    size = utf8_size(code_point)
    bits = code_point >> np.uint32(6 * (size - 1 - number))
    if number > 0:
        return np.uint32(0x80) | (bits & np.uint32(0x3F))
    return bits if size == 1 else bits | np.uint32((0xF00 >> size) & 0xFF)


@nb.njit(nogil=True, cache=True, inline="always")
def begins_with_digit(first):  # type: ignore[no-untyped-def]
    """Whether a word of ASCII letters and digits does, by its first eight bytes."""
    return first & _LETTER == 0


@nb.njit(nogil=True, cache=True, inline="always")
def is_capitalised(first, length):  # type: ignore[no-untyped-def]
    """Whether it begins with a capital that no other capital follows."""
    second = first >> np.uint64(8)
    return (first & _LOWER_BIT == 0) & ((length == 1) | (second & (_LETTER | _LOWER_BIT) != _LETTER))
