"""Where compiled kernels are kept: folders that are named by what the machine code was made from.

A kept kernel lies in ROOM/ENVIRONMENT/MODULE-DIGEST. The digest is of the module's file and of all files that
it imports (`dedup.jit.sources`), so that an edit, a pull or an upgrade never meets machine code of another
version. ENVIRONMENT names the versions of Python, numba, llvmlite and NumPy, and the processor.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dedup.jit.sources import PACKAGE, Sources, read_sources

#: Beside the package, so that one who may write there compiles for all who read.
BESIDE = PACKAGE / "__pycache__" / "kernels"
_log = logging.getLogger("dedup")


@dataclass(frozen=True)
class Rooms:
    """The folders of this installation: where kernels are written, and where they are looked for."""

    writable: Path | None
    readable: tuple[Path, ...]


#: The warnings that this process has given.
_said: set[str] = set()


def say_once(message: str, *details: object) -> None:
    """Log a warning of this kind, the first time that it comes up in this process."""
    if message not in _said:
        _said.add(message)
        _log.warning(message, *details)


def find_rooms(chosen: str, package: Path = PACKAGE) -> Rooms:
    """Choose where kernels are kept.

    `chosen` is what NUMBA_CACHE_DIR says, if anything. Otherwise they are kept beside the package, or where
    that is read-only in the user's cache directory, or in a directory of the user's own within the one for
    temporary files. What lies beside the package is used in any case.
    """
    beside = package / BESIDE.relative_to(PACKAGE)
    name = f"dedup-{hashlib.sha256(str(package).encode()).hexdigest()[:12]}"
    if chosen:
        writable: Path | None = Path(chosen) / name
    elif _can_write(beside):
        writable = beside
    elif (caches := _user_caches()) is not None and _can_write(caches):
        writable = caches / "dedup" / name
    else:
        writable = _own_folder(name)
    if writable is None:
        say_once("compiled kernels can be kept nowhere: each run compiles them; set NUMBA_CACHE_DIR")
    readable = [each for each in (writable, beside) if each is not None]
    return Rooms(writable, tuple(dict.fromkeys(readable)))


@cache
def sources_of(writable: Path | None) -> Sources:
    """The digests of this package, as they are when they are first asked for in this process."""
    if writable is None:
        return read_sources()
    with contextlib.suppress(OSError):
        writable.mkdir(parents=True, exist_ok=True)
    return read_sources(memo=writable / "sources.json")


def make_folder(folder: Path) -> None:
    """Make the folder of a module's kernels, and remove those of earlier versions of the module.

    Raises `OSError` where it cannot be made.
    """
    if folder.is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    module, _, _ = folder.name.rpartition("-")
    for environment in folder.parents[1].iterdir():
        for other in environment.glob(f"{module}-*"):
            if other.name != folder.name and other.name.rpartition("-")[0] == module:
                shutil.rmtree(other, ignore_errors=True)


def _can_write(folder: Path) -> bool:
    """Whether a folder can be written, or made."""
    there = next(each for each in (folder, *folder.parents) if each.exists())
    return os.access(there, os.W_OK | os.X_OK)


def _user_caches() -> Path | None:
    chosen, home = os.environ.get("XDG_CACHE_HOME"), os.environ.get("HOME")
    if chosen:
        return Path(chosen)
    return Path(home) / ".cache" if home else None


def _own_folder(name: str) -> Path | None:
    """A directory that is the user's and no one else's, as what lies in it is loaded and run.

    None where another user has made what has its name.
    """
    import tempfile

    folder = Path(tempfile.gettempdir()) / f"{name}-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return None
    own = found.st_uid == os.getuid() and found.st_mode & 0o777 == 0o700 and not folder.is_symlink()
    return folder if own else None
