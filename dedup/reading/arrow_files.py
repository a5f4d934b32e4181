"""Arrow IPC files and streams (Feather, data sets saved by `datasets`), batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
from pyarrow import feather, ipc

from dedup.errors import InputError
from dedup.reading.arrow_tables import SAMPLE_ROWS, plan_table
from dedup.reading.formats import HowToRead
from dedup.reading.input_file import InputFile
from dedup.reading.records import BLOCK_BYTES, Records
from dedup.reading.rejects import file_fault
from dedup.reading.streams import seekable

_MOST_ROWS = 20_000
_MARK = b"ARROW1"
_FEATHER_1 = b"FEA1"


def read_arrow(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read an Arrow file or stream; the line of a record is its row, from 1."""
    try:
        with seekable(file, how.source) as stored:
            batches = map(_validated, _batches(stored))
            first_batch = next(batches, None)
            if first_batch is None:
                return
            sample = first_batch.slice(0, SAMPLE_ROWS).to_pylist()
            plan = plan_table(first_batch.schema, lambda: sample, how.selector, file, whole=how.whole)
            first, told = 1, 0
            for batch in _joined(first_batch, batches):
                for part in _cut(batch):
                    yield plan.records(part, first)
                    first += part.num_rows
                done = int(stored.tell())
                how.source.advance(max(0, done - told))
                told = max(told, done)
    except pa.ArrowInvalid as error:
        raise InputError(f"is not a valid Arrow file ({error}); write it again", file=file.name) from error
    except OSError as error:
        raise file_fault(error, file.name) from error


def _batches(stored: Any) -> Iterator[pa.RecordBatch]:
    mark = stored.read(len(_MARK))
    stored.seek(0)
    if mark.startswith(_FEATHER_1):
        yield from feather.read_table(stored).to_batches()
    elif mark == _MARK:
        with ipc.open_file(stored) as table:
            for number in range(table.num_record_batches):
                yield table.get_batch(number)
    else:
        with ipc.open_stream(stored) as stream:
            yield from stream


def _validated(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return the batch; raise if its offsets lead out of its buffers, which Arrow does not check."""
    batch.validate(full=True)
    return batch


def _joined(first: pa.RecordBatch, others: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    yield first
    yield from others


def _cut(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    rows = max(1, min(_MOST_ROWS, BLOCK_BYTES * batch.num_rows // max(1, batch.nbytes)))
    for start in range(0, batch.num_rows, rows):
        yield batch.slice(start, rows)
