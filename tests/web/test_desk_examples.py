"""The client examples of docs/desk.md, run against a desk."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from newsroom import PIER
from test_desk_process import Running, start

PAGE = Path(__file__).parents[2] / "docs" / "desk.md"
HERE = "http://127.0.0.1:8321"


@pytest.fixture(scope="module")
def running(stocked: Path, tmp_path_factory: Any) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("examples") / "index"
    shutil.copytree(stocked, folder)
    started = start(folder)
    yield started
    started.kill()


def _example(language: str, running: Running) -> str:
    text = PAGE.read_text(encoding="utf-8")
    return text.partition(f"```{language}\n")[2].partition("```")[0].replace(HERE, running.address)


def test_the_example_in_python(running: Running, tmp_path: Path) -> None:
    (tmp_path / "draft.txt").write_text("\n\n".join(PIER[:2]), encoding="utf-8")
    line = [sys.executable, "-c", _example("py", running)]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("100 % of this article runs elsewhere too")
    assert "Harbour Post" in done.stdout


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_example_with_curl(running: Running) -> None:
    done = subprocess.run(
        ["bash", "-c", _example("bash", running)], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["shares"]["own"] < 0.5


@pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")
def test_the_example_in_javascript(running: Running, tmp_path: Path) -> None:
    script = f"""
      globalThis.document = {{ querySelector: () => ({{ value: {json.dumps("🚢 " + PIER[0])} }}) }};
      globalThis.mark = (start, end, source) => console.log(JSON.stringify([start, end, source]));
      {_example("js", running)}
    """
    (tmp_path / "example.mjs").write_text(script, encoding="utf-8")
    done = subprocess.run(["node", tmp_path / "example.mjs"], capture_output=True, text=True, check=True)
    start_, _, source = json.loads(done.stdout.splitlines()[0])
    assert (start_, source) == (3, "Harbour Post")
