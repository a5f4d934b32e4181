"""Words that are spelled letter by letter, and the tokens of scripts written without spaces.

Marks are put into canonical order and jamo into syllables. In a script without spaces, a token is a letter
with its marks.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from dedup.text.characters import (
    ACCENT_BITS,
    ACCENT_SHIFT,
    BY_ITSELF,
    BYTES,
    COMPLEX,
    COUNT_BITS,
    EXTEND,
    FIRST_RANK_SHIFT,
    HAN,
    LOSES_SHIFT,
    RANK_BITS,
    SIZE_SHIFT,
    SKIP,
    WORD,
)
from dedup.text.decoding import within_word
from dedup.text.word_hashes import (
    HAN_TOKEN,
    START,
    SYLLABLE,
    absorb,
    kind_of_word,
    token_hash,
    utf8_byte,
    utf8_size,
)

#: Signs of scripts without spaces that take the next letter into their token: Thai and Lao e, double for ae;
#: the ring that makes the following long vowel a sara am; the letter ho that precedes n and m in Lao;
#: stackers of Khmer and Burmese.
_THAI_E, _LAO_E = 0x0E40, 0x0EC0
_THAI_RING, _LAO_RING, _THAI_A, _LAO_A = 0x0E4D, 0x0ECD, 0x0E32, 0x0EB2
_LAO_HO, _LAO_NO, _LAO_MO = 0x0EAB, 0x0E99, 0x0EA1
_COENG, _VIRAMA = 0x17D2, 0x1039
#: Jamo and syllables of Hangul; see `dedup.text.folding.compose_hangul`.
_LEADING, _VOWEL, _TRAILING, _SYLLABLE = 0x1100, 0x1161, 0x11A8, 0xAC00


#: From here on (Kana, Han) only marks join the token of the preceding character.
FIRST_OF_EAST_ASIA = 0x3000


@nb.njit(nogil=True, cache=True, inline="always")
def kind_of_character(entry):  # type: ignore[no-untyped-def]
    """Return the kind of a token that begins with a letter of a script without spaces."""
    return HAN_TOKEN if entry & HAN else SYLLABLE


@nb.njit(nogil=True, cache=True)
def token_by_itself(data, begin, stop, table, markup):  # type: ignore[no-untyped-def]
    """Read the token that begins at byte `begin` with a letter of a script without spaces.

    Returns its hash, its end, and its number of characters.
    """
    entry, code_point, width, characters = within_word(data, begin, stop, table, markup)
    kind = kind_of_character(entry)
    end, first, ring, single = begin + width, code_point, False, True
    i, counted = end, 0
    while i < stop:
        following, next_point, width, signs = within_word(data, i, stop, table, markup)
        i += width
        counted += signs
        if following == SKIP:
            continue
        ring |= code_point in (_THAI_RING, _LAO_RING)
        joins = following & EXTEND != 0 or _joins(code_point, next_point, following, ring, single)
        if not joins:
            break
        end, code_point, single = i, next_point, False
        characters += counted
        counted = 0
    if single and entry & COMPLEX == 0:
        return token_hash(absorb(START, table.letters[first] & BYTES), kind), end, characters
    h, _ = spelled_word(data, begin, end, table, markup)
    return token_hash(h, kind), end, characters


@nb.njit(nogil=True, cache=True)
def _joins(code_point, following, entry, ring, single):  # type: ignore[no-untyped-def]
    """Whether a letter belongs to the token of the preceding character."""
    if code_point in (_COENG, _VIRAMA):
        return entry & BY_ITSELF != 0
    if ring and (following in (_THAI_A, _LAO_A)):
        return True
    if single and (code_point in (_THAI_E, _LAO_E)):
        return following == code_point
    return single and code_point == _LAO_HO and (following in (_LAO_NO, _LAO_MO))


@nb.njit(nogil=True, cache=True)
def spelled_word(data, begin, end, table, markup):  # type: ignore[no-untyped-def]
    """Return the sum and the kind of the word in these bytes, with its marks in canonical order.

    The sum equals that of `dedup.text.words.word` for words that need no reordering.
    """
    spelled, count = _letters_of(data, begin, end, table, markup)
    _order(spelled, count, table)
    count = _compose(spelled, count)
    h, chunk, filled, length = START, np.uint64(0), 0, 0
    for place in range(count):
        code_point = spelled[place]
        length += (table.kinds[code_point] >> FIRST_RANK_SHIFT) & RANK_BITS == 0
        for number in range(utf8_size(code_point)):
            chunk |= np.uint64(utf8_byte(code_point, number)) << np.uint64(8 * filled)
            filled += 1
            if filled == 8:
                h, chunk, filled = absorb(h, chunk), np.uint64(0), 0
    return absorb(h, chunk) if filled else h, kind_of_word(length)


@nb.njit(nogil=True, cache=True)
def _letters_of(data, i, end, table, markup):  # type: ignore[no-untyped-def]
    """Collect the code points that a word's characters are compared as, without accents that they lose."""
    capacity, at = np.int64(0), i
    while at < end:
        entry, code_point, width, _ = within_word(data, at, end, table, markup)
        if entry & WORD:
            packed = table.letters[code_point]
            capacity += np.int64(
                packed >> np.uint64(32) if entry & COMPLEX else (packed >> SIZE_SHIFT) & COUNT_BITS
            )
        at += width
    spelled, count, loses = np.empty(capacity, np.uint32), 0, np.uint32(0)
    while i < end:
        entry, code_point, width, _ = within_word(data, i, end, table, markup)
        i += width
        if entry & WORD == 0:
            continue
        first = count
        packed = table.letters[code_point]
        if entry & COMPLEX:
            start = np.int64(packed & np.uint64(0xFFFFFFFF))
            for place in range(start, start + np.int64(packed >> np.uint64(32))):
                spelled[count] = table.long[place]
                count += 1
        else:
            count = _unpack(packed, spelled, count)
        kept = first
        for place in range(first, count):
            entry = table.kinds[spelled[place]]
            if (entry >> FIRST_RANK_SHIFT) & RANK_BITS == 0:
                loses = (entry >> LOSES_SHIFT) & ACCENT_BITS
            if (entry >> ACCENT_SHIFT) & loses & ACCENT_BITS == 0:
                spelled[kept] = spelled[place]
                kept += 1
        count = kept
    return spelled, count


