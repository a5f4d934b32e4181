"""SIMD operations that the kernels over text share.

Eight bytes are read as one little-endian 64-bit word. Longer runs are LLVM vectors, in which the first byte
of some kind is found; LLVM maps them to whatever vector width the processor has.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba as nb
import numba.extending
from llvmlite import ir  # numba is built on it and installs it
from numba import types

#: Number of bytes that `letters_ahead`, `plain_ahead` and `next_with` look at in one step. Most words and
#: most sentences are shorter, and few texts are.
LETTERS_AHEAD, PLAIN_AHEAD, _FLAGS_AHEAD = 16, 64, 32
#: Untyped, because numba's type does not describe the arguments with which a kernel calls an intrinsic.
intrinsic: Any = numba.extending.intrinsic
_BYTE, _WORD = ir.IntType(8), ir.IntType(64)


@intrinsic
def eight_bytes(context, data, place):  # type: ignore[no-untyped-def]
    """Read eight bytes of an array of uint8 from `place` on. The array must extend that far."""

    def generate(target: Any, builder: Any, signature: Any, values: Any) -> Any:
        return _loaded(target, builder, signature, values, _WORD)

    return types.uint64(data, types.int64), generate


@intrinsic
def letters_ahead(context, data, place):  # type: ignore[no-untyped-def]
    """Count the ASCII letters and digits that follow `place` in an array of uint8, at most `LETTERS_AHEAD`.

    The array must extend that far.
    """

    def is_other(builder: Any, text: Any, every: Callable[[int], Any], _: Any) -> Any:
        small = builder.or_(text, every(0x20))
        letter = builder.icmp_unsigned("<", builder.sub(small, every(ord("a"))), every(26))
        digit = builder.icmp_unsigned("<", builder.sub(text, every(ord("0"))), every(10))
        return builder.not_(builder.or_(letter, digit))

    return types.int64(data, types.int64), _before_the_first(is_other, LETTERS_AHEAD)


@intrinsic
def plain_ahead(context, data, place):  # type: ignore[no-untyped-def]
    """Count the bytes of a JSON string that need no unescaping from `place` on, at most `PLAIN_AHEAD`.

    These are the bytes before the first quotation mark, backslash or control character. The array of uint8
    must extend that far.
    """

    def is_odd(builder: Any, text: Any, every: Callable[[int], Any], _: Any) -> Any:
        quote, slash = (builder.icmp_unsigned("==", text, every(ord(sign))) for sign in '"\\')
        control = builder.icmp_unsigned("<", text, every(ord(" ")))
        return builder.or_(builder.or_(quote, slash), control)

    return types.int64(data, types.int64), _before_the_first(is_odd, PLAIN_AHEAD)


@nb.njit(nogil=True, cache=True)
def next_with(flags, place, end, bits):  # type: ignore[no-untyped-def]
    """Return the first place from `place` to `end` where one of the bits is set, or `end`.

    Parameters
    ----------
    flags : ndarray of shape (n,), dtype uint8
    place, end : int
        Up to n.
    bits : uint8

    Examples
    --------
    >>> import numpy as np
    >>> next_with(np.array([1, 0, 2, 1], np.uint8), 1, 4, np.uint8(1))
    3
    """
    while place < end and place + _FLAGS_AHEAD <= len(flags):
        clear = _clear_ahead(flags, place, bits)
        place += clear
        if clear < _FLAGS_AHEAD:
            return min(place, end)
    while place < end and flags[place] & bits == 0:
        place += 1
    return min(place, end)


@intrinsic
def _clear_ahead(context, flags, place, bits):  # type: ignore[no-untyped-def]
    """Count the flags from `place` on that have none of the bits, at most `_FLAGS_AHEAD`."""

    def is_set(builder: Any, found: Any, every: Callable[[int], Any], values: Any) -> Any:
        first = ir.Constant(ir.IntType(32), 0)
        one = builder.insert_element(every(0), values[2], first)
        in_each = ir.Constant(ir.VectorType(first.type, _FLAGS_AHEAD), [0] * _FLAGS_AHEAD)
        asked = builder.shuffle_vector(one, every(0), in_each)
        return builder.icmp_unsigned("!=", builder.and_(found, asked), every(0))

    return types.int64(flags, types.int64, types.uint8), _before_the_first(is_set, _FLAGS_AHEAD)


def _before_the_first(is_asked: Callable[..., Any], count: int) -> Callable[..., Any]:
    """Generate code that counts the bytes before the first for which `is_asked` holds, at most `count`."""
    kind = ir.VectorType(_BYTE, count)

    def every(value: int) -> Any:
        return ir.Constant(kind, [value] * count)

    def generate(target: Any, builder: Any, signature: Any, values: Any) -> Any:
        text = _loaded(target, builder, signature, values, kind)
        found = builder.bitcast(is_asked(builder, text, every, values), ir.IntType(count))
        if count < _WORD.width:  # a sentinel bit: if none is found, all bytes are counted
            found = builder.or_(builder.zext(found, _WORD), ir.Constant(_WORD, 1 << count))
        return builder.cttz(found, ir.Constant(ir.IntType(1), 0))

    return generate


def _loaded(target: Any, builder: Any, signature: Any, values: Any, kind: Any) -> Any:
    """Generate an unaligned load at a place of an array."""
    view = target.make_array(signature.args[0])(target, builder, values[0])
    place = builder.bitcast(builder.gep(view.data, [values[1]]), kind.as_pointer())
    return builder.load(place, align=1)
