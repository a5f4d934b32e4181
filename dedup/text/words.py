"""Reads one word from UTF-8 bytes: where it ends, its hash, its flags."""

from __future__ import annotations

import numba as nb
import numpy as np

from dedup.jit.simd import LETTERS_AHEAD, eight_bytes, letters_ahead
from dedup.text.characters import (
    ACCENT_BITS,
    ACCENT_SHIFT,
    BY_ITSELF,
    BYTES,
    COMPLEX,
    COUNT_BITS,
    DIGIT,
    EXTEND,
    FIRST_RANK_SHIFT,
    LAST_RANK_SHIFT,
    LETTERS_SHIFT,
    LOSES_SHIFT,
    NEWLINE,
    RANK_BITS,
    SIZE_SHIFT,
    SKIP,
    TAG,
    UPPER_CASE,
    WORD,
)
from dedup.text.decoding import HYPHEN, HYPHEN_SIGN, character, within_word
from dedup.text.flags import CAPITAL, NUMBER
from dedup.text.spelling import FIRST_OF_EAST_ASIA, kind_of_character, spelled_word, token_by_itself
from dedup.text.word_hashes import (
    FIRST_BYTES,
    IN_SMALL,
    START,
    absorb,
    begins_with_digit,
    is_capitalised,
    kind_of_word,
    token_hash,
)


@nb.njit(nogil=True, cache=True, inline="always")
def _ends_before(entry, byte):  # type: ignore[no-untyped-def]
    """Whether a character of Han or Kana is a token before one with this entry and this first byte.

    It is one before a letter that is not a mark, and before most signs; not before a tag, an invisible
    character, or a hyphen, which may be at the end of a line.
    """
    if entry >= WORD:
        return entry & EXTEND == 0
    return (entry != SKIP) & (entry < TAG) & (byte != 45) & (byte != 0xE2)


# Inlined by force: as a call it costs a third of the speed of Vietnamese, and half that of Chinese.
@nb.njit(nogil=True, cache=True, forceinline=True)
def word(data, i, stop, table, markup):  # type: ignore[no-untyped-def]
    """Read the word that begins at byte `i`, one character at a time.

    Returns its hash, its flags, its end, its number of characters including invisible ones, and whether its
    script is written without spaces.
    """
    begin = i
    entry, code_point, width = character(data, i, table)
    signs = 1
    if entry < WORD:  # an entity
        entry, code_point, width, signs = within_word(data, i, stop, table, markup)
    if entry & BY_ITSELF:
        after = i + width
        if code_point >= FIRST_OF_EAST_ASIA and entry & COMPLEX == 0 and after < stop:
            following, _, _ = character(data, after, table)
            if _ends_before(following, data[after]):  # true of most running text
                h = token_hash(absorb(START, table.letters[code_point] & BYTES), kind_of_character(entry))
                return h, NUMBER if entry & DIGIT else np.uint8(0), after, signs, True
        h, i, characters = token_by_itself(data, i, stop, table, markup)
        return h, NUMBER if entry & DIGIT else np.uint8(0), i, characters, True
    flag = np.uint8(0)
    if entry & DIGIT:
        flag |= NUMBER
    if entry & UPPER_CASE:
        flag |= CAPITAL
    h, chunk, filled = START, np.uint64(0), np.uint64(0)  # its sum, and the bytes not yet added to it
    length, characters, starters = np.int64(0), 0, 0
    loses, before = np.uint32(0), np.uint32(0)
    in_order = True
    end, ended = i, 0
    while True:
        i += width
        characters += signs
        if entry & WORD or signs == 1:  # a tag after the word is not part of it
            end, ended = i, characters
        if entry & WORD:
            mark = (entry >> FIRST_RANK_SHIFT) & RANK_BITS
            if mark == 0:
                loses = (entry >> LOSES_SHIFT) & ACCENT_BITS
                starters += 1
            if (entry >> ACCENT_SHIFT) & loses & ACCENT_BITS == 0:
                in_order &= (mark == 0 or mark >= before) and entry & COMPLEX == 0
                before = entry >> LAST_RANK_SHIFT
                letters = table.letters[code_point]
                size = (letters >> SIZE_SHIFT) & COUNT_BITS
                length += np.int64(letters >> LETTERS_SHIFT)
                letters &= BYTES
                chunk |= letters << (np.uint64(8) * filled)
                filled += size
                if filled >= 8:
                    filled -= np.uint64(8)
                    h = absorb(h, chunk)
                    chunk = letters >> (np.uint64(8) * (size - filled))
        if i == stop:
            break
        entry, code_point, width = character(data, i, table)
        signs = 1
        if entry < WORD and entry != SKIP:
            if not (entry == NEWLINE or code_point in (HYPHEN, HYPHEN_SIGN) or (markup and entry >= TAG)):
                break
            entry, code_point, width, signs = within_word(data, i, stop, table, markup)
            if entry < WORD and entry != SKIP:
                break
        if entry & BY_ITSELF:
            break
        if starters == 1 and entry & UPPER_CASE:
            flag &= ~CAPITAL
    if not in_order:
        h, kind = spelled_word(data, begin, end, table, markup)
        return token_hash(h, kind), flag, end, ended, False
    return token_hash(absorb(h, chunk) if filled else h, kind_of_word(length)), flag, end, ended, False


@nb.njit(nogil=True, cache=True)
def run_by_itself(data, i, stop, table, hashes, flags, starts, ends, n, place):  # type: ignore[no-untyped-def]
    """Read the tokens of Han and Kana from byte `i` on that are one character without marks, as most are.

    Each token fills its place in `hashes` and the other arrays. Returns the number of tokens so far, and the
    byte after the last one.
    """
    entry, code_point, width = character(data, i, table)
    while code_point >= FIRST_OF_EAST_ASIA and entry & (BY_ITSELF | COMPLEX) == BY_ITSELF:
        after = i + width
        if after >= stop:
            break
        following, next_point, next_width = character(data, after, table)
        if not _ends_before(following, data[after]):
            break
        hashes[n] = token_hash(absorb(START, table.letters[code_point] & BYTES), kind_of_character(entry))
        flags[n] = NUMBER if entry & DIGIT else np.uint8(0)
        if len(starts) > 0:
            starts[n], ends[n] = place, place + np.uint32(1)
        n += 1
        place = np.uint32(place + np.uint32(1))
        i, entry, code_point, width = after, following, next_point, next_width
    return n, i


@nb.njit(nogil=True, cache=True, inline="always")
def ascii_word(data, i, stop, reach):  # type: ignore[no-untyped-def]
    """Read the word of ASCII letters and digits at byte `i`, hashed eight bytes at a time.

    Returns where it ends, its hash, and its flags. It ends at `i` if there is no such word, or if the word
    extends beyond the reach.
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
    # Branch-free, because which words have a capital is unpredictable.
    number, capital = begins_with_digit(first), is_capitalised(first, end - i)
    flag = (NUMBER * np.uint8(number)) | (CAPITAL * np.uint8(capital & ~number))
    return end, token_hash(h, kind_of_word(end - i)), flag
