"""Parquet: row groups in batches of about 8 MiB of text."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from dedup.errors import InputError
from dedup.reading.arrow_tables import SAMPLE_ROWS, Leaf, plan_table
from dedup.reading.formats import HowToRead
from dedup.reading.input_file import InputFile
from dedup.reading.parquet_footers import is_encrypted
from dedup.reading.records import BLOCK_BYTES, Records
from dedup.reading.rejects import file_fault
from dedup.reading.streams import seekable

_MOST_ROWS = 20_000
_BUFFER = 1 << 20


def read_parquet(file: InputFile, how: HowToRead) -> Iterator[Records]:
    """Read a Parquet file; the line of a record is its row, from 1.

    Raises
    ------
    FieldError
        There is no column for the text, or a column has a type that its field cannot be read from.
    InputError
        The file is damaged, or a column of strings is not UTF-8.
    """
    in_place = file.path is not None and file.compression is None and file.member is None
    try:
        with seekable(file, how.source) as stored:
            if is_encrypted(stored):
                raise InputError("is encrypted; decrypt it first", file=file.name)
        # By default Arrow reads whole row groups ahead: on 450 MB that took 1 GB, and this way 43 MB. Spark
        # writes INT96, which Arrow reads as nanoseconds that wrap before 1678 and after 2262.
        with parquet.ParquetFile(
            file.path if in_place else seekable(file, how.source),
            pre_buffer=False,
            buffer_size=_BUFFER,
            coerce_int96_timestamp_unit="us",
        ) as table:
            plan = plan_table(table.schema_arrow, lambda: _sample(table), how.selector, file, whole=how.whole)
            size = file.path.stat().st_size if file.path and in_place else 0
            first, told = 1, 0
            rows = _rows(table, plan.leaves.get("text", []))
            for batch in table.iter_batches(rows, columns=plan.names):
                yield plan.records(batch, first)
                first += batch.num_rows
                done = size * (first - 1) // table.metadata.num_rows
                how.source.advance(done - told)
                told = done
    except pa.ArrowInvalid as error:
        raise InputError(f"is not a valid Parquet file ({error}); write it again", file=file.name) from error
    except OSError as error:
        raise file_fault(error, file.name) from error


def uncompressed_bytes(path: Path) -> int:
    """Return the declared uncompressed bytes of a file's columns; 0 if it is not a valid Parquet file."""
    try:
        groups = parquet.read_metadata(path)
    except pa.ArrowInvalid:  # reading it will report the error
        return 0
    return sum(groups.row_group(number).total_byte_size for number in range(groups.num_row_groups))


def _sample(table: parquet.ParquetFile) -> list[dict[str, Any]]:
    with contextlib.closing(table.iter_batches(SAMPLE_ROWS)) as batches:
        first = next(batches, None)
    return [] if first is None else first.slice(0, SAMPLE_ROWS).to_pylist()


def _rows(table: parquet.ParquetFile, texts: list[Leaf]) -> int:
    """Return the number of rows in a block, given the declared sizes of the file's columns."""
    meta = table.metadata
    names = {leaf.name for leaf in texts}
    size = 0
    for group in range(meta.num_row_groups):
        for column in range(meta.num_columns):
            chunk = meta.row_group(group).column(column)
            counted = not names or any(chunk.path_in_schema.startswith(name) for name in names)
            size += chunk.total_uncompressed_size if counted else 0
    return max(1, min(_MOST_ROWS, BLOCK_BYTES * int(meta.num_rows) // max(1, size)))
