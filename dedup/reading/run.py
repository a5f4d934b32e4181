"""One run of reading: all inputs, one after another, as batches of articles."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Literal

import pyarrow as pa

from dedup.errors import InputError, SettingsError
from dedup.reading.ahead import read_ahead
from dedup.reading.archives import Archives
from dedup.reading.batches import ArticleBatches
from dedup.reading.choices import Choices, ReadAs
from dedup.reading.completing import Completion
from dedup.reading.dates.deciding import FileOrder, open_dates
from dedup.reading.dates.moments import DateReader
from dedup.reading.evening import evened
from dedup.reading.fields import FieldMapping, Selector
from dedup.reading.formats import HowToRead, reader_of
from dedup.reading.input_file import InputFile
from dedup.reading.inputs import expand
from dedup.reading.options import ReaderOptions
from dedup.reading.parquet_files import uncompressed_bytes
from dedup.reading.partitions import fill_from_partition
from dedup.reading.records import Fault, Records
from dedup.reading.rejects import Reject, Rejects
from dedup.reading.signs import Signs
from dedup.reading.singles import read_singles
from dedup.reading.streams import ByteSource, check_encoding

OnError = Literal["stop", "skip"]
Progress = Callable[[int, int | None], None]


class Reading(ArticleBatches):
    """The articles of a run as Arrow record batches, read once, on demand.

    Iterate over it to read. A batch has `ARTICLE_SCHEMA`, about 8 MiB of text and at most 20,000 rows; the
    next one is made in a background thread. See `read_batches` for the parameters and errors.

    Attributes
    ----------
    skipped : int
        Number of articles (and whole files) left out so far; complete after the last batch.
    rejects : list of Reject
        The first 1,000 of them; the file of rejects holds all of them.
    notes : list of str
        How sources and ids were chosen and what was skipped; complete after the last batch.
    """

    def __init__(
        self,
        inputs: Sequence[str | Path],
        *,
        fields: Mapping[str, str] | None = None,
        encoding: str = "utf-8",
        on_error: OnError = "stop",
        rejects: Path | None = None,
        stdin: BinaryIO | None = None,
        progress: Progress | None = None,
        options: ReaderOptions | None = None,
    ) -> None:
        if on_error not in ("stop", "skip"):
            raise SettingsError(f"on_error is {on_error!r}; it must be one of stop, skip")
        if rejects is not None and on_error == "stop":
            raise SettingsError(
                'rejects are written only with `on_error="skip"`; add it or leave `rejects` out'
            )
        if not inputs:
            raise SettingsError("no input is named; name files, folders, patterns or - for standard input")
        self._inputs = list(inputs)
        self._options = options or ReaderOptions()
        self._mapping = FieldMapping.of(
            fields, records=self._options.records, preset=self._options.chosen_preset
        )
        self._archives = Archives()
        self._source = ByteSource(check_encoding(encoding), stdin, self._advance, self._archives)
        self._rejects = Rejects(skip=on_error == "skip", path=rejects)
        self._progress = progress
        self._completion = Completion(DateReader(self._options.dates), self._options.outlets)
        self._choices = Choices(self._mapping)
        self._signs = Signs()
        self._undecided: list[tuple[str, FileOrder]] = []
        self._found_notes: list[str] = []
        self._read = 0
        self._total: int | None = None
        self._started = False

    @property
    def skipped(self) -> int:
        """Number of articles and files left out so far."""
        return self._rejects.count

    @cached_property
    def expected_bytes(self) -> int | None:
        """Approximate bytes of text in the inputs; None if one of them is standard input."""
        files, _, _ = self._expanded
        if any(file.path is None for file in files):
            return None
        return sum(_expected(file) for file in files)

    @property
    def paths(self) -> list[Path]:
        """The files that are read; an archive counts once for all of its members."""
        files, _, _ = self._expanded
        return list(dict.fromkeys(file.path for file in files if file.path is not None))

    @cached_property
    def _expanded(self) -> tuple[list[InputFile], list[str], list[InputError]]:
        """The files, notes on them, and the faults of the inputs."""
        errors: list[InputError] = []
        files, notes = expand(self._inputs, errors.append, self._archives, self._options.input_format)
        return files, notes, errors

    @property
    def rejects(self) -> list[Reject]:
        """The first of the articles and files left out."""
        return self._rejects.listed

    @property
    def notes(self) -> list[str]:
        """Notes for the user."""
        found = [*self._found_notes, *self._choices.notes(), *self._completion.notes()]
        return [*found, *open_dates(self._undecided), *self._signs.notes()]

    @property
    def read_as(self) -> dict[ReadAs, int]:
        """How the files were read so far, and the number of files for each way."""
        return {kind: files.total() for kind, files in self._choices.read_as.items()}

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        if self._started:
            raise RuntimeError("a Reading is read once; call read_batches again")
        self._started = True
        return self._batches()

    def _batches(self) -> Iterator[pa.RecordBatch]:
        with self._rejects:
            with contextlib.closing(read_ahead(evened(self._complete()))) as batches:
                for batch in batches:
                    self._signs.learn(batch)
                    if self._progress is not None:
                        self._progress(self._read, self._total)
                    yield batch
            if self._progress is not None:
                self._progress(self._read, self._total)

    def _complete(self) -> Iterator[pa.RecordBatch]:
        with contextlib.closing(self._archives):
            files, self._found_notes, errors = self._expanded
            for error in errors:
                self._rejects.take(Fault(error))
            self._total = _total(files)
            for name, group in itertools.groupby(
                files, key=lambda file: file.format if file.is_single else ""
            ):
                if name:
                    read = read_singles(self._noted(group), self._how, self._rejects.take)
                    yield from self._decided("the manifests", map(self._checked, read))
                else:
                    for file in group:
                        yield from self._file(file)
            self._choices.check()

    def _noted(self, files: Iterable[InputFile]) -> Iterator[InputFile]:
        for file in files:
            self._choices.take_single(file)
            yield file

    def _file(self, file: InputFile) -> Iterator[pa.RecordBatch]:
        return self._decided(file.name, self._read_file(file))

    def _decided(self, name: str, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the batches of a file, with the order of day and month in its dates decided."""
        order = FileOrder()
        for batch in batches:
            yield from order.take(batch)
        yield from order.finish()
        if order.undecided or order.mixed:
            self._undecided.append((name, order))

    def _read_file(self, file: InputFile) -> Iterator[pa.RecordBatch]:
        found = 0
        how = self._how(file)
        try:
            for records in reader_of(file.format)(file, how):
                found += len(records) + len(records.faults)
                if file.partition:
                    fill_from_partition(records, file.partition, self._mapping)
                yield self._checked(records)
            if not found:
                raise InputError("no articles in it; give a file that holds some", file=file.name)
        except InputError as error:
            self._rejects.take(Fault(error))
        finally:
            self._choices.take(file, how.selector)

    def _how(self, file: InputFile) -> HowToRead:
        return HowToRead(
            self._source,
            Selector(self._mapping, file.partition),
            html=self._options.html,
            table=self._options.table,
        )

    def _checked(self, records: Records) -> pa.RecordBatch:
        batch, faults = self._completion.complete(records)
        for fault in faults:
            self._rejects.take(fault)
        return batch

    def _advance(self, count: int) -> None:
        self._read += count


def _expected(file: InputFile) -> int:
    """Return approximately how many bytes of text a file holds; compression reduces news to a third."""
    if file.path is None:
        return 0
    try:
        if file.format == "parquet":
            return uncompressed_bytes(file.path)
        return (3 if file.compression else 1) * file.path.stat().st_size
    except OSError:
        return 0


def _total(files: Sequence[InputFile]) -> int | None:
    total = 0
    for file in files:
        if file.path is None:
            return None
        with contextlib.suppress(OSError):
            total += file.path.stat().st_size
    return total
