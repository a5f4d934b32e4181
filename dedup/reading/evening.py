"""Batches of about one size, whatever size the files have."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from dedup.reading.batches import ARTICLE_SCHEMA
from dedup.reading.records import BLOCK_BYTES

_MOST_ROWS = 20_000
_SMALL = BLOCK_BYTES // 8


def evened(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Join small batches and cut long ones, so that no stage sees a thousand batches of one article."""
    waiting: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in batches:
        if batch.num_rows == 0:
            continue
        if waiting and (rows + batch.num_rows > _MOST_ROWS or size + batch.nbytes > BLOCK_BYTES):
            yield from _joined(waiting)
            waiting, rows, size = [], 0, 0
        waiting.append(batch)
        rows, size = rows + batch.num_rows, size + batch.nbytes
        if size > _SMALL:
            yield from _joined(waiting)
            waiting, rows, size = [], 0, 0
    yield from _joined(waiting)


def _joined(waiting: list[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    if len(waiting) > 1:
        table = pa.Table.from_batches(waiting, ARTICLE_SCHEMA).combine_chunks()
        yield from table.to_batches(max_chunksize=_MOST_ROWS)
        return
    for batch in waiting:
        for start in range(0, batch.num_rows, _MOST_ROWS):
            yield batch.slice(start, _MOST_ROWS)
