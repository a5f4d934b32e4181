"""Text to tokens: one hash a word, its place in the text, and what stands around it.

A token is a run of letters, marks and digits; case and width are folded, every quote, dash and other sign
falls away, and characters that show nothing (soft hyphen, joiners, direction marks) neither part a word nor
count in it. In scripts that are written without spaces (Han, Kana, Thai, Lao, Khmer, Myanmar) each
character is a token. One table of characters decides, so the rule is the same for every language.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numba as nb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

#: Bits of `Tokens.flags`. The first three mark the token itself, the others what stands around it.
LINE = np.uint8(1)  # the first token of a line
SENTENCE = np.uint8(2)  # the first token of a sentence or a line
QUOTED = np.uint8(4)  # stands within quotation marks
NUMBER = np.uint8(8)  # begins with a digit
CAPITAL = np.uint8(16)  # a capital, then a small letter
FURNITURE = np.uint8(32)  # site furniture; set by the detector, not here

# What a character is: a word character's entry is its folded code point (48 and above) with the bits below;
# smaller entries are signs.
_BREAK, _SKIP, _NEWLINE, _STOP = 0, 1, 2, 3
_OPEN, _CLOSE, _STRAIGHT, _SINGLE_OPEN, _SINGLE_CLOSE, _SINGLE_STRAIGHT = 4, 5, 6, 7, 8, 9
_FIRST_WORD_CHARACTER = 48
_ALONE = np.uint32(1 << 31)
_DIGIT = np.uint32(1 << 30)
_UPPER = np.uint32(1 << 29)
_CODE_POINT = np.uint32((1 << 21) - 1)
#: A word's sum starts here; its factor is 2^64 over the golden ratio, the next odd number.
_START, _MULTIPLIER = np.uint64(0x811C9DC5), np.uint64(0x9E3779B97F4A7C15)
#: Eight bytes at once: the highest bit of each, and the others; the bit by which small letters differ.
_HIGH_BITS, _LOW_BITS = np.uint64(0x8080808080808080), np.uint64(0x7F7F7F7F7F7F7F7F)
_SMALL = np.uint64(0x2020202020202020)
#: Of the first of them: the bit that letters have and digits lack, and that of small letters.
_LETTER, _SMALL_LETTER = np.uint64(0x40), np.uint64(0x20)
#: What lifts a byte over 0x7F from "a", beyond "z", from "0", beyond "9".
_FROM_A, _BEYOND_Z, _FROM_0, _BEYOND_9 = (
    np.uint64(0x0101010101010101 * (0x80 - bound)) for bound in (0x61, 0x7B, 0x30, 0x3A)
)
#: The first so many of eight bytes.
_MASKS = np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)
#: Which byte of a word its lowest set bit lies in, by the bit's de Bruijn number (Leiserson et al., 1998).
_DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
_BYTE_OF = np.zeros(64, np.uint8)
for _bit in range(64):
    _BYTE_OF[(int(_DE_BRUIJN) << _bit & 2**64 - 1) >> 58] = _bit // 8

_TABLE_SIZE = 0x20000  # the planes above hold Han and private characters only
_SIGNS = {
    _NEWLINE: "\n\r\v\f\x85\u2028\u2029",
    _STOP: ".!?…。！？।॥؟۔။។",
    _OPEN: "“«„「『〝＂‟",
    _CLOSE: "”»」』〞",
    _STRAIGHT: '"',
    _SINGLE_OPEN: "‘‚‹",
    _SINGLE_CLOSE: "’›",
    _SINGLE_STRAIGHT: "'",
}
_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x19E0, 0x19FF),
    (0x3005, 0x3007),
    (0x3040, 0x30FF),  # Kana
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xA9E0, 0xA9FF),
    (0xAA60, 0xAA7F),
    (0xF900, 0xFAFF),
    (0x1AFF0, 0x1B16F),
)
#: Han and Hangul: letters that no folding changes, half of all there are, which need not be asked for.
_UNCHANGED = ((0x3400, 0x4DBF, _ALONE), (0x4E00, 0x9FFF, _ALONE), (0xAC00, 0xD7A3, np.uint32(0)))
_TO_ASK = (
    range(_FIRST_WORD_CHARACTER, 0x3400),
    range(0x4DC0, 0x4E00),
    range(0xA000, 0xAC00),
    range(0xD7A4, _TABLE_SIZE),
)
#: Marks that show nothing: the grapheme joiner, and selectors of a variant (of an emoji, a Mongolian letter).
_SELECTORS = frozenset([0x034F, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10)])
#: A quotation longer than this many words is a mark that nobody closed.
_LONGEST_QUOTATION = 200
#: A word of so many letters is short: the, of, der, que, من, के.
_SHORT = 3
#: The last two bits of a token's hash say what whoever weighs words would else have to look up: a short
#: word, or a character that is a token by itself.
SHORT, ALONE = np.uint32(1), np.uint32(2)
_LONGEST = 1 << 30


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a batch of articles, one after the other.

    Attributes
    ----------
    hashes : ndarray of shape (n_tokens,), dtype uint32
        Equal words, folded, have equal hashes, whose last two bits are `SHORT`, `ALONE` or 0.
    flags : ndarray of shape (n_tokens,), dtype uint8
        `LINE`, `SENTENCE`, `QUOTED`, `NUMBER`, `CAPITAL`.
    offsets : ndarray of shape (n_articles + 1,), dtype int64
        The tokens of article i are ``offsets[i]:offsets[i + 1]``.
    starts, ends : ndarray of shape (n_tokens,) or (0,), dtype uint32
        Places in characters, half-open; empty unless asked for.
    """

    hashes: NDArray[np.uint32]
    flags: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    starts: NDArray[np.uint32]
    ends: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __iter__(self) -> Iterator[NDArray[np.uint32]]:
        """The hashes, article by article."""
        for start, end in zip(self.offsets[:-1], self.offsets[1:], strict=True):
            yield self.hashes[start:end]

    def select(self, keep: NDArray[np.bool_]) -> Tokens:
        """Keep only some tokens; the places still count in the whole text.

        A dropped token takes its flags along, so a line whose first token goes has none.
        """
        placed = len(self.starts) == len(self.hashes)
        count = int(np.count_nonzero(keep))
        hashes, flags = np.empty(count, np.uint32), np.empty(count, np.uint8)
        offsets = np.zeros(len(self.offsets), np.int64)
        _compress(self.hashes, self.flags, self.offsets, keep, hashes, flags, offsets)
        starts = self.starts[keep] if placed else self.starts
        return Tokens(hashes, flags, offsets, starts, self.ends[keep] if placed else self.ends)


