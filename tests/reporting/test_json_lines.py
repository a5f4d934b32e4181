"""JSON lines: the keys, their order, and everything read back as it was."""

from __future__ import annotations

import io
import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.reporting import arrow_columns, json_lines
from dedup.reporting.records import record_of
from dedup.results import AlignedPassages, ArticleSummary, Overlap, Story, Summary

KINDS = {"overlap": Overlap, "article": ArticleSummary, "story": Story, "summary": Summary}


def written(report) -> list[dict]:
    stream = io.BytesIO()
    json_lines.write(report, stream)
    assert stream.getvalue().endswith(b"\n")
    return [json.loads(line) for line in stream.getvalue().split(b"\n")[:-1]]


def names(record: type) -> list[str]:
    return [field.name for field in fields(record)]


def test_kinds_come_in_order_with_the_keys_of_the_format(report):
    lines = written(report)
    assert [line["kind"] for line in lines] == ["overlap"] * 3 + ["article"] * 5 + ["story", "summary"]
    for line in lines:
        assert list(line) == ["kind", *names(KINDS[line["kind"]])]
    assert all(list(each) == names(AlignedPassages) for line in lines[:3] for each in line["passages"])


def test_the_keys_are_the_fields_of_the_results(report):
    pair = report.overlaps[0]
    for record, item in (
        (record_of(pair), Overlap),
        (record_of(pair.passages[0]), AlignedPassages),
        (record_of(report.articles[0]), ArticleSummary),
        (record_of(report.stories[0]), Story),
    ):
        assert list(record) == names(item)


def test_the_lines_read_back_as_the_results(report):
    lines = written(report)
    back = [msgspec.convert(line, KINDS[line.pop("kind")]) for line in lines]
    assert back[0].passages[1].a_text == report.overlaps[0].passages[1].a_text
    assert back[8] == report.stories[0]
    assert back[9] == report.summary
    assert back[3].copied == 0.3457


def test_spans_slice_back_to_the_text(report):
    for line in written(report)[:3]:
        a, b = report.article(line["a"]).text, report.article(line["b"]).text
        for each in line["passages"]:
            assert a[each["a_start"] : each["a_end"]] == each["a_text"]
            assert b[each["b_start"] : each["b_end"]] == each["b_text"]


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2022, 2, 24, 10, 2, tzinfo=UTC),
        datetime(2022, 2, 24, 10, 2),
        datetime(2022, 2, 24, 15, 32, tzinfo=timezone(timedelta(hours=5.5))),
    ],
)
def test_times_are_utc_with_a_z(report, moment):
    story = replace(report.stories[0], first_published=moment)
    lines = written(replace(report, stories=(story,)))
    assert lines[8]["first_published"] == "2022-02-24T10:02:00Z"


def test_absent_values_are_null(report):
    story = replace(report.stories[0], first_published=None)
    lines = written(replace(report, stories=(story,)))
    assert lines[8]["first_published"] is None
    assert lines[1]["agency"] is None


@given(st.floats(0, 1))
def test_rounded_scores_are_read_back_as_written(score):
    summary = ArticleSummary(
        id="a",
        source="A",
        title=None,
        url=None,
        published=None,
        published_precision=None,
        published_zone=None,
        words=100,
        copied=score,
        quoted=0,
        furniture=0,
        agency=None,
        credited=False,
        passages=0,
        others=0,
        earliest=None,
        story=None,
    )
    record = record_of(summary)
    again = json.loads(msgspec.json.encode(record))
    assert again["copied"] == record["copied"]
    assert abs(again["copied"] - score) <= 0.00005001
    assert len(str(again["copied"])) <= 6 or again["copied"] < 0.001


def test_hostile_texts_stay_on_their_line(hostile):
    lines = written(hostile)
    assert len(lines) == 5
    assert lines[0]["passages"][0]["a_text"] == hostile.texts[0].text


def test_blocks_join_without_a_seam(many, monkeypatch):
    whole = written(many)
    monkeypatch.setattr(json_lines, "ARTICLES_AT_ONCE", 7)
    assert written(many) == whole
    assert len(whole) == 300 + 301 + 300 + 1


def test_times_of_columns_are_written_as_those_of_records():
    whole, part = datetime(2022, 2, 24, 10, 2, tzinfo=UTC), datetime(1950, 1, 1, 0, 0, 0, 250_000, tzinfo=UTC)
    written = arrow_columns.time_texts(pa.array([whole, part, None], pa.timestamp("us", tz="UTC")))
    assert written.to_pylist() == [*(json.loads(msgspec.json.encode(one)) for one in (whole, part)), None]
