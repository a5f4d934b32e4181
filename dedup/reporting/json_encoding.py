"""Arrow batches to JSON lines, mostly without a Python object for each row.

A kernel writes whole numbers, scores, flags, strings, times, lists of strings, and one list of structs. Other
types of `dedup.schemas` (spans, nested lists, further lists of structs) are converted to JSON beforehand, one
value at a time, and copied into place. The text is what msgspec writes for the same records.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.reporting.arrow_columns import json_texts, time_texts
from dedup.reporting.json_kernels import (
    FLAG,
    JSON,
    NULL,
    OBJECTS,
    SCORE,
    TEXT,
    TEXTS,
    WHOLE,
    most_escaped,
    write_rows,
)
from dedup.schemas import SCORE_DIGITS
from dedup.text.tokens import utf8_of

#: Maximum number of bytes of a whole number of 64 bits, a score, a flag or null, with brackets.
_MOST_DIGITS = 22


def encode_lines(batch: pa.RecordBatch, kind: str) -> memoryview:
    """Encode each row as one line, whose first key is ``kind``.

    Parameters
    ----------
    batch : pyarrow.RecordBatch
        With the types of `dedup.schemas`; whole numbers are greater than -2**63.
    kind : str

    Returns
    -------
    memoryview of bytes
        UTF-8, with a line feed after each row. Scores have `dedup.schemas.SCORE_DIGITS` digits.

    Raises
    ------
    TypeError
        A column has a type that results do not have.

    Examples
    --------
    >>> batch = pa.RecordBatch.from_pydict({"id": ["a", None], "score": [0.25, 1.0]})
    >>> bytes(encode_lines(batch, "article"))
    b'{"kind":"article","id":"a","score":0.25}\\n{"kind":"article","id":null,"score":1.0}\\n'
    """
    opening = b'{"kind":' + msgspec.json.encode(kind) + b","
    table = _Table(batch.schema.names, batch.columns, batch.num_rows, opening, b"}\n", nested=False)
    objects = table.objects or _Table([], [], 0, b"", b"", nested=True)
    out = np.empty(table.most_bytes() + objects.most_bytes(), np.uint8)
    end = write_rows(table.arguments(), objects.arguments(), *_scores(), out)
    return out[:end].data


class _Table:
    """Columns in the form that the kernels take.

    Each column has a kind and a number for each row, and lists have one more number after the last. This is
    the number itself, a score in ten-thousandths, a flag as 0 or 1, the place among the strings, or the place
    of the first item among the strings or among the objects; `NULL` for null. The strings of all columns are
    in one array of bytes.
    """

    def __init__(
        self,
        names: list[str],
        columns: list[pa.Array],
        rows: int,
        opening: bytes,
        closing: bytes,
        nested: bool,
    ) -> None:
        self._rows = rows
        self._nested = nested
        self._kinds: list[int] = []
        self._values: list[NDArray[np.int64]] = []
        self._data: list[NDArray[np.uint8]] = []
        self._sizes: list[NDArray[np.int64]] = []
        self._strings = 0
        #: The items of the column of objects, if there is one.
        self.objects: _Table | None = None
        for column in columns:
            self._add(column)
        self._bytes = np.concatenate([np.zeros(0, np.uint8), *self._data])
        keys = [msgspec.json.encode(name) + b":" for name in names]
        self._literals = [(b"," if number else opening) + key for number, key in enumerate(keys)] + [closing]

    def arguments(self) -> tuple[Any, ...]:
        """Return the columns for `write_rows`."""
        return (
            np.array(self._kinds, np.int64),
            np.stack([np.zeros(self._rows + 1, np.int64), *self._values])[1:],
            self._bytes,
            np.cumsum(np.concatenate([np.zeros(1, np.int64), *self._sizes])),
            *_pooled(self._literals),
        )

    def most_bytes(self) -> int:
        """Return an upper bound on the number of bytes written."""
        size = self._rows * (len(b"".join(self._literals)) + _MOST_DIGITS * len(self._kinds))
        for kind, values in zip(self._kinds, self._values, strict=True):
            size += int(values[-1] - values[0]) if kind >= TEXTS else 0  # commas
        return size + 2 * self._strings + int(most_escaped(self._bytes))

    def _add(self, column: pa.Array) -> None:
        if pa.types.is_timestamp(column.type):
            column = time_texts(column)
        kind = column.type
        if pa.types.is_integer(kind):
            self._append(WHOLE, column, np.asarray(column.fill_null(0)))
        elif pa.types.is_floating(kind):
            scores = np.asarray(column.fill_null(0.0))
            self._append(SCORE, column, np.rint(scores * 10.0**SCORE_DIGITS))
        elif pa.types.is_boolean(kind):
            self._append(FLAG, column, np.asarray(column.fill_null(False)))
        elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
            self._append(TEXT, column, self._place(*utf8_of(column)) + np.arange(self._rows))
        elif _is_list_of(column, pa.types.is_string):
            self._append(TEXTS, column, self._place(*utf8_of(column.values)) + np.asarray(column.offsets))
        elif _is_list_of(column, pa.types.is_struct) and not (self.objects or self._nested):
            items = column.values
            fields = [items.field(number) for number in range(kind.value_type.num_fields)]
            names = [field.name for field in kind.value_type]
            self._append(OBJECTS, column, np.asarray(column.offsets))
            self.objects = _Table(names, fields, len(items), b"{", b"}", nested=True)
        else:
            places = self._place(*json_texts(column)) + np.arange(self._rows)
            self._append(JSON, column, places)

    def _append(self, kind: int, column: pa.Array, values: NDArray[Any]) -> None:
        row = np.zeros(self._rows + 1, np.int64)
        row[: len(values)] = values
        if column.null_count and kind != JSON:
            row[:-1][np.asarray(column.is_null())] = NULL
        self._kinds.append(kind)
        self._values.append(row)

    def _place(self, data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> int:
        """Add strings, and return the place of the first of them among those of all columns."""
        first = self._strings
        self._data.append(data[offsets[0] : offsets[-1]])
        self._sizes.append(np.diff(offsets))
        self._strings += len(offsets) - 1
        return first


def _is_list_of(column: pa.Array, is_one: Callable[[pa.DataType], bool]) -> bool:
    """Whether the column is a list of such values without nulls."""
    kind = column.type
    return (
        pa.types.is_list(kind)
        and is_one(kind.value_type)
        and column.null_count + column.values.null_count == 0
    )


def _pooled(texts: list[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    offsets = np.concatenate(([0], np.cumsum([len(text) for text in texts]))).astype(np.int64)
    return np.frombuffer(b"".join(texts), np.uint8), offsets


@lru_cache(maxsize=1)
def _scores() -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the text of every score from 0 to 1."""
    most = 10**SCORE_DIGITS
    return _pooled([msgspec.json.encode(score / most) for score in range(most + 1)])
