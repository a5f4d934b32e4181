"""CSV and Parquet: the same fields, nothing lost, all files or none."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dedup.errors import OutputError
from dedup.reporting import tables
from dedup.reporting.records import record_of


def rows(path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_csv_has_a_row_a_passage_with_its_overlap_beside(report, tmp_path):
    tables.write_csv(report, tmp_path / "out.csv")
    got = rows(tmp_path / "out.csv")
    assert list(got[0]) == list(tables.CSV_COLUMNS)
    assert [(row["a"], row["b"], row["passage"]) for row in got] == [
        (pair.a, pair.b, str(number))
        for pair in report.overlaps
        for number in range(1, len(pair.passages) + 1)
    ]
    for row in got:
        a, b = report.article(row["a"]).text, report.article(row["b"]).text
        assert a[int(row["passage_a_start"]) : int(row["passage_a_end"])] == row["passage_a_text"]
        assert b[int(row["passage_b_start"]) : int(row["passage_b_end"])] == row["passage_b_text"]
    assert got[0]["syndicated"] == "true"
    assert got[5]["agency"] == ""
    assert got[0]["reasons"] == "; ".join(report.overlaps[0].reasons)


def test_csv_keeps_articles_stories_and_summary_beside(report, tmp_path):
    tables.write_csv(report, tmp_path / "out.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "out.articles.csv",
        "out.csv",
        "out.stories.csv",
        "out.summary.csv",
    ]
    assert [row["id"] for row in rows(tmp_path / "out.articles.csv")] == ["000", "001", "002", "003", "004"]
    (story,) = rows(tmp_path / "out.stories.csv")
    assert story["first_published"] == "2022-02-24T10:02:00Z"
    assert story["articles"] == "000; 001; 002; 003"
    assert rows(tmp_path / "out.summary.csv")[0]["cut_short"] == "12"


@pytest.mark.parametrize(
    "text", ['say "no", twice', "one\ntwo", "one\r\ntwo", "one\rtwo", "1=1+0", " edge ", "é\u2028"]
)
def test_csv_cells_come_back_as_they_were(report, tmp_path, text):
    pair = report.overlaps[0]
    odd = replace(pair, a=text, passages=(replace(pair.passages[0], a_text=text),))
    tables.write_csv(replace(report, overlaps=(odd,)), tmp_path / "out.csv")
    (row,) = rows(tmp_path / "out.csv")
    assert row["a"] == row["passage_a_text"] == text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", "\ttab", "\rreturn"])
def test_csv_texts_that_a_spreadsheet_would_run_get_an_apostrophe(report, tmp_path, text):
    pair = report.overlaps[0]
    odd = replace(pair, a=text, reasons=(text,), passages=(replace(pair.passages[0], a_text=text),))
    tables.write_csv(replace(report, overlaps=(odd,)), tmp_path / "out.csv")
    (row,) = rows(tmp_path / "out.csv")
    assert row["a"] == row["reasons"] == row["passage_a_text"] == f"'{text}"


def test_csv_does_not_lose_an_overlap_without_passages(report):
    stream = io.BytesIO()
    bare = replace(report.overlaps[0], passages=())
    tables.write_overlaps_csv(replace(report, overlaps=(bare,)), stream)
    (row,) = csv.DictReader(io.StringIO(stream.getvalue().decode(), newline=""))
    assert row["a"] == "000"
    assert row["passage"] == row["passage_a_text"] == ""
    assert None not in row


def listed(value: object) -> object:
    """Return a record as Parquet returns it: its tuples are lists."""
    if isinstance(value, tuple | list):
        return [listed(item) for item in value]
    return {name: listed(item) for name, item in value.items()} if isinstance(value, dict) else value


def test_parquet_holds_the_same_records(report, tmp_path):
    tables.write_parquet(report, tmp_path / "out.parquet")
    got = pq.read_table(tmp_path / "out.parquet")
    assert got.to_pylist() == [listed(record_of(pair)) for pair in report.overlaps]
    assert pa.types.is_struct(got.schema.field("passages").type.value_type)
    stories = pq.read_table(tmp_path / "out.stories.parquet").to_pylist()
    assert stories == [listed(record_of(report.stories[0]))]
    assert pq.read_table(tmp_path / "out.articles.parquet").num_rows == 5
    assert pq.read_table(tmp_path / "out.summary.parquet").to_pylist()[0]["settings"] == "0f3a5b7c9d1e2f40"


def test_parquet_is_written_in_row_groups(many, tmp_path, monkeypatch):
    monkeypatch.setattr(type(many), "overlap_blocks", lambda self: [(0, 130), (130, 140), (140, 300)])
    tables.write_parquet(many, tmp_path / "out.parquet")
    file = pq.ParquetFile(tmp_path / "out.parquet")
    assert [file.metadata.row_group(k).num_rows for k in range(file.num_row_groups)] == [130, 10, 160]
    assert file.read().column("a").to_pylist() == [pair.a for pair in many.overlaps]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_an_empty_report_keeps_its_columns(empty, tmp_path, ending):
    path = tmp_path / f"out.{ending}"
    (tables.write_csv if ending == "csv" else tables.write_parquet)(empty, path)
    if ending == "csv":
        assert path.read_bytes() == ",".join(tables.CSV_COLUMNS).encode() + b"\r\n"
    else:
        assert pq.read_schema(path).names == tables.OVERLAP_SCHEMA.names


@pytest.mark.parametrize("write", [tables.write_csv, tables.write_parquet])
def test_when_one_file_cannot_be_written_none_changes(report, tmp_path, write):
    (tmp_path / "out.stories.csv").mkdir()
    (tmp_path / "out.csv").write_text("before")
    with pytest.raises(OutputError, match=r"out\.stories\.csv: is a directory"):
        write(report, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == "before"
    assert len(list(tmp_path.iterdir())) == 2
