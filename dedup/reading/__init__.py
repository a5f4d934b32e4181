"""Reading articles from files of all common formats, in Arrow batches or one by one.

The public names are imported on first use, because the processes that read web pages need none of them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dedup.reading.batches import ARTICLE_SCHEMA, to_articles, to_batches
    from dedup.reading.read import read_articles, read_batches
    from dedup.reading.rejects import Reject
    from dedup.reading.run import Reading

__all__ = [
    "ARTICLE_SCHEMA",
    "Reading",
    "Reject",
    "read_articles",
    "read_batches",
    "to_articles",
    "to_batches",
]

_HOMES = {
    "ARTICLE_SCHEMA": "batches",
    "Reading": "run",
    "Reject": "rejects",
    "read_articles": "read",
    "read_batches": "read",
    "to_articles": "batches",
    "to_batches": "batches",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
