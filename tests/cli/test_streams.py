"""Closed and full streams, special files, numbers of any length: one clear line, never an internal error."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from command_lines import Run

LONG_NUMBER = '{"id": "c", "text": "x", "z": ' + "9" * 5000 + "}\n"


@pytest.mark.parametrize("verb", [("scan", "-"), ("inspect", "-"), ("filter",)])
def test_closed_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch, verb: tuple[str, ...]) -> None:
    monkeypatch.setattr("sys.stdin", None)
    from typer.main import get_command

    from dedup.cli.application import app

    with pytest.raises(SystemExit) as ended:
        get_command(app).main(list(verb))
    assert ended.value.code == 1


def test_a_number_of_any_length_costs_at_most_its_record(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(LONG_NUMBER + json.dumps({"id": "d", "text": "y"}) + "\n")
    result = run("scan", tmp_path / "a.jsonl", "--on-error", "skip", "--format", "jsonl")
    assert result.exit_code == 0
    assert "internal error" not in result.stderr


def test_pipes_in_a_folder_are_left_out(run: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    (tmp_path / "b.txt").write_text("A ferry.")
    result = run("scan", tmp_path, "--format", "jsonl")
    assert result.exit_code == 0
    assert "1 file left out because they are pipes" in result.stderr


def test_a_pyproject_of_another_shape_is_wrong_usage(
    run: Run, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(articles.parent)
    Path("pyproject.toml").write_text("tool = 5\n")
    result = run("scan", articles)
    assert (result.exit_code, "tool is 5; it must be a table" in result.stderr) == (2, True)


def test_threads_have_an_upper_bound(run: Run, articles: Path) -> None:
    assert run("scan", articles, "--threads", "100000").exit_code == 2


def test_no_control_character_of_a_name_reaches_the_terminal(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a\x1b]0;b\x07\u202e.jsonl").write_text('{"id":1')
    result = run("scan", tmp_path)
    assert result.exit_code == 1
    assert not {"\x1b", "\x07", "\u202e"} & set(result.stderr)
