"""One article against those of an index, which does not change."""

from __future__ import annotations

import numpy as np

from dedup.article import Article
from dedup.index.compare.finding import find_for_one
from dedup.index.compare.gathering import Gathered
from dedup.index.compare.incoming import prepare
from dedup.index.store.snapshot import Period
from dedup.index.store.state import State
from dedup.overlaps.align import AlignedColumns
from dedup.reading.batches import to_batches
from dedup.report.overlaps import overlap_batch, overlap_records
from dedup.results import Overlap
from dedup.runtime.unique import distinct

#: A number that no article has: that of one that is asked about and not stored.
_ASKED = 2**32 - 1


def query(state: State, article: Article, period: Period) -> list[Overlap]:
    """What an article shares with the stored ones; one with the same id is passed over."""
    state.look()
    (batch,) = to_batches([article])
    new = prepare(batch, state.terms, 1, credit=False)
    source = state.catalogue.one("SELECT number FROM source WHERE name = ?", [article.source]) or 0
    own = state.catalogue.one("SELECT number FROM article WHERE id = ?", [article.id])
    found = find_for_one(new, source, _ASKED, state.snapshot, state.shelf, state.terms, period)
    found = _without(found, own)
    if len(found.a) == 0:
        return []
    stored = distinct(np.concatenate([found.a, found.b]))[:-1]
    gathered = Gathered.with_new(new, state.snapshot, stored, state.terms)
    columns = gathered.related(gathered.rows_of(found, np.append(stored, _ASKED)))
    return overlap_records(overlap_batch(gathered, columns, 0, len(columns)))


def _without(found: AlignedColumns, number: int | None) -> AlignedColumns:
    """The overlaps without those of one article."""
    if number is None:
        return found
    return found.take(np.flatnonzero((found.a != number) & (found.b != number)))
