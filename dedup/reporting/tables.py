"""The result as tables: CSV for spreadsheets, Parquet for columns.

An output ``out.csv`` holds the overlaps; beside it are ``out.articles.csv``, ``out.stories.csv`` and
``out.summary.csv``, and the same with ``.parquet``. On a stream there is room for the overlaps only.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from dedup.reporting.records import Record, record_of, rounded
from dedup.results import Overlap, Report
from dedup.runtime.outputs import open_large, written_beside
from dedup.runtime.threads import available_threads, map_in_order
from dedup.schemas import ARTICLE_SCHEMA, OVERLAP_SCHEMA, PASSAGE_SCHEMA, STORY_SCHEMA, SUMMARY_SCHEMA

#: Records in a row group, where records are made. Overlaps come in groups of a few MB of text, so that a
#: reader can skip and a writer need not hold all.
ROW_GROUP = 4096
#: Articles in a row group.
ARTICLES_AT_ONCE = 65_536

#: Columns of the CSV of overlaps: the overlap's fields, the passage's number from 1, the passage's fields.
CSV_COLUMNS = (
    *(name for name in OVERLAP_SCHEMA.names if name != "passages"),
    "passage",
    *(f"passage_{name}" for name in PASSAGE_SCHEMA.names),
)


def write_csv(report: Report, path: Path) -> None:
    """Write ``out.csv`` and, beside it, ``out.articles.csv``, ``out.stories.csv`` and ``out.summary.csv``.

    One row an aligned passage, with the fields of its overlap repeated beside it (`CSV_COLUMNS`); an overlap
    without passages has one row with empty passage columns. UTF-8 as in RFC 4180: cells with quotes, commas
    or line breaks are quoted and come back as they were, spans slice to ``passage_a_text`` exactly. Absent
    values are empty, flags ``true`` or ``false``, lists JSON arrays, times ISO 8601 with a ``Z``. Nothing is
    put before a text that begins with ``=`` or ``+``: import such columns as text into a spreadsheet.

    Raises
    ------
    OutputError
        When one of the four files cannot be written; then none of them changes.
    """
    with written_beside(companions(path)) as (overlaps, articles, stories, summary):
        with open_large(overlaps) as stream:
            write_overlaps_csv(report, stream)
        _csv_file(articles, ARTICLE_SCHEMA.names, map(record_of, report.articles))
        _csv_file(stories, STORY_SCHEMA.names, map(record_of, report.stories))
        _csv_file(summary, SUMMARY_SCHEMA.names, [record_of(report.summary)])


def write_overlaps_csv(report: Report, stream: BinaryIO) -> None:
    """Write the table of the overlaps alone, as `write_csv` does, into a stream."""
    _csv(stream, CSV_COLUMNS, (row for each in report.overlaps for row in _passage_rows(each)))


def write_parquet(report: Report, path: Path, *, threads: int | None = None) -> None:
    """Write ``out.parquet`` and, beside it, ``out.articles``, ``out.stories`` and ``out.summary.parquet``.

    One row an overlap; ``passages`` is a list of structs with the fields of `AlignedPassages`. Row groups of
    a few MB of text are written as they come, so memory stays flat.

    Raises
    ------
    OutputError
        When one of the four files cannot be written; then none of them changes.
    """
    with written_beside(companions(path)) as (overlaps, articles, stories, summary):
        with open_large(overlaps) as stream:
            write_overlaps_parquet(report, stream, threads=threads)
        starts = range(0, len(report.articles), ARTICLES_AT_ONCE)
        with open_large(articles) as stream:
            _parquet(stream, ARTICLE_SCHEMA, (_article_batch(report, start) for start in starts))
        _parquet_file(stories, STORY_SCHEMA, map(record_of, report.stories))
        _parquet_file(summary, SUMMARY_SCHEMA, [record_of(report.summary)])


def write_overlaps_parquet(report: Report, stream: BinaryIO, *, threads: int | None = None) -> None:
    """Write the table of the overlaps alone, as `write_parquet` does, into a stream."""
    made = map_in_order(
        lambda block: _rounded(report.overlap_batch(*block)),
        report.overlap_blocks(),
        threads or available_threads(),
    )
    _parquet(stream, OVERLAP_SCHEMA, made)


def companions(path: Path) -> list[Path]:
    """Name the four files of a table: overlaps, articles, stories, summary.

    Examples
    --------
    >>> [each.name for each in companions(Path("out.csv"))]
    ['out.csv', 'out.articles.csv', 'out.stories.csv', 'out.summary.csv']
    """
    return [path, *(path.with_name(f"{path.stem}.{kind}{path.suffix}") for kind in _BESIDE)]


_BESIDE = ("articles", "stories", "summary")


def _passage_rows(overlap: Overlap) -> Iterator[list[Any]]:
    record = record_of(overlap)
    passages = record.pop("passages")
    beside = [_cell(value) for value in record.values()]
    if not passages:
        yield beside + [None] * (len(PASSAGE_SCHEMA) + 1)
    for number, passage in enumerate(passages, 1):
        # A passage has only numbers and texts, which need no help.
        yield [*beside, number, *passage.values()]


def _csv_file(path: Path, columns: Iterable[str], records: Iterable[Record]) -> None:
    with path.open("wb") as stream:
        _csv(stream, columns, ([_cell(value) for value in record.values()] for record in records))


def _csv(stream: BinaryIO, columns: Iterable[str], rows: Iterable[list[Any]]) -> None:
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    try:
        writer = csv.writer(text)
        writer.writerow(columns)
        writer.writerows(rows)
    finally:
        # The stream is the caller's: a wrapper that is collected would close it.
        text.detach()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple | list):
        return msgspec.json.encode(value).decode()
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value


def _parquet_file(path: Path, schema: pa.Schema, rows: Iterable[Record]) -> None:
    remaining = iter(rows)
    groups = iter(lambda: list(islice(remaining, ROW_GROUP)), [])
    with path.open("wb") as stream:
        _parquet(stream, schema, (pa.RecordBatch.from_pylist(group, schema=schema) for group in groups))


def _parquet(stream: BinaryIO, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
    with pq.ParquetWriter(stream, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)


def _article_batch(report: Report, start: int) -> pa.RecordBatch:
    return _rounded(report.article_batch(start, min(start + ARTICLES_AT_ONCE, len(report.articles))))


def _rounded(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The scores of a batch as they are written."""
    return pa.RecordBatch.from_arrays(
        [_rounded_column(column) for column in batch.columns], schema=batch.schema
    )


def _rounded_column(column: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_floating(kind):
        return pa.array(rounded(np.asarray(column)))
    if pa.types.is_list(kind) and pa.types.is_struct(kind.value_type):
        fields = [_rounded_column(column.values.field(field.name)) for field in kind.value_type]
        structs = pa.StructArray.from_arrays(fields, fields=list(kind.value_type))
        return pa.ListArray.from_arrays(column.offsets, structs)
    return column
