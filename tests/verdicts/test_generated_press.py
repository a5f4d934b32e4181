"""Policies on a generated press with known truth: which articles hold which planted text, and where."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from corpus import write
from press import Press
from stories import plan

from dedup.detector import find_overlaps
from dedup.reading import read_articles
from dedup.report.scan_report import ScanReport
from dedup.text.tokens import tokenise
from dedup.verdicts.policy import Policy

ARTICLES = 20_000


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Any], list[dict[str, Any]], ScanReport]:
    folder = tmp_path_factory.mktemp("press")
    write(Press(plan(ARTICLES, 7)), folder)
    articles = list(read_articles([folder / "articles.jsonl"]))
    return articles, pq.read_table(Path(folder) / "truth.parquet").to_pylist(), find_overlaps(articles)


def _marked(texts: list[str], spans: list[tuple[int, int, int]]) -> list[np.ndarray[Any, Any]]:
    marked = [np.zeros(len(text), np.bool_) for text in texts]
    for row, start, end in spans:
        marked[row][start:end] = True
    return marked


@pytest.mark.slow
def test_of_each_group_of_whole_stories_the_longest_is_kept(press: Any) -> None:
    articles, truth, report = press
    kept = report.verdicts("drop", keep="longest").kept
    row = {article.id: number for number, article in enumerate(articles)}
    words = np.diff(tokenise([article.text for article in articles]).offsets)
    groups = defaultdict(list)
    for each in truth:
        if each["kind"] == "whole":
            groups[each["story"]].append(row[each["id"]])
    assert len(groups) == 540
    stopped = shorter = 0
    for rows in groups.values():
        longest = words[rows].max()
        assert longest in [words[each] for each in rows if kept[each]]
        shorter += len(rows) - 1
        stopped += sum(not kept[each] for each in rows)
    # One of the 230 in the largest group, of which a fifth is edited, shares no bucket with a representative.
    assert stopped >= 0.99 * shorter


@pytest.mark.slow
def test_cut_by_sentence_takes_the_planted_text_and_leaves_the_rest(press: Any) -> None:
    articles, truth, report = press
    policy = Policy(action="cut", cut_unit="sentence", keep="none", min_words_left=0)
    texts = [article.text for article in articles]
    row = {article.id: number for number, article in enumerate(articles)}
    verdicts = report.verdicts(policy)
    gone = _marked(texts, [(n, *span) for n, each in enumerate(verdicts) for span in each.verdict.cut])
    planted = _marked(texts, [(row[each["id"]], each["start"], each["end"]) for each in truth])
    lightly = defaultdict(list)
    for each in truth:
        if each["edited"] <= 0.1:
            lightly[each["story"]].append(each)
    went = whole = 0
    for group in lightly.values():
        if len({articles[row[each["id"]]].source for each in group}) < 2:
            continue
        for each in group:
            part = gone[row[each["id"]]][each["start"] : each["end"]]
            went, whole = went + int(part.sum()), whole + len(part)
    others = sum(int((~each).sum()) for each in planted)
    lost = sum(int((one & ~other).sum()) for one, other in zip(gone, planted, strict=True))
    assert went / whole >= 0.98
    assert lost / others <= 0.01
