"""JSON lines, written and read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any


def write_lines(path: Path, records: Iterable[dict[str, Any]]) -> Path:
    """Write records as JSON lines."""
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def lines_of(output: str, kind: str | None = None) -> list[dict[str, Any]]:
    """Read JSON lines, all or of one kind."""
    records = [json.loads(line) for line in output.splitlines()]
    return [record for record in records if kind is None or record["kind"] == kind]
