"""Which lines of an article may hold a credit: a kernel over the tokens leaves few to be read closely."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.cleaning.agencies import agencies, generic_names, read_data
from dedup.cleaning.phrases import (
    ACTION,
    WORDS,
    Phrase,
    PhraseTables,
    goes_on,
    has,
    mark_of,
    phrase_tables,
    strongest,
)
from dedup.jit.borrow import borrowed
from dedup.text.flags import LINE, SENTENCE, TEASER
from dedup.text.tokens import Tokens

#: What is known of a line: bits of `CreditLines.place`.
HEAD = 1  # among the lines that may hold a byline or a dateline
LATE = 2  # where a sign-off may stand, and a caption's credit seldom does
LAST = 4  # nothing but short lines, such as tags and dates, follows
DATED = 8  # at the head and next to a date: rather a byline than a caption's credit
SHORT = 16  # short enough to be nothing but a credit, and names an agency
DATELINE = 32  # at the head, and names an agency where a dateline does
SIGN_OFF = 64  # late, and names an agency where a sign-off does
DISCLAIMER = 128  # has a word that a disclaimer has

#: Lines at the head of a story that may hold its dateline or byline.
_HEAD_LINES = 12
#: A sign-off stands among so many last lines, or in the second half of the story.
_LAST_LINES = 3
#: A credit that fills a line has at most so many words, one of "agencies" without a name so many, and a line
#: of tags or a date so many.
_CREDIT_WORDS, _NAMELESS_WORDS, _FOOTER_WORDS = 25, 8, 12
#: The name begins after at most so many words of such a line, or so many follow it.
_FROM_START, _FROM_END = 5, 6
#: A name in a dateline ends within so many first words of its line; a sign-off begins within so many last.
_DATELINE_WORDS, _SIGN_OFF_WORDS = 14, 12

# The tables of phrases, and the actions of the first.
_CREDITING, _YEARS = 0, 1
_NAMELESS, _NAME, _DISCLAIMER = 1, 2, 3


class CreditLines(NamedTuple):
    """Lines that may hold a credit, in the order of the text.

    Attributes
    ----------
    article : ndarray of shape (n_lines,), dtype int64
    start, stop : ndarray of shape (n_lines,), dtype int64
        The line's tokens, half-open.
    place : ndarray of shape (n_lines,), dtype int64
        Bits: `HEAD`, `LATE`, `LAST`, `DATED`, `SHORT`, `DATELINE`, `SIGN_OFF`, `DISCLAIMER`.
    number : ndarray of shape (n_lines,), dtype int64
        The line's number among the batch's lines that have tokens, as in `dedup.text.tokens.Tokens.lines`.
    """

    article: NDArray[np.int64]
    start: NDArray[np.int64]
    stop: NDArray[np.int64]
    place: NDArray[np.int64]
    number: NDArray[np.int64]


def credit_lines(tokens: Tokens) -> CreditLines:
    """Find the lines that name an agency where a credit may stand, or have a disclaimer's words.

    Teasers of other stories are left out, as `dedup.cleaning.furniture.mark_furniture` marks them.

    Examples
    --------
    >>> from dedup.text.tokens import tokenise
    >>> lines = credit_lines(tokenise(["Putin met Khan.\\n(PTI)", "Putin met Khan."]))
    >>> lines.article.tolist(), lines.start.tolist()
    ([0], [3])
    """
    found = np.empty((len(tokens.lines), 5), np.int64)
    count = _find_lines(tokens.hashes, tokens.offsets, tokens.flags, _tables(), found)
    return CreditLines(*np.ascontiguousarray(found[:count].T))


@nb.njit(nogil=True, cache=True)
def line_ends(data, starts, ends):  # type: ignore[no-untyped-def]
    r"""Where the lines end that begin at `starts`, at `ends` at the latest: before the first line feed.

    Or another character that parts lines: those of `dedup.text.characters` that do.

    Parameters
    ----------
    data : ndarray of shape (n_bytes,), dtype uint8
        UTF-8.
    starts, ends : ndarray of shape (n_lines,), dtype int64

    Returns
    -------
    ndarray of shape (n_lines,), dtype int64

    Examples
    --------
    >>> data = np.frombuffer("Ja.\n(PTI)\u2028x".encode(), np.uint8)
    >>> line_ends(data, np.array([0, 4]), np.array([13, 13])).tolist()
    [3, 9]
    """
    found = np.empty(len(starts), np.int64)
    for line in range(len(starts)):
        at, end = starts[line], ends[line]
        while at < end:
            byte = data[at]
            if 10 <= byte <= 13:
                break
            if byte == 0xC2 and at + 1 < end and data[at + 1] == 0x85:  # next line
                break
            if byte == 0xE2 and at + 2 < end and data[at + 1] == 0x80 and data[at + 2] & 0xFE == 0xA8:
                break  # the separators of lines and of paragraphs
            at += 1
        found[line] = at
    return found


@cache
def _tables() -> PhraseTables:
    return phrase_tables((_crediting(), [Phrase("{year}")]))


def _crediting() -> Iterator[Phrase]:
    for agency in agencies():
        yield from (Phrase(name, action=_NAME) for name in agency.aliases + agency.strict)
    for name in generic_names():
        yield Phrase(name, action=_NAMELESS)
    for words in read_data("credits.toml")["disclaimer_words"]:
        yield Phrase(words, action=_DISCLAIMER)


@nb.njit(nogil=True, cache=True)
def _find_lines(hashes, offsets, flags, tables, found):  # type: ignore[no-untyped-def]
    hashes, offsets, flags = borrowed((hashes, offsets, flags))
    tables, found = borrowed((tables, found))
    longest = 0
    for article in range(len(offsets) - 1):
        longest = max(longest, offsets[article + 1] - offsets[article])
    bounds, keys = np.empty(longest + 1, np.int64), np.empty(longest + 1, np.int64)
    count, line = 0, 0
    for article in range(len(offsets) - 1):
        begin, end = offsets[article], offsets[article + 1]
        lines, hits = _lines_and_keys(hashes, flags, begin, end, tables, bounds, keys)
        total, last_long = _measure(bounds, lines, flags)
        number, hit = 0, 0
        for k in range(lines):
            start, stop, first = bounds[k], bounds[k + 1], hit
            while hit < hits and keys[hit] < stop:
                hit += 1
            if flags[start] & TEASER:
                continue
            place = _place_of(number, total, last_long)
            number += 1
            credit = 0
            if hit > first:
                credit = _crediting_of(hashes, flags, start, stop, place, tables, keys[first:hit])
            if credit:
                before, after = bounds[max(k - 1, 0)], bounds[min(k + 2, lines)]
                dated = place & HEAD and (
                    _is_dated(hashes, before, start, tables) or _is_dated(hashes, stop, after, tables)
                )
                found[count, 0], found[count, 1], found[count, 2] = article, start, stop
                found[count, 3] = place | credit | (DATED if dated else 0)
                found[count, 4] = line + k
                count += 1
        line += lines
    return count


@nb.njit(nogil=True, cache=True)
def _lines_and_keys(hashes, flags, begin, end, tables, bounds, keys):  # type: ignore[no-untyped-def]
    """The tokens with which the article's lines begin, its end behind; and those that may name an agency.

    Into `bounds` and `keys`; how many of each. Without a branch: either kind comes as a surprise.
    """
    lines, hits = 0, 0
    for token in range(begin, end):
        bounds[lines] = token
        lines += flags[token] & LINE != 0
        keys[hits] = token
        hits += tables.marks[mark_of(hashes[token])] >> _CREDITING & 1
    bounds[lines] = end
    begun = 0
    for token in keys[:hits]:
        keys[begun] = token
        begun += goes_on(hashes[token], hashes[min(token + 1, end - 1)], tables, _CREDITING)
    return lines, begun


@nb.njit(nogil=True, cache=True)
def _measure(bounds, lines, flags):  # type: ignore[no-untyped-def]
    """How many lines the story has, and the number of its last one that is longer than a footer."""
    total, last_long = 0, -1
    for k in range(lines):
        if not flags[bounds[k]] & TEASER:
            if bounds[k + 1] - bounds[k] > _FOOTER_WORDS:
                last_long = total
            total += 1
    return total, last_long


@nb.njit(nogil=True, cache=True)
def _place_of(number, total, last_long):  # type: ignore[no-untyped-def]
    place = 0
    if number < _HEAD_LINES:
        place |= HEAD
    if number >= total - _LAST_LINES or 2 * number >= total:
        place |= LATE
    if number >= last_long:
        place |= LAST
    return place


@nb.njit(nogil=True, cache=True)
def _crediting_of(hashes, flags, start, stop, place, tables, keys):  # type: ignore[no-untyped-def]
    """The bits that the line's words give, `keys` among them: what kinds of credit it may be."""
    credit = 0
    for token in keys:
        row = strongest(hashes, start, token, stop, tables, _CREDITING, False)
        if row < 0:
            continue
        if tables.rows[row, ACTION] == _DISCLAIMER:
            credit |= DISCLAIMER
            continue
        named = tables.rows[row, ACTION] == _NAME
        after = token + tables.rows[row, WORDS]
        near_end = token - start <= _FROM_START or stop - after <= _FROM_END
        if near_end and stop - start <= (_CREDIT_WORDS if named else _NAMELESS_WORDS):
            credit |= SHORT
        if named and place & HEAD and after - start <= _DATELINE_WORDS:
            credit |= DATELINE
        if place & LATE and (
            after == stop or _begins_sentence(flags, token, max(start, stop - _SIGN_OFF_WORDS))
        ):
            credit |= SIGN_OFF
    return credit


@nb.njit(nogil=True, cache=True)
def _begins_sentence(flags, token, first):  # type: ignore[no-untyped-def]
    """Whether a sentence begins between `first` and `token`, both included."""
    for other in range(first, token + 1):  # noqa: SIM110 - numba takes no generators
        if flags[other] & SENTENCE:
            return True
    return False


@nb.njit(nogil=True, cache=True)
def _is_dated(hashes, start, stop, tables):  # type: ignore[no-untyped-def]
    """Whether a line is short and names a year."""
    if stop - start > _FOOTER_WORDS:
        return False
    for token in range(start, stop):  # noqa: SIM110 - numba takes no generators
        if has(hashes[token], tables, _YEARS):
            return True
    return False
