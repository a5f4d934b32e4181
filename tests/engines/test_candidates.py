"""Bands joined in parts, over articles with any numbers, give the pairs of the band joined as a whole."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyspark.sql import SparkSession

from dedup.engines.spark.candidates import FOUND, KEYS, cut_short, distinct_pairs, join_bucket
from dedup.engines.spark.cells import batch_of, cells, spark_schema
from dedup.lsh.bands import NO_KEY
from dedup.lsh.candidates import CandidatePairs
from dedup.lsh.pairs import PairSet
from dedup.settings import Settings

pytestmark = pytest.mark.filterwarnings("ignore")  # PySpark's warnings about pandas 3, and about itself

Band = tuple[NDArray[np.uint32], NDArray[np.uint8]]


def runs(
    band: Band,
    owners: NDArray[np.int64],
    numbers: NDArray[np.int64],
    sources: NDArray[np.int64],
    cuts: list[int],
) -> pa.Table:
    """Return the windows of a band, in runs that begin with the articles `cuts`, the last run first."""
    made = []
    for low, high in zip([0, *cuts], [*cuts, len(numbers)], strict=True):
        rows = np.flatnonzero((owners >= low) & (owners < high) & (band[0] != NO_KEY))
        chosen, windows = np.unique(owners[rows], return_counts=True)
        columns = (band[0][rows], band[1][rows], windows.astype(np.int32), numbers[chosen], sources[chosen])
        packed = {
            name: cells(column, np.array([0, len(column)]))
            for name, column in zip(KEYS.names[1:], columns, strict=True)
        }
        made.append(batch_of(KEYS, {"bucket": [0], **packed}, 1))
    return pa.Table.from_batches(made[::-1], schema=KEYS)


def rows_of(band: Band, parts: int, part: int) -> NDArray[np.int64]:
    """Return the windows of one part of a band."""
    return np.flatnonzero((band[0].astype(np.uint64) * parts >> np.uint64(32)) == part)


def whole(
    bands: list[Band], owners: NDArray[np.int64], sources: NDArray[np.int64], settings: Settings
) -> CandidatePairs:
    pairs = PairSet(
        sources=np.unique(sources, return_inverse=True)[1].astype(np.uint32),
        scope=settings.scope,
        max_bucket=settings.max_bucket,
    )
    for keys, tails in bands:
        pairs.add_band(keys, owners.astype(np.uint32), tails=tails)
    return pairs.sorted()


@st.composite
def corpora(draw: st.DrawFn) -> tuple[list[Band], NDArray[np.int64], NDArray[np.int64], int]:
    """Draw bands with buckets over a cap of 2 in several parts, and the articles of their windows."""
    owners = np.array(sorted(draw(st.lists(st.integers(0, 11), max_size=40))), np.int64)
    key = st.sampled_from([int(NO_KEY), 1, 2**30 + 1, 2**31 + 5, 2**32 - 1])
    bands = [
        (
            np.array(draw(st.lists(key, min_size=len(owners), max_size=len(owners))), np.uint32),
            np.array(draw(st.lists(st.integers(0, 1), min_size=len(owners), max_size=len(owners))), np.uint8),
        )
        for _ in range(draw(st.integers(1, 2)))
    ]
    sources = np.array(draw(st.lists(st.integers(-3, 3), min_size=12, max_size=12)), np.int64)
    return bands, owners, sources, draw(st.sampled_from([1, 2, 4]))


@given(corpora(), st.sampled_from(["all", "cross"]), st.lists(st.integers(1, 11), max_size=3))
def test_parts_of_a_band_propose_what_the_band_does(
    made: tuple[list[Band], NDArray[np.int64], NDArray[np.int64], int], scope: str, cuts: list[int]
) -> None:
    """Of the pairs that parts propose for a member in a band, that of the first part counts."""
    bands, owners, sources, parts = made
    settings = Settings(scope=scope, max_bucket=2)  # type: ignore[arg-type]
    numbers = np.arange(12, dtype=np.int64) * 7 + 2**40
    pairs, chosen, cut, of_members = set(), {}, 0, 0
    for number, band in enumerate(bands):
        for part in range(parts):
            rows = rows_of(band, parts, part)
            table = runs((band[0][rows], band[1][rows]), owners[rows], numbers, sources, sorted(set(cuts)))
            found = join_bucket(table, settings, band=number, part=part, apart=parts > 1)
            assert found.schema == FOUND
            for row in found.to_pylist():
                if row["a"] is None:
                    cut += row["cut_short"]
                elif row["member"] is None:
                    pairs.add((row["a"], row["b"]))
                else:
                    of_members += 1
                    chosen.setdefault((number, row["member"]), (row["a"], row["b"]))
    expected = whole(bands, owners, sources, settings)
    assert pairs | set(chosen.values()) == {
        (int(numbers[a]), int(numbers[b])) for a, b in zip(expected.a, expected.b, strict=True)
    }
    assert cut + of_members - len(chosen) == expected.cut_short


@pytest.mark.parametrize("articles", [2**24 - 2, 2**24 + 3, 2**26], ids=["24 bits", "more", "26 bits"])
def test_keys_are_compared_whole_however_many_articles_there_are(articles: int) -> None:
    """Windows whose keys agree and whose tails differ in any bit do not meet."""
    keys = np.full(10, 77, np.uint32)
    tails = np.array([0, *(1 << np.arange(8)), 0], np.uint8)
    owners = np.linspace(0, articles - 1, 10).astype(np.int64)
    met = whole([(keys, tails)], owners, np.arange(articles), Settings(scope="all"))
    assert list(zip(met.a.tolist(), met.b.tolist(), strict=True)) == [(0, articles - 1)]
    table = runs((keys, tails), np.arange(10), owners, np.arange(10), [4])
    found = join_bucket(table, Settings(scope="all"), band=0, part=0, apart=False).to_pylist()
    assert [(row["a"], row["b"]) for row in found if row["a"] is not None] == [(0, articles - 1)]


def test_buckets_over_the_cap_are_equal_beyond_24_bits() -> None:
    """With more articles than an entry has bits for, representatives, sources and counts do not change."""
    few, many = 700, 2**24 + 700
    chance = np.random.default_rng(5)
    owners = np.sort(chance.integers(0, few, 3000))
    bands = [
        (chance.choice(np.array([5, 2**29, 2**31 + 3, 2**32 - 9], np.uint32), 3000), np.zeros(3000, np.uint8))
        for _ in range(2)
    ]
    sources = np.arange(many) % 9
    settings = Settings(max_bucket=64)
    small = whole(bands, owners, sources[:few], settings)
    large = whole(bands, owners, sources, settings)
    assert small.cut_short == large.cut_short > 0
    assert np.array_equal(small.a, large.a)
    assert np.array_equal(small.b, large.b)


def test_what_stays_of_the_pairs_of_members(session: SparkSession) -> None:
    rows = [
        (0, 0, None, 1, 2, None),
        (0, 1, None, 1, 2, None),  # two parts found it
        (0, 1, 5, 1, 5, None),
        (0, 0, 5, 2, 5, None),  # the first part's is kept
        (1, 1, 5, 3, 5, None),  # another band
        (0, 0, None, None, None, 10),
        (0, 1, None, None, None, 20),
    ]
    found = session.createDataFrame(rows, spark_schema(FOUND))
    pairs = {(row["a"], row["b"]) for row in distinct_pairs(found, 2).collect()}
    assert pairs == {(1, 2), (2, 5), (3, 5)}
    assert distinct_pairs(found, 2).count() == 3
    assert cut_short(found) == 31
