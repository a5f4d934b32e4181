"""What an index tells: answers, reports, articles, decisions."""

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
    """An index that is read; see `dedup.index.Index`, which can be written to as well."""

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
        """Close the catalogue; reports that were given stay readable."""
        self.state.catalogue.close()

    @property
    def settings(self) -> Settings:
        """What the index was created with."""
        return self.state.terms.settings

    @property
    def learned_from(self) -> int | None:
        """From how many articles the index learned its background; None if it was given."""
        return learned_from(self.state)

    @property
    def background(self) -> Background:
        """What the corpus as a whole says."""
        return self.state.terms.background

    def query(
        self, article: Article, *, since: datetime | None = None, within: timedelta | None = None
    ) -> list[Overlap]:
        """What one article shares with the stored ones; it is not stored.

        A stored article with the same id is passed over.

        Returns
        -------
        list of Overlap
            Sorted by (a, b).
        """
        return query(self.state, article, Period.of(since, within))

    def check(
        self, article: Article, *, since: datetime | None = None, within: timedelta | None = None
    ) -> Checked:
        """What the index knows of one article, such as a draft; it is not stored.

        A stored article with the same id is passed over.

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
        """All articles, overlaps and stories of the index, as a scan of them all would give them."""
        state = self.state
        with state.catalogue.reading():
            check_rows(state.catalogue)
            state.look()
            found = all_overlaps(state.catalogue)
        return report_of_all(state, found, self.threads)

    def recent(self, since: datetime | None = None, most: int = 20_000) -> StoredReport:
        """The newest articles, with all that they overlap with.

        Parameters
        ----------
        since : datetime, optional
            Articles published before are left out; those without a time are not.
        most : int
            The most articles, by the order of their coming.
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
        """A stored article. Raises `KeyError` for an unknown id."""
        state = self.state
        with state.catalogue.reading():
            state.look()
            number = state.catalogue.one("SELECT number FROM article WHERE id = ?", [id])
        if number is None:
            raise KeyError(id)
        return Gathered.stored(state.snapshot, np.array([number]), state.terms).article(0)

    def decisions(self) -> list[Decision]:
        """All decisions of editors, in the order in which they came."""
        return logged_decisions(self.state.catalogue)

    def info(self) -> IndexInfo:
        """What is in the index."""
        return look_into(self.state)

    def backup(self, path: str | Path, *, linked: bool = False) -> None:
        """Copy the index as it is at this moment, while other processes may go on writing to it.

        Parameters
        ----------
        path : str or Path
            A directory that does not exist or is empty.
        linked : bool
            Whether the copy may share files with the index, on the same file system: they never change. Such
            a copy is made at once, and does not guard against a broken disk.

        Raises
        ------
        OutputError
            There is something at `path`, or it cannot be written.
        """
        self.state.look()
        copy_index(self.state, Path(path), linked=linked)

    def verify(self) -> Verification:
        """Read everything, and say what is broken and what can be done."""
        return verify(self.state.folder)

    def articles(self) -> Iterator[pa.RecordBatch]:
        """All articles as they were given, in batches, in the order in which they came."""
        self.state.look()
        snapshot = self.state.snapshot
        every = snapshot.numbers()
        for start in range(0, len(every), 4096):
            table = snapshot.take(every[start : start + 4096], ARTICLE_SCHEMA.names)
            yield from table.combine_chunks().to_batches()
