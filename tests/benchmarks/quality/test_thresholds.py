"""Another value of a threshold is measured on a copy of the package, and the table shows the result."""

from __future__ import annotations

import importlib.util
import io
import sys
from pathlib import Path
from types import ModuleType

import pytest
from rich.console import Console

import dedup.thresholds

QUALITY = Path(__file__).parents[3] / "benchmarks" / "quality"


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    if str(QUALITY) not in sys.path:
        sys.path.insert(0, str(QUALITY))
    # By its path: `dedup.thresholds` and this module share their last name.
    spec = importlib.util.spec_from_file_location("bench_thresholds", QUALITY / "thresholds.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["LEAST_SEEDS", "SENTENCE_WORDS", "MAIN_SIDE", "GAP"])
def test_one_threshold_of_the_copy_has_another_value_and_no_other_has(bench: ModuleType, name: str) -> None:
    source = Path(dedup.thresholds.__file__).read_text("utf-8")
    scope: dict[str, object] = {}
    exec(bench.changed(source, name, "77"), scope)
    after = scope["thresholds"]()  # type: ignore[operator]
    before = dedup.thresholds.thresholds()
    assert {each for each in before if before[each] != after[each]} == {name}
    assert after[name] == 77


def test_a_threshold_that_is_unknown_is_named_with_those_that_there_are(bench: ModuleType) -> None:
    with pytest.raises(SystemExit, match=r"no threshold 'LEAST_SEED'; there are .*LEAST_SEEDS"):
        bench.changed("LEAST_SEEDS = 3\n", "LEAST_SEED", "4")


def test_the_table_has_a_row_per_value(bench: ModuleType) -> None:
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(bench.table("GAP", [("0.5", {"plagdet": 0.97}), ("1", {"plagdet": 0.96})]))
    lines = [line.split() for line in console.export_text().splitlines() if line.strip()]
    assert lines == [["GAP", "plagdet"], ["0.5", "0.9700"], ["1", "0.9600"]]
