"""An earlier result: its pairs, and files that are not one."""

from __future__ import annotations

import pytest

from dedup.errors import InputError
from dedup.reporting import json_lines
from dedup.reporting.former import known_pairs


def test_the_pairs_of_a_result_are_read(report, tmp_path):
    path = tmp_path / "former.jsonl"
    with path.open("wb") as stream:
        json_lines.write(report, stream)
    assert known_pairs(path) == {(each.a, each.b) for each in report.overlaps}


@pytest.mark.parametrize("line", ["{", '{"a": 1}', "{}", '{"kind": 3}'])
def test_what_is_not_a_result_is_named_by_its_line(tmp_path, line):
    path = tmp_path / "former.jsonl"
    path.write_text('{"kind":"summary"}\n' + line + "\n")
    with pytest.raises(InputError, match=r"former\.jsonl:2: not a record of a result .*; name the JSON"):
        known_pairs(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        known_pairs(tmp_path / "gone.jsonl")
