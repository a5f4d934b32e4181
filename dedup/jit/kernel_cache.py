"""numba's cache of compiled functions in the folders of `dedup.jit.cache`, protected against damage."""

from __future__ import annotations

import contextlib
import hashlib
import pickle
import platform
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import llvmlite
import llvmlite.binding
import numba
import numba.core.config
import numpy as np
from numba.core.caching import CompileResultCacheImpl, FunctionCache, IndexDataCacheFile
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompileResult
from numba.core.runtime.nrt import rtsys

from dedup.jit.beside import have_arrived
from dedup.jit.cache import Rooms, find_rooms, make_folder, say_once, sources_of

#: Untyped, as numba sets its attributes from the environment.
config: Any = numba.core.config
_CHECK = 16


class KernelCache(FunctionCache):
    """The cache of one kernel: never stale, and never a reason to fail.

    A file that cannot be read is compiled again, and one that cannot be written is compiled again in the next
    run. The first such case is logged.
    """

    _impl_class: Any = None

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        # The digests are taken when the module is loaded. The rest waits for the first call, because a run
        # calls few of the kernels that it imports.
        self._sources = sources_of(_rooms().writable)

    def __getattr__(self, name: str) -> Any:
        if "_source" in self.__dict__:
            raise AttributeError(name)
        self._look()
        return getattr(self, name)

    def _look(self) -> None:
        """Find out where the kernel is kept."""
        self._source = self._function.__code__.co_filename
        module = self._function.__module__
        rooms = _rooms()
        self._writable = rooms.writable is not None and self._sources.unchanged(self._source)
        digest = self._sources.modules.get(module)
        if digest is None or not self._sources.unchanged(self._source):
            self._tell_of_change()
            self._writable, rooms = False, Rooms(None, ())
        within = Path(_environment(), f"{module.removeprefix('dedup.')}-{digest}")
        folders = [room / within for room in rooms.readable]
        self._impl_class = _located(folders[0] if folders else Path("nowhere"), digest)
        super().__init__(self._function)  # type: ignore[no-untyped-call]
        name = self._impl.filename_base
        self._files = [_CheckedFile(str(each), name, digest) for each in folders]  # type: ignore[no-untyped-call]

    @property
    def kept(self) -> bool:
        """Whether a run has left a compiled form of the kernel."""
        return any(Path(file._index_path).exists() for file in self._files)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the kept code for a signature, or None."""
        found = self._load(sig, target_context)
        if found is None and have_arrived(self._function.__module__):
            found = self._load(sig, target_context)
        return found

    def _load(self, sig: Any, target_context: Any) -> Any:
        for file in self._files:
            self._cache_file = file
            try:
                # numba's own `load_overload` first prepares for compiling, which takes a fifth of a second.
                rtsys.initialize(target_context)
                found = self._load_overload(sig, target_context)  # type: ignore[no-untyped-call]
            except Exception:
                say_once("compiled kernels in %s are damaged: they are compiled again", file._cache_path)
                with contextlib.suppress(OSError):
                    Path(file._index_path).unlink()
                continue
            if found is not None:
                return found
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep the code for a signature, unless the sources have changed since the folder was named."""
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


def kept_in() -> tuple[Path | None, int]:
    """Return where new kernels of this environment are kept, and their number; argument types count apart."""
    room = _rooms().writable
    folder = None if room is None else room / _environment()
    return folder, 0 if folder is None else sum(1 for _ in folder.glob("*/*.nbc"))


class _Locator:
    """Tell numba the folder of a kernel, and what the kernel was made from."""

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
    """Return numba's part of a cache, with our locator in place of those that numba tries."""

    def made(function: Callable[..., Any]) -> Any:
        implementation = _Quick.__new__(_Quick)
        source, line = function.__code__.co_filename, function.__code__.co_firstlineno
        implementation._lineno = line
        implementation._locator = _Locator(folder, digest, source, line)
        name = f"{Path(source).stem}.{function.__qualname__}"
        implementation._filename_base = f"{name}-{line}".replace("<", "").replace(">", "")
        return implementation

    return made


class _Quick(CompileResultCacheImpl):
    """The kept form of a kernel: numba's own, and the names that its machine code defines.

    numba reads these names from the kernel's intermediate code. That takes longer to load than the machine
    code, and is needed only by kernels that are compiled anew and call this one.
    """

    def reduce(self, cres: Any) -> Any:
        """Return the values that are pickled for a compiled kernel."""
        whole = super().reduce(cres)  # type: ignore[no-untyped-call]
        module = cres.library._get_module_for_linking()
        defined = (*module.functions, *module.global_variables)
        return whole, tuple(each.name for each in defined if not each.is_declaration)

    def rebuild(self, target_context: Any, payload: Any) -> Any:
        """Rebuild the compiled kernel."""
        if len(payload) != 2:  # in the form of an earlier version
            return super().rebuild(target_context, payload)  # type: ignore[no-untyped-call]
        whole, names = payload
        loading: Any = _Loading(target_context, names)
        return CompileResult._rebuild(loading, *whole)._replace(target_context=target_context)  # type: ignore[no-untyped-call]


class _Loading:
    """A target's context that loads machine code without its intermediate code."""

    def __init__(self, context: Any, names: Iterable[str]) -> None:
        self._context, self._names = context, names
        self.typing_context, self.get_executable = context.typing_context, context.get_executable

    def codegen(self) -> Any:
        """Return itself, for the one call that creates the library."""
        return self

    def unserialize_library(self, state: Any) -> Any:
        """Create the library of a kernel's machine code."""
        name, _, (machine_code, bitcode) = state
        codegen = self._context.codegen()
        library = codegen.create_library(name)
        library.__class__ = _KeptLibrary
        library.bitcode = bitcode
        library.enable_object_caching()
        library._set_compiled_object(machine_code)
        library._finalize_final_module()
        codegen._engine._defined_symbols.update(self._names)
        return library


class _KeptLibrary(JITCodeLibrary):
    """The code of a kept kernel, whose intermediate code is read when a caller is compiled."""

    bitcode: bytes
    _parsed: Any = None

    @property
    def _shared_module(self) -> Any:  # type: ignore[override]
        if self._parsed is None:
            self._parsed = llvmlite.binding.parse_bitcode(self.bitcode)
        return self._parsed


class _CheckedFile(IndexDataCacheFile):
    """The files of one kernel, each with a checksum, because damaged machine code would be run."""

    def _dump(self, obj: Any) -> bytes:
        data: bytes = super()._dump(obj)  # type: ignore[no-untyped-call]
        return _checksum(data) + data

    def _load_index(self) -> Any:
        try:
            with Path(self._index_path).open("rb") as file:
                if pickle.load(file) != self._version:
                    return {}
                stamp, overloads = pickle.loads(_checked(file.read()))
        except OSError:  # missing or unreadable
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
    """Return the name of the versions and the processor that kernels are compiled with and for."""
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
