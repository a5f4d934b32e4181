"""JSON lines in, JSON lines out: each article leaves with its own fields and what the filter says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.errors import DuplicateIdError, FieldError
from dedup.index.compare.incoming import Prepared
from dedup.index.filter.filtering import Filter
from dedup.index.filter.verdicts import Judged
from dedup.outlets import Outlets
from dedup.reading.ahead import read_ahead
from dedup.reading.completing import Completion
from dedup.reading.dates.deciding import SourceOrders
from dedup.reading.dates.moments import DateReader
from dedup.reading.dates.options import DateOptions
from dedup.reading.fields import FieldMapping, Selector
from dedup.reading.inputs import InputFile
from dedup.reading.json_lines import read_blocks
from dedup.reading.records import Fault, Records
from dedup.reading.signs import Signs
from dedup.reading.streams import Block

#: The name of the object that the filter adds.
FIELD = "dedup"


class LineFilter:
    """Puts batches of lines through a filter.

    Parameters
    ----------
    chosen : Filter
    fields : mapping of str to str, optional
        As for `dedup.reading.read_batches`.
    on_error : {"stop", "skip"}
    reject : callable
        Takes the faults of lines that are left out.
    need_ids : bool
        Whether a record must bring its id: an id made of the line's number would name another article the
        next time.
    dates : DateOptions, optional
        How dates are read. Whether the day or the month comes first is decided for each batch of lines by
        the dates that their source has shown so far.
    outlets : Outlets, optional
        What is known of the sources: aliases and hosts become the outlet's name.

    Attributes
    ----------
    passed, dropped, skipped : int
        Lines so far.
    """

    def __init__(
        self,
        chosen: Filter,
        *,
        fields: Mapping[str, str] | None = None,
        on_error: Literal["stop", "skip"] = "stop",
        reject: Callable[[Fault], None],
        need_ids: bool = True,
        dates: DateOptions | None = None,
        outlets: Outlets | None = None,
    ) -> None:
        self._filter = chosen
        self._on_error = on_error
        self._reject = reject
        self._need_ids = need_ids
        self._lines: list[bytes] = []
        file = InputFile("-", None, "jsonl", stem="stdin")
        self._reader = read_blocks(self._blocks(), file, Selector(FieldMapping.of(fields)), one_a_line=True)
        self._read_before = 0
        self._dates = DateReader(dates)
        self._outlets = outlets
        self._orders = SourceOrders()
        self._signs = Signs()
        self.passed = self.dropped = self.skipped = 0

    @property
    def notes(self) -> list[str]:
        """What the user should know of the lines so far."""
        return [*self._dates.notes(), *self._orders.notes(), *self._signs.notes()]

    def judge_all(self, batches: Iterable[Sequence[bytes]]) -> Iterator[list[bytes]]:
        """Of each batch the lines that pass, in order, each with its verdict and its end.

        With "stop" the lines before the first that cannot be read are judged and given, then its error is
        raised. A batch is read, cut and sketched in another thread, while the one before it is judged and
        stored.
        """
        for read in read_ahead(map(self._read, batches)):
            yield from self._judge(read)

    def _read(self, lines: Sequence[bytes]) -> _Lines:
        self._lines = list(lines)
        before, self._read_before = self._read_before, self._read_before + len(lines)
        faults: list[Fault] = []
        batch, kept, again = self._completed(next(self._reader), faults)
        ahead = self._filter.prepare(batch) if batch.num_rows else None
        return _Lines(self._lines, before, batch, kept, again, faults, ahead)

    def _judge(self, read: _Lines) -> Iterator[list[bytes]]:
        faults, ahead = list(read.faults), read.ahead
        batch, kept, again = read.batch, read.kept, read.again
        judged: dict[int, Judged] = {}
        while True:
            judged |= self._judged(batch, kept, faults, ahead)
            if not len(again) or (faults and self._on_error == "stop"):
                break
            ahead = None
            batch, kept, again = self._completed(again, faults)
        yield [
            with_verdict(read.lines[line - 1 - read.before], said)
            for line, said in self._passed(judged, faults)
        ]
        for fault in sorted(faults, key=lambda fault: fault.error.line or 0):
            if self._on_error == "stop":
                raise fault.error
            self.skipped += 1
            self._reject(fault)

    def _passed(self, judged: Mapping[int, Judged], faults: Sequence[Fault]) -> Iterator[tuple[int, Judged]]:
        """The lines that pass, counted; with "stop" those before the first fault."""
        first_fault = min((fault.error.line or 0 for fault in faults), default=None)
        for line in sorted(judged):
            if self._on_error == "stop" and first_fault is not None and line > first_fault:
                return
            said = judged[line]
            self.passed += said.kept
            self.dropped += not said.kept
            if said.kept:
                yield line, said

    def _blocks(self) -> Iterator[Block]:
        offset = 0
        while True:
            data = b"\n".join(self._lines) + b"\n"
            yield Block(data, offset)
            offset += len(data)

    def _completed(self, records: Records, faults: list[Fault]) -> tuple[pa.RecordBatch, list[int], Records]:
        """Return the valid articles with their lines, and the records whose id occurs in an earlier line.

        These are judged once the earlier ones are stored. What is not sound becomes a fault.
        """
        faults += records.faults
        if self._need_ids and (ids := records.columns["id"]) is not None and ids.null_count:
            missing = np.asarray(ids.is_null())
            faults += [_without_id(records, row) for row in np.flatnonzero(missing).tolist()]
            records = _rows(records, np.flatnonzero(~missing))
        batch, found = Completion(dates=self._dates, outlets=self._outlets).complete(
            replace(records, faults=[])
        )
        batch = self._orders.settle(batch)
        self._signs.learn(batch)
        lines = np.zeros(0, np.int64) if records.lines is None else records.lines
        repeated = [fault.error.line or 0 for fault in found if isinstance(fault.error, DuplicateIdError)]
        faults += [fault for fault in found if not isinstance(fault.error, DuplicateIdError)]
        wrong = [fault.error.line or 0 for fault in found]
        return (
            batch,
            lines[~np.isin(lines, wrong)].tolist(),
            _rows(replace(records, faults=[]), np.flatnonzero(np.isin(lines, repeated))),
        )

    def _judged(
        self, batch: pa.RecordBatch, lines: list[int], faults: list[Fault], ahead: Prepared | None
    ) -> dict[int, Judged]:
        """Verdicts by line; lines whose id is taken by another text become faults."""
        if self._on_error == "stop" and faults:
            # What stands behind the fault is not to be stored: the run ends there.
            end = min(fault.error.line or 0 for fault in faults)
            lines = [line for line in lines if line < end]
            batch = batch.slice(0, len(lines))
        refused = set(self._filter.refused(batch))
        for row in sorted(refused):
            name = batch.column("id")[row].as_py()
            error = DuplicateIdError(
                f"the id {name!r} is known with another text or source; every article needs an id of its own",
                file="-",
                line=lines[row],
            )
            faults.append(Fault(error))
        if refused and self._on_error == "stop":
            return self._judged(batch, lines, faults, ahead)
        keep = [row for row in range(len(lines)) if row not in refused]
        if not keep:
            return {}
        if refused:
            batch = batch.take(pa.array(keep, pa.int64()))
        judged = self._filter.judge(batch, ahead)
        return dict(zip((lines[row] for row in keep), judged, strict=True))


@dataclass(frozen=True, slots=True)
class _Lines:
    """A batch of lines that has been read.

    Attributes
    ----------
    before : int
        Lines before it.
    batch, kept : RecordBatch, list of int
        The sound articles, and their lines.
    again : Records
        Records whose id occurs in an earlier line.
    """

    lines: list[bytes]
    before: int
    batch: pa.RecordBatch
    kept: list[int]
    again: Records
    faults: list[Fault]
    ahead: Prepared | None


def with_verdict(line: bytes, judged: Judged) -> bytes:
    """The line with the verdict as its last field; its own fields stay byte for byte.

    Examples
    --------
    >>> from dedup.index.filter.verdicts import Verdict
    >>> with_verdict(b'{"n": 1.50}', Judged(Verdict(), kept=True))[:36]
    b'{"n": 1.50,"dedup":{"verdict":"origi'
    """
    said = msgspec.json.encode(judged.verdict)
    if b'"dedup"' in line or b"\\u" in line:
        # The field may be there from an earlier run: then it is replaced.
        record = msgspec.json.decode(line)
        if FIELD in record:
            return msgspec.json.encode(record | {FIELD: msgspec.Raw(said)}) + b"\n"
    body = line.rstrip()[:-1].rstrip()
    comma = b"" if body.endswith(b"{") else b","
    return body + comma + b'"' + FIELD.encode() + b'":' + said + b"}\n"


def _without_id(records: Records, row: int) -> Fault:
    file, line = records.place(row)
    error = FieldError(
        "no id; with --index every article needs one that stays its own (--field id=NAME names the field)",
        file=file,
        line=line,
    )
    return Fault(error, records.record(row))


def _rows(records: Records, rows: NDArray[np.int64]) -> Records:
    """Some of the rows."""
    original, lines = records.original, records.lines
    return replace(
        records,
        lines=None if lines is None else lines[rows],
        columns={
            name: None if column is None else column.take(pa.array(rows))
            for name, column in records.columns.items()
        },
        original=None if original is None else lambda row: original(int(rows[row])),
    )
