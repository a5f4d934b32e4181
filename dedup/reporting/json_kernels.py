"""The kernels that write the rows of a batch as JSON."""

from __future__ import annotations

import numba as nb
import numpy as np

from dedup.jit.borrow import borrowed

#: The kinds of columns: whole numbers, scores, flags, strings, JSON to copy, lists of strings, lists of
#: objects.
WHOLE, SCORE, FLAG, TEXT, JSON, TEXTS, OBJECTS = range(7)
#: The value of a null row.
NULL = np.iinfo(np.int64).min
_QUOTE, _BACKSLASH = 34, 92
#: The letter after the backslash for control characters with a short form; 0 for all others.
_SHORT = np.zeros(32, np.uint8)
for _character, _letter in (("\b", "b"), ("\t", "t"), ("\n", "n"), ("\f", "f"), ("\r", "r")):
    _SHORT[ord(_character)] = ord(_letter)
_HEX = np.frombuffer(b"0123456789abcdef", np.uint8)
#: Number of bytes that are checked and copied together.
_STEP = 32


@nb.njit(nogil=True, cache=True)
def write_rows(table, objects, scores, score_offsets, out):  # type: ignore[no-untyped-def]
    """Write the rows, and return the number of bytes written."""
    table, objects = borrowed(table), borrowed(objects)
    scores, out = borrowed(scores), borrowed(out)
    kinds, values, literals, literal_offsets = table[0], table[1], table[4], table[5]
    closing_literals, closing_offsets = objects[4], objects[5]
    at = 0
    for row in range(values.shape[1] - 1):
        for column in range(len(kinds)):
            if kinds[column] != OBJECTS:
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
    """Write a key and its value, unless it is a list of objects."""
    kinds, values, data, offsets, literals, literal_offsets = table
    at = _copy(literals, literal_offsets[column], literal_offsets[column + 1], out, at)
    kind, value = kinds[column], values[column, row]
    if value == NULL:
        for letter in b"null":
            out[at] = letter
            at += 1
        return at
    if kind == WHOLE:
        return _number(value, out, at)
    if kind == SCORE:
        return _copy(scores, score_offsets[value], score_offsets[value + 1], out, at)
    if kind == FLAG:
        for letter in b"true" if value else b"false":
            out[at] = letter
            at += 1
        return at
    if kind == TEXT:
        return _quote(data, offsets[value], offsets[value + 1], out, at)
    if kind == JSON:
        return _copy(data, offsets[value], offsets[value + 1], out, at)
    out[at] = 91  # [
    at += 1
    for item in range(value, values[column, row + 1]):
        if item > value:
            out[at] = 44  # ,
            at += 1
        at = _quote(data, offsets[item], offsets[item + 1], out, at)
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
            for k in range(_STEP):  # of a fixed length and over slices, so that the loop vectorises
                byte = source[k]
                special |= (byte < 32) | (byte == _QUOTE) | (byte == _BACKSLASH)
                target[k] = byte  # bytes from a special character on are overwritten
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
def most_escaped(text):  # type: ignore[no-untyped-def]
    """Return an upper bound on the length of strings when they are escaped."""
    rare = 0
    for i in range(len(text)):
        byte = text[i]
        rare += (byte < 8) | (byte == 11) | ((byte >= 14) & (byte < 32))  # those without a short form
    return 2 * len(text) + 4 * rare


@nb.njit(nogil=True, cache=True, inline="always")
def _digits(value):  # type: ignore[no-untyped-def]
    """Return the number of characters of a whole number."""
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
