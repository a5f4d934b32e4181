"""The page for users of other programs: every flag and name on the right-hand side exists and works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from command_lines import Run

import dedup
import dedup.minhash
from dedup.results import Verdict
from dedup.settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "coming-from.md"
ROWS = [
    cells
    for line in PAGE.read_text().splitlines()
    if line.startswith("| ") and (cells := [cell.strip() for cell in line.strip("|").split("|")])
    if cells[0] not in ("there", "---")
]
CODE = sorted({code for row in ROWS for code in re.findall(r"`([^`]+)`", row[1])})


@pytest.fixture(scope="module")
def help_texts() -> str:
    import subprocess
    import sys

    return "".join(
        subprocess.run(
            [sys.executable, "-m", "dedup", verb, "--help"], capture_output=True, text=True, check=True
        ).stdout
        for verb in ("scan", "filter")
    )


def test_every_row_has_two_cells() -> None:
    assert len(ROWS) > 25
    assert {len(row) for row in ROWS} == {2}


@pytest.mark.parametrize("code", CODE)
def test_what_is_named_exists(code: str, help_texts: str) -> None:
    flags = re.findall(r"--[a-z-]+", code)
    for flag in flags:
        assert re.search(rf"{flag}\b", help_texts), flag
    for name in re.findall(r"\b([A-Za-z_]+)(?:\(|\.)", "" if flags else code):
        known = hasattr(dedup, name) or hasattr(dedup.minhash, name) or name in ("dedup", "verdicts")
        assert known, name
    for name in re.findall(r"^dedup\.(\w+)$", code):
        assert name in Verdict.__slots__
    for name in re.findall(r"Settings\((\w+)=", code):
        assert name in Settings.__slots__
    for name in re.findall(r"^Index\.(\w+)$", code):
        assert hasattr(dedup.Index, name)
    if re.fullmatch(r"[a-z_]+", code):
        assert hasattr(dedup.minhash, code) or hasattr(dedup, code)


def test_settings_of_others_are_taken(run: Run, articles: Path, tmp_path: Path) -> None:
    arguments = ["--shingle-words", "5", "--bands", "14", "--rows", "8", "--min-jaccard", "0.7"]
    result = run("filter", articles, "--policy", "drop", "--dropped", tmp_path / "d.jsonl", *arguments)
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) + len((tmp_path / "d.jsonl").read_text().splitlines()) == 4


def test_a_jaccard_leaves_duplicates_of_whole_articles() -> None:
    text = "A crane lifted the bell of the old ferry out of the dock on Friday while its captain looked on."
    own = "Nobody on the pier had expected that it would ring, and it did so twice before it was made fast."
    articles = [text, text + " So it was.", text + " " + own + " " + own.upper() + " It is for sale."]
    assert len(dedup.find_overlaps(articles).overlaps) == 3
    (pair,) = dedup.find_overlaps(articles, Settings(min_jaccard=0.7)).overlaps
    assert (pair.a, pair.b) == ("0", "1")
    assert pair.jaccard >= 0.7
