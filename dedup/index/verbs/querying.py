"""Compares one article with those of an index, which does not change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dedup import __version__
from dedup.article import Article
from dedup.index.compare.finding import find_for_one
from dedup.index.compare.gathering import Gathered
from dedup.index.compare.incoming import Incoming, prepare
from dedup.index.store.snapshot import Period
from dedup.index.store.state import State
from dedup.overlaps.align import AlignedColumns
from dedup.overlaps.measure import OverlapColumns
from dedup.reading.batches import to_batches
from dedup.report.overlaps import overlap_batch, overlap_records
from dedup.report.scan_report import ScanReport
from dedup.results import ArticleSummary, Overlap
from dedup.runtime.unique import distinct

#: The number of an article that is queried and not stored; no stored article has it.
_ASKED = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Checked:
    """What an index knows about an article that is not stored in it.

    Attributes
    ----------
    article : ArticleSummary
        What a report would say about the article: shares, suppliers, the earliest, other outlets, and the
        sentence. It is derived from `overlaps` alone. `story` is the smallest id among the articles that
        share text with it.
    overlaps : tuple of Overlap
        What the article shares with each stored article, sorted by (a, b).
    report : ScanReport
        The article beside the stored ones that it overlaps with; the summary counts the one article.
    """

    article: ArticleSummary
    overlaps: tuple[Overlap, ...]
    report: ScanReport


def query(state: State, article: Article, period: Period) -> list[Overlap]:
    """Return what an article shares with the stored ones; one with the same id is skipped."""
    new, found = _found(state, article, period)
    if len(found.a) == 0:
        return []
    gathered, columns = _gathered(state, new, found)
    return overlap_records(overlap_batch(gathered, columns, 0, len(columns)))


def check(state: State, article: Article, period: Period) -> Checked:
    """Return what is known about an article that is not stored; a stored one with the same id is skipped.

    It is derived from the overlaps alone; its story is the smallest id among the articles that share text
    with it.
    """
    gathered, columns = _gathered(state, *_found(state, article, period))
    row = int(gathered.rows[-1])
    report = ScanReport(
        gathered,
        columns,
        gathered.compared,
        skipped=0,
        cut_short=0,
        notes=(),
        version=__version__,
        counted=np.array([row]),
    )
    said = report.for_article(article.id)
    return Checked(said.article, said.overlaps, report)


def _found(state: State, article: Article, period: Period) -> tuple[Incoming, AlignedColumns]:
    """Return the article, ready to be compared, and what it shares with the stored ones."""
    state.look()
    (batch,) = to_batches([article])
    new = prepare(batch, state.terms, 1, credit=False)
    source = state.catalogue.known_sources([article.source]).get(article.source, 0)
    own = state.catalogue.one("SELECT number FROM article WHERE id = ?", [article.id])
    found = find_for_one(new, source, _ASKED, state.snapshot, state.shelf, state.terms, period)
    return new, _without(found, own)


def _gathered(state: State, new: Incoming, found: AlignedColumns) -> tuple[Gathered, OverlapColumns]:
    """Return the stored articles that share text with one, followed by that one, and what they share."""
    every = distinct(np.concatenate([found.a, found.b, [_ASKED]]))
    gathered = Gathered.with_new(new, state.snapshot, every[:-1], state.terms)
    return gathered, gathered.related(gathered.rows_of(found, every))


def _without(found: AlignedColumns, number: int | None) -> AlignedColumns:
    """Return the overlaps without those of one article."""
    if number is None:
        return found
    return found.take(np.flatnonzero((found.a != number) & (found.b != number)))
