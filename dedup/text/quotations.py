"""Quotation marks of many languages: which tokens stand between an opening and a closing one."""

from __future__ import annotations

import numba as nb

from dedup.text.characters import (
    CLOSE,
    OPEN,
    SINGLE_CLOSE,
    SINGLE_OPEN,
    SINGLE_STRAIGHT,
    STRAIGHT,
    WORD,
)
from dedup.text.flags import QUOTED

#: A quotation longer than this many words is a mark that nobody closed.
_LONGEST_QUOTATION = 200


@nb.njit(nogil=True, cache=True)
def quotation_mark(data, i, stop, table, entry, after_word, spaced, double, single, flags, n):  # type: ignore[no-untyped-def]
    """Take a quotation mark that ends at byte `i`, before token `n`, and flag what it closes.

    `double` and `single` are the tokens that the open quotations begin with, or -1; they come back, with
    whether the next character stands as behind a space.
    """
    # A straight mark opens after a space and closes before one.
    if entry == STRAIGHT:
        entry = OPEN if double < 0 and (spaced or not after_word) else CLOSE
    elif entry == SINGLE_STRAIGHT:
        entry = SINGLE_OPEN if single < 0 and spaced else SINGLE_CLOSE
    if entry == OPEN:
        # The German pair closes with the sign that opens an English one.
        flag_quoted(flags, double, n)
        return -1 if double >= 0 and not spaced else n, single, True
    letter_follows = i < stop and data[i] < 128 and table.kinds[data[i]] >= WORD
    if entry == CLOSE:
        flag_quoted(flags, double, n)
        # German books and Swedish papers open with the sign that closes elsewhere; 0xC2 leads a space.
        opens = (
            double < 0 and spaced and (letter_follows or (i < stop and data[i] >= 128 and data[i] != 0xC2))
        )
        return n if opens else -1, single, spaced
    if entry == SINGLE_OPEN:
        return double, n if spaced else single, spaced
    if letter_follows:  # an apostrophe
        return double, single, spaced
    flag_quoted(flags, single, n)
    return double, -1, spaced


@nb.njit(nogil=True, cache=True)
def flag_quoted(flags, start, end):  # type: ignore[no-untyped-def]
    """Flag the words of a quotation; none where it was not opened, or never closed."""
    if start >= 0 and end - start <= _LONGEST_QUOTATION:
        for token in range(start, end):
            flags[token] |= QUOTED
