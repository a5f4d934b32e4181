"""The breakdown of a scan: every stage once, in order, and the number of candidates from the join."""

from __future__ import annotations

from pathlib import Path

from breakdown import measure
from corpus import write
from press import Press
from stories import plan

from dedup.settings import Settings


def test_a_scan_taken_apart(tmp_path: Path) -> None:
    write(Press(plan(300, 1)), tmp_path)
    found = measure(tmp_path, Settings(), parquet=False, memory=None)
    stages = ["starting", "reading", "sketching", "joining", "aligning", "placing", "writing"]
    assert list(found["seconds"]) == stages
    assert all(each["wall"] >= 0 <= each["processor"] for each in found["seconds"].values())
    assert found["articles"] == 300
    assert found["candidates_an_article"] >= found["overlaps_an_article"] > 0
    assert found["recall"]["copies and edits up to 10 %"] == 1.0
    rare = measure(tmp_path, Settings(bands=1), parquet=False, memory=None)
    assert rare["candidates_an_article"] < found["candidates_an_article"]
