"""Candidate pairs to aligned passages, in batches and columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.batch import Alignments, align_pairs
from dedup.alignment.formulas import formulaic
from dedup.alignment.joining import join_passages
from dedup.alignment.similarity import article_jaccards, passage_scores, words_worth
from dedup.corpus.prepare import ComparedTokens
from dedup.corpus.protocols import ComparisonContext
from dedup.runtime.progress import Progress
from dedup.runtime.threads import map_in_order

_PAIRS_A_BATCH = 2048


class Sides(NamedTuple):
    """Passages seen from either of their articles, sorted by (article, start); ties by the other's id.

    Attributes
    ----------
    article, other : ndarray of shape (n,), dtype int64
    starts, ends : ndarray of shape (n,), dtype int32
        Places in the tokens of `article`.
    passage : ndarray of shape (n,), dtype int64
        The passage's number.
    """

    article: NDArray[np.int64]
    other: NDArray[np.int64]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    passage: NDArray[np.int64]

    def of(self, chosen: NDArray[np.bool_]) -> Sides:
        """Return the sides of the chosen passages; `chosen` has shape (n_passages,)."""
        rows = np.flatnonzero(chosen[self.passage])
        article, other, starts, ends, passage = self
        return Sides(article[rows], other[rows], starts[rows], ends[rows], passage[rows])


@dataclass(frozen=True)
class AlignedColumns:
    """The results of alignment for the pairs that share text.

    Attributes
    ----------
    a, b : ndarray of shape (n_pairs,), dtype int64
        Article numbers. The id of `a` sorts before that of `b`, and pairs are sorted by both.
    jaccard : ndarray of shape (n_pairs,), dtype float64
        The Jaccard similarity of the whole articles.
    passages : Alignments
        Their `pair` indexes `a` and `b`.
    passage_jaccard, passage_cosine : ndarray of shape (n_pieces,), dtype float64
        The scores of the passage that each piece belongs to.
    """

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    jaccard: NDArray[np.float64]
    passages: Alignments
    passage_jaccard: NDArray[np.float64]
    passage_cosine: NDArray[np.float64]

    @cached_property
    def sides(self) -> Sides:
        """All passages from either side, sorted once for every caller."""
        found = self.passages
        a, b = self.a[found.pair], self.b[found.pair]
        # The pairs are sorted, so an article's partners come in order: those for which it is `b` come first.
        article, other = np.concatenate([b, a]), np.concatenate([a, b])
        starts = np.concatenate([found.b_start, found.a_start])
        ends = np.concatenate([found.b_end, found.a_end])
        passage = np.tile(np.arange(len(found)), 2)
        order = np.argsort((article << 32) | starts, kind="stable")
        return Sides(article[order], other[order], starts[order], ends[order], passage[order])

    @classmethod
    def empty(cls) -> AlignedColumns:
        """Return an object without pairs."""
        none = np.zeros(0, np.int64)
        return cls(none, none, np.zeros(0), Alignments.empty(), np.zeros(0), np.zeros(0))

    def take(self, rows: NDArray[np.int64]) -> AlignedColumns:
        """Return some of the pairs, by their numbers and in the order asked for, each with its passages.

        Parameters
        ----------
        rows : ndarray of shape (n,), dtype int64
            Each at most once.
        """
        place = np.full(len(self.a), -1, np.int64)
        place[rows] = np.arange(len(rows))
        pair = place[self.passages.pair]
        passages = np.flatnonzero(pair >= 0)
        passages = passages[np.argsort(pair[passages], kind="stable")]
        return AlignedColumns(
            self.a[rows],
            self.b[rows],
            self.jaccard[rows],
            self.passages.take(passages).with_pair(pair[passages]),
            self.passage_jaccard[passages],
            self.passage_cosine[passages],
        )

    def renumbered(self, numbers: NDArray[np.int64]) -> AlignedColumns:
        """Return the same pairs in the same order, with article i renumbered to ``numbers[i]``."""
        return replace(self, a=numbers[self.a], b=numbers[self.b])

    def in_order(self) -> AlignedColumns:
        """Return the same pairs sorted by (a, b)."""
        return self.take(np.lexsort((self.b, self.a)))

    @classmethod
    def concat(cls, parts: Sequence[AlignedColumns]) -> AlignedColumns:
        """Return the pairs of all parts, one part after another."""
        if not parts:
            return cls.empty()
        firsts = np.cumsum([0, *(len(part.a) for part in parts)])
        passages = [
            part.passages.with_pair(part.passages.pair + first)
            for part, first in zip(parts, firsts[:-1], strict=True)
        ]
        return cls(
            np.concatenate([part.a for part in parts]),
            np.concatenate([part.b for part in parts]),
            np.concatenate([part.jaccard for part in parts]),
            Alignments.concat(passages),
            np.concatenate([part.passage_jaccard for part in parts]),
            np.concatenate([part.passage_cosine for part in parts]),
        )


def align(
    context: ComparisonContext,
    tokens: ComparedTokens,
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    *,
    threads: int,
    progress: Progress,
    floors: bool = True,
) -> AlignedColumns:
    """Align candidate pairs in batches, and score the passages found.

    Parameters
    ----------
    tokens : ComparedTokens
    a, b : ndarray of shape (n_pairs,), dtype int64
        Numbers of articles in `tokens`; the id of `a` sorts before that of `b`.
    floors : bool
        As for `dedup.alignment.align_pairs`.
    """

    def batches() -> Iterator[slice]:
        for start in range(0, len(a), _PAIRS_A_BATCH):
            yield slice(start, start + _PAIRS_A_BATCH)

    def work(rows: slice) -> AlignedColumns:
        return _align_batch(context, tokens, a[rows], b[rows], floors)

    parts = []
    for number, part in enumerate(map_in_order(work, batches(), threads)):
        parts.append(part)
        progress("aligning", min((number + 1) * _PAIRS_A_BATCH, len(a)), len(a))
    return AlignedColumns.concat(parts)


def _align_batch(
    context: ComparisonContext,
    tokens: ComparedTokens,
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    floors: bool,
) -> AlignedColumns:
    settings = context.settings
    passages = align_pairs(tokens.hashes, tokens.flags, tokens.offsets, a, b, settings, floors=floors)
    worth = words_worth(tokens.hashes, tokens.offsets, a, passages)
    total = np.bincount(passages.pair, worth, minlength=len(a))
    lengths = np.diff(tokens.offsets)
    # Equal texts are copies, however short.
    agreeing = np.bincount(passages.pair, passages.words, minlength=len(a))
    equal = (agreeing == lengths[a]) & (agreeing == lengths[b]) & (agreeing > 0)
    shares = (total >= settings.min_overlap_words) | equal
    if floors:
        shares &= ~formulaic(tokens.hashes, tokens.offsets, a, b, passages, context.background, settings)
    passages = passages.take(shares[passages.pair])
    arrays = tokens.hashes, tokens.flags, tokens.offsets
    passages = join_passages(*arrays, a, b, passages, context.background)
    scores = passage_scores(tokens.hashes, tokens.offsets, a, b, passages.joined(), context.background)
    number = np.cumsum(~passages.goes_on) - 1
    jaccard, cosine = (each[number] for each in scores)
    sharing, number = np.unique(passages.pair, return_inverse=True)
    a, b = a[sharing], b[sharing]
    whole = article_jaccards(tokens.hashes, tokens.offsets, a, b, settings.shingle_words)
    found = AlignedColumns(a, b, whole, passages.with_pair(number), jaccard, cosine)
    alike = whole >= settings.min_jaccard
    return found if not floors or alike.all() else found.take(np.flatnonzero(alike))
