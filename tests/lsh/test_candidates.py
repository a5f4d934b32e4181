"""The bound on the candidates of an article."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup import Article, find_overlaps
from dedup.corpus import join
from dedup.index import Index
from dedup.index.compare import finding
from dedup.lsh.candidates import MOST_PARTNERS, bounded

PAIRS = st.sets(st.tuples(st.integers(0, 12), st.integers(0, 12)).filter(lambda pair: pair[0] < pair[1]))


@given(PAIRS, st.integers(1, 5))
def test_it_keeps_what_plain_python_keeps(pairs: set[tuple[int, int]], most: int) -> None:
    each = sorted(pairs)
    partners: dict[int, list[int]] = defaultdict(list)
    for a, b in each:
        partners[a].append(b)
        partners[b].append(a)
    first = {article: sorted(others)[:most] for article, others in partners.items()}
    expected = [
        len(partners[a]) <= most or len(partners[b]) <= most or b in first[a] or a in first[b]
        for a, b in each
    ]
    a, b = np.array(each, np.int64).reshape(-1, 2).T
    assert bounded(a, b, most).tolist() == expected


@given(PAIRS, st.integers(1, 5))
def test_an_article_has_no_more_than_twice_the_bound_on_average(
    pairs: set[tuple[int, int]], most: int
) -> None:
    a, b = np.array(sorted(pairs), np.int64).reshape(-1, 2).T
    keep = bounded(a, b, most)
    assert np.count_nonzero(keep) <= most * 13


def test_one_article_of_many_others_is_compared_with_all() -> None:
    many = 3 * MOST_PARTNERS
    assert bounded(np.zeros(many, np.int64), np.arange(1, many + 1)).all()


def test_what_is_left_out_is_counted_in_a_scan_and_in_an_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def few(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return bounded(a, b, 2)

    text = "The windmill on the dyke turned again at noon, and the miller sold the first sack to the baker."
    articles = [Article(id=f"{n}", source=f"s{n}", text=f"{text} Number {n} of them.") for n in range(8)]
    assert find_overlaps(articles).summary.cut_short == 0
    monkeypatch.setattr(join, "bounded", few)
    monkeypatch.setattr(finding, "bounded", few)
    report = find_overlaps(articles)
    assert (len(report.overlaps), report.summary.cut_short, report.summary.stories) == (13, 15, 1)
    with Index.create(tmp_path / "index", threads=1) as index:
        found = index.add(articles)
        assert (len(found.overlaps), found.summary.cut_short) == (13, 15)
