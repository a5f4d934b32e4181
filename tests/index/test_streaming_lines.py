"""Lines of a filter's input: each is one article, or is answered with a fault."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dedup.index import Filter, Index
from dedup.index.filter import streaming
from dedup.index.filter.streaming import LineFilter
from dedup.reading.fields import FieldMapping, Selector
from dedup.reading.input_file import InputFile
from dedup.reading.json_lines import read_blocks
from dedup.reading.records import Fault
from dedup.reading.streams import Block


def test_each_line_is_an_article_or_a_fault() -> None:
    article = {"id": "a", "text": "The bell rang at noon."}
    lines = [article, {"index": {"_id": "x"}}, {"articles": [article, article]}, {"data": article}]
    block = Block("\n".join(map(json.dumps, lines)).encode(), 0)
    file = InputFile("-", None, "jsonl", stem="stdin")
    (records,) = read_blocks(iter([block]), file, Selector(FieldMapping()), one_a_line=True)
    assert records.lines is not None
    assert records.lines.tolist() == [1, 4]
    assert [fault.error.line for fault in records.faults] == [2, 3]
    assert "the line holds 2 articles; give one a line" in str(records.faults[1].error)


def test_a_line_that_is_too_long_is_a_fault_of_that_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "LINE_BYTES", 100)
    faults: list[Fault] = []
    lines = [
        b'{"id": "a", "text": "one"}',
        b'{"id": "b", "text": "' + b"x" * 80,
        b'{"id": "c", "text": "two"}',
    ]
    with Index.create(tmp_path / "index", threads=1) as index:
        filtering = LineFilter(Filter(index), on_error="skip", reject=faults.append)
        kept = [line for passed in filtering.judge_all([lines]) for line in passed.kept]
    assert [json.loads(line)["id"] for line in kept] == ["a", "c"]
    assert [(fault.error.line, "MiB" in str(fault.error)) for fault in faults] == [(2, True)]
