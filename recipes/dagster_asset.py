"""A Dagster asset with a partition a day: the verdicts on the articles of that day.

    NEWS=/data/news dagster dev -f dagster_asset.py

reads ``/data/news/2026-01-31.jsonl``, keeps the index ``/data/news/index`` and writes
``/data/news/2026-01-31.verdicts.parquet``. Start it in this folder, where `daily_task.py` is. A day that
failed can be run again. A day is compared with those that ran before it: run a backfill oldest first, and one
day at a time with ``dagster instance concurrency set news_index 1``.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
from daily_task import run


@dg.asset(partitions_def=dg.DailyPartitionsDefinition(start_date="2026-01-01"), pool="news_index")
def verdicts(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """What each article of the day follows, and how much of it."""
    news, day = Path(os.environ["NEWS"]), context.partition_key
    counts = run(
        news / "index",
        news / f"{day}.jsonl",
        news / f"{day}.verdicts.parquet",
        day=datetime.fromisoformat(day).replace(tzinfo=UTC),
    )
    return dg.MaterializeResult(metadata={"articles": sum(counts.values()), **counts})


defs = dg.Definitions(assets=[verdicts])
