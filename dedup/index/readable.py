"""What an index returns: answers, reports, articles, decisions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pyarrow as pa

from dedup.article import Article
from dedup.background.tables import Background
from dedup.decisions.record import Decision
from dedup.errors import IndexStoreError
from dedup.index.compare.gathering import Gathered
from dedup.index.store.catalogue import FILE
from dedup.index.store.files import Files
from dedup.index.store.overlap_blocks import all_overlaps
from dedup.index.store.row_sums import check_rows
from dedup.index.store.snapshot import Period, microseconds
from dedup.index.store.state import State
from dedup.index.verbs.copying import copy_index
from dedup.index.verbs.deciding import logged_decisions
from dedup.index.verbs.information import IndexInfo, learned_from, look_into
from dedup.index.verbs.querying import Checked, check, query
from dedup.index.verbs.reports import StoredReport, report_of_all, report_of_some
from dedup.index.verbs.verification import Verification, verify
from dedup.outlets import Outlets
from dedup.reading.batches import ARTICLE_SCHEMA
from dedup.results import Overlap
from dedup.runtime.threads import available_threads
from dedup.settings import Settings


class ReadableIndex:
    """An index for reading; see `dedup.index.Index`, which also writes."""

    def __init__(
        self,
        path: str | Path,
        *,
        wait: float = 60.0,
        threads: int | None = None,
        files: Files | None = None,
        outlets: Outlets | None = None,
    ) -> None:
        folder = Path(path)
        if not (folder / FILE).is_file():
            raise IndexStoreError(
                f"{folder} is not an index: it has no {FILE}; `dedup index create {folder}` makes one"
            )
        self.state = State(folder, wait=wait, files=files or Files(), outlets=outlets)
        self.threads = threads or available_threads()
        try:
            self.state.look()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the catalogue; reports returned earlier stay readable."""
        self.state.catalogue.close()

    @property
    def settings(self) -> Settings:
        """The settings with which the index was created."""
        return self.state.terms.settings

    @property
    def learned_from(self) -> int | None:
        """The number of articles from which the index learned its background; None if it was given one."""
        return learned_from(self.state)

    @property
    def background(self) -> Background:
        """What is known about the corpus as a whole."""
        return self.state.terms.background

    def query(
        self, article: Article, *, since: datetime | None = None, within: timedelta | None = None
    ) -> list[Overlap]:
        """Return what one article shares with the stored ones, without storing it.

        A stored article with the same id is skipped.

        Returns
        -------
        list of Overlap
            Sorted by (a, b).
        """
        return query(self.state, article, Period.of(since, within))

    def check(
        self, article: Article, *, since: datetime | None = None, within: timedelta | None = None
    ) -> Checked:
        """Return what the index knows about one article, such as a draft, without storing it.

        A stored article with the same id is skipped.

        Examples
        --------
        >>> import tempfile
        >>> text = ("The ministers met in Moscow on Thursday and signed a pact that sends grain north "
        ...         "and oil south until the harvest of next year is brought in.")
        >>> from dedup.index import Index
        >>> with Index.create(Path(tempfile.mkdtemp()) / "articles") as index:
        ...     _ = index.add([Article(id="a", text=text)])
        ...     checked = index.check(Article(id="draft", text=text + " He gave no date."))
        ...     len(list(index.articles()))
        1
        >>> checked.article.copied > 0.8, [overlap.a for overlap in checked.overlaps]
        (True, ['a'])
        """
        return check(self.state, article, Period.of(since, within))

    def report(self) -> StoredReport:
        """Return all articles, overlaps and stories of the index, as a scan of all articles would."""
        state = self.state
        with state.catalogue.reading():
            check_rows(state.catalogue)
            state.look()
            found = all_overlaps(state.catalogue)
        return report_of_all(state, found, self.threads)

    def recent(self, since: datetime | None = None, most: int = 20_000) -> StoredReport:
        """Return a report on the newest articles, with everything that they overlap with.

        Parameters
        ----------
        since : datetime, optional
            Leave out articles published before this time; articles without a time stay.
        most : int
            Maximum number of articles, the latest arrivals first.
        """
        state = self.state
        low = None if since is None else microseconds(since)
        with state.catalogue.reading():
            state.look()
            rows = state.catalogue.run(
                "SELECT number FROM article WHERE ?1 IS NULL OR published IS NULL OR published >= ?1"
                " ORDER BY number DESC LIMIT ?2",
                [low, most],
            ).fetchall()
            numbers = np.array([number for (number,) in reversed(rows)], np.int64)
            return report_of_some(state, numbers, self.threads)

    def article(self, id: str) -> Article:  # noqa: A002 - the field's name
        """Return a stored article. Raises `KeyError` for an unknown id."""
        state = self.state
        with state.catalogue.reading():
            state.look()
            number = state.catalogue.one("SELECT number FROM article WHERE id = ?", [id])
        if number is None:
            raise KeyError(id)
        return Gathered.stored(state.snapshot, np.array([number]), state.terms).article(0)

    def decisions(self) -> list[Decision]:
        """Return all decisions of editors, in the order of arrival."""
        return logged_decisions(self.state.catalogue)

    def info(self) -> IndexInfo:
        """Return counts and settings of the index."""
        return look_into(self.state)

    def backup(self, path: str | Path, *, linked: bool = False) -> None:
        """Copy the index as it is at this moment; other processes may continue writing to it.

        Parameters
        ----------
        path : str or Path
            A directory that does not exist or is empty.
        linked : bool
            Whether the copy may share files with the index, on the same file system (the files never change).
            Such a copy is made at once, but does not protect against a broken disk.

        Raises
        ------
        OutputError
            `path` exists already, or cannot be written.
        """
        self.state.look()
        copy_index(self.state, Path(path), linked=linked)

    def verify(self) -> Verification:
        """Read everything, and report what is broken and what can be done."""
        return verify(self.state.folder)

    def articles(self) -> Iterator[pa.RecordBatch]:
        """Yield all articles as they were given, in batches, in the order of arrival."""
        self.state.look()
        snapshot = self.state.snapshot
        every = snapshot.numbers()
        for start in range(0, len(every), 4096):
            table = snapshot.take(every[start : start + 4096], ARTICLE_SCHEMA.names)
            yield from table.combine_chunks().to_batches()
