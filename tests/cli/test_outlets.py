"""`dedup outlets` as a command."""

from __future__ import annotations

import json
from pathlib import Path

from command_lines import Run


def test_outlets_are_shown_and_written(run: Run, articles: Path) -> None:
    result = run("outlets", articles)
    assert result.exit_code == 0
    assert "Herald" in result.stdout
    output = articles.parent / "outlets.jsonl"
    assert run("outlets", articles, "-o", output).exit_code == 0
    kinds = [json.loads(line)["kind"] for line in output.read_text().splitlines()]
    assert kinds.count("outlet") == 3
    assert "shared" in kinds
    picture = articles.parent / "outlets.svg"
    assert run("outlets", articles, "-o", picture).exit_code == 0
    assert picture.read_text().startswith("<svg")