def tokenise(texts: pa.StringArray | Sequence[str], *, places: bool = False) -> Tokens:
    """Cut texts into tokens.

    Parameters
    ----------
    texts : pyarrow.StringArray or sequence of str
        Without nulls. An Arrow array is read in place.
    places : bool
        Whether to give `starts` and `ends`.

    Examples
    --------
    >>> tokens = tokenise(["Pakistan’s premier met Putin.", "PAKISTAN'S PREMIER"], places=True)
    >>> tokens.offsets.tolist(), (tokens.hashes[:3] == tokens.hashes[5:]).tolist()
    ([0, 5, 8], [True, True, True])
    >>> list(zip(tokens.starts[:3].tolist(), tokens.ends[:3].tolist()))
    [(0, 8), (9, 10), (11, 18)]
    """
    data, text_offsets = utf8_of(texts)
    capacity = _token_limit(data, text_offsets)
    hashes = np.empty(capacity, np.uint32)
    flags = np.empty(capacity, np.uint8)
    starts = np.empty(capacity if places else 0, np.uint32)
    ends = np.empty(capacity if places else 0, np.uint32)
    offsets = np.zeros(len(text_offsets), np.int64)
    words = data[: len(data) // 8 * 8].view(np.uint64)
    count = _tokenise(data, words, text_offsets, character_table(), hashes, flags, starts, ends, offsets)
    return Tokens(hashes[:count], flags[:count], offsets, starts[:count], ends[:count])


def hash_words(phrase: str) -> NDArray[np.uint32]:
    """The token hashes of a phrase.

    Examples
    --------
    >>> bool((hash_words("Keep reading") == hash_words("“KEEP — READING”")).all())
    True
    """
    return tokenise([phrase]).hashes


def utf8_of(texts: pa.StringArray | Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The UTF-8 bytes of texts, and the offset of each text in them, without a copy of an Arrow array.

    Returns
    -------
    data : ndarray of shape (n_bytes,), dtype uint8
    offsets : ndarray of shape (n_texts + 1,), dtype int64
    """
    if isinstance(texts, pa.Array):
        array = texts
    else:
        joined = "".join(texts)
        if joined.isascii():  # then characters are bytes, and one copy is all it takes
            lengths = np.fromiter(map(len, texts), np.int64, len(texts))
            data = np.frombuffer(joined.encode("ascii"), np.uint8)
            return data, np.concatenate(([0], np.cumsum(lengths)))
        array = pa.array(texts, pa.large_string())
    wide = pa.types.is_large_string(array.type)
    _, offset_buffer, data_buffer = array.buffers()
    if offset_buffer is None or len(array) == 0:
        return np.zeros(0, np.uint8), np.zeros(len(array) + 1, np.int64)
    offsets: NDArray[Any] = np.frombuffer(offset_buffer, np.int64 if wide else np.int32)
    offsets = offsets[array.offset : array.offset + len(array) + 1].astype(np.int64)
    data = np.frombuffer(data_buffer, np.uint8) if data_buffer is not None else np.zeros(0, np.uint8)
    return data, offsets


@lru_cache(maxsize=1)
def character_table() -> NDArray[np.uint32]:
    """What each character is, as an array of shape (0x20000,), dtype uint32, for the kernel."""
    table = np.zeros(_TABLE_SIZE, np.uint32)
    for first, last, alone in _UNCHANGED:
        table[first : last + 1] = np.arange(first, last + 1, dtype=np.uint32) | alone
    for code_point in itertools.chain.from_iterable(_TO_ASK):
        character = chr(code_point)
        category = unicodedata.category(character)
        if category == "Cf" or code_point in _SELECTORS:
            table[code_point] = _SKIP
        elif category[0] in "LMN":
            table[code_point] = _word_character(character, category)
    for kind, characters in _SIGNS.items():
        for character in characters:
            table[ord(character)] = kind
    return table


def _word_character(character: str, category: str) -> int:
    wide = unicodedata.normalize("NFKC", character)
    plain = wide if len(wide) == 1 and ord(wide) >= _FIRST_WORD_CHARACTER else character
    folded = plain.casefold()
    code_point = ord(folded) if len(folded) == 1 else ord(plain)
    alone = any(low <= ord(plain) <= high for low, high in _UNSPACED)
    return (
        code_point
        | (int(_ALONE) if alone else 0)
        | (int(_DIGIT) if category[0] == "N" else 0)
        | (int(_UPPER) if category in ("Lu", "Lt") else 0)
    )


@nb.njit(nogil=True, cache=True)
def _compress(hashes, flags, offsets, keep, out_hashes, out_flags, out_offsets):  # type: ignore[no-untyped-def]
    kept = 0
    for article in range(len(offsets) - 1):
        for token in range(offsets[article], offsets[article + 1]):
            if keep[token]:
                out_hashes[kept] = hashes[token]
                out_flags[kept] = flags[token]
                kept += 1
        out_offsets[article + 1] = kept


@nb.njit(nogil=True, cache=True)
def _token_limit(data, text_offsets):  # type: ignore[no-untyped-def]
    """At most so many tokens: a token and the sign after it take two bytes, a character alone three."""
    total = text_offsets[-1] - text_offsets[0]
    return (total + 1) // 2 + len(text_offsets)


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


@nb.njit(nogil=True, cache=True, inline="always")
def mix(h):  # type: ignore[no-untyped-def]
    """The 32-bit finaliser of MurmurHash3 (Appleby, 2011): every bit of `h` moves every bit of the result.

    numba widens every sum and product of 32-bit integers to 64 bits; the casts take them back.
    """
    h = np.uint32(h ^ (h >> np.uint32(16)))
    h = np.uint32(h * np.uint32(0x85EBCA6B))
    h = np.uint32(h ^ (h >> np.uint32(13)))
    h = np.uint32(h * np.uint32(0xC2B2AE35))
    return np.uint32(h ^ (h >> np.uint32(16)))


@nb.njit(nogil=True, cache=True, inline="always")
def _absorb(h, chunk):  # type: ignore[no-untyped-def]
    """Eight bytes more of a word's UTF-8 (the last ones filled up with zeros) in its sum."""
    h = (h ^ chunk) * _MULTIPLIER
    return h ^ (h >> np.uint64(32))


@nb.njit(nogil=True, cache=True, inline="always")
def _token_hash(h, length):  # type: ignore[no-untyped-def]
    kind = ALONE if length > _LONGEST else SHORT if length <= _SHORT else np.uint32(0)
    return np.uint32((mix(np.uint32(h)) & np.uint32(0xFFFFFFFC)) | kind)


@nb.njit(nogil=True, cache=True, inline="always")
def _utf8_size(code_point):  # type: ignore[no-untyped-def]
    return 1 if code_point < 0x80 else 2 if code_point < 0x800 else 3 if code_point < 0x10000 else 4


@nb.njit(nogil=True, cache=True, inline="always")
def _utf8_byte(code_point, number):  # type: ignore[no-untyped-def]
    """Byte `number` of a code point's UTF-8."""
    size = _utf8_size(code_point)
    bits = code_point >> np.uint32(6 * (size - 1 - number))
    if number > 0:
        return np.uint32(0x80) | (bits & np.uint32(0x3F))
    return bits if size == 1 else bits | np.uint32((0xF00 >> size) & 0xFF)


@nb.njit(nogil=True, cache=True, inline="always")
def _eight(words, i):  # type: ignore[no-untyped-def]
    """The eight bytes from byte `i` on, the first one lowest, out of two aligned words."""
    at = np.uint64(i)  # of unsigned numbers none is taken for a place counted from the end
    place, shift = at >> np.uint64(3), (at & np.uint64(7)) << np.uint64(3)
    high = words[place + np.uint64(1)] << np.uint64(1)
    return (words[place] >> shift) | (high << (np.uint64(63) - shift))


@nb.njit(nogil=True, cache=True, inline="always")
def _leading(text, folded):  # type: ignore[no-untyped-def]
    """How many of eight bytes are ASCII letters and digits before the first that is none.

    `text` is as it stands, `folded` has small letters. The sums lift a byte's highest bit when it has reached
    a bound; they carry nothing into the next byte, as that bit is cleared before.
    """
    letter, digit = folded & _LOW_BITS, text & _LOW_BITS
    letter = (letter + _FROM_A) & ~(letter + _BEYOND_Z)
    digit = (digit + _FROM_0) & ~(digit + _BEYOND_9)
    other = ~(letter | digit) | text
    other &= _HIGH_BITS
    if other == 0:
        return 8
    lowest = other & (~other + np.uint64(1))
    return np.int64(_BYTE_OF[(lowest * _DE_BRUIJN) >> np.uint64(58)])


@nb.njit(nogil=True, cache=True)
def _tokenise(data, words, text_offsets, table, hashes, flags, starts, ends, offsets):  # type: ignore[no-untyped-def]
    """Walk the bytes once; `hashes` and the rest are filled, the number of tokens comes back.

    Words of ASCII letters and digits, which most are, are read eight bytes at a time; all else, a character
    at a time.
    """
    places = len(starts) > 0
    reach = 8 * len(words) - 16  # from here on no eight bytes are read
    n = 0
    for article in range(len(text_offsets) - 1):
        i, stop = text_offsets[article], text_offsets[article + 1]
        place = np.uint32(0)
        h, chunk, filled = _START, np.uint64(0), 0  # of the word: its sum, and the bytes not yet in it
        length = 0  # of the word, in characters
        inside = False
        behind = np.int64(-1)  # where the last word that was read in one go ends
        ahead = LINE | SENTENCE  # flags that the next token takes
        stopped = False  # the last sign ended a sentence; a space must follow
        quote_from = -1  # the token after the open double quotation mark
        single_from = -1
        spaced = True  # nothing but a space or an opening sign stands before
        while i < stop:
            if not inside and i < reach:
                text = _eight(words, i)
                folded = text | _SMALL
                size = min(_leading(text, folded), stop - i)
                end = i + size
                h = _START
                last = folded & _MASKS[size]
                while size == 8 and end < stop and end < reach:
                    h = _absorb(h, last)
                    following = _eight(words, end)
                    last = following | _SMALL
                    size = min(_leading(following, last), stop - end)
                    last &= _MASKS[size]
                    end += size
                if end > i and size < 8 and (end == stop or data[end] < 128):
                    if size > 0:
                        h = _absorb(h, last)
                    flag = ahead
                    if text & _LETTER == 0:
                        flag |= NUMBER
                    elif text & _SMALL_LETTER == 0 and (
                        end - i == 1 or (text >> np.uint64(8)) & (_LETTER | _SMALL_LETTER) != _LETTER
                    ):
                        flag |= CAPITAL
                    hashes[n] = _token_hash(h, end - i)
                    flags[n] = flag
                    if places:
                        starts[n], ends[n] = place, place + np.uint32(end - i)
                    n += 1
                    place = np.uint32(place + np.uint32(end - i))
                    ahead = np.uint8(0)
                    stopped = spaced = False
                    i = behind = end
                    if i < stop and data[i] == 32:  # a plain space, as behind most words
                        place = np.uint32(place + np.uint32(1))
                        spaced = True
                        i += 1
                    continue
            byte = data[i]
            if byte < 128:
                entry, width = table[byte], 1
            else:
                code_point, width = _decode(data, i)
                if code_point < _TABLE_SIZE:
                    entry = table[code_point]
                else:
                    entry = np.uint32(code_point) | _ALONE if code_point < 0x3FFFF else np.uint32(_BREAK)
            was_inside = inside or behind == i
            i += width
            if entry >= _FIRST_WORD_CHARACTER:
                alone = entry & _ALONE != 0
                if not inside or alone:
                    if inside:
                        hashes[n] = _token_hash(_absorb(h, chunk) if filled else h, length)
                        if places:
                            ends[n] = place
                        n += 1
                    flag = ahead
                    if entry & _DIGIT:
                        flag |= NUMBER
                    if entry & _UPPER:
                        flag |= CAPITAL
                    flags[n] = flag
                    ahead = np.uint8(0)
                    stopped = False
                    if places:
                        starts[n] = place
                    h, chunk, filled = _START, np.uint64(0), 0
                    length = _LONGEST + 1 if alone else 0
                    inside = True
                elif length == 1 and entry & _UPPER:
                    flags[n] &= ~CAPITAL
                code_point = entry & _CODE_POINT
                for number in range(_utf8_size(code_point)):
                    chunk |= np.uint64(_utf8_byte(code_point, number)) << np.uint64(8 * filled)
                    filled += 1
                    if filled == 8:
                        h, chunk, filled = _absorb(h, chunk), np.uint64(0), 0
                place = np.uint32(place + np.uint32(1))
                length += 1
                spaced = False
                if alone:
                    hashes[n] = _token_hash(_absorb(h, chunk) if filled else h, length)
                    if places:
                        ends[n] = place
                    n += 1
                    inside = False
                continue
            place = np.uint32(place + np.uint32(1))
            if entry == _SKIP:
                continue
            if inside:
                hashes[n] = _token_hash(_absorb(h, chunk) if filled else h, length)
                if places:
                    ends[n] = place - np.uint32(1)
                n += 1
                inside = False
            if entry == _BREAK:
                if byte == 32 or byte == 9 or byte >= 128:
                    spaced = True
                    if stopped:
                        ahead |= SENTENCE
                elif byte == 40 or byte == 91:
                    spaced = True
                continue
            if entry == _NEWLINE:
                ahead |= LINE | SENTENCE
                if quote_from >= 0:
                    _mark(flags, quote_from, n)
                quote_from = -1
                single_from = -1
                spaced = True
                continue
            if entry == _STOP:
                # The stops of Han, Devanagari and the like need no space after them.
                stopped = True
                if width > 1:
                    ahead |= SENTENCE
                continue
            # Quotation marks. A straight mark opens after a space and closes before one.
            if entry == _STRAIGHT:
                entry = _OPEN if quote_from < 0 and (spaced or not was_inside) else _CLOSE
            elif entry == _SINGLE_STRAIGHT:
                entry = _SINGLE_OPEN if single_from < 0 and spaced else _SINGLE_CLOSE
            if entry == _OPEN:
                if quote_from >= 0:  # the German pair closes with the sign that opens an English one
                    _mark(flags, quote_from, n)
                    quote_from = -1 if not spaced else n
                else:
                    quote_from = n
                spaced = True
            elif entry == _CLOSE:
                # German books and Swedish papers open with the sign that closes elsewhere.
                opens = spaced and i < stop and data[i] != 0xC2  # the lead of a space that does not break
                opens = opens and (data[i] >= 128 or table[data[i]] >= _FIRST_WORD_CHARACTER)
                if quote_from >= 0:
                    _mark(flags, quote_from, n)
                    quote_from = -1
                elif opens:
                    quote_from = n
            elif entry == _SINGLE_OPEN:
                single_from = n if spaced else single_from
            elif single_from >= 0:
                letter_after = i < stop and data[i] < 128 and table[data[i]] >= _FIRST_WORD_CHARACTER
                if not letter_after:  # else it is an apostrophe
                    _mark(flags, single_from, n)
                    single_from = -1
        if inside:
            hashes[n] = _token_hash(_absorb(h, chunk) if filled else h, length)
            if places:
                ends[n] = place
            n += 1
        if quote_from >= 0:
            _mark(flags, quote_from, n)
        offsets[article + 1] = n
    return n


@nb.njit(nogil=True, cache=True)
def _mark(flags, start, end):  # type: ignore[no-untyped-def]
    if end - start <= _LONGEST_QUOTATION:
        for token in range(start, end):
            flags[token] |= QUOTED
