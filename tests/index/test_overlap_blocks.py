"""Overlaps in blocks, compared with a plain list of pairs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.alignment.batch import Alignments
from dedup.index.store.catalogue import Catalogue
from dedup.index.store.overlap_blocks import (
    add_overlaps,
    all_overlaps,
    copied_pairs,
    count_overlaps,
    drop_overlaps,
    every_pair,
    overlaps_with_earlier,
)
from dedup.overlaps.align import AlignedColumns

#: For each step of an addition, the pairs: new article, earlier one, whether the new one is `a`, copied,
#: passages.
STEP = 10
PAIRS = st.tuples(
    st.integers(0, STEP - 1), st.integers(0, 60), st.booleans(), st.booleans(), st.integers(1, 3)
)
STEPS = st.lists(st.lists(PAIRS, max_size=8), max_size=5)
Pair = tuple[int, int, bool, int]


@contextmanager
def _catalogue() -> Iterator[Catalogue]:
    with tempfile.TemporaryDirectory() as folder:
        catalogue = Catalogue(Path(folder), wait=1, durable=False)
        catalogue.create()
        try:
            yield catalogue
        finally:
            catalogue.close()


def _pairs(steps: list[list[tuple[int, int, bool, bool, int]]]) -> list[list[Pair]]:
    """Return the pairs of each step, each once, by article numbers: a, b, copied, passages."""
    found = []
    for number, step in enumerate(steps):
        pairs = {}
        for new, back, is_a, copied, passages in step:
            later = 1 + number * STEP + new
            earlier = max(0, later - 1 - back)
            a, b = (later, earlier) if is_a else (earlier, later)
            pairs[later, earlier] = (a, b, copied, passages)
        found.append(list(pairs.values()))
    return found


def _columns(pairs: list[Pair]) -> AlignedColumns:
    a, b = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    pair = np.repeat(np.arange(len(pairs)), [count for *_, count in pairs]).astype(np.int64)
    # The values of a passage show to which pair it belongs.
    mark = (a[pair] * 1000 + b[pair]).astype(np.int32)
    columns = {field.name: mark for field in fields(Alignments)[1:-1]}
    found = Alignments(pair=pair, goes_on=mark % 3 == 1, **columns)
    return AlignedColumns(a, b, a / 7, found, mark / 3, mark / 5)


def _plain(found: AlignedColumns) -> list[tuple[int, int, int]]:
    marks = (found.a * 1000 + found.b)[found.passages.pair]
    assert found.passages.words.tolist() == marks.tolist()
    assert np.array_equal(found.passages.goes_on, marks % 3 == 1)
    assert np.array_equal(found.passage_jaccard, marks / 3)
    assert np.array_equal(found.jaccard, found.a / 7)
    counts = np.bincount(found.passages.pair, minlength=len(found.a))
    return sorted(zip(found.a.tolist(), found.b.tolist(), counts.tolist(), strict=True))


@settings(max_examples=60, deadline=None)
@given(STEPS, st.lists(st.integers(1, 5 * STEP), max_size=6), st.lists(st.integers(0, 5 * STEP), max_size=4))
def test_blocks_are_a_list_of_pairs(
    steps: list[list[tuple[int, int, bool, bool, int]]], asked: list[int], gone: list[int]
) -> None:
    entered = _pairs(steps)
    with _catalogue() as catalogue:
        for pairs in entered:
            add_overlaps(catalogue, _columns(pairs), np.array([pair[2] for pair in pairs], np.bool_))
        every = [pair for pairs in entered for pair in pairs]
        for _ in range(2):
            assert count_overlaps(catalogue) == len(every)
            assert _plain(all_overlaps(catalogue)) == sorted((a, b, count) for a, b, _, count in every)
            assert sorted(zip(*(column.tolist() for column in every_pair(catalogue)), strict=True)) == sorted(
                (a, b, copied) for a, b, copied, _ in every
            )
            own = [pair for pair in every if max(pair[:2]) in asked]
            assert _plain(overlaps_with_earlier(catalogue, asked)) == sorted((a, b, n) for a, b, _, n in own)
            a, b = copied_pairs(catalogue, asked)
            assert sorted(zip(a.tolist(), b.tolist(), strict=True)) == sorted(
                (a, b) for a, b, copied, _ in own if copied
            )
            drop_overlaps(catalogue, gone)
            every = [pair for pair in every if not set(pair[:2]) & set(gone)]
