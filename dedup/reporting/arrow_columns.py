"""Arrow columns for writing: scores are rounded, and columns of any type in `dedup.schemas` become JSON."""

from __future__ import annotations

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.reporting.records import rounded
from dedup.text.tokens import utf8_of


def rounded_column(column: pa.Array) -> pa.Array:
    """Round the scores of a column, at every depth; a column without scores is returned as it is.

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
    """Write each value of a column as JSON.

    Parameters
    ----------
    column : pyarrow.Array
        Of any type in `dedup.schemas`. Null becomes ``null``, a time ISO 8601 in UTC with a ``Z``.

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
    return utf8_of(_texts(column))


def _texts(column: pa.Array) -> pa.StringArray:
    """Return the JSON of each value, composed from that of its parts for all values at once."""
    kind = column.type
    if pa.types.is_struct(kind):
        parts: list[pa.Array | pa.Scalar] = []
        for place, field in enumerate(kind):
            key = ("," if place else "{") + msgspec.json.encode(field.name).decode() + ":"
            parts += [pa.scalar(key), _texts(column.field(place))]
        made = _joined(*parts, pa.scalar("}" if parts else "{}"))
    elif pa.types.is_list(kind):
        first, last = column.offsets[0].as_py(), column.offsets[-1].as_py()
        items = _texts(column.values.slice(first, last - first))
        lists = pa.ListArray.from_arrays(pc.subtract(column.offsets, first), items)
        made = _joined(pa.scalar("["), pc.binary_join(lists, ","), pa.scalar("]"))
    elif pa.types.is_boolean(kind):
        made = pc.if_else(column, pa.scalar("true"), pa.scalar("false"))
    elif pa.types.is_floating(kind):
        made = _scores(column)
    elif pa.types.is_timestamp(kind):
        made = _joined(pa.scalar('"'), time_texts(column), pa.scalar('"'))
    elif pa.types.is_integer(kind):
        made = column.cast(pa.string())
    else:
        made = _quoted(column.cast(pa.string()))
    # A null struct may still have values in its fields.
    return pc.if_else(column.is_valid(), made, pa.scalar("null"))


def _joined(*parts: pa.Array | pa.Scalar) -> pa.StringArray:
    return pc.binary_join_element_wise(*parts, pa.scalar(""))


def _scores(column: pa.Array) -> pa.StringArray:
    known, codes = np.unique(rounded(np.asarray(column.fill_null(0.0))), return_inverse=True)
    written = [msgspec.json.encode(float(score)).decode() for score in known]
    return pa.array(written, pa.string()).take(pa.array(codes))


def _quoted(column: pa.StringArray) -> pa.StringArray:
    """Return JSON strings; the few with a character to escape are written by msgspec."""
    escaped = pc.fill_null(pc.match_substring_regex(column, r'["\\\x00-\x1f\x7f]'), False)
    made = _joined(pa.scalar('"'), column, pa.scalar('"'))
    if not pc.any(escaped).as_py():
        return made
    written = [msgspec.json.encode(text).decode() for text in column.filter(escaped).to_pylist()]
    return pc.replace_with_mask(made, escaped, pa.array(written, pa.string()))


def time_texts(column: pa.Array) -> pa.StringArray:
    """Write times as ISO 8601 in UTC with a Z, and with microseconds only if there are any.

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
