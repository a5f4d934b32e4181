"""The scores compare what was reported with what is planted, whatever the format."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from score import Truth, read_result, score, table

ROWS = [
    # id, story, edited, words, share, start, end
    ("a1", 0, 0.0, 400, 1.0, 0, 100),
    ("a2", 0, 0.1, 400, 1.0, 10, 110),
    ("a3", 0, 0.05, 400, 1.0, 0, 100),
    ("a4", 1, 0.0, 80, 0.2, 50, 90),
    ("a5", 1, 0.0, 80, 0.16, 60, 100),
    ("a6", 2, 0.0, 9, 0.02, 0, 10),
    ("a7", 2, 0.0, 9, 0.02, 0, 10),
]


@pytest.fixture
def truth(tmp_path: Path) -> Truth:
    names = ("id", "story", "edited", "words", "share", "start", "end")
    columns = dict(zip(names, zip(*ROWS, strict=True), strict=True))
    pq.write_table(
        pa.table({name: list(column) for name, column in columns.items()}), tmp_path / "truth.parquet"
    )
    return Truth.read(tmp_path / "truth.parquet")


def result(folder: Path, pairs: list[tuple[str, str]], spans: dict[str, int] | None = None) -> Path:
    path = folder / "result.jsonl"
    passages = [spans] if spans else []
    lines = [{"kind": "overlap", "a": a, "b": b, "passages": passages} for a, b in pairs]
    path.write_text("".join(json.dumps(line) + "\n" for line in [*lines, {"kind": "story", "id": "a1"}]))
    return path


def test_everything_found_scores_one(truth, tmp_path):
    scores = score(
        truth, read_result(result(tmp_path, [("a1", "a2"), ("a1", "a3"), ("a2", "a3"), ("a4", "a5")]))
    )
    assert scores["precision"] == 1
    assert all(row["recall"] in (1, None) for row in scores["recall"].values())
    assert scores["joined"] == 5 / 7


def test_classes_follow_share_and_both_edit_rates(truth, tmp_path):
    recall = score(truth, read_result(result(tmp_path, [("a1", "a2"), ("a5", "a4")])))["recall"]
    assert recall["whole, up to 10 % edited"] == {"pairs": 1, "found": 1, "recall": 1}
    assert recall["whole, up to 5 % edited"] == {"pairs": 1, "found": 0, "recall": 0}
    # 1 - .9 * .95: the two edited articles differ from each other by more than from the source.
    assert recall["whole, up to 20 % edited"] == {"pairs": 1, "found": 0, "recall": 0}
    assert recall["15 to 30 %, verbatim"] == {"pairs": 1, "found": 1, "recall": 1}


def test_untrue_pairs_lower_the_precision(truth, tmp_path):
    scores = score(
        truth, read_result(result(tmp_path, [("a1", "a2"), ("a1", "a4"), ("a6", "a7"), ("a1", "z9")]))
    )
    assert (scores["reported"], scores["true"], scores["precision"]) == (4, 1, 0.25)


def test_passages_are_measured_in_characters(truth, tmp_path):
    spans = {"a_start": 50, "a_end": 70, "b_start": 40, "b_end": 80}
    scores = score(truth, read_result(result(tmp_path, [("a4", "a5")], spans)))
    assert scores["characters_found"] == (20 + 20) / (40 + 40)
    assert scores["characters_true"] == (20 + 20) / (20 + 40)


def test_the_formats_agree(truth, tmp_path):
    spans = {"a_start": 50, "a_end": 70, "b_start": 40, "b_end": 80}
    pairs = [("a1", "a2"), ("a4", "a5"), ("a1", "z9")]
    lines = read_result(result(tmp_path, pairs, spans))
    rows = [{"a": a, "b": b, "passages": [spans]} for a, b in pairs]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "result.parquet")
    (tmp_path / "result.csv").write_text("a,b\n" + "".join(f"{a},{b}\n{a},{b}\n" for a, b in pairs))
    columns = read_result(tmp_path / "result.parquet")
    assert score(truth, columns) == score(truth, lines)
    bare = score(truth, read_result(tmp_path / "result.csv"))
    assert bare["recall"] == score(truth, lines)["recall"]
    assert bare["precision"] == 2 / 3


def test_nothing_found(truth, tmp_path):
    scores = score(truth, read_result(result(tmp_path, [])))
    assert scores["precision"] is None
    assert scores["joined"] == 0
    assert "whole, verbatim" in table(scores)


def test_large_stories_are_counted_as_joined_only(tmp_path):
    ids = [f"b{number:02d}" for number in range(40)]
    columns = {"id": ids, "story": [3] * 40, "edited": [0.0] * 40, "words": [400] * 40, "share": [1.0] * 40}
    pq.write_table(pa.table({**columns, "start": [0] * 40, "end": [99] * 40}), tmp_path / "truth.parquet")
    truth = Truth.read(tmp_path / "truth.parquet")
    assert len(truth.pairs()[0]) == 0
    assert len(truth.pairs(40)[0]) == 40 * 39 // 2
    star = read_result(result(tmp_path, [("b00", other) for other in ids[1:30]]))
    scores = score(truth, star)
    assert scores["joined"] == 30 / 40
    assert np.isnan(scores["recall"]["whole, verbatim"]["recall"] or np.nan)
