"""Postings and the join, compared with dictionaries."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.index.compare import joining
from dedup.index.compare.joining import join_stored
from dedup.index.store.arrays import ArrayWriter, MappedArrays
from dedup.index.store.files import Files
from dedup.index.store.postings import Postings, packed, sorted_postings, write_postings
from dedup.index.store.segments import SegmentView

#: A few keys, so that they collide; some in one entry of the directory, some at its ends.
KEYS = st.sampled_from([1, 2, 3, 0xFFFF, 0x10000, 0x10001, 0x7FFF0000, 0xFFFFFFFE, 0xFFFFFFFF])
PAIRS = st.lists(st.tuples(KEYS, st.integers(0, 11)), max_size=60)
BANDS = 2


def _stored(bands: list[list[tuple[int, int]]], rows: int) -> tuple[Postings, MappedArrays]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "keys"
        with Files(durable=False).writing(path) as stream:
            writer = ArrayWriter(stream)
            for band, pairs in enumerate(bands):
                write_postings(writer, band, packed([_sorted(pairs)], len(pairs), rows))
            writer.close()
        arrays = MappedArrays(path)
    return Postings(arrays, len(bands), rows), arrays


def _sorted(pairs: list[tuple[int, int]]) -> np.ndarray:  # type: ignore[type-arg]
    keys = np.array([key for key, _ in pairs], np.uint32)
    return sorted_postings(keys, np.array([row for _, row in pairs], np.int64))


def _new(bands: list[list[tuple[int, int]]]) -> list[np.ndarray]:  # type: ignore[type-arg]
    return [_sorted(pairs) for pairs in bands]


@settings(max_examples=60, deadline=None)
@given(pairs=PAIRS, rows=st.sampled_from([12, 13, 16, 17, 70_000, 1 << 20]), last=st.booleans())
def test_what_was_written_is_read(pairs: list[tuple[int, int]], rows: int, last: bool) -> None:
    pairs = [*pairs, (3, rows - 1)] if last else pairs
    stored, _ = _stored([pairs, []], rows)
    assert stored.band(0).tolist() == sorted({(key << 32) | row for key, row in pairs})
    assert stored.band(1).tolist() == []


def test_the_smallest_segment_has_one_article() -> None:
    stored, _ = _stored([[(0xFFFFFFFF, 0), (1, 0)]], 1)
    assert stored.band(0).tolist() == [1 << 32, 0xFFFFFFFF << 32]


@given(PAIRS, st.lists(st.booleans(), min_size=12, max_size=12))
@settings(max_examples=40, deadline=None)
def test_articles_that_go_take_their_postings_along(pairs: list[tuple[int, int]], live: list[bool]) -> None:
    stored, _ = _stored([pairs], 12)
    moved = np.where(live, np.cumsum(live) - 1, -1)
    out = np.empty(len(pairs), np.uint64)
    made = stored.unpack(0, moved, 100, out)
    expected = {(key << 32) | (100 + int(moved[row])) for key, row in pairs if live[row]}
    assert out[:made].tolist() == sorted(expected)


@settings(max_examples=40, deadline=None)
@given(pairs=PAIRS, rows=st.sampled_from([12, 17, 70_000]), bits=st.integers(0, 4))
def test_a_band_comes_whole_or_in_parts(pairs: list[tuple[int, int]], rows: int, bits: int) -> None:
    stored, _ = _stored([pairs], rows)
    out = np.empty(len(pairs), np.uint64)
    parts = []
    for part in range(1 << bits):
        made = stored.unpack(0, np.zeros(0, np.int64), 0, out, bits=bits, part=part)
        parts.append(out[:made].tolist())
    assert [len(part) for part in parts] == stored.counts(0, bits).tolist()
    assert [posting for part in parts for posting in part] == _sorted(pairs).tolist()
    assert all(int(posting) >> (64 - bits) == part for part in range(1 << bits) for posting in parts[part])
    in_parts = packed([np.array(part, np.uint64) for part in parts], len(pairs) + 3, rows)
    whole = packed([_sorted(pairs)], len(pairs), rows)
    assert all(one.tolist() == other.tolist() for one, other in zip(in_parts, whole, strict=True))


@pytest.mark.parametrize("threads", [1, 2])
@settings(max_examples=60, deadline=None)
@given(
    segments=st.lists(
        st.tuples(st.lists(PAIRS, min_size=BANDS, max_size=BANDS), st.sets(st.integers(0, 11))), max_size=3
    ),
    new=st.lists(PAIRS, min_size=BANDS, max_size=BANDS),
    cross=st.booleans(),
)
def test_the_join_is_that_of_a_dictionary(threads: int, segments: list, new: list, cross: bool) -> None:  # type: ignore[type-arg]
    stored = []
    kept = []
    for number, (bands, dead) in enumerate(segments):
        found, arrays = _stored(bands, 12)
        kept.append(arrays)
        numbers = np.arange(12, dtype=np.uint32) + np.uint32(100 * number)
        gone = np.isin(np.arange(12), list(dead)) if dead else np.zeros(0, np.bool_)
        stored.append(SegmentView(found, numbers, numbers % np.uint32(3), gone))
    sources = (np.arange(12) % 4).astype(np.uint32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(joining, "_WORTH_SHARING", 0)
        pairs, cut = join_stored(
            *(_new(new), sources, stored),
            scope="cross" if cross else "all",
            max_bucket=10_000,
            threads=threads,
        )
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
    stored = [SegmentView(old, numbers, sources, np.zeros(0, np.bool_))]
    own = np.array([6], np.uint32)
    pairs, cut = join_stored(_new([[(7, 0)]]), own, stored, scope="cross", max_bucket=10, threads=1)
    assert [int(pair) >> 32 for pair in pairs] == [0, 5]
    assert cut == 12 - 3
    assert arrays is not None


def test_a_key_that_many_articles_have_is_found_among_its_neighbours() -> None:
    many = [(key, row) for key in (6, 7, 8) for row in range(500)]
    old, _ = _stored([many], 1000)
    numbers, sources = np.arange(1000, dtype=np.uint32), np.zeros(1000, np.uint32)
    stored = [SegmentView(old, numbers, sources, np.zeros(0, np.bool_))]
    own = np.array([1], np.uint32)
    pairs, cut = join_stored(_new([[(7, 0)]]), own, stored, scope="cross", max_bucket=1000, threads=1)
    assert [int(pair) >> 32 for pair in pairs] == list(range(500))
    assert cut == 0
