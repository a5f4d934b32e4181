"""The index: articles are kept, so that each new one is compared with all earlier ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from dedup.article import Article
from dedup.background.tables import Background
from dedup.decisions.record import Decision
from dedup.errors import IndexStoreError, InputError
from dedup.index.readable import ReadableIndex
from dedup.index.store.files import Files
from dedup.index.store.merging import merge, merge_all, segments_due
from dedup.index.store.row_sums import check_rows
from dedup.index.store.snapshot import Period, microseconds
from dedup.index.store.token_shelf import TokenShelf
from dedup.index.verbs.creation import make
from dedup.index.verbs.deciding import log_decisions
from dedup.index.verbs.relearning import learn_from_stored, relearn
from dedup.index.verbs.reports import StoredReport, report_of_add
from dedup.index.verbs.writing import OnError, Put, add, put, remove
from dedup.outlets import Outlets
from dedup.reading.batches import ArticleBatches
from dedup.reading.data import Data, as_batches
from dedup.reading.records import Fault
from dedup.runtime.journal import record
from dedup.settings import Settings


class Index(ReadableIndex):
    """A directory of articles that were compared with each other, and are compared with every new one.

    Use it as a context manager, or call `close`. Any number of processes may read while one writes. Each
    operation sees one consistent state, and each writing operation takes effect as a whole or not at all.

    Attributes
    ----------
    state : State
        The catalogue and the segments, for the modules of this package.
    threads : int

    Examples
    --------
    >>> import tempfile
    >>> text = ("The ministers met in Moscow on Thursday and signed a pact that sends grain north "
    ...         "and oil south until the harvest of next year is brought in.")
    >>> with Index.create(Path(tempfile.mkdtemp()) / "articles") as index:
    ...     first = index.add([Article(id="a", text=text)])
    ...     second = index.add([Article(id="b", text="News: " + text)])
    ...     asked = index.query(Article(id="c", text=text))
    >>> [len(first.overlaps), len(second.overlaps)], [(overlap.a, overlap.b) for overlap in asked]
    ([0, 1], [('a', 'c'), ('b', 'c')])
    """

    @classmethod
    def create(
        cls,
        path: str | Path,
        settings: Settings | None = None,
        background: Background | None = None,
        *,
        wait: float = 60.0,
        threads: int | None = None,
        files: Files | None = None,
        outlets: Outlets | None = None,
    ) -> Self:
        """Create an empty index; the settings are fixed from then on.

        Parameters
        ----------
        path : str or Path
            A directory that does not exist or is empty.
        settings : Settings, optional
        background : Background, optional
            Without one, the index learns its own from the first call of `add`, and again whenever it has
            grown fourfold, until it has learned from 100,000 articles. The last time comes as soon as there
            are 100,000 articles, if the index has at least doubled. The reports say so.
        wait, threads, files, outlets
            See `open`.

        Raises
        ------
        IndexStoreError
            `path` exists already, or cannot be written.
        BackgroundError
            The background was learned with shingles of another width.
        """
        make(Path(path), settings or Settings(), background, wait=wait, files=files or Files())
        return cls(path, wait=wait, threads=threads, files=files, outlets=outlets)

    @classmethod
    def open(
        cls,
        path: str | Path,
        settings: Settings | None = None,
        *,
        wait: float = 60.0,
        threads: int | None = None,
        files: Files | None = None,
        outlets: Outlets | None = None,
    ) -> Self:
        """Open an index.

        Parameters
        ----------
        path : str or Path
        settings : Settings, optional
            The settings that the caller expects; opening fails if the index has others.
        wait : float
            Seconds to wait for another process that is writing.
        threads : int, optional
            By default, all processors that the process may use.
        files : Files, optional
            How files are written; for tests.
        outlets : Outlets, optional
            What is known about the sources; not stored.

        Raises
        ------
        IndexStoreError
            There is no index, or it is damaged, was made by a newer version, or has other settings.
        """
        index = cls(path, wait=wait, threads=threads, files=files, outlets=outlets)
        if settings is not None and settings != index.settings:
            differing = [
                name
                for name in settings.__slots__
                if getattr(settings, name) != getattr(index.settings, name)
            ]
            index.close()
            raise IndexStoreError(
                f"{path} was created with other settings ({', '.join(differing)}); leave them out, or create "
                "an index with these"
            )
        return index

    def add(
        self,
        articles: Data,
        *,
        since: datetime | None = None,
        within: timedelta | None = None,
        on_error: OnError = "stop",
        reject: Callable[[Fault], None] = lambda fault: None,
    ) -> StoredReport:
        """Store articles, and find what they share with each other and with all stored articles.

        An article whose id is already stored with the same text is skipped, so that adding it again does no
        harm.

        Parameters
        ----------
        articles
            As for `dedup.find_overlaps`. Articles without ids are numbered, starting from the number of
            articles that the index has taken so far.
        since : datetime, optional
            Compare with stored articles only if they were published at this time or later.
        within : timedelta, optional
            Compare only articles that were published within this time of each other.
        on_error : {"stop", "skip", "update"}
            What happens to an article whose id is stored with another text: nothing is added and an error is
            raised; the article is left out and counted; or it replaces the stored one.
        reject : callable, optional
            Called with each fault, which holds the article as it was given.

        Returns
        -------
        StoredReport
            The overlaps found. Its `articles` are the new ones and those that they overlap with. Its stories,
            and whether a passage is widely run, are derived from these overlaps alone: of an existing story
            it names only the members that overlap with a new article. `report` covers everything. It is built
            when it is first read.

        Raises
        ------
        FieldError
            The articles cannot be read. The message names column and row.
        DuplicateIdError
        IndexStoreError
            Another process writes for too long, or the disk is full.
        """
        period = Period.of(since, within)
        state = self.state
        with self.writing():
            added = add(
                state,
                as_batches(articles, first=int(state.catalogue.setting("next")) - 1),
                period=period,
                on_error=on_error,
                threads=self.threads,
                reject=reject,
            )
            notes = articles.notes if isinstance(articles, ArticleBatches) else ()
            made = report_of_add(state, added, notes, self.threads)
        self.tidy()
        record("added", articles=len(added.every_number), overlaps=len(added.overlaps.a), known=added.known)
        return made

    def put(self, articles: Sequence[Article]) -> list[Put]:
        """Store articles; an article whose id is stored with another text replaces the stored one.

        Returns
        -------
        list of {"created", "replaced", "unchanged"}
            What happened to each article.
        """
        with self.writing():
            done = put(self.state, articles, self.threads)
        self.tidy()
        return done

    def remove(self, ids: Sequence[str]) -> int:
        """Remove articles, at once for every reader, and return how many there were.

        Their texts stay in the files until `compact`.

        Raises
        ------
        InputError
            An id is not stored; then nothing is removed.
        """
        wanted = list(dict.fromkeys(ids))
        with self.writing():
            known = self.state.catalogue.known(wanted)
            missing = [name for name in wanted if name not in known]
            if missing:
                raise InputError(f"{self.state.folder} has no article {missing[0]!r}; nothing was removed")
            remove(self.state, sorted(number for number, _ in known.values()))
        return len(wanted)

    def prune(self, before: datetime) -> int:
        """Remove all articles published before a time, and return how many; articles without a time stay."""
        with self.writing():
            rows = self.state.catalogue.run(
                "SELECT number FROM article WHERE published < ?", [microseconds(before)]
            ).fetchall()
            remove(self.state, [number for (number,) in rows])
        return len(rows)

    def compact(self) -> None:
        """Merge all segments, and overwrite removed articles: none of their text is left in the directory."""
        state = self.state
        with self.writing():
            check_rows(state.catalogue)
            merge_all(state, self.threads)
        state.catalogue.run("VACUUM")
        state.catalogue.run("PRAGMA wal_checkpoint(TRUNCATE)")

    def refresh(self, *, since: datetime | None = None, within: timedelta | None = None) -> int:
        """Learn the background again from all articles, compare them all with it, and return their number."""
        with self.writing():
            check_rows(self.state.catalogue)
            background = learn_from_stored(self.state, self.threads)
            done = relearn(self.state, background, period=Period.of(since, within), threads=self.threads)
            if self.learned_from is not None:
                self.state.catalogue.set("learned", background.articles)
        self.tidy()
        return done

    def decide(self, decisions: Sequence[Decision]) -> int:
        """Log decisions of editors, and return how many are new; a decision whose id is logged is skipped."""
        with self.writing():
            return log_decisions(self.state.catalogue, decisions)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the write lock: changes within the block take effect as a whole, or not at all."""
        state = self.state
        done = False
        try:
            with state.catalogue.writing():
                state.look()
                state.sweep()
                before = {segment.name for segment in state.snapshot.segments}
                yield
            done = True
            # Merged segments are removed at once, and with them the texts of removed articles.
            for name in before - {segment.name for segment in state.snapshot.segments}:
                state.files.remove(state.segments / name)
        except OSError as error:
            raise IndexStoreError(
                f"{state.folder} cannot be written ({error.strerror or error}); nothing was changed"
            ) from error
        finally:
            state.forget()
            if not done:  # the numbers of articles that were not added will be reused
                state.shelf = TokenShelf()
            state.relieve()

    def tidy(self) -> None:
        """Do the merges that are due, each by itself, and remove the segments that were merged."""
        while segments_due(self.state):
            with self.writing():
                # Another process may have merged them since the last look.
                if segments := segments_due(self.state):
                    merge(self.state, segments, self.threads)
