"""Filters files: each article is written to the kept ones or to the dropped ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from dedup.decisions.answered import closed_overlaps
from dedup.decisions.ledger import Ledger
from dedup.decisions.record import Decision
from dedup.detector import find_overlaps
from dedup.errors import DuplicateIdError, InputError
from dedup.index.filter.filtering import Filter
from dedup.index.filter.outputs import Output
from dedup.index.filter.records import FIELD, check_free, judged_record
from dedup.reading.keeping import KeepingReading
from dedup.reading.records import Fault, Original
from dedup.report.scan_report import ScanReport
from dedup.verdicts.judging import Judged
from dedup.verdicts.policy import Policy
from dedup.verdicts.tally import Tally


class _Row(NamedTuple):
    """A judged article: its record, the judgement, and its text."""

    original: Original
    judged: Judged
    text: str


class FileFilter:
    """Writes the articles of files to the output that a policy chooses.

    Parameters
    ----------
    kept, dropped : Output or None
        Where the articles are written, if anywhere.
    reject : callable
        Called with what is left out; raises if the run must stop.
    verdict_field : str
        The name of the field that is added to each record. A record that already has it is refused.

    Attributes
    ----------
    tally : Tally
    """

    def __init__(
        self,
        kept: Output | None,
        dropped: Output | None,
        *,
        reject: Callable[[Fault], None],
        verdict_field: str = FIELD,
    ) -> None:
        self._kept = kept
        self._dropped = dropped
        self._reject = reject
        self._field = verdict_field
        self.tally = Tally()

    def by_index(self, reading: KeepingReading, judge: Filter) -> None:
        """Judge the articles batch by batch, each against all earlier ones and the index."""
        for batch in reading:
            self._put(self._by_index(batch, reading.originals(batch), judge))
        for batch, originals in reading.again():
            self._put(self._by_index(batch, originals, judge))

    def over_all(
        self,
        first: KeepingReading,
        second: KeepingReading,
        policy: Policy,
        decisions: Sequence[Decision] = (),
        **run: Any,
    ) -> ScanReport:
        """Judge all articles together: they are read twice, compared and then written.

        Parameters
        ----------
        first, second : KeepingReading
            Both read the same files; the first need not keep the records.
        decisions : sequence of Decision
            Overlaps that they have closed do not count.
        run
            Arguments of `dedup.detector.find_overlaps`.
        """
        report = find_overlaps(first, **run)
        ledger = Ledger(decisions)
        closed = closed_overlaps(ledger, report.overlaps, report.article) if ledger else None
        judged = report.verdicts(policy, threads=run.get("threads") or 1, closed=closed)
        rows = {name: row for row, name in enumerate(judged.ids.to_pylist())}
        for batch in second:
            originals = second.originals(batch)
            self._put(
                _Row(original, judged[self._known(rows, name)], text)
                for original, name, text in zip(originals, *_names_and_texts(batch), strict=True)
            )
        for batch, originals in second.again():
            self._put(self._again(batch, originals, report, rows, judged))
        return report

    def _known(self, rows: Mapping[str, int], name: str) -> int:
        if name not in rows:
            raise InputError(f"the article {name!r} was not there before: the files have changed meanwhile")
        return rows[name]

    def _by_index(self, batch: pa.RecordBatch, originals: list[Original], judge: Filter) -> Iterator[_Row]:
        refused: dict[int, InputError] = {row: _taken(batch, row) for row in judge.refused(batch)}
        for row, original in enumerate(originals):
            if row not in refused and isinstance(original, Mapping):
                try:
                    check_free(original, self._field)
                except InputError as clash:
                    refused[row] = clash
        for row, error in sorted(refused.items()):
            self._refuse(error, originals[row])
        keep = [row for row in range(batch.num_rows) if row not in refused]
        if not keep:
            return
        batch = batch.take(pa.array(keep, pa.int64())) if refused else batch
        texts = batch.column("text").to_pylist()
        for row, judged, text in zip(keep, judge.judge(batch), texts, strict=True):
            yield _Row(originals[row], judged, text)

    def _again(
        self,
        batch: pa.RecordBatch,
        originals: list[Original],
        report: ScanReport,
        rows: Mapping[str, int],
        judged: Any,
    ) -> Iterator[_Row]:
        """Yield articles whose ids occurred before: the same articles once more, or a fault."""
        names, texts = _names_and_texts(batch)
        sources = batch.column("source").to_pylist()
        for row, (original, name, text, source) in enumerate(
            zip(originals, names, texts, sources, strict=True)
        ):
            known = report.article(name)
            if (known.text, known.source) == (text, source):
                yield _Row(original, judged[rows[name]], text)
            else:
                self._refuse(_taken(batch, row), original)

    def _put(self, rows: Iterator[_Row]) -> None:
        for row in rows:
            try:
                record = judged_record(row.original, row.judged, self._field, row.text)
            except InputError as error:
                self._refuse(error, row.original)
                continue
            self.tally.add(row.judged)
            output = self._kept if row.judged.kept else self._dropped
            if output is not None:
                output.record(record)

    def _refuse(self, error: InputError, original: Original) -> None:
        self._reject(Fault(error, original))


def _names_and_texts(batch: pa.RecordBatch) -> tuple[list[str], list[str]]:
    return batch.column("id").to_pylist(), batch.column("text").to_pylist()


def _taken(batch: pa.RecordBatch, row: int) -> DuplicateIdError:
    name = batch.column("id")[row].as_py()
    return DuplicateIdError(
        f"the id {name!r} is known with another text or source; every article needs an id of its own"
    )
