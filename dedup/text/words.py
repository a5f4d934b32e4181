"""One word out of UTF-8 bytes: where it ends, its hash, its flags."""

from __future__ import annotations

import numba as nb
import numpy as np

from dedup.jit.simd import LETTERS_AHEAD, eight_bytes, letters_ahead
from dedup.text.characters import (
    BREAK,
    BY_ITSELF,
    CODE_POINT,
    DIGIT,
    FIRST_WORD_CHARACTER,
    SKIP,
    TABLE_SIZE,
    UPPER_CASE,
)
from dedup.text.flags import CAPITAL, NUMBER
from dedup.text.word_hashes import (
    FIRST_BYTES,
    IN_SMALL,
    LONGEST,
    START,
    absorb,
    begins_with_digit,
    is_capitalised,
    token_hash,
    utf8_byte,
    utf8_size,
)


@nb.njit(nogil=True, cache=True, inline="always")
def _decode(data, i):  # type: ignore[no-untyped-def]
    """The code point at byte `i` of valid UTF-8, and the bytes that it takes."""
    lead = data[i]
    if lead < 0xE0:
        return (np.uint32(lead & 0x1F) << np.uint32(6)) | np.uint32(data[i + 1] & 0x3F), 2
    if lead < 0xF0:
        high = (np.uint32(lead & 0x0F) << np.uint32(12)) | (np.uint32(data[i + 1] & 0x3F) << np.uint32(6))
        return high | np.uint32(data[i + 2] & 0x3F), 3
    high = (np.uint32(lead & 0x07) << np.uint32(18)) | (np.uint32(data[i + 1] & 0x3F) << np.uint32(12))
    return high | (np.uint32(data[i + 2] & 0x3F) << np.uint32(6)) | np.uint32(data[i + 3] & 0x3F), 4


@nb.njit(nogil=True, cache=True)
def character(data, i, table):  # type: ignore[no-untyped-def]
    """The table's entry for the character at byte `i`, and the bytes that it takes."""
    byte = data[i]
    if byte < 128:
        return table[byte], 1
    code_point, width = _decode(data, i)
    if code_point < TABLE_SIZE:
        return table[code_point], width
    return np.uint32(code_point) | BY_ITSELF if code_point < 0x3FFFF else np.uint32(BREAK), width


@nb.njit(nogil=True, cache=True)
def word(data, i, stop, table):  # type: ignore[no-untyped-def]
    """Read the word that begins at byte `i`, a character at a time.

    Returns its hash, its flags, its end, its characters with those that show nothing, and whether it is a
    character that stands by itself.
    """
    entry, width = character(data, i, table)
    alone = entry & BY_ITSELF != 0
    flag = np.uint8(0)
    if entry & DIGIT:
        flag |= NUMBER
    if entry & UPPER_CASE:
        flag |= CAPITAL
    h, chunk, filled = START, np.uint64(0), 0  # its sum, and the bytes not yet in it
    length, characters = 0, 0
    while True:
        i += width
        characters += 1
        if entry != SKIP:
            length += 1
            code_point = entry & CODE_POINT
            for number in range(utf8_size(code_point)):
                chunk |= np.uint64(utf8_byte(code_point, number)) << np.uint64(8 * filled)
                filled += 1
                if filled == 8:
                    h, chunk, filled = absorb(h, chunk), np.uint64(0), 0
        if alone or i == stop:
            break
        entry, width = character(data, i, table)
        if entry != SKIP and (entry < FIRST_WORD_CHARACTER or entry & BY_ITSELF):
            break
        if length == 1 and entry != SKIP and entry & UPPER_CASE:
            flag &= ~CAPITAL
    return (
        token_hash(absorb(h, chunk) if filled else h, LONGEST + 1 if alone else length),
        flag,
        i,
        characters,
        alone,
    )


@nb.njit(nogil=True, cache=True, inline="always")
def ascii_word(data, i, stop, reach):  # type: ignore[no-untyped-def]
    """The word of ASCII letters and digits that begins at byte `i`, seen in vectors and hashed by eights.

    Where it ends, its hash, and its flags; it ends at `i` if there is no such word, or it goes on beyond the
    reach.
    """
    size = letters_ahead(data, i)
    end = i + size
    while size == LETTERS_AHEAD and end < reach:
        size = letters_ahead(data, end)
        end += size
    end = min(end, stop)
    if end == i or size == LETTERS_AHEAD or (end < stop and data[end] >= 128):
        return i, np.uint32(0), np.uint8(0)
    first = eight_bytes(data, i)
    h = absorb(START, (first | IN_SMALL) & FIRST_BYTES[min(end - i, 8)])
    at = i + 8
    while at < end:
        h = absorb(h, (eight_bytes(data, at) | IN_SMALL) & FIRST_BYTES[min(end - at, 8)])
        at += 8
    # Without a branch: which words have a capital cannot be foreseen.
    number, capital = begins_with_digit(first), is_capitalised(first, end - i)
    flag = (NUMBER * np.uint8(number)) | (CAPITAL * np.uint8(capital & ~number))
    return end, token_hash(h, end - i), flag
