"""Arrays that a kernel reads and writes without reference counting.

numba counts references with an atomic operation whenever a slice is taken or another kernel is called,
although the caller holds the arrays all the time. In loops over short slices this takes a good part of the
time.
"""

from __future__ import annotations

from typing import Any, TypeVar

from numba import types
from numba.core import cgutils
from numba.extending import lower_builtin, type_callable

Arrays = TypeVar("Arrays")


def borrowed(arrays: Arrays) -> Arrays:
    """Return an array, or a tuple of arrays, whose references and slices a kernel does not count.

    Use it only for arguments of the kernel: an array that the kernel creates would be freed with its last
    counted reference.
    """
    return arrays


# A builtin and not an inlined overload: numba would then drop writes to an array of a tuple that the same
# kernel does not read, because it cannot see who owns the array.
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
