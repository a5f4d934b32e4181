"""A verdict says whose copy an article repeats, as the report says about articles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dedup import Article, find_overlaps
from dedup.cli.application import app
from dedup.index import Filter, Index

FIRST = (
    "The glass works on the river will melt with electricity from next summer, its owners said, and "
    "the two chimneys that sailors steered by for ninety years will come down after the harvest."
)
SECOND = (
    "Nobody had seen the ferryman since the flood, but his dog was found on the boat house, dry and "
    "hungry, by two boys who had only come to look for their football in the reeds."
)
WIRE = Article(id="1", source="Valley Post", text=f"(Reuters) - {FIRST}")
OURS = Article(id="2", source="Lake Courier", text=f"{FIRST} {SECOND}")
LATER = Article(id="3", source="Hill Gazette", text=f"OSLO, May 3 (PTI) - {SECOND}")
BOTH = Article(id="4", source="Shore Echo", text=f"{FIRST} {SECOND} Tickets are sold at the gate.")


def said(verdict: object) -> list[tuple[str | None, str, str]]:
    return [(each.name, each.kind, each.state) for each in verdict.suppliers]  # type: ignore[attr-defined]


def test_a_verdict_names_the_suppliers_of_what_was_seen(tmp_path: Path) -> None:
    with Index.create(tmp_path / "index") as index:
        judged = Filter(index).judge([WIRE, OURS, LATER, BOTH])
    wire, ours, later, both = (each.verdict for each in judged)
    assert wire.suppliers == ()
    assert said(ours) == [("Reuters", "agency", "not_found")]
    assert ours.suppliers[0].words == pytest.approx(33, abs=4)
    assert ours.suppliers[0].share == pytest.approx(0.49, abs=0.05)
    assert said(later) == [("PTI", "agency", "credited")], "its own credit tells whose the repeated words are"
    assert {name for name, _, _ in said(both)} == {"Reuters", "PTI"}
    assert sum(each.share for each in both.suppliers) <= 1


def test_the_same_over_all_articles_and_one_after_the_other(tmp_path: Path) -> None:
    articles = [WIRE, OURS, LATER, BOTH]
    together = find_overlaps(articles).verdicts("annotate")
    with Index.create(tmp_path / "index") as index:
        filtered = Filter(index)
        apart = [one.verdict for article in articles for one in filtered.judge([article])]
        again = [one.verdict for article in articles for one in filtered.judge([article])]
    assert [said(one.verdict) for one in together] == [said(one) for one in apart]
    assert again == apart
    assert together.to_arrow().column("suppliers").to_pylist()[1][0]["name"] == "Reuters"


def test_the_source_that_is_the_supplier_is_credited() -> None:
    own = Article(id="0", source="Reuters", text=FIRST)
    copy = Article(id="1", source="Lake Courier", text=f"{FIRST} It rained.")
    by_copy = Article(id="2", source="www.reuters.com", text=f"{FIRST} Corrected.")
    verdicts = find_overlaps([own, copy, by_copy]).verdicts("annotate")
    assert said(verdicts[1].verdict) == [("Reuters", "agency", "not_found")]
    assert said(verdicts[2].verdict) == [("Reuters", "agency", "credited")]


@pytest.mark.parametrize("ending", ["jsonl", "parquet", "csv"])
def test_every_format_of_the_filter_carries_them(ending: str, tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / f"out.{ending}"
    lines = [json.dumps({"id": one.id, "source": one.source, "text": one.text}) for one in (WIRE, OURS)]
    source.write_text("\n".join(lines), encoding="utf-8")
    result = CliRunner().invoke(app, ["filter", str(source), "-o", str(target)])
    assert result.exit_code == 0, result.output
    assert b"Reuters" in target.read_bytes()
