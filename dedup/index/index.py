"""The index: articles that stay, so that each new one is compared with all that came before."""

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
    """A directory of articles that were compared, and are compared with every new one.

    Use it as a context, or `close` it. Any number of processes may read while one writes; each operation sees
    one consistent state, and each writing operation happens as a whole or not at all.

    Attributes
    ----------
    state : State
        Catalogue and segments, for the modules of this package.
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
        """Make a new, empty index, whose settings hold from then on.

        Parameters
        ----------
        path : str or Path
            A directory that does not exist or is empty.
        settings : Settings, optional
        background : Background, optional
            Without one the index learns its own from its first add, and anew whenever it has grown fourfold,
            until it has learned from 100,000 articles, for which twofold is enough; the reports say so.
        wait, threads, files, outlets
            See `open`.

        Raises
        ------
        IndexStoreError
            There is something at `path`, or it cannot be written.
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
            What the caller counts on; refused where the index has others.
        wait : float
            Seconds to wait for another process that writes.
        threads : int, optional
            All processors that the process may use by default.
        files : Files, optional
            How files are written; for tests.
        outlets : Outlets, optional
            What is known of the sources; not stored.

        Raises
        ------
        IndexStoreError
            There is no index, or it is damaged, of a newer version, or of other settings.
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
        """Store articles, and find what they share among themselves and with all that is there.

        An article whose id is there already with the same text is passed over, so that adding again does no
        harm.

        Parameters
        ----------
        articles
            As for `dedup.find_overlaps`. Without ids they are numbered, from the number of articles that the
            index has taken so far.
        since : datetime, optional
            Compare with stored articles only if they were published at this time or later.
        within : timedelta, optional
            Compare only articles that were published so near each other.
        on_error : {"stop", "skip", "update"}
            What becomes of an article whose id is there with another text: nothing is added and an error
            raised, it is left out and counted, or it takes the place of the other one.
        reject : callable, optional
            Takes what is left out, with the article as it was given.

        Returns
        -------
        StoredReport
            The overlaps found. Its `articles` are the new ones and those that they overlap with; its stories,
            and whether a passage is widely run, are said from these overlaps alone: of a story that was there
            before it names only the members that a new article overlaps with. `report` tells of all. It is
            put together when it is first read.

        Raises
        ------
        FieldError
            The articles cannot be read; the message names column and row.
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
        """Store articles; one whose id is there with another text takes the place of that one.

        Returns
        -------
        list of {"created", "replaced", "unchanged"}
            What became of each.
        """
        with self.writing():
            done = put(self.state, articles, self.threads)
        self.tidy()
        return done

    def remove(self, ids: Sequence[str]) -> int:
        """Take articles out, at once for every reader; how many there were.

        Their text stays in the files until `compact`.

        Raises
        ------
        InputError
            An id is not there; then nothing is removed.
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
        """Take out all articles that were published before a time; those without a time stay."""
        with self.writing():
            rows = self.state.catalogue.run(
                "SELECT number FROM article WHERE published < ?", [microseconds(before)]
            ).fetchall()
            remove(self.state, [number for (number,) in rows])
        return len(rows)

    def compact(self) -> None:
        """Merge all segments, and overwrite what was removed: no text of it is left in the directory."""
        state = self.state
        with self.writing():
            check_rows(state.catalogue)
            merge_all(state, self.threads)
        state.catalogue.run("VACUUM")
        state.catalogue.run("PRAGMA wal_checkpoint(TRUNCATE)")

    def refresh(self, *, since: datetime | None = None, within: timedelta | None = None) -> int:
        """Learn the background anew from all articles, and compare them all with it; how many there are."""
        with self.writing():
            check_rows(self.state.catalogue)
            background = learn_from_stored(self.state, self.threads)
            done = relearn(self.state, background, period=Period.of(since, within), threads=self.threads)
            if self.learned_from is not None:
                self.state.catalogue.set("learned", background.articles)
        self.tidy()
        return done

    def decide(self, decisions: Sequence[Decision]) -> int:
        """Log decisions of editors, and return how many are new; one whose id is there is passed over."""
        with self.writing():
            return log_decisions(self.state.catalogue, decisions)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the write lock: what is done within the block is done as a whole, or not at all."""
        state = self.state
        done = False
        try:
            with state.catalogue.writing():
                state.look()
                state.sweep()
                before = {segment.name for segment in state.snapshot.segments}
                yield
            done = True
            # What was merged away goes at once, and with it the texts of removed articles.
            for name in before - {segment.name for segment in state.snapshot.segments}:
                state.files.remove(state.segments / name)
        except OSError as error:
            raise IndexStoreError(
                f"{state.folder} cannot be written ({error.strerror or error}); nothing was changed"
            ) from error
        finally:
            state.forget()
            if not done:  # the numbers of articles that were not added will be given to others
                state.shelf = TokenShelf()
            state.relieve()

    def tidy(self) -> None:
        """Merge what is due, each merge for itself, and remove what was merged away."""
        while segments_due(self.state):
            with self.writing():
                # Another process may have merged them since the last look.
                if segments := segments_due(self.state):
                    merge(self.state, segments, self.threads)
