"""A report without the pairs that decisions have closed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.article import Article
from dedup.decisions.ledger import Ledger
from dedup.report.sequences import Records
from dedup.results import ArticleSummary, Overlap, Report, Story, Summary

_ROWS = 1024


def closed_overlaps(
    ledger: Ledger, overlaps: Iterable[Overlap], article: Callable[[str], Article]
) -> NDArray[np.bool_]:
    """Return which overlaps decisions have closed, shape (n_overlaps,).

    Parameters
    ----------
    article : callable
        Returns an article by its id.
    """
    found = (ledger.answer(overlap, article).state == "closed" for overlap in overlaps)
    return np.fromiter(found, np.bool_)


class OpenReport:
    """The pairs of a report that no decision has closed: a `dedup.results.Report`.

    Articles and stories are reported as they were measured. Pairs whose decision is waiting for an answer are
    included.

    Parameters
    ----------
    report : Report
    ledger : Ledger
    """

    def __init__(self, report: Report, ledger: Ledger) -> None:
        self._report = report
        kept = np.flatnonzero(~closed_overlaps(ledger, report.overlaps, report.article))
        self._rows = kept
        closed = len(report.overlaps) - len(kept)
        said = [f"{closed:,} overlaps are left out: decisions have closed them"] if closed else []
        self.notes: Sequence[str] = [*report.notes, *said]
        self.overlaps: Sequence[Overlap] = Records(len(kept), self._overlaps)
        self.summary: Summary = replace(report.summary, overlaps=len(kept))

    @property
    def articles(self) -> Sequence[ArticleSummary]:
        """The articles as they were measured."""
        return self._report.articles

    @property
    def stories(self) -> Sequence[Story]:
        """The stories as they were found."""
        return self._report.stories

    def overlap_blocks(self) -> list[tuple[int, int]]:
        """Return runs ``start, end`` of the remaining pairs, for `overlap_batch`."""
        return [(start, min(start + _ROWS, len(self._rows))) for start in range(0, len(self._rows), _ROWS)]

    def overlap_batch(self, start: int, end: int) -> pa.RecordBatch:
        """Return the remaining pairs ``start:end``, with `dedup.schemas.OVERLAP_SCHEMA`."""
        rows = self._rows[start:end]
        first = int(rows[0])
        return self._report.overlap_batch(first, int(rows[-1]) + 1).take(pa.array(rows - first))

    def article_batch(self, start: int, end: int) -> pa.RecordBatch:
        """Return articles as `Report.article_batch` does."""
        return self._report.article_batch(start, end)

    def story_batch(self, start: int, end: int) -> pa.RecordBatch:
        """Return stories as `Report.story_batch` does."""
        return self._report.story_batch(start, end)

    def article(self, id: str) -> Article:  # noqa: A002 - the field's name
        """Return an article as `Report.article` does."""
        return self._report.article(id)

    def _overlaps(self, start: int, end: int) -> list[Overlap]:
        return [self._report.overlaps[row] for row in self._rows[start:end].tolist()]
