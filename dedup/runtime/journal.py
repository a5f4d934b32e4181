"""The record that a run keeps of itself in the logger "dedup": stages and batches, with numbers."""

from __future__ import annotations

import logging
import time
from typing import Any

_LOG = logging.getLogger("dedup.run")


def record(message: str, **fields: Any) -> None:
    """Log at level INFO, with the numbers in the record's attribute `fields`.

    Examples
    --------
    >>> record("compared", articles=2)
    """
    if _LOG.isEnabledFor(logging.INFO):
        said = ", ".join(f"{name} {value}" for name, value in fields.items())
        _LOG.info("%s: %s", message, said, extra={"event": message, "fields": fields})


class Stages:
    """Records how long each stage of a run takes, derived from its progress reports.

    Examples
    --------
    >>> stages = Stages()
    >>> for stage in ("reading", "reading", "joining"):
    ...     stages.tell(stage)
    >>> list(stages.seconds), stages.end() is None
    (['reading'], True)
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._stage: str | None = None
        self._since = time.perf_counter()

    def tell(self, stage: str) -> None:
        """Note that a stage is in progress."""
        if stage != self._stage:
            self.end()
            self._stage = stage

    def end(self) -> None:
        """Note that the last stage is finished."""
        now = time.perf_counter()
        if self._stage is not None:
            took = now - self._since
            self.seconds[self._stage] = self.seconds.get(self._stage, 0.0) + took
            record("stage done", stage=self._stage, seconds=round(took, 3))
        self._stage, self._since = None, now
