"""Candidate pairs to aligned passages: seeds, chains, extension.

The cost of a pair is linear in the lengths of its articles, and the constants are bounded whatever the texts:
a place is matched with a limited number of others, a block looks back at a few dozen, and growth keeps to a
band.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.pairs import Limits, align, runs_between, sharing
from dedup.settings import Settings
from dedup.thresholds import INDEXED_TIMES


@dataclass(frozen=True, slots=True)
class Alignments:
    """The aligned passages of a batch of pairs, sorted by (pair, a_start), one row per piece.

    A passage is one piece, or several with gaps between them that say the same in other words. Counts cover
    the pieces alone.

    Attributes
    ----------
    pair : ndarray of shape (n,), dtype int64
        The index of the pair in the batch.
    a_start, a_end, b_start, b_end : ndarray of shape (n,), dtype int32
        Half-open places in the articles' tokens, without furniture.
    words : ndarray of shape (n,), dtype int32
        Number of words that agree, in order.
    longest_run : ndarray of shape (n,), dtype int32
        Length in words of the longest run that agrees without a break.
    quoted_words, furniture_words, plain_words : ndarray of shape (n,), dtype int32
        How many of the words are within quotation marks in at least one of the two articles, are site
        furniture in at least one, and are plain: neither a name (a capital, then a small letter) nor a
        number.
    goes_on : ndarray of shape (n,), dtype bool
        Whether the row is a piece of the same passage as the row before.
    """

    pair: NDArray[np.int64]
    a_start: NDArray[np.int32]
    a_end: NDArray[np.int32]
    b_start: NDArray[np.int32]
    b_end: NDArray[np.int32]
    words: NDArray[np.int32]
    longest_run: NDArray[np.int32]
    quoted_words: NDArray[np.int32]
    furniture_words: NDArray[np.int32]
    plain_words: NDArray[np.int32]
    goes_on: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.pair)

    def columns(self) -> tuple[NDArray[Any], ...]:
        """Return all columns, in the order of the fields."""
        return (
            self.pair,
            self.a_start,
            self.a_end,
            self.b_start,
            self.b_end,
            self.words,
            self.longest_run,
            self.quoted_words,
            self.furniture_words,
            self.plain_words,
            self.goes_on,
        )

    @classmethod
    def empty(cls) -> Alignments:
        """Return an object without passages."""
        return cls.from_rows(np.zeros((0, 11), np.int32))

    @classmethod
    def from_rows(cls, rows: NDArray[np.int32]) -> Alignments:
        """Build the passages from rows of shape (n, 11), whose values are in the order of the columns."""
        columns = np.ascontiguousarray(rows.T)
        typed: list[NDArray[Any]] = [columns[0].astype(np.int64), *columns[1:10], columns[10] != 0]
        return cls(*typed)

    def take(self, rows: NDArray[np.bool_] | NDArray[np.int64] | slice) -> Alignments:
        """Return some of the passages, chosen by a mask, a slice, or row numbers in the order asked for."""
        return Alignments(*(column[rows] for column in self.columns()))

    def with_pair(self, pair: NDArray[np.int64]) -> Alignments:
        """Return the same passages with other pair numbers."""
        return replace(self, pair=pair)

    @classmethod
    def concat(cls, parts: Sequence[Alignments]) -> Alignments:
        """Return the passages of all parts, one part after another, with their pair numbers unchanged."""
        if not parts:
            return cls.empty()
        columns = zip(*(part.columns() for part in parts), strict=True)
        return cls(*(np.concatenate(column) for column in columns))

    @property
    def first_pieces(self) -> NDArray[np.int64]:
        """The rows at which a passage begins, shape (n_passages,)."""
        return np.flatnonzero(~self.goes_on)

    def joined(self) -> Alignments:
        """Return whole passages, one row each: from the first place to the last, with the sums of the pieces.

        Examples
        --------
        >>> pieces = [[0, 5, 9, 0, 4, 4, 4, 0, 0, 3, 0], [0, 20, 24, 8, 12, 4, 3, 0, 0, 2, 1]]
        >>> whole = Alignments.from_rows(np.array(pieces, np.int32)).joined()
        >>> whole.a_start.tolist(), whole.a_end.tolist(), whole.words.tolist(), whole.longest_run.tolist()
        ([5], [24], [8], [4])
        """
        first = self.first_pieces
        if len(first) == len(self):
            return self
        return Alignments(
            self.pair[first],
            self.a_start[first],
            np.maximum.reduceat(self.a_end, first),
            np.minimum.reduceat(self.b_start, first),
            np.maximum.reduceat(self.b_end, first),
            np.add.reduceat(self.words, first),
            np.maximum.reduceat(self.longest_run, first),
            np.add.reduceat(self.quoted_words, first),
            np.add.reduceat(self.furniture_words, first),
            np.add.reduceat(self.plain_words, first),
            np.zeros(len(first), np.bool_),
        )

    @property
    def similarity(self) -> NDArray[np.float64]:
        """The share of the words in the two spans that agree, in [0, 1], shape (n,)."""
        spanned = (self.a_end - self.a_start) + (self.b_end - self.b_start)
        return np.asarray(2.0 * self.words / spanned)


def align_pairs(
    hashes: NDArray[np.uint32],
    flags: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    settings: Settings,
    *,
    floors: bool = True,
) -> Alignments:
    """Align the articles of each pair.

    Parameters
    ----------
    hashes, flags, offsets
        The tokens of the articles, as in `dedup.text.tokens.Tokens`.
    a, b : ndarray of shape (n_pairs,), dtype int64
        Article numbers. Pairs with the same `a` should follow one another, because its seeds are then indexed
        once.
    floors : bool
        Whether a passage must have weight and be prose (`dedup.alignment.worth`), whatever the settings.
        Without floors, the caller sees what they keep out.

    Examples
    --------
    >>> from dedup.text.tokens import tokenise
    >>> tokens = tokenise(["Yes. The ministers met in Moscow on Thursday to sign a pact on grain and oil.",
    ...                    "The ministers met in Moscow on Friday to sign a pact on grain and oil, he said."])
    >>> found = align_pairs(
    ...     tokens.hashes, tokens.flags, tokens.offsets, np.array([0]), np.array([1]), Settings()
    ... )
    >>> [(int(found.a_start[0]), int(found.a_end[0])), int(found.words[0]), float(found.similarity[0])]
    [(1, 16), 14, 0.9333333333333333]
    """
    # Of a book and a brief the book is indexed, because it may have thousands of such partners.
    lengths = np.diff(offsets)
    turned = lengths[b] > INDEXED_TIMES * lengths[a]
    one, two = np.where(turned, b, a), np.where(turned, a, b)
    order = np.lexsort((two, one)) if turned.any() else np.arange(len(a))
    rows = align(hashes, flags, offsets, np.stack([one, two])[:, order], _limits(settings), floors)
    rows[:, 0] = order[rows[:, 0]]
    back = turned[rows[:, 0]]
    rows[back, 1:5] = rows[back][:, [3, 4, 1, 2]]
    return Alignments.from_rows(rows[np.lexsort((rows[:, 1], rows[:, 0]))])


def share_seeds(
    hashes: NDArray[np.uint32],
    offsets: NDArray[np.int64],
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    settings: Settings,
) -> NDArray[np.bool_]:
    """Whether the articles of each pair share the number of seeds that `align_pairs` asks for.

    Pairs for which this is False do not align, in whichever order they are given. Where one article has many
    candidates, those that share nothing are thus left out cheaply: its seeds are indexed once, whichever id
    comes first.

    Parameters
    ----------
    hashes, offsets, a, b, settings
        As for `align_pairs`. Pairs with the same `a` should follow one another.

    Returns
    -------
    ndarray of shape (n_pairs,), dtype bool

    Examples
    --------
    >>> from dedup.text.tokens import tokenise
    >>> tokens = tokenise(["The ministers met in Moscow on Thursday to sign a pact.",
    ...                    "The ministers met in Moscow on Friday.", "Rain is expected in the north."])
    >>> share_seeds(tokens.hashes, tokens.offsets, np.array([0, 0]), np.array([1, 2]), Settings()).tolist()
    [True, False]
    """
    return np.asarray(sharing(hashes, offsets, np.stack([a, b]), _limits(settings)))


def agreeing_runs(a: NDArray[np.uint32], b: NDArray[np.uint32], settings: Settings) -> NDArray[np.int32]:
    """Return the runs of words that agree in two aligned spans, in order to show them.

    Returns
    -------
    ndarray of shape (n_runs, 3), dtype int32
        Place in `a`, place in `b`, length in words.
    """
    return np.asarray(runs_between(a, b, _limits(settings)))


def _limits(settings: Settings) -> Limits:
    return Limits(settings.seed_words, settings.max_gap, settings.min_words, float(settings.min_similarity))
