"""Compares new articles with those of an index, and stores the articles and their overlaps."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dedup.index.compare.finding import find
from dedup.index.compare.gathering import Gathered
from dedup.index.compare.incoming import Incoming
from dedup.index.store.files import FileRecord
from dedup.index.store.overlap_blocks import add_overlaps
from dedup.index.store.postings import packed
from dedup.index.store.segments import BATCH_ROWS, Columns, Segment, write_segment
from dedup.index.store.snapshot import Period, Snapshot
from dedup.index.store.state import State
from dedup.index.store.story_labels import join_stories
from dedup.overlaps.align import AlignedColumns
from dedup.runtime.unique import distinct
from dedup.stories.hubs import may_merge

#: Maximum number of articles that are compared and stored as one segment.
STEP = 20_000


def compare_and_store(
    state: State,
    new: Incoming,
    numbers: NDArray[np.int64],
    sources: NDArray[np.uint32],
    period: Period,
    threads: int,
    compared: Callable[[], object] = lambda: None,
) -> tuple[AlignedColumns, int]:
    """Find the overlaps of new articles, and store both in the index.

    `compared` is called once the overlaps are found: the rest keeps only one processor busy.
    """
    with ThreadPoolExecutor(1) as beside:
        # The disk works while the processors compare.
        written = beside.submit(_write, state, new, numbers, sources)
        found, cut_short = find(
            new, sources, numbers, state.snapshot, state.shelf, state.terms, period, threads
        )
        folder, records = written.result()
    compared()
    _enter_segment(state, folder, records, numbers)
    merging = _merging(state, found, threads)
    add_overlaps(state.catalogue, found, merging)
    join_stories(state.catalogue, found.a[merging], found.b[merging])
    return found, cut_short


def _merging(state: State, found: AlignedColumns, threads: int) -> NDArray[np.bool_]:
    """Return which pairs make stories, by those rules of a scan that need only the pair; shape (n_pairs,)."""
    if len(found.a) == 0:
        return np.zeros(0, np.bool_)
    every = distinct(np.concatenate([found.a, found.b]))
    gathered = Gathered.stored(state.snapshot, every, state.terms)
    columns = gathered.related(gathered.rows_of(found, every), placed=False, threads=threads)
    # Both name each pair once, with its articles by their places among the ids.
    a, b = (gathered.rows[np.searchsorted(every, each)] for each in (found.a, found.b))
    keys = np.minimum(a, b) * len(every) + np.maximum(a, b)
    known = columns.aligned.a * len(every) + columns.aligned.b
    order = np.argsort(known)
    return np.asarray(may_merge(columns)[order[np.searchsorted(known, keys, sorter=order)]])


def _write(
    state: State, new: Incoming, numbers: NDArray[np.int64], sources: NDArray[np.uint32]
) -> tuple[Path, dict[str, FileRecord]]:
    """Write a segment of new articles, which the catalogue does not list yet."""
    columns = Columns(
        numbers.astype(np.uint32),
        sources,
        new.published,
        new.lengths.astype(np.uint32),
        new.compared.lengths.astype(np.uint32),
    )
    folder = state.new_segment(int(numbers[0]))
    batches = (new.batch.slice(start, BATCH_ROWS) for start in range(0, len(new), BATCH_ROWS))
    bands = (packed([postings], len(postings), len(new)) for postings in new.postings)
    return folder, write_segment(folder, batches, columns, bands, state.files)


def _enter_segment(
    state: State, folder: Path, records: dict[str, FileRecord], numbers: NDArray[np.int64]
) -> None:
    state.catalogue.add_segment(folder.name, int(numbers[0]), len(numbers), records)
    segment = Segment(folder, state.terms.settings.bands, records)
    state.snapshot = Snapshot([*state.snapshot.segments, segment], state.snapshot.removed)
