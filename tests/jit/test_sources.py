"""The digests of modules: what changes them, and what does not."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from dedup.jit.sources import WRITTEN, read_sources, write_sources

FILES = {
    "__init__.py": "",
    "low.py": "K = 1\n",
    "middle/__init__.py": "",
    "middle/kernels.py": "from dedup.low import K\n",
    "middle/words.toml": "words = []\n",
    "top.py": "def f():\n    from dedup.middle import kernels\n",
    "aside.py": "import os\n",
}
ALL = {"dedup", "dedup.low", "dedup.middle", "dedup.middle.kernels", "dedup.top", "dedup.aside"}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        file = tmp_path / "dedup" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path / "dedup"


@pytest.mark.parametrize("memo", [True, False])
@pytest.mark.parametrize(
    ("edited", "changed"),
    [
        ("low.py", {"dedup.low", "dedup.middle.kernels", "dedup.top"}),
        ("middle/kernels.py", {"dedup.middle.kernels", "dedup.top"}),
        ("middle/words.toml", {"dedup.middle", "dedup.middle.kernels", "dedup.top"}),
        ("top.py", {"dedup.top"}),
        ("aside.py", {"dedup.aside"}),
    ],
)
def test_an_edit_reaches_whoever_imports_the_file(
    package: Path, edited: str, changed: set[str], memo: bool
) -> None:
    kept = package.parent / "memo.json" if memo else None
    before = read_sources(package, kept)
    assert set(before.modules) == ALL
    assert read_sources(package, kept).modules == before.modules
    text = (package / edited).read_text()
    state = (package / edited).stat()
    (package / edited).write_text(text + "# another word\n")
    os.utime(package / edited, ns=(state.st_atime_ns, state.st_mtime_ns + 1))
    after = read_sources(package, kept)
    assert {name for name in ALL if before.modules[name] != after.modules[name]} == changed
    assert not before.all_unchanged()
    assert not before.unchanged(str(package / edited))
    (package / edited).write_text(text)
    assert read_sources(package, kept).modules == before.modules, "contents count, not times"


def test_a_damaged_memo_is_made_anew(package: Path) -> None:
    memo = package.parent / "memo.json"
    right = read_sources(package, memo).modules
    for content in ("", "{", "[1]", '{"form": 0}', json.dumps({"form": 1})):
        memo.write_text(content)
        assert read_sources(package, memo).modules == right
    assert json.loads(memo.read_text())["modules"] == right


def test_a_wheel_brings_its_digests(package: Path) -> None:
    right = read_sources(package).modules
    write_sources(package, package.parent / "written.json")
    (package / "jit").mkdir()
    (package.parent / "written.json").rename(package / WRITTEN)
    (package / "low.py").write_text("K = 2\n")
    installed = read_sources(package)
    assert installed.modules == right
    assert installed.unchanged(str(package / "low.py"))
    (package / WRITTEN).write_text("{}")
    assert not installed.unchanged(str(package / "low.py")), "another version was installed"
