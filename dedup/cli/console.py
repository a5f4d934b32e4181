"""Standard output for people."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from dedup.reporting.formats import file_width

if TYPE_CHECKING:
    from rich.console import Console


def standard_output() -> Console:
    """A console on standard output: as wide as the terminal, or as COLUMNS or a fixed width say elsewhere."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else file_width())
