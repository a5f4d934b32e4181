"""Text to tokens: one hash a word, its place in the text, and what stands around it.

A token is a run of letters, marks and digits, folded (`dedup.text.folding`); every quote, dash and other sign
falls away, and characters that show nothing (soft hyphen, joiners, direction marks) neither part a word nor
count in it. In scripts that are written without spaces (Han, Kana, Thai, Lao, Khmer, Myanmar) each
character with its marks is a token. One table of characters decides, so the rule is the same for every
language. Tags of HTML and addresses of Markdown are passed over (`dedup.text.markup`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numba as nb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.jit.borrow import borrowed
from dedup.jit.simd import LETTERS_AHEAD
from dedup.text.characters import (
    BLOCKQUOTE,
    BLOCKQUOTE_END,
    BRACKET,
    BREAK,
    DASH,
    NEWLINE,
    SKIP,
    STOP,
    TAG,
    WORD,
    CharacterTable,
    character_table,
)
from dedup.text.decoding import character, within_word
from dedup.text.flags import LINE, SENTENCE
from dedup.text.markup import construct
from dedup.text.quotations import COLUMNS, DEPTH, dash, end_paragraph, flag_quoted, quotation_mark
from dedup.text.words import ascii_word, word


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a batch of articles, one after the other.

    Attributes
    ----------
    hashes : ndarray of shape (n_tokens,), dtype uint32
        Equal words, folded, have equal hashes; see `dedup.text.word_hashes` for their last two bits.
    flags : ndarray of shape (n_tokens,), dtype uint8
        `LINE`, `SENTENCE`, `QUOTED`, `NUMBER`, `CAPITAL` of `dedup.text.flags`.
    offsets : ndarray of shape (n_articles + 1,), dtype int64
        The tokens of article i are ``offsets[i]:offsets[i + 1]``.
    starts, ends : ndarray of shape (n_tokens,) or (0,), dtype uint32
        Places in characters, half-open; empty unless asked for.
    lines : ndarray of shape (n_lines,), dtype int64
        For each token with `LINE`, the byte with which its line begins, in what `utf8_of` gives for the
        texts; known as long as all tokens are there.
    """

    hashes: NDArray[np.uint32]
    flags: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    starts: NDArray[np.uint32] = field(default_factory=lambda: np.zeros(0, np.uint32))
    ends: NDArray[np.uint32] = field(default_factory=lambda: np.zeros(0, np.uint32))
    lines: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))

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


#: How a text is read: as it is, as HTML from its first known tag or entity on, or as HTML in any case.
PLAIN, AUTO, HTML = 0, 1, 2
READINGS = {"plain": PLAIN, "auto": AUTO, "html": HTML}


def tokenise(
    texts: pa.StringArray | Sequence[str],
    *,
    places: bool = False,
    fold: str = "standard",
    text_as: str = "auto",
) -> Tokens:
    """Cut texts into tokens.

    Parameters
    ----------
    texts : pyarrow.StringArray or sequence of str
        Without nulls. An Arrow array is read in place.
    places : bool
        Whether to give `starts` and `ends`.
    fold : {"standard", "accents"}
        Which letters are the same; see `dedup.text.folding.folded`.
    text_as : {"auto", "plain", "html"}
        Whether tags and entities are read as such. With `auto`, those that HTML knows, and addresses of
        Markdown links; with `html`, whatever looks like a tag.

    Examples
    --------
    >>> tokens = tokenise(["Pakistan’s premier met Putin.", "PAKISTAN'S PREMIER"], places=True)
    >>> tokens.offsets.tolist(), (tokens.hashes[:3] == tokens.hashes[5:]).tolist()
    ([0, 5, 8], [True, True, True])
    >>> list(zip(tokens.starts[:3].tolist(), tokens.ends[:3].tolist()))
    [(0, 8), (9, 10), (11, 18)]
    """
    data, text_offsets = utf8_of(texts)
    # A token and the sign after it take two bytes at least, a character alone three.
    capacity = int(text_offsets[-1] - text_offsets[0] + 1) // 2 + len(text_offsets)
    hashes = np.empty(capacity, np.uint32)
    flags = np.empty(capacity, np.uint8)
    starts = np.empty(capacity if places else 0, np.uint32)
    ends = np.empty(capacity if places else 0, np.uint32)
    offsets = np.zeros(len(text_offsets), np.int64)
    lines = np.empty(capacity, np.int64)
    count, line_count = _tokenise(
        data,
        text_offsets,
        character_table(fold),
        READINGS[text_as],
        hashes,
        flags,
        starts,
        ends,
        offsets,
        lines,
    )
    return Tokens(
        hashes[:count], flags[:count], offsets, starts[:count], ends[:count], lines[:line_count].copy()
    )


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
        if not (pa.types.is_string(array.type) or pa.types.is_large_string(array.type)):
            array = array.cast(pa.large_string())  # the buffers of views and others are laid out otherwise
    else:
        joined = "".join(texts)
        if joined.isascii():  # then characters are bytes, and one copy is all it takes
            lengths = np.fromiter(map(len, texts), np.int64, len(texts))
            data = np.frombuffer(joined.encode("ascii"), np.uint8)  # read-only, as bytes are
            return data, np.concatenate(([0], np.cumsum(lengths)))
        array = pa.array(texts, pa.large_string())
    wide = pa.types.is_large_string(array.type)
    _, offset_buffer, data_buffer = array.buffers()
    if offset_buffer is None or len(array) == 0:
        return np.frombuffer(b"", np.uint8), np.zeros(len(array) + 1, np.int64)
    offsets: NDArray[Any] = np.frombuffer(offset_buffer, np.int64 if wide else np.int32)
    offsets = offsets[array.offset : array.offset + len(array) + 1].astype(np.int64)
    data = np.frombuffer(b"" if data_buffer is None else data_buffer, np.uint8)
    data.flags.writeable = False  # some buffers can be written to: one kind of array, one machine code
    return data, offsets


