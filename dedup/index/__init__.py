"""The index: a directory of articles that each new one is compared with."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dedup.index.filter.filtering import Filter, Policy
    from dedup.index.filter.verdicts import Judged
    from dedup.index.index import Index
    from dedup.index.store.snapshot import Period
    from dedup.index.store.snapshot import Period as Window
    from dedup.index.verbs.information import IndexInfo
    from dedup.index.verbs.verification import Verification, whole_articles
    from dedup.results import Verdict

_HOMES = {
    "Filter": "filter.filtering",
    "Index": "index",
    "IndexInfo": "verbs.information",
    "Judged": "filter.verdicts",
    "Period": "store.snapshot",
    "Policy": "filter.filtering",
    "Verdict": "filter.verdicts",
    "Verification": "verbs.verification",
    "whole_articles": "verbs.verification",
}

__all__ = [
    "Filter",
    "Index",
    "IndexInfo",
    "Judged",
    "Period",
    "Policy",
    "Verdict",
    "Verification",
    "Window",
    "whole_articles",
]


def __getattr__(name: str) -> Any:
    if name == "Window":  # the former name of Period
        name = "Period"
    if name not in _HOMES:
        raise AttributeError(f"module 'dedup.index' has no attribute {name!r}")
    return getattr(import_module(f"dedup.index.{_HOMES[name]}"), name)
