"""Learns the background of an index from its articles, and compares them all again with it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.background.tables import Background
from dedup.index.compare.incoming import learn, prepare
from dedup.index.compare.storing import STEP, compare_and_store
from dedup.index.store.segments import BATCH_ROWS, STORED_SCHEMA, whole_batch
from dedup.index.store.snapshot import Period, Snapshot
from dedup.index.store.state import State
from dedup.runtime.threads import map_in_order

#: An index without a given background learns one from its first addition, and again whenever it has grown by
#: this factor, until it has learned from this many articles: few articles make too few phrases common. All
#: stored articles are compared again each time. So the last time comes as soon as there are enough articles,
#: unless the index has hardly grown since the time before.
LEARN_AGAIN = 4
LEARN_LAST = 2
ENOUGH_TO_LEARN_FROM = 100_000


def learn_if_young(state: State, new: pa.RecordBatch, period: Period, threads: int) -> int:
    """Learn the background again if the index was not given one, is small, and has grown.

    Returns the number of articles learned from, including `new`, or 0 if the background was not learned.
    """
    learned = int(state.catalogue.setting("learned"))
    there = int(state.catalogue.one("SELECT count(*) FROM article"))
    wanted = min(LEARN_AGAIN * learned, max(LEARN_LAST * learned, ENOUGH_TO_LEARN_FROM))
    if not 0 <= learned < ENOUGH_TO_LEARN_FROM or there + new.num_rows < wanted:
        return 0
    background = learn(learn_from_stored(state, threads), new, state.terms.settings)
    relearn(state, background, period=period, threads=threads)
    state.catalogue.set("learned", background.articles)
    return background.articles


def relearn(state: State, background: Background, *, period: Period, threads: int) -> int:
    """Sketch and compare all articles again with another background, and return their number."""
    old, catalogue = state.snapshot, state.catalogue
    for segment in old.segments:
        segment.check_all()
    state.keep_background(background)
    for table in ("overlap", "segment", "removed"):
        catalogue.run(f"DELETE FROM {table}")
    catalogue.run("UPDATE article SET story = NULL WHERE story IS NOT NULL")
    state.snapshot = Snapshot([], np.zeros(0, np.int64))
    every = old.numbers()
    for start in range(0, len(every), STEP):
        numbers = every[start : start + STEP]
        batch = whole_batch(old.take(numbers, STORED_SCHEMA.names))
        incoming = prepare(batch, state.terms, threads)
        sources = old.column(numbers, "sources").astype(np.uint32)
        compare_and_store(state, incoming, numbers, sources, period, threads)
        old.release()
    return len(every)


def learn_from_stored(state: State, threads: int) -> Background:
    """Return a background of all stored articles."""
    every = state.snapshot.numbers()

    def work(part: NDArray[np.int64]) -> Background:
        # Counts add up in any order, so each thread has its own tables.
        background = Background.empty(state.terms.settings.shingle_words)
        for start in range(0, len(part), BATCH_ROWS):
            numbers = part[start : start + BATCH_ROWS]
            batch = whole_batch(state.snapshot.take(numbers, ["source", "text"]))
            background = learn(background, batch, state.terms.settings)
        return background

    first, *others = map_in_order(work, np.array_split(every, threads), threads)
    for other in others:
        first = first.merge(other)
    return first
