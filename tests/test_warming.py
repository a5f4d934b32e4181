"""The kernels that are compiled ahead are those that a run needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

#: Prints the kernels of `dedup.alignment` that a call compiled or loaded, each with its argument types.
ASKED = """
import sys
from numba.core.dispatcher import Dispatcher
from dedup.warming import _TEXTS, compile_alignment
from dedup.article import Article

def asked():
    return {
        (module, name, str(kinds))
        for module, loaded in list(sys.modules.items()) if module.startswith("dedup.alignment")
        for name, kernel in vars(loaded).items() if isinstance(kernel, Dispatcher)
        for kinds in kernel.signatures
    }

compile_alignment()
ahead = asked()
from dedup.detector import find_overlaps
find_overlaps([Article(id=f"{n}", source=f"Outlet {n}", text=text) for n, text in enumerate(_TEXTS)])
of_alignment = {name for _, name, _ in ahead}
print(len(ahead), sorted(each for each in asked() - ahead if each[1] in of_alignment))
"""


def test_the_kernels_of_alignment_are_those_that_a_scan_calls() -> None:
    done = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, check=True)
    count, _, others = done.stdout.strip().partition(" ")
    assert int(count) >= 5
    assert others == "[]"


@pytest.mark.parametrize("module", ["dedup.alignment.pairs", "dedup.text.tokens"])
def test_a_run_waits_for_the_kernels_that_are_compiled_beside_it_alone(module: str) -> None:
    script = (
        "from dedup.jit.beside import compile_beside, have_arrived\n"
        "compile_beside('time', 'dedup.alignment')\n"  # any module that ends
        f"print([have_arrived({module!r}), have_arrived({module!r})])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str([module.startswith("dedup.alignment"), False])
