"""What a pipeline is told of an article: whether it has been seen before, and where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.index.compare.gathering import Gathered
from dedup.overlaps.align import AlignedColumns
from dedup.overlaps.measure import OverlapColumns
from dedup.overlaps.relations import EXCERPT, OVERLAP_RELATIONS, PASSAGE_RELATIONS

Kind = Literal["original", "copy", "excerpt", "partial", "quotation"]

#: Digits behind the point of a score.
_DIGITS = 4
_PARTIAL = OVERLAP_RELATIONS.index("partial")


@dataclass(frozen=True, slots=True)
class SharedPassage:
    """A passage of the article and its place in the article that it follows; spans are half-open."""

    start: int
    end: int
    other_start: int
    other_end: int
    relation: str
    similarity: float
    words: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the filter says of an article.

    Attributes
    ----------
    verdict : {"original", "copy", "excerpt", "partial", "quotation"}
        "original" when nothing that came before shares a passage with it. A whole that holds an earlier
        excerpt is "partial".
    follows : str or None
        The id of the earlier article that shares most of it.
    source : str or None
        The source of that article.
    relation : str or None
        The relation of the two, as `dedup.results.Overlap` has it.
    coverage, similarity : float
        Share of its words that lie in passages of that article, and how alike these are.
    syndicated : bool
        A credit says that an agency or a feed supplied the text.
    agency : str or None
    passages : tuple of SharedPassage
        Those shared with that article.
    story : str or None
        The id of its story: the smallest id among the articles that were known then.
    """

    verdict: Kind = "original"
    follows: str | None = None
    source: str | None = None
    relation: str | None = None
    coverage: float = 0.0
    similarity: float = 0.0
    syndicated: bool = False
    agency: str | None = None
    passages: tuple[SharedPassage, ...] = ()
    story: str | None = None


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
    whole = (relation == EXCERPT) & (coverage < gathered.settings.most_share)
    other = np.where(own_is_a, aligned.b[number], aligned.a[number])
    passages = _passages(columns, number, own_is_a)
    for kind, follows, source, name, covered, alike, syndicated, agency, story in zip(
        np.where(whole, _PARTIAL, relation).tolist(),
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
            OVERLAP_RELATIONS[kind],
            follows,
            gathered.source_names[source],
            OVERLAP_RELATIONS[name],
            round(covered, _DIGITS),
            round(alike, _DIGITS),
            syndicated,
            None if agency < 0 else gathered.agency_names[agency],
            next(passages),
            story,
        )


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
            name = PASSAGE_RELATIONS[relations[row]]
            made.append(SharedPassage(*ends, name, round(alike[row], _DIGITS), words[row]))
        yield tuple(made if is_a else sorted(made, key=lambda passage: passage.start))
