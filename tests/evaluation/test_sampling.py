"""A sample to label: the same seed draws the same sample, and its precision has an interval."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from dedup.errors import DedupError, FieldError
from dedup.evaluation.sampling import draw, read_sheet, wilson, write_sheet


def result_of(path: Path, overlaps: int) -> Path:
    passage = {"a_text": 'grain, "pact"', "b_text": "Grain\npact"}
    records = [
        {
            "kind": "overlap", "a": f"a{n}", "b": f"b{n}", "relation": "copy" if n % 3 == 0 else "partial",
            "words": n, "similarity": 0.5, "passages": [passage, passage],
        }
        for n in range(overlaps)
    ]  # fmt: skip
    path.write_text("\n".join(map(json.dumps, [*records, {"kind": "summary"}])) + "\n", encoding="utf-8")
    return path


def test_a_sample_is_drawn_from_one_relation_and_by_its_seed(tmp_path: Path) -> None:
    result = result_of(tmp_path / "r.jsonl", 90)
    sample = draw(result, 20, 1, "partial")
    assert len({overlap["a"] for overlap in sample}) == 20
    assert {overlap["relation"] for overlap in sample} == {"partial"}
    assert sample == draw(result, 20, 1, "partial")
    assert sample != draw(result, 20, 2, "partial")
    assert len(draw(result, 200, 1, None)) == 90


def test_every_overlap_is_drawn_about_as_often(tmp_path: Path) -> None:
    result = result_of(tmp_path / "r.jsonl", 10)
    drawn = [overlap["a"] for seed in range(400) for overlap in draw(result, 5, seed, None)]
    assert all(140 <= drawn.count(f"a{n}") <= 260 for n in range(10))


def test_a_labelled_sheet_gives_precision(tmp_path: Path) -> None:
    sheet = io.StringIO()
    write_sheet(draw(result_of(tmp_path / "r.jsonl", 6), 6, 1, None), sheet)
    rows = list(csv.reader(io.StringIO(sheet.getvalue())))
    for row, label in zip(rows[1:], ["yes", "Y", "no", "1", "", "yes"], strict=True):
        row[0] = label
    with (tmp_path / "sheet.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    found = read_sheet(tmp_path / "sheet.csv")
    assert (found.labelled, found.shared, found.unlabelled, found.precision) == (5, 4, 1, 0.8)
    assert found.low < 0.8 < found.high


@pytest.mark.parametrize(("hits", "trials"), [(0, 1), (1, 1), (50, 50), (0, 50), (7, 9)])
def test_an_interval_holds_its_share_and_stays_within_0_and_1(hits: int, trials: int) -> None:
    low, high = wilson(hits, trials)
    assert 0 <= low <= hits / trials <= high <= 1


def test_bad_sheets_and_results_say_what_mends_them(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("shared,a\nperhaps,x\n", encoding="utf-8")
    with pytest.raises(FieldError, match=r"s\.csv:2: shared is 'perhaps'; write yes, no, or nothing"):
        read_sheet(tmp_path / "s.csv")
    (tmp_path / "s.csv").write_text("shared,a\n,x\n", encoding="utf-8")
    with pytest.raises(DedupError, match="no label yet"):
        read_sheet(tmp_path / "s.csv")
    (tmp_path / "s.csv").write_text("label,a\n,x\n", encoding="utf-8")
    with pytest.raises(DedupError, match="no column 'shared'"):
        read_sheet(tmp_path / "s.csv")
    with pytest.raises(DedupError, match="no overlap with the relation 'excerpt'"):
        draw(result_of(tmp_path / "r.jsonl", 3), 5, 1, "excerpt")
    (tmp_path / "r.jsonl").write_text("{\n", encoding="utf-8")
    with pytest.raises(FieldError, match=r"r\.jsonl:1 is not JSON"):
        draw(tmp_path / "r.jsonl", 5, 1, None)
