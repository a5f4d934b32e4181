"""Editors' decisions count in a filter: those of the index, of a file, and over all files."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dedup import Article, find_overlaps
from dedup.cli.application import app
from dedup.decisions.files import written
from dedup.decisions.ledger import decided_sentences
from dedup.decisions.record import Decision, Kind
from dedup.index import Filter, Index

QUARRY = (
    "The quarry above the village may be filled with water from the spring onwards, the district ruled, "
    "and bathers will find a meadow, a jetty and two parking places there before the holidays begin."
)
MILL = (
    "Only the wheel of the old mill turned again on Sunday, after forty years in which nobody had the money "
    "for the oak that was wanted, and the miller's granddaughter let the first sack of rye run through."
)
OURS = Article(id="ours", source="Valley Post", text=QUARRY)
THEIRS = Article(id="theirs", source="Lake Courier", text="A report. " + QUARRY)
OTHER = Article(id="mill", source="Valley Post", text=MILL)
COPY = Article(id="mill-2", source="Lake Courier", text=MILL + " It was loud.")


def decided(kind: Kind = "permitted", until: datetime | None = None) -> Decision:
    report = find_overlaps([OURS, THEIRS])
    (overlap,) = report.overlaps
    return Decision(
        id="d1",
        at=datetime(2026, 3, 5, 10, tzinfo=UTC),
        by="mk",
        kind=kind,
        a=overlap.a,
        b=overlap.b,
        a_source=overlap.a_source,
        b_source=overlap.b_source,
        until=until,
        sentences=decided_sentences(overlap, report.article),
    )


def kept(index: Index, *given: Decision) -> list[bool]:
    chosen = Filter(index, policy="drop", decisions=given)
    return [each.kept for each in chosen.judge([OURS, THEIRS, OTHER, COPY])]


def test_a_decision_of_the_index_lets_a_copy_pass(tmp_path: Path) -> None:
    with Index.create(tmp_path / "without") as index:
        assert kept(index) == [True, False, True, False]
    with Index.create(tmp_path / "with") as index:
        index.decide([decided()])
        assert kept(index) == [True, True, True, False]
        again = Article(id="again", source="Third", text=QUARRY)
        (judged,) = Filter(index, policy="drop").judge([again])
        assert (judged.kept, judged.verdict.verdict) == (True, "original")


@pytest.mark.parametrize(
    "decision", [decided("chase"), decided(until=datetime(2026, 3, 6, tzinfo=UTC))], ids=["waits", "is over"]
)
def test_what_is_not_closed_counts(decision: Decision, tmp_path: Path) -> None:
    with Index.create(tmp_path / "index") as index:
        assert kept(index, decision) == [True, False, True, False]


def test_cut_leaves_what_may_run(tmp_path: Path) -> None:
    with Index.create(tmp_path / "index") as index:
        chosen = Filter(index, policy="cut", decisions=[decided()])
        texts = [each.text for each in chosen.judge([OURS, THEIRS, OTHER, COPY])]
    assert texts[1] is None
    assert texts[3] == "It was loud."


@pytest.mark.parametrize("way", ["stream", "files", "index"])
def test_the_command_line_takes_a_file_of_decisions(way: str, tmp_path: Path) -> None:
    file = tmp_path / "decisions.jsonl"
    file.write_text(written([decided()], "jsonl"), encoding="utf-8")
    articles = tmp_path / "articles.jsonl"
    lines = [
        json.dumps({"id": each.id, "source": each.source, "text": each.text})
        for each in (OURS, THEIRS, OTHER, COPY)
    ]
    articles.write_text("\n".join(lines) + "\n", encoding="utf-8")
    arguments = ["filter", "--policy", "drop", "--decisions", str(file)]
    if way == "index":
        Index.create(tmp_path / "index").close()
        arguments += ["--index", str(tmp_path / "index")]
    if way != "stream":
        arguments.append(str(articles))
    result = CliRunner().invoke(app, arguments, input=articles.read_text() if way == "stream" else None)
    assert result.exit_code == 0, result.output
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["ours", "theirs", "mill"]


def test_a_file_that_holds_no_decisions_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "decisions.jsonl"
    file.write_text("{]", encoding="utf-8")
    result = CliRunner().invoke(app, ["filter", "--decisions", str(file)], input="")
    assert result.exit_code != 0
    assert "decisions.jsonl" in str(result.exception) + result.output
