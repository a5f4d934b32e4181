"""Lines in which a site addresses its readers: pitches, walls, consent, helplines, legal notices.

Such a line is recognised by its words, not by how it begins: it addresses the reader ("you", "our", "please",
"subscribe") and is dense with terms of the trade (newsletter, account, JavaScript, helpline, forward-looking
statements). Each distinct word scores one or two points, and a word of reporting ("said") subtracts two. A
paragraph of a story about such things holds only a few of them among others. The words are in
``appeals.toml``.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.cleaning.agencies import read_data
from dedup.cleaning.phrases import ACTION, Phrase, PhraseTables, mark_of, phrase_tables, strongest
from dedup.jit.borrow import borrowed
from dedup.jit.simd import next_with
from dedup.text.flags import APPEAL, FURNITURE, LINE, QUOTED, SENTENCE
from dedup.text.tokens import Tokens

#: The tables: words that address the reader, words that do so at the start of a sentence, and words that
#: score.
_ADDRESS, _IMPERATIVE, _POINTS = range(3)
#: The kinds of words that score, and their points.
_WEAK, _STRONG, _TELLING = 1, 2, 3
_WORTH = (0, 1, 2, -2)
#: A line of at most this many words that begins with an imperative needs no strong word.
_SHORT_APPEAL = 24
#: A line with fewer words is left to the rules for whole lines.
_LEAST_WORDS = 6


#: The numbers of ``appeals.toml``, in the order in which the kernel takes them.
_WORDS, _SCORE, _OF_IMPERATIVE, _UNADDRESSED, _A_POINT, _A_POINT_UNADDRESSED = range(6)
_LIMITS = (
    "words",
    "score",
    "score_of_imperative",
    "score_unaddressed",
    "words_a_point",
    "words_a_point_unaddressed",
)


class _Appeals(NamedTuple):
    tables: PhraseTables
    limits: NDArray[np.int64]


def mark_appeals(tokens: Tokens) -> Tokens:
    """Mark the lines in which the site addresses its readers: `FURNITURE` in their flags.

    A sentence with a few such words gets `APPEAL` at its first token: if its source repeats it, it is
    furniture (`dedup.background`).

    Parameters
    ----------
    tokens : Tokens
        The tokens of whole articles. Their flags change in place.

    Examples
    --------
    >>> from dedup.text.tokens import tokenise
    >>> texts = ["Sign up for our free newsletter and get the best stories in your inbox every day.",
    ...          "The minister signed the free trade pact on Monday and read a story to the children."]
    >>> [bool(flags.any()) for flags in (mark_appeals(tokenise([text])).flags & FURNITURE for text in texts)]
    [True, False]
    """
    _mark_batch(tokens.hashes, tokens.offsets, tokens.flags, *_appeals())
    return tokens


@cache
def _appeals() -> _Appeals:
    data = read_data("appeals.toml")
    kinds = (("weak", _WEAK), ("strong", _STRONG), ("telling", _TELLING))
    points = [Phrase(word, action=kind) for key, kind in kinds for word in data[key]]
    tables = phrase_tables((map(Phrase, data["address"]), map(Phrase, data["imperatives"]), points))
    return _Appeals(tables, np.array([data[name] for name in _LIMITS], np.int64))


@nb.njit(nogil=True, cache=True)
def _mark_batch(hashes, offsets, flags, tables, limits):  # type: ignore[no-untyped-def]
    hashes, offsets, flags = borrowed((hashes, offsets, flags))
    tables, limits = borrowed((tables, limits))
    for article in range(len(offsets) - 1):
        start, end = offsets[article], offsets[article + 1]
        while start < end:
            stop = next_with(flags, start + 1, end, LINE)
            fits = _LEAST_WORDS <= stop - start <= limits[_WORDS]
            if fits and _appeals_to_readers(hashes, flags, start, stop, tables, limits):
                for token in range(start, stop):
                    flags[token] |= FURNITURE
            sentence = start
            while sentence < stop:
                after = next_with(flags, sentence + 1, stop, SENTENCE)
                if _may_appeal(hashes, flags, sentence, after, tables):
                    flags[sentence] |= APPEAL
                sentence = after
            start = stop


@nb.njit(nogil=True, cache=True)
def _may_appeal(hashes, flags, start, stop, tables):  # type: ignore[no-untyped-def]
    """Whether a sentence addresses somebody outside quotations or has a strong word, and reports nothing."""
    addressed, weak, strong = False, 0, 0
    for at in range(start, stop):
        marks = tables.marks[mark_of(hashes[at])]
        if not marks:
            continue
        if flags[at] & QUOTED == 0:
            addressed |= _row(hashes, at, stop, tables, _ADDRESS, marks) >= 0
            addressed |= at == start and _row(hashes, at, stop, tables, _IMPERATIVE, marks) >= 0
        row = _row(hashes, at, stop, tables, _POINTS, marks)
        if row >= 0:
            if tables.rows[row, ACTION] == _TELLING:
                return False
            weak += 1
            strong += tables.rows[row, ACTION] == _STRONG
    return (addressed and weak > 0) or strong > 0


@nb.njit(nogil=True, cache=True)
def _appeals_to_readers(hashes, flags, start, stop, tables, limits):  # type: ignore[no-untyped-def]
    score, strong, addressed, imperative, tells = 0, False, False, False, False
    for at in range(start, stop):
        marks = tables.marks[mark_of(hashes[at])]
        if not marks:
            continue
        addressed |= _row(hashes, at, stop, tables, _ADDRESS, marks) >= 0
        if flags[at] & SENTENCE and _row(hashes, at, stop, tables, _IMPERATIVE, marks) >= 0:
            imperative |= at == start
            addressed = True
        row = _row(hashes, at, stop, tables, _POINTS, marks)
        if row >= 0 and not _occurs(hashes, start, at):
            score += _WORTH[tables.rows[row, ACTION]]
            strong |= tables.rows[row, ACTION] == _STRONG
            tells |= tables.rows[row, ACTION] == _TELLING
    if tells and not addressed:
        return False
    per_point = limits[_A_POINT if addressed else _A_POINT_UNADDRESSED]
    least = limits[_OF_IMPERATIVE if imperative else _SCORE if addressed else _UNADDRESSED]
    fits = strong or (imperative and stop - start <= _SHORT_APPEAL)
    return fits and score >= least and score * per_point >= stop - start


@nb.njit(nogil=True, cache=True, inline="always")
def _row(hashes, at, stop, tables, table, marks):  # type: ignore[no-untyped-def]
    return strongest(hashes, at, at, stop, tables, table, False) if marks >> table & 1 else -1


@nb.njit(nogil=True, cache=True)
def _occurs(hashes, start, at):  # type: ignore[no-untyped-def]
    for before in range(start, at):  # noqa: SIM110 - numba takes no generators
        if hashes[before] == hashes[at]:
            return True
    return False
