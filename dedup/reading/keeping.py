"""A reading that keeps each record as it was given, with the article that was made from it."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import IO, Any

import msgspec
import pyarrow as pa

from dedup.errors import DuplicateIdError
from dedup.reading.completing import Completion
from dedup.reading.formats import HowToRead
from dedup.reading.input_file import InputFile
from dedup.reading.records import Fault, Original, Records
from dedup.reading.rejects import Rejects
from dedup.reading.run import Reading

#: Records of repeated articles are held up to this many bytes, the others on disk.
_IN_MEMORY = 16 << 20


class KeepingReading(Reading):
    """The articles of a run, and the record from which each was made.

    An article whose id has occurred before is not an error, because queues deliver twice. It is not in the
    batches. Instead `again` yields it afterwards, so that a caller who knows the first one can compare the
    two.

    Parameters
    ----------
    keep : bool
        Whether the records are kept.
    into : Rejects, optional
        Takes what is left out; it stays open for longer than this reading.
    inputs, options
        Parameters of `Reading`.
    """

    def __init__(
        self, inputs: Sequence[Any], *, keep: bool = True, into: Rejects | None = None, **options: Any
    ) -> None:
        super().__init__(inputs, **options)
        if into is not None:
            self._rejects = _Within(into)
        self._keep = keep
        self._originals: dict[str, Original] = {}
        self._turn = threading.Lock()
        self._again: IO[bytes] | None = None
        self._again_batches: list[tuple[pa.RecordBatch, int]] = []

    def close(self) -> None:
        """Release the repeated articles."""
        if self._again is not None:
            self._again.close()

    def originals(self, batch: pa.RecordBatch) -> list[Original]:
        """Return the records of a batch's articles, in order; each is returned once."""
        with self._turn:
            return [self._originals.pop(name) for name in batch.column("id").to_pylist()]

    def again(self) -> Iterator[tuple[pa.RecordBatch, list[Original]]]:
        """Yield the articles whose ids had occurred before, with their records; only after the last batch."""
        if self._again is None:
            return
        self._again.seek(0)
        for batch, size in self._again_batches:
            yield batch, msgspec.json.decode(self._again.read(size))

    def _how(self, file: InputFile) -> HowToRead:
        return replace(super()._how(file), whole=self._keep)

    def _checked(self, records: Records) -> pa.RecordBatch:
        batch, faults = self._completion.complete(records)
        kept, repeated = self._completion.kept, self._completion.repeated
        for fault in faults:
            if not isinstance(fault.error, DuplicateIdError):
                self._rejects.take(fault)
        if not self._keep:
            return batch
        with self._turn:
            for name, row in zip(batch.column("id").to_pylist(), kept.tolist(), strict=True):
                self._originals[name] = records.record(row)
        while len(repeated):  # an id may occur several times among them
            records = records.take(repeated)
            completion = Completion(self._completion.dates, self._completion.outlets)
            again, _ = completion.complete(records)
            data = msgspec.json.encode([records.record(row) for row in completion.kept.tolist()])
            if self._again is None:
                self._again = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - see `close`
            self._again.write(data)
            self._again_batches.append((again, len(data)))
            repeated = completion.repeated
        return batch


class _Within(Rejects):
    """The rejects of a part of a run, which are added to those of the whole run."""

    def __init__(self, whole: Rejects) -> None:
        super().__init__(skip=whole.skip, path=None)
        self._whole = whole
        self.listed = whole.listed

    def take(self, fault: Fault) -> None:
        """Pass the fault on."""
        self._whole.take(fault)
        self.count = self._whole.count
