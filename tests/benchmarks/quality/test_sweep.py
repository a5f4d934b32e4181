"""The sweep changes the setting that it names, and its table names its data."""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import pytest

from dedup.settings import Settings

QUALITY = Path(__file__).parents[3] / "benchmarks" / "quality"


@pytest.fixture(scope="module")
def sweep() -> ModuleType:
    if str(QUALITY) not in sys.path:
        sys.path.insert(0, str(QUALITY))
    return importlib.import_module("sweep")


def test_every_change_gives_valid_settings_other_than_the_defaults(sweep: ModuleType) -> None:
    first, *others = sweep.changes(None)
    assert first == {}
    assert {name for change in others for name in change} <= {knob.name for knob in fields(Settings)}
    prints = [Settings(**change).fingerprint() for change in others]
    assert Settings().fingerprint() not in prints
    assert len(set(prints)) == len(prints)


def test_only_some_settings(sweep: ModuleType) -> None:
    wanted = sweep.changes(["bands", "rows"])
    assert {name for change in wanted for name in change} == {"bands", "rows"}
    assert {"rows": 1, "bands": 8} in wanted


def test_a_row_is_what_the_change_gives(sweep: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    data = sweep.Data(None, (1,), 12)
    usual, measured = sweep.measure({}, data)
    strict, _ = sweep.measure({"min_overlap_words": 500}, data)
    assert usual.pan is None
    assert usual.recall["60 % and more"] > 0.9
    assert strict.recall["60 % and more"] < usual.recall["60 % and more"]
    assert strict.candidates == usual.candidates > 0
    table = sweep.markdown([usual, strict], measured, "the command")
    assert f"    the command\n\n- {measured[0].name}: data {measured[0].digest}\n" in table
    assert "| `min_overlap_words` 500 | – |" in table


@pytest.mark.parametrize(
    ("only", "second"), [("", {"shingle_words": 2}), (" --only min_words", {"min_words": 6})]
)
def test_the_json_holds_the_rows(
    sweep: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    only: str,
    second: dict[str, int],
) -> None:
    def one_after_the_other(wanted: list[object], data: object, processes: int) -> object:
        done = [sweep.measure(change, data) for change in wanted[:2]]
        return [row for row, _ in done], done[0][1]

    monkeypatch.setattr(sweep, "sweep", one_after_the_other)
    path = tmp_path / "sweep.json"
    line = f"--seeds 1 --stories 12 --no-pan{only}"
    assert sweep.main([*line.split(), "-o", str(path)]) == 0
    record = json.loads(path.read_text())
    assert [row["change"] for row in record["rows"]] == [{}, second]
    shown = capsys.readouterr().out
    assert f"sweep.py {line}\n" in shown
    assert record["settings"] in shown
