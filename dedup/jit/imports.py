"""Import hooks that change numba and Arrow as they are imported, and not earlier."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import MethodType, ModuleType
from typing import Any

#: The module of numba's that looks for a BLAS once, as it is loaded.
_ARRAYS = "numba.np.arraymath"
_DISPATCHER = "numba.core.dispatcher"


def keep_kernels() -> None:
    """Make numba keep the kernels of this package, and no others, in the folders of `dedup.jit.cache`."""
    if _DISPATCHER in sys.modules:
        _keep_ours(sys.modules[_DISPATCHER])
    else:
        Around(_DISPATCHER, _keep_ours).install()


def spare_blas() -> None:
    """Keep numba from loading all of `scipy.linalg`, which it needs only for matrices.

    Only for programs, which start sooner: users of the package may have kernels of their own that multiply
    matrices.
    """
    if _ARRAYS not in sys.modules and not any(isinstance(each, _WithoutBlas) for each in sys.meta_path):
        sys.meta_path.insert(0, _WithoutBlas())


def spare_modules() -> None:
    """Make numba load without `coverage`, and Arrow without pandas.

    Both import them if they are installed, in order to report the lines of kernels, and to recognise frames
    among values that become an array. Code that imports them by name still gets them.
    """
    refusing = _Refusing("coverage", "numba")
    Around("numba.misc.coverage_support", refusing.end, refusing.begin).install()
    if not any(isinstance(each, _Refusing) for each in sys.meta_path):
        # Arrow imports it from compiled code, so the importing module that is seen here is Arrow's caller.
        _Refusing("pandas", "dedup", "pyarrow").begin()


def _keep_ours(dispatcher: ModuleType) -> None:
    kind: Any = dispatcher.Dispatcher
    usual = kind.enable_caching
    if getattr(usual, "keeps_kernels", False):
        return

    def enable_caching(self: Any) -> None:
        if not self.py_func.__module__.startswith("dedup."):
            usual(self)
            return
        from dedup.jit.kernel_cache import KernelCache

        self._cache = KernelCache(self.py_func)
        self.targetoptions["no_cfunc_wrapper"] = True
        self.get_call_template = MethodType(_template_of_kinds, self)

    enable_caching.keeps_kernels = True  # type: ignore[attr-defined]
    kind.enable_caching = enable_caching


def _template_of_kinds(self: Any, args: Any, kws: Any) -> Any:
    """Compile a kernel for the types of its arguments, and not again for each constant that is passed.

    numba would compile `f(x, 0)` and `f(x, n)` separately, each with everything that `f` calls.
    """
    from numba.core import types

    unliteral: Any = types.unliteral
    kinds = {name: unliteral(kind) for name, kind in dict(kws).items()}
    return type(self).get_call_template(self, tuple(map(unliteral, args)), kinds)


class Around:
    """Import hook that calls one function before a module loads, and another with the loaded module."""

    def __init__(
        self, name: str, change: Callable[[ModuleType], None], before: Callable[[], None] | None = None
    ) -> None:
        self.name, self._change, self._before = name, change, before

    def install(self) -> None:
        """Wait for the module, unless it is loaded or another hook waits for it."""
        hooks = (each.name for each in sys.meta_path if isinstance(each, Around))
        if self.name not in sys.modules and self.name not in hooks:
            sys.meta_path.insert(0, self)

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        sys.meta_path.remove(self)
        spec = find_spec(fullname)
        if spec is not None and spec.loader is not None:
            loader: Any = spec.loader
            load = loader.exec_module

            def load_and_change(module: ModuleType) -> None:
                if self._before is not None:
                    self._before()
                load(module)
                self._change(module)

            loader.exec_module = load_and_change
        return spec


class _Refusing:
    """Import hook that hides a module from the packages named, unless it is loaded already."""

    def __init__(self, name: str, *importers: str) -> None:
        self._name, self._importers = name, importers

    def begin(self) -> None:
        sys.meta_path.insert(0, self)

    def end(self, _: object = None) -> None:
        sys.meta_path.remove(self)

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        if fullname != self._name:
            return
        frame = sys._getframe(1)
        while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("importlib"):
            frame = frame.f_back
        if frame.f_globals.get("__name__", "").partition(".")[0] in self._importers:
            raise ModuleNotFoundError("not in this process", name=fullname)


class _WithoutBlas:
    """Import hook that hides BLAS from `numba.np.arraymath`."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        if fullname != _ARRAYS:
            return
        from numba.np import linalg

        ensure_blas = linalg.ensure_blas

        def refuse() -> None:
            linalg.ensure_blas = ensure_blas
            raise ImportError("not in this process")

        linalg.ensure_blas = refuse
