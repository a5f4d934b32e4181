"""Which of several readings counts: decided by the other dates of the same file, or of the same source.

Besides the columns of articles, a batch with open dates has one column of times for each order, and one of
the order that each row proves (`OPEN_COLUMNS`). They are removed once the order is settled.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.reading.dates.order import ORDERS, Order

#: The columns of a batch whose dates are open.
OPEN_COLUMNS = (*(f"published_{order}" for order in ORDERS), "published_proves")
OPEN_FIELDS: list[pa.Field[Any]] = [
    *(pa.field(name, pa.timestamp("us", tz="UTC")) for name in OPEN_COLUMNS[:-1]),
    pa.field(OPEN_COLUMNS[-1], pa.int8()),
]
# Waiting batches are held up to this many bytes, the others on disk.
_IN_MEMORY = 64 << 20
# With this many dates that all prove one order, the order is decided before the file ends.
_ENOUGH = 1_000


class FileOrder:
    """Settles the batches of one file in order; those with open dates wait until enough dates decide.

    Attributes
    ----------
    undecided : int
        Number of dates that count as unknown because nothing decided.
    mixed : bool
        Whether some dates can only have the day first and others only the month.
    """

    def __init__(self) -> None:
        self._proofs: Counter[Order] = Counter()
        self._waiting: list[pa.RecordBatch] = []
        self._bytes = 0
        self._spool: _Spool | None = None
        self.undecided = 0

    @property
    def mixed(self) -> bool:
        """Whether the dates contradict each other."""
        return len(self._proofs) > 1

    def take(self, batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
        """Yield the batches that are settled now."""
        if OPEN_COLUMNS[0] in batch.schema.names:
            self._proofs.update(proved_orders(batch))
        is_waiting = bool(self._waiting) or self._spool is not None
        is_decided = self.mixed or self._proofs.total() >= _ENOUGH
        if not is_decided and (is_waiting or _has_open_rows(batch)):
            self._hold(batch)
            return
        yield from self.finish()
        yield self._settled(batch)

    def finish(self) -> Iterator[pa.RecordBatch]:
        """Yield the waiting batches, because the file has ended or its dates have decided."""
        spool, self._spool = self._spool, None
        waiting, self._waiting, self._bytes = self._waiting, [], 0
        if spool is not None:
            yield from map(self._settled, spool.read())
        yield from map(self._settled, waiting)

    def _hold(self, batch: pa.RecordBatch) -> None:
        self._waiting.append(batch)
        self._bytes += batch.nbytes
        if self._bytes > _IN_MEMORY:
            self._spool = self._spool or _Spool(batch.schema)
            for each in self._waiting:
                self._spool.write(each)
            self._waiting, self._bytes = [], 0

    def _settled(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        decided = None if self.mixed else next(iter(self._proofs), None)
        settled, undecided = settle(batch, decided)
        self.undecided += undecided
        return settled


class SourceOrders:
    """Settles each batch at once, by the dates that each source has shown so far.

    Attributes
    ----------
    undecided : int
    """

    def __init__(self) -> None:
        self._orders: dict[str, Order | None] = {}
        self.undecided = 0

    def notes(self) -> list[str]:
        """Say how many dates count as unknown."""
        if not self.undecided:
            return []
        return [
            f"{self.undecided:,} dates such as 03/04/2022 can be read in two ways and count as unknown, "
            "because earlier dates of their sources do not settle it; say --date-order dmy or mdy"
        ]

    def settle(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the batch without its open columns."""
        if OPEN_COLUMNS[0] not in batch.schema.names:
            return batch
        sources = np.array(batch.column("source").to_pylist(), object)
        proves = _proves(batch)
        for row in np.flatnonzero(proves >= 0).tolist():
            order = ORDERS[int(proves[row])]
            known = self._orders.setdefault(sources[row], order)
            if known != order:  # a source that uses both orders settles nothing
                self._orders[sources[row]] = None
        parts = []
        orders = np.array([self._orders.get(source) or "" for source in sources.tolist()])
        place = np.arange(batch.num_rows)
        rows = []
        for order in np.unique(orders).tolist():
            chosen = place[orders == order]
            settled, undecided = settle(batch.take(pa.array(chosen)), order or None)
            self.undecided += undecided
            parts.append(settled)
            rows.append(chosen)
        whole = pa.Table.from_batches(parts).combine_chunks()
        return whole.take(pa.array(np.argsort(np.concatenate(rows)))).to_batches()[0]


