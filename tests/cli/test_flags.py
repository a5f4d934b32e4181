"""Errors of the library name its parameters; on the command line they name flags."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_lines import Run

from dedup.cli.flags import with_flags
from dedup.detector import find_overlaps
from dedup.errors import OutputError


def test_a_scratch_directory_that_does_not_exist(run: Run, tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    with pytest.raises(OutputError, match=r"choose another with `scratch`$"):
        find_overlaps([], scratch=missing)
    Path("a.jsonl").write_text('{"id": "1", "text": "One."}\n')
    found = run("scan", "a.jsonl", "--scratch", str(missing))
    assert found.exit_code == 1
    assert "choose another with --scratch" in found.stderr
    assert "`" not in found.stderr


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("learn it anew with `shingle_words=4`", "learn it anew with --shingle-words 4"),
        (
            'only with `on_error="skip"`; or leave `rejects` out',
            "only with --on-error skip; or leave --rejects out",
        ),
        ("longer with `wait`, or later", "longer with --wait, or later"),
        ("the column `wait_for` of `scratch.csv`", "the column `wait_for` of `scratch.csv`"),
    ],
)
def test_a_parameter_becomes_its_flag(message: str, shown: str) -> None:
    assert with_flags(message) == shown
