"""One task of a daily pipeline (Airflow, Dagster, cron): add the day's file, forget what is a month old.

    python daily_task.py INDEX FILE OVERLAPS

It can be run again after any failure: what is known is passed over.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dedup.index import Index
from dedup.reading import read_batches
from dedup.reporting import write


def run(folder: Path, articles: Path, overlaps: Path, *, keep: timedelta = timedelta(days=31)) -> int:
    """Add the articles of a file to an index and write what they share; how many overlaps."""
    index = Index.open(folder) if folder.exists() else Index.create(folder)
    with index:
        report = index.add(read_batches([articles]), within=timedelta(days=7))
        write(report, "jsonl", overlaps)
        index.prune(datetime.now(UTC) - keep)
        index.compact()
        return len(report.overlaps)


if __name__ == "__main__":
    print(run(*map(Path, sys.argv[1:4])))
