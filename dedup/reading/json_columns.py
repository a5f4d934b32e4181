"""Blocks of JSON lines straight into Arrow columns: a compiled kernel, no Python object a record.

The kernel accepts strict JSON (RFC 8259) only. Whatever it does not take in its stride (a broken line, a
wrong type, a key given twice, a lone surrogate) it leaves, and the caller reads that block again line by
line, which names the fault. Measured on 50,000 articles of 400 words (153 MB), seconds of one core, best of
seven: this kernel 0.30 without the interpreter lock, msgspec 0.26 with it and with an object an article,
`pyarrow.json` with a schema 0.44.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numba import njit
from numpy.typing import NDArray

from dedup.reading.fields import FIELDS, FieldNames
from dedup.reading.records import Column

_USUAL_RECORD = 200  # bytes; where records are shorter, the arrays are made anew and larger
_FULL = -2
_NO_RANK = 1 << 30
_MAX_DEPTH = 60  # open brackets of a nested value: a bit of one 64-bit word for each
# The characters that JSON is built of.
_BRACE, _BRACE_END, _BRACKET, _BRACKET_END, _QUOTE, _BACKSLASH, _COMMA, _COLON, _LINE_END = b'{}[]"\\,:\n'
_CONTROL = 32  # what is below is a control character
# What a value is.
_PLAIN, _ESCAPED, _NUMBER, _NULL, _OTHER = 1, 2, 3, 4, 5
_TEXT, _PUBLISHED = FIELDS.index("text"), FIELDS.index("published")

_NULL_LETTERS, _TRUE_LETTERS, _FALSE_LETTERS = b"null", b"true", b"false"
# The character that a letter after a backslash stands for; 0 for none.
_ESCAPED_BY = np.zeros(256, np.uint8)
_ESCAPED_BY[list(b'"\\/bfnrt')] = list(b'"\\/\b\f\n\r\t')
# Which byte of a word its lowest set bit lies in, by the bit's de Bruijn number (Leiserson et al., 1998).
_DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
_BYTE_OF = np.zeros(64, np.int64)
for _bit in range(64):
    _BYTE_OF[(int(_DE_BRUIJN) << _bit & 2**64 - 1) >> 58] = _bit // 8


class KeyTable(NamedTuple):
    """The keys to look for, as the kernel wants them; see `key_table`."""

    letters: NDArray[np.uint8]
    ends: NDArray[np.int64]
    uses: NDArray[np.int64]
    field: NDArray[np.int64]
    rank: NDArray[np.int64]


def key_table(names: FieldNames) -> KeyTable | None:
    """Lay out the names of all fields for the kernel; None where a name can only be written with escapes.

    Examples
    --------
    >>> from dedup.reading.fields import field_names
    >>> key_table(field_names({"text": "body"})).letters[:4].tobytes()
    b'body'
    """
    keys = sorted({name.encode() for choices in names.values() for name in choices})
    if any(min(key) < 32 or b'"' in key or b"\\" in key for key in keys):
        return None
    uses = [
        [
            (place, names[field].index(key.decode()))
            for place, field in enumerate(FIELDS)
            if key.decode() in names[field]
        ]
        for key in keys
    ]
    flat = np.array([use for of_key in uses for use in of_key], np.int64)
    return KeyTable(
        letters=np.frombuffer(b"".join(keys), np.uint8),
        ends=np.cumsum([len(key) for key in keys], dtype=np.int64),
        uses=np.cumsum([0] + [len(of_key) for of_key in uses], dtype=np.int64),
        field=np.ascontiguousarray(flat[:, 0]),
        rank=np.ascontiguousarray(flat[:, 1]),
    )


class JsonColumns(NamedTuple):
    """What `json_columns` finds in a block.

    Attributes
    ----------
    columns : list of pyarrow.StringArray
        One a field, in the order of `FIELDS`; a number in `published` gets an ``@`` before it.
    lines : ndarray of shape (n_records,), dtype int64
        Each record's line within the block, from 0.
    line_count : int
        Line ends in the block.
    """

    columns: list[Column]
    lines: NDArray[np.int64]
    line_count: int


def json_columns(block: bytes, table: KeyTable) -> JsonColumns | None:
    """Read a block of whole lines of UTF-8, below 2 GiB; None where a line wants a closer look."""
    data = np.frombuffer(block, np.uint8)
    words = data[: len(data) // 8 * 8].view(np.uint64)
    most = len(block) // _USUAL_RECORD + 1
    while True:
        starts, ends = np.zeros((2, len(FIELDS), most), np.int64)
        kinds = np.zeros((len(FIELDS), most), np.uint8)
        lines = np.zeros(most, np.int64)
        rows, line_count = _scan(data, words, table, starts, ends, kinds, lines)
        if rows != _FULL:
            break
        most *= 4
    if rows < 0:
        return None
    columns: list[Column] = []
    for place in range(len(FIELDS)):
        spans = starts[place, :rows], ends[place, :rows], kinds[place, :rows]
        column = _column(data, words, *spans, place == _PUBLISHED)
        if column is None:
            return None
        columns.append(column)
    return JsonColumns(columns, lines[:rows], line_count)


def _column(
    data: NDArray[np.uint8],
    words: NDArray[np.uint64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    kinds: NDArray[np.uint8],
    at_sign: bool,
) -> Column | None:
    # Arrow's pool hands pages out again; fresh ones from the system cost as much as the copy.
    room = pa.allocate_buffer(int((ends - starts).sum()) + len(kinds))
    out = np.frombuffer(memoryview(room), np.uint8)
    offsets = np.zeros(len(kinds) + 1, np.int32)
    size = _copy(data, words, starts, ends, kinds, at_sign, offsets, out)
    if size < 0:
        return None
    present = kinds != 0
    validity = None if present.all() else pa.py_buffer(np.packbits(present, bitorder="little").data)
    column = pa.StringArray.from_buffers(
        len(kinds), pa.py_buffer(offsets.data), room.slice(0, size), validity
    )
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        return None
    return column


@njit(nogil=True, cache=True)
def _scan(
    data: Any, words: Any, table: KeyTable, starts: Any, ends: Any, kinds: Any, lines: Any
) -> tuple[int, int]:
    """Find the values of every record's fields; how many records and lines, or -1 or `_FULL` and 0."""
    size = len(data)
    best = np.zeros(len(kinds), np.int64)
    at, row, line = 0, 0, 0
    while at < size:
        at = _space(data, at, size)
        if at == size:
            break
        if data[at] == _LINE_END:
            line += 1
            at += 1
            continue
        if row == len(lines):
            return _FULL, 0
        best[:] = _NO_RANK
        at = _record(data, words, at, size, table, best, starts[:, row], ends[:, row], kinds[:, row])
        if at < 0 or not _record_fits(data, best, starts[:, row], ends[:, row], kinds[:, row]):
            return -1, 0
        at = _space(data, at, size)
        if at < size and data[at] != _LINE_END:
            return -1, 0
        lines[row] = line
        row += 1
    return row, line


