"""Compiled kernels are never stale, and whatever happens to their files, a run does not fail.

Each test works on a copy of a few modules of the package, in processes of their own.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import dedup

HASHES = """
import logging, sys
logging.basicConfig(level="WARNING", format="said: %(message)s", stream=sys.stdout)
import numpy as np
from dedup.lsh.minhash import permutations
from dedup.lsh import bands
from dedup.jit.murmur import mix
{between}
signatures = np.array([[1, 2]], np.uint32)
print(int(mix(np.uint32(1))), bands.band_keys(signatures, permutations(2, 1), bands=1, rows=2).tolist())
"""
SMALL = """
import logging, sys
logging.basicConfig(level="WARNING", format="said: %(message)s", stream=sys.stdout)
from dedup.jit.hash_table import table_size
{between}
print(table_size(33), sum(table_size.stats.cache_hits.values()), sum(table_size.stats.cache_misses.values()))
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the package in its own folder, without compiled files."""
    package = Path(dedup.__file__).parent
    shutil.copytree(package, tmp_path / "dedup", ignore=shutil.ignore_patterns("__pycache__", "sources.json"))
    return tmp_path / "dedup"


def run(copy: Path, script: str, between: str = "", **environment: str) -> list[str]:
    """Return the lines that a script prints when it imports the copy."""
    surroundings = {**os.environ, "PYTHONPATH": str(copy.parent), "PYTHONDONTWRITEBYTECODE": "1"}
    surroundings.pop("NUMBA_CACHE_DIR", None)
    done = subprocess.run(
        [sys.executable, "-c", script.format(between=between)],
        env={**surroundings, **environment},
        cwd=copy.parent,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def kernels(copy: Path) -> Path:
    return copy / "__pycache__" / "kernels"


def folders(copy: Path, module: str) -> list[Path]:
    return list(kernels(copy).glob(f"*/{module}-*"))


def test_a_change_in_another_file_reaches_the_kernels_that_use_it(copy: Path) -> None:
    before = run(copy, HASHES)
    assert run(copy, HASHES) == before
    kept = folders(copy, "lsh.bands")
    murmur = copy / "jit" / "murmur.py"
    text = murmur.read_text()
    murmur.write_text(text.replace("0x85EBCA6B", "0x85EBCA6D"))
    after = run(copy, HASHES)
    first, second = (re.findall(r"\d+", lines[-1]) for lines in (before, after))
    assert first[0] != second[0], "mix is new"
    assert first[1:] != second[1:], "and so are the keys of bands"
    shutil.rmtree(kernels(copy))
    assert run(copy, HASHES) == after, "as if nothing had been kept"
    assert len(folders(copy, "lsh.bands")) == 1
    assert folders(copy, "lsh.bands") != kept, "what was compiled before is removed"
    murmur.write_text(text)
    assert run(copy, HASHES) == before


def test_kernels_are_kept_and_found_again(copy: Path) -> None:
    assert run(copy, SMALL) == ["128 0 1"]
    assert run(copy, SMALL) == ["128 1 0"]
    (copy / "cli" / "progress.py").write_text("# another word\n")
    assert run(copy, SMALL) == ["128 1 0"], "a file that the kernel does not use has no say"


def test_another_version_of_a_library_does_not_share_them(copy: Path) -> None:
    assert run(copy, SMALL) == ["128 0 1"]
    changed = "import numba; numba.__version__ = '0.0.1'\n"
    assert run(copy, changed + SMALL) == ["128 0 1"]
    assert run(copy, SMALL) == ["128 1 0"], "and theirs is still there"


@pytest.mark.parametrize(
    ("pattern", "damage"), [("*.nbi", "half"), ("*.nbi", "foreign"), ("*.nbc", "empty"), ("*.nbc", "flipped")]
)
def test_a_damaged_file_is_made_anew(copy: Path, pattern: str, damage: str) -> None:
    run(copy, SMALL)
    (file,) = folders(copy, "jit.hash_table")[0].glob(f"hash_table.table_size-{pattern}")
    content = file.read_bytes()
    place = len(content) * 3 // 4
    flipped = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
    damaged = {"empty": b"", "half": content[:place], "foreign": b"Dear reader,\n", "flipped": flipped}
    file.write_bytes(damaged[damage])
    said, printed = run(copy, SMALL)
    assert said.startswith("said: compiled kernels in ")
    assert said.endswith(" are damaged: they are compiled again")
    assert printed == "128 0 1"
    assert run(copy, SMALL) == ["128 1 0"]


def test_a_folder_that_is_a_file_costs_time_and_one_line(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "chosen").write_text("not a folder")
    said, printed = run(copy, SMALL, NUMBA_CACHE_DIR=str(tmp_path / "chosen"))
    assert said.startswith("said: compiled kernels cannot be kept in ")
    assert printed == "128 0 1"


def test_what_lies_beside_a_read_only_installation_is_used(copy: Path, tmp_path: Path) -> None:
    run(copy, SMALL)
    assert run(copy, SMALL, NUMBA_CACHE_DIR=str(tmp_path / "chosen")) == ["128 1 0"]


def test_an_upgrade_under_a_running_program_leaves_nothing_behind(copy: Path) -> None:
    upgrade = f"open({str(copy / 'jit' / 'murmur.py')!r}, 'a').write('# the next version')"
    said, printed = run(copy, SMALL, upgrade)
    assert said == "said: the program was changed while it runs: new kernels are compiled for this run alone"
    assert printed == "128 0 1"
    assert not list(kernels(copy).glob("*/*/*.nbc"))
