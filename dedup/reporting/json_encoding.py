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
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.jit.borrow import borrowed
from dedup.schemas import PASSAGE_SCHEMA, SCORE_DIGITS
from dedup.text.tokens import utf8_of

_WHOLE, _SCORE, _FLAG, _TEXT, _RAW, _TEXTS, _OBJECTS = range(7)
#: Columns of strings and of lists that a batch may have.
_SLOTS = 18
_QUOTE, _BACKSLASH = 34, 92
#: The fields of the structs that the kernels write: the passages of an overlap, of which there are many.
OBJECTS = PASSAGE_SCHEMA.names
#: The letter after the backslash for a control character that has a short form; 0 for the others.
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
        At most 18 of its columns are not numbers or flags, and of the fields of a struct. The first list of
        structs is written without a Python object a row, other nested columns with.
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
    table = _Table(batch.schema.names, batch.columns, batch.num_rows, opening, b"}\n")
    objects = table.objects or _Table([], [], 0, b"", b"")
    out = np.empty(table.most_bytes() + objects.most_bytes(), np.uint8)
    end = _write(table.arguments(), objects.arguments(), *_scores(), out)
    return out[:end].data


class _Table:
    """Columns as the kernels take them.

    Of each column: what it is; the slot of its bytes; and a number a row, with one more behind the last for
    lists. That is the number itself, a score's ten-thousandths, a flag as 0 or 1, the place among the slot's
    strings (-1 for null), or the place of the first item among the slot's strings or among the objects.
    """

    def __init__(
        self, names: list[str], columns: list[pa.Array], rows: int, opening: bytes, closing: bytes
    ) -> None:
        self._rows = rows
        self._kinds: list[int] = []
        self._slots: list[int] = []
        self._values: list[NDArray[np.int64]] = []
        self._data: list[NDArray[np.uint8]] = []
        self._offsets: list[NDArray[np.int64]] = []
        #: The items of the column of objects, if there is one.
        self.objects: _Table | None = None
        for column in columns:
            self._add(column)
        keys = [msgspec.json.encode(name) + b":" for name in names]
        self._literals = [(b"," if number else opening) + key for number, key in enumerate(keys)] + [closing]

    def arguments(self) -> tuple[Any, ...]:
        """The columns for `_write`."""
        padding = _SLOTS - len(self._data)
        return (
            np.array(self._kinds, np.int64),
            np.array(self._slots, np.int64),
            np.stack([np.zeros(self._rows + 1, np.int64), *self._values])[1:],
            tuple(self._data + [_frozen(np.zeros(0, np.uint8))] * padding),
            tuple(self._offsets + [np.zeros(1, np.int64)] * padding),
            *_pooled(self._literals),
        )

    def most_bytes(self) -> int:
        """Return an upper bound on the number of bytes written."""
        size = self._rows * (len(b"".join(self._literals)) + _MOST_DIGITS * len(self._kinds))
        for kind, values in zip(self._kinds, self._values, strict=True):
            size += int(values[-1]) if kind >= _TEXTS else 0  # commas
        for data, offsets in zip(self._data, self._offsets, strict=True):
            size += 2 * (len(offsets) - 1) + int(_most(data, offsets[0], offsets[-1]))
        return size

    def _add(self, column: pa.Array) -> None:
        if pa.types.is_timestamp(column.type):
            column = written_times(column)
        kind = column.type
        if pa.types.is_integer(kind) and not column.null_count:
            self._append(_WHOLE, np.asarray(column))
        elif pa.types.is_floating(kind):
            self._append(_SCORE, np.rint(np.asarray(column) * 10.0**SCORE_DIGITS))
        elif pa.types.is_boolean(kind):
            self._append(_FLAG, np.asarray(column))
        elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
            places = np.where(np.asarray(column.is_valid()), np.arange(self._rows), -1)
            self._append(_TEXT, places, column)
        elif pa.types.is_list(kind) and pa.types.is_string(kind.value_type):
            self._append(_TEXTS, np.asarray(column.offsets), column.values)
        elif self._is_objects(kind):
            items = column.values
            fields = [items.field(number) for number in range(kind.value_type.num_fields)]
            names = [field.name for field in kind.value_type]
            self._append(_OBJECTS, np.asarray(column.offsets))
            self.objects = _Table(names, fields, len(items), b"{", b"}")
        elif pa.types.is_list(kind) or pa.types.is_integer(kind):
            encode = msgspec.json.encode
            texts = pa.array([encode(_plain(value)) for value in column.to_pylist()], pa.binary())
            self._append(_RAW, np.arange(self._rows), texts.cast(pa.string()))
        else:
            raise TypeError(f"a column of type {kind} has no place in JSON lines of results")

    def _is_objects(self, kind: pa.DataType) -> bool:
        """Whether a column is the one whose items the kernels write: structs of plain values."""
        if not pa.types.is_list(kind) or not pa.types.is_struct(kind.value_type) or self.objects is not None:
            return False
        return bool([field.name for field in kind.value_type] == OBJECTS)

    def _append(self, kind: int, values: NDArray[Any], strings: pa.Array | None = None) -> None:
        self._kinds.append(kind)
        self._slots.append(len(self._data) if strings is not None else -1)
        row = np.zeros(self._rows + 1, np.int64)
        row[: len(values)] = values
        self._values.append(row)
        if strings is not None:
            data, offsets = utf8_of(strings)
            self._data.append(_frozen(data))
            self._offsets.append(offsets)