@nb.njit(nogil=True, cache=True)
def _compress(hashes, flags, offsets, keep, out_hashes, out_flags, out_offsets):  # type: ignore[no-untyped-def]
    kept = 0
    for article in range(len(offsets) - 1):
        first, last = offsets[article], offsets[article + 1]
        if np.all(keep[first:last]):  # as in most articles
            out_hashes[kept : kept + last - first] = hashes[first:last]
            out_flags[kept : kept + last - first] = flags[first:last]
            kept += last - first
        else:
            for token in range(first, last):
                if keep[token]:
                    out_hashes[kept] = hashes[token]
                    out_flags[kept] = flags[token]
                    kept += 1
        out_offsets[article + 1] = kept


@nb.njit(nogil=True, cache=True)
def _tokenise(data, text_offsets, table, reading, hashes, flags, starts, ends, offsets, lines):  # type: ignore[no-untyped-def]
    """Walk the bytes once; `hashes` and the rest are filled, the numbers of tokens and of lines come back.

    Words of ASCII letters and digits, which most are, are read in one go; all else, a character at a time.
    """
    data, lines = borrowed((data, lines))
    table = CharacterTable(borrowed(table.kinds), borrowed(table.letters), borrowed(table.long))
    hashes, flags, starts, ends = borrowed((hashes, flags, starts, ends))
    places = len(starts) > 0
    # From here on too few bytes follow for `ascii_word`: it looks at so many from within the reach, and then
    # reads eight from any byte of the word.
    reach = len(data) - LETTERS_AHEAD - 7
    quotations = np.zeros((DEPTH + 1, COLUMNS), np.int64)
    markup = reading != PLAIN
    n, line = 0, 0
    for article in range(len(text_offsets) - 1):
        i, stop = text_offsets[article], text_offsets[article + 1]
        line_from = i
        place = np.uint32(0)
        behind = np.int64(-1)  # where the last word ended
        ahead = LINE | SENTENCE  # flags that the next token takes
        stopped = False  # the last sign ended a sentence; a space must follow
        spaced = True  # nothing but a space or an opening sign stands before
        depth = quotations[DEPTH, 0] = 0  # quotations that are open
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
                    if i < stop and data[i] == 32:  # a plain space, as behind most words
                        place = np.uint32(place + np.uint32(1))
                        spaced = True
                        i += 1
                    continue
            entry, _, width = character(data, i, table)
            signs = 1
            if markup and (TAG <= entry <= BRACKET or (entry == STOP and data[i] == 33)):
                entry, width, signs, is_html = construct(data, i, stop, table, is_html)
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
                # The stops of Han, Devanagari and the like need no space after them.
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
                first = ahead & LINE != 0
                depth, spaced, i = quotation_mark(
                    data, i, stop, table, entry, spaced, after_word, first, quotations, depth, flags, n
                )
                place = np.uint32(place + np.uint32(i - before))
        depth = end_paragraph(quotations, depth, True, flags, n)
        offsets[article + 1] = n
    return n, line


@nb.njit(nogil=True, cache=True, inline="always")
def _may_go_on(byte, markup):  # type: ignore[no-untyped-def]
    """Whether a byte behind a word of ASCII letters is a hyphen, or begins a tag or an entity."""
    return (byte == 45) | (markup & ((byte == 60) | (byte == 38)))


@nb.njit(nogil=True, cache=True)
def _goes_on(data, i, stop, table, markup):  # type: ignore[no-untyped-def]
    """Whether the word that has been read up to byte `i` goes on behind what is there, or holds it."""
    if i >= stop:
        return False
    entry, _, _, _ = within_word(data, i, stop, table, markup)
    return entry == SKIP or entry >= WORD
