"""Lines of a filter's input: each is one article, or is answered with a fault."""

from __future__ import annotations

import json

from dedup.reading.fields import FieldMapping, Selector
from dedup.reading.inputs import InputFile
from dedup.reading.json_lines import read_blocks
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
