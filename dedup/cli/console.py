"""Standard output for people."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from dedup.reporting.formats import file_width

if TYPE_CHECKING:
    from rich.console import Console


def standard_output() -> Console:
    """Return a console on standard output, as wide as the terminal, or else as COLUMNS or a fixed width."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else file_width())
