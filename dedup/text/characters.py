"""What each character is: one table for all of Unicode, from which the tokens are cut.

A letter, mark or digit has its folded code point, with bits for a digit, a capital and a character that is a
token by itself (in scripts that are written without spaces: Han, Kana, Thai, Lao, Khmer, Myanmar); all else
is a sign of some kind.
"""

from __future__ import annotations

import itertools
import unicodedata
from bisect import bisect_right
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

# What a character is: a word character's entry is its folded code point (48 and above) with the bits below;
# smaller entries are signs.
BREAK, SKIP, NEWLINE, STOP = 0, 1, 2, 3
OPEN, CLOSE, STRAIGHT, SINGLE_OPEN, SINGLE_CLOSE, SINGLE_STRAIGHT = 4, 5, 6, 7, 8, 9
FIRST_WORD_CHARACTER = 48
BY_ITSELF = np.uint32(1 << 31)
DIGIT = np.uint32(1 << 30)
UPPER_CASE = np.uint32(1 << 29)
CODE_POINT = np.uint32((1 << 21) - 1)
TABLE_SIZE = 0x20000  # the planes above hold Han and private characters only
_SIGNS = {
    NEWLINE: "\n\r\v\f\x85\u2028\u2029",
    STOP: ".!?…。！？।॥؟۔။។",
    OPEN: "“«„「『〝＂‟",
    CLOSE: "”»」』〞",
    STRAIGHT: '"',
    SINGLE_OPEN: "‘‚‹",
    SINGLE_CLOSE: "’›",
    SINGLE_STRAIGHT: "'",
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
#: Where each of these stretches begins and where it has ended: behind an odd number of them, one lies within.
_UNSPACED_BOUNDS = [bound for low, high in _UNSPACED for bound in (low, high + 1)]
#: Han and Hangul: letters that no folding changes, half of all there are, which need not be asked for.
_UNCHANGED = ((0x3400, 0x4DBF, BY_ITSELF), (0x4E00, 0x9FFF, BY_ITSELF), (0xAC00, 0xD7A3, np.uint32(0)))
_TO_ASK = (
    range(FIRST_WORD_CHARACTER, 0x3400),
    range(0x4DC0, 0x4E00),
    range(0xA000, 0xAC00),
    range(0xD7A4, TABLE_SIZE),
)
#: Marks that show nothing: the grapheme joiner, and selectors of a variant (of an emoji, a Mongolian letter).
_SELECTORS = frozenset([0x034F, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10)])


@lru_cache(maxsize=1)
def character_table() -> NDArray[np.uint32]:
    """What each character is, as an array of shape (0x20000,), dtype uint32, for the kernel."""
    table = np.zeros(TABLE_SIZE, np.uint32)
    for first, last, alone in _UNCHANGED:
        table[first : last + 1] = np.arange(first, last + 1, dtype=np.uint32) | alone
    for code_point in itertools.chain.from_iterable(_TO_ASK):
        character = chr(code_point)
        category = unicodedata.category(character)
        if category == "Cf" or code_point in _SELECTORS:
            table[code_point] = SKIP
        elif category[0] in "LMN":
            table[code_point] = _word_character(character, category)
    for kind, characters in _SIGNS.items():
        for character in characters:
            table[ord(character)] = kind
    return table


def _word_character(character: str, category: str) -> int:
    wide = unicodedata.normalize("NFKC", character)
    plain = wide if len(wide) == 1 and ord(wide) >= FIRST_WORD_CHARACTER else character
    folded = plain.casefold()
    code_point = ord(folded) if len(folded) == 1 else ord(plain)
    alone = bisect_right(_UNSPACED_BOUNDS, ord(plain)) % 2
    return (
        code_point
        | (int(BY_ITSELF) if alone else 0)
        | (int(DIGIT) if category[0] == "N" else 0)
        | (int(UPPER_CASE) if category in ("Lu", "Lt") else 0)
    )
