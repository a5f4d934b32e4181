"""The grammar of JSON (RFC 8259) over bytes: compiled functions that find where values begin and end.

Parsing is strict: anything that the grammar does not allow gives -1, and the caller examines it more closely.
`data` are the bytes, `at` a place in them and `size` their end.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from dedup.jit.simd import PLAIN_AHEAD, plain_ahead

_MAX_DEPTH = 60  # open brackets of a nested value: one bit of a 64-bit word for each
# The structural characters of JSON.
BRACE, BRACE_END, _BRACKET, _BRACKET_END, _QUOTE, _BACKSLASH, COMMA, _COLON, LINE_END = b'{}[]"\\,:\n'
_CONTROL = 32  # smaller values are control characters
#: The kinds of values: a string without or with escapes, a number, null, or anything else.
PLAIN, ESCAPED, NUMBER, NULL, OTHER = 1, 2, 3, 4, 5

_NULL_LETTERS, _TRUE_LETTERS, _FALSE_LETTERS = b"null", b"true", b"false"
# The character for the letter after a backslash; 0 if there is none.
_ESCAPED_BY = np.zeros(256, np.uint8)
_ESCAPED_BY[list(b'"\\/bfnrt')] = list(b'"\\/\b\f\n\r\t')


@njit(nogil=True, cache=True)
def skip_space(data: Any, at: int, size: int) -> int:
    while at < size and (data[at] == 32 or data[at] == 9 or data[at] == 13):
        at += 1
    return at


@njit(nogil=True, cache=True)
def digits_end(data: Any, at: int, size: int) -> int:
    while at < size and 48 <= data[at] <= 57:
        at += 1
    return at


@njit(nogil=True, cache=True)
def _next_odd(data: Any, at: int, size: int) -> int:
    """Return the place of the next quote, backslash or control character from `at` on, or `size`."""
    while at < size and at + PLAIN_AHEAD <= len(data):
        plain = plain_ahead(data, at)
        at += plain
        if plain < PLAIN_AHEAD:
            return min(at, size)
    while at < size and data[at] != _QUOTE and data[at] != _BACKSLASH and data[at] >= _CONTROL:
        at += 1
    return min(at, size)


@njit(nogil=True, cache=True)
def _string_end(data: Any, at: int, size: int) -> tuple[int, bool]:
    """Return the closing quote of the string at `at` (-1 if it is invalid), and whether it has escapes."""
    escaped = False
    while True:
        at = _next_odd(data, at, size)
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
def read_value(data: Any, at: int, size: int) -> tuple[int, int, int]:
    """Return where the value at `at` starts, its kind, and the place after it (-1 if it is invalid)."""
    if at >= size:
        return at, OTHER, -1
    c = data[at]
    if c in (BRACE, _BRACKET):
        return at, OTHER, _nested_end(data, at, size)
    return _scalar(data, at, size)


@njit(nogil=True, cache=True)
def _scalar(data: Any, at: int, size: int) -> tuple[int, int, int]:
    c = data[at]
    if c == _QUOTE:
        close, escaped = _string_end(data, at + 1, size)
        return at + 1, ESCAPED if escaped else PLAIN, close + 1 if close >= 0 else -1
    if c == 45 or 48 <= c <= 57:
        return at, NUMBER, _number_end(data, at, size)
    if _spells(data, at, size, _NULL_LETTERS):
        return at, NULL, at + 4
    if _spells(data, at, size, _TRUE_LETTERS):
        return at, OTHER, at + 4
    if _spells(data, at, size, _FALSE_LETTERS):
        return at, OTHER, at + 5
    return at, OTHER, -1


@njit(nogil=True, cache=True)
def _spells(data: Any, at: int, size: int, letters: Any) -> bool:
    if at + len(letters) > size:
        return False
    same = True
    for k in range(len(letters)):
        same &= data[at + k] == letters[k]
    return same


@njit(nogil=True, cache=True)
def _number_end(data: Any, at: int, size: int) -> int:
    if data[at] == 45:
        at += 1
    whole = digits_end(data, at, size)
    if whole == at or (data[at] == 48 and whole > at + 1):
        return -1
    at = whole
    if at < size and data[at] == 46:
        part = digits_end(data, at + 1, size)
        if part == at + 1:
            return -1
        at = part
    if at < size and (data[at] == 101 or data[at] == 69):
        at += 1
        if at < size and (data[at] == 43 or data[at] == 45):
            at += 1
        power = digits_end(data, at, size)
        if power == at:
            return -1
        at = power
    return at


@njit(nogil=True, cache=True)
def _nested_end(data: Any, at: int, size: int) -> int:
    """Return the place after the array or object at `at`, read strictly; -1 if it is invalid or too deep."""
    objects = np.uint64(0)
    depth = 0
    wants_value = True
    while at < size:
        if wants_value:
            c = data[at]
            if c in (BRACE, _BRACKET):
                if depth == _MAX_DEPTH:
                    return -1
                depth += 1
                is_object = c == BRACE
                objects = (objects << np.uint64(1)) | np.uint64(is_object)
                at = skip_space(data, at + 1, size)
                if at < size and data[at] == (BRACE_END if is_object else _BRACKET_END):
                    wants_value = False
                    continue
                if is_object:
                    _, _, at = read_member(data, at, size)
                    if at < 0:
                        return -1
                continue
            _, _, at = _scalar(data, at, size)
            if at < 0:
                return -1
            wants_value = False
            at = skip_space(data, at, size)
            continue
        in_object = objects & np.uint64(1) == np.uint64(1)
        if data[at] == (BRACE_END if in_object else _BRACKET_END):
            objects >>= np.uint64(1)
            depth -= 1
            at += 1
            if depth == 0:
                return at
            at = skip_space(data, at, size)
        elif data[at] == COMMA:
            at = skip_space(data, at + 1, size)
            if in_object:
                _, _, at = read_member(data, at, size)
                if at < 0:
                    return -1
            wants_value = True
        else:
            return -1
    return -1


@njit(nogil=True, cache=True)
def read_member(data: Any, at: int, size: int) -> tuple[int, bool, int]:
    """Return the end of the key at `at`, whether it has escapes, and its value's start (-1 if invalid)."""
    if at >= size or data[at] != _QUOTE:
        return -1, False, -1
    close, escaped = _string_end(data, at + 1, size)
    if close < 0:
        return -1, escaped, -1
    at = skip_space(data, close + 1, size)
    if at >= size or data[at] != _COLON:
        return -1, escaped, -1
    return close, escaped, skip_space(data, at + 1, size)


@njit(nogil=True, cache=True)
def unescape(data: Any, at: int, end: int, out: Any, to: int) -> int:
    while True:
        run = _next_odd(data, at, end) - at
        move(data[at : at + run], out[to : to + run])
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


@njit(nogil=True, cache=True)
def move(data: Any, out: Any) -> None:
    for k in range(len(data)):
        out[k] = data[k]
