"""Arrow data from a caller: whatever its types, it is read as the same articles, or refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.article import Article
from dedup.detector import find_overlaps
from dedup.errors import DedupError, FieldError
from dedup.reading.arrow_input import article_batches, as_batches
from dedup.reading.batches import ARTICLE_SCHEMA, to_batches

#: Long enough that a string view keeps it beside, and not within the view.
STORY = (
    "The ferry that links the two islands will sail again from Monday, the harbour master told reporters who "
    "had waited on the quay since the early morning to hear about the damaged engine."
)
ARTICLES = [
    Article(id="a", source="Herald", text=STORY + " He gave no other date, and asked for patience."),
    Article(id="b", source="Courier", text="Islanders cheered. " + STORY),
    Article(id="c", source="Herald", text=""),
]
(PLAIN,) = to_batches(ARTICLES)
STRINGS = {
    "large": lambda column: column.cast(pa.large_string()),
    "view": lambda column: column.cast(pa.string_view()),
    "dictionary": lambda column: column.cast(pa.string()).dictionary_encode(),
    "binary": lambda column: column.cast(pa.binary()),
}


def with_strings(kind: str) -> pa.RecordBatch:
    change = STRINGS[kind]
    columns = {
        name: change(PLAIN.column(name)) if name in ("id", "source", "text") else PLAIN.column(name)
        for name in PLAIN.schema.names
    }
    return pa.record_batch(columns)


@pytest.mark.parametrize("kind", STRINGS)
def test_every_kind_of_string_is_read_as_the_same_articles(kind: str) -> None:
    (batch,) = article_batches(with_strings(kind))
    assert batch.schema.equals(ARTICLE_SCHEMA)
    assert batch.to_pylist() == PLAIN.to_pylist()


@pytest.mark.parametrize("kind", STRINGS)
def test_a_run_finds_the_same_in_every_kind_of_string(kind: str) -> None:
    expected = [(each.a, each.b, each.words) for each in find_overlaps([PLAIN]).overlaps]
    assert [(each.a, each.b, each.words) for each in find_overlaps([with_strings(kind)]).overlaps] == expected
    assert expected


@given(st.lists(st.text(max_size=40), min_size=1, max_size=6), st.integers(0, 3), st.sampled_from([*STRINGS]))
def test_slices_come_out_as_they_are(texts: list[str], start: int, kind: str) -> None:
    column = STRINGS[kind](pa.array(texts, pa.string()))
    batch = pa.record_batch({"id": [str(number) for number in range(len(texts))], "text": column})
    (found,) = article_batches(batch.slice(start))
    assert found.column("text").to_pylist() == texts[start:]


def test_a_table_and_a_reader_are_taken_with_all_their_chunks() -> None:
    table = pa.Table.from_batches([PLAIN.slice(0, 1), PLAIN.slice(1)])
    for given_data in (table, table.to_reader(), table.to_batches()):
        assert [row for batch in as_batches(given_data) for row in batch.to_pylist()] == PLAIN.to_pylist()


def test_an_article_without_a_source_is_one_of_its_own() -> None:
    columns = {"id": ["a", "b"], "source": ["Herald", None], "text": ["x", "y"], "more": [1, 2]}
    (found,) = article_batches(pa.record_batch(columns))
    assert found.column("source").to_pylist() == ["Herald", "b"]
    assert found.schema.names == ARTICLE_SCHEMA.names


def test_times_of_any_unit_are_utc() -> None:
    moment = datetime(2026, 3, 1, 12, 30)
    for kind in (pa.timestamp("ns"), pa.timestamp("s", "UTC"), pa.timestamp("ms"), pa.date32()):
        published = pa.array([moment if not pa.types.is_date32(kind) else moment.date()], kind)
        (found,) = article_batches(pa.record_batch({"id": ["a"], "text": ["x"], "published": published}))
        expected = moment if not pa.types.is_date32(kind) else datetime(2026, 3, 1)
        assert found.column("published").to_pylist() == [expected.replace(tzinfo=UTC)]


def test_a_zone_moves_the_time_to_utc() -> None:
    there = pa.array([datetime(2026, 3, 1, 12, tzinfo=UTC)]).cast(pa.timestamp("us", "Asia/Kolkata"))
    (found,) = article_batches(pa.record_batch({"id": ["a"], "text": ["x"], "published": there}))
    assert found.column("published").to_pylist() == [datetime(2026, 3, 1, 12, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"id": ["a"]}, "no column 'text'; the columns are id"),
        ({"text": ["x"]}, "no column 'id'"),
        ({"id": ["a", "b"], "text": ["x", None]}, "column 'text' is null in row 1"),
        ({"id": [None], "text": ["x"]}, "column 'id' is null in row 0"),
        ({"id": ["a"], "text": [["x"]]}, "column 'text' of type list<.*> cannot be read as string"),
        ({"id": ["a"], "text": pa.array([b"\xff"])}, "column 'text' of type binary cannot be read"),
        ({"id": ["a"], "text": ["x"], "published": ["soon"]}, "column 'published' of type string"),
    ],
)
def test_what_cannot_be_read_is_refused(columns: dict[str, object], reason: str) -> None:
    with pytest.raises(FieldError, match=reason):
        list(article_batches(pa.record_batch(columns)))


def test_what_is_no_article_at_all_is_refused() -> None:
    with pytest.raises(DedupError, match="found dict"):
        find_overlaps([{"id": "a", "text": "x"}])  # type: ignore[list-item]
