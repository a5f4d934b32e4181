"""Arrow batches to JSON lines, without a Python object a row.

For the types of `dedup.schemas` but times: whole numbers, scores, flags, strings, lists of strings and of
structs. The text is what msgspec writes of the same records.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec
import numba as nb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.borrowing import borrowed
from dedup.schemas import SCORE_DIGITS
from dedup.tokens import utf8_of

_WHOLE, _SCORE, _FLAG, _TEXT, _TEXTS, _OBJECTS = range(6)
#: Columns of strings and of lists that a batch may have.
_SLOTS = 8
_QUOTE, _BACKSLASH = 34, 92
#: What stands behind the backslash for a control character that has a short form; 0 for the others.
_SHORT = np.zeros(32, np.uint8)
for _character, _letter in (("\b", "b"), ("\t", "t"), ("\n", "n"), ("\f", "f"), ("\r", "r")):
    _SHORT[ord(_character)] = ord(_letter)
_HEX = np.frombuffer(b"0123456789abcdef", np.uint8)
#: A whole number of 64 bits, a score, a flag or null takes so much at the most, with brackets.
_MOST_DIGITS = 22
#: Bytes that are looked at and copied together.
_STEP = 32


def encode_lines(batch: pa.RecordBatch, kind: str) -> memoryview:
    """Each row as one line, its first key ``kind``.

    Parameters
    ----------
    batch : pyarrow.RecordBatch
        At most 8 of its columns (and of the fields of a struct) are strings or lists.
    kind : str

    Returns
    -------
    memoryview of bytes
        UTF-8, a line feed behind each row. Scores have `dedup.schemas.SCORE_DIGITS`.

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
    data, _ = _rendered(batch.schema.names, batch.columns, batch.num_rows, opening, b"}\n")
    return data.data


