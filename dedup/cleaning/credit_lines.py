"""Finds lines that may hold a credit: a kernel over the tokens leaves few to be read closely."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.cleaning.agencies import agencies, generic_names
from dedup.cleaning.credit_patterns import rule_words, trigger_words
from dedup.cleaning.phrases import (
    ACTION,
    EXTENT,
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
from dedup.text.flags import FURNITURE, LINE, SENTENCE, TEASER
from dedup.text.tokens import Tokens

#: What is known about a line: bits of `CreditLines.place`.
HEAD = 1  # among the lines that may hold a byline
LATE = 2  # where a sign-off may occur, and a caption's credit rarely does
LAST = 4  # only short lines, such as tags and dates, follow
DATED = 8  # at the head and next to a date: a byline rather than a caption's credit

#: The head is this many first lines that are not furniture, or all lines before the first of this many words.
HEAD_LINES, _STORY_WORDS = 12, 18
#: A sign-off is among this many last lines, or in the second half of the story.
LAST_LINES = 3
#: Maximum number of words in a line of tags or a date; in a line of "agencies" without a name; and from a
#: sign-off's start to the end of its line.
_FOOTER_WORDS, _NAMELESS_WORDS, _SIGN_OFF_WORDS = 12, 12, 12

# The tables of phrases, and the actions of the first.
_CREDITING, _YEARS, _WORDS = 0, 1, 2
_NAMELESS, _NAME = 1, 2
#: A phrase's extent holds its number in this many bits, and its length above them.
_NUMBER_BITS = 16
#: Maximum number of names of a line that are distinguished.
_NAMES = 3


class CreditLines(NamedTuple):
    """Lines that may hold a credit, in the order of the text.

    Attributes
    ----------
    article : ndarray of shape (n_lines,), dtype int64
    start, stop : ndarray of shape (n_lines,), dtype int64
        The line's tokens, half-open.
    place : ndarray of shape (n_lines,), dtype int64
        The bits `HEAD`, `LATE`, `LAST`, `DATED`.
    number : ndarray of shape (n_lines,), dtype int64
        The line's index among the batch's lines with tokens, as in `dedup.text.tokens.Tokens.lines`.
    words : ndarray of shape (n_lines,), dtype int64
        The bits of `dedup.cleaning.credit_patterns.rule_words` for the line's words.
    names : ndarray of shape (n_lines, 3), dtype int64
        Indices into `sought_names` of the names in the line, followed by -1; all -1 if there are too many.
    """

    article: NDArray[np.int64]
    start: NDArray[np.int64]
    stop: NDArray[np.int64]
    place: NDArray[np.int64]
    number: NDArray[np.int64]
    words: NDArray[np.int64]
    names: NDArray[np.int64]


def credit_lines(tokens: Tokens) -> CreditLines:
    """Find the lines that name an agency, or contain words of a disclaimer or of another outlet's credit.

    Teasers of other stories are left out, as marked by `dedup.cleaning.furniture.mark_furniture`.

    Examples
    --------
    >>> from dedup.text.tokens import tokenise
    >>> lines = credit_lines(tokenise(["Putin met Khan.\\n(PTI)", "Putin met Khan."]))
    >>> lines.article.tolist(), lines.start.tolist()
    ([0], [3])
    """
    found = np.empty((len(tokens.lines), 6 + _NAMES), np.int64)
    count = _find_lines(tokens.hashes, tokens.offsets, tokens.flags, _tables(), found)
    article, start, stop, place, number, words = np.ascontiguousarray(found[:count, :6].T)
    return CreditLines(article, start, stop, place, number, words, found[:count, 6:])


@cache
def sought_names() -> tuple[str, ...]:
    """Return the names and words by their number in `CreditLines.names`."""
    return tuple(phrase.words for phrase in _crediting())


@cache
def _tables() -> PhraseTables:
    words = [Phrase(word, extent=bits) for word, bits in rule_words().items()]
    return phrase_tables((_crediting(), [Phrase("{year}")], words))


def _crediting() -> Iterator[Phrase]:
    """Yield the names and words that lines are searched for; the extent of each is its number and length."""
    named = [name for agency in agencies() for name in agency.aliases + agency.strict]
    words = [(name, _NAME) for name in named]
    words += [(name, _NAMELESS) for name in generic_names()]
    words += [(trigger, _NAME) for trigger in trigger_words()]
    for number, (phrase, action) in enumerate(words):
        # The longest of the names that begin with a word counts.
        yield Phrase(phrase, action=action, extent=(len(phrase) << _NUMBER_BITS) + number)


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
        number, heads, hit, begun = 0, 0, 0, False
        for k in range(lines):
            start, stop, first = bounds[k], bounds[k + 1], hit
            while hit < hits and keys[hit] < stop:
                hit += 1
            if flags[start] & TEASER:
                continue
            place = _place_of(number, total, last_long)
            if heads < HEAD_LINES or not begun:
                place |= HEAD
            number += 1
            heads += flags[start] & FURNITURE == 0
            begun |= stop - start > _STORY_WORDS
            if hit > first and _may_credit(
                hashes, flags, start, stop, place, tables, keys[first:hit], found[count, 6:]
            ):
                before, after = bounds[max(k - 1, 0)], bounds[min(k + 2, lines)]
                dated = place & HEAD and (
                    _is_dated(hashes, before, start, tables) or _is_dated(hashes, stop, after, tables)
                )
                found[count, 0], found[count, 1], found[count, 2] = article, start, stop
                found[count, 3] = place | (DATED if dated else 0)
                found[count, 4] = line + k
                found[count, 5] = _words_of(hashes, start, stop, tables)
                count += 1
        line += lines
    return count


@nb.njit(nogil=True, cache=True)
def _lines_and_keys(hashes, flags, begin, end, tables, bounds, keys):  # type: ignore[no-untyped-def]
    """Find the tokens at which the article's lines begin (and its end), and those that may name an agency.

    Fill `bounds` and `keys` and return their counts. Branch-free, because both cases are unpredictable.
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
    """Return the number of lines of the story, and the number of its last line longer than a footer."""
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
    if number >= total - LAST_LINES or 2 * number >= total:
        place |= LATE
    if number >= last_long:
        place |= LAST
    return place


