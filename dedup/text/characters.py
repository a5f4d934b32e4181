"""What each character is: a table of all of Unicode, by which tokens are cut.

A letter, mark or digit is stored with the letters that it is compared as (`dedup.text.folding`), as bytes.
Every other character is a sign of some kind. In scripts written without spaces (Han, Kana, Thai, Lao, Khmer,
Myanmar) each letter begins its own token, and the marks after it belong to it.
"""

from __future__ import annotations

import itertools
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.jit.cache import kept_arrays
from dedup.text.folding import accent, folded, is_letter, lost_accents, simplified_characters

# What a character is. The kinds of signs are numbers below `WORD`; a word character has that bit and others.
BREAK, SKIP, NEWLINE, STOP = 0, 1, 2, 3
#: Quotation marks, from „ to the dash of dialogue.
LOW, LEFT, RIGHT, GUILLEMET_LEFT, GUILLEMET_RIGHT, STRAIGHT = 4, 5, 6, 7, 8, 9
SINGLE_LOW, SINGLE_LEFT, SINGLE_RIGHT, SINGLE_STRAIGHT, ANGLE_LEFT, ANGLE_RIGHT = 10, 11, 12, 13, 14, 15
CORNER_OPEN, CORNER_CLOSE, WHITE_CORNER_OPEN, WHITE_CORNER_CLOSE, PRIME_OPEN, PRIME_CLOSE = (
    16,
    17,
    18,
    19,
    20,
    21,
)
BACKTICK, DASH = 22, 23
LAST_MARK = DASH
#: Signs that begin an HTML tag or entity, end the text of a Markdown link, or begin a Markdown image.
TAG, ENTITY, BRACKET = 24, 25, 26
#: What tags may additionally count as.
BLOCKQUOTE, BLOCKQUOTE_END = 27, 28
WORD = np.uint32(1 << 8)
DIGIT = np.uint32(1 << 9)
UPPER_CASE = np.uint32(1 << 10)
#: A Han character, in addition to `BY_ITSELF`.
HAN = np.uint32(1 << 7)
#: Begins its own token, which no letter continues.
BY_ITSELF = np.uint32(1 << 11)
#: A mark, which belongs to the token before it even if that token is a single character.
EXTEND = np.uint32(1 << 12)
#: May join with a neighbouring letter, or has many letters: the word is spelled letter by letter.
COMPLEX = np.uint32(1 << 13)
#: Four bits each: the accents that a letter loses, and which accent a mark is.
LOSES_SHIFT, ACCENT_SHIFT, ACCENT_BITS = np.uint32(14), np.uint32(18), np.uint32(15)
#: Five bits each: the place in canonical order of the first and the last of the letters; 0 if it is not a
#: mark.
FIRST_RANK_SHIFT, LAST_RANK_SHIFT, RANK_BITS = np.uint32(22), np.uint32(27), np.uint32(31)

# The letters of a word character: at most six bytes of UTF-8, their number, and the number of letters without
# marks. With `COMPLEX`, where they begin in the list of code points, and their number.
SIZE_SHIFT, LETTERS_SHIFT, COUNT_BITS = np.uint64(48), np.uint64(52), np.uint64(15)
BYTES = np.uint64((1 << 48) - 1)
_LONGEST = 6

