"""Merging of segments, so that a look-up reads few of them however many additions there were.

Segments grow in tiers of eight (O'Neil et al., "The log-structured merge-tree", 1996): eight of one size make
one of the next, so an article is rewritten once per tier. Removed articles are dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.index.store.postings import PackedBand, packed, row_bits
from dedup.index.store.segments import (
    BATCH_ROWS,
    COLUMN_TYPES,
    STORED_SCHEMA,
    Columns,
    Segment,
    whole_batch,
    write_segment,
)
from dedup.index.store.snapshot import Snapshot
from dedup.index.store.state import State
from dedup.runtime.threads import map_in_order

#: Number of segments of one tier that are merged.
TIER = 8
#: Larger segments are not merged any more.
MOST_ARTICLES = 1 << 20
#: Number of postings of a band that are sorted at a time; they fit into a core's cache.
_SORTED_AT_ONCE = 1 << 16


def due(sizes: Sequence[int]) -> int:
    """Return how many of the last segments to merge, given their numbers of articles; 0 for none.

    Examples
    --------
    >>> due([500, 10, 10, 10, 10, 10, 10, 10, 10]), due([500, 10, 10])
    (8, 0)

    A segment is not merged again merely for much smaller ones:

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


def merge_all(state: State, threads: int) -> None:
    """Merge all neighbouring segments within a transaction, without removed articles."""
    for run in list(runs(state.snapshot)):
        if len(run) > 1 or not state.snapshot.live(run[0]).all():
            merge(state, run, threads)
    state.catalogue.run("DELETE FROM source WHERE number NOT IN (SELECT DISTINCT source FROM article)")


def merge(state: State, segments: Sequence[Segment], threads: int) -> None:
    """Replace neighbouring segments by one within a transaction, without removed articles."""
    state.release()  # a merge reads all of its segments
    for segment in segments:
        segment.check_all()  # damaged data would get a new checksum, and pass as valid from then on
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

        moves = _moves(lives)

        def work(band: int) -> PackedBand:
            return _band(segments, moves, band, len(columns.numbers))

        bands = map_in_order(work, range(state.terms.settings.bands), threads)
        records = write_segment(folder, _batches(segments, lives), columns, bands, state.files)
        catalogue.add_segment(folder.name, first, len(columns.numbers), records)
    state.look()


def segments_due(state: State) -> list[Segment]:
    """Return the last segments if enough of them have a similar size, so that they should be merged."""
    segments = state.snapshot.segments
    return segments[len(segments) - due([len(segment) for segment in segments]) :]


def runs(snapshot: Snapshot) -> Iterator[list[Segment]]:
    """Yield all segments in runs of neighbours that make one segment of at most `MOST_ARTICLES`."""
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


def _moves(lives: Sequence[NDArray[np.bool_]]) -> list[tuple[NDArray[np.int64], int]]:
    """Return where the rows of each segment move, and their shift, as `Postings.unpack` takes them."""
    moves: list[tuple[NDArray[np.int64], int]] = []
    shift = 0
    for live in lives:
        moved = np.zeros(0, np.int64) if live.all() else np.where(live, np.cumsum(live) - 1, -1)
        moves.append((moved, shift))
        shift += int(np.count_nonzero(live))
    return moves


def _band(
    segments: Sequence[Segment], moves: Sequence[tuple[NDArray[np.int64], int]], band: int, rows: int
) -> PackedBand:
    """Return the postings of one band of all segments, with the rows of the merged segment."""
    total = sum(int(segment.postings.places[band, 3]) for segment in segments)
    bits = min(
        max(0, (total // _SORTED_AT_ONCE).bit_length()),
        row_bits(rows),
        *(segment.postings.bits for segment in segments),
    )
    sizes = np.sum([segment.postings.counts(band, bits) for segment in segments], axis=0)

    def parts() -> Iterator[NDArray[np.uint64]]:
        room = np.empty(int(sizes.max()), np.uint64)
        for part in range(1 << bits):
            made = 0
            for segment, move in zip(segments, moves, strict=True):
                made += segment.postings.unpack(band, *move, room[made:], bits=bits, part=part)
            room[:made].sort()
            yield room[:made]

    return packed(parts(), total, rows)


def _batches(segments: Sequence[Segment], lives: Sequence[NDArray[np.bool_]]) -> Iterator[pa.RecordBatch]:
    """Yield the remaining articles in batches of one size."""
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
