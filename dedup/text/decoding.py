"""Reads one character from UTF-8 bytes, and skips what occurs within a word without being part of it."""

from __future__ import annotations

import numba as nb
import numpy as np

from dedup.text.characters import (
    BREAK,
    BY_ITSELF,
    DIGIT,
    ENTITY,
    FIRST_INVISIBLE,
    LAST_INVISIBLE,
    NEWLINE,
    SKIP,
    TABLE_SIZE,
    TAG,
    UPPER_CASE,
    WORD,
)
from dedup.text.markup import characters_in, entity, entity_kind, tag

HYPHEN, HYPHEN_SIGN = 0x2D, 0x2010


@nb.njit(nogil=True, cache=True, inline="always")
def _decode(data, i):  # type: ignore[no-untyped-def]
    """Return the code point at byte `i` of valid UTF-8, and its number of bytes."""
    lead = data[i]
    if lead < 0xE0:
        return (np.uint32(lead & 0x1F) << np.uint32(6)) | np.uint32(data[i + 1] & 0x3F), 2
    if lead < 0xF0:
        high = (np.uint32(lead & 0x0F) << np.uint32(12)) | (np.uint32(data[i + 1] & 0x3F) << np.uint32(6))
        return high | np.uint32(data[i + 2] & 0x3F), 3
    high = (np.uint32(lead & 0x07) << np.uint32(18)) | (np.uint32(data[i + 1] & 0x3F) << np.uint32(12))
    return high | (np.uint32(data[i + 2] & 0x3F) << np.uint32(6)) | np.uint32(data[i + 3] & 0x3F), 4


@nb.njit(nogil=True, cache=True, inline="always")
def character(data, i, table):  # type: ignore[no-untyped-def]
    """Return the table's entry for the character at byte `i`, its code point, and its number of bytes."""
    byte = data[i]
    if byte < 128:
        return table.kinds[byte], np.uint32(byte), 1
    code_point, width = _decode(data, i)
    if code_point < TABLE_SIZE:
        return table.kinds[code_point], code_point, width
    invisible = FIRST_INVISIBLE <= code_point <= LAST_INVISIBLE
    return np.uint32(SKIP if invisible else BREAK), code_point, width


@nb.njit(nogil=True, cache=True)
def within_word(data, i, stop, table, markup):  # type: ignore[no-untyped-def]
    """Read the character at byte `i` as it counts within a word.

    Returns its entry, its code point, its number of bytes, and the number of characters that these are. A
    hyphen at the end of a line is skipped together with the line end; with `markup`, so is a tag such as <b>,
    and an entity is decoded.
    """
    entry, code_point, width = character(data, i, table)
    if entry < WORD and entry != SKIP:
        if markup and entry == TAG:
            kind, end = tag(data, i, stop, True)
            if kind == SKIP:
                return np.uint32(SKIP), code_point, end - i, characters_in(data, i, end)
            return entry, code_point, width, 1
        if markup and entry == ENTITY:
            point, end = entity(data, i, stop)
            if point >= 0:
                return entity_kind(point, table), np.uint32(point), end - i, end - i
            return entry, code_point, width, 1
        joint = line_end(data, i, stop, table, entry)
        if joint > 0:
            return np.uint32(SKIP), code_point, joint, joint - (width - 1)
    return entry, code_point, width, 1


@nb.njit(nogil=True, cache=True)
def line_end(data, i, stop, table, entry):  # type: ignore[no-untyped-def]
    """Return the length in bytes of a hyphen and line end that divide a word; 0 if they do not.

    The word continues between letters of which the second is not a capital: PDF text and press archives
    divide words like this. After a soft hyphen, which is invisible, `i` is the line end itself.
    """
    if entry == NEWLINE:
        if i < 2 or data[i - 2] != 0xC2 or data[i - 1] != 0xAD:
            return 0
        j = i
    elif data[i] == HYPHEN and not (i > 0 and 48 <= data[i - 1] < 58):
        j = i + 1
    elif data[i] == 0xE2 and data[i + 1] == 0x80 and data[i + 2] == 0x90:
        j = i + 3
    else:
        return 0
    if j < stop and data[j] == 13:
        j += 1
    if j < stop and data[j] == 10:
        j += 1
    elif j == i or data[j - 1] != 13:
        return 0
    if j >= stop:
        return 0
    following, _, _ = character(data, j, table)
    return j - i if following & WORD and following & (UPPER_CASE | DIGIT | BY_ITSELF) == 0 else 0
