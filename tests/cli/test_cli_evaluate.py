from __future__ import annotations

import json
from pathlib import Path

import pytest

from dedup.cli.evaluate import evaluate

LINE = {
    "kind": "overlap", "a": "x", "b": "y", "relation": "copy",
    "passages": [{"a_start": 0, "a_end": 40, "b_start": 3, "b_end": 43, "relation": "verbatim"}],
}  # fmt: skip


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    path = tmp_path / "labels.jsonl"
    path.write_text(json.dumps(LINE) + "\n")
    return path


def test_json_holds_every_measure(labels: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evaluate(labels, labels, format="json")
    measures = json.loads(capsys.readouterr().out)
    assert measures["passages"]["plagdet"] == measures["pairs"]["f1"] == 1


def test_the_table_and_the_plot(labels: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    evaluate(labels, labels, format="table", plot=tmp_path / "plot.png")
    assert "plagdet" in capsys.readouterr().out
    assert (tmp_path / "plot.png").read_bytes().startswith(b"\x89PNG")
