"""Figures of outlets: what each takes from others, and the matrix of pairs."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from dedup.reporting.outlet_formats import write_outlets
from dedup.reporting.outlets import outlet_matrix, outlet_rows


def test_each_outlet_has_a_row_whose_shares_add_up(report):
    rows = {each.source: each for each in outlet_rows(report)}
    assert list(rows) == sorted(rows, key=str.casefold)
    assert {name: row.articles for name, row in rows.items()} == {
        "Eastern Eye": 3,
        "Kashmir Today": 1,
        "ThePrint": 1,
    }
    for row in rows.values():
        assert row.agency + row.others + row.own == pytest.approx(1)
    assert rows["Kashmir Today"].not_credited == 1
    assert rows["Eastern Eye"].not_credited == 0
    assert rows["ThePrint"].own == 1


def test_the_delay_is_that_of_the_later_outlet(report):
    rows = {each.source: each for each in outlet_rows(report)}
    assert rows["Eastern Eye"].delay == (5 * 60 + 38) * 60
    assert rows["Kashmir Today"].delay == (2 * 24 + 10) * 3600 + 120
    assert rows["ThePrint"].delay is None


def test_the_matrix_leaves_quotations_and_the_own_outlet_out(report):
    sources, cells = outlet_matrix(report)
    assert sources == ["Eastern Eye", "Kashmir Today"]
    assert cells[0][0] is None
    assert cells[0][1].share == 1
    own = tuple(replace(each, a_source="One", b_source="One") for each in report.overlaps)
    assert outlet_matrix(replace(report, overlaps=own)) == ([], [])


def test_the_matrix_holds_those_with_most_shared_words(many):
    sources, cells = outlet_matrix(many, size=3)
    assert len(sources) == len(cells) == 3
    assert all(cell is None or 0 < cell.share <= 1 for row in cells for cell in row)


def written(report, form: str) -> str:
    stream = io.StringIO()
    write_outlets(report, form, stream)
    return stream.getvalue()


def test_the_table_has_outlets_and_matrix_and_no_trailing_blanks(report):
    text = written(report, "table")
    assert "Kashmir Today" in text
    assert "also ran at another" in text
    assert not any(line.endswith(" ") for line in text.splitlines())


def test_csv_and_json_lines_hold_the_same_figures(report):
    rows = list(csv.DictReader(io.StringIO(written(report, "csv"))))
    lines = [json.loads(line) for line in written(report, "jsonl").splitlines()]
    outlets = [line for line in lines if line["kind"] == "outlet"]
    assert [row["source"] for row in rows] == [line["source"] for line in outlets]
    assert [float(row["agency"]) for row in rows] == [line["agency"] for line in outlets]
    assert {line["other"] for line in lines if line["kind"] == "shared"} == {"Eastern Eye", "Kashmir Today"}


def test_the_picture_is_xml_and_texts_stay_texts(report, hostile):
    for each in (report, hostile):
        root = ET.fromstring(written(each, "svg"))
        assert root.tag.endswith("svg")
        assert {child.tag.rpartition("}")[2] for child in root.iter()} <= {"svg", "title", "rect", "text"}


def test_a_cell_is_never_a_formula(report):
    sly = tuple(replace(each, source="=1+1") for each in report.articles)
    rows = list(csv.DictReader(io.StringIO(written(replace(report, articles=sly), "csv"))))
    assert rows[0]["source"] == "'=1+1"
