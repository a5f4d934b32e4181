"""The command line, run in this process and as a separate process, and small inputs for it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from command_lines import OTHERS, SHARED, Process, Run
from json_records import write_lines
from typer.testing import CliRunner, Result

from dedup.cli import app


@pytest.fixture(autouse=True)
def clean_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Provide an empty working directory, and an environment without settings."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("DEDUP_")]:
        monkeypatch.delenv(name)
    # The output must not depend on whether an earlier run has left compiled kernels.
    monkeypatch.setattr("dedup.cli.progress._compiled", lambda: True)
    return tmp_path


@pytest.fixture
def run() -> Run:
    """Run a command line in this process, where standard output is not a terminal."""

    def invoke(*arguments: str | Path, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(app, [str(each) for each in arguments], input=stdin, prog_name="dedup")

    return invoke


@pytest.fixture
def process() -> Process:
    """Run a command line as a process."""

    def start(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "dedup", *(str(each) for each in arguments)]
        return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, **options)

    return start


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """Return four articles: `a` and `b` of two outlets share a passage; `c`, of a's outlet, shares it too."""
    texts = {"a": SHARED + " " + OTHERS[0], "b": OTHERS[1] + " " + SHARED, "c": SHARED + " " + OTHERS[2]}
    records = [
        {"id": "a", "source": "Herald", "text": texts["a"]},
        {"id": "b", "source": "Courier", "text": texts["b"]},
        {"id": "c", "source": "Herald", "text": texts["c"]},
        {"id": "d", "source": "Gazette", "text": OTHERS[3]},
    ]
    return write_lines(tmp_path / "articles.jsonl", records)
