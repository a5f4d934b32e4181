"""One consistent state of an index: its segments, and the articles removed from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.index.store.arrays import crowded
from dedup.index.store.segments import STORED_SCHEMA, Segment, SegmentView

#: Marks an unknown time among times in microseconds.
NO_TIME = np.iinfo(np.int64).min


def microseconds(moment: datetime) -> int:
    """Return a time as microseconds since 1970; without a zone it counts as UTC."""
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return (aware - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Which articles are compared, by their publication time; articles without a time always are.

    Attributes
    ----------
    since : int, optional
        Stored articles published before this time are skipped; microseconds since 1970.
    within : int, optional
        Articles are compared if they were published at most this many microseconds apart.

    Examples
    --------
    >>> from datetime import UTC, datetime, timedelta
    >>> Period.of(datetime(2024, 1, 1, tzinfo=UTC), timedelta(hours=72))
    Period(since=1704067200000000, within=259200000000)
    """

    since: int | None = None
    within: int | None = None

    @classmethod
    def of(cls, since: datetime | None, within: timedelta | None) -> Period:
        """Return the period; a time without a zone counts as UTC."""
        return cls(
            None if since is None else microseconds(since),
            None if within is None else within // timedelta(microseconds=1),
        )

    def outside(self, published: NDArray[np.int64], new: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which stored articles are compared with no new one; shape (0,) if there is no period."""
        known = new[new != NO_TIME]
        low, high = self.since, None
        if self.within is not None and len(known) == len(new) > 0:
            near = int(known.min()) - self.within
            low, high = near if low is None else max(low, near), int(known.max()) + self.within
        if low is None and high is None:
            return np.zeros(0, np.bool_)
        out = np.zeros(len(published), np.bool_)
        if low is not None:
            out |= published < low
        if high is not None:
            out |= published > high
        return np.asarray(out & (published != NO_TIME))

    def near(self, one: NDArray[np.int64], two: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether the articles of each pair are close enough in time to be compared."""
        if self.within is None:
            return np.ones(len(one), np.bool_)
        known = (one != NO_TIME) & (two != NO_TIME)
        apart = np.abs(np.where(known, one, 0) - np.where(known, two, 0))
        return np.asarray(~known | (apart <= self.within))


class Snapshot:
    """Segments in the order of their articles' numbers, and the numbers of removed articles.

    Parameters
    ----------
    segments : sequence of Segment
    removed : ndarray of int64
        Sorted.
    """

    def __init__(self, segments: Sequence[Segment], removed: NDArray[np.int64]) -> None:
        self.segments = list(segments)
        self.removed = removed
        self._last = np.array([segment.columns.numbers[-1] for segment in segments], np.int64)

    def live(self, segment: Segment) -> NDArray[np.bool_]:
        """Return which articles of a segment have not been removed."""
        return ~np.isin(segment.columns.numbers, self.removed)

    def numbers(self) -> NDArray[np.int64]:
        """Return the numbers of all articles that have not been removed, ascending."""
        parts = [segment.columns.numbers[self.live(segment)] for segment in self.segments]
        return np.concatenate([np.zeros(0, np.int64), *parts]).astype(np.int64)

    def stored(self, period: Period, new: NDArray[np.int64]) -> list[SegmentView]:
        """Return the segments in the form that the join takes, for new articles published at these times."""
        found = []
        for segment in self.segments:
            dead = period.outside(segment.columns.published, new)
            if self._touched(segment):
                removed = ~self.live(segment)
                dead = dead | removed if len(dead) else removed
            if not len(dead) or not dead.all():
                found.append(segment.stored(dead))
        return found

    def take(self, numbers: NDArray[np.int64], columns: Sequence[str]) -> pa.Table:
        """Return some columns of articles; their numbers ascend."""
        parts = [
            part
            for segment, chosen in self._parted(numbers)
            for part in segment.take(segment.rows_of(numbers[chosen].astype(np.uint32)), columns)
        ]
        if crowded():
            self.release()  # what was taken is a copy
        schema = pa.schema([STORED_SCHEMA.field(name) for name in columns])
        return pa.Table.from_batches(parts, schema)

    def column(self, numbers: NDArray[np.int64], name: str) -> NDArray[np.int64]:
        """Return one of the `Columns` of articles; their numbers ascend."""
        parts = [
            getattr(segment.columns, name)[segment.rows_of(numbers[chosen].astype(np.uint32))]
            for segment, chosen in self._parted(numbers)
        ]
        return np.concatenate([np.zeros(0, np.int64), *parts]).astype(np.int64)

    def release(self) -> None:
        """Let the system reclaim all pages."""
        for segment in self.segments:
            segment.release()

    def _touched(self, segment: Segment) -> bool:
        """Whether removed articles may be among those of a segment."""
        first, last = segment.columns.numbers[0], segment.columns.numbers[-1]
        low, high = np.searchsorted(self.removed, [first, last])
        return bool(low < len(self.removed) and (high > low or self.removed[low] <= last))

    def _parted(self, numbers: NDArray[np.int64]) -> list[tuple[Segment, slice]]:
        cuts = np.searchsorted(numbers, self._last, side="right")
        starts = np.concatenate(([0], cuts))[:-1].astype(np.int64)
        return [
            (segment, slice(start, end))
            for segment, start, end in zip(self.segments, starts.tolist(), cuts.tolist(), strict=True)
            if end > start
        ]
