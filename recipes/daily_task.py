"""One task of a daily pipeline: judge the day's file, write the verdicts, forget what is a month old.

    python daily_task.py INDEX articles.jsonl verdicts.parquet

`run` is a plain function for cron or any scheduler; `dagster_asset.py` and `airflow_dag.py` call it. After
any failure it can be run again: an article that is known gets the verdict that it got at first, and the file
of verdicts is put in place when it is whole.
"""

from __future__ import annotations

import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from dedup.index import Filter, Index, Period
from dedup.outputs import written_beside
from dedup.reading import read_batches

COLUMNS = pa.schema(
    {
        "id": pa.string(),
        "verdict": pa.string(),
        "follows": pa.string(),
        "coverage": pa.float64(),
        "similarity": pa.float64(),
        "story": pa.string(),
    }
)


def run(
    folder: Path,
    articles: Path,
    verdicts: Path,
    *,
    day: datetime | None = None,
    within: timedelta = timedelta(days=7),
    keep: timedelta = timedelta(days=31),
) -> dict[str, int]:
    """Judge the articles of a file, each against those of the index and of the file before it.

    Only articles published `within` a time of each other are compared, and those published more than `keep`
    before `day` (now, if none is given) are taken out at the end. How often each verdict was given.
    """
    counts: Counter[str] = Counter()
    with Index.open(folder) if folder.exists() else Index.create(folder) as index:
        chosen = Filter(index, period=Period.of(None, within))
        with written_beside([verdicts]) as (beside,), parquet.ParquetWriter(beside, COLUMNS) as writer:
            for batch in read_batches([articles]):
                said = [each.verdict for each in chosen.judge(batch)]
                counts.update(each.verdict for each in said)
                made = {name: [getattr(each, name) for each in said] for name in COLUMNS.names[1:]}
                writer.write_table(pa.table({"id": batch.column("id"), **made}, COLUMNS))
        index.prune((day or datetime.now(UTC)) - keep)
        index.compact()
    return dict(counts)


if __name__ == "__main__":
    print(run(*map(Path, sys.argv[1:4])))
