"""Comparing new articles with those of an index, and putting both into it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dedup.index.compare.finding import find
from dedup.index.compare.incoming import Incoming
from dedup.index.store.files import FileRecord
from dedup.index.store.overlap_blocks import add_overlaps
from dedup.index.store.postings import packed
from dedup.index.store.segments import BATCH_ROWS, Columns, Segment, write_segment
from dedup.index.store.snapshot import Period, Snapshot
from dedup.index.store.state import State
from dedup.index.store.story_labels import join_stories
from dedup.overlaps.align import AlignedColumns
from dedup.overlaps.measure import measure

#: Articles that are compared and stored as one segment, at the most.
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
    """Find the overlaps of new articles, and put both into the index.

    `compared` is called once the overlaps are found: what follows keeps one processor busy.
    """
    with ThreadPoolExecutor(1) as beside:
        # The disk is waited for while the processors compare.
        written = beside.submit(_write, state, new, numbers, sources)
        found, cut_short = find(
            new, sources, numbers, state.snapshot, state.shelf, state.terms, period, threads
        )
        folder, records = written.result()
    compared()
    _enter_segment(state, folder, records, numbers)
    lengths = np.diff(state.shelf.offsets)
    a_lengths, b_lengths = (lengths[state.shelf.rows(each)] for each in (found.a, found.b))
    copied = measure(found, a_lengths, b_lengths, state.terms.settings).copied
    add_overlaps(state.catalogue, found, copied)
    join_stories(state.catalogue, found.a[copied], found.b[copied])
    return found, cut_short


def _write(
    state: State, new: Incoming, numbers: NDArray[np.int64], sources: NDArray[np.uint32]
) -> tuple[Path, dict[str, FileRecord]]:
    """Write a segment of new articles, which the catalogue does not know yet."""
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
