"""An Airflow DAG with one task a day: the verdicts on the articles of that day.

Put it into the folder of DAGs with `daily_task.py` beside it, and set ``NEWS`` to the folder that has
``2026-01-31.jsonl`` and the like; the index and the files of verdicts come beside them. A day that failed can
be cleared and run again; ``max_active_runs=1`` lets the days run one after another, oldest first.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from airflow.sdk import dag, task
from daily_task import run


@dag(schedule="@daily", start_date=datetime(2026, 1, 1, tzinfo=UTC), catchup=True, max_active_runs=1)
def news_verdicts() -> None:
    """Judge each day's articles."""

    @task(retries=2, retry_delay=timedelta(minutes=5))
    def verdicts(ds: str | None = None) -> dict[str, int]:
        """What each article of the day follows; Airflow fills in the day."""
        news, day = Path(os.environ["NEWS"]), datetime.fromisoformat(str(ds)).replace(tzinfo=UTC)
        return run(news / "index", news / f"{ds}.jsonl", news / f"{ds}.verdicts.parquet", day=day)

    verdicts()


news = news_verdicts()
