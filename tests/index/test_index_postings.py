"""Postings and the join, held against dictionaries."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.index import postings as postings_module
from dedup.index.arrays import ArrayWriter, MappedArrays
from dedup.index.files import Files
from dedup.index.joining import NewKeys, Stored, join_stored
from dedup.index.postings import Postings, sorted_postings, write_postings

#: A few keys, so that they meet; some in one entry of the directory, some at its ends.
KEYS = st.sampled_from([1, 2, 3, 0xFFFF, 0x10000, 0x10001, 0x7FFF0000, 0xFFFFFFFE, 0xFFFFFFFF])
PAIRS = st.lists(st.tuples(KEYS, st.integers(0, 11)), max_size=60)
BANDS = 2


def _stored(
    bands: list[list[tuple[int, int]]], rows: int, *, high: bool = False
) -> tuple[Postings, MappedArrays]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "keys"
        with Files(durable=False).writing(path) as stream:
            writer = ArrayWriter(stream)
            for band, pairs in enumerate(bands):
                write_postings(writer, band, _sorted(pairs), (1 << 17) if high else rows)
            writer.close()
        arrays = MappedArrays(path)
    return Postings(arrays, len(bands)), arrays


def _sorted(pairs: list[tuple[int, int]]) -> np.ndarray:  # type: ignore[type-arg]
    keys = np.array([key for key, _ in pairs], np.uint32)
    return sorted_postings(keys, np.array([row for _, row in pairs], np.int64))


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("high", [False, True])
def test_what_was_written_is_read(monkeypatch: pytest.MonkeyPatch, large: bool, high: bool) -> None:
    monkeypatch.setattr(postings_module, "_LARGE", 0 if large else 1 << 30)
    pairs = [(3, 70_000 if high else 5), (0x10000, 2), (0xFFFFFFFF, 1), (3, 1), (3, 1)]
    stored, _ = _stored([pairs, []], 12, high=high)
    assert stored.band(0).tolist() == sorted({(key << 32) | row for key, row in pairs})
    assert stored.band(1).tolist() == []


@pytest.mark.parametrize("large", [False, True])
@settings(max_examples=60, deadline=None)
@given(
    segments=st.lists(
        st.tuples(st.lists(PAIRS, min_size=BANDS, max_size=BANDS), st.sets(st.integers(0, 11))), max_size=3
    ),
    new=st.lists(PAIRS, min_size=BANDS, max_size=BANDS),
    cross=st.booleans(),
)
def test_the_join_is_that_of_a_dictionary(large: bool, segments: list, new: list, cross: bool) -> None:  # type: ignore[type-arg]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postings_module, "_LARGE", 0 if large else 1 << 30)
        stored = []
        kept = []
        for number, (bands, dead) in enumerate(segments):
            found, arrays = _stored(bands, 12)
            kept.append(arrays)
            numbers = np.arange(12, dtype=np.uint32) + np.uint32(100 * number)
            gone = np.isin(np.arange(12), list(dead)) if dead else np.zeros(0, np.bool_)
            stored.append(Stored(found, numbers, numbers % np.uint32(3), gone))
    sources = (np.arange(12) % 4).astype(np.uint32)
    keys = NewKeys.of([_sorted(pairs) for pairs in new], sources)
    pairs, cut = join_stored(keys, stored, scope="cross" if cross else "all", max_bucket=10_000, threads=1)
    expected = set()
    for band in range(BANDS):
        buckets = defaultdict(set)
        for number, (bands, dead) in enumerate(segments):
            for key, row in bands[band]:
                if row not in dead:
                    buckets[key].add(100 * number + row)
        for key, row in new[band]:
            expected |= {(old, row) for old in buckets[key] if not (cross and old % 3 == int(sources[row]))}
    assert {(int(pair) >> 32, int(pair) & 0xFFFFFFFF) for pair in pairs} == expected
    assert cut == 0


def test_over_the_cap_the_first_of_different_sources_stand_for_the_bucket() -> None:
    old, arrays = _stored([[(7, row) for row in range(12)]], 12)
    numbers = np.arange(12, dtype=np.uint32)
    sources = np.array([5, 5, 5, 6, 6, 7, 7, 7, 7, 7, 7, 7], np.uint32)
    new = NewKeys.of([_sorted([(7, 0)])], np.array([6], np.uint32))
    stored = [Stored(old, numbers, sources, np.zeros(0, np.bool_))]
    pairs, cut = join_stored(new, stored, scope="cross", max_bucket=10, threads=1)
    assert [int(pair) >> 32 for pair in pairs] == [0, 5]
    assert cut == 12 - 3
    assert arrays is not None
