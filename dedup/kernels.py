"""Whether the kernels are compiled: numba does it once, on first use, and keeps the result."""

from __future__ import annotations

from pathlib import Path


def compiled() -> bool:
    """Whether an earlier run has left its compiled kernels in the cache.

    The cache lies beside the modules, or in the user's cache directory where the installation is read-only
    (numba decides; the environment variable NUMBA_CACHE_DIR names another).
    """
    from dedup import alignment

    folder = alignment._align.stats.cache_path
    return folder is not None and any(Path(folder).glob("*_align-*.nbi"))
