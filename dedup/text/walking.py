"""Reads the bytes of texts: words and signs, one after another."""

from __future__ import annotations

import numba as nb
import numpy as np

from dedup.jit.borrow import borrowed
from dedup.jit.simd import LETTERS_AHEAD
from dedup.text.characters import (
    BLOCKQUOTE,
    BLOCKQUOTE_END,
    BRACKET,
    BREAK,
    BY_ITSELF,
    DASH,
    NEWLINE,
    SKIP,
    STOP,
    TAG,
    WORD,
    CharacterTable,
)
from dedup.text.decoding import character, within_word
from dedup.text.flags import LINE, SENTENCE
from dedup.text.markup import construct
from dedup.text.quotations import COLUMNS, DEPTH, dash, end_paragraph, flag_quoted, quotation_mark
from dedup.text.words import ascii_word, run_by_itself, word

#: How a text is read: as it is, as HTML from its first known tag or entity on, or as HTML in any case.
PLAIN, AUTO, HTML = 0, 1, 2


@nb.njit(nogil=True, cache=True)
def walk(data, text_offsets, table, reading, hashes, flags, starts, ends, offsets, lines):  # type: ignore[no-untyped-def]
    """Read the bytes once, fill `hashes` and the other arrays, and return the numbers of tokens and of lines.

    Words of ASCII letters and digits, which most words are, are read in one step; all others one character at
    a time.
    """
    data, lines = borrowed((data, lines))
    table = CharacterTable(borrowed(table.kinds), borrowed(table.letters), borrowed(table.long))
    hashes, flags, starts, ends = borrowed((hashes, flags, starts, ends))
    places = len(starts) > 0
    # From here on too few bytes follow for `ascii_word`, which looks `LETTERS_AHEAD` bytes ahead from within
    # the reach, and then reads eight from any byte of the word.
    reach = len(data) - LETTERS_AHEAD - 7
    quotations = np.zeros((DEPTH + 1, COLUMNS), np.int64)
    markup = reading != PLAIN
    n, line = 0, 0
    for article in range(len(text_offsets) - 1):
        i, stop = text_offsets[article], text_offsets[article + 1]
        line_from = i
        place = np.uint32(0)
        behind = np.int64(-1)  # where the last word ended
        ahead = LINE | SENTENCE  # flags of the next token
        stopped = False  # the last sign ended a sentence; a space must follow
        spaced = True  # only a space or an opening sign precedes
        depth = quotations[DEPTH, 0] = 0  # number of open quotations
        block = -1  # the first token of a <blockquote>
        is_html = reading == HTML  # a tag with a known name has been seen
        while i < stop:
            if i < reach:
                end, h, flag = ascii_word(data, i, stop, reach)
                if (
                    end > i
                    and data[end] != 32
                    and _may_go_on(data[end], markup)
                    and _goes_on(data, end, stop, table, markup)
                ):
                    end = i
                if end > i:
                    hashes[n] = h
                    flags[n] = ahead | flag
                    if ahead & LINE:
                        lines[line] = line_from
                        line += 1
                    if places:
                        starts[n], ends[n] = place, place + np.uint32(end - i)
                    n += 1
                    place = np.uint32(place + np.uint32(end - i))
                    ahead = np.uint8(0)
                    stopped = spaced = False
                    i = behind = end
                    if i < stop and data[i] == 32:  # a plain space, as after most words
                        place = np.uint32(place + np.uint32(1))
                        spaced = True
                        i += 1
                    continue
            entry, _, width = character(data, i, table)
            signs = 1
            if markup and (TAG <= entry <= BRACKET or (entry == STOP and data[i] == 33)):
                entry, width, signs, is_html = construct(data, i, stop, table, is_html)
            if entry & BY_ITSELF and data[i] >= 0xE3:
                first = n
                n, i = run_by_itself(data, i, stop, table, hashes, flags, starts, ends, n, place)
                if n > first:
                    flags[first] |= ahead
                    if ahead & LINE:
                        lines[line] = line_from
                        line += 1
                    place = np.uint32(place + np.uint32(n - first))
                    ahead = np.uint8(0)
                    stopped = spaced = False
                    behind = np.int64(-1)
                    continue
            if entry >= WORD:
                hashes[n], flag, end, characters, alone = word(data, i, stop, table, markup)
                flags[n] = ahead | flag
                if ahead & LINE:
                    lines[line] = line_from
                    line += 1
                if places:
                    starts[n], ends[n] = place, place + np.uint32(characters)
                n += 1
                place = np.uint32(place + np.uint32(characters))
                ahead = np.uint8(0)
                stopped = spaced = False
                i, behind = end, np.int64(-1) if alone else end
                continue
            place = np.uint32(place + np.uint32(signs))
            after_word = behind == i
            byte = data[i]
            i += width
            if entry == SKIP:
                if after_word:
                    behind = i
                continue
            if entry == BREAK:
                if byte == 32 or byte == 9 or byte >= 128 or signs > 1:
                    spaced = True
                    if stopped:
                        ahead |= SENTENCE
                elif byte == 40 or byte == 91:
                    spaced = True
            elif entry == NEWLINE or entry >= BLOCKQUOTE:
                ahead |= LINE | SENTENCE
                line_from = i
                depth = end_paragraph(quotations, depth, stopped, flags, n)
                spaced = True
                if entry == BLOCKQUOTE:
                    block = n
                elif entry == BLOCKQUOTE_END:
                    flag_quoted(flags, block, n)
                    block = -1
            elif entry == STOP:
                # The full stops of Han, Devanagari and others need no space after them.
                stopped = True
                if width > 1:
                    ahead |= SENTENCE
            elif entry == DASH:
                depth = dash(i, stop, ahead & LINE != 0, quotations, depth, flags, n)
                spaced = True
                if stopped:
                    ahead |= SENTENCE
            else:
                before = i
                begins = ahead & LINE != 0
                depth, spaced, i = quotation_mark(
                    data, i, stop, table, entry, spaced, after_word, begins, quotations, depth, flags, n
                )
                place = np.uint32(place + np.uint32(i - before))
        depth = end_paragraph(quotations, depth, True, flags, n)
        offsets[article + 1] = n
    return n, line


@nb.njit(nogil=True, cache=True, inline="always")
def _may_go_on(byte, markup):  # type: ignore[no-untyped-def]
    """Whether a byte after a word of ASCII letters is a hyphen, or begins a tag or an entity."""
    return (byte == 45) | (markup & ((byte == 60) | (byte == 38)))


@nb.njit(nogil=True, cache=True)
def _goes_on(data, i, stop, table, markup):  # type: ignore[no-untyped-def]
    """Whether the word that has been read up to byte `i` continues with, or after, what follows."""
    if i >= stop:
        return False
    entry, _, _, _ = within_word(data, i, stop, table, markup)
    return entry == SKIP or entry >= WORD
