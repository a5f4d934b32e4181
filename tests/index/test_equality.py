"""Whatever the parts and their order, the index finds what one scan of everything finds."""

from __future__ import annotations

import random
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from press_articles import corpus

from dedup.detector import find_overlaps, learn_background
from dedup.index import Index
from dedup.index.store import merging
from dedup.results import Overlap
from dedup.settings import Settings

ARTICLES = corpus(1, 60)
BACKGROUND = learn_background(ARTICLES)
SCAN = find_overlaps(ARTICLES, background=BACKGROUND)


def _plain(overlap: Overlap) -> tuple[object, ...]:
    """Return the fields that do not depend on articles outside the pair."""
    return (
        overlap.a,
        overlap.b,
        overlap.relation,
        overlap.passages,
        overlap.jaccard,
        overlap.coverage_a,
        overlap.coverage_b,
    )


def _cut(order: list[int], cuts: list[int]) -> list[list[int]]:
    bounds = sorted({0, len(order), *cuts})
    return [order[start:end] for start, end in pairwise(bounds)]


@settings(max_examples=12, deadline=None)
@given(st.permutations(range(len(ARTICLES))), st.lists(st.integers(1, len(ARTICLES) - 1), max_size=12))
def test_any_parts_in_any_order_give_what_a_scan_gives(order: list[int], cuts: list[int]) -> None:
    found: list[Overlap] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        Index.create(Path(folder) / "index", background=BACKGROUND, threads=1) as index,
    ):
        for part in _cut(order, cuts):
            found += index.add([ARTICLES[number] for number in part]).overlaps
        whole = index.report()
        assert list(whole.overlaps) == list(SCAN.overlaps)
        assert list(whole.stories) == list(SCAN.stories)
        assert list(whole.articles) == list(SCAN.articles)
        assert index.verify().problems == ()
    assert sorted(map(_plain, found)) == sorted(map(_plain, SCAN.overlaps))


def test_the_corpus_has_what_the_test_is_about() -> None:
    assert len(SCAN.overlaps) > 50
    assert len(SCAN.stories) > 1
    assert {overlap.relation for overlap in SCAN.overlaps} == {"copy", "excerpt", "partial"}
    assert any(overlap.syndicated for overlap in SCAN.overlaps)


@pytest.mark.parametrize("scope", ["cross", "all"])
def test_the_scope_holds_between_old_and_new(tmp_path: Path, scope: str) -> None:
    chosen = Settings(scope=scope)  # type: ignore[arg-type]
    with Index.create(tmp_path / "index", chosen, BACKGROUND) as index:
        for start in range(0, len(ARTICLES), 7):
            index.add(ARTICLES[start : start + 7])
        expected = find_overlaps(ARTICLES, chosen, background=BACKGROUND)
        assert list(index.report().overlaps) == list(expected.overlaps)


def test_a_query_finds_what_an_add_would(tmp_path: Path) -> None:
    asked = ARTICLES[7]
    with Index.create(tmp_path / "index", background=BACKGROUND) as index:
        index.add([article for article in ARTICLES if article is not asked])
        found = index.query(asked)
        assert list(map(_plain, found)) == list(map(_plain, index.add([asked]).overlaps))
        assert found
        assert list(map(_plain, index.query(asked))) == list(map(_plain, found)), "it does not meet itself"


def test_threads_do_not_change_anything(tmp_path: Path) -> None:
    reports = []
    for threads in (1, 3):
        with Index.create(tmp_path / str(threads), background=BACKGROUND, threads=threads) as index:
            for start in range(0, len(ARTICLES), 11):
                index.add(ARTICLES[start : start + 11])
            reports.append(list(index.report().overlaps))
    assert reports[0] == reports[1]


def test_merging_and_compacting_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "_SORTED_AT_ONCE", 8)  # as in a large index, bands are merged in parts
    order = ARTICLES[:]
    random.Random(3).shuffle(order)
    with Index.create(tmp_path / "index", background=BACKGROUND) as index:
        for article in order:
            index.add([article])
        assert index.info().segments < 2 * 8, "segments were merged on the way"
        assert list(index.report().overlaps) == list(SCAN.overlaps)
        index.compact()
        assert index.info().segments == 1
        assert list(index.report().overlaps) == list(SCAN.overlaps)
        assert [batch.num_rows for batch in index.articles()] == [len(order)]


def test_a_bucket_over_the_cap_is_cut_and_counted(tmp_path: Path) -> None:
    text = ARTICLES[1].text
    copies = [type(ARTICLES[1])(id=f"c{n:03}", source=f"s{n}", text=text) for n in range(40)]
    chosen = Settings(max_bucket=10)
    with Index.create(tmp_path / "index", chosen, BACKGROUND) as index:
        counts = [index.add(copies[start : start + 5]) for start in range(0, 40, 5)]
        assert counts[0].summary.cut_short == 0
        assert counts[-1].summary.cut_short > 0
        assert len(counts[-1].overlaps) < 5 * 35
        (story,) = index.report().stories
        assert len(story.articles) == 40
