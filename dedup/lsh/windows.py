"""Tokens to windows: runs of tokens that are sketched as one set, cut by count alone.

Outlets merge and split paragraphs, so windows do not depend on paragraph breaks: a window has
``passage_words`` shingles, and a new one starts every half window. A window is thus two half-windows, and its
signature is the minimum of theirs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Windows:
    """Where the windows of a batch of articles lie.

    Attributes
    ----------
    starts, ends : ndarray of shape (n_windows,), dtype int64
        Half-open places in the batch's tokens.
    offsets : ndarray of shape (n_articles + 1,), dtype int64
        The windows of article i are ``offsets[i]:offsets[i + 1]``.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    offsets: NDArray[np.int64]

    @property
    def articles(self) -> NDArray[np.int64]:
        """The number of each window's article in the batch, shape (n_windows,)."""
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))


def cut_windows(offsets: NDArray[np.int64], *, passage_words: int, shingle_words: int) -> Windows:
    """Cut the tokens of each article into windows.

    Parameters
    ----------
    offsets : ndarray of shape (n_articles + 1,), dtype int64
        As in `dedup.text.tokens.Tokens`.
    passage_words : int
        Shingles that start in a window; rounded down to an even number.
    shingle_words : int
        An article with fewer tokens than this has no window.

    Examples
    --------
    >>> cut = cut_windows(np.array([0, 40, 43]), passage_words=24, shingle_words=4)
    >>> list(zip(cut.starts.tolist(), cut.ends.tolist())), cut.offsets.tolist()
    ([(0, 27), (12, 39), (24, 40)], [0, 3, 3])
    """
    half = passage_words // 2
    halves = half_counts(np.diff(offsets), half=half, shingle_words=shingle_words)
    counts = window_counts(halves)
    window_offsets = np.concatenate(([0], np.cumsum(counts)))
    within = np.arange(window_offsets[-1]) - np.repeat(window_offsets[:-1], counts)
    starts = np.repeat(offsets[:-1], counts) + within * half
    ends = np.minimum(starts + 2 * half + shingle_words - 1, np.repeat(offsets[1:], counts))
    return Windows(starts, ends, window_offsets)


@nb.njit(nogil=True, cache=True)
def half_counts(lengths, half, shingle_words):  # type: ignore[no-untyped-def]
    """Return the number of half-windows of articles with these lengths (in tokens)."""
    shingles = np.maximum(lengths - shingle_words + 1, 0)
    return (shingles + half - 1) // half


@nb.njit(nogil=True, cache=True)
def window_counts(halves):  # type: ignore[no-untyped-def]
    """Count the windows of `halves` half-windows: each neighbouring pair, or the only one."""
    return np.where(halves > 1, halves - 1, halves)
