"""The filter's verdicts: batch by batch, or with each batch prepared while the previous one is judged."""

from __future__ import annotations

import threading
from pathlib import Path

import pyarrow as pa
import pytest
from press_articles import corpus

from dedup.background.tables import Background
from dedup.detector import learn_background
from dedup.index import Index
from dedup.index.filter import filtering
from dedup.index.filter.filtering import Filter
from dedup.reading.batches import to_batches

ARTICLES = corpus(2, 90)


def _batches(rows: int) -> list[pa.RecordBatch]:
    """Return batches with an article that occurs twice within a batch, and some that recur in later ones."""
    again = [*ARTICLES[:10], ARTICLES[9], *ARTICLES[10:], *ARTICLES[40:50]]
    return list(to_batches(again, rows=rows))


@pytest.fixture(scope="module")
def background() -> Background:
    return learn_background(ARTICLES)


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("rows", [7, 30])
def test_what_is_prepared_ahead_is_judged_alike(
    tmp_path: Path, background: Background, known: bool, rows: int
) -> None:
    said = []
    for name in ("one", "ahead"):
        # Without a background one is learned on the way, and earlier preparations become useless.
        with Index.create(tmp_path / name, background=background if known else None) as index:
            judge = Filter(index, policy="drop")
            if name == "one":
                said.append([judge.judge(batch) for batch in _batches(rows)])
            else:
                said.append(list(judge.judge_all(_batches(rows))))
            assert index.verify().problems == ()
    assert said[0] == said[1]
    assert any(not each.kept for batch in said[0] for each in batch)


def test_the_next_batch_is_prepared_before_the_last_is_judged(
    tmp_path: Path, background: Background, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[str] = []
    prepare = filtering.prepare

    def noted(*given: object) -> object:
        threads.append(threading.current_thread().name)
        return prepare(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(filtering, "prepare", noted)
    monkeypatch.setattr(
        "dedup.index.verbs.writing.prepare", lambda *given: pytest.fail("it was prepared already")
    )
    with Index.create(tmp_path / "index", background=background) as index:
        batches = list(to_batches(ARTICLES, rows=30))
        assert sum(map(len, Filter(index).judge_all(batches))) == len(ARTICLES)
    assert len(threads) == len(batches)
    assert threading.current_thread().name not in threads


def test_an_error_of_a_judgement_comes_out_and_the_reader_ends(
    tmp_path: Path, background: Background, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = threading.active_count()
    with Index.create(tmp_path / "index", background=background) as index:
        judged = Filter(index).judge_all(to_batches(ARTICLES, rows=10))
        next(judged)
        monkeypatch.setattr("dedup.index.verbs.writing.compare_and_store", lambda *given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            list(judged)
    assert threading.active_count() == before


def test_what_was_prepared_on_other_terms_is_prepared_anew(
    tmp_path: Path, background: Background, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []
    prepare = filtering.prepare

    def noted(*given: object) -> object:
        done.append(1)
        return prepare(*given)  # type: ignore[arg-type]

    with Index.create(tmp_path / "index", background=background) as index:
        index.add(ARTICLES[:60])
        judge = Filter(index)
        (batch,) = to_batches(ARTICLES[60:])
        ahead = judge.prepare(batch)
        index.refresh()  # another background from here on
        monkeypatch.setattr("dedup.index.verbs.writing.prepare", noted)
        judge.judge(batch, ahead)
    assert done == [1]
