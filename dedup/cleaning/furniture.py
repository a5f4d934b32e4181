"""Site furniture by rule: menus, share lines, captions, forms, disclaimers, teasers of other stories.

The rules are word sequences in ``furniture.toml``, matched against whole lines, or against their first or
last words. A block runs from a heading such as "More for you" through the teasers below it. A paragraph of
story text is never furniture by these rules, unless it is in such a block. Captions and appeals to readers
are recognised by their words (`dedup.cleaning.captions`, `dedup.cleaning.appeals`). Text that a source
repeats without being listed is found by the background instead.
"""

from __future__ import annotations

import numba as nb

from dedup.cleaning.appeals import mark_appeals
from dedup.cleaning.captions import mark_captions
from dedup.cleaning.furniture_rules import (
    ANYTHING,
    CAPITALS,
    CLOSER,
    DATES,
    FURNITURE,
    HEADING,
    HEADS,
    MENUS,
    OPENERS,
    TAILS,
    TEASER_END,
    WIRES,
    furniture_rules,
)
from dedup.cleaning.phrases import ACTION, EXTENT, WORDS, has, mark_of, strongest
from dedup.jit.borrow import borrowed
from dedup.jit.simd import next_with
from dedup.text import flags as token_flags
from dedup.text.flags import CAPITAL, LINE, NUMBER, SENTENCE
from dedup.text.tokens import Tokens
from dedup.text.word_hashes import KIND, SHORT

_BY_RULE, _TEASED = token_flags.FURNITURE, token_flags.FURNITURE | token_flags.TEASER
#: A line with more words is taken as story text: before the first such line no block begins, and a trail may
#: occur.
_STORY_WORDS = 18
#: Lines of this many words need no furniture-like continuation: one that starts with an appeal, one with a
#: credit.
_SHORT_LINE, _SHORT_CREDIT = 14, 8
#: Number of capitalised words that may follow the agency in a photo credit: the photographer.
_PHOTOGRAPHER_WORDS = 4
#: Number of words in an agency's name in a photo credit.
_WIRE_WORDS = 2


def mark_furniture(tokens: Tokens) -> Tokens:
    """Mark the tokens of site furniture and of teasers: `FURNITURE` and `TEASER` in their flags.

    Parameters
    ----------
    tokens : Tokens
        The tokens of whole articles. Their flags change in place.

    Returns
    -------
    Tokens
        The same object.

    Examples
    --------
    >>> from dedup.text.tokens import tokenise
    >>> tokens = mark_furniture(tokenise(["Skip to content\\nPutin met Khan.\\n(PTI)"]))
    >>> (tokens.flags & token_flags.FURNITURE != 0).tolist()
    [True, True, True, False, False, False, True]
    """
    return mark_appeals(mark_captions(mark_by_rules(tokens)))


def mark_by_rules(tokens: Tokens) -> Tokens:
    """Mark what the rules of ``furniture.toml`` match, as `mark_furniture` does, and nothing else."""
    tables, limits = furniture_rules()
    _mark_batch(tokens.hashes, tokens.offsets, tokens.flags, tables, limits)
    return tokens


@nb.njit(nogil=True, cache=True)
def _mark_batch(hashes, offsets, flags, tables, limits):  # type: ignore[no-untyped-def]
    hashes, offsets, flags = borrowed((hashes, offsets, flags))
    tables, limits = borrowed((tables, limits))
    for article in range(len(offsets) - 1):
        _mark_article(hashes, flags, offsets[article], offsets[article + 1], tables, limits)


@nb.njit(nogil=True, cache=True)
def _mark_article(hashes, flags, begin, end, tables, limits):  # type: ignore[no-untyped-def]
    """Read the lines once; `anchor` is where an open block begins, or -1 outside of one."""
    anchor, reach, short, all_short = -1, begin, 0, False
    in_story = False
    before = start = begin
    while start < end:
        stop = next_with(flags, start + 1, end, LINE)
        # Most lines need no more than a look at the marks of their ends.
        first, last = tables.marks[mark_of(hashes[start])], tables.marks[mark_of(hashes[stop - 1])]
        head = tail = head_extent = tail_extent = 0
        if first >> HEADS & 1:
            row = strongest(hashes, start, start, stop, tables, HEADS, False)
            if row >= 0:
                head, head_extent = tables.rows[row, ACTION], tables.rows[row, EXTENT]
                if head == FURNITURE and not _follows(
                    hashes, flags, start + tables.rows[row, WORDS], start, stop, head_extent
                ):
                    head = 0
        if last >> TAILS & 1:
            row = strongest(hashes, start, stop - 1, stop, tables, TAILS, True)
            if row >= 0:
                tail, tail_extent = tables.rows[row, ACTION], tables.rows[row, EXTENT]
        if head == HEADING and in_story:
            if anchor < 0 or not all_short:
                anchor, short, all_short = start, head_extent, True
            reach = stop
        elif anchor >= 0:
            if tail == TEASER_END and stop - reach <= tail_extent:
                _mark(flags, anchor, stop, _TEASED)
                anchor, reach, all_short = stop, stop, True
            elif stop - start > short:
                all_short = False
        if (
            head
            or tail == FURNITURE
            or (tail == CLOSER and _is_caption(hashes, start, stop, tables, limits))
            or ((first & last) >> MENUS & 1 and _is_menu(hashes, start, stop, tables, limits))
            or (
                (first >> DATES & 1 or flags[start] & NUMBER)
                and (last >> DATES & 1 or flags[stop - 1] & NUMBER)
                and _is_date(hashes, flags, start, stop, tables, limits)
            )
            or (flags[stop - 1] & CAPITAL and _is_wire_photo(hashes, flags, start, stop, tables, limits))
        ):
            _mark(flags, start, stop, _BY_RULE)
        elif stop - start > _STORY_WORDS:
            in_story = True
        elif not in_story and _is_trail(hashes, before, start, stop, limits):
            _mark(flags, before, start, _BY_RULE)
        before, start = start, stop
    if anchor >= 0 and all_short:
        _mark(flags, anchor, end, _TEASED)


