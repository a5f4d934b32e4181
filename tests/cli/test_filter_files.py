"""`dedup filter PATHS`: files in, files out, and nothing is lost in between."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest
from command_lines import Run
from json_records import write_lines
from press_articles import corpus

STORY, OTHER, THIRD = (each.text for each in corpus(31, 3))
RECORDS: list[dict[str, Any]] = [
    {"id": "a", "source": "Echo", "text": STORY, "tags": ["x"], "n": 1},
    {"id": "b", "source": "Bugle", "text": STORY + " " + OTHER[:40], "meta": {"k": None}},
    {"id": "c", "source": "Post", "text": OTHER},
    {"id": "d", "source": "Wire", "text": "Ours. " + STORY},
]

NAMES = ["id", "source", "text", "tags", "n", "meta"]


def read(path: Path) -> list[dict[str, Any]]:
    match path.suffix:
        case ".jsonl":
            return [json.loads(line) for line in path.read_text().splitlines()]
        case ".gz":
            return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
        case ".parquet":
            return pq.read_table(path).to_pylist()
        case ".arrow":
            return pa.feather.read_table(path).to_pylist()
        case _:
            return list(csv.DictReader(io.StringIO(path.read_text(), newline="")))


def given(tmp_path: Path, name: str) -> Path:
    path = tmp_path / name
    if name.endswith(".parquet"):
        pq.write_table(pa.Table.from_pylist([{**dict.fromkeys(NAMES), **each} for each in RECORDS]), path)
    elif name.endswith(".csv"):
        with path.open("w", newline="") as stream:
            writer = csv.DictWriter(stream, ["id", "source", "text", "n"], extrasaction="ignore")
            writer.writeheader()
            writer.writerows(RECORDS)
    elif name.endswith(".gz"):
        path.write_bytes(gzip.compress("\n".join(map(json.dumps, RECORDS)).encode()))
    else:
        write_lines(path, RECORDS)
    return path


@pytest.mark.parametrize("name", ["in.jsonl", "in.jsonl.gz", "in.parquet", "in.csv"])
@pytest.mark.parametrize("kept", ["kept.jsonl", "kept.jsonl.gz", "kept.parquet", "kept.arrow", "kept.csv"])
def test_kept_and_dropped_together_are_the_input(run: Run, tmp_path: Path, name: str, kept: str) -> None:
    outputs = [tmp_path / kept, tmp_path / "dropped.jsonl", tmp_path / "report.json"]
    arguments = ["-o", outputs[0], "--dropped", outputs[1], "--report", outputs[2]]
    result = run("filter", given(tmp_path, name), "--policy", "drop", "--keep", "longest", *arguments)
    assert result.exit_code == 0
    assert result.stdout == ""
    passed, stopped = read(outputs[0]), read(outputs[1])
    assert [each["id"] for each in passed] == ["b", "c"]
    assert [(each["id"], each["dedup"]["kept_instead"]) for each in stopped] == [("a", "b"), ("d", "b")]
    for each in (*passed, *stopped):
        (record,) = [record for record in RECORDS if record["id"] == each["id"]]
        assert each["text"] == record["text"]
        assert str(each.get("n") or "") == str(record.get("n", ""))
    report = json.loads(outputs[2].read_text())
    assert (report["articles"], report["kept"], report["dropped"]) == (4, 2, 2)
    assert report["policy"]["keep"] == "longest"
    assert report["peak_memory_bytes"] > 0


def test_own_fields_are_kept_with_their_types(run: Run, tmp_path: Path) -> None:
    run("filter", given(tmp_path, "in.parquet"), "-o", tmp_path / "out.parquet", "--quiet")
    table = pq.read_table(tmp_path / "out.parquet")
    assert table.schema.names == ["id", "source", "text", "tags", "n", "meta", "dedup"]
    assert table.column("n").type == pa.int64()
    assert table.column("tags").to_pylist() == [["x"], None, None, None]
    assert pa.types.is_struct(table.column("dedup").type)
    again = run("filter", tmp_path / "out.parquet", "-o", tmp_path / "again.parquet")
    assert again.exit_code == 1
    assert "--verdict-field" in again.stderr
    assert not (tmp_path / "again.parquet").exists()


def test_mixed_columns_are_written_all_the_same(run: Run, tmp_path: Path) -> None:
    records = [
        {"id": "a", "text": STORY, "odd": 1, "deep": {"x": 1}},
        {"id": "b", "text": OTHER, "odd": "one", "deep": [1]},
        {"id": "c", "text": THIRD, "odd": None, "deep": {}},
    ]
    result = run("filter", write_lines(tmp_path / "in.jsonl", records), "-o", tmp_path / "out.parquet")
    assert result.exit_code == 0
    table = pq.read_table(tmp_path / "out.parquet")
    assert table.column("odd").to_pylist() == ["1", "one", None]
    assert table.column("deep").to_pylist() == ['{"x": 1}', "[1]", "{}"]


def test_an_article_delivered_twice_is_written_twice(run: Run, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "in.jsonl", [*RECORDS, RECORDS[0], RECORDS[0], RECORDS[1]])
    index = tmp_path / "index"
    run("index", "create", index)
    for more in ([], ["--index", index]):
        outputs = ["-o", tmp_path / "kept.jsonl", "--dropped", tmp_path / "dropped.jsonl"]
        result = run("filter", path, "--policy", "drop", *outputs, *more)
        assert result.exit_code == 0
        assert [each["id"] for each in read(tmp_path / "kept.jsonl")] == ["a", "c", "a", "a"]
        assert [each["id"] for each in read(tmp_path / "dropped.jsonl")] == ["b", "d", "b"]


def test_an_id_with_another_text_is_a_fault(run: Run, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "in.jsonl", [*RECORDS, {**RECORDS[0], "text": OTHER, "source": "Sun"}])
    index = tmp_path / "index"
    run("index", "create", index)
    for more in ([], ["--index", index]):
        output = tmp_path / "out.jsonl"
        result = run("filter", path, "-o", output, *more)
        assert result.exit_code == 1
        assert "the id 'a' is known with another text" in result.stderr
        assert not output.exists()
        rejects = tmp_path / "rejects.jsonl"
        result = run("filter", path, "-o", output, "--on-error", "skip", "--rejects", rejects, *more)
        assert result.exit_code == 0
        assert len(read(output)) == 4
        assert [each["record"]["source"] for each in read(rejects)] == ["Sun"]
        output.unlink()


def test_remove_from_a_what_is_in_b(run: Run, tmp_path: Path) -> None:
    index = tmp_path / "b"
    run("index", "create", index)
    run("index", "add", index, write_lines(tmp_path / "b.jsonl", [{"id": "x", "source": "X", "text": STORY}]))
    before = run("index", "info", index).stdout
    arguments = ["--index", index, "--no-store", "--against", "index", "--policy", "cut"]
    path = write_lines(tmp_path / "a.jsonl", RECORDS)
    result = run(
        "filter", path, *arguments, "-o", tmp_path / "out.jsonl", "--dropped", tmp_path / "gone.jsonl"
    )
    assert result.exit_code == 0
    assert [each["id"] for each in read(tmp_path / "gone.jsonl")] == ["a"]
    left = {each["id"]: each["text"].strip() for each in read(tmp_path / "out.jsonl")}
    assert left == {"b": OTHER[:40].strip(), "c": OTHER, "d": "Ours."}
    assert run("index", "info", index).stdout == before


def test_a_text_of_several_fields_is_left_beside_the_record(run: Run, tmp_path: Path) -> None:
    parts = [
        {"id": "a", "source": "A", "text": STORY},
        {"id": "b", "source": "B", "text": ["Ours, alone.", STORY]},
    ]
    result = run("filter", write_lines(tmp_path / "in.jsonl", parts), "--policy", "cut")
    (_, cut) = [json.loads(line) for line in result.stdout.splitlines()]
    assert cut["text"] == parts[1]["text"]
    assert cut["dedup"]["text"].strip() == "Ours, alone."


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "kept.doc"], "does not tell how to write it"),
        (["-o", "in.jsonl"], "would be overwritten"),
        (["-o", "x.jsonl", "--dropped", "x.jsonl"], "x.jsonl"),
        (["--against", "index"], "needs an index"),
        (["--no-store"], "without --index"),
        (["-", "in.jsonl"], "standard input"),
    ],
)
def test_wrong_usage(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    given(tmp_path, "in.jsonl")
    result = run("filter", "in.jsonl", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert len((tmp_path / "in.jsonl").read_text().splitlines()) == len(RECORDS)


def test_a_run_that_stops_leaves_nothing(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps(RECORDS[0]) + "\nnot json\n")
    outputs = [tmp_path / "kept.jsonl", tmp_path / "dropped.csv", tmp_path / "report.json"]
    result = run("filter", path, "-o", outputs[0], "--dropped", outputs[1], "--report", outputs[2])
    assert result.exit_code == 1
    assert [each.name for each in tmp_path.iterdir()] == ["in.jsonl"]
