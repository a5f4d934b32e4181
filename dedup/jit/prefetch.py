"""Prefetching within kernels: ask for memory before it is needed."""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # numba is built on it and installs it
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

#: Arguments of LLVM's `prefetch`: read access, keep in all cache levels, data cache.
_READ, _KEEP, _DATA = 0, 3, 1


@intrinsic
def prefetch(context, array, place):  # type: ignore[no-untyped-def]
    """Fetch the cache line that holds ``array[place]`` without waiting for it (within a kernel).

    Nothing is read, so a place outside the array does no harm.
    """

    def generate(target: Any, builder: Any, signature: Any, values: Any) -> Any:
        view = target.make_array(signature.args[0])(target, builder, values[0])
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        name = "llvm.prefetch.p0i8"
        function = cgutils.get_or_insert_function(builder.module, kind, name)  # type: ignore[no-untyped-call]
        place = builder.bitcast(builder.gep(view.data, [values[1]]), byte)
        builder.call(function, [place, *(number(each) for each in (_READ, _KEEP, _DATA))])
        return target.get_dummy_value()

    return types.void(array, types.intp), generate
