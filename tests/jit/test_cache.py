"""Where compiled kernels are kept when neither the installation nor the home can be written."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numba
import pytest

from dedup.jit.cache import find_room_for_kernels


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Nothing can be written but the directory for temporary files, which comes back."""
    # For the tests' own user, who may be root, everything can be written.
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    monkeypatch.setenv("NUMBA_CACHE_DIR", "")  # so that it is put back
    return tmp_path


def test_a_directory_of_the_users_own_serves(nowhere: Path) -> None:
    find_room_for_kernels()
    folder = Path(os.environ["NUMBA_CACHE_DIR"])
    assert folder == nowhere / f"dedup-kernels-{os.getuid()}"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert str(folder) == numba.config.CACHE_DIR
    os.environ["NUMBA_CACHE_DIR"] = ""
    find_room_for_kernels()  # the next run finds it again
    assert os.environ["NUMBA_CACHE_DIR"] == str(folder)


@pytest.mark.parametrize("kind", ["open", "link", "file"])
def test_a_directory_that_another_could_write_is_not_used(nowhere: Path, kind: str) -> None:
    name = nowhere / f"dedup-kernels-{os.getuid()}"
    if kind == "open":
        name.mkdir()
        name.chmod(0o777)
    elif kind == "link":
        (nowhere / "elsewhere").mkdir(mode=0o700)
        name.symlink_to(nowhere / "elsewhere")
    else:
        name.write_text("")
    find_room_for_kernels()
    folder = Path(os.environ["NUMBA_CACHE_DIR"])
    assert folder.parent == nowhere
    assert folder.resolve() not in (name.resolve(), nowhere / "elsewhere")
    assert folder.stat().st_mode & 0o777 == 0o700


def test_where_there_is_room_numba_decides(monkeypatch: pytest.MonkeyPatch, nowhere: Path) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: True)
    find_room_for_kernels()
    assert os.environ["NUMBA_CACHE_DIR"] == ""


def test_the_users_choice_stands(monkeypatch: pytest.MonkeyPatch, nowhere: Path) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", "/chosen")
    find_room_for_kernels()
    assert os.environ["NUMBA_CACHE_DIR"] == "/chosen"


def test_it_is_done_when_the_package_is_imported_without_numba() -> None:
    code = "import sys, dedup; print('numba' in sys.modules, 'tempfile' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_a_program_needs_no_scipy_for_its_kernels(tmp_path: Path) -> None:
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_text("The ministers met in Moscow on Thursday and signed a pact.")
    said = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "dedup", "compare", "one.txt", "two.txt"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    assert "numba.np.arraymath" in said, "a kernel was loaded"
    assert "scipy.linalg" not in said


def test_who_imports_the_package_can_still_multiply_matrices() -> None:
    script = (
        "import dedup, numba, numpy as np\n"
        "from dedup.detector import find_overlaps\n"
        "product = numba.njit(lambda a, b: a @ b)\n"
        "print(product(np.eye(2), np.eye(2)).sum())"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert said == "2.0\n"
