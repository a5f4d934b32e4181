"""The command line: one module per verb, and the options that verbs share in `dedup.cli.options`.

Nothing here imports NumPy, Arrow or numba before a verb runs, so help and wrong usage answer at once.
"""

from __future__ import annotations

import atexit
import gc

from dedup.cli.application import app

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line and exit with its exit code."""
    # A run makes few reference cycles, and the modules of numba and Arrow make many lasting objects. Scanning
    # these again and again while they load, and once more at the end, took a fifth of a small scan.
    gc.set_threshold(100_000)
    atexit.register(gc.freeze)
    app(prog_name="dedup")
