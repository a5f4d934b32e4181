"""Find the text that news outlets share.

The public names, each in the module that owns it. They are imported on first use, so that ``dedup --help``
does not wait for numerical libraries.

>>> from dedup import Article, find_overlaps
>>> text = ("The ministers met in Moscow on Thursday and signed a pact that sends grain north "
...         "and oil south until the end of the coming winter.")
>>> report = find_overlaps([Article(id="a", text=text), Article(id="b", text=text)])
>>> report.overlaps[0].relation
'copy'
"""

from __future__ import annotations

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any

from dedup.jit.imports import keep_kernels

if TYPE_CHECKING:
    from dedup.article import Article, Span
    from dedup.background.tables import Background
    from dedup.detector import compare, find_overlaps, learn_background
    from dedup.errors import DedupError
    from dedup.estimator import NearDuplicateDetector
    from dedup.index.filter.filtering import Filter
    from dedup.index.index import Index
    from dedup.index.store.snapshot import Period
    from dedup.reading import read_articles, read_batches
    from dedup.report.scan_report import ScanReport
    from dedup.results import AlignedPassages, ArticleReport, Overlap, Report, Story, Verdict
    from dedup.settings import Settings
    from dedup.verdicts.judging import Judged
    from dedup.verdicts.policy import Policy
    from dedup.verdicts.whole import Verdicts

__version__ = "0.2.0"

_HOMES = {
    "AlignedPassages": "results",
    "Article": "article",
    "ArticleReport": "results",
    "Background": "background.tables",
    "DedupError": "errors",
    "Filter": "index.filter.filtering",
    "Index": "index.index",
    "Judged": "verdicts.judging",
    "NearDuplicateDetector": "estimator",
    "Overlap": "results",
    "Period": "index.store.snapshot",
    "Policy": "verdicts.policy",
    "Report": "results",
    "ScanReport": "report.scan_report",
    "Settings": "settings",
    "Span": "article",
    "Story": "results",
    "Verdict": "results",
    "Verdicts": "verdicts.whole",
    "compare": "detector",
    "find_overlaps": "detector",
    "learn_background": "detector",
    "read_articles": "reading",
    "read_batches": "reading",
}

__all__ = [
    "AlignedPassages",
    "Article",
    "ArticleReport",
    "Background",
    "DedupError",
    "Filter",
    "Index",
    "Judged",
    "NearDuplicateDetector",
    "Overlap",
    "Period",
    "Policy",
    "Report",
    "ScanReport",
    "Settings",
    "Span",
    "Story",
    "Verdict",
    "Verdicts",
    "compare",
    "find_overlaps",
    "learn_background",
    "read_articles",
    "read_batches",
]

logging.getLogger("dedup").addHandler(logging.NullHandler())
keep_kernels()


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'dedup' has no attribute {name!r}")
    return getattr(import_module(f"dedup.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
