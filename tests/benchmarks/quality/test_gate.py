"""The gate closes when a measure falls, and reopens only for a measure that is named."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

QUALITY = Path(__file__).parents[3] / "benchmarks" / "quality"


@pytest.fixture(scope="module")
def gate() -> ModuleType:
    if str(QUALITY) not in sys.path:
        sys.path.insert(0, str(QUALITY))
    return importlib.import_module("gate")


@pytest.fixture
def baseline(gate: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pin floors of the seeds alone, which the gate measures in a second or two."""
    monkeypatch.setattr(gate, "WIRE_SEEDS", ())
    path = tmp_path / "baseline.json"
    assert gate.main(["--quick", "--update", "--baseline", str(path)]) == 0
    return path


def change(path: Path, **measures: float) -> None:
    record = json.loads(path.read_text())
    record["quality"]["data"]["seeds"]["measures"] |= measures
    path.write_text(json.dumps(record))


def floor(path: Path, measure: str) -> float:
    value = json.loads(path.read_text())["quality"]["data"]["seeds"]["measures"][measure]
    assert isinstance(value, float)
    return value


def test_what_was_just_pinned_holds(
    gate: ModuleType, baseline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = baseline.read_text()
    capsys.readouterr()
    assert gate.main(["--quick", "--baseline", str(baseline)]) == 0
    assert "plagdet" in capsys.readouterr().out
    assert baseline.read_text() == before


def test_a_fall_closes_the_gate_and_update_does_not_open_it(
    gate: ModuleType, baseline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now = floor(baseline, "plagdet")
    change(baseline, plagdet=now + 0.01)
    for flags in ([], ["--update"]):
        assert gate.main(["--quick", *flags, "--baseline", str(baseline)]) == 1
        said = capsys.readouterr()
        assert "FALLEN" in said.out
        assert "--lower accepts it" in said.err
        assert floor(baseline, "plagdet") == now + 0.01
    assert gate.main(["--quick", "--lower", "--baseline", str(baseline)]) == 0
    assert floor(baseline, "plagdet") == now


def test_a_rise_is_written_by_update_alone(gate: ModuleType, baseline: Path) -> None:
    now = floor(baseline, "plagdet")
    change(baseline, plagdet=now - 0.1)
    assert gate.main(["--quick", "--baseline", str(baseline)]) == 0
    assert floor(baseline, "plagdet") == now - 0.1
    assert gate.main(["--quick", "--update", "--baseline", str(baseline)]) == 0
    assert floor(baseline, "plagdet") == now


def test_what_other_benchmarks_keep_in_the_file_stays(gate: ModuleType, baseline: Path) -> None:
    record = json.loads(baseline.read_text()) | {"speed": {"stages": {}}}
    baseline.write_text(json.dumps(record))
    assert gate.main(["--quick", "--update", "--baseline", str(baseline)]) == 0
    assert json.loads(baseline.read_text()) == record


def test_floors_of_other_data_are_an_error(
    gate: ModuleType, baseline: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = json.loads(baseline.read_text())
    record["quality"]["data"]["seeds"]["digest"] = "0" * 16
    baseline.write_text(json.dumps(record))
    assert gate.main(["--quick", "--update", "--baseline", str(baseline)]) == 1
    assert "pin with --lower" in capsys.readouterr().err
    assert json.loads(baseline.read_text())["quality"]["data"]["seeds"]["digest"] == "0" * 16


@pytest.mark.parametrize(
    ("name", "pinned", "now", "verdict"),
    [
        ("plagdet", 0.95, 0.9481, "holds"),
        ("plagdet", 0.95, 0.9479, "FALLEN"),
        ("plagdet", 0.95, 0.951, "risen"),
        ("granularity", 1.01, 1.05, "FALLEN"),
        ("granularity", 1.01, 1.0, "risen"),
        ("false alarms", 3, 4, "FALLEN"),
        ("false alarms", 3, 2, "risen"),
        ("plagdet", None, 0.5, "new"),
        ("plagdet", 0.5, None, "GONE"),
    ],
)
def test_the_verdict(
    gate: ModuleType, name: str, pinned: float | None, now: float | None, verdict: str
) -> None:
    floors = gate.Pinned("d", {} if pinned is None else {name: pinned})
    measured = gate.Pinned("d", {} if now is None else {name: now})
    (line,) = gate.judge("x", floors, measured)
    assert line.verdict == verdict


def test_a_data_set_that_is_no_longer_measured_is_missed(
    gate: ModuleType, baseline: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = json.loads(baseline.read_text())
    record["quality"]["data"] |= {
        name: {"digest": "x", "measures": {"plagdet": 1.0}} for name in ("wire", "PAN")
    }
    baseline.write_text(json.dumps(record))
    assert gate.main(["--pan", str(tmp_path / "none"), "--baseline", str(baseline)]) == 1
    said = capsys.readouterr()
    assert "skipped: no folder" in said.err
    assert said.out.count("GONE") == 1


def test_the_floors_that_are_kept_are_of_this_project(gate: ModuleType) -> None:
    floors = gate.read_baseline(gate.BASELINE)
    assert {"seeds", *(f"wire, seed {seed}" for seed in gate.WIRE_SEEDS)} <= {
        name.partition(f", {gate.WIRE_STORIES}")[0] for name in floors
    }
    said = {
        name
        for name in floors
        if name.startswith(("forms", "credits", "pairs", "kinds"))
        or name.endswith(("digests", "lines of sites"))
    }
    assert len(said) == 6
    for name in floors.keys() - said:
        assert {"plagdet", "pair precision", "pair recall"} <= set(floors[name].measures)
    for name in said:
        shares = {key: value for key, value in floors[name].measures.items() if "false alarms" not in key}
        assert all(0 < value <= 1 for value in shares.values())
