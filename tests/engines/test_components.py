"""Connected components: forests in tasks, and rounds where these are too large for one."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import oracles
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyspark.sql import DataFrame, SparkSession

from dedup.engines.spark.components import components, folded

pytestmark = pytest.mark.filterwarnings("ignore")  # PySpark's warnings about pandas 3, and about itself

Edges = list[tuple[int, int]]


def expected(edges: Edges) -> dict[int, int]:
    nodes = sorted({node for edge in edges for node in edge})
    place = {node: number for number, node in enumerate(nodes)}
    groups = oracles.components(len(nodes), [(place[a], place[b]) for a, b in edges])
    return {node: node for node in nodes} | {
        nodes[one]: nodes[min(group)] for group in groups for one in group
    }


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=40), st.integers(1, 5))
def test_a_task_folds_its_edges_into_a_forest(edges: Edges, rows: int) -> None:
    table = pa.table({"a": [a << 40 for a, _ in edges], "b": [b << 40 for _, b in edges]})
    table = table.cast(pa.schema([("a", pa.int64()), ("b", pa.int64())]))
    found = [row for batch in folded(table.to_batches(max_chunksize=rows)) for row in batch.to_pylist()]
    assert {row["n"] >> 40: row["root"] >> 40 for row in found} == expected(edges)
    assert len(found) == len({row["n"] for row in found})


def labels(
    session: SparkSession, edges: Edges, path: Path, *, folded_at_once: int
) -> tuple[dict[int, int], int]:
    """Return the component of each node, and the number of frames written."""
    written = []

    def checkpoint(frame: DataFrame, number: int) -> DataFrame:
        where = str(path / str(number))
        frame.write.parquet(where)
        written.append(number)
        return session.read.parquet(where)

    rows = session.createDataFrame(edges, "a bigint, b bigint").repartition(3)
    found = components(rows, checkpoint, folded_at_once=folded_at_once).collect()
    assert len(found) == len({row["n"] for row in found})
    return {row["n"]: row["root"] for row in found}, len(written)


@pytest.mark.slow
@pytest.mark.parametrize("folded_at_once", [0, 10**6])
def test_components_are_the_same_with_rounds_and_without(
    session: SparkSession, tmp_path: Path, folded_at_once: int
) -> None:
    chance = np.random.default_rng(4)
    order = chance.permutation(300).tolist()
    chain = list(itertools.pairwise(order[:200]))
    others = [tuple(edge) for edge in chance.integers(300, 400, (60, 2)).tolist()]
    edges = chain + [(a, b) for a, b in others if a != b]
    found, _ = labels(session, edges, tmp_path, folded_at_once=folded_at_once)
    assert found == expected(edges)


@pytest.mark.slow
def test_a_chain_of_a_million_links_takes_few_rounds(session: SparkSession, tmp_path: Path) -> None:
    links = 1_000_000
    order = np.random.default_rng(7).permutation(links + 1)
    table = pa.table({"a": order[:-1], "b": order[1:]})
    written = []

    def checkpoint(frame: DataFrame, number: int) -> DataFrame:
        frame.write.parquet(str(tmp_path / str(number)))
        written.append(number)
        return session.read.parquet(str(tmp_path / str(number)))

    found = components(session.createDataFrame(table).repartition(4), checkpoint, folded_at_once=0)
    assert found.count() == links + 1
    assert found.where("root <> 0").count() == 0
    assert len(written) <= 2 * links.bit_length()