@nb.njit(nogil=True, cache=True)
def _unpack(packed, spelled, count):  # type: ignore[no-untyped-def]
    """Unpack the code points of the UTF-8 in an entry of `CharacterTable.letters`."""
    for number in range(np.int64((packed >> SIZE_SHIFT) & COUNT_BITS)):
        byte = np.uint32((packed >> np.uint64(8 * number)) & np.uint64(0xFF))
        if byte & 0xC0 == 0x80:
            spelled[count - 1] = (spelled[count - 1] << np.uint32(6)) | (byte & np.uint32(0x3F))
        else:
            lead = 0x7F if byte < 0x80 else 0x1F if byte < 0xE0 else 0x0F if byte < 0xF0 else 0x07
            spelled[count] = byte & np.uint32(lead)
            count += 1
    return count


@nb.njit(nogil=True, cache=True)
def _order(spelled, count, table):  # type: ignore[no-untyped-def]
    """Sort consecutive marks by rank; marks of equal rank keep their order."""
    sorted_ = np.empty(count, np.uint32)
    first = 0
    while first < count:
        if (table.kinds[spelled[first]] >> FIRST_RANK_SHIFT) & RANK_BITS == 0:
            first += 1
            continue
        end, ranks = first, np.uint32(0)  # the end of the run, and which ranks occur in it
        while end < count:
            rank = (table.kinds[spelled[end]] >> FIRST_RANK_SHIFT) & RANK_BITS
            if rank == 0:
                break
            ranks |= np.uint32(1) << rank
            end += 1
        place = first
        for rank in range(1, 32):
            if (ranks >> np.uint32(rank)) & np.uint32(1):
                for at in range(first, end):
                    if (table.kinds[spelled[at]] >> FIRST_RANK_SHIFT) & RANK_BITS == rank:
                        sorted_[place] = spelled[at]
                        place += 1
        spelled[first:end] = sorted_[first:end]
        first = end


@nb.njit(nogil=True, cache=True)
def _compose(spelled, count):  # type: ignore[no-untyped-def]
    """Combine jamo into syllables, in place, and return the number of letters."""
    kept = 0
    for place in range(count):
        code_point = np.int64(spelled[place])
        before = np.int64(spelled[kept - 1]) if kept > 0 else 0
        if 0 <= code_point - _VOWEL < 21 and 0 <= before - _LEADING < 19:
            spelled[kept - 1] = _SYLLABLE + ((before - _LEADING) * 21 + code_point - _VOWEL) * 28
        elif (
            0 <= code_point - _TRAILING < 27
            and 0 <= before - _SYLLABLE < 11172
            and (before - _SYLLABLE) % 28 == 0
        ):
            spelled[kept - 1] = before + code_point - _TRAILING + 1
        else:
            spelled[kept] = spelled[place]
            kept += 1
    return kept