@nb.njit(nogil=True, cache=True)
def _may_credit(hashes, flags, start, stop, place, tables, keys, names):  # type: ignore[no-untyped-def]
    """Whether `keys` name an agency, or "agencies" where a credit may be; names go to `names`."""
    credit, count = False, 0
    names[:] = -1
    for token in keys:
        row = strongest(hashes, start, token, stop, tables, _CREDITING, False)
        if row < 0:
            continue
        after = token + tables.rows[row, WORDS]
        ends = after == stop or _begins_sentence(flags, token, max(start, stop - _SIGN_OFF_WORDS))
        named = tables.rows[row, ACTION] == _NAME or stop - start <= _NAMELESS_WORDS
        credit |= named or (place & LATE != 0 and ends)
        number = tables.rows[row, EXTENT] & ((1 << _NUMBER_BITS) - 1)
        if not (names == number).any():
            if count < len(names):
                names[count] = number
            count += 1
    if count > len(names):
        names[:] = -1
    return credit


@nb.njit(nogil=True, cache=True)
def _words_of(hashes, start, stop, tables):  # type: ignore[no-untyped-def]
    """Return the bits of the words in a line that rules ask for."""
    bits = 0
    for token in range(start, stop):
        if tables.marks[mark_of(hashes[token])] >> _WORDS & 1:
            row = strongest(hashes, start, token, stop, tables, _WORDS, False)
            if row >= 0:
                bits |= tables.rows[row, EXTENT]
    return bits


@nb.njit(nogil=True, cache=True)
def _begins_sentence(flags, token, first):  # type: ignore[no-untyped-def]
    """Whether a sentence begins between `first` and `token`, both included."""
    for other in range(first, token + 1):  # noqa: SIM110 - numba takes no generators
        if flags[other] & SENTENCE:
            return True
    return False


@nb.njit(nogil=True, cache=True)
def _is_dated(hashes, start, stop, tables):  # type: ignore[no-untyped-def]
    """Whether a line is short and contains a year."""
    if stop - start > _FOOTER_WORDS:
        return False
    for token in range(start, stop):  # noqa: SIM110 - numba takes no generators
        if has(hashes[token], tables, _YEARS):
            return True
    return False
