"""The stages give the same result as the whole scan, so their times are those of the same work."""

from __future__ import annotations

import guard
import numpy as np
import pytest
from corpus import write
from press import Press
from stages import WHOLE, Bench, Stage, measure, table
from stories import plan


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> tuple[Bench, list[Stage]]:
    folder = tmp_path_factory.mktemp("stages")
    write(Press(plan(300, 1)), folder, parquet=True)
    bench = Bench(folder, folder)
    return bench, list(bench.stages())


def test_the_stages_align_what_the_scan_aligns(bench):
    measured, stages = bench
    aligned = next(stage for stage in stages if stage.name == "alignment").run()
    passages = sum(len(found.pair) for found in aligned)
    words = sum(int(found.words.sum()) for found in aligned)
    overlaps = list(measured.report.overlaps)
    assert len(overlaps) > 20
    # The scan only drops pairs that share too few words.
    assert passages >= sum(len(overlap.passages) for overlap in overlaps)
    totals = np.concatenate(
        [np.bincount(found.pair, found.words)[np.unique(found.pair)] for found in aligned]
    )
    least = measured.settings.min_overlap_words
    assert int((totals >= least).sum()) == len(overlaps)
    assert int(totals[totals >= least].sum()) == sum(overlap.words for overlap in overlaps) <= words


def test_every_stage_is_timed_and_named_once(bench):
    measured, stages = bench
    names = [stage.name for stage in stages]
    assert len(set(names)) == len(names)
    assert names[-1] == WHOLE
    assert set(guard.AGAINST) <= {*names, guard.SIGNING}
    quick = [stage for stage in stages if stage.name in ("tokens", "reading Parquet", "band keys")]
    assert len(quick) == 3
    rows = measure(quick, 2, measured.size)
    assert all(row["seconds"] > 0 and row["count"] > 0 for row in rows.values())
    assert rows["tokens"]["count"] == 300
    assert "band keys" in table(rows, measured.articles)
