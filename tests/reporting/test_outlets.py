"""Outlets in figures: what each runs of others, and the matrix of pairs."""

from __future__ import annotations

from dataclasses import replace

import pytest

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
