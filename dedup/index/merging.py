"""Merging of segments, so that a look-up meets few of them however many adds there were.

Segments grow in tiers of eight (O'Neil et al., "The log-structured merge-tree", 1996): eight of a size make
one of the next, so an article is rewritten once a tier. Articles that were removed stay behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.index.postings import packed
from dedup.index.segments import BATCH_ROWS, COLUMN_TYPES, STORED_SCHEMA, Columns, Segment, write_segment
from dedup.index.snapshot import Snapshot
from dedup.index.state import State
from dedup.index.storing import whole_batch
from dedup.workers import map_in_order

#: So many segments of one tier are merged.
TIER = 8
#: Larger segments are not merged any more.
MOST_ARTICLES = 1 << 20
_EVERY = np.zeros(0, np.int64)


def due(sizes: Sequence[int]) -> int:
    """How many of the last segments are to be merged, by their numbers of articles; 0 for none.

    Examples
    --------
    >>> due([500, 10, 10, 10, 10, 10, 10, 10, 10]), due([500, 10, 10])
    (8, 0)

    A segment is not merged again for the sake of much smaller ones:

    >>> due([90_000, *[1000] * 7])
    0
    """
    tiers = [_tier(size) for size in sizes]
    for tier in sorted(set(tiers)):
        tail = 0
        while tail < len(tiers) and tiers[-1 - tail] <= tier:
            tail += 1
        if tail >= TIER and 2 * max(sizes[-tail:]) <= sum(sizes[-tail:]) <= MOST_ARTICLES:
            return tail
    return 0


def merge(state: State, segments: Sequence[Segment], threads: int) -> None:
    """Replace neighbouring segments by one within a transaction; removed articles go."""
    state.release()  # a merge reads all of its segments, and lays out whole bands
    snapshot, catalogue = state.snapshot, state.catalogue
    lives = [snapshot.live(segment) for segment in segments]
    gone = np.concatenate(
        [np.zeros(0, np.uint32)]
        + [segment.columns.numbers[~live] for segment, live in zip(segments, lives, strict=True)]
    )
    for segment in segments:
        catalogue.run("DELETE FROM segment WHERE name = ?", [segment.name])
    catalogue.run_many("DELETE FROM removed WHERE number = ?", ([number] for number in gone.tolist()))
    columns = Columns(
        **{
            name: np.concatenate(
                [getattr(segment.columns, name)[live] for segment, live in zip(segments, lives, strict=True)]
            )
            for name in COLUMN_TYPES
        }
    )
    if len(columns.numbers):
        first = int(columns.numbers[0])
        folder = state.new_segment(first)

        def work(band: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
            return packed(_band(segments, lives, band), len(columns.numbers))

        bands = map_in_order(work, range(state.terms.settings.bands), threads)
        records = write_segment(folder, _batches(segments, lives), columns, bands, state.files)
        catalogue.add_segment(folder.name, first, len(columns.numbers), records)
    state.look()


def segments_due(state: State) -> list[Segment]:
    """The last segments, if there are enough of a size to be merged."""
    segments = state.snapshot.segments
    return segments[len(segments) - due([len(segment) for segment in segments]) :]


def runs(snapshot: Snapshot) -> Iterator[list[Segment]]:
    """All segments in runs of neighbours that make one of at most `MOST_ARTICLES`."""
    run: list[Segment] = []
    for segment in snapshot.segments:
        if run and sum(map(len, run)) + len(segment) > MOST_ARTICLES:
            yield run
            run = []
        run.append(segment)
    if run:
        yield run


def _tier(size: int) -> int:
    tier = 0
    while size >= TIER:
        size //= TIER
        tier += 1
    return tier


def _band(segments: Sequence[Segment], lives: Sequence[NDArray[np.bool_]], band: int) -> NDArray[np.uint64]:
    """The postings of one band of all segments, with the rows of the merged one."""
    merged = np.empty(sum(segment.postings.places[band, 2] for segment in segments), np.uint64)
    made = shift = 0
    for segment, live in zip(segments, lives, strict=True):
        moved = _EVERY if live.all() else np.where(live, np.cumsum(live) - 1, -1)
        made += segment.postings.unpack(band, moved, shift, merged[made:])
        shift += int(np.count_nonzero(live))
    merged = merged[:made]
    merged.sort()
    return merged


def _batches(segments: Sequence[Segment], lives: Sequence[NDArray[np.bool_]]) -> Iterator[pa.RecordBatch]:
    """The articles that live, in batches of one size."""
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for segment, live in zip(segments, lives, strict=True):
        start = 0
        for batch in segment.batches:
            keep = live[start : start + batch.num_rows]
            start += batch.num_rows
            part = batch if keep.all() else batch.filter(pa.array(keep))
            if not waiting and BATCH_ROWS >= part.num_rows >= BATCH_ROWS // 4:
                yield part
                continue
            waiting.append(part)
            rows += part.num_rows
            if rows >= BATCH_ROWS:
                yield whole_batch(pa.Table.from_batches(waiting, STORED_SCHEMA))
                waiting, rows = [], 0
        segment.release()
    if rows:
        yield whole_batch(pa.Table.from_batches(waiting, STORED_SCHEMA))
