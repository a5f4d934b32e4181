"""Whether the kernels are compiled: numba does it once, on first use, and keeps the result."""

from __future__ import annotations

from pathlib import Path


def compiled() -> bool:
    """Whether an earlier run has left its compiled kernels in the cache.

    The cache lies beside the modules, or in the user's cache directory where the installation is read-only
    (numba decides; the environment variable NUMBA_CACHE_DIR names another).
    """
    from dedup import alignment

    kernel = alignment._align
    return any(Path(kernel.stats.cache_path).glob(f"*{kernel.__name__}-*.nbi"))