TABLE_SIZE = 0x33480  # beyond the last Han characters; characters above are signs or invisible
#: Above the table: tags and variation selectors, which are invisible.
FIRST_INVISIBLE, LAST_INVISIBLE = 0xE0000, 0xE0FFF
_SIGNS = {
    NEWLINE: "\n\r\v\f\x85\u2028\u2029",
    STOP: ".!?…。！？।॥؟۔።",
    LOW: "„",
    LEFT: "“‟\x93",
    RIGHT: "”\x94",  # \x91 to \x94: Windows-1252 that was read as Latin-1
    GUILLEMET_LEFT: "«",
    GUILLEMET_RIGHT: "»",
    STRAIGHT: '"＂״',
    SINGLE_LOW: "‚",
    SINGLE_LEFT: "‘‛\x91",
    SINGLE_RIGHT: "’ʼ\x92",
    SINGLE_STRAIGHT: "'＇",
    ANGLE_LEFT: "‹",
    ANGLE_RIGHT: "›",
    CORNER_OPEN: "「﹁｢",
    CORNER_CLOSE: "」﹂｣",
    WHITE_CORNER_OPEN: "『﹃",
    WHITE_CORNER_CLOSE: "』﹄",
    PRIME_OPEN: "〝",
    PRIME_CLOSE: "〞〟",
    BACKTICK: "`",
    DASH: "–—―",
    TAG: "<",
    ENTITY: "&",
    BRACKET: "]",
    # Fillers; the middle dot within Catalan words; the accent and the tone of Armenian sentences, which are
    # written into a word.
    SKIP: "ᅟᅠㅤﾠ឴឵·‧՛՜՞",
}
#: Invisible marks: the grapheme joiner, and variation selectors (of an emoji or a Mongolian letter).
_SELECTORS = frozenset([0x034F, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10)])
_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x1980, 0x19DF),  # New Tai Lue
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
    (0x20000, 0x3FFFD),
)
#: Where each of these ranges begins and where it has ended: after an odd number of these places, a character
#: is within a range.
_UNSPACED_BOUNDS = [bound for low, high in _UNSPACED for bound in (low, high + 1)]
#: Han and Hangul: most of all letters, which no folding changes except that of traditional characters.
_HAN = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x2F7FF), (0x2FA20, TABLE_SIZE - 1))
_HANGUL = (0xAC00, 0xD7A3)
#: Jamo that combine into syllables.
_JAMO = (*range(0x1100, 0x1113), *range(0x1161, 0x1176), *range(0x11A8, 0x11C3))


class CharacterTable(NamedTuple):
    """What the kernels need to know about a character.

    Attributes
    ----------
    kinds : ndarray of shape (0x33480,), dtype uint32
        The kind of a sign, or the bits of a word character.
    letters : ndarray of shape (0x33480,), dtype uint64
        The letters that it is compared as.
    long : ndarray of shape (n,), dtype uint32
        The code points of sequences that are too long for `letters`.
    """

    kinds: NDArray[np.uint32]
    letters: NDArray[np.uint64]
    long: NDArray[np.uint32]


@lru_cache(maxsize=2)
def character_table(fold: str = "standard") -> CharacterTable:
    """Return the table for a fold.

    Examples
    --------
    >>> table = character_table()
    >>> bool(table.kinds[ord("a")] & WORD), int(table.kinds[ord(".")]) == STOP
    (True, True)
    """
    name = f"{fold}-{unicodedata.unidata_version}"
    return CharacterTable(*kept_arrays(__name__, name, lambda: tuple(_made(fold))))


def _made(fold: str) -> CharacterTable:
    """Build the table from Unicode's data about every character, which takes a quarter of a second."""
    kinds, letters = np.zeros(TABLE_SIZE, np.uint32), np.zeros(TABLE_SIZE, np.uint64)
    long: list[int] = []
    for first, last in _HAN:
        stretch = np.arange(first, last + 1)
        kinds[stretch], letters[stretch] = WORD | BY_ITSELF | HAN, _packed(stretch)
    stretch = np.arange(_HANGUL[0], _HANGUL[1] + 1)
    # A syllable without a final consonant takes one that was typed separately.
    kinds[stretch], letters[stretch] = WORD, _packed(stretch)
    traditional = np.array(sorted(map(ord, simplified_characters())))
    simple = np.array([ord(simplified_characters()[chr(code_point)]) for code_point in traditional])
    letters[traditional[traditional < TABLE_SIZE]] = _packed(simple[traditional < TABLE_SIZE])
    for code_point in itertools.chain.from_iterable(_TO_ASK):
        if unicodedata.category(chr(code_point)) == "Cn":
            continue
        kinds[code_point], letters[code_point] = _entry(chr(code_point), fold, long)
    for kind, characters in _SIGNS.items():
        for character in characters:
            kinds[ord(character)] = kind
    return CharacterTable(kinds, letters, np.array([*long, 0], np.uint32))


#: All other characters except surrogates, private and unassigned ones.
_TO_ASK = (
    range(0x30, 0x3400),
    range(0x4DC0, 0x4E00),
    range(0xA000, 0xAC00),
    range(0xD7A4, 0xD800),
    range(0xF900, 0x20000),
    range(0x2F800, 0x2FA20),
)


