"""Texts cut into runs: the passage of each run, and whether its words agree with the partner's."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple
from unicodedata import category

from dedup.article import Span

#: For one passage: the places of the words that agree, in the first and in the second article.
Agreement = tuple[Sequence[Span], Sequence[Span]]

_AGREES, _DIFFERS = 1, 2


class Run(NamedTuple):
    """Consecutive characters that are shown alike.

    `passage` is the passage's number from 1, or 0 outside of all passages. `agrees` is None if it is not
    known, or if the run contains no words (spaces, punctuation). `opens` marks the first run of a passage.
    """

    text: str
    passage: int = 0
    agrees: bool | None = None
    furniture: bool = False
    opens: bool = False


def mark(
    text: str,
    passages: Sequence[Span],
    agreeing: Sequence[Sequence[Span]] | None = None,
    furniture: Sequence[Span] = (),
) -> Iterator[Run]:
    """Cut a whole text into runs, which concatenate to the text again.

    Parameters
    ----------
    text : str
    passages : sequence of Span
        Numbered from 1 in this order. Where two overlap, the first one gets the characters.
    agreeing : sequence of (sequence of Span), optional
        For each passage, the places of the words that agree; None if they are not known.
    furniture : sequence of Span
        The places of site furniture in the text.

    Examples
    --------
    >>> [(run.text, run.passage, run.agrees) for run in mark("say a b now", [Span(4, 11)], [[Span(4, 5)]])]
    [('say ', 0, None), ('a', 1, True), (' ', 1, None), ('b now', 1, False)]
    """
    size = len(text)
    owner, state, dim = array("I", [0]) * size, bytearray(size), bytearray(size)
    cuts = {0, size}
    for start, end in furniture:
        dim[start:end] = b"\1" * (end - start)
        cuts |= {start, end}
    for number in range(len(passages), 0, -1):
        start, end = passages[number - 1]
        owner[start:end] = array("I", [number]) * (end - start)
        state[start:end] = bytes(end - start)
        cuts |= {start, end}
        if agreeing is not None:
            for first, last, how in _states(text, passages[number - 1], agreeing[number - 1]):
                state[first:last] = bytes([how]) * (last - first)
                cuts |= {first, last}
    opened: set[int] = set()
    edges = sorted(cuts)
    for start, end in pairwise(edges):
        number = owner[start]
        agrees = {_AGREES: True, _DIFFERS: False}.get(state[start])
        yield Run(text[start:end], number, agrees, bool(dim[start]), bool(number) and number not in opened)
        opened.add(number)


def _states(text: str, passage: Span, agreeing: Sequence[Span]) -> Iterator[tuple[int, int, int]]:
    """Yield the stretches of a passage that agree (with the spaces between words) or differ (words only)."""
    at = passage.start
    joined_from: int | None = None
    for start, end in [*agreeing, Span(passage.end, passage.end)]:
        first, last = _words_between(text, at, start)
        if first < last or start == passage.end:
            if joined_from is not None:
                yield joined_from, at, _AGREES
            joined_from = None
            if first < last:
                yield first, last, _DIFFERS
        if joined_from is None:
            joined_from = start
        at = end


def _words_between(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and not _in_word(text[start]):
        start += 1
    while end > start and not _in_word(text[end - 1]):
        end -= 1
    return start, end


def _in_word(character: str) -> bool:
    # Marks too: a vowel sign must not be separated from its letter.
    return character.isalnum() or category(character)[0] == "M"