@nb.njit(nogil=True, cache=True)
def _mark(flags, start, stop, bits):  # type: ignore[no-untyped-def]
    for token in range(start, stop):
        flags[token] |= bits


@nb.njit(nogil=True, cache=True)
def _follows(hashes, flags, after, start, stop, look_on):  # type: ignore[no-untyped-def]
    """Whether a line's first words are followed by what follows them in furniture, rather than by prose."""
    if look_on == ANYTHING or stop - start <= (_SHORT_LINE if look_on == CAPITALS else _SHORT_CREDIT):
        return True
    if look_on == CAPITALS:
        return flags[after] & (CAPITAL | NUMBER) != 0 or not flags[start] & CAPITAL
    prose = names = 0
    for token in range(after, stop):
        names += flags[token] & (CAPITAL | NUMBER) != 0
        prose += flags[token] & (CAPITAL | NUMBER) == 0 and hashes[token] & KIND != SHORT
    return prose <= names


@nb.njit(nogil=True, cache=True)
def _is_date(hashes, flags, start, stop, tables, limits):  # type: ignore[no-untyped-def]
    """Whether a line consists of numbers and words of dates, with at least one of each."""
    if stop - start > limits[0]:
        return False
    numbers = 0
    for token in range(start, stop):
        if flags[token] & NUMBER:
            numbers += 1
        elif not has(hashes[token], tables, DATES):
            return False
    return 0 < numbers < stop - start


@nb.njit(nogil=True, cache=True)
def _is_menu(hashes, start, stop, tables, limits):  # type: ignore[no-untyped-def]
    if stop - start > limits[1]:
        return False
    for token in range(start, stop):  # noqa: SIM110 - numba takes no generators
        if not has(hashes[token], tables, MENUS):
            return False
    return True


@nb.njit(nogil=True, cache=True)
def _is_caption(hashes, start, stop, tables, limits):  # type: ignore[no-untyped-def]
    """Whether an opener ("photo by") occurs near the end of a line that a closer ("Getty Images") ends."""
    if stop - start > limits[2]:
        return False
    for token in range(max(start, stop - limits[4]), stop):
        marked = tables.marks[mark_of(hashes[token])] >> OPENERS & 1
        if marked and strongest(hashes, start, token, stop, tables, OPENERS, False) >= 0:
            return True
    return False


@nb.njit(nogil=True, cache=True)
def _is_wire_photo(hashes, flags, start, stop, tables, limits):  # type: ignore[no-untyped-def]
    """Whether an agency's name and a photographer's end the line, after a sentence that ends with a number.

    For example "June 13, 2023. REUTERS/First Last"; a line that is nothing else counts too.
    """
    if stop - start > limits[3]:
        return False
    after = stop  # the photographer is after:stop
    while after > start and stop - after < _PHOTOGRAPHER_WORDS and flags[after - 1] & CAPITAL:
        after -= 1
        for first in range(max(start, after - _WIRE_WORDS), after):
            if not tables.marks[mark_of(hashes[first])] >> WIRES & 1:
                continue
            opens = first == start or (flags[first] & SENTENCE and flags[first - 1] & NUMBER)
            if opens and strongest(hashes, first, first, after, tables, WIRES, False) >= 0:
                return True
    return False


@nb.njit(nogil=True, cache=True)
def _is_trail(hashes, before, start, stop, limits):  # type: ignore[no-untyped-def]
    """Whether before:start is a path of menus that ends with (the start of) the headline start:stop.

    The path's last menu and the headline's first word may have run together.
    """
    run_together = hashes[before] != hashes[start]
    for lead in range(1, limits[6] + 1):
        for skipped in range(2 if lead == 1 and run_together else 1):
            words = start - before - lead
            if words < limits[5] or words > stop - start - skipped:
                continue
            agree = 0
            while agree < words and hashes[before + lead + agree] == hashes[start + skipped + agree]:
                agree += 1
            if agree == words:
                return True
    return False
