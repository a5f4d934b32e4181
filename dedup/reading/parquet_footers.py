"""Whether a Parquet file is encrypted, judged by its footer: some such files end the process that opens them.

A footer is a struct in Thrift's compact protocol. Its field 8 names the encryption of columns if the footer
itself is plain text. A file whose footer is encrypted too begins and ends with another mark.
"""

from __future__ import annotations

import re
from typing import IO, Any

_PLAIN, _ENCRYPTED = b"PAR1", b"PARE"
_ALGORITHM = 8
#: The field of the algorithm, followed by one of its two kinds; it is among the last fields of the footer.
_PERHAPS = re.compile(rb"[\x1c-\x8c][\x1c\x2c]", re.DOTALL)
_TAIL = 600
_BOOLS, _BYTE, _DOUBLE, _BINARY, _STRUCT = (1, 2), 3, 7, 8, 12
_VARINTS, _LISTS = (4, 5, 6), (9, 10)


def is_encrypted(stored: IO[bytes] | Any) -> bool:
    """Whether a seekable file, open for reading, is encrypted as a whole or in columns.

    False for files that are not Parquet, or are truncated: reading them reports that.
    """
    size = stored.seek(0, 2)
    size = stored.tell() if size is None else size
    if size < 12:
        return False
    stored.seek(size - 8)
    end = stored.read(8)
    if end[4:] == _ENCRYPTED:
        return True
    length = int.from_bytes(end[:4], "little")
    if end[4:] != _PLAIN or not 0 < length <= size - 12:
        return False
    stored.seek(size - 8 - min(length, _TAIL))
    if not _PERHAPS.search(stored.read(min(length, _TAIL))):
        return False
    stored.seek(size - 8 - length)
    return _names_an_algorithm(stored.read(length))


def _names_an_algorithm(footer: bytes) -> bool:
    try:
        return any(field == _ALGORITHM for field in _fields(footer))
    except IndexError:
        return False


def _fields(data: bytes) -> list[int]:
    """Return the numbers of the fields in the struct at the beginning."""
    at, field, found = 0, 0, []
    while data[at]:
        kind, delta = data[at] & 15, data[at] >> 4
        at += 1
        if delta:
            field += delta
        else:
            raw, at = _varint(data, at)
            field = (raw >> 1) ^ -(raw & 1)
        found.append(field)
        at = _after(data, at, kind)
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 128:
            return value, at


def _after(data: bytes, at: int, kind: int, depth: int = 0) -> int:
    """Return the place after a value. Raises `IndexError` if there is none."""
    if depth > 32 or at > len(data):
        raise IndexError
    if kind in _BOOLS:
        return at
    if kind in _VARINTS:
        return _varint(data, at)[1]
    if kind == _BYTE:
        return at + 1
    if kind == _DOUBLE:
        return at + 8
    if kind == _BINARY:
        length, at = _varint(data, at)
        return at + length
    if kind in _LISTS:
        count, inner = data[at] >> 4, data[at] & 15
        at += 1
        if count == 15:
            count, at = _varint(data, at)
        for _ in range(count):
            # In a list, a boolean takes a byte of its own.
            at = at + 1 if inner in _BOOLS else _after(data, at, inner, depth + 1)
        return at
    if kind == _STRUCT:
        while data[at]:
            inner, delta = data[at] & 15, data[at] >> 4
            at += 1
            at = at if delta else _varint(data, at)[1]
            at = _after(data, at, inner, depth + 1)
        return at + 1
    raise IndexError  # maps do not occur in a footer
