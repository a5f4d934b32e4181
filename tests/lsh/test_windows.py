"""Windows by count, compared with the twin."""

from __future__ import annotations

import numpy as np
import oracles
from hypothesis import given
from hypothesis import strategies as st

from dedup.lsh.windows import cut_windows, half_counts, window_counts

LENGTHS = st.lists(st.integers(0, 200), max_size=6)


def offsets_of(lengths: list[int]) -> np.ndarray:
    return np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)


@given(LENGTHS, st.integers(8, 60), st.integers(1, 16))
def test_windows_are_those_of_the_twin(lengths: list[int], size: int, width: int) -> None:
    offsets = offsets_of(lengths)
    cut = cut_windows(offsets, passage_words=size, shingle_words=width)
    expected = [oracles.windows(length, size, width) for length in lengths]
    assert np.diff(cut.offsets).tolist() == [len(part) for part in expected]
    first = offsets[cut.articles]
    found = list(zip((cut.starts - first).tolist(), (cut.ends - first).tolist(), strict=True))
    assert found == [span for part in expected for span in part]


@given(LENGTHS, st.integers(8, 60), st.integers(1, 16))
def test_every_token_lies_in_a_passage_where_there_is_a_shingle(
    lengths: list[int], size: int, width: int
) -> None:
    offsets = offsets_of(lengths)
    cut = cut_windows(offsets, passage_words=size, shingle_words=width)
    inside = np.zeros(sum(lengths), np.bool_)
    for start, end in zip(cut.starts, cut.ends, strict=True):
        inside[start:end] = True
    has_shingle = np.repeat(np.array(lengths, int) >= width, lengths)
    assert inside.tolist() == has_shingle.tolist()


@given(LENGTHS, st.integers(8, 60), st.integers(1, 16))
def test_counts_are_known_without_cutting(lengths: list[int], size: int, width: int) -> None:
    counts = window_counts(half_counts(np.array(lengths, np.int64), size // 2, width))
    assert counts.tolist() == [len(oracles.windows(length, size, width)) for length in lengths]