@njit(nogil=True, cache=True)
def _record(
    data: Any,
    words: Any,
    at: int,
    size: int,
    table: KeyTable,
    best: Any,
    starts: Any,
    ends: Any,
    kinds: Any,
) -> int:
    """Find one object's values, each field's best-ranked one; the place after it, or -1."""
    if data[at] != _BRACE:
        return -1
    at = _space(data, at + 1, size)
    if at < size and data[at] == _BRACE_END:
        return at + 1
    seen = np.uint64(0)
    while True:
        close, escaped, value = _member(data, words, at, size)
        if value < 0 or escaped:
            return -1
        start, kind, after = _value(data, words, value, size)
        if after < 0:
            return -1
        key = _key(data, at + 1, close, table)
        if key >= 0:
            bit = np.uint64(1) << np.uint64(key)
            if seen & bit:
                return -1
            seen |= bit
            end = after - 1 if kind <= _ESCAPED else after
            for use in range(table.uses[key], table.uses[key + 1]):
                field = table.field[use]
                absent = kind == _NULL or (end == start and field != _TEXT)
                if not absent and table.rank[use] < best[field]:
                    best[field] = table.rank[use]
                    starts[field], ends[field], kinds[field] = start, end, kind
        at = _space(data, after, size)
        if at >= size or (data[at] != _COMMA and data[at] != _BRACE_END):
            return -1
        if data[at] == _BRACE_END:
            return at + 1
        at = _space(data, at + 1, size)


@njit(nogil=True, cache=True)
def _record_fits(data: Any, best: Any, starts: Any, ends: Any, kinds: Any) -> bool:
    """Whether the record has a text, and values of the right kinds."""
    for field in range(len(kinds)):
        kind = kinds[field]
        if kind == _OTHER or (kind == _NUMBER and not _number_fits(data, field, starts[field], ends[field])):
            return False
    return bool(best[_TEXT] != _NO_RANK)


@njit(nogil=True, cache=True)
def _number_fits(data: Any, field: int, start: int, end: int) -> bool:
    """Whether a number may stand in the field as it is written: an epoch, or a plain whole number."""
    if field == _TEXT or end - start > 18:
        return False
    if field == _PUBLISHED:
        return True
    return _digits(data, start, end) == end


@njit(nogil=True, cache=True)
def _space(data: Any, at: int, size: int) -> int:
    while at < size and (data[at] == 32 or data[at] == 9 or data[at] == 13):
        at += 1
    return at


