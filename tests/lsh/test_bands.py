"""Band keys: which windows share a bucket, and how often."""

from __future__ import annotations

import numpy as np
import oracles
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.lsh.bands import NO_KEY, band_keys, drop_repeated, find_probability, key_tails
from dedup.lsh.minhash import EMPTY, permutations


def signed(sets: list[list[int]], count: int, seed: int = 1) -> np.ndarray:
    functions = [(int(a), int(b)) for a, b in permutations(count, seed)[:2].T]
    return np.array([oracles.signature(each, functions) for each in sets], np.uint32).reshape(-1, count)


SETS = st.lists(st.lists(st.integers(1, 9), max_size=5), min_size=1, max_size=6)


@given(SETS, st.integers(1, 8), st.integers(1, 4))
def test_bands_have_equal_keys_where_they_agree_on_more_than_one_shingle(
    sets: list[list[int]], bands: int, rows: int
) -> None:
    functions = permutations(bands * rows, 1)
    signatures = signed(sets, bands * rows)
    keys = band_keys(signatures, functions, bands=bands, rows=rows)
    assert keys.shape == (bands, len(sets))
    for i, one in enumerate(signatures):
        origins = ((one - functions[1]) * functions[2]).tolist()
        for j, two in enumerate(signatures):
            agreed = oracles.band_agrees(one.tolist(), two.tolist(), origins, rows)
            assert ((keys[:, i] == keys[:, j]) & (keys[:, i] != NO_KEY)).tolist() == agreed


def test_equal_signatures_have_equal_keys_and_each_band_its_own() -> None:
    signatures = signed([list(range(1, 30))] * 2, 24)
    keys = band_keys(signatures, permutations(24, 1), bands=12, rows=2)
    assert (keys[:, 0] == keys[:, 1]).all()
    same_values = np.tile(signatures[:, :2], 12)
    assert len(set(band_keys(same_values, permutations(24, 1), bands=12, rows=2)[:, 0].tolist())) > 6


@pytest.mark.parametrize(("rows", "keyless"), [(1, False), (2, True), (4, True)])
def test_a_single_shingle_gives_no_key_where_a_band_has_rows(rows: int, keyless: bool) -> None:
    keys = band_keys(signed([[77]], 12), permutations(12, 1), bands=12 // rows, rows=rows)
    assert (keys == NO_KEY).all() == keyless


def test_what_has_no_shingle_has_no_key() -> None:
    empty = np.full((2, 4), EMPTY)
    assert (band_keys(empty, permutations(4, 1), bands=4, rows=1) == NO_KEY).all()
    assert band_keys(empty[:0], permutations(4, 1), bands=2, rows=2).shape == (2, 0)


@pytest.mark.parametrize(("shared", "bands", "rows"), [(12, 12, 2), (20, 12, 2), (30, 20, 3)])
def test_the_probability_of_a_find_is_what_happens(shared: int, bands: int, rows: int) -> None:
    """300 pairs of sets of 40 agree with the formula within four standard errors."""
    random, pairs = np.random.default_rng(5), 300
    found = 0
    jaccard = shared / (80 - shared)
    for seed in range(pairs):
        pool = random.choice(2**32, 80 - shared, replace=False).tolist()
        one, two = pool[:40], pool[:shared] + pool[40:]
        keys = band_keys(
            signed([one, two], bands * rows, seed), permutations(bands * rows, seed), bands=bands, rows=rows
        )
        found += bool(((keys[0:, 0] == keys[:, 1]) & (keys[:, 0] != NO_KEY)).any())
    expected = float(find_probability(jaccard, bands=bands, rows=rows))
    error = 4 * np.sqrt(max(expected * (1 - expected), 0.01) / pairs)
    # Bands whose rows all come from one shingle have no key: up to one in 40 fewer agree.
    assert expected - error - 0.05 <= found / pairs <= expected + error


def test_the_probability_grows_with_similarity_and_bands() -> None:
    grid = find_probability(np.linspace(0, 1, 11), bands=12, rows=2)
    assert grid[0] == 0
    assert grid[-1] == 1
    assert (np.diff(grid) > 0).all()
    assert float(find_probability(0.3, bands=20, rows=2)) > float(find_probability(0.3, bands=10, rows=2))


@given(
    st.lists(st.lists(st.integers(0, 2**32 - 1), min_size=12, max_size=12), min_size=1, max_size=5),
    st.sampled_from([(12, 1), (6, 2), (4, 3), (1, 12)]),
    st.sampled_from(["C", "F"]),
)
def test_tails_are_the_highest_bits_of_a_sum_of_products(
    rows_of: list[list[int]], banding: tuple[int, int], order: str
) -> None:
    bands, rows = banding
    found = key_tails(np.array(rows_of, np.uint32, order=order), bands=bands, rows=rows)  # type: ignore[arg-type]
    for window, values in enumerate(rows_of):
        for band in range(bands):
            total = 0
            for value in values[band * rows : (band + 1) * rows]:
                total = (total + value) * 0x85EBCA6B % 2**32
            assert found[band, window] == total >> 24


def test_tails_tell_apart_what_a_key_does_not() -> None:
    """Among the values that minima take, including small ones, one pair in 256 has equal tails."""
    chance = np.random.default_rng(1)
    values = (2**32 * (1 - chance.random((40_000, 2)) ** (1 / 24))).astype(np.uint32)
    tails = key_tails(values, bands=1, rows=2)[0].astype(int)
    counts = np.bincount(tails, minlength=256)
    together = (counts * (counts - 1)).sum() / (40_000 * 39_999)
    assert 0.95 / 256 < together < 1.05 / 256


PASSAGES = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3), st.integers(0, 1)), max_size=12)


@given(PASSAGES, st.integers(1, 3))
def test_a_key_goes_where_the_passage_before_of_the_article_has_it(
    windows: list[tuple[int, int, int]], bands: int
) -> None:
    windows.sort(key=lambda window: window[0])
    articles = np.array([article for article, _, _ in windows], np.int64)
    keys = np.array([[key + band for _, key, _ in windows] for band in range(bands)], np.uint32)
    tails = np.array([[tail for _, _, tail in windows]] * bands, np.uint8)
    wanted = [
        [NO_KEY if k and windows[k] == windows[k - 1] else key for k, key in enumerate(band)]
        for band in keys.tolist()
    ]
    drop_repeated(keys, tails, articles)
    assert keys.tolist() == wanted


@pytest.mark.parametrize("windows", [1024, 1025, 1026, 3000])
def test_keys_go_in_runs_of_any_length(windows: int) -> None:
    """Runs longer than what is compared at once keep their first key, also where the next part begins."""
    articles = np.sort(np.random.default_rng(windows).integers(0, 20, windows))
    keys, tails = np.full((2, windows), 7, np.uint32), np.full((2, windows), 1, np.uint8)
    drop_repeated(keys, tails, articles)
    first = np.diff(articles, prepend=-1) != 0
    assert (keys == np.where(first, 7, NO_KEY)).all()
