"""A report as tables of other libraries, and for one article."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from dedup.detector import find_overlaps
from dedup.errors import SettingsError
from dedup.index import Index
from dedup.schemas import ARTICLE_SCHEMA, OVERLAP_SCHEMA, STORY_SCHEMA

TEXT = (
    "The brass band of the upper valley walked for two days over the pass to play at the wedding of its "
    "drummer, who had invited nobody but the baker and the postman."
)
RECORDS = [
    {"id": "a", "source": "Echo", "text": TEXT},
    {"id": "b", "source": "Bugle", "text": "News: " + TEXT},
    {"id": "c", "source": "Post", "text": "Snow fell."},
]


@pytest.fixture(params=["scan", "index"])
def report(request: pytest.FixtureRequest, tmp_path: Path) -> object:
    if request.param == "scan":
        return find_overlaps(RECORDS)
    with Index.create(tmp_path / "index") as index:
        index.add(RECORDS)
        return index.report()


def test_tables_hold_the_records(report: object) -> None:
    for kind, schema, rows in (
        ("overlaps", OVERLAP_SCHEMA, 1),
        ("articles", ARTICLE_SCHEMA, 3),
        ("stories", STORY_SCHEMA, 1),
    ):
        table = report.to_arrow(kind)  # type: ignore[attr-defined]
        assert (table.schema, table.num_rows) == (schema, rows)
    with pytest.raises(SettingsError, match="must be one of overlaps"):
        report.to_arrow("passages")  # type: ignore[attr-defined]


def test_other_libraries_take_it(report: object) -> None:
    assert pa.table(report).num_rows == 1
    assert pytest.importorskip("polars").DataFrame(report).shape[0] == 1
    assert report.to_polars("articles").height == 3  # type: ignore[attr-defined]
    pytest.importorskip("pandas")
    assert list(report.to_pandas("articles")["id"]) == ["a", "b", "c"]  # type: ignore[attr-defined]


def test_it_says_what_it_is(report: object) -> None:
    assert repr(report).endswith(": 3 articles, 1 overlaps, 1 stories>")


def test_one_article(report: object) -> None:
    said = report.for_article("b")  # type: ignore[attr-defined]
    assert (said.article.id, [(each.a, each.b) for each in said.overlaps]) == ("b", [("a", "b")])
    assert report.for_article("c").overlaps == ()  # type: ignore[attr-defined]
    with pytest.raises(KeyError):
        report.for_article("x")  # type: ignore[attr-defined]


def test_it_is_written_by_the_ending(report: object, tmp_path: Path) -> None:
    report.write(tmp_path / "out.parquet")  # type: ignore[attr-defined]
    assert pa.parquet.read_table(tmp_path / "out.parquet").num_rows == 1
    with pytest.raises(SettingsError, match="names no format"):
        report.write(tmp_path / "out.xyz")  # type: ignore[attr-defined]


def test_verdicts_are_columns(report: object) -> None:
    table = pa.table(report.verdicts("drop"))  # type: ignore[attr-defined]
    assert table.column("id").to_pylist() == ["a", "b", "c"]
    assert table.column("kept").to_pylist() == [True, False, True]
    assert table.column("kept_instead").to_pylist() == [None, "a", None]
