"""Many bytes at a time, compared with one after another; the vectors reach to the array's very end."""

from __future__ import annotations

import numba as nb
import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.jit.simd import LETTERS_AHEAD, PLAIN_AHEAD, eight_bytes, letters_ahead, next_with, plain_ahead


@nb.njit
def _letters(data, place):  # type: ignore[no-untyped-def]
    return letters_ahead(data, place)


@nb.njit
def _plain(data, place):  # type: ignore[no-untyped-def]
    return plain_ahead(data, place)


@nb.njit
def _eight(data, place):  # type: ignore[no-untyped-def]
    return eight_bytes(data, place)


#: Runs of bytes that continue, and now and then a byte of any value.
RUNS = st.binary(max_size=2) | st.text("azAZ059", max_size=70).map(str.encode)
BYTES = st.lists(RUNS, max_size=6).map(b"".join)


def bytes_before(data: bytes, place: int, most: int, other: bytes) -> int:
    """Count the bytes from a place on that are not among the others."""
    ahead = data[place : place + most]
    return next((count for count, byte in enumerate(ahead) if byte in other), most)


@given(BYTES, st.integers(0, 40))
@example(bytes(range(256)), 40)
def test_letters_and_digits_are_counted_up_to_the_first_other_byte(data: bytes, place: int) -> None:
    data += b"x" * max(0, place + LETTERS_AHEAD - len(data))
    other = bytes(byte for byte in range(256) if byte >= 128 or not chr(byte).isalnum())
    for at in range(len(data) - LETTERS_AHEAD + 1):
        found = _letters(np.frombuffer(data, np.uint8), at)
        assert found == bytes_before(data, at, LETTERS_AHEAD, other)


@given(BYTES)
@example(bytes(range(256)))
def test_what_stands_for_itself_is_counted_up_to_a_quote_a_backslash_or_a_control(data: bytes) -> None:
    data += b"x" * PLAIN_AHEAD
    for at in range(len(data) - PLAIN_AHEAD + 1):
        found = _plain(np.frombuffer(data, np.uint8), at)
        assert found == bytes_before(data, at, PLAIN_AHEAD, b'"\\' + bytes(range(32)))


@given(st.binary(min_size=8, max_size=30))
def test_eight_bytes_are_read_at_any_place(data: bytes) -> None:
    for at in range(len(data) - 7):
        found = int(_eight(np.frombuffer(data, np.uint8), at))
        assert found.to_bytes(8, "little") == data[at : at + 8]


@given(
    st.lists(st.tuples(st.integers(0, 70), st.integers(0, 255)), max_size=5),
    st.integers(1, 255),
    st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_the_next_flag_is_found_wherever_the_search_begins_and_ends(
    runs: list[tuple[int, int]], bits: int, bounds: tuple[float, float]
) -> None:
    flags = [flag for count, last in runs for flag in [0] * count + [last]]
    start, end = sorted(round(bound * len(flags)) for bound in bounds)
    wanted = next((place for place in range(start, end) if flags[place] & bits), end)
    assert next_with(np.array(flags, np.uint8), start, end, np.uint8(bits)) == wanted
