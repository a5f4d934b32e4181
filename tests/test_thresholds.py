"""Thresholds that decide results are part of the fingerprint, and are reported."""

import re
from pathlib import Path

import pytest

from dedup import thresholds
from dedup.settings import Settings


@pytest.mark.parametrize("name", sorted(thresholds.thresholds()))
def test_another_threshold_is_another_fingerprint(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = Settings().fingerprint()
    monkeypatch.setattr(thresholds, name, getattr(thresholds, name) + 1)
    assert Settings().fingerprint() != before


def test_every_threshold_has_a_comment_that_says_what_it_is() -> None:
    assignment = r"[A-Z][A-Z_, ]* = "
    lines = Path(thresholds.__file__).read_text("utf-8").splitlines()
    for number, line in enumerate(lines):
        if re.match(assignment, line):
            above = number - 1
            while re.match(assignment, lines[above]):
                above -= 1
            assert lines[above].startswith("#: "), line


def test_every_threshold_is_used_by_the_stage_that_it_decides() -> None:
    package = Path(thresholds.__file__).parent
    sources = [path.read_text("utf-8") for path in package.rglob("*.py") if path.name != "thresholds.py"]
    for name in thresholds.thresholds():
        assert any(re.search(rf"\b{name}\b", source) for source in sources), name
