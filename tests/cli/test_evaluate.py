"""`dedup evaluate`: a result against the truth."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_lines import Run

SEEDS = Path(__file__).parents[2] / "seeds"
LINE = {
    "kind": "overlap", "a": "x", "b": "y", "relation": "copy",
    "passages": [{"a_start": 0, "a_end": 40, "b_start": 3, "b_end": 43, "relation": "verbatim"}],
}  # fmt: skip


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    path = tmp_path / "labels.jsonl"
    path.write_text(json.dumps(LINE) + "\n")
    return path


def test_json_holds_every_measure(run: Run, labels: Path) -> None:
    result = run("evaluate", labels, labels)
    assert result.exit_code == 0
    measures = json.loads(result.stdout)
    assert measures["passages"]["plagdet"] == measures["pairs"]["f1"] == 1


def test_the_table_and_the_plot(run: Run, labels: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    result = run("evaluate", labels, labels, "--format", "table", "--plot", tmp_path / "plot.png")
    assert result.exit_code == 0
    assert "plagdet" in result.stdout
    assert (tmp_path / "plot.png").read_bytes().startswith(b"\x89PNG")


def test_the_seeds_against_their_gold(run: Run, tmp_path: Path) -> None:
    found = tmp_path / "found.jsonl"
    assert run("scan", SEEDS, "--scope", "all", "--quiet", "-o", found).exit_code == 0
    measures = json.loads(run("evaluate", SEEDS / "gold.jsonl", found).stdout)
    assert measures["pairs"]["recall"] == 1
    assert measures["passages"]["plagdet"] > 0.8


@pytest.mark.parametrize("missing", ["gold", "result"])
def test_a_file_that_is_not_there(run: Run, labels: Path, missing: str) -> None:
    paths = {"gold": labels, "result": labels} | {missing: labels.parent / "none.jsonl"}
    result = run("evaluate", paths["gold"], paths["result"])
    assert result.exit_code == 1
    assert result.stderr == f"dedup: {labels.parent / 'none.jsonl'}: no such file or folder\n"


def test_a_line_that_is_no_label(run: Run, labels: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text(json.dumps(LINE) + "\n" + json.dumps({"kind": "overlap", "a": "x"}) + "\n")
    result = run("evaluate", labels, bad)
    assert result.exit_code == 1
    assert "bad.jsonl:2" in result.stderr
    assert "'b'" in result.stderr
