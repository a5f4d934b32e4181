"""``dedup inspect``."""

from __future__ import annotations

import json
from pathlib import Path

from command_lines import Run


def test_the_command_line(tmp_path: Path, run: Run) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "x", "text": "One.\u001b[31m", "date": "2021-09"}))
    record = json.loads(run("inspect", str(tmp_path)).stdout)
    assert (record["articles"], record["first_published"]) == (1, "2021-09-01T00:00:00Z")
    table = run("inspect", str(tmp_path), "--format", "table").stdout
    assert "2021-09-01 to 2021-09-01 (UTC); 1 to the month" in table
    assert "x  x, 2021-09\n" in table
    assert "\x1b" not in table
