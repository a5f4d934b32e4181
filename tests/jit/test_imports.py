"""The changes made to numba as it is imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def test_the_package_is_imported_without_numba() -> None:
    code = "import sys, dedup; print('numba' in sys.modules, 'tempfile' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_only_kernels_of_the_package_are_kept_its_way(tmp_path: Path) -> None:
    (tmp_path / "others.py").write_text("import numba\n@numba.njit(cache=True)\ndef twice(n): return 2 * n\n")
    for imports in ("dedup, numba", "numba, dedup"):
        script = (
            f"import {imports}\n"
            "from dedup.jit.murmur import mix\n"
            "from others import twice\n"
            "print(twice(4), type(twice._cache).__name__, type(mix._cache).__name__)"
        )
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert done.stdout.split() == ["8", "FunctionCache", "KernelCache"]
    assert list(tmp_path.glob("__pycache__/others.twice-*.nbi")), "numba keeps it where it always does"


def test_a_kernel_is_compiled_for_kinds_and_not_for_each_constant() -> None:
    script = (
        "import dedup, numba\n"
        "from dedup.jit.murmur import mix\n"
        "from dedup.jit.hash_table import table_size\n"
        "f = numba.njit(lambda n: table_size(0) + table_size(7) + table_size(n))\n"
        "print(f(9), [str(kind) for kinds in table_size.signatures for kind in kinds])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("['int64']")


def _imported_by_compare(folder: Path) -> str:
    for name in ("one.txt", "two.txt"):
        (folder / name).write_text("The ministers met in Moscow on Thursday and signed a pact.")
    program = [sys.executable, "-X", "importtime", "-m", "dedup", "compare", "one.txt", "two.txt"]
    return subprocess.run(program, cwd=folder, capture_output=True, text=True, check=True).stderr


def test_a_program_needs_no_scipy_for_its_kernels(tmp_path: Path) -> None:
    said = _imported_by_compare(tmp_path)
    assert "dedup.alignment.pairs" in said, "a kernel was loaded"
    assert "scipy.linalg" not in said


def test_a_program_with_kept_kernels_imports_nothing_that_compiles_or_is_not_used(tmp_path: Path) -> None:
    _imported_by_compare(tmp_path)  # compiles the kernels that are not kept
    modules = {line.rpartition("|")[2].strip() for line in _imported_by_compare(tmp_path).splitlines()}
    unused = {
        "numba.np.arraymath",
        "coverage.control",
        "pandas.core",
        "pydantic.main",
        "rich",
        "dedup.cli.scan",
    }
    assert not unused & modules


def test_pandas_is_there_for_whoever_imports_it_by_name() -> None:
    pytest.importorskip("pandas")
    script = (
        "from dedup.jit.imports import spare_modules; spare_modules()\n"
        "import sys, pyarrow as pa; pa.array([1, 2]).to_pandas(); print('pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"


def test_who_imports_the_package_can_still_multiply_matrices() -> None:
    script = (
        "import dedup, numba, numpy as np\n"
        "from dedup.detector import find_overlaps\n"
        "product = numba.njit(lambda a, b: a @ b)\n"
        "print(product(np.eye(2), np.eye(2)).sum())"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert said == "2.0\n"
