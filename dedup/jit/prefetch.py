"""Telling the processor within a kernel what will be read soon, so that it need not wait for memory then."""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # what numba is built on, and brings along
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

#: As LLVM's `prefetch` takes them: to read, to keep in all caches, data.
_READ, _KEEP, _DATA = 0, 3, 1


@intrinsic
def prefetch(context, array, place):  # type: ignore[no-untyped-def]
    """Within a kernel: have the cache's line that holds ``array[place]`` fetched, without waiting for it.

    Nothing is read: a place outside of the array does no harm.
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
