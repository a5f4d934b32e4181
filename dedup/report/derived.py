"""How the columns of a record are computed: one entry per field, checked when the module is imported."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain, pairwise
from operator import attrgetter
from typing import Any, Generic, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.schemas import Field, fields_of, schema_of

Rows = TypeVar("Rows")
Record = TypeVar("Record")


class Derived(Generic[Rows, Record]):
    """The columns of one kind of record, and how each is derived from the rows of a run.

    Parameters
    ----------
    record : type
        One of the record classes of `dedup.results`.
    columns : mapping of str to callable
        For each field, a function from the rows to an array (NumPy or Arrow) with one value per row.

    Raises
    ------
    TypeError
        A field of the record has no entry, or an entry has no field.

    Examples
    --------
    >>> from dedup.results import Story
    >>> Derived(Story, {"id": lambda rows: rows})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    TypeError: Story: no derivation of articles, sources, origin, ...
    """

    def __init__(self, record: type[Record], columns: Mapping[str, Callable[[Rows], Any]]) -> None:
        self.schema = schema_of(record)
        self._record = record
        self._columns = columns
        names = self.schema.names
        missing, unknown = [name for name in names if name not in columns], sorted({*columns} - {*names})
        if missing or unknown:
            wrong = f"no derivation of {', '.join(missing)}" if missing else f"no field {', '.join(unknown)}"
            raise TypeError(f"{record.__name__}: {wrong}")

    def batch(self, rows: Rows) -> pa.RecordBatch:
        """Return the rows as a batch."""
        return pa.RecordBatch.from_arrays(self._arrays(rows), schema=self.schema)

    def structs(self, rows: Rows) -> pa.StructArray:
        """Return the rows as the items of a list column."""
        return pa.StructArray.from_arrays(self._arrays(rows), fields=list(self.schema))

    def records(self, batch: pa.RecordBatch) -> list[Record]:
        """Return the rows of a batch as records."""
        return _records(self._record, batch.columns)

    def _arrays(self, rows: Rows) -> list[pa.Array]:
        return [pa.array(self._columns[field.name](rows), field.type) for field in self.schema]


def named(numbers: NDArray[Any], names: Any) -> pa.StringArray:
    """Return names by their numbers; null for the number -1 (for unsigned types, the largest number)."""
    pool = pa.array([*names, None], pa.string())
    known = numbers.astype(np.int64)
    known = np.where((known < 0) | (known >= len(names)), len(names), known)
    return pc.take(pool, pa.array(known))


def nested(kind: pa.ListType, rows: Sequence[Sequence[object]]) -> pa.ListArray:
    """Return each row's records as a list column, built by field; dicts would take three times as long."""
    items = list(chain.from_iterable(rows))
    fields = [pa.array(list(map(attrgetter(field.name), items)), field.type) for field in kind.value_type]
    bounds = np.cumsum([0, *map(len, rows)])
    structs = pa.StructArray.from_arrays(fields, fields=list(kind.value_type))
    return pa.ListArray.from_arrays(pa.array(bounds, pa.int32()), structs, type=kind)


def _records(record: type[Record], columns: list[pa.Array]) -> list[Record]:
    # Column by column: making a dict of each struct first takes twice as long.
    names = [field.name for field in fields_of(record)]
    values = [_values(field, column) for field, column in zip(fields_of(record), columns, strict=True)]
    return [record(**dict(zip(names, row, strict=True))) for row in zip(*values, strict=True)]


def _values(field: Field, column: pa.Array) -> list[Any]:
    if field.many and field.nested:
        items = _records(field.kind, [column.values.field(each.name) for each in column.type.value_type])
        return [tuple(items[first:last]) for first, last in pairwise(column.offsets.to_pylist())]
    values: list[Any] = column.to_pylist()
    if field.many:
        return [tuple(tuple(each) if isinstance(each, list) else each for each in row) for row in values]
    if field.kind is datetime:
        return [None if moment is None else moment.replace(tzinfo=UTC) for moment in values]
    return values
