"""The border between Spark's rows and the stages' arrays: binary cells, article numbers, schemas.

Arrays from cells are read-only, like those that a scan maps from its scratch directory: numba would compile a
kernel again for writable arrays.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.sql.types import StructType

#: An article's number: that of its partition among the sorted ids, followed by its place in it. So numbers
#: are in the order of the ids, and no partition waits until those before it are counted.
PLACE_BITS = 40


def numbers_of(partition: int, first: int, count: int) -> NDArray[np.int64]:
    """Return the numbers of `count` articles of a partition, from the place `first` on.

    Examples
    --------
    >>> numbers_of(1, 0, 2).tolist() == [2**40, 2**40 + 1]
    True
    """
    return np.arange(first, first + count, dtype=np.int64) + (partition << PLACE_BITS)


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """Make the array read-only and return it."""
    array.flags.writeable = False
    return array


def cells(values: NDArray[Any], offsets: NDArray[np.int64]) -> pa.BinaryArray:
    """Return runs of numbers as a binary column: cell i holds ``values[offsets[i]:offsets[i + 1]]``.

    Examples
    --------
    >>> column = cells(np.array([7, 8, 9], np.uint32), np.array([0, 2, 3]))
    >>> values, offsets = uncelled(column, np.uint32)
    >>> values.tolist(), offsets.tolist(), values.flags.writeable
    ([7, 8, 9], [0, 2, 3], False)
    """
    data = np.ascontiguousarray(values)
    width = data.dtype.itemsize
    places = np.asarray(offsets, np.int64) * width
    return pa.Array.from_buffers(
        pa.large_binary(), len(offsets) - 1, [None, pa.py_buffer(places), pa.py_buffer(data)]
    ).cast(pa.binary())


def uncelled(column: pa.Array, dtype: type) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Return the numbers of a binary column, concatenated, and where those of each cell begin."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
        column = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
    if len(column) == 0:
        return frozen(np.zeros(0, dtype)), np.zeros(1, np.int64)
    column = column.cast(pa.large_binary())
    _, offset_buffer, data = column.buffers()
    places = np.frombuffer(offset_buffer, np.int64)[column.offset : column.offset + len(column) + 1]
    # A copy, because cells begin at any byte and numbers must be aligned.
    values: NDArray[Any] = np.frombuffer(data or b"", np.uint8)[places[0] : places[-1]].copy().view(dtype)
    return frozen(values), (places - places[0]) // values.itemsize


def joined(column: pa.Array | pa.ChunkedArray, dtype: type) -> NDArray[Any]:
    """Return the numbers of all cells."""
    return uncelled(column, dtype)[0]


def whole(table: pa.Table, name: str) -> pa.Array:
    """Return a column of a table as one array."""
    column = table.column(name).combine_chunks()
    return column.chunk(0) if isinstance(column, pa.ChunkedArray) else column


def spark_schema(schema: pa.Schema) -> StructType:
    """Return the columns as Spark names them."""
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(schema)


def batch_of(schema: pa.Schema, columns: dict[str, Any], rows: int) -> pa.RecordBatch:
    """Return a batch with a schema's columns in order, because Spark takes them by place; others are null.

    Raises
    ------
    KeyError
        A column is not in the schema.
    """
    unknown = {*columns} - {*schema.names}
    if unknown:
        raise KeyError(f"no column {', '.join(sorted(unknown))} in {schema.names}")
    arrays = [
        _as(columns[field.name], field.type) if field.name in columns else pa.nulls(rows, field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _as(values: Any, kind: pa.DataType) -> pa.Array:
    if isinstance(values, pa.Array):
        return values if values.type == kind else values.cast(kind)
    return pa.array(values, kind)
