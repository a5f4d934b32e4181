"""Where a filter writes articles: JSON lines, CSV, Parquet or Arrow, according to the suffix of the name."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, Protocol

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from dedup.errors import SettingsError
from dedup.index.filter.records import encoded
from dedup.results import Verdict
from dedup.schemas import schema_of

#: Number of records that are converted to columns together.
_ROWS_AT_ONCE = 8192
_COMPRESSIONS = {".gz": "gzip", ".zst": "zstd", ".bz2": "bz2"}
_FORMS = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
}


#: The verdict, and the remaining text if the record has no field for it.
_VERDICT = pa.struct([*schema_of(Verdict), pa.field("text", pa.string())])


class Output(Protocol):
    """Accepts articles one by one."""

    def line(self, line: bytes) -> None:
        """Accept an article as a line of JSON, including its line end."""

    def record(self, record: Mapping[str, Any]) -> None:
        """Accept an article as a record."""


class Lines:
    """Writes JSON lines to a stream."""

    def __init__(self, stream: IO[bytes] | pa.NativeFile) -> None:
        self._stream = stream

    def line(self, line: bytes) -> None:
        """Write a line."""
        self._stream.write(line)

    def record(self, record: Mapping[str, Any]) -> None:
        """Write a record as a line."""
        self._stream.write(encoded(record))


class Table:
    """Collects records on disk, and writes them as a table when all have arrived and the columns are known.

    A column has one type. If its values have types without a common type, they are written as JSON. The
    verdict has the type of its record, and comes last.

    Parameters
    ----------
    verdict : str
        The name of the verdict's field.
    """

    def __init__(self, verdict: str) -> None:
        self._verdict = verdict
        self._spool: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - it goes with this object
        self._waiting: list[Mapping[str, Any]] = []
        self._blocks: list[tuple[int, int]] = []
        self._schema = pa.schema([])

    def close(self) -> None:
        """Release all records."""
        self._spool.close()

    def line(self, line: bytes) -> None:
        """Accept a line of JSON."""
        self.record(msgspec.json.decode(line))

    def record(self, record: Mapping[str, Any]) -> None:
        """Accept a record."""
        self._waiting.append(record)
        if len(self._waiting) >= _ROWS_AT_ONCE:
            self._flush()

    def schema(self) -> pa.Schema:
        """Return the columns of all records."""
        self._flush()
        fields = sorted(self._schema, key=lambda field: field.name == self._verdict)
        return pa.schema(fields)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield all records, with `schema`."""
        schema = self.schema()
        for start, size in self._blocks:
            self._spool.seek(start)
            (batch,) = pa.ipc.open_stream(pa.py_buffer(self._spool.read(size)))
            yield _as(batch, schema)

    def _flush(self) -> None:
        if not self._waiting:
            return
        batch = _batch(self._waiting, self._verdict)
        self._waiting = []
        self._schema = _unified(self._schema, batch.schema)
        start = self._spool.seek(0, os.SEEK_END)
        with pa.ipc.new_stream(self._spool, batch.schema) as writer:
            writer.write_batch(batch)
        self._blocks.append((start, self._spool.tell() - start))


def form_of(path: Path) -> tuple[str, str | None]:
    """Return the format and the compression that a name asks for.

    Raises
    ------
    SettingsError
        The suffix does not name a format.

    Examples
    --------
    >>> form_of(Path("kept.jsonl.gz")), form_of(Path("kept.parquet"))
    (('jsonl', 'gzip'), ('parquet', None))
    """
    compression = _COMPRESSIONS.get(path.suffix.lower())
    ending = (path.with_suffix("") if compression else path).suffix.lower()
    form = _FORMS.get(ending)
    if form is None or (compression and form in ("parquet", "arrow")):
        known = ", ".join(dict.fromkeys(_FORMS))
        raise SettingsError(
            f"{path} does not tell how to write it; give a name that ends in one of {known} (JSON lines and "
            f"CSV also with {', '.join(_COMPRESSIONS)})"
        )
    return form, compression


@contextmanager
def opened(place: Path, name: Path, verdict: str) -> Iterator[Output]:
    """Write articles to a new file at `place`, in the format that `name` asks for.

    `verdict` is the name of the verdict's field.
    """
    form, compression = form_of(name)
    with ExitStack() as stack:
        stream: Any = stack.enter_context(place.open("wb"))
        if compression:
            stream = stack.enter_context(pa.CompressedOutputStream(stream, compression))
        if form == "jsonl":
            yield Lines(stream)
            return
        table = stack.enter_context(closing(Table(verdict)))
        yield table
        _write(table, form, stream)


def _write(table: Table, form: str, stream: Any) -> None:
    schema = table.schema()
    if form == "csv":
        _write_csv(schema, table.batches(), stream)
    elif form == "parquet":
        with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
            for batch in table.batches():
                writer.write_batch(batch)
    else:
        options = pa.ipc.IpcWriteOptions(compression="zstd")
        with pa.ipc.new_file(stream, schema, options=options) as file:
            for batch in table.batches():
                file.write_batch(batch)


def _write_csv(schema: pa.Schema, batches: Iterable[pa.RecordBatch], stream: BinaryIO) -> None:
    text = io.TextIOWrapper(io.BufferedWriter(_Closeless(stream)), encoding="utf-8", newline="")
    writer = csv.writer(text)
    writer.writerow(schema.names)
    for batch in batches:
        writer.writerows(zip(*(map(_cell, column.to_pylist()) for column in batch.columns), strict=True))
    text.flush()


class _Closeless(io.RawIOBase):
    """A stream that a text wrapper can write to but not close."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._stream.write(bytes(data))
        return len(data)


def _cell(value: Any) -> Any:
    return json.dumps(value, default=str, ensure_ascii=False) if isinstance(value, dict | list) else value


def _batch(records: list[Mapping[str, Any]], verdict: str) -> pa.RecordBatch:
    names = list(dict.fromkeys(name for record in records for name in record))
    columns = []
    for name in names:
        values = [record.get(name) for record in records]
        columns.append(pa.array(values, _VERDICT) if name == verdict else _column(values))
    return pa.RecordBatch.from_arrays(columns, names=names)


def _column(values: list[Any]) -> pa.Array:
    try:
        column = pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
        return pa.array([None if value is None else _as_json(value) for value in values], pa.string())
    # A struct without fields cannot be written as Parquet.
    return pa.array([_as_json(value) for value in values]) if "struct<>" in str(column.type) else column


def _as_json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)


def _unified(one: pa.Schema, two: pa.Schema) -> pa.Schema:
    """Return the columns of both schemas, as JSON where their types have no common type."""
    fields = {field.name: field for field in one}
    for field in two:
        known = fields.get(field.name)
        if known is None or known.type == field.type:
            fields[field.name] = field
            continue
        try:
            both = pa.unify_schemas([pa.schema([known]), pa.schema([field])], promote_options="permissive")
            fields[field.name] = both.field(0)
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            fields[field.name] = pa.field(field.name, pa.string())
    return pa.schema(list(fields.values()))


def _as(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    columns = []
    for field in schema:
        if field.name not in batch.schema.names:
            columns.append(pa.nulls(batch.num_rows, field.type))
            continue
        column = batch.column(field.name)
        if column.type != field.type:
            try:
                column = column.cast(field.type)
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError):
                if pa.types.is_string(field.type):
                    column = pa.array(
                        [None if each is None else _as_json(each) for each in column.to_pylist()]
                    )
                else:
                    column = pa.array(column.to_pylist(), field.type)
        columns.append(column)
    return pa.RecordBatch.from_arrays(columns, schema=schema)
