"""Values of options that need no conversion: for each, typer would load pydantic, a tenth of a small run."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, get_args, get_origin


def spare_conversion(parameters: list[Any]) -> list[Any]:
    """Return typer's parameters; plain values are no longer converted, others as before.

    Plain values are texts, lists of texts, choices spelled as in the help, and readable paths.
    """
    for parameter in parameters:
        described = getattr(parameter, "type_descriptor", None)
        if described is not None:
            parameter._runtime_param = _PlainFirst(described)
    return parameters


class _PlainFirst:
    """Replaces typer's converter of one parameter."""

    def __init__(self, described: Any) -> None:
        self._described, self._kind = described, described.annotation

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """Return the value as the verb takes it; errors are typer's own."""
        many = getattr(param, "multiple", False) or param.nargs == -1
        if value is None:
            return () if many else None
        if many:
            if self._kind == list[str] and not isinstance(value, str) and _are_texts(value):
                return list(value)
        elif _is_plain(value, self._kind):
            return value
        elif self._kind is Path and isinstance(value, str) and _is_free_or_readable(value):
            return Path(value)
        from typer._coercion import build_runtime_param

        return build_runtime_param(self._described).coerce(value, param, ctx)


def _is_plain(value: object, kind: Any) -> bool:
    if kind is str or kind is Path:
        return isinstance(value, kind)
    if get_origin(kind) is Literal:
        return isinstance(value, str) and value in get_args(kind)
    return False


def _are_texts(values: Iterable[object]) -> bool:
    return all(isinstance(value, str) for value in values)


def _is_free_or_readable(path: str) -> bool:
    return "\0" not in path and (not os.path.lexists(path) or os.access(path, os.R_OK))
