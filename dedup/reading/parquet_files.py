"""Parquet: row groups in batches of about 8 MiB of text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from dedup.errors import FieldError, InputError
from dedup.reading.csv_files import check_columns
from dedup.reading.fields import FIELDS, FieldNames
from dedup.reading.inputs import InputFile
from dedup.reading.records import BLOCK_BYTES, Column, Records, without_empty
from dedup.reading.rejects import file_fault

_MOST_ROWS = 20_000
_BUFFER = 1 << 20


def read_parquet(file: InputFile, advance: Callable[[int], None], names: FieldNames) -> Iterator[Records]:
    """Read a Parquet file; the line of a record is its row, from 1.

    Raises
    ------
    FieldError
        There is no column for the text, or a column has a type that its field cannot be read from.
    InputError
        The file is damaged, or a column of strings is not UTF-8.
    """
    assert file.path is not None
    try:
        # By default Arrow reads whole row groups ahead: on 450 MB that took 1 GB, this way 43 MB.
        with parquet.ParquetFile(file.path, pre_buffer=False, buffer_size=_BUFFER) as table:
            schema = table.schema_arrow
            check_columns(schema.names, names, file)
            columns = {field: [name for name in names[field] if name in schema.names] for field in FIELDS}
            for field, found in columns.items():
                for name in found:
                    _check_type(field, schema.field(name), file)
            size = file.path.stat().st_size
            first, told = 1, 0
            used = sorted({name for found in columns.values() for name in found})
            for batch in table.iter_batches(_rows(table, columns["text"]), columns=used):
                yield _records(batch, columns, first, file)
                first += batch.num_rows
                done = size * (first - 1) // table.metadata.num_rows
                advance(done - told)
                told = done
    except pa.ArrowInvalid as error:
        raise InputError(f"is no sound Parquet file ({error}); write it again", file=file.name) from error
    except OSError as error:
        raise file_fault(error, file.name) from error


def uncompressed_bytes(path: Path) -> int:
    """How many bytes the columns of a file take, as it says itself; 0 where it is no sound Parquet file."""
    try:
        groups = parquet.read_metadata(path)
    except pa.ArrowInvalid:  # reading it says so
        return 0
    return sum(groups.row_group(number).total_byte_size for number in range(groups.num_row_groups))


def _rows(table: parquet.ParquetFile, texts: list[str]) -> int:
    """How many rows make a block, from what the file says of its columns' sizes."""
    meta = table.metadata
    size = 0
    for group in range(meta.num_row_groups):
        for column in range(meta.num_columns):
            chunk = meta.row_group(group).column(column)
            size += chunk.total_uncompressed_size if chunk.path_in_schema in texts else 0
    return max(1, min(_MOST_ROWS, BLOCK_BYTES * int(meta.num_rows) // max(1, size)))


def _records(batch: pa.RecordBatch, columns: dict[str, list[str]], first: int, file: InputFile) -> Records:
    fields: dict[str, Column | None] = {}
    for field, found in columns.items():
        arrays = [_readable(field, batch.column(name), file, first) for name in found]
        fields[field] = pc.coalesce(*arrays) if len(arrays) > 1 else arrays[0] if arrays else None
    lines = np.arange(first, first + batch.num_rows, dtype=np.int64)
    return Records([file.name], lines, fields, stem=file.stem)


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _is_text(kind: pa.DataType) -> bool:
    return any(
        is_kind(kind)
        for is_kind in (
            pa.types.is_string,
            pa.types.is_large_string,
            pa.types.is_string_view,
            pa.types.is_binary,
            pa.types.is_large_binary,
        )
    )


def _check_type(field: str, column: pa.Field[Any], file: InputFile) -> None:
    kind = _plain(column.type)
    fits = _is_text(kind) or pa.types.is_null(kind)
    wanted = "strings"
    if field == "published":
        wanted = "timestamps, dates, numbers of seconds or strings"
        fits |= any(
            is_kind(kind)
            for is_kind in (
                pa.types.is_timestamp,
                pa.types.is_date,
                pa.types.is_integer,
                pa.types.is_floating,
            )
        )
    elif field != "text":
        wanted = "strings or whole numbers"
        fits |= pa.types.is_integer(kind)
    if not fits:
        raise FieldError(
            f"the column {column.name!r} holds {column.type}; for {field} it must hold {wanted} "
            f"(--field {field}=NAME names another column)",
            file=file.name,
        )


def _readable(field: str, column: Column, file: InputFile, first: int) -> Column:
    kind = _plain(column.type)
    if field == "published" and not (_is_text(kind) or pa.types.is_null(kind)):
        return column.cast(kind) if kind != column.type else column
    try:
        strings = column.cast(pa.string())
        strings.validate(full=True)
    except pa.ArrowInvalid as error:
        last = first + len(column) - 1
        raise InputError(
            f"{field} in the rows {first} to {last} is not UTF-8; write the file again from strings",
            file=file.name,
        ) from error
    return strings if field == "text" else without_empty(strings)
