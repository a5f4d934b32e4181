"""The result as tables: CSV for spreadsheets, Parquet for columnar tools.

An output ``out.csv`` contains the overlaps. Beside it are ``out.articles.csv``, ``out.stories.csv`` and
``out.summary.csv``, and likewise with ``.parquet``. A stream takes only the overlaps.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from dedup.reporting.arrow_columns import rounded_column
from dedup.reporting.cells import cell_names, cells_of
from dedup.reporting.records import Record, record_of
from dedup.results import AlignedPassages, ArticleSummary, Overlap, Report, Story, Summary
from dedup.runtime.outputs import open_large, written_beside
from dedup.runtime.threads import available_threads, map_in_order
from dedup.schemas import ARTICLE_SCHEMA, OVERLAP_SCHEMA, STORY_SCHEMA, SUMMARY_SCHEMA

#: Number of records per row group, where records are made. Overlaps come in groups of a few MB of text, so
#: that a reader can skip groups and a writer need not hold all.
ROW_GROUP = 4096
#: Number of articles per row group.
ARTICLES_AT_ONCE = 65_536

#: Columns of the CSV of overlaps: the overlap's fields, the passage's number from 1, the passage's fields.
CSV_COLUMNS = (*cell_names(Overlap), "passage", *(f"passage_{name}" for name in cell_names(AlignedPassages)))


def write_csv(report: Report, path: Path) -> None:
    """Write ``out.csv`` and, beside it, ``out.articles.csv``, ``out.stories.csv`` and ``out.summary.csv``.

    One row per aligned passage, with the fields of its overlap repeated beside it (`CSV_COLUMNS`). An overlap
    without passages has one row with empty passage columns. UTF-8 as in RFC 4180: cells with quotation marks,
    commas or line breaks are quoted. `dedup.reporting.cells` says how a value becomes a cell, which fields
    have no column, and which texts are preceded by an apostrophe.

    Raises
    ------
    OutputError
        One of the four files cannot be written; then none of them changes.
    """
    with written_beside(companions(path)) as (overlaps, articles, stories, summary):
        with open_large(overlaps) as stream:
            write_overlaps_csv(report, stream)
        _csv_file(articles, ArticleSummary, report.articles)
        _csv_file(stories, Story, report.stories)
        _csv_file(summary, Summary, [report.summary])


def write_overlaps_csv(report: Report, stream: BinaryIO) -> None:
    """Write only the table of the overlaps to a stream, as `write_csv` does."""
    _csv(stream, CSV_COLUMNS, (row for each in report.overlaps for row in _passage_rows(each)))


def write_parquet(report: Report, path: Path, *, threads: int | None = None) -> None:
    """Write ``out.parquet`` and, beside it, ``out.articles``, ``out.stories`` and ``out.summary.parquet``.

    One row per overlap; ``passages`` is a list of structs with the fields of `AlignedPassages`. Row groups of
    a few MB of text are written as they come, so memory stays constant.

    Raises
    ------
    OutputError
        One of the four files cannot be written; then none of them changes.
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
    """Write only the table of the overlaps to a stream, as `write_parquet` does."""
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
    beside = cells_of(overlap)
    if not overlap.passages:
        yield beside + [None] * (len(CSV_COLUMNS) - len(beside))
    for number, passage in enumerate(overlap.passages, 1):
        yield [*beside, number, *cells_of(passage)]


def _csv_file(path: Path, record: type, items: Iterable[object]) -> None:
    with path.open("wb") as stream:
        _csv(stream, cell_names(record), map(cells_of, items))


def _csv(stream: BinaryIO, columns: Iterable[str], rows: Iterable[list[Any]]) -> None:
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    try:
        writer = csv.writer(text)
        writer.writerow(columns)
        writer.writerows(rows)
    finally:
        # The stream belongs to the caller: a wrapper would close it when it is collected.
        text.detach()


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
    """Return a batch with its scores rounded for writing."""
    return pa.RecordBatch.from_arrays(
        [rounded_column(column) for column in batch.columns], schema=batch.schema
    )