def _rendered(
    names: list[str], columns: list[pa.Array], rows: int, opening: bytes, closing: bytes
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The rows as bytes one behind the other, and where each begins."""
    table, literals = _Table(rows), []
    for number, (name, column) in enumerate(zip(names, columns, strict=True)):
        table.add(column)
        literals.append((opening if number == 0 else b",") + msgspec.json.encode(name) + b":")
    literal_data, literal_offsets = _pooled([*literals, closing])
    score_data, score_offsets = _scores()
    padding = _SLOTS - len(table.data)
    arguments = (
        np.array(table.kinds, np.int64),
        np.array(table.slots, np.int64),
        np.stack(table.values),
        tuple(table.data + [_frozen(np.zeros(0, np.uint8))] * padding),
        tuple(table.offsets + [np.zeros(1, np.int64)] * padding),
        literal_data,
        literal_offsets,
        score_data,
        score_offsets,
    )
    out = np.empty(_room(*arguments), np.uint8)
    places = _write(*arguments, out)
    return out[: places[-1]], places


class _Table:
    """Columns as the kernels take them.

    Of each column: what it is; the slot of its bytes; and a number a row, with one more behind the last for
    lists. That is the number itself, a score's ten-thousandths, a flag as 0 or 1, the place among the slot's
    strings (-1 for null), or the place of the first item among the slot's.
    """

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self.kinds: list[int] = []
        self.slots: list[int] = []
        self.values: list[NDArray[np.int64]] = []
        self.data: list[NDArray[np.uint8]] = []
        self.offsets: list[NDArray[np.int64]] = []

    def add(self, column: pa.Array) -> None:
        kind = column.type
        if pa.types.is_integer(kind):
            self._append(_WHOLE, np.asarray(column))
        elif pa.types.is_floating(kind):
            self._append(_SCORE, np.rint(np.asarray(column) * 10.0**SCORE_DIGITS))
        elif pa.types.is_boolean(kind):
            self._append(_FLAG, np.asarray(column))
        elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
            places = np.where(np.asarray(column.is_valid()), np.arange(self._rows), -1)
            self._append(_TEXT, places, *utf8_of(column))
        elif pa.types.is_list(kind) and pa.types.is_string(kind.value_type):
            self._append(_TEXTS, np.asarray(column.offsets), *utf8_of(column.values))
        elif pa.types.is_list(kind) and pa.types.is_struct(kind.value_type):
            items = column.values
            fields = [items.field(number) for number in range(kind.value_type.num_fields)]
            names = [field.name for field in kind.value_type]
            self._append(
                _OBJECTS, np.asarray(column.offsets), *_rendered(names, fields, len(items), b"{", b"}")
            )
        else:
            raise TypeError(f"a column of type {kind} has no place in JSON lines of results")

    def _append(
        self,
        kind: int,
        values: NDArray[Any],
        data: NDArray[np.uint8] | None = None,
        offsets: NDArray[np.int64] | None = None,
    ) -> None:
        self.kinds.append(kind)
        self.slots.append(len(self.data) if data is not None else -1)
        row = np.zeros(self._rows + 1, np.int64)
        row[: len(values)] = values
        self.values.append(row)
        if data is not None and offsets is not None:
            self.data.append(_frozen(data))
            self.offsets.append(offsets)


def _pooled(texts: list[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    offsets = np.concatenate(([0], np.cumsum([len(text) for text in texts]))).astype(np.int64)
    return np.frombuffer(b"".join(texts), np.uint8), offsets


@lru_cache(maxsize=1)
def _scores() -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """The text of every score, 0 to 1."""
    most = 10**SCORE_DIGITS
    return _pooled([msgspec.json.encode(score / most) for score in range(most + 1)])


def _frozen(data: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The same bytes, not to be written to: for the kernels all slots must be of one type."""
    view = data.view()
    view.flags.writeable = False
    return view


@nb.njit(nogil=True, cache=True)
def _room(kinds, slots, values, data, offsets, literals, literal_offsets, scores, score_offsets):  # type: ignore[no-untyped-def]
    """At most so many bytes; memory that is never written to costs nothing."""
    data, offsets = borrowed((data, offsets))
    rows = values.shape[1] - 1
    size = rows * (literal_offsets[-1] + _MOST_DIGITS * len(kinds))
    for column in range(len(kinds)):
        kind, slot = kinds[column], slots[column]
        if kind in (_TEXTS, _OBJECTS):
            size += values[column, rows]  # commas
        if kind == _OBJECTS:
            size += offsets[slot][-1] - offsets[slot][0]
        elif kind in (_TEXT, _TEXTS):
            strings = len(offsets[slot]) - 1
            for item in range(strings):
                size += 2 + _most(data[slot], offsets[slot][item], offsets[slot][item + 1])
    return size


@nb.njit(nogil=True, cache=True)
def _write(kinds, slots, values, data, offsets, literals, literal_offsets, scores, score_offsets, out):  # type: ignore[no-untyped-def]
    """Write the rows; where each begins comes back, and one more for the end."""
    data, offsets, values, out = borrowed((data, offsets, values, out))
    literals, literal_offsets, scores = borrowed((literals, literal_offsets, scores))
    places = np.zeros(values.shape[1], np.int64)
    at = 0
    for row in range(values.shape[1] - 1):
        for column in range(len(kinds)):
            at = _copy(literals, literal_offsets[column], literal_offsets[column + 1], out, at)
            kind, value = kinds[column], values[column, row]
            if kind == _WHOLE:
                at = _number(value, out, at)
            elif kind == _SCORE:
                at = _copy(scores, score_offsets[value], score_offsets[value + 1], out, at)
            elif kind == _FLAG:
                for letter in b"true" if value else b"false":
                    out[at] = letter
                    at += 1
            elif kind == _TEXT:
                if value < 0:
                    for letter in b"null":
                        out[at] = letter
                        at += 1
                else:
                    of_slot = offsets[slots[column]]
                    at = _quote(data[slots[column]], of_slot[value], of_slot[value + 1], out, at)
            else:
                of_slot, of_data = offsets[slots[column]], data[slots[column]]
                out[at] = 91  # [
                at += 1
                for item in range(value, values[column, row + 1]):
                    if item > value:
                        out[at] = 44  # ,
                        at += 1
                    if kind == _OBJECTS:
                        at = _copy(of_data, of_slot[item], of_slot[item + 1], out, at)
                    else:
                        at = _quote(of_data, of_slot[item], of_slot[item + 1], out, at)
                out[at] = 93  # ]
                at += 1
        at = _copy(literals, literal_offsets[-2], literal_offsets[-1], out, at)
        places[row + 1] = at
    return places


@nb.njit(nogil=True, cache=True)
def _copy(data, start, end, out, at):  # type: ignore[no-untyped-def]
    source, target = data[start:end], out[at : at + end - start]
    for k in range(len(source)):
        target[k] = source[k]
    return at + len(source)


@nb.njit(nogil=True, cache=True)
def _quote(data, start, end, out, at):  # type: ignore[no-untyped-def]
    """Write a string with its quotation marks; most of it goes in steps without a character to escape."""
    out[at] = _QUOTE
    at += 1
    while start < end:
        if end - start >= _STEP:
            source, target = data[start : start + _STEP], out[at : at + _STEP]
            special = False
            for k in range(_STEP):  # of a fixed length and over slices, so that vectors are made of it
                byte = source[k]
                special |= (byte < 32) | (byte == _QUOTE) | (byte == _BACKSLASH)
                target[k] = byte  # what follows a special character is written again
            if not special:
                start += _STEP
                at += _STEP
                continue
        plain = start
        while plain < end and data[plain] >= 32 and data[plain] != _QUOTE and data[plain] != _BACKSLASH:
            out[at] = data[plain]
            at += 1
            plain += 1
        if plain < end:
            at = _escape(data[plain], out, at)
        start = plain + 1
    out[at] = _QUOTE
    return at + 1


@nb.njit(nogil=True, cache=True, inline="always")
def _escape(byte, out, at):  # type: ignore[no-untyped-def]
    out[at] = _BACKSLASH
    if byte >= 32:
        out[at + 1] = byte
        return at + 2
    if _SHORT[byte]:
        out[at + 1] = _SHORT[byte]
        return at + 2
    out[at + 1], out[at + 2], out[at + 3] = 117, 48, 48  # u00
    out[at + 4], out[at + 5] = _HEX[byte >> 4], _HEX[byte & 15]
    return at + 6


@nb.njit(nogil=True, cache=True)
def _most(data, start, end):  # type: ignore[no-untyped-def]
    """The length of a string when it is escaped is at most this."""
    text = data[start:end]
    rare = False
    for i in range(len(text)):
        byte = text[i]
        rare |= (byte < 8) | (byte == 11) | ((byte >= 14) & (byte < 32))  # those without a short form
    return len(text) * (6 if rare else 2)


@nb.njit(nogil=True, cache=True, inline="always")
def _digits(value):  # type: ignore[no-untyped-def]
    """Characters of a whole number."""
    size = 1 if value >= 0 else 2
    rest = abs(value) // 10
    while rest:
        size += 1
        rest //= 10
    return size


@nb.njit(nogil=True, cache=True, inline="always")
def _number(value, out, at):  # type: ignore[no-untyped-def]
    size = _digits(value)
    rest = abs(value)
    if value < 0:
        out[at] = 45  # -
    last = at + (value < 0)
    for place in range(at + size - 1, last - 1, -1):
        out[place] = 48 + rest % 10
        rest //= 10
    return at + size