def _packed(code_points: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Pack one letter of three or four bytes each, as in `letters`."""
    c = code_points.astype(np.uint64)
    six = np.uint64(63)
    bits = [(c >> np.uint64(shift)) & six | np.uint64(0x80) for shift in (12, 6, 0)]
    three = (c >> np.uint64(12) | np.uint64(0xE0)) | bits[1] << np.uint64(8) | bits[2] << np.uint64(16)
    four = (c >> np.uint64(18) | np.uint64(0xF0)) | bits[0] << np.uint64(8) | bits[1] << np.uint64(16)
    four |= bits[2] << np.uint64(24)
    wide = c >= 0x10000
    size = np.where(wide, np.uint64(4), np.uint64(3))
    packed: NDArray[np.uint64] = np.where(wide, four, three) | size << SIZE_SHIFT
    return packed | np.uint64(1) << LETTERS_SHIFT


def _entry(character: str, fold: str, long: list[int]) -> tuple[int, int]:
    """Return the kind of one character and its letters; sequences that are too long are added to `long`."""
    category = unicodedata.category(character)
    if category == "Cf" or ord(character) in _SELECTORS:
        return SKIP, 0
    if not is_letter(character) and not (category == "So" and _is_made_of_letters(character)):
        return BREAK, 0
    spelled = folded(character, fold)
    if spelled == character and category == "Lo" and ord(character) not in _JAMO:  # true of most characters
        alone = _alone(character)
        kind = int(WORD) | alone | lost_accents(character, fold) << int(LOSES_SHIFT)
        written = character.encode()
        packed = int.from_bytes(written, "little") | len(written) << int(SIZE_SHIFT)
        return kind, packed | 1 << int(LETTERS_SHIFT)
    if not spelled:
        return SKIP, 0
    first, last = spelled[0], spelled[-1]
    base = next((letter for letter in reversed(spelled) if not rank(letter)), "")
    kind = int(WORD)
    kind |= int(DIGIT) if category[0] == "N" else 0
    kind |= int(UPPER_CASE) if category in ("Lu", "Lt") else 0
    if unicodedata.category(first)[0] == "M":
        kind |= int(EXTEND)
    else:
        kind |= _alone(first)
    kind |= lost_accents(base, fold) << int(LOSES_SHIFT)
    kind |= (accent(spelled) if len(spelled) == 1 else 0) << int(ACCENT_SHIFT)
    kind |= rank(first) << int(FIRST_RANK_SHIFT) | rank(last) << int(LAST_RANK_SHIFT)
    written = spelled.encode()
    if len(written) <= _LONGEST and ord(first) not in _JAMO and not (rank(first) and len(spelled) > 1):
        starters = sum(not rank(letter) for letter in spelled)
        packed = int.from_bytes(written, "little") | len(written) << int(SIZE_SHIFT)
        return kind, packed | starters << int(LETTERS_SHIFT)
    long.extend(map(ord, spelled))
    return kind | int(COMPLEX), (len(long) - len(spelled)) | len(spelled) << 32


def _alone(letter: str) -> int:
    if not stands_alone(letter):
        return 0
    is_han = any(first <= ord(letter) <= last for first, last in _HAN) or letter in "々〆〇"
    return int(BY_ITSELF | HAN) if is_han else int(BY_ITSELF)


def _is_made_of_letters(sign: str) -> bool:
    """Whether a sign such as ㎏, ㊤ or a Kangxi radical consists of letters; trade mark signs do not."""
    plain = unicodedata.normalize("NFKD", sign)
    return plain != sign and sign not in "™℠" and all(map(is_letter, plain))


def stands_alone(letter: str) -> bool:
    """Whether a letter belongs to a script that is written without spaces."""
    return bool(bisect_right(_UNSPACED_BOUNDS, ord(letter)) % 2)


#: Marks of Thai and Lao that Unicode leaves in the order in which they are typed: vowels, then tones.
_VOWELS_ABOVE = (0x0E31, *range(0x0E34, 0x0E38), 0x0E4D, 0x0EB1, *range(0x0EB4, 0x0EB8), 0x0EBB, 0x0ECD)
_OTHERS_ABOVE = (0x0E47, 0x0E4C, 0x0E4E, 0x0ECC)
#: The combining classes of marks that are compared (10 to 35 are points of Hebrew and Arabic, which are not).
_CLASSES = (
    *(0, 1, 6, 7, 8, 9, 36, 84, 91, 103, 107, 118, 122, 129, 130, 132, 202, 214, 216, 218, 220, 222, 224),
    *(226, 228, 230, 232, 233, 234, 240),
)


def rank(letter: str) -> int:
    """Return a mark's place in canonical order, 0 for no mark: combining classes, numbered densely."""
    code_point = ord(letter)
    if code_point in _VOWELS_ABOVE:
        return _CLASSES.index(103)
    if code_point in _OTHERS_ABOVE:
        return _CLASSES.index(107)
    return bisect_right(_CLASSES, unicodedata.combining(letter)) - 1
