"""Reports of an index: of an add, or of all that is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup import __version__
from dedup.corpus.protocols import ComparisonContext
from dedup.index.compare.gathering import Gathered
from dedup.index.store.snapshot import Snapshot
from dedup.index.store.state import State
from dedup.index.verbs.writing import Added
from dedup.overlaps.align import AlignedColumns
from dedup.report.scan_report import ScanReport
from dedup.runtime.unique import distinct


class StoredReport(ScanReport):
    """A report of stored articles, which is put together when it is first asked.

    Its overlaps are those that were given; its stories, and what it says of each article, follow from these
    alone. So the report of an add tells of the stories that its new overlaps make: where they join a story
    that was there before, only those of its members are named with which a new article overlaps.
    `dedup.index.Index.report` tells of all.

    It stays readable when the index is closed or has changed.

    Parameters
    ----------
    numbers : ndarray of shape (n_articles,), dtype int64
        Of its articles, ascending.
    found : AlignedColumns
        The overlaps, by articles' numbers.
    articles : int
        How many of the articles are counted as those of the run.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        terms: ComparisonContext,
        numbers: NDArray[np.int64],
        found: AlignedColumns,
        *,
        articles: int,
        skipped: int,
        cut_short: int,
        notes: Sequence[str],
        threads: int,
    ) -> None:
        self.notes = tuple(notes)
        self._given = (snapshot, terms, numbers, found, articles, skipped, cut_short, threads)

    def __getattr__(self, name: str) -> Any:
        """Whatever is not there before the report is put together."""
        if "_given" not in self.__dict__:
            raise AttributeError(f"a report has no {name}")
        snapshot, terms, numbers, found, articles, skipped, cut_short, threads = self.__dict__.pop("_given")
        gathered = Gathered.stored(snapshot, numbers, terms)
        columns = gathered.related(gathered.rows_of(found, numbers), threads=threads)
        counts = {"skipped": skipped, "cut_short": cut_short}
        super().__init__(
            gathered, columns, gathered.compared, notes=self.notes, version=__version__, **counts
        )
        self.summary = replace(self.summary, articles=articles)
        return getattr(self, name)


def report_of_all(state: State, found: AlignedColumns, threads: int) -> ScanReport:
    """All articles of the last look, with their overlaps."""
    numbers = state.snapshot.numbers()
    return StoredReport(
        state.snapshot,
        state.terms,
        numbers,
        found,
        articles=len(numbers),
        skipped=0,
        cut_short=0,
        notes=(),
        threads=threads,
    )


def report_of_add(state: State, added: Added, notes: Sequence[str], threads: int) -> ScanReport:
    """The new articles of an add, with their overlaps and those that they overlap with."""
    found = added.overlaps
    new = added.every_number
    return StoredReport(
        state.snapshot,
        state.terms,
        distinct(np.concatenate([new, found.a, found.b])),
        found,
        articles=len(new),
        skipped=added.refused,
        cut_short=added.cut_short,
        notes=[*notes, *added.notes],
        threads=threads,
    )
