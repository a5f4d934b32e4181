"""What a pipeline is told of an article: whether it has been seen before, and where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.index.compare.gathering import Gathered
from dedup.overlaps.align import AlignedColumns
from dedup.overlaps.measure import OverlapColumns
from dedup.overlaps.relations import OVERLAP_RELATIONS, PASSAGE_RELATIONS, OverlapCode
from dedup.results import OverlapRelation, SharedPassage, Verdict, VerdictKind
from dedup.schemas import SCORE_DIGITS


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, and whether the policy lets the article pass."""

    verdict: Verdict
    kept: bool


def verdicts_on(
    gathered: Gathered,
    pairs: AlignedColumns,
    chosen: NDArray[np.int64],
    own_is_a: NDArray[np.bool_],
    stories: Sequence[str | None],
    *,
    threads: int,
) -> Iterator[Verdict]:
    """The verdicts on articles that follow others.

    Parameters
    ----------
    pairs : AlignedColumns
        By the rows of `gathered`.
    chosen : ndarray of shape (n,)
        The pair of each article: it, and the one that it follows.
    own_is_a : ndarray of shape (n,), dtype bool
        Whether the article is the pair's `a`.
    stories : sequence of str or None
        The id of each article's story.
    """
    if len(chosen) == 0:
        return
    kept, number = np.unique(chosen, return_inverse=True)
    columns = gathered.related(pairs.take(kept), threads=threads)
    aligned = columns.aligned
    coverage = np.where(own_is_a, columns.coverage_a[number], columns.coverage_b[number])
    relation = columns.relation[number]
    # A whole that holds an excerpt which came first is no excerpt itself.
    whole = (relation == OverlapCode.EXCERPT) & (coverage < gathered.settings.most_share)
    other = np.where(own_is_a, aligned.b[number], aligned.a[number])
    passages = _passages(columns, number, own_is_a)
    for kind, follows, source, name, covered, alike, syndicated, agency, story in zip(
        np.where(whole, OverlapCode.PARTIAL, relation).tolist(),
        gathered.ids.take(pa.array(other)).to_pylist(),
        gathered.sources[other].tolist(),
        relation.tolist(),
        coverage.tolist(),
        columns.similarity[number].tolist(),
        columns.syndicated[number].tolist(),
        columns.agency[number].tolist(),
        stories,
        strict=True,
    ):
        yield Verdict(
            verdict=_kind(OVERLAP_RELATIONS[kind]),
            follows=follows,
            source=gathered.source_names[source],
            relation=OVERLAP_RELATIONS[name],
            coverage=round(covered, SCORE_DIGITS),
            similarity=round(alike, SCORE_DIGITS),
            syndicated=syndicated,
            agency=None if agency < 0 else gathered.agency_names[agency],
            passages=next(passages),
            story=story,
        )


def _kind(relation: OverlapRelation) -> VerdictKind:
    """What an article is that follows another; furniture alone makes nobody follow."""
    return "original" if relation == "furniture" else relation


def _passages(
    columns: OverlapColumns, pairs: NDArray[np.int64], own_is_a: NDArray[np.bool_]
) -> Iterator[tuple[SharedPassage, ...]]:
    """The passages of each pair, seen from the article that follows, in the order of its text."""
    found = columns.aligned.passages
    spans, relations = columns.spans.tolist(), columns.passage_relation.tolist()
    alike, words = found.similarity.tolist(), found.words.tolist()
    bounds = zip(columns.offsets[pairs].tolist(), columns.offsets[pairs + 1].tolist(), strict=True)
    for (first, last), is_a in zip(bounds, own_is_a.tolist(), strict=True):
        made = []
        for row in range(first, last):
            a_start, a_end, b_start, b_end = spans[row]
            ends = (a_start, a_end, b_start, b_end) if is_a else (b_start, b_end, a_start, a_end)
            made.append(
                SharedPassage(
                    start=ends[0],
                    end=ends[1],
                    other_start=ends[2],
                    other_end=ends[3],
                    relation=PASSAGE_RELATIONS[relations[row]],
                    similarity=round(alike[row], SCORE_DIGITS),
                    words=words[row],
                )
            )
        yield tuple(made if is_a else sorted(made, key=lambda passage: passage.start))
