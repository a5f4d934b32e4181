"""How numba is set up: where it keeps the kernels that it compiles once, and what it need not load."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_VARIABLE = "NUMBA_CACHE_DIR"


def find_room_for_kernels() -> None:
    """See to it that numba can keep what it compiles, before any kernel is defined; else it gives up.

    numba keeps it beside the modules, or in the user's cache directory where the installation is read-only.
    Where that cannot be written either, as in a container without a home, a directory of the user's own
    within the one for temporary files serves: `NUMBA_CACHE_DIR` is set to it.
    """
    if os.environ.get(_VARIABLE) or _numba_has_room():
        return
    folder = str(_own_folder())
    os.environ[_VARIABLE] = folder
    if "numba" in sys.modules:  # it has read the variable already
        sys.modules["numba"].config.CACHE_DIR = folder


def spare_blas() -> None:
    """Have numba do without matrices, for which it would load all of `scipy.linalg` with its first kernel.

    For programs only, which start sooner: who imports this package may have kernels of their own that
    multiply matrices.
    """
    if _ARRAYS not in sys.modules and not any(isinstance(each, _WithoutBlas) for each in sys.meta_path):
        sys.meta_path.insert(0, _WithoutBlas())


#: The module of numba's that looks for a BLAS once, as it is loaded.
_ARRAYS = "numba.np.arraymath"


class _WithoutBlas:
    """Among the finders of modules: it finds none, but sees to it that the one of that name finds no BLAS."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        if fullname != _ARRAYS:
            return
        from numba.np import linalg

        ensure_blas = linalg.ensure_blas

        def refuse() -> None:
            linalg.ensure_blas = ensure_blas
            raise ImportError("not in this process")

        linalg.ensure_blas = refuse


def _numba_has_room() -> bool:
    """Whether numba finds a place by itself."""
    package = Path(__file__).parent
    beside = package / "__pycache__"
    if os.access(beside if beside.is_dir() else package, os.W_OK | os.X_OK):
        return True
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path(os.environ.get("HOME") or "/nowhere") / ".cache")
    there = next(folder for folder in (cache / "numba", cache, *cache.parents) if folder.exists())
    return os.access(there, os.W_OK | os.X_OK)


def _own_folder() -> Path:
    """A directory that is the user's and no one else's: what lies in it is loaded and run."""
    import tempfile

    folder = Path(tempfile.gettempdir()) / f"dedup-kernels-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if found.st_uid == os.getuid() and found.st_mode & 0o777 == 0o700 and not folder.is_symlink():
            return folder
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="dedup-kernels-"))  # of another's making: this run's own instead
