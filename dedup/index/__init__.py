"""The index: a directory of articles with which each new article is compared."""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dedup.index.filter.filtering import Filter
    from dedup.index.index import Index
    from dedup.index.store.snapshot import Period
    from dedup.index.verbs.information import IndexInfo
    from dedup.index.verbs.verification import Verification, whole_articles
    from dedup.results import Verdict
    from dedup.verdicts.judging import Judged
    from dedup.verdicts.policy import Policy

_HOMES = {
    "Filter": "filter.filtering",
    "Index": "index",
    "IndexInfo": "verbs.information",
    "Judged": "dedup.verdicts.judging",
    "Period": "store.snapshot",
    "Policy": "dedup.verdicts.policy",
    "Verdict": "dedup.results",
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
    "whole_articles",
]


def __getattr__(name: str) -> Any:
    if name == "Window":
        warnings.warn(
            "dedup.index.Window is now dedup.Period; this name goes with version 2",
            DeprecationWarning,
            stacklevel=2,
        )
        name = "Period"
    if name not in _HOMES:
        raise AttributeError(f"module 'dedup.index' has no attribute {name!r}")
    home = _HOMES[name]
    return getattr(import_module(home if home.startswith("dedup.") else f"dedup.index.{home}"), name)
