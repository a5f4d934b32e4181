"""What a run consumed."""

from __future__ import annotations

import resource
import sys


def peak_memory() -> int:
    """Return the peak memory of this process so far, in bytes.

    Examples
    --------
    >>> peak_memory() > 1_000_000
    True
    """
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else 1024 * most  # Linux counts kilobytes
