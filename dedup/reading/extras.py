"""Optional libraries, imported when the first file needs one, with a hint on how to install them."""

from __future__ import annotations

import importlib
from importlib.metadata import entry_points
from types import ModuleType

from dedup.errors import InputError


def load_extra(module: str, *, extra: str, file: str) -> ModuleType:
    """Import a module of an extra.

    Raises
    ------
    InputError
        The module is not installed; the message says which extra contains it.

    Examples
    --------
    >>> load_extra("json", extra="web", file="a.html").__name__
    'json'
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        raise InputError(
            f"reading it needs {package}, which is not installed; pip install '{distribution()}[{extra}]'",
            file=file,
        ) from error


def distribution() -> str:
    """Return the name under which this package is installed."""
    points = entry_points(group="console_scripts", name="dedup")
    return next((point.dist.name for point in points if point.dist is not None), "dedup")
