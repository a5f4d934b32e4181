"""Where compiled kernels are kept: in folders named after what the machine code was made from.

A kernel is kept in ROOM/ENVIRONMENT/MODULE-DIGEST. The digest covers the module's file and all files that it
imports (`dedup.jit.sources`), so that an edit, a pull or an upgrade never meets machine code of another
version. ENVIRONMENT names the versions of Python, numba, llvmlite and NumPy, and the processor.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import shutil
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.jit.sources import PACKAGE, Sources, read_sources

#: Beside the package, so that a user who may write there compiles for all who read.
BESIDE = PACKAGE / "__pycache__" / "kernels"
_log = logging.getLogger("dedup")


@dataclass(frozen=True)
class Rooms:
    """The folders of this installation: where kernels are written, and where they are looked for."""

    writable: Path | None
    readable: tuple[Path, ...]


#: The warnings that this process has already given.
_said: set[str] = set()


def say_once(message: str, *details: object) -> None:
    """Log a warning the first time that it comes up in this process."""
    if message not in _said:
        _said.add(message)
        _log.warning(message, *details)


def find_rooms(chosen: str, package: Path = PACKAGE) -> Rooms:
    """Choose where kernels are kept.

    `chosen` is the value of NUMBA_CACHE_DIR, if it is set. Otherwise kernels are kept beside the package.
    Where that is read-only, they are kept in the user's cache directory, or in a directory of the user's own
    among the temporary files. Kernels found beside the package are used in any case.
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
        say_once("there is no place to keep compiled kernels: each run compiles them; set NUMBA_CACHE_DIR")
    readable = [each for each in (writable, beside) if each is not None]
    return Rooms(writable, tuple(dict.fromkeys(readable)))


@cache
def sources_of(writable: Path | None) -> Sources:
    """Return the digests of this package, taken when this process first asks for them."""
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


def kept_arrays(
    module: str, name: str, make: Callable[[], tuple[NDArray[Any], ...]]
) -> tuple[NDArray[Any], ...]:
    """Return arrays that take long to make, from the folder of kernels if an earlier run has left them there.

    Parameters
    ----------
    module : str
        The dotted name of the module that makes them. Arrays made by another version of it are not used.
    name : str
        The name of the arrays within the module, with everything else that they depend on.
    make : function without arguments that returns a tuple of arrays
    """
    rooms = find_rooms(os.environ.get("NUMBA_CACHE_DIR", ""))
    sources = sources_of(rooms.writable)
    if (digest := sources.modules.get(module)) is None:
        return make()
    kind = f"{module.removeprefix('dedup.')}-{name}"
    for room in rooms.readable:
        file = room / "tables" / f"{kind}-{digest}.npz"  # its parts carry checksums
        with contextlib.suppress(OSError, ValueError, EOFError, zipfile.BadZipFile), np.load(file) as kept:
            return tuple(_read_only(kept[part]) for part in kept.files)
    made = make()
    if rooms.writable is not None and sources.all_unchanged():
        with contextlib.suppress(OSError):  # it only saves time
            _keep_arrays(rooms.writable / "tables", kind, digest, made)
    return tuple(map(_read_only, made))


def _keep_arrays(folder: Path, kind: str, digest: str, arrays: Iterable[NDArray[Any]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f"{kind}-{digest}.{os.getpid()}.new"
    try:
        with beside.open("wb") as file:
            np.savez(file, *arrays)
        beside.replace(folder / f"{kind}-{digest}.npz")
    finally:
        beside.unlink(missing_ok=True)
    for other in folder.glob(f"{kind}-*.npz"):
        if other.name != f"{kind}-{digest}.npz":
            other.unlink(missing_ok=True)


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    """Make an array read-only, whether made or kept, so that kernels are compiled for one kind only."""
    array.flags.writeable = False
    return array


def _can_write(folder: Path) -> bool:
    """Whether a folder can be written, or created."""
    there = next(each for each in (folder, *folder.parents) if each.exists())
    return os.access(there, os.W_OK | os.X_OK)


def _user_caches() -> Path | None:
    chosen, home = os.environ.get("XDG_CACHE_HOME"), os.environ.get("HOME")
    if chosen:
        return Path(chosen)
    return Path(home) / ".cache" if home else None


def _own_folder(name: str) -> Path | None:
    """Return a directory that belongs to the user alone, because its contents are loaded and run.

    None if another user has already created something under its name.
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
