"""The command line: one module a verb, and the options that verbs share in `dedup.cli.options`.

Nothing here imports NumPy, Arrow or numba before a verb runs: help and wrong usage answer at once.
"""

from __future__ import annotations

from dedup.cli.application import app

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line and leave with its exit code."""
    app(prog_name="dedup")
