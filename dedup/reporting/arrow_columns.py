"""Arrow columns as they are written: scores rounded, and columns of any type of `dedup.schemas` as JSON."""

from __future__ import annotations

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.reporting.records import rounded


def rounded_column(column: pa.Array) -> pa.Array:
    """Round the scores of a column, at every depth; a column without scores comes back as it is.

    Examples
    --------
    >>> rounded_column(pa.array([[1 / 3], None])).to_pylist()
    [[0.3333], None]
    """
    kind = column.type
    if pa.types.is_floating(kind):
        return pa.array(rounded(np.asarray(column.fill_null(0.0))), mask=np.asarray(column.is_null()))
    if pa.types.is_list(kind):
        items = rounded_column(column.values)
        if items is column.values or items.equals(column.values):
            return column
        return pa.Array.from_buffers(
            kind, len(column), column.buffers()[:2], offset=column.offset, children=[items]
        )
    if pa.types.is_struct(kind):
        fields = [rounded_column(column.field(place)) for place in range(kind.num_fields)]
        return pa.StructArray.from_arrays(fields, fields=list(kind), mask=column.is_null())
    return column


def json_texts(column: pa.Array) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Write each value of a column as JSON, by way of a Python object each.

    Parameters
    ----------
    column : pyarrow.Array
        Of any type that `dedup.schemas` has; null is ``null``, a time is ISO 8601 in UTC with a ``Z``.

    Returns
    -------
    data : ndarray of shape (n_bytes,), dtype uint8
        UTF-8.
    offsets : ndarray of shape (n_values + 1,), dtype int64
        Where each value begins in `data`.

    Raises
    ------
    TypeError
        The column has a type that results do not have.

    Examples
    --------
    >>> data, offsets = json_texts(pa.array([[[0, 15]], None]))
    >>> bytes(data), offsets.tolist()
    (b'[[0,15]]null', [0, 8, 12])
    """
    _check(column.type)
    values = rounded_column(column).to_pylist()
    lines = np.frombuffer(msgspec.json.Encoder().encode_lines(values), np.uint8)
    # JSON has no line feed of its own, so that each of them ends a value.
    ends = np.flatnonzero(lines == ord("\n"))
    return lines[lines != ord("\n")], np.concatenate(([0], ends - np.arange(len(ends))))


def time_texts(column: pa.Array) -> pa.StringArray:
    """Write times as ISO 8601 in UTC with a Z; with microseconds only where there are any.

    Examples
    --------
    >>> time_texts(pa.array([1, 2_000_000], pa.timestamp("us", tz="UTC"))).to_pylist()
    ['1970-01-01T00:00:00.000001Z', '1970-01-01T00:00:02Z']
    """
    _check(column.type)
    seconds = pc.floor_temporal(column, unit="second").cast(pa.timestamp("s", tz="UTC"))
    written = pc.strftime(seconds, "%Y-%m-%dT%H:%M:%S")
    rest = pc.subtract(column.cast(pa.int64()), pc.multiply(seconds.cast(pa.int64()), 1_000_000))
    fraction = pc.binary_join_element_wise(
        pa.scalar(""), pc.utf8_lpad(rest.cast(pa.string()), 6, "0"), pa.scalar(".")
    )
    fraction = pc.if_else(pc.equal(rest, 0), pa.scalar(""), fraction)
    return pc.binary_join_element_wise(written, fraction, pa.scalar("Z"), pa.scalar(""))


def _check(kind: pa.DataType) -> None:
    types = pa.types
    if types.is_list(kind):
        _check(kind.value_type)
    elif types.is_struct(kind):
        for field in kind:
            _check(field.type)
    elif not (
        any(is_one(kind) for is_one in (types.is_integer, types.is_floating, types.is_boolean))
        or any(is_one(kind) for is_one in (types.is_string, types.is_large_string))
        or (types.is_timestamp(kind) and kind.tz == "UTC")
    ):
        raise TypeError(f"a column of type {kind} has no place in JSON lines of results")
