"""numba's cache of compiled functions, kept in the folders of `dedup.jit.cache` and held against damage."""

from __future__ import annotations

import contextlib
import hashlib
import pickle
import platform
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite
import llvmlite.binding
import numba
import numba.core.config
import numpy as np
from numba.core.caching import CompileResultCacheImpl, FunctionCache, IndexDataCacheFile

from dedup.jit.cache import Rooms, find_rooms, make_folder, say_once, sources_of

#: Untyped, as numba sets its attributes from the environment.
config: Any = numba.core.config
_CHECK = 16


class KernelCache(FunctionCache):
    """The cache of one kernel: never stale, and never a reason to fail.

    What cannot be read is compiled again, and what cannot be written is compiled in the next run, too; the
    first time it is said.
    """

    _impl_class: Any = None

    def __init__(self, function: Callable[..., Any]) -> None:
        self._source = function.__code__.co_filename
        module = function.__module__
        rooms = _rooms()
        self._sources = sources_of(rooms.writable)
        self._writable = rooms.writable is not None and self._sources.unchanged(self._source)
        digest = self._sources.modules.get(module)
        if digest is None or not self._sources.unchanged(self._source):
            self._tell_of_change()
            self._writable, rooms = False, Rooms(None, ())
        within = Path(_environment(), f"{module.removeprefix('dedup.')}-{digest}")
        folders = [room / within for room in rooms.readable]
        self._impl_class = _located(folders[0] if folders else Path("nowhere"), digest)
        super().__init__(function)  # type: ignore[no-untyped-call]
        name = self._impl.filename_base
        self._files = [_CheckedFile(str(each), name, digest) for each in folders]  # type: ignore[no-untyped-call]

    @property
    def kept(self) -> bool:
        """Whether a run has left a compiled form of the kernel."""
        return any(Path(file._index_path).exists() for file in self._files)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the kept code for a signature, or None."""
        for file in self._files:
            self._cache_file = file
            try:
                found = super().load_overload(sig, target_context)  # type: ignore[no-untyped-call]
            except Exception:
                say_once("compiled kernels in %s are damaged: they are compiled again", file._cache_path)
                with contextlib.suppress(OSError):
                    Path(file._index_path).unlink()
                continue
            if found is not None:
                return found
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep the code for a signature, unless it may not be what the folder is named by."""
        if not self._writable:
            return
        if not self._sources.all_unchanged():
            self._tell_of_change()
            self._writable = False
            return
        self._cache_file = self._files[0]
        try:
            super().save_overload(sig, data)  # type: ignore[no-untyped-call]
        except Exception as error:  # a full disk, a folder that is gone, a kernel that cannot be pickled
            say_once("compiled kernels cannot be kept in %s: %s", self._files[0]._cache_path, error)

    def _tell_of_change(self) -> None:
        say_once("the program was changed while it runs: new kernels are compiled for this run alone")


def is_kept(kernel: Any) -> bool:
    """Whether a compiled form of a kernel is kept from an earlier run."""
    return bool(getattr(getattr(kernel, "_cache", None), "kept", False))


class _Locator:
    """Tells numba the folder of a kernel, and what it was made from."""

    def __init__(self, folder: Path, digest: str | None, source: str, line: int) -> None:
        self._folder, self._digest, self._py_file, self._line = folder, digest, source, line

    def ensure_cache_path(self) -> None:
        make_folder(self._folder)

    def get_cache_path(self) -> str:
        return str(self._folder)

    def get_source_stamp(self) -> str | None:
        return self._digest

    def get_disambiguator(self) -> str:
        return str(self._line)


def _located(folder: Path, digest: str | None) -> Callable[[Callable[..., Any]], Any]:
    """What makes numba's half of a cache, with our locator in place of those that numba tries."""

    def made(function: Callable[..., Any]) -> Any:
        implementation = CompileResultCacheImpl.__new__(CompileResultCacheImpl)
        source, line = function.__code__.co_filename, function.__code__.co_firstlineno
        implementation._lineno = line
        implementation._locator = _Locator(folder, digest, source, line)
        name = f"{Path(source).stem}.{function.__qualname__}"
        implementation._filename_base = f"{name}-{line}".replace("<", "").replace(">", "")
        return implementation

    return made


class _CheckedFile(IndexDataCacheFile):
    """The files of one kernel, each with a checksum, as damaged machine code would be run."""

    def _dump(self, obj: Any) -> bytes:
        data: bytes = super()._dump(obj)  # type: ignore[no-untyped-call]
        return _checksum(data) + data

    def _load_index(self) -> Any:
        try:
            with Path(self._index_path).open("rb") as file:
                if pickle.load(file) != self._version:
                    return {}
                stamp, overloads = pickle.loads(_checked(file.read()))
        except OSError:  # none there, or none that may be read
            return {}
        return overloads if stamp == self._source_stamp else {}

    def _load_data(self, name: str) -> Any:
        return pickle.loads(_checked(Path(self._data_path(name)).read_bytes()))  # type: ignore[no-untyped-call]


def _checksum(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()[:_CHECK]


def _checked(data: bytes) -> bytes:
    if _checksum(data[_CHECK:]) != data[:_CHECK]:
        raise ValueError("the checksum does not match")
    return data[_CHECK:]


@cache
def _rooms() -> Rooms:
    return find_rooms(config.CACHE_DIR)


@cache
def _environment() -> str:
    """The name of the versions and of the processor that kernels are compiled with and for."""
    processor = config.CPU_NAME or llvmlite.binding.get_host_cpu_name()
    features = config.CPU_FEATURES
    if features is None:
        features = llvmlite.binding.get_host_cpu_features().flatten()
    parts = (
        platform.python_implementation(),
        platform.python_version(),
        numba.__version__,
        llvmlite.__version__,
        np.__version__,
        platform.machine(),
        processor,
        features,
        config.OPT,
        config.BOUNDSCHECK,
        config.DEBUGINFO_DEFAULT,
    )
    digest = hashlib.sha256(repr(parts).encode()).hexdigest()[:12]
    return f"{processor}-{digest}"
