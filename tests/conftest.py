"""What all tests have in common: the Hypothesis profiles, and the seed articles with the result of a scan.

This folder is put on the path together with this file, so tests may import `oracles` and `strategies`.
"""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from dedup.article import Article
from dedup.detector import find_overlaps
from dedup.reading import read_articles
from dedup.report.scan_report import ScanReport
from dedup.settings import Settings

# The first example of a test may compile a kernel, so no example has a deadline. The default profile draws
# the same examples each time; "search" looks for new ones (pytest --hypothesis-profile=search).
settings.register_profile(
    "ordinary",
    deadline=None,
    max_examples=40,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("fast", settings.get_profile("ordinary"), max_examples=8)
settings.register_profile("search", settings.get_profile("ordinary"), max_examples=1000, derandomize=False)
settings.load_profile("ordinary")

# A shell starts background processes with interrupts ignored, and all their child processes inherit that.
# Processes that the tests interrupt must not.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

SEEDS = Path(__file__).parents[1] / "seeds"


@pytest.fixture(scope="session")
def seed_articles() -> list[Article]:
    return list(read_articles([SEEDS]))


@pytest.fixture(scope="session")
def seed_report(seed_articles: list[Article]) -> ScanReport:
    """Scan all pairs of the seeds, including those of one source."""
    return find_overlaps(seed_articles, Settings(scope="all"))
