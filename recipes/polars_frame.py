"""A polars DataFrame of articles, with what the filter says of each as columns.

    python polars_frame.py INDEX articles.parquet judged.parquet

The frame needs the columns ``id`` and ``text``; ``source``, ``title``, ``url``, ``language``, ``published``
(of type Date or Datetime) are used where they are there. The index remembers the articles: the next frame is
compared with them, and the same frame gets the same verdicts again.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import polars as pl
import pyarrow as pa

from dedup.index import Filter, Index
from dedup.reading import ARTICLE_SCHEMA

COLUMNS = {
    "verdict": pl.String,
    "follows": pl.String,
    "coverage": pl.Float64,
    "similarity": pl.Float64,
    "story": pl.String,
}


def judge(frame: pl.DataFrame, folder: Path, *, rows: int = 10_000) -> pl.DataFrame:
    """The frame with a column for each of `COLUMNS`; its articles are stored in the index at `folder`."""
    with Index.open(folder) if folder.exists() else Index.create(folder) as index:
        chosen = Filter(index)
        verdicts = [each.verdict for batch in batches(frame, rows) for each in chosen.judge(batch)]
    return frame.with_columns(
        pl.Series(name, [getattr(each, name) for each in verdicts], kind) for name, kind in COLUMNS.items()
    )


def batches(frame: pl.DataFrame, rows: int) -> Iterable[pa.RecordBatch]:
    """The articles of a frame as Arrow batches; an article without a source is one of its own."""
    types = {
        name: pl.Datetime("us", "UTC") if name == "published" else pl.String for name in ARTICLE_SCHEMA.names
    }
    missing = [pl.lit(None).alias(name) for name in types if name not in frame.columns]
    articles = frame.with_columns(missing).select(*types).cast(types)
    source = pl.coalesce(pl.col("source").replace("", None), "id")
    table = articles.with_columns(source=source).to_arrow()
    return table.cast(ARTICLE_SCHEMA).to_batches(rows)


if __name__ == "__main__":
    index, articles, judged = map(Path, sys.argv[1:4])
    judge(pl.read_parquet(articles), index).write_parquet(judged)
