"""Arrays that a kernel reads and writes without counting the references to them.

numba counts them with an atomic step whenever a slice is cut or another kernel called, though the caller
holds the arrays all the while. In loops over short slices that is a good part of the time.
"""

from __future__ import annotations

from typing import Any, TypeVar

from numba import types
from numba.core import cgutils
from numba.extending import lower_builtin, type_callable

Arrays = TypeVar("Arrays")


def borrowed(arrays: Arrays) -> Arrays:
    """An array, or a tuple of arrays, uncounted within a kernel; and so is what is cut from it.

    Only for arguments of the kernel: an array that it makes itself would be freed with its last counted
    reference.
    """
    return arrays


# A builtin to numba, and no overload that it inlines: it would then leave out what is written to an array of
# a tuple and not read by the same kernel, as it cannot see whose the array is.
@type_callable(borrowed)
def _typed(context):  # type: ignore[no-untyped-def]
    return lambda arrays: arrays


@lower_builtin(borrowed, types.Any)  # type: ignore[no-untyped-call]
def _lowered(context, builder, signature, values):  # type: ignore[no-untyped-def]
    return _without_owner(context, builder, signature.args[0], values[0])


def _without_owner(target: Any, builder: Any, kind: Any, value: Any) -> Any:
    if isinstance(kind, types.BaseTuple):
        kinds: list[Any] = list(kind)  # type: ignore[call-overload]
        parts = [
            _without_owner(target, builder, part, builder.extract_value(value, place))
            for place, part in enumerate(kinds)
        ]
        return target.make_tuple(builder, kind, parts)
    view = target.make_array(kind)(target, builder, value)
    nobody = cgutils.get_null_value(view.meminfo.type)  # type: ignore[no-untyped-call]
    view.meminfo, view.parent = nobody, builder.bitcast(nobody, view.parent.type)
    return view._getvalue()