def proved_orders(batch: pa.RecordBatch) -> Counter[Order]:
    """Count the dates of a batch that prove an order."""
    counts = np.bincount(_proves(batch) + 1, minlength=len(ORDERS) + 1)[1:]
    return Counter({order: int(count) for order, count in zip(ORDERS, counts, strict=True) if count})


def settle(batch: pa.RecordBatch, order: Order | None) -> tuple[pa.RecordBatch, int]:
    """Choose the readings of an order, and drop the open columns.

    Returns
    -------
    batch : pyarrow.RecordBatch
        With the columns of articles; a date that stays open is null.
    undecided : int
        Number of dates that stay open.
    """
    if OPEN_COLUMNS[0] not in batch.schema.names:
        return batch, 0
    published = batch.column("published")
    open_rows = _is_open(batch)
    if order is not None:
        published = pc.coalesce(batch.column(f"published_{order}"), published)
    undecided = int(np.count_nonzero(open_rows & np.asarray(published.is_null())))
    batch = batch.drop_columns(list(OPEN_COLUMNS))
    names = batch.schema.names
    known = published.is_valid()
    columns = dict(zip(names, batch.columns, strict=True)) | {"published": published}
    for name in ("published_precision", "published_zone"):
        columns[name] = pc.if_else(known, columns[name], pa.scalar(None, pa.string()))
    return pa.RecordBatch.from_arrays([columns[name] for name in names], schema=batch.schema), undecided


def _is_open(batch: pa.RecordBatch) -> NDArray[np.bool_]:
    valid = [np.asarray(batch.column(name).is_valid()) for name in OPEN_COLUMNS[:-1]]
    return np.asarray(np.logical_or.reduce(valid))


def _has_open_rows(batch: pa.RecordBatch) -> bool:
    """Whether a row has no date as long as no order is decided."""
    if OPEN_COLUMNS[0] not in batch.schema.names:
        return False
    return bool((_is_open(batch) & np.asarray(batch.column("published").is_null())).any())


def _proves(batch: pa.RecordBatch) -> NDArray[np.int8]:
    return np.asarray(batch.column(OPEN_COLUMNS[-1]).fill_null(-1))


def open_dates(files: Sequence[tuple[str, FileOrder]]) -> list[str]:
    """Say which files have dates that can be read in two ways, and what settles them."""
    count = sum(order.undecided for _, order in files)
    if not count:
        return []
    where = files[0][0] if len(files) == 1 else f"{files[0][0]} and {len(files) - 1:,} other files"
    why = "write both ways" if files[0][1].mixed else "do not tell"
    return [
        f"{count:,} dates such as 03/04/2022 can be read in two ways and count as unknown, since the others "
        f"of {where} {why}; say --date-order dmy or mdy"
    ]


class _Spool:
    """Batches on disk, in a file without a name."""

    def __init__(self, schema: pa.Schema) -> None:
        plain = [field for field in schema if field.name not in OPEN_COLUMNS]
        self._schema = pa.schema([*plain, *OPEN_FIELDS])
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the spool
        self._writer = pa.ipc.new_stream(pa.PythonFile(self._file, "w"), self._schema)

    def write(self, batch: pa.RecordBatch) -> None:
        columns = dict(zip(batch.schema.names, batch.columns, strict=True))
        arrays = [
            columns[field.name] if field.name in columns else pa.nulls(batch.num_rows, field.type)
            for field in self._schema
        ]
        self._writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=self._schema))

    def read(self) -> Iterator[pa.RecordBatch]:
        self._writer.close()
        self._file.seek(0)
        with self._file:
            yield from pa.ipc.open_stream(pa.PythonFile(self._file, "r"))