@njit(nogil=True, cache=True)
def _key(data: Any, start: int, end: int, table: KeyTable) -> int:
    begin = 0
    for key in range(len(table.ends)):
        length = table.ends[key] - begin
        same = length == end - start
        for k in range(length if same else 0):
            same &= table.letters[begin + k] == data[start + k]
        if same:
            return key
        begin = table.ends[key]
    return -1


@njit(nogil=True, cache=True)
def _next_odd(data: Any, words: Any, at: int, size: int) -> int:
    """The place of the next quote, backslash or control character from `at` on, or `size`."""
    ones, tops = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080)
    place = at >> 3
    # The bytes before `at` become 255, which is nothing odd and lends no borrow to the bytes above.
    skipped = (np.uint64(1) << np.uint64(8 * (at & 7))) - np.uint64(1)
    while place < len(words):
        word = words[place] | skipped
        # A byte x is below n where (x - n) borrows into the top bit and x has no top bit of its own.
        quote, slash = word ^ (ones * np.uint64(_QUOTE)), word ^ (ones * np.uint64(_BACKSLASH))
        odd = (
            ((quote - ones) & ~quote)
            | ((slash - ones) & ~slash)
            | ((word - ones * np.uint64(_CONTROL)) & ~word)
        )
        odd &= tops
        if odd:
            lowest = odd & (~odd + np.uint64(1))
            return min(size, (place << 3) + int(_BYTE_OF[(lowest * _DE_BRUIJN) >> np.uint64(58)]))
        skipped = np.uint64(0)
        place += 1
    at = max(at, len(words) << 3)
    while at < size and data[at] != _QUOTE and data[at] != _BACKSLASH and data[at] >= _CONTROL:
        at += 1
    return min(at, size)


@njit(nogil=True, cache=True)
def _string_end(data: Any, words: Any, at: int, size: int) -> tuple[int, bool]:
    """The closing quote of the string that begins at `at`, and whether it has escapes; -1 where it is odd."""
    escaped = False
    while True:
        at = _next_odd(data, words, at, size)
        if at >= size or data[at] < _CONTROL:
            return -1, escaped
        if data[at] == _QUOTE:
            return at, escaped
        escaped = True
        if at + 1 >= size:
            return -1, escaped
        c = data[at + 1]
        if c == ord("u"):
            if at + 6 > size or _hex(data, at + 2) < 0:
                return -1, escaped
            at += 6
        elif _ESCAPED_BY[c]:
            at += 2
        else:
            return -1, escaped


@njit(nogil=True, cache=True)
def _hex(data: Any, at: int) -> int:
    value = 0
    for k in range(4):
        c = int(data[at + k])
        if 48 <= c <= 57:
            digit = c - 48
        elif 97 <= c <= 102:
            digit = c - 87
        elif 65 <= c <= 70:
            digit = c - 55
        else:
            return -1
        value = value * 16 + digit
    return value


@njit(nogil=True, cache=True)
def _value(data: Any, words: Any, at: int, size: int) -> tuple[int, int, int]:
    """Where the value at `at` starts, its kind, and the place after it (-1 where it is odd)."""
    if at >= size:
        return at, _OTHER, -1
    c = data[at]
    if c in (_BRACE, _BRACKET):
        return at, _OTHER, _nested_end(data, words, at, size)
    return _scalar(data, words, at, size)


@njit(nogil=True, cache=True)
def _scalar(data: Any, words: Any, at: int, size: int) -> tuple[int, int, int]:
    c = data[at]
    if c == _QUOTE:
        close, escaped = _string_end(data, words, at + 1, size)
        return at + 1, _ESCAPED if escaped else _PLAIN, close + 1 if close >= 0 else -1
    if c == 45 or 48 <= c <= 57:
        return at, _NUMBER, _number_end(data, at, size)
    if _spells(data, at, size, _NULL_LETTERS):
        return at, _NULL, at + 4
    if _spells(data, at, size, _TRUE_LETTERS):
        return at, _OTHER, at + 4
    if _spells(data, at, size, _FALSE_LETTERS):
        return at, _OTHER, at + 5
    return at, _OTHER, -1


@njit(nogil=True, cache=True)
def _spells(data: Any, at: int, size: int, letters: Any) -> bool:
    if at + len(letters) > size:
        return False
    same = True
    for k in range(len(letters)):
        same &= data[at + k] == letters[k]
    return same


@njit(nogil=True, cache=True)
def _digits(data: Any, at: int, size: int) -> int:
    while at < size and 48 <= data[at] <= 57:
        at += 1
    return at


@njit(nogil=True, cache=True)
def _number_end(data: Any, at: int, size: int) -> int:
    if data[at] == 45:
        at += 1
    whole = _digits(data, at, size)
    if whole == at or (data[at] == 48 and whole > at + 1):
        return -1
    at = whole
    if at < size and data[at] == 46:
        part = _digits(data, at + 1, size)
        if part == at + 1:
            return -1
        at = part
    if at < size and (data[at] == 101 or data[at] == 69):
        at += 1
        if at < size and (data[at] == 43 or data[at] == 45):
            at += 1
        power = _digits(data, at, size)
        if power == at:
            return -1
        at = power
    return at


