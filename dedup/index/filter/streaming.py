"""JSON lines in, JSON lines out: each article leaves with its own fields and its verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa

from dedup.errors import DuplicateIdError, FieldError
from dedup.index.compare.incoming import Prepared
from dedup.index.filter.filtering import Filter
from dedup.index.filter.records import FIELD, check_free, with_verdict
from dedup.outlets import Outlets
from dedup.reading.ahead import read_ahead
from dedup.reading.completing import Completion
from dedup.reading.dates.deciding import SourceOrders
from dedup.reading.dates.moments import DateReader
from dedup.reading.dates.options import DateOptions
from dedup.reading.fields import FieldMapping, Selector
from dedup.reading.input_file import InputFile
from dedup.reading.json_lines import read_blocks
from dedup.reading.records import Fault, Records
from dedup.reading.signs import Signs
from dedup.reading.streams import Block
from dedup.verdicts.judging import Judged
from dedup.verdicts.tally import Tally

#: A longer line is a fault: about 60,000 pages of text.
LINE_BYTES = 128 << 20


class Passed(NamedTuple):
    """Lines of a batch, in order, each with its verdict and line end: those that pass, and those stopped."""

    kept: list[bytes]
    dropped: list[bytes]


class LineFilter:
    """Passes batches of lines through a filter.

    Parameters
    ----------
    chosen : Filter
    fields : mapping of str to str, optional
        As for `dedup.reading.read_batches`.
    on_error : {"stop", "skip"}
    reject : callable
        Called with the faults of lines that are left out.
    need_ids : bool
        Whether a record must have an id: an id made from the line's number would name another article in the
        next run.
    dates : DateOptions, optional
        How dates are read. Whether the day or the month comes first is decided for each batch of lines by the
        dates that the source has shown so far.
    outlets : Outlets, optional
        What is known about the sources: aliases and hosts become the outlet's name.
    verdict_field : str
        The name of the field that is added. A line that already has it is a fault.

    Attributes
    ----------
    tally : Tally
        The counts of the lines so far.
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
        verdict_field: str = FIELD,
    ) -> None:
        self._field = verdict_field
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
        self.tally = Tally()

    @property
    def notes(self) -> list[str]:
        """Notes for the user on the lines so far."""
        return [*self._dates.notes(), *self._orders.notes(), *self._signs.notes()]

    def judge_all(self, batches: Iterable[Sequence[bytes]]) -> Iterator[Passed]:
        """Judge batch after batch of lines.

        With "stop", the lines before the first unreadable one are judged and yielded, then its error is
        raised. A batch is read, tokenised and sketched in another thread while the previous one is judged and
        stored.
        """
        for read in read_ahead(map(self._read, batches)):
            yield from self._judge(read)

    def _read(self, lines: Sequence[bytes]) -> _Lines:
        before, self._read_before = self._read_before, self._read_before + len(lines)
        faults = [
            _too_long(before + number) for number, line in enumerate(lines, 1) if len(line) > LINE_BYTES
        ]
        self._lines = [b"" if faults and len(line) > LINE_BYTES else line for line in lines]
        records = self._without_verdicts(next(self._reader), faults)
        batch, kept, again = self._completed(records, faults)
        ahead = self._filter.prepare(batch) if batch.num_rows else None
        return _Lines(self._lines, before, batch, kept, again, faults, ahead)

    def _judge(self, read: _Lines) -> Iterator[Passed]:
        faults, ahead = list(read.faults), read.ahead
        batch, kept, again = read.batch, read.kept, read.again
        judged: dict[int, _Said] = {}
        while True:
            judged |= self._judged(batch, kept, faults, ahead)
            if not len(again) or (faults and self._on_error == "stop"):
                break
            ahead = None
            batch, kept, again = self._completed(again, faults)
        passed = Passed([], [])
        for line, (said, text) in self._passed(judged, faults):
            made = with_verdict(read.lines[line - 1 - read.before], said, self._field, text)
            (passed.kept if said.kept else passed.dropped).append(made)
        yield passed
        for fault in sorted(faults, key=lambda fault: fault.error.line or 0):
            if self._on_error == "stop":
                raise fault.error
            self.tally.skipped += 1
            self._reject(fault)

    def _passed(self, judged: Mapping[int, _Said], faults: Sequence[Fault]) -> Iterator[tuple[int, _Said]]:
        """Yield the judged lines, and count them; with "stop" only those before the first fault."""
        first_fault = min((fault.error.line or 0 for fault in faults), default=None)
        for line in sorted(judged):
            if self._on_error == "stop" and first_fault is not None and line > first_fault:
                return
            self.tally.add(judged[line][0])
            yield line, judged[line]

    def _blocks(self) -> Iterator[Block]:
        offset = 0
        while True:
            data = b"\n".join(self._lines) + b"\n"
            yield Block(data, offset)
            offset += len(data)

    def _completed(self, records: Records, faults: list[Fault]) -> tuple[pa.RecordBatch, list[int], Records]:
        """Return the valid articles with their lines, and the records whose id occurs in an earlier line.

        These are judged once the earlier ones are stored. Invalid records become faults.
        """
        faults += records.faults
        if self._need_ids and (ids := records.columns["id"]) is not None and ids.null_count:
            missing = np.asarray(ids.is_null())
            faults += [_without_id(records, row) for row in np.flatnonzero(missing).tolist()]
            records = records.take(np.flatnonzero(~missing))
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
            records.take(np.flatnonzero(np.isin(lines, repeated))),
        )

    def _without_verdicts(self, records: Records, faults: list[Fault]) -> Records:
        """Return the records that do not have a field of the verdict's name yet."""
        name = self._field.encode()
        wrong = []
        for row, line in enumerate(() if records.lines is None else records.lines.tolist()):
            data = self._lines[line - 1 - self._read_before + len(self._lines)]
            if name not in data and b"\\u" not in data:
                continue
            try:
                check_free(msgspec.json.decode(data), self._field)
            except FieldError as error:
                faults.append(Fault(FieldError(error.reason, file="-", line=line), data.decode()))
                wrong.append(row)
        if not wrong:
            return records
        return replace(records.take(np.setdiff1d(np.arange(len(records)), wrong)), faults=records.faults)

    def _judged(
        self, batch: pa.RecordBatch, lines: list[int], faults: list[Fault], ahead: Prepared | None
    ) -> dict[int, _Said]:
        """Return verdicts by line, with the original texts of those that were cut.

        Lines whose id is taken by another text become faults.
        """
        if self._on_error == "stop" and faults:
            # Records after the fault must not be stored: the run ends there.
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
        texts = (
            None if said.text is None else batch.column("text")[row].as_py()
            for row, said in enumerate(judged)
        )
        return dict(zip((lines[row] for row in keep), zip(judged, texts, strict=True), strict=True))


#: A judgement, and the text before it was cut.
_Said = tuple[Judged, str | None]


@dataclass(frozen=True, slots=True)
class _Lines:
    """A batch of lines that has been read.

    Attributes
    ----------
    before : int
        Number of lines before the batch.
    batch, kept : RecordBatch, list of int
        The valid articles, and their lines.
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


def _too_long(line: int) -> Fault:
    told = f"a line of more than {LINE_BYTES >> 20:,} MiB; cut it into articles"
    return Fault(FieldError(told, file="-", line=line))


def _without_id(records: Records, row: int) -> Fault:
    file, line = records.place(row)
    error = FieldError(
        "no id; with --index every article needs one that stays its own (--field id=NAME names the field)",
        file=file,
        line=line,
    )
    return Fault(error, records.record(row))
