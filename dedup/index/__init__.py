"""The index: a directory of articles that each new one is compared with."""

from dedup.index.filtering import Filter, Policy
from dedup.index.information import IndexInfo
from dedup.index.snapshot import Window
from dedup.index.store import Index
from dedup.index.verdicts import Judged, Verdict
from dedup.index.verification import Verification, whole_articles

__all__ = [
    "Filter",
    "Index",
    "IndexInfo",
    "Judged",
    "Policy",
    "Verdict",
    "Verification",
    "Window",
    "whole_articles",
]
