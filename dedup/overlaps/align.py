"""Candidate pairs to aligned passages, in batches and columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.alignment.batch import Alignments, align_pairs
from dedup.alignment.similarity import article_jaccards, passage_scores
from dedup.corpus.protocols import ComparisonContext
from dedup.corpus.second_pass import Sketches
from dedup.runtime.progress import Progress
from dedup.runtime.threads import map_in_order

_PAIRS_A_BATCH = 2048


class Sides(NamedTuple):
    """Passages seen from either of their articles, sorted by (article, start), ties by the other's id.

    Attributes
    ----------
    article, other : ndarray of shape (n,), dtype int64
    starts, ends : ndarray of shape (n,), dtype int32
        In the tokens of `article`.
    passage : ndarray of shape (n,), dtype int64
        The passage's number.
    """

    article: NDArray[np.int64]
    other: NDArray[np.int64]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    passage: NDArray[np.int64]

    def of(self, chosen: NDArray[np.bool_]) -> Sides:
        """Those of the chosen passages, `chosen` of shape (n_passages,)."""
        rows = np.flatnonzero(chosen[self.passage])
        article, other, starts, ends, passage = self
        return Sides(article[rows], other[rows], starts[rows], ends[rows], passage[rows])


@dataclass(frozen=True)
class AlignedColumns:
    """What alignment gives for the pairs that share something.

    Attributes
    ----------
    a, b : ndarray of shape (n_pairs,), dtype int64
        Article numbers; the id of `a` sorts before that of `b`, and pairs are sorted so.
    jaccard : ndarray of shape (n_pairs,), dtype float64
        Of the whole articles.
    passages : Alignments
        Their `pair` counts in `a` and `b`.
    passage_jaccard, passage_cosine : ndarray of shape (n_passages,), dtype float64
    """

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    jaccard: NDArray[np.float64]
    passages: Alignments
    passage_jaccard: NDArray[np.float64]
    passage_cosine: NDArray[np.float64]

    @cached_property
    def sides(self) -> Sides:
        """All passages, from either side: sorted once for all that asks."""
        found = self.passages
        a, b = self.a[found.pair], self.b[found.pair]
        # The pairs are sorted, so an article's partners come in order: first those of which it is `b`.
        article, other = np.concatenate([b, a]), np.concatenate([a, b])
        starts = np.concatenate([found.b_start, found.a_start])
        ends = np.concatenate([found.b_end, found.a_end])
        passage = np.tile(np.arange(len(found)), 2)
        order = np.argsort((article << 32) | starts, kind="stable")
        return Sides(article[order], other[order], starts[order], ends[order], passage[order])


def align(
    corpus: ComparisonContext,
    sketches: Sketches,
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    *,
    threads: int,
    progress: Progress,
    floors: bool = True,
) -> AlignedColumns:
    """Align candidate pairs in batches, and score what was found.

    Parameters
    ----------
    a, b : ndarray of shape (n_pairs,), dtype int64
        Article numbers; the id of `a` sorts before that of `b`.
    floors : bool
        As for `dedup.alignment.align_pairs`.
    """

    def batches() -> Iterator[slice]:
        for start in range(0, len(a), _PAIRS_A_BATCH):
            yield slice(start, start + _PAIRS_A_BATCH)

    def work(rows: slice) -> AlignedColumns:
        return _align_batch(corpus, sketches, a[rows], b[rows], floors)

    parts = []
    for number, part in enumerate(map_in_order(work, batches(), threads)):
        parts.append(part)
        progress("aligning", min((number + 1) * _PAIRS_A_BATCH, len(a)), len(a))
    return concatenated(parts or [_align_batch(corpus, sketches, a, b, floors)])


def _align_batch(
    corpus: ComparisonContext, sketches: Sketches, a: NDArray[np.int64], b: NDArray[np.int64], floors: bool
) -> AlignedColumns:
    settings = corpus.settings
    found = align_pairs(sketches.hashes, sketches.flags, sketches.offsets, a, b, settings, floors=floors)
    total = np.bincount(found.pair, found.words, minlength=len(a))
    found = found.select(total[found.pair] >= settings.min_overlap_words)
    jaccard, cosine = passage_scores(sketches.hashes, sketches.offsets, a, b, found, corpus.background)
    sharing, number = np.unique(found.pair, return_inverse=True)
    a, b = a[sharing], b[sharing]
    whole = article_jaccards(sketches.hashes, sketches.offsets, a, b, settings.shingle_words)
    columns = {field.name: getattr(found, field.name) for field in fields(Alignments)}
    return AlignedColumns(a, b, whole, Alignments(**columns | {"pair": number}), jaccard, cosine)


def concatenated(parts: list[AlignedColumns]) -> AlignedColumns:
    """The pairs of all parts, one part after the other."""
    firsts = np.cumsum([0, *(len(part.a) for part in parts)])
    columns = {
        field.name: np.concatenate([getattr(part.passages, field.name) for part in parts])
        for field in fields(Alignments)
    }
    columns["pair"] = np.concatenate(
        [part.passages.pair + first for part, first in zip(parts, firsts[:-1], strict=True)]
    )
    return AlignedColumns(
        np.concatenate([part.a for part in parts]),
        np.concatenate([part.b for part in parts]),
        np.concatenate([part.jaccard for part in parts]),
        Alignments(**columns),
        np.concatenate([part.passage_jaccard for part in parts]),
        np.concatenate([part.passage_cosine for part in parts]),
    )
