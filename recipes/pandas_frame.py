"""A pandas DataFrame of articles, with what the filter says of each as columns.

    python pandas_frame.py INDEX articles.parquet judged.parquet

The frame needs the columns ``id`` and ``text``; ``source``, ``title``, ``url``, ``language``, ``published``
are used where they are there. The index remembers the articles: the next frame is compared with them, and
the same frame gets the same verdicts again.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pyarrow as pa

from dedup.index import Filter, Index
from dedup.reading import ARTICLE_SCHEMA

COLUMNS = {
    "verdict": "string",
    "follows": "string",
    "coverage": "float64",
    "similarity": "float64",
    "story": "string",
}


def judge(frame: pd.DataFrame, folder: Path, *, rows: int = 10_000) -> pd.DataFrame:
    """The frame with a column for each of `COLUMNS`; its articles are stored in the index at `folder`."""
    with Index.open(folder) if folder.exists() else Index.create(folder) as index:
        chosen = Filter(index)
        verdicts = [each.verdict for batch in batches(frame, rows) for each in chosen.judge(batch)]
    return frame.assign(
        **{
            name: pd.array([getattr(each, name) for each in verdicts], dtype=kind)
            for name, kind in COLUMNS.items()
        }
    )


def batches(frame: pd.DataFrame, rows: int) -> Iterable[pa.RecordBatch]:
    """The articles of a frame as Arrow batches; an article without a source is one of its own."""
    articles = frame.reindex(columns=ARTICLE_SCHEMA.names)
    articles = articles.astype({name: "string" for name in articles.columns if name != "published"})
    articles["source"] = articles["source"].replace("", pd.NA).fillna(articles["id"])
    articles["published"] = pd.to_datetime(articles["published"], utc=True).dt.as_unit("us")
    return pa.Table.from_pandas(articles, ARTICLE_SCHEMA, preserve_index=False).to_batches(rows)


if __name__ == "__main__":
    index, articles, judged = map(Path, sys.argv[1:4])
    judge(pd.read_parquet(articles), index).to_parquet(judged)
