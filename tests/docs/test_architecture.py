"""The map in ARCHITECTURE.md refers to files that exist, and omits no package."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAP = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
PAGES = ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md", "SECURITY.md"]


@pytest.mark.parametrize("name", PAGES)
def test_paths_that_are_named_exist(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    paths = re.findall(r"`((?:dedup|tests|docs|benchmarks|recipes|seeds)/[\w/.-]*)", text)
    missing = [path for path in paths if not (ROOT / path).exists()]
    assert not missing


def test_links_between_the_pages_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", (ROOT / page).read_text(encoding="utf-8")):
            assert (ROOT / target).exists(), f"{page}: {target}"


def test_every_package_and_root_module_is_on_the_map() -> None:
    tree = MAP.split("```text", 1)[1].split("```", 1)[0]
    for path in (ROOT / "dedup").iterdir():
        if path.is_dir() and (path / "__init__.py").exists():
            assert f"  {path.name}/ " in tree, path.name
        elif path.suffix == ".py" and not path.name.startswith("__main"):
            assert path.name in tree, path.name


def test_named_functions_exist() -> None:
    for module, name in re.findall(r"`(dedup/[\w/]+\.py):(\w+)`", MAP):
        assert f"def {name}" in (ROOT / module).read_text(encoding="utf-8"), f"{module}:{name}"