@njit(nogil=True, cache=True)
def _nested_end(data: Any, words: Any, at: int, size: int) -> int:
    """The place after the array or object at `at`, read strictly; -1 where it is odd or too deep."""
    objects = np.uint64(0)
    depth = 0
    wants_value = True
    while at < size:
        if wants_value:
            c = data[at]
            if c in (_BRACE, _BRACKET):
                if depth == _MAX_DEPTH:
                    return -1
                depth += 1
                is_object = c == _BRACE
                objects = (objects << np.uint64(1)) | np.uint64(is_object)
                at = _space(data, at + 1, size)
                if at < size and data[at] == (_BRACE_END if is_object else _BRACKET_END):
                    wants_value = False
                    continue
                if is_object:
                    _, _, at = _member(data, words, at, size)
                    if at < 0:
                        return -1
                continue
            _, _, at = _scalar(data, words, at, size)
            if at < 0:
                return -1
            wants_value = False
            at = _space(data, at, size)
            continue
        in_object = objects & np.uint64(1) == np.uint64(1)
        if data[at] == (_BRACE_END if in_object else _BRACKET_END):
            objects >>= np.uint64(1)
            depth -= 1
            at += 1
            if depth == 0:
                return at
            at = _space(data, at, size)
        elif data[at] == _COMMA:
            at = _space(data, at + 1, size)
            if in_object:
                _, _, at = _member(data, words, at, size)
                if at < 0:
                    return -1
            wants_value = True
        else:
            return -1
    return -1


@njit(nogil=True, cache=True)
def _member(data: Any, words: Any, at: int, size: int) -> tuple[int, bool, int]:
    """Where the key that begins at `at` ends, whether it has escapes, where its value begins (-1: odd)."""
    if at >= size or data[at] != _QUOTE:
        return -1, False, -1
    close, escaped = _string_end(data, words, at + 1, size)
    if close < 0:
        return -1, escaped, -1
    at = _space(data, close + 1, size)
    if at >= size or data[at] != _COLON:
        return -1, escaped, -1
    return close, escaped, _space(data, at + 1, size)


@njit(nogil=True, cache=True)
def _move(data: Any, out: Any) -> None:
    for k in range(len(data)):
        out[k] = data[k]


@njit(nogil=True, cache=True)
def _copy(
    data: Any, words: Any, starts: Any, ends: Any, kinds: Any, at_sign: bool, offsets: Any, out: Any
) -> int:
    """Write the values one after the other, without their escapes; the size, or -1 for a lone surrogate."""
    to = 0
    for row in range(len(kinds)):
        at, end, kind = starts[row], ends[row], kinds[row]
        if kind == _NUMBER and at_sign:
            out[to] = 64
            to += 1
        if kind == _ESCAPED:
            to = _unescape(data, words, at, end, out, to)
            if to < 0:
                return -1
        elif kind != 0:
            _move(data[at:end], out[to : to + end - at])
            to += end - at
        offsets[row + 1] = to
    return to


@njit(nogil=True, cache=True)
def _unescape(data: Any, words: Any, at: int, end: int, out: Any, to: int) -> int:
    while True:
        run = _next_odd(data, words, at, end) - at
        _move(data[at : at + run], out[to : to + run])
        to += run
        at += run
        if at >= end:
            return to
        c = data[at + 1]
        at += 2
        if c != ord("u"):
            out[to] = _ESCAPED_BY[c]
            to += 1
            continue
        point = _hex(data, at)
        at += 4
        if 0xD800 <= point < 0xE000:
            if point >= 0xDC00 or at + 6 > end or data[at] != _BACKSLASH or data[at + 1] != ord("u"):
                return -1
            low = _hex(data, at + 2)
            if low < 0xDC00 or low >= 0xE000:
                return -1
            point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00)
            at += 6
        to = _write_point(point, out, to)


@njit(nogil=True, cache=True)
def _write_point(point: int, out: Any, to: int) -> int:
    if point < 0x80:
        out[to] = point
        return to + 1
    if point < 0x800:
        out[to] = 0xC0 | point >> 6
    elif point < 0x10000:
        out[to] = 0xE0 | point >> 12
        out[to + 1] = 0x80 | point >> 6 & 0x3F
        to += 1
    else:
        out[to] = 0xF0 | point >> 18
        out[to + 1] = 0x80 | point >> 12 & 0x3F
        out[to + 2] = 0x80 | point >> 6 & 0x3F
        to += 2
    out[to + 1] = 0x80 | point & 0x3F
    return to + 2
