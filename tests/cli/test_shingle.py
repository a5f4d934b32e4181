"""`dedup shingle`: what each article is cut into, and the signatures as Parquet."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from command_lines import OTHERS, Run
from datasketch import MinHash
from json_records import write_lines

from dedup.lsh.minhash import to_datasketch
from dedup.settings import Settings


def test_json_lines_give_places_in_the_text(run: Run, articles: Path) -> None:
    result = run("shingle", articles)
    assert result.exit_code == 0
    texts = {record["id"]: record["text"] for record in map(json.loads, articles.read_text().splitlines())}
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert [record["id"] for record in records] == ["a", "b", "c", "d"]
    for record in records:
        assert record["tokens"] == len(texts[record["id"]].replace("-", " ").split())
        assert record["shingles"] == record["tokens"] - Settings().shingle_words + 1
        for passage in record["passages"]:
            assert texts[record["id"]][passage["start"] : passage["end"]] == passage["text"]
        assert record["passages"][0]["start"] == 0


def test_the_table(run: Run, articles: Path) -> None:
    seen = run("shingle", articles, "--format", "table").stdout
    assert "tokens" in seen
    assert "passages" in seen
    assert "Prime Minister Imran Khan arrived" in seen


def test_signatures_are_those_that_datasketch_makes(run: Run, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "one.jsonl", [{"id": "a", "text": OTHERS[0]}])
    output = tmp_path / "signatures.parquet"
    assert run("shingle", path, "-o", output).exit_code == 0
    table = pq.read_table(output)
    assert table.column_names == ["id", "start", "end", "signature"]
    settings = Settings()
    assert table.schema.field("signature").type == pa.list_(pa.uint32(), settings.bands * settings.rows)
    metadata = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    assert metadata["settings"] == settings.fingerprint()
    assert (metadata["seed"], metadata["permutations"]) == (
        str(settings.seed),
        str(settings.bands * settings.rows),
    )
    signature = np.array(table["signature"][0].as_py(), np.uint32)
    assert isinstance(to_datasketch(signature), MinHash)
    assert to_datasketch(signature).jaccard(to_datasketch(signature)) == 1.0
    assert OTHERS[0][table["start"][0].as_py() : table["end"][0].as_py()].startswith("Apple growers")


def test_equal_passages_have_equal_signatures(run: Run, tmp_path: Path) -> None:
    records = [{"id": name, "text": OTHERS[1]} for name in ("a", "b")]
    output = tmp_path / "signatures.parquet"
    run("shingle", write_lines(tmp_path / "two.jsonl", records), "-o", output)
    table = pq.read_table(output).to_pylist()
    assert [row["id"] for row in table] == ["a", "b"]
    assert table[0]["signature"] == table[1]["signature"]


def test_settings_shape_the_signatures(run: Run, articles: Path) -> None:
    output = articles.parent / "signatures.parquet"
    run("shingle", articles, "-o", output, "--bands", "3", "--rows", "4")
    assert pq.read_schema(output).field("signature").type.list_size == 12


def test_articles_without_a_shingle_have_no_row(run: Run, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "short.jsonl", [{"id": "a", "text": "Hi."}, {"id": "b", "text": ""}])
    output = tmp_path / "signatures.parquet"
    assert run("shingle", path, "-o", output).exit_code == 0
    assert pq.read_table(output).num_rows == 0
