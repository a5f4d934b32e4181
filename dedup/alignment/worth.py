"""The worth of the words that agree: their weight, and the prose among them."""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray

from dedup.alignment.extension import next_segment
from dedup.settings import Settings
from dedup.text.flags import CAPITAL, NUMBER
from dedup.text.word_hashes import KIND, SHORT
from dedup.thresholds import PLAIN_WORDS


@dataclass(frozen=True, slots=True)
class Worth:
    """What a passage is worth, and what is required of it besides the settings.

    Attributes
    ----------
    weight : float
        The weights of the words that agree, less the cost of the gaps: 1 for a word, 0.3 for one of at most
        three letters, 0.5 for a Han character, a third for a syllable of another script without spaces. At
        least `LEAST_WEIGHT` is required.
    plain_words : int
        Number of distinct words that agree and are neither names, numbers nor short, counted up to
        `plain_words_asked`.
    plain_words_asked : int
    """

    weight: float
    plain_words: int
    plain_words_asked: int


def passage_worth(
    hashes: NDArray[np.uint32],
    flags_a: NDArray[np.uint8],
    flags_b: NDArray[np.uint8],
    runs: NDArray[np.int32],
    settings: Settings,
) -> Worth:
    """Weigh one passage.

    Parameters
    ----------
    hashes, flags_a : ndarray of shape (n_tokens_a,)
        The tokens of the span in the first article.
    flags_b : ndarray of shape (n_tokens_b,)
    runs : ndarray of shape (n_runs, 3), dtype int32
        From `dedup.alignment.agreeing_runs`.

    Examples
    --------
    >>> from dedup.text.tokens import tokenise
    >>> tokens = tokenise(["Ali met Ahmed and Karim in the garden"])
    >>> runs = np.array([[0, 0, 8]], np.int32)
    >>> worth = passage_worth(tokens.hashes, tokens.flags, tokens.flags, runs, Settings())
    >>> round(worth.weight, 1), worth.plain_words, worth.plain_words_asked
    (4.5, 1, 3)
    """
    columns = np.ascontiguousarray(runs.T)
    unused = np.zeros(0, np.bool_)
    _, _, weight, _ = next_segment(hashes, columns, len(runs), 0, settings.max_gap, False, unused, unused)
    asked = plain_words_asked(int(runs[:, 2].sum()))
    found = plain_words(hashes, flags_a, flags_b, columns, 0, len(runs), asked)
    return Worth(float(weight), int(found), int(asked))


@nb.njit(nogil=True, cache=True)
def plain_words_asked(words):  # type: ignore[no-untyped-def]
    """Return how many distinct plain words make a passage of `words` words prose."""
    return min(max(3, words // 12), PLAIN_WORDS)


@nb.njit(nogil=True, cache=True)
def plain_words(a, flags_a, flags_b, runs, first, end, enough):  # type: ignore[no-untyped-def]
    """Count the distinct plain words that agree, up to `enough`.

    Names, numbers and short words do not count: lists, tables and market reports consist of these and of a
    few words that recur.
    """
    seen = np.empty(PLAIN_WORDS, np.uint32)
    different = 0
    for r in range(first, end):
        for place in range(runs[2, r]):
            i, j = runs[0, r] + place, runs[1, r] + place
            word = a[i]
            if (flags_a[i] | flags_b[j]) & (CAPITAL | NUMBER) != 0 or word & KIND == SHORT:
                continue
            new = True
            for k in range(different):
                new &= seen[k] != word
            if new:
                seen[different] = word
                different += 1
                if different == enough:
                    return different
    return different
