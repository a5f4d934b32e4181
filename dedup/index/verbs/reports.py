"""Reports of an index: of an addition, or of everything stored."""

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
    """A report of stored articles, which is built when it is first read: a `dedup.results.Report`.

    Its overlaps are those that were given. Its stories, and what it says about each article, are derived from
    these alone. So the report of an addition covers the stories that its new overlaps make: where they join
    an existing story, only those of its members are named that overlap with a new article.
    `dedup.index.Index.report` covers everything.

    It stays readable when the index is closed or has changed, and several threads may read it at once. An
    error while it is built is raised as it is, on each access; once the cause is gone, the next access builds
    the report.

    Parameters
    ----------
    build : callable
        Builds the report.
    notes : sequence of str
        Notes for the user, which are available before the report is built.
    """

    def __init__(self, build: Callable[[], ScanReport], notes: Sequence[str]) -> None:
        self.notes: Sequence[str] = tuple(notes)
        self._build = build
        self._lock = threading.Lock()

    def built(self) -> ScanReport:
        """Return the report, building it now if that has not been done."""
        with self._lock:
            report = self._build()
            self._build = lambda: report  # and release what it was built from
            return report

    @property
    def overlaps(self) -> Sequence[Overlap]:
        """The overlaps, sorted by (a, b)."""
        return self.built().overlaps

    @property
    def articles(self) -> Sequence[ArticleSummary]:
        """One summary per article, in the order of the ids."""
        return self.built().articles

    @property
    def stories(self) -> Sequence[Story]:
        """The stories, sorted by id."""
        return self.built().stories

    @property
    def summary(self) -> Summary:
        """The counts of the run."""
        return self.built().summary

    @property
    def story_labels(self) -> NDArray[np.int64]:
        """See `ScanReport.story_labels`."""
        return self.built().story_labels

    def overlap_blocks(self) -> list[tuple[int, int]]:
        """See `ScanReport.overlap_blocks`."""
        return self.built().overlap_blocks()

    def overlap_batch(self, start: int, end: int) -> pa.RecordBatch:
        """See `ScanReport.overlap_batch`."""
        return self.built().overlap_batch(start, end)

    def article_batch(self, start: int, end: int) -> pa.RecordBatch:
        """See `ScanReport.article_batch`."""
        return self.built().article_batch(start, end)

    def article(self, id: str) -> Article:  # noqa: A002 - the field's name
        """See `ScanReport.article`."""
        return self.built().article(id)

    def story_batch(self, start: int, end: int) -> pa.RecordBatch:
        """See `ScanReport.story_batch`."""
        return self.built().story_batch(start, end)

    def for_article(self, id: str) -> ArticleReport:  # noqa: A002 - the field's name
        """See `ScanReport.for_article`."""
        return self.built().for_article(id)

    def verdicts(
        self,
        policy: str | Policy = "annotate",
        *,
        keep: str | None = None,
        min_coverage: float | None = None,
        threads: int = 1,
    ) -> Verdicts:
        """See `ScanReport.verdicts`."""
        return self.built().verdicts(policy, keep=keep, min_coverage=min_coverage, threads=threads)

    def furniture(self, articles: Sequence[Article]) -> list[list[Span]]:
        """See `ScanReport.furniture`."""
        return self.built().furniture(articles)


def report_of_all(state: State, found: AlignedColumns, threads: int) -> StoredReport:
    """Return a report of all articles, when last read, with their overlaps."""
    numbers = state.snapshot.numbers()
    build = _builder(state, numbers, found, threads, counted=numbers, skipped=0, cut_short=0)
    return StoredReport(build, ())


def report_of_some(state: State, numbers: NDArray[np.int64], threads: int) -> StoredReport:
    """Return a report that counts some articles, with ascending numbers, and all that they overlap with."""
    found = overlaps_of(state.catalogue, numbers.tolist())
    every = distinct(np.concatenate([numbers, found.a, found.b]))
    build = _builder(state, every, found, threads, counted=numbers, skipped=0, cut_short=0)
    return StoredReport(build, ())


def report_of_add(state: State, added: Added, notes: Sequence[str], threads: int) -> StoredReport:
    """Return a report of an addition's articles, their overlaps, and the articles that they overlap with."""
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
    """Return a function that builds a report from the index as it is now.

    Parameters
    ----------
    numbers : ndarray of shape (n_articles,)
        The numbers of the report's articles, ascending.
    found : AlignedColumns
        The overlaps, by article number.
    counted : ndarray of int64
        The numbers of the articles that count as articles of the run.
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
