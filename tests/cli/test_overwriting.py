"""Outputs that would overwrite an input or each other are refused before anything is read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from command_lines import Run

from dedup.errors import SettingsError
from dedup.runtime.overwriting import check_outputs


@pytest.mark.parametrize("other", ["articles.jsonl", "./articles.jsonl", "link.jsonl", "hard.jsonl"])
@pytest.mark.parametrize(
    "command",
    [
        ("scan", "articles.jsonl", "-o", "{}"),
        ("scan", ".", "--format", "jsonl", "-o", "{}"),
        ("scan", "*.jsonl", "--on-error", "skip", "--rejects", "{}"),
        ("background", "articles.jsonl", "-o", "{}"),
        ("shingle", "articles.jsonl", "-o", "{}"),
    ],
)
def test_an_input_is_never_overwritten(
    run: Run, articles: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], other: str
) -> None:
    monkeypatch.chdir(articles.parent)
    before = articles.read_bytes()
    Path("link.jsonl").symlink_to("articles.jsonl")
    os.link("articles.jsonl", "hard.jsonl")
    result = run(*(part.format(other) for part in command))
    assert result.exit_code == 2
    assert "would be overwritten" in result.stderr
    assert articles.read_bytes() == before


def test_outputs_are_different_files(run: Run, articles: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    result = run("scan", articles, "--on-error", "skip", "-o", out, "--rejects", tmp_path / "." / "out.jsonl")
    assert (result.exit_code, out.exists()) == (2, False)
    assert "--output and --rejects are the same file" in result.stderr


def test_files_beside_the_result_count_too(run: Run, articles: Path, tmp_path: Path) -> None:
    beside = tmp_path / "out.articles.csv"
    beside.write_text("id,text\n1,A ferry\n")
    result = run("scan", articles, beside, "-o", tmp_path / "out.csv")
    assert result.exit_code == 2
    assert beside.read_text() == "id,text\n1,A ferry\n"


def test_devices_may_be_named_twice() -> None:
    null = Path("/dev/null")
    check_outputs([("--output", null), ("--rejects", null)], [("an input", null)])


def test_a_background_is_not_overwritten(tmp_path: Path) -> None:
    known = tmp_path / "known.background"
    known.write_bytes(b"x")
    with pytest.raises(SettingsError, match=r"--output is .*known.background.*--background"):
        check_outputs([("--output", known)], [("--background", known)])
