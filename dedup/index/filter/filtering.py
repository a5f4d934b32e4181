"""Verdicts for a pipeline: whether an article has been seen before, where, and whether it passes."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Self

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.article import Span
from dedup.decisions.record import Decision
from dedup.index.compare.gathering import Gathered
from dedup.index.compare.incoming import Prepared, prepare
from dedup.index.filter.decided import closed_pairs
from dedup.index.filter.unstored import copied_beside
from dedup.index.index import Index
from dedup.index.store.overlap_blocks import overlaps_with_earlier
from dedup.index.store.snapshot import Period
from dedup.index.store.state import State
from dedup.index.store.story_labels import story_ids
from dedup.index.store.verdict_rows import VerdictRow, keep_verdicts, verdict_rows
from dedup.index.verbs.writing import add, digests_of
from dedup.overlaps.align import AlignedColumns
from dedup.reading.ahead import read_ahead
from dedup.reading.data import Data, as_batches, one_batch
from dedup.results import Verdict
from dedup.runtime.journal import record
from dedup.runtime.unique import distinct
from dedup.verdicts.cutting import without
from dedup.verdicts.judging import Case, Judged, judge
from dedup.verdicts.policy import Policy


class Filter:
    """Judges batches of articles, each against all earlier ones, and stores them.

    An article that arrives again with the same text gets its first verdict again, so a run that was killed
    can be restarted with the same input.

    Parameters
    ----------
    index : Index
    policy : {"annotate", "drop", "cut"} or Policy
        What happens to an article that repeats others; see `dedup.Policy`.
    keep : {"first", "longest", "origin", "none"}, optional
        Which of several articles stays whole. "longest" and "origin" choose within a batch, and never against
        an article of an earlier batch, because that one has already passed.
    min_coverage : float, optional
        See `dedup.Policy`.
    store : bool
        Whether the articles are stored. If not, those of the run are still compared with each other, in a
        copy of the index that is removed with the filter.
    period : Period
        Which articles are compared.
    decisions : sequence of Decision
        Editors' decisions besides those of the index: overlaps that they have closed do not count.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> text = ("The ministers met in Moscow on Thursday and signed a pact that sends grain north "
    ...         "and oil south until the harvest of next year is brought in.")
    >>> with Index.create(Path(tempfile.mkdtemp()) / "seen") as index:
    ...     judged = Filter(index, policy="drop").judge([text, "News: " + text])
    >>> [(each.verdict.verdict, each.verdict.follows, each.kept) for each in judged]
    [('original', None, True), ('copy', '0', False)]
    """

    def __init__(
        self,
        index: Index,
        *,
        policy: str | Policy = "annotate",
        keep: str | None = None,
        min_coverage: float | None = None,
        store: bool = True,
        period: Period | None = None,
        decisions: Sequence[Decision] = (),
    ) -> None:
        self._decisions = tuple(decisions)
        given: dict[str, Any] = {"keep": keep, "min_coverage": min_coverage}
        self.policy = Policy.of(policy, **{name: each for name, each in given.items() if each is not None})
        self._close: Callable[[], object] = lambda: None
        self.index = index
        if not store:
            self.index, remove = copied_beside(index)
            self._close = weakref.finalize(self, remove)
        self._period = period or Period()
        self._decode = msgspec.json.Decoder(Verdict).decode
        #: The number of the first article of this run.
        self._first = self._next + 1
        #: Set while no batch is being compared, which takes all processors.
        self._free = threading.Event()
        self._free.set()

    def close(self) -> None:
        """Remove the copy of the index that a filter without storing has made."""
        self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *of_error: object) -> None:
        self.close()

    def judge_all(self, articles: Data) -> Iterator[list[Judged]]:
        """Judge batch after batch; the next one is sketched while one is judged and stored.

        Parameters
        ----------
        articles
            As for `dedup.find_overlaps`; record batches are judged one at a time.
        """
        batches = as_batches(articles, first=self._next)
        for batch, ahead in read_ahead((batch, self.prepare(batch)) for batch in batches):
            yield self.judge(batch, ahead)

    @property
    def _next(self) -> int:
        """The number of articles that the index has taken; articles without ids are numbered from it."""
        return int(self.index.state.catalogue.setting("next")) - 1

    def prepare(self, batch: pa.RecordBatch) -> Prepared:
        """Tokenise and sketch the articles of a batch in another thread, alongside a judgement.

        It waits until that judgement has compared its articles; the rest of the judgement leaves processors
        free.
        """
        self._free.wait()
        terms = self.index.state.terms
        return Prepared(prepare(batch, terms, 1), terms)

    def judge(self, batch: Data, ahead: Prepared | None = None) -> list[Judged]:
        """Store the articles of a batch, and judge them in order.

        Parameters
        ----------
        batch
            Articles as for `dedup.find_overlaps`.
        ahead : Prepared, optional
            From `prepare`, for the same batch, so that its work need not be repeated.

        Raises
        ------
        DuplicateIdError
            An id is stored with another text; then nothing of the batch is stored.
        FieldError
            A column is missing or cannot be read.
        """
        self._free.clear()
        started = time.perf_counter()
        try:
            judged = self._judge(one_batch(batch, first=self._next), ahead)
        finally:
            self._free.set()
        kept, seconds = sum(each.kept for each in judged), round(time.perf_counter() - started, 3)
        record("judged", articles=len(judged), kept=kept, seconds=seconds)
        return judged

    def _judge(self, batch: pa.RecordBatch, ahead: Prepared | None) -> list[Judged]:
        index = self.index
        with index.writing():
            ids = batch.column("id").to_pylist()
            earlier = self._stored(batch)
            added = add(
                index.state,
                [batch],
                period=self._period,
                on_error="stop",
                threads=index.threads,
                ahead=ahead,
                compared=self._free.set,
            )
            new = added.every_number
            judged = self._of_overlaps(added.overlaps, new)
            self._keep(new, judged)
        index.tidy()
        fresh = dict.fromkeys(name for name in ids if name not in earlier)
        plain = Judged(Verdict(), kept=True)  # true of most articles
        by_id = earlier | {
            name: judged.get(number, plain) for name, number in zip(fresh, new.tolist(), strict=True)
        }
        return [by_id[name] for name in ids]

    def refused(self, batch: pa.RecordBatch) -> list[int]:
        """Return the rows whose id is stored with another text or source."""
        ids = batch.column("id").to_pylist()
        known = self.index.state.catalogue.known(ids)
        if not known:
            return []
        return [
            row
            for row, (name, digest) in enumerate(zip(ids, digests_of(batch), strict=True))
            if name in known and known[name][1] != digest
        ]

    def _stored(self, batch: pa.RecordBatch) -> dict[str, Judged]:
        """Return the verdicts of articles that are already stored: as first given, or from their overlaps."""
        catalogue, ids = self.index.state.catalogue, batch.column("id").to_pylist()
        names = {number: name for name, (number, _) in catalogue.known(ids).items()}
        found: dict[int, Judged] = {}
        for number, said, policy, kept in verdict_rows(catalogue, list(names)):
            if policy == self.policy.key:
                verdict = self._decode(said) if said else Verdict()
                spans = [Span(*each) for each in verdict.cut]
                text = batch.column("text")[ids.index(names[number])].as_py() if spans else None
                found[number] = Judged(verdict, bool(kept), None if text is None else without(text, spans))
        others = np.array(sorted(names.keys() - found.keys()), np.int64)
        if len(others):
            overlaps = overlaps_with_earlier(catalogue, others.tolist())
            plain = Judged(Verdict(), kept=True)
            judged = self._of_overlaps(overlaps, others)
            found |= {number: judged.get(number, plain) for number in others.tolist()}
        return {names[number]: each for number, each in found.items()}

    def _of_overlaps(self, overlaps: AlignedColumns, judged: NDArray[np.int64]) -> dict[int, Judged]:
        """Judge articles by their numbers; articles that share nothing have no entry.

        Parameters
        ----------
        judged : ndarray of int64
            The numbers of the articles, ascending.
        """
        state = self.index.state
        stories = story_ids(state.catalogue, judged.tolist())
        every = distinct(np.concatenate([overlaps.a, overlaps.b, list(stories)]).astype(np.int64))
        if not len(every):
            return {}
        case, numbers = self._case(state, overlaps, every, judged, stories)
        found = judge(case, self.policy, threads=self.index.threads)
        return {int(numbers[row]): each for row, each in found.items()}

    def _case(
        self,
        state: State,
        overlaps: AlignedColumns,
        every: NDArray[np.int64],
        judged: NDArray[np.int64],
        stories: Mapping[int, str],
    ) -> tuple[Case, NDArray[np.int64]]:
        """Return the articles of some overlaps, and the number of each."""
        gathered = Gathered.stored(state.snapshot, every, state.terms)
        numbers = np.empty(len(every), np.int64)
        numbers[gathered.rows] = every
        rows = gathered.rows_of(overlaps, every)
        of_number = dict(zip(every.tolist(), gathered.rows.tolist(), strict=True))

        columns = gathered.related(rows, threads=self.index.threads)
        case = Case(
            corpus=gathered,
            columns=columns,
            lengths=gathered.compared,
            arrival=numbers,
            stored=~np.isin(numbers, judged),
            held=numbers < self._first,
            stories={of_number[number]: name for number, name in stories.items()},
            closed=closed_pairs(gathered, columns, [*self.index.decisions(), *self._decisions]),
            redirect=lambda chosen: self._redirected(numbers, chosen),
        )
        return case, numbers

    def _redirected(self, numbers: NDArray[np.int64], rows: list[int]) -> dict[int, str | None]:
        """Return, by row, the articles kept in place of stored articles that were stopped."""
        by_number = {int(numbers[row]): row for row in rows}
        said = verdict_rows(self.index.state.catalogue, list(by_number))
        verdicts = ((by_number[each.number], self._decode(each.verdict)) for each in said if each.verdict)
        return {row: verdict.kept_instead for row, verdict in verdicts if not verdict.kept}

    def _keep(self, numbers: NDArray[np.int64], judged: Mapping[int, Judged]) -> None:
        """Store the verdicts; a plain verdict is not stored."""
        plain, encode, key = Judged(Verdict(), kept=True), msgspec.json.encode, self.policy.key
        each = ((number, judged.get(number, plain)) for number in numbers.tolist())
        keep_verdicts(
            self.index.state.catalogue,
            (
                VerdictRow(
                    number,
                    b"" if said.verdict == plain.verdict else encode(said.verdict),
                    key,
                    int(said.kept),
                )
                for number, said in each
            ),
        )
