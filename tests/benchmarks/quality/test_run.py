from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

QUALITY = Path(__file__).parents[3] / "benchmarks" / "quality"


@pytest.fixture(scope="module")
def run() -> ModuleType:
    spec = importlib.util.spec_from_file_location("quality_run", QUALITY / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # A dataclass looks its module up by name.
    sys.modules["quality_run"] = module
    spec.loader.exec_module(module)
    return module


def test_a_wire_corpus_is_measured(
    run: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "quality.json"
    assert run.main(["--no-pan", "--seeds", "1", "--stories", "4", "--rates", "0", "-o", str(output)]) == 0
    (measured,) = json.loads(output.read_text())["measured"]
    assert measured["digest"] in capsys.readouterr().out
    assert measured["passages"]["recall"] > 0.8
    assert measured["pairs"]["recall"] > 0.8


def test_pan_pairs_are_compared_one_by_one(run: ModuleType, tmp_path: Path) -> None:
    shared = (
        "The river rose past the old mill on Sunday night and carried off two barns and a wooden bridge, "
        "before it fell again towards the morning."
    )
    for part in ("susp", "src", "truth"):
        (tmp_path / part).mkdir()
    before = "Farmers had been warned.\r\n"
    (tmp_path / "susp/s1.txt").write_bytes((before + shared).encode())
    (tmp_path / "src/o1.txt").write_bytes(shared.encode())
    (tmp_path / "src/o2.txt").write_bytes(b"Nothing of the kind was ever printed in this small town before.")
    (tmp_path / "pairs").write_text("s1.txt o1.txt\n")
    (tmp_path / "negatives").write_text("s1.txt o2.txt\n")
    length = len(shared) - 1
    (tmp_path / "truth/s1-o1.xml").write_text(
        f'<document reference="s1.txt"><feature name="plagiarism" this_offset="{len(before)}" '
        f'this_length="{length}" source_reference="o1.txt" source_offset="0" source_length="{length}"/>'
        "</document>"
    )
    measured = run.measure_pan(tmp_path, run.Settings())
    assert measured.evaluation.passages.plagdet == 1
    assert measured.evaluation.pairs.precision == 1


def test_a_missing_pan_folder_is_said(
    run: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.main(["--pan", str(tmp_path / "none"), "--seeds"]) == 0
    assert "skipped: no folder" in capsys.readouterr().err
