"""The name under which the project is installed, and how it is checked there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SAID = sorted(
    path
    for folder in ("dedup", "docs", "benchmarks", "recipes")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".md", ".jinja", ".txt"}
)


def test_nobody_is_told_to_install_what_belongs_to_others() -> None:
    # `dedup` on the package index is another project, and so would be `dedup[plot]`.
    assert PROJECT["name"] != "dedup"
    wrong = re.compile(r"pip3? install[^\n`]*['\"\s]dedup(?![\w-])|dedup\[[a-z]")
    readers = [*SAID, *ROOT.glob("*.md")]
    assert len(readers) > 100
    assert [path.name for path in readers if wrong.search(path.read_text(encoding="utf-8"))] == []


def test_the_command_keeps_its_name() -> None:
    assert PROJECT["scripts"] == {"dedup": "dedup.cli:main"}


def test_every_dependency_is_a_range_with_a_floor() -> None:
    extras = PROJECT["optional-dependencies"]
    for name in PROJECT["dependencies"] + extras["plot"]:
        assert ">=" in name, f"{name} has no lowest version"
        assert "==" not in name


def test_the_forge_runs_what_everybody_runs() -> None:
    workflow = ROOT / ".github" / "workflows" / "ci.yml"
    if not workflow.exists():
        pytest.skip("not a checkout")
    assert re.findall(r"- run: (.*)", workflow.read_text(encoding="utf-8")) == [".ci/run"]
