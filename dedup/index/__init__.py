"""The index: a directory of articles that each new one is compared with."""

from dedup.index.information import IndexInfo
from dedup.index.store import Index
from dedup.index.verification import Verification, whole_articles

__all__ = ["Index", "IndexInfo", "Verification", "whole_articles"]
