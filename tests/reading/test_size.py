"""The expected amount of text in the inputs, before they are read."""

from __future__ import annotations

import gzip
import io
import json
import random
from pathlib import Path

import pyarrow as pa
import pytest
import zstandard
from pyarrow import parquet

from dedup.errors import InputError
from dedup.reading import read_batches

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Return fifty texts of news vocabulary in random order: they compress like different articles."""
    words = " ".join(path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))).split()
    chance = random.Random(1)
    return [" ".join(chance.choices(words, k=400)) for _ in range(50)]


def lines(texts: list[str]) -> bytes:
    return b"".join(json.dumps({"text": text}, ensure_ascii=False).encode() + b"\n" for text in texts)


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv", "a.tsv", "a.txt"])
def test_a_plain_file_holds_its_size(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"text\none\n")
    assert read_batches([tmp_path / name]).expected_bytes == 9


@pytest.mark.parametrize("ending", [".jsonl.gz", ".jsonl.zst", ".txt.gz"])
def test_a_compressed_file_holds_about_its_text(tmp_path: Path, texts: list[str], ending: str) -> None:
    path, content = tmp_path / f"a{ending}", lines(texts)
    path.write_bytes(gzip.compress(content) if ending.endswith("gz") else zstandard.compress(content))
    expected = read_batches([path]).expected_bytes
    assert expected is not None
    assert 0.67 * len(content) < expected < 1.5 * len(content)
    assert expected > 2 * path.stat().st_size


@pytest.mark.parametrize("compression", ["snappy", "zstd", "none"])
def test_a_parquet_file_holds_about_its_text(tmp_path: Path, texts: list[str], compression: str) -> None:
    path, size = tmp_path / "a.parquet", len("".join(texts).encode())
    parquet.write_table(pa.table({"text": texts}), path, compression=compression, row_group_size=100)
    expected = read_batches([path]).expected_bytes
    assert expected is not None
    assert 0.95 * size < expected < 1.1 * size


def test_a_parquet_file_that_is_none_counts_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and then nothing")
    assert read_batches([tmp_path / "a.parquet"]).expected_bytes == 0


def test_inputs_add_up_and_a_file_named_twice_counts_once(tmp_path: Path, texts: list[str]) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(texts))
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(lines(texts)))
    parquet.write_table(pa.table({"text": texts}), tmp_path / "c.parquet")
    paths = sorted(tmp_path.iterdir())
    alone = [read_batches([path]).expected_bytes or 0 for path in paths]
    assert min(alone) > 0
    assert read_batches(paths).expected_bytes == sum(alone)
    assert read_batches([tmp_path]).expected_bytes == sum(alone)
    assert read_batches([tmp_path / "*.jsonl", tmp_path / "a.jsonl"]).expected_bytes == alone[0]


def test_standard_input_is_of_no_known_size_and_is_not_read_for_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one")
    alone: list[str | Path] = ["-"]
    for inputs in (alone, [tmp_path / "a.txt", *alone]):
        stdin = io.BytesIO(b'{"text": "two"}\n')
        reading = read_batches(inputs, stdin=stdin)
        assert reading.expected_bytes is None
        assert stdin.tell() == 0
        assert sum(batch.num_rows for batch in reading) == len(inputs)


def test_asking_for_the_size_leaves_the_reading_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one")
    (tmp_path / "unread.doc").write_text("two")
    asked, plain = read_batches([tmp_path]), read_batches([tmp_path])
    assert asked.expected_bytes == 3
    assert [batch.to_pylist() for batch in asked] == [batch.to_pylist() for batch in plain]
    assert asked.notes == plain.notes
    assert asked.expected_bytes == 3


def test_what_is_not_there_counts_nothing_and_is_an_error_when_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one")
    inputs = [tmp_path / "a.txt", tmp_path / "none.txt"]
    reading = read_batches(inputs)
    assert reading.expected_bytes == 3
    with pytest.raises(InputError, match=r"none\.txt"):
        list(reading)
    skipping = read_batches(inputs, on_error="skip")
    assert skipping.expected_bytes == 3
    assert skipping.skipped == 0
    assert sum(batch.num_rows for batch in skipping) == 1
    assert skipping.skipped == 1
