"""The Dockerfile, as far as it can be tested without building it."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from typer.testing import CliRunner

from dedup.cli import app

ROOT = Path(__file__).parents[1]
LINES = (ROOT / "Dockerfile").read_text().replace("\\\n", " ").splitlines()


def test_what_is_copied_is_there_and_is_enough_to_build() -> None:
    copied = {name for line in LINES if line.startswith("COPY ") for name in line.split()[1:-1]}
    assert all((ROOT / name).exists() for name in copied)
    project = (ROOT / "pyproject.toml").read_text()
    needed = re.findall(r'^(?:readme|path) = "([^"]+)"', project, re.MULTILINE)
    needed += re.findall(r'"([^"]+)"', re.search(r"^license-files = (.*)$", project, re.MULTILINE)[1])  # type: ignore[index]
    assert {name.partition("/")[0] for name in needed} <= copied


def test_the_commands_that_compile_run() -> None:
    (run,) = [line for line in LINES if line.startswith("RUN pip")]
    commands = [part.partition(">")[0] for part in run.split("&&") if part.strip().startswith("dedup ")]
    assert commands
    for command in commands:
        arguments = shlex.split(command)[1:]
        assert CliRunner().invoke(app, arguments, prog_name="dedup").exit_code == 0


def test_it_starts_the_command_line() -> None:
    assert 'ENTRYPOINT ["dedup"]' in LINES
    assert "USER dedup" in LINES