def written_times(column: pa.Array) -> pa.StringArray:
    """Write times as ISO 8601 in UTC with a Z; with microseconds only where there are any."""
    seconds = pc.floor_temporal(column, unit="second").cast(pa.timestamp("s", tz="UTC"))
    written = pc.strftime(seconds, "%Y-%m-%dT%H:%M:%S")
    rest = pc.subtract(column.cast(pa.int64()), pc.multiply(seconds.cast(pa.int64()), 1_000_000))
    fraction = pc.binary_join_element_wise(
        pa.scalar(""), pc.utf8_lpad(rest.cast(pa.string()), 6, "0"), pa.scalar(".")
    )
    fraction = pc.if_else(pc.equal(rest, 0), pa.scalar(""), fraction)
    return pc.binary_join_element_wise(written, fraction, pa.scalar("Z"), pa.scalar(""))


def _plain(value: Any) -> Any:
    """A nested value as it is written: scores rounded."""
    if isinstance(value, float):
        return round(value * 10.0**SCORE_DIGITS) / 10.0**SCORE_DIGITS
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


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
def _write(table, objects, scores, score_offsets, out):  # type: ignore[no-untyped-def]
    """Write the rows; how many bytes they took."""
    table, objects = borrowed(table), borrowed(objects)
    scores, out = borrowed(scores), borrowed(out)
    kinds, values, literals, literal_offsets = table[0], table[2], table[5], table[6]
    closing_literals, closing_offsets = objects[5], objects[6]
    at = 0
    for row in range(values.shape[1] - 1):
        for column in range(len(kinds)):
            if kinds[column] != _OBJECTS:
                at = _member(table, column, row, scores, score_offsets, out, at)
                continue
            at = _copy(literals, literal_offsets[column], literal_offsets[column + 1], out, at)
            out[at] = 91  # [
            at += 1
            for item in range(values[column, row], values[column, row + 1]):
                if item > values[column, row]:
                    out[at] = 44  # ,
                    at += 1
                for field in range(len(objects[0])):
                    at = _member(objects, field, item, scores, score_offsets, out, at)
                at = _copy(closing_literals, closing_offsets[-2], closing_offsets[-1], out, at)
            out[at] = 93  # ]
            at += 1
        at = _copy(literals, literal_offsets[-2], literal_offsets[-1], out, at)
    return at


@nb.njit(nogil=True, cache=True, inline="always")
def _member(table, column, row, scores, score_offsets, out, at):  # type: ignore[no-untyped-def]
    """Write a key and its value, unless it is a list of objects. Inlined: the table is 100 words long."""
    kinds, slots, values, data, offsets, literals, literal_offsets = table
    at = _copy(literals, literal_offsets[column], literal_offsets[column + 1], out, at)
    kind, value = kinds[column], values[column, row]
    if kind == _WHOLE:
        return _number(value, out, at)
    if kind == _SCORE:
        return _copy(scores, score_offsets[value], score_offsets[value + 1], out, at)
    if kind == _FLAG:
        for letter in b"true" if value else b"false":
            out[at] = letter
            at += 1
        return at
    if value < 0:
        for letter in b"null":
            out[at] = letter
            at += 1
        return at
    of_slot, of_data = offsets[slots[column]], data[slots[column]]
    if kind == _RAW:
        return _copy(of_data, of_slot[value], of_slot[value + 1], out, at)
    if kind == _TEXT:
        return _quote(of_data, of_slot[value], of_slot[value + 1], out, at)
    out[at] = 91  # [
    at += 1
    for item in range(value, values[column, row + 1]):
        if item > value:
            out[at] = 44  # ,
            at += 1
        at = _quote(of_data, of_slot[item], of_slot[item + 1], out, at)
    out[at] = 93  # ]
    return at + 1


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
    """The length of strings when they are escaped is at most this."""
    text = data[start:end]
    rare = 0
    for i in range(len(text)):
        byte = text[i]
        rare += (byte < 8) | (byte == 11) | ((byte >= 14) & (byte < 32))  # those without a short form
    return 2 * len(text) + 4 * rare


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
