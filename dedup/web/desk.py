"""What the request handlers share."""

from __future__ import annotations

import numpy as np
from starlette.requests import Request

from dedup.index.index import Index
from dedup.index.verbs.reports import StoredReport, report_of_some
from dedup.results import Story
from dedup.web.drafts import Drafts
from dedup.web.engine import Engine
from dedup.web.metrics import Metrics
from dedup.web.options import DeskOptions
from dedup.web.rendering import Pages

#: Maximum number of articles of a story that its page and the interface read.
MOST_OF_STORY = 2_000


class Desk:
    """The parts of a running desk.

    Parameters
    ----------
    options : DeskOptions
    """

    def __init__(self, options: DeskOptions) -> None:
        self.options = options
        self.metrics = Metrics()
        self.engine = Engine(options)
        self.drafts = Drafts()
        self.pages = Pages(options)

    def story(self, index: Index, id: str) -> tuple[Story | None, StoredReport | None]:  # noqa: A002
        """Return the story that an article is in, and the report of the articles around it."""
        state = index.state
        with state.catalogue.reading():
            state.look()
            label = state.catalogue.one("SELECT story FROM article WHERE id = ?", [id])
            if label is None:
                return None, None
            rows = state.catalogue.run(
                "SELECT number FROM article WHERE story = ? ORDER BY number LIMIT ?", [label, MOST_OF_STORY]
            ).fetchall()
            numbers = np.array([number for (number,) in rows], np.int64)
            report = report_of_some(state, numbers, 1)
            report.built()
        return next((each for each in report.stories if id in each.articles), None), report


def desk_of(request: Request) -> Desk:
    """Return the desk that a request was sent to."""
    desk: Desk = request.app.state.desk
    return desk
