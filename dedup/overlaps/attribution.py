"""Words of a passage that both articles give as somebody's.

They are marked in one article, and marked or attributed in the other.

An outlet that prints a speaker's words without quotation marks or attribution has taken them as its own.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.alignment.batch import Alignments
from dedup.alignment.pairs import Limits, runs_between
from dedup.corpus.prepare import ComparedTokens
from dedup.settings import Settings
from dedup.text.flags import LINE, QUOTED, SENTENCE
from dedup.text.tokens import tokenise


def attributed_words(
    tokens: ComparedTokens,
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    found: Alignments,
    stated: NDArray[np.bool_],
    settings: Settings,
) -> NDArray[np.int32]:
    """Count the agreeing words of each passage that both articles give as somebody's words.

    Parameters
    ----------
    tokens : ComparedTokens
    a, b : ndarray of shape (n_passages,)
        The articles of each passage, by their numbers in `tokens`.
    found : Alignments
    stated : ndarray of shape (n_passages, 2), dtype bool
        Whether the passage follows a speaker and a colon in a and in b: then its first paragraph counts as
        marked there.

    Returns
    -------
    ndarray of shape (n_passages,), dtype int32

    Examples
    --------
    >>> from dedup.alignment.batch import align_pairs
    >>> words = "we will build the new bridge over the river before the winter comes and close the old one"
    >>> texts = [f'"We{words[2:]}," the mayor said.', f"The mayor said {words}.", f"Now {words}."]
    >>> whole, settings = tokenise(texts), Settings()
    >>> one, others = np.array([0, 0]), np.array([1, 2])
    >>> found = align_pairs(whole.hashes, whole.flags, whole.offsets, one, others, settings)
    >>> held = ComparedTokens(whole.hashes, whole.flags, whole.offsets)
    >>> attributed_words(held, one, others, found, np.zeros((2, 2), np.bool_), settings).tolist()
    [18, 0]
    """
    out = np.zeros(len(found), np.int32)
    if len(found):
        limits = Limits(
            settings.seed_words, settings.max_gap, settings.min_words, float(settings.min_similarity)
        )
        spans = np.stack([found.a_start, found.a_end, found.b_start, found.b_end], axis=1).astype(np.int64)
        texts = tokens.hashes, tokens.flags, tokens.offsets.astype(np.int64)
        both = a.astype(np.int64), b.astype(np.int64)
        _count(texts, both, spans, stated, limits, attributing_words(), out)
    return out


@cache
def attributing_words() -> NDArray[np.uint32]:
    """Return the hashes of the words of ``attribution.toml``, sorted."""
    path = resources.files("dedup.overlaps").joinpath("attribution.toml")
    words = tomllib.loads(path.read_text(encoding="utf-8"))
    return np.unique(tokenise([" ".join(words.values())]).hashes)


@nb.njit(nogil=True, cache=True)
def _count(texts, pairs, spans, stated, limits, words, out):  # type: ignore[no-untyped-def]
    hashes, flags, offsets = texts
    for row in range(len(out)):
        a0, a1 = offsets[pairs[0][row]], offsets[pairs[0][row] + 1]
        b0, b1 = offsets[pairs[1][row]], offsets[pairs[1][row] + 1]
        start_a, end_a, start_b, end_b = spans[row]
        given_a, marked_a = _given((hashes[a0:a1], flags[a0:a1]), start_a, end_a, stated[row, 0], words)
        given_b, marked_b = _given((hashes[b0:b1], flags[b0:b1]), start_b, end_b, stated[row, 1], words)
        a, b = hashes[a0 + start_a : a0 + end_a], hashes[b0 + start_b : b0 + end_b]
        runs = runs_between(a, b, limits)
        count = 0
        for run in range(len(runs)):
            for step in range(runs[run, 2]):
                i, j = runs[run, 0] + step, runs[run, 1] + step
                count += (marked_a[i] and given_b[j]) or (marked_b[j] and given_a[i])
        out[row] = count


@nb.njit(nogil=True, cache=True)
def _given(text, start, end, stated, words):  # type: ignore[no-untyped-def]
    """Return for each word of a span whether it is marked or attributed, and whether it is marked."""
    hashes, flags = text
    marked = np.zeros(end - start, np.bool_)
    given = np.zeros(end - start, np.bool_)
    in_statement = stated
    for place in range(start, end):
        if place > start and flags[place] & LINE != 0:
            in_statement = False
        marked[place - start] = flags[place] & QUOTED != 0 or in_statement
    first = start
    while first > 0 and flags[first] & SENTENCE == 0:
        first -= 1
    while first < end:
        last = first + 1
        while last < len(flags) and flags[last] & SENTENCE == 0:
            last += 1
        attributed = False
        for place in range(first, last):
            where = np.searchsorted(words, hashes[place])
            if where < len(words) and words[where] == hashes[place]:
                attributed = True
                break
        for place in range(max(first, start), min(last, end)):
            given[place - start] = attributed or marked[place - start]
        first = last
    return given, marked
