"""The pairs of a filter's batch that editors have decided about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.article import Article
from dedup.decisions.answered import closed_overlaps
from dedup.decisions.ledger import Ledger
from dedup.decisions.record import Decision
from dedup.index.compare.gathering import Gathered
from dedup.overlaps.measure import OverlapColumns
from dedup.report.overlaps import overlap_batch, overlap_records
from dedup.results import Overlap

_PAIRS_AT_ONCE = 256


def closed_pairs(
    gathered: Gathered, columns: OverlapColumns, decisions: Sequence[Decision]
) -> NDArray[np.bool_] | None:
    """Return which pairs decisions have closed, shape (n_pairs,); None if there are no decisions."""
    ledger = Ledger(decisions)
    if not ledger or not len(columns):
        return None
    rows = {name: row for row, name in enumerate(gathered.ids.to_pylist())}

    def overlaps() -> Iterator[Overlap]:
        for start in range(0, len(columns), _PAIRS_AT_ONCE):
            end = min(start + _PAIRS_AT_ONCE, len(columns))
            yield from overlap_records(overlap_batch(gathered, columns, start, end))

    def article(name: str) -> Article:
        return gathered.article(rows[name])

    return closed_overlaps(ledger, overlaps(), article)
