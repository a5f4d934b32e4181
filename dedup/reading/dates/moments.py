"""When articles ran: columns of dates to moments in UTC, and notes on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.reading.dates.calendars import UnreadableDateError
from dedup.reading.dates.columns import HOUR, NO_TIME, PRECISIONS, DateColumn, read_column
from dedup.reading.dates.deciding import OPEN_COLUMNS
from dedup.reading.dates.options import DateOptions
from dedup.reading.dates.order import ORDERS
from dedup.reading.dates.zones import local_offset, several_zones
from dedup.reading.records import Column

_UTC = pa.timestamp("us", tz="UTC")
_MINUTE = 60_000_000
_SHOWN = 60


class DateReader:
    """Reads the dates of a run and counts those that stay open.

    Parameters
    ----------
    options : DateOptions, optional

    Attributes
    ----------
    known : int
        Number of articles with a date so far, including open dates.
    """

    def __init__(self, options: DateOptions | None = None) -> None:
        self.options = options or DateOptions()
        self.known = 0
        self._counts: Counter[str] = Counter()
        self._examples: dict[str, str] = {}
        self._zoned = self._local = 0

    def read(
        self, column: Column, sources: Column, place: Callable[[int], str] | None = None
    ) -> dict[str, Column]:
        """Read the dates of some articles.

        Parameters
        ----------
        column : pyarrow.Array
            As for `dedup.reading.dates.columns.read_column`.
        sources : pyarrow.StringArray of the same length
        place : callable, optional
            Names the file and line of a row, for notes.

        Returns
        -------
        dict of str to pyarrow.Array
            `published`, `published_precision` and `published_zone`; and `OPEN_COLUMNS`, if the order of day
            and month is open or proved in any row.

        Examples
        --------
        >>> found = DateReader().read(pa.array(["2022-02", None]), pa.array(["a", "b"]))
        >>> {name: column.to_pylist() for name, column in found.items() if name != "published"}
        {'published_precision': ['month', None], 'published_zone': ['assumed', None]}
        """
        found = read_column(column)
        assumed = ~(found.zoned | self._to_utc(found, sources))
        for row, error in found.unreadable.items():
            self._count(error, column[row], None if place is None else place(row))
        times, readings = found.times, found.readings
        if readings is not None and self.options.order != "auto":
            chosen = readings[ORDERS.index(self.options.order)]
            times, readings = np.where(chosen != NO_TIME, chosen, times), None
        known = times != NO_TIME
        if readings is not None:
            known |= (readings != NO_TIME).any(axis=0)
        exact = known & (found.precision <= HOUR)
        self.known += int(np.count_nonzero(known))
        self._zoned += int(np.count_nonzero(exact & ~assumed))
        self._local += int(np.count_nonzero(exact & assumed))
        columns: dict[str, Column] = {
            "published": _timestamps(times),
            "published_precision": _named(PRECISIONS, found.precision, known),
            "published_zone": _named(("given", "assumed"), assumed.astype(np.int8), known),
        }
        proves = found.proves
        if readings is not None or (proves is not None and (proves >= 0).any()):
            none = np.full(len(times), NO_TIME)
            for number, name in enumerate(OPEN_COLUMNS[:-1]):
                columns[name] = _timestamps(none if readings is None else readings[number])
            columns[OPEN_COLUMNS[-1]] = pa.array(proves, pa.int8())
        return columns

    def notes(self) -> list[str]:
        """Say what could not be read, and what was assumed."""
        said = []
        for kind, count in self._counts.items():
            calendar = "" if kind == "unreadable" else f" look like the {kind} calendar and"
            what = "cannot be read and" if kind == "unreadable" else ""
            said.append(
                f"{count:,} dates{calendar} {what} count as unknown, such as {self._examples[kind]}".replace(
                    "  ", " "
                )
            )
        if self._local and self._zoned:
            said.append(
                f"{self._local:,} of {self._local + self._zoned:,} times have no zone and count as UTC; "
                "--timezone ZONE says in which they are"
            )
        return said

    def _count(self, error: UnreadableDateError, value: pa.Scalar[Any], place: str | None) -> None:
        self._counts[error.kind] += 1
        if error.kind not in self._examples:
            shown = str(value.cast(pa.string()).as_py()).removeprefix("@")
            shown = shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…"
            where = "" if place is None else f"{place}: "
            self._examples[error.kind] = f"{shown!r} ({where}{error})"

    def _to_utc(self, found: DateColumn, sources: Column) -> NDArray[np.bool_]:
        """Convert local times to UTC if their source has a zone; return these rows as a mask."""
        settled = np.zeros(len(found.times), np.bool_)
        if self.options.has_zones and not found.zoned.all():
            coded = sources.dictionary_encode()
            zones = [self.options.zone(source) for source in coded.dictionary.to_pylist()]
            different = list(dict.fromkeys(zone for zone in zones if zone is not None))
            places = [-1 if zone is None else different.index(zone) for zone in zones]
            of_row = np.array([*places, -1])[np.asarray(coded.indices.fill_null(-1))]
            for number, zone in enumerate(different):
                rows = np.flatnonzero(~found.zoned & (of_row == number))
                self._settle_names(found, rows, zone)
                found.times[rows] = _in_utc(found.times[rows], zone)
                for each in () if found.readings is None else found.readings:
                    each[rows] = _in_utc(each[rows], zone)
                settled[rows] = True
        for row, name in found.zone_names.items():
            found.times[row] = NO_TIME
            if found.readings is not None:
                found.readings[:, row] = NO_TIME
            found.unreadable[row] = several_zones(name)
        return settled

    @staticmethod
    def _settle_names(found: DateColumn, rows: NDArray[np.int64], zone: ZoneInfo) -> None:
        """Use an abbreviation of several zones if the source's own zone has it at that time."""
        for row in [row for row in found.zone_names if row in set(rows.tolist())]:
            moment = found.times[row].astype("datetime64[us]").item()
            if moment is not None and moment.replace(tzinfo=zone).tzname() == found.zone_names[row]:
                del found.zone_names[row]


def _in_utc(times: NDArray[np.int64], zone: ZoneInfo) -> NDArray[np.int64]:
    known = times != NO_TIME
    # Offsets change on a minute. A column has far fewer different minutes than times, or is short.
    minutes, place = np.unique(times[known] // _MINUTE, return_inverse=True)
    moments = (minutes * _MINUTE).astype("datetime64[us]").tolist()
    shifts = [int(local_offset(zone, moment).total_seconds()) * 1_000_000 for moment in moments]
    moved = times.copy()
    moved[known] -= np.array(shifts, np.int64)[place]
    return moved


def _timestamps(times: NDArray[np.int64]) -> Column:
    return pa.array(times, pa.int64(), mask=times == NO_TIME).cast(_UTC)


def _named(names: tuple[str, ...], places: NDArray[np.int8], known: NDArray[np.bool_]) -> Column:
    return pa.DictionaryArray.from_arrays(pa.array(places, mask=~known), pa.array(names)).cast(pa.string())
