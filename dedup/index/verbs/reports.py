"""Reports of an index: of an add, or of all that is there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup import __version__
from dedup.article import Article, Span
from dedup.index.compare.gathering import Gathered
from dedup.index.store.overlap_blocks import check_places, overlaps_of
from dedup.index.store.state import State
from dedup.index.verbs.writing import Added
from dedup.overlaps.align import AlignedColumns
from dedup.report.exports import Exports
from dedup.report.scan_report import ScanReport
from dedup.results import ArticleReport, ArticleSummary, Overlap, Story, Summary
from dedup.runtime.unique import distinct
from dedup.verdicts.policy import Policy
from dedup.verdicts.whole import Verdicts


class StoredReport(Exports):
    """A report of stored articles, which is put together when it is first asked: a `dedup.results.Report`.

    Its overlaps are those that were given; its stories, and what it says of each article, follow from these
    alone. So the report of an add tells of the stories that its new overlaps make: where they join a story
    that was there before, only those of its members are named with which a new article overlaps.
    `dedup.index.Index.report` tells of all.

    It stays readable when the index is closed or has changed, and several threads may read it at once. An
    error while it is put together is raised as itself, each time that it is asked; when the cause has gone,
    the next question puts it together.

    Parameters
    ----------
    build : callable
        Puts the report together.
    notes : sequence of str
        What the user should know; they are there before.
    """

    def __init__(self, build: Callable[[], ScanReport], notes: Sequence[str]) -> None:
        self.notes: Sequence[str] = tuple(notes)
        self._build = build
        self._lock = threading.Lock()

    def built(self) -> ScanReport:
        """The report, put together now if that has not been done."""
        with self._lock:
            report = self._build()
            self._build = lambda: report  # and let go of what it was built from
            return report

    @property
    def overlaps(self) -> Sequence[Overlap]:
        """Sorted by (a, b)."""
        return self.built().overlaps

    @property
    def articles(self) -> Sequence[ArticleSummary]:
        """One an article, in the order of the ids."""
        return self.built().articles

    @property
    def stories(self) -> Sequence[Story]:
        """Sorted by id."""
        return self.built().stories

    @property
    def summary(self) -> Summary:
        """The numbers."""
        return self.built().summary

    @property
    def story_labels(self) -> NDArray[np.int64]:
        """As `ScanReport.story_labels`."""
        return self.built().story_labels

    def overlap_blocks(self) -> list[tuple[int, int]]:
        """As `ScanReport.overlap_blocks`."""
        return self.built().overlap_blocks()

    def overlap_batch(self, start: int, end: int) -> pa.RecordBatch:
        """As `ScanReport.overlap_batch`."""
        return self.built().overlap_batch(start, end)

    def article_batch(self, start: int, end: int) -> pa.RecordBatch:
        """As `ScanReport.article_batch`."""
        return self.built().article_batch(start, end)

    def article(self, id: str) -> Article:  # noqa: A002 - the field's name
        """As `ScanReport.article`."""
        return self.built().article(id)

    def story_batch(self, start: int, end: int) -> pa.RecordBatch:
        """As `ScanReport.story_batch`."""
        return self.built().story_batch(start, end)

    def for_article(self, id: str) -> ArticleReport:  # noqa: A002 - the field's name
        """As `ScanReport.for_article`."""
        return self.built().for_article(id)

    def verdicts(
        self,
        policy: str | Policy = "annotate",
        *,
        keep: str | None = None,
        min_coverage: float | None = None,
        threads: int = 1,
    ) -> Verdicts:
        """As `ScanReport.verdicts`."""
        return self.built().verdicts(policy, keep=keep, min_coverage=min_coverage, threads=threads)

    def furniture(self, articles: Sequence[Article]) -> list[list[Span]]:
        """As `ScanReport.furniture`."""
        return self.built().furniture(articles)


def report_of_all(state: State, found: AlignedColumns, threads: int) -> StoredReport:
    """All articles of the last look, with their overlaps."""
    numbers = state.snapshot.numbers()
    build = _builder(state, numbers, found, threads, counted=numbers, skipped=0, cut_short=0)
    return StoredReport(build, ())


def report_of_some(state: State, numbers: NDArray[np.int64], threads: int) -> StoredReport:
    """Some articles, whose numbers ascend, and all that they overlap with; it counts the former."""
    found = overlaps_of(state.catalogue, numbers.tolist())
    every = distinct(np.concatenate([numbers, found.a, found.b]))
    build = _builder(state, every, found, threads, counted=numbers, skipped=0, cut_short=0)
    return StoredReport(build, ())


def report_of_add(state: State, added: Added, notes: Sequence[str], threads: int) -> StoredReport:
    """The new articles of an add, with their overlaps and those that they overlap with."""
    found, new = added.overlaps, added.every_number
    build = _builder(
        state,
        distinct(np.concatenate([new, found.a, found.b])),
        found,
        threads,
        counted=new,
        skipped=added.refused,
        cut_short=added.cut_short,
    )
    return StoredReport(build, [*notes, *added.notes])


def _builder(
    state: State,
    numbers: NDArray[np.int64],
    found: AlignedColumns,
    threads: int,
    *,
    counted: NDArray[np.int64],
    skipped: int,
    cut_short: int,
) -> Callable[[], ScanReport]:
    """What puts a report together, from the index as it is now.

    Parameters
    ----------
    numbers : ndarray of shape (n_articles,)
        Of the report's articles, ascending.
    found : AlignedColumns
        The overlaps, by articles' numbers.
    counted : ndarray of int64
        The numbers of those that are counted as articles of the run.
    """
    snapshot, terms = state.snapshot, state.terms

    def build() -> ScanReport:
        check_places(found, snapshot, state.folder)
        gathered = Gathered.stored(snapshot, numbers, terms)
        columns = gathered.related(gathered.rows_of(found, numbers), threads=threads)
        return ScanReport(
            gathered,
            columns,
            gathered.compared,
            skipped=skipped,
            cut_short=cut_short,
            notes=(),
            version=__version__,
            counted=gathered.rows[np.searchsorted(numbers, counted)],
            arrival=numbers[np.argsort(gathered.rows)],
        )

    return build
