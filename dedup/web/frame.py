"""What the pages of the desk have in common."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request

from dedup.reporting.answer import quiet_sentence
from dedup.results import ArticleSummary, Report
from dedup.web.desk import Desk
from dedup.web.view import DECIDED_QUEUES, OPEN_QUEUES, PERIODS, SMALL, View

#: Number of rows of a list that are shown at first.
ROWS = 50


def said_of(desk: Desk, report: Report, summary: ArticleSummary, pairs: int) -> str:
    """Return the sentence about an article, with the time of the earliest one."""
    earliest = None if summary.earliest is None else report.article(summary.earliest)
    return desk.pages.said(summary.sentence or quiet_sentence(summary, pairs), earliest)


def common(desk: Desk, request: Request, view: View | None = None) -> dict[str, Any]:
    """Return the values that every page receives."""
    newest = view.newest if view is not None else None
    age = None if newest is None else max(0, int((datetime.now(UTC) - newest).total_seconds()))
    query = dict(request.query_params.items())
    return {
        "csrf": request.state.csrf,
        "age": age,
        "query": query,
        "period": None if view is None else view.period,
        "periods": tuple(PERIODS),
        "open_queues": OPEN_QUEUES,
        "decided_queues": (*DECIDED_QUEUES, SMALL),
        "user": getattr(request.state, "user", None),
    }


def time_of(moment: datetime | None) -> float:
    """Return seconds since 1970, for sorting; 0 if the moment is not known."""
    return moment.timestamp() if moment else 0.0
