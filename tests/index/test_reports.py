"""The report of an index is built when it is first read, whoever reads it and whatever failed before."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from dedup.article import Article
from dedup.index import Index
from dedup.index.compare.gathering import Gathered
from dedup.index.verbs.reports import StoredReport

TEXT = (
    "The ministers met in Moscow on Thursday and signed a pact that sends grain north and oil south until "
    "the harvest of next year is brought in."
)


@pytest.fixture
def report(tmp_path: Path) -> StoredReport:
    with Index.create(tmp_path / "seen") as index:
        index.add([Article(id="a", text=TEXT)])
        return index.add([Article(id="b", text="News: " + TEXT)])


def test_threads_that_ask_at_once_get_the_same_report(report: StoredReport) -> None:
    together = Barrier(4)

    def ask(_: int) -> tuple[int, int]:
        together.wait()
        return report.overlap_batch(0, 1).num_rows, id(report.built())

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(ask, range(4)))
    assert len(answers) == 1
    assert answers.pop()[0] == 1


def test_what_went_wrong_is_said_again_and_the_report_is_there_when_it_is_mended(
    report: StoredReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Gathered:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as disk:
        disk.setattr(Gathered, "stored", broken)
        for _ in range(2):
            with pytest.raises(OSError, match="Input/output error"):
                _ = report.overlaps
    assert [(each.a, each.b) for each in report.overlaps] == [("a", "b")]


def test_asking_for_what_a_report_has_not_builds_nothing(
    report: StoredReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Gathered, "stored", None)
    assert not hasattr(report, "anything")
    assert report.notes == ()
