"""Quotation marks of all languages, with nesting: which tokens are between two marks that match.

A mark that is not closed in its paragraph quotes nothing. One that the next paragraph repeats at its
beginning continues. An inner pair of another kind does not end the outer one, and an apostrophe is not a
mark.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from dedup.text.characters import (
    ANGLE_LEFT,
    ANGLE_RIGHT,
    BACKTICK,
    CORNER_CLOSE,
    CORNER_OPEN,
    DASH,
    GUILLEMET_LEFT,
    GUILLEMET_RIGHT,
    LAST_MARK,
    LEFT,
    LOW,
    PRIME_CLOSE,
    PRIME_OPEN,
    RIGHT,
    SINGLE_LEFT,
    SINGLE_LOW,
    SINGLE_RIGHT,
    SINGLE_STRAIGHT,
    STRAIGHT,
    WHITE_CORNER_CLOSE,
    WHITE_CORNER_OPEN,
    WORD,
)
from dedup.text.decoding import character
from dedup.text.flags import QUOTED

#: Maximum number of open quotations; a further row holds those that the last paragraph left open.
DEPTH = 8
#: Columns of a row: the mark, the first token of the quotation, and the token before which it may have ended
#: (-1: not yet).
COLUMNS = 3
_DOUBLE_TICKS = LAST_MARK + 1  # ``

_PAIRS = {
    LOW: (LEFT, RIGHT, STRAIGHT),  # „German“, „Polish”, „typed"
    LEFT: (RIGHT, STRAIGHT),
    RIGHT: (RIGHT,),  # ”Swedish”
    GUILLEMET_LEFT: (GUILLEMET_RIGHT,),
    GUILLEMET_RIGHT: (GUILLEMET_LEFT, GUILLEMET_RIGHT),  # »German«, »Finnish»
    STRAIGHT: (STRAIGHT, RIGHT),
    _DOUBLE_TICKS: (STRAIGHT, RIGHT),
    SINGLE_LOW: (SINGLE_LEFT, SINGLE_RIGHT, SINGLE_STRAIGHT),
    SINGLE_LEFT: (SINGLE_RIGHT, SINGLE_STRAIGHT),
    SINGLE_STRAIGHT: (SINGLE_STRAIGHT, SINGLE_RIGHT),
    BACKTICK: (SINGLE_STRAIGHT, SINGLE_RIGHT, BACKTICK),
    ANGLE_LEFT: (ANGLE_RIGHT,),
    ANGLE_RIGHT: (ANGLE_LEFT, ANGLE_RIGHT),
    CORNER_OPEN: (CORNER_CLOSE,),
    WHITE_CORNER_OPEN: (WHITE_CORNER_CLOSE,),
    PRIME_OPEN: (PRIME_CLOSE,),
    DASH: (DASH,),
}
_CLOSES = np.zeros((LAST_MARK + 2, LAST_MARK + 2), np.bool_)
for _opening, _closing in _PAIRS.items():
    _CLOSES[_opening, list(_closing)] = True


def _of(*marks: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    table = np.zeros(LAST_MARK + 2, np.bool_)
    table[list(marks)] = True
    return table


#: Marks that open anywhere; those that open if no word precedes them; and those that in addition require a
#: word or another mark right after them.
_OPENS = _of(LOW, LEFT, GUILLEMET_LEFT, CORNER_OPEN, WHITE_CORNER_OPEN, PRIME_OPEN)
_OPENS_OUTSIDE_WORDS = _of(SINGLE_LOW, SINGLE_LEFT, ANGLE_LEFT)
_OPENS_BEFORE_WORDS = _of(
    RIGHT, GUILLEMET_RIGHT, ANGLE_RIGHT, STRAIGHT, SINGLE_STRAIGHT, BACKTICK, _DOUBLE_TICKS
)
#: Marks that close only right after the quoted text; elsewhere they open.
_CLOSES_BEHIND = _of(LEFT, GUILLEMET_LEFT, SINGLE_LEFT, ANGLE_LEFT)
_SINGLE = _of(SINGLE_LOW, SINGLE_LEFT, SINGLE_RIGHT, SINGLE_STRAIGHT, BACKTICK)
#: Marks that a paragraph may leave open: the next paragraph begins with the mark again.
_GOES_ON = _of(LEFT, LOW, STRAIGHT, GUILLEMET_LEFT, RIGHT, GUILLEMET_RIGHT)


@nb.njit(nogil=True, cache=True)
def quotation_mark(data, i, stop, table, mark, spaced, after_word, first, rows, depth, flags, n):  # type: ignore[no-untyped-def]
    """Process a quotation mark that ends at byte `i`, before token `n`, and flag what it closes.

    Parameters
    ----------
    spaced, after_word, first : bool
        Whether nothing but a space or an opening sign is right before it, whether a word is, and whether the
        line has had no word yet.
    rows : array of shape (DEPTH + 1, COLUMNS), dtype int64
        The `depth` open quotations.

    Returns
    -------
    tuple
        How many quotations are open then, whether the next character counts as following a space, and where
        it begins (a mark of two signs is read as a whole).
    """
    if (mark in (BACKTICK, SINGLE_STRAIGHT)) and i < stop and data[i] == data[i - 1]:
        mark = _DOUBLE_TICKS if mark == BACKTICK else STRAIGHT
        i += 1
    following = character(data, i, table)[0] if i < stop else np.uint32(0)
    word_follows = following & WORD != 0
    if after_word and word_follows and (_SINGLE[mark] or (mark == STRAIGHT and data[i] == 0xD7)):
        return depth, False, i  # an apostrophe; gershayim
    if first and depth == 0 and rows[DEPTH, 0] > 0:
        before = rows[DEPTH, 0]
        rows[DEPTH, 0] = 0
        if mark == before or (before == GUILLEMET_LEFT and mark == GUILLEMET_RIGHT):
            flag_quoted(flags, rows[DEPTH, 1], n)
            return _push(rows, depth, before, n), True, i
    # After a Chinese or Japanese sign no space is needed, so the missing space does not tell whether a
    # straight mark opens or closes.
    apart = spaced and not (data[i - 1] < 128 and i >= 2 and data[i - 2] >= 128)
    at = depth - 1
    while at >= 0 and not _closes(rows[at, 0], mark, apart, word_follows):
        at -= 1
    if at >= 0:
        if mark == SINGLE_RIGHT and _may_be_possessive(data, i, stop):
            rows[at, 2] = n
            return depth, spaced, i
        flag_quoted(flags, rows[at, 1], n)
        return at, spaced, i
    opens = _OPENS[mark] or (_OPENS_OUTSIDE_WORDS[mark] and not after_word)
    if _OPENS_BEFORE_WORDS[mark] and (spaced or (not after_word and mark == STRAIGHT)):
        opens = word_follows or LOW <= following <= LAST_MARK
    if not opens:
        return depth, spaced, i
    for row in range(depth):  # an unclosed one of the same kind
        if rows[row, 0] == mark and (mark == STRAIGHT or _SINGLE[mark]):
            flag_quoted(flags, rows[row, 1], rows[row, 2])
            depth = row
            break
    return _push(rows, depth, mark, n), True, i


@nb.njit(nogil=True, cache=True)
def dash(i, stop, first, rows, depth, flags, n):  # type: ignore[no-untyped-def]
    """Process a dash: at the beginning of a line it may begin a line of dialogue, which the next dash ends.

    What follows a third dash is spoken again. A line with a single dash is a list item or a heading.
    """
    for row in range(depth):
        if rows[row, 0] == DASH:
            if rows[row, 1] >= 0:
                flag_quoted(flags, rows[row, 1], n)
                rows[row, 1], rows[row, 2] = -1, 1
            else:
                rows[row, 1] = n
            return row + 1
    if first and depth == 0 and i < stop:
        return _push(rows, depth, DASH, n)
    return depth


@nb.njit(nogil=True, cache=True)
def end_paragraph(rows, depth, stopped, flags, n):  # type: ignore[no-untyped-def]
    """Close the quotations that the end of a line closes, and return how many are then open.

    Double marks stay open if the line did not end with a sentence, as in text of fixed width. Otherwise they
    are remembered until the next line begins.
    """
    kept = 0
    for row in range(depth):
        mark, start, end = rows[row, 0], rows[row, 1], rows[row, 2]
        if mark == DASH:
            if end >= 0 and start >= 0:  # spoken again, to the end of the line
                flag_quoted(flags, start, n)
        elif end >= 0:
            flag_quoted(flags, start, end)
        elif not stopped and not _SINGLE[mark] and mark != STRAIGHT:
            rows[kept, 0], rows[kept, 1], rows[kept, 2] = mark, start, end
            kept += 1
        elif kept == 0 and _GOES_ON[mark] and start < n:
            rows[DEPTH, 0], rows[DEPTH, 1], rows[DEPTH, 2] = mark, start, n
    return kept


@nb.njit(nogil=True, cache=True)
def flag_quoted(flags, start, end):  # type: ignore[no-untyped-def]
    """Flag the words of a quotation; none if it was not opened, or never closed."""
    if start >= 0:
        for token in range(start, end):
            flags[token] |= QUOTED


@nb.njit(nogil=True, cache=True)
def _push(rows, depth, mark, n):  # type: ignore[no-untyped-def]
    if depth == DEPTH:
        return depth
    rows[depth, 0], rows[depth, 1], rows[depth, 2] = mark, n, -1
    return depth + 1


@nb.njit(nogil=True, cache=True)
def _closes(opening, mark, spaced, word_follows):  # type: ignore[no-untyped-def]
    """Whether a mark closes the quotation that another mark opened."""
    if not _CLOSES[opening, mark]:
        return False
    if _CLOSES_BEHIND[mark] or (mark == opening and mark != STRAIGHT):
        return not spaced
    return not (spaced and word_follows and (mark in (STRAIGHT, SINGLE_STRAIGHT, BACKTICK)))


@nb.njit(nogil=True, cache=True)
def _may_be_possessive(data, i, stop):  # type: ignore[no-untyped-def]
    """Whether an apostrophe that ends before byte `i` may be possessive, as in "the traders' tents".

    If so, a later one in the same line closes the quotation, if there is one.
    """
    before = i - 3 if data[i - 1] >= 128 else i - 1
    return (
        before > 0 and data[before - 1] == 0x73 and i + 1 < stop and data[i] == 32 and 97 <= data[i + 1] < 123
    )
