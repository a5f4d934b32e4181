"""Arrow data from a caller, whatever its types, is read as the same articles, or refused."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.article import Article
from dedup.detector import find_overlaps
from dedup.errors import DedupError, FieldError
from dedup.reading.batches import ARTICLE_SCHEMA, to_batches
from dedup.reading.data import as_batches

#: Long enough that a string view stores it outside the view.
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
    "plain": lambda column: column,
    "large": lambda column: column.cast(pa.large_string()),
    "view": lambda column: column.cast(pa.string_view()),
    "dictionary": lambda column: column.cast(pa.string()).dictionary_encode(),
    "dictionary of large": lambda column: column.cast(pa.large_string()).dictionary_encode(),
    "run-end": lambda column: pa.compute.run_end_encode(column.cast(pa.string())),
    "binary": lambda column: column.cast(pa.binary()),
    "large binary": lambda column: column.cast(pa.large_binary()),
    "binary view": lambda column: column.cast(pa.binary()).cast(pa.binary_view()),
    "slice": lambda column: pa.concat_arrays([column[:1], column]).slice(1),
}
LISTS = {
    "list": pa.ListArray,
    "large list": pa.LargeListArray,
    "list view": pa.ListViewArray,
    "large list view": pa.LargeListViewArray,
}


def with_strings(kind: str) -> pa.RecordBatch:
    change = STRINGS[kind]
    columns = {
        name: change(PLAIN.column(name)) if name in ("id", "source", "text") else PLAIN.column(name)
        for name in PLAIN.schema.names
    }
    return pa.record_batch(columns)


def rows(data: object) -> list[dict[str, object]]:
    return [row for batch in as_batches(data) for row in batch.to_pylist()]


@pytest.mark.parametrize("kind", STRINGS)
def test_every_kind_of_string_is_read_as_the_same_articles(kind: str) -> None:
    (batch,) = as_batches(with_strings(kind))
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
    assert [row["text"] for row in rows(batch.slice(start))] == texts[start:]


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("letters", [pa.string(), pa.large_string(), pa.string_view()])
def test_paragraphs_in_a_list_are_one_text(kind: str, letters: pa.DataType) -> None:
    words, offsets, sizes = pa.array(["One.", "Two.", "Three."]).cast(letters), [0, 2, 3], [2, 1]
    if kind.endswith("view"):
        made = LISTS[kind].from_arrays(offsets[:2], sizes, words)
    else:
        made = LISTS[kind].from_arrays(offsets, words)
    found = rows(pa.record_batch({"text": made}))
    assert [row["text"] for row in found] == ["One.\n\nTwo.", "Three."]


@pytest.mark.parametrize(
    ("ids", "read"),
    [
        (pa.array([7, 8], pa.int32()), ["7", "8"]),
        (pa.array([2**63, 1], pa.uint64()), [str(2**63), "1"]),
        (
            pa.array([Decimal(12345678901234567890), Decimal(1)], pa.decimal128(20, 0)),
            ["12345678901234567890", "1"],
        ),
        (pa.array([1.0, 2.0]), ["1", "2"]),
        (
            pa.array([uuid.UUID(int=1).bytes, uuid.UUID(int=2).bytes], pa.uuid()),
            [str(uuid.UUID(int=1)), str(uuid.UUID(int=2))],
        ),
    ],
)
def test_ids_of_other_types_are_strings(ids: pa.Array, read: list[str]) -> None:
    assert [row["id"] for row in rows(pa.record_batch({"id": ids, "text": ["x", "y"]}))] == read


def test_a_table_and_a_reader_are_taken_with_all_their_chunks() -> None:
    table = pa.Table.from_batches([PLAIN.slice(0, 1), PLAIN.slice(1)])
    for given_data in (table, table.to_reader(), table.to_batches(), PLAIN):
        assert rows(given_data) == PLAIN.to_pylist()


@pytest.mark.parametrize("source", [["Herald", None], ["Herald", ""]])
def test_an_article_without_a_source_is_one_of_its_own(source: list[str | None]) -> None:
    columns = {"id": ["a", "b"], "source": source, "text": ["x", "y"], "more": [1, 2]}
    (found,) = as_batches(pa.record_batch(columns))
    assert found.column("source").to_pylist() == ["Herald", "b"]
    assert found.schema.names == ARTICLE_SCHEMA.names
    columns["source"] = pa.nulls(2)
    assert [row["source"] for row in rows(pa.record_batch(columns))] == ["a", "b"]


def test_times_of_any_unit_are_utc() -> None:
    moment = datetime(2026, 3, 1, 12, 30)
    for kind in (pa.timestamp("ns"), pa.timestamp("s", "UTC"), pa.timestamp("ms"), pa.date32(), pa.date64()):
        published = pa.array([moment if not pa.types.is_date(kind) else moment.date()], kind)
        (found,) = as_batches(pa.record_batch({"id": ["a"], "text": ["x"], "published": published}))
        expected = moment if not pa.types.is_date(kind) else datetime(2026, 3, 1)
        assert found.column("published").to_pylist() == [expected.replace(tzinfo=UTC)]


def test_a_zone_moves_the_time_to_utc() -> None:
    there = pa.array([datetime(2026, 3, 1, 12, tzinfo=UTC)]).cast(pa.timestamp("us", "Asia/Kolkata"))
    (found,) = as_batches(pa.record_batch({"id": ["a"], "text": ["x"], "published": there}))
    assert found.column("published").to_pylist() == [datetime(2026, 3, 1, 12, tzinfo=UTC)]


def test_a_date_written_in_words_is_read() -> None:
    (found,) = as_batches(pa.record_batch({"text": ["x"], "published": ["5 March 2026"]}))
    assert found.column("published").to_pylist() == [datetime(2026, 3, 5, tzinfo=UTC)]
    assert found.column("published_precision").to_pylist() == ["day"]


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"id": ["a"]}, "no column 'text'; the columns are id"),
        ({"id": ["a", "b"], "text": ["x", None]}, "column 'text' is null in row 1"),
        ({"id": [None], "text": ["x"]}, "column 'id' is null in row 0"),
        ({"text": [7]}, "column 'text' in row 0 is 7"),
        ({"id": [1.5], "text": ["x"]}, r"column 'id' in row 0 is 1\.5"),
        ({"id": [True], "text": ["x"]}, "column 'id' in row 0 is True"),
        ({"id": ["a", "b"], "text": pa.array([b"x", b"\xff"])}, "column 'text' in row 1 is not UTF-8"),
        ({"text": ["x", "y"], "published": [None, "soon"]}, "column 'published' in row 1 is 'soon'"),
        ({"text": ["x"], "published": ["03/04/2022"]}, "read in one way only"),
    ],
)
def test_what_cannot_be_read_is_refused(columns: dict[str, object], reason: str) -> None:
    with pytest.raises(FieldError, match=reason):
        list(as_batches(pa.record_batch(columns)))


def test_two_columns_of_one_name_are_refused() -> None:
    twice = pa.RecordBatch.from_arrays([pa.array(["x"]), pa.array(["y"])], names=["text", "text"])
    with pytest.raises(FieldError, match="2 columns are named 'text'"):
        list(as_batches(twice))


def test_offsets_that_lead_out_of_their_buffers_are_refused() -> None:
    offsets = pa.py_buffer(np.array([0, 1000, 3], np.int32))  # Arrow itself checks only the last one
    wrong = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"abc")])
    for columns in ({"text": wrong}, {"id": wrong, "text": pa.array(["x", "y"])}):
        with pytest.raises(DedupError, match="is not valid"):
            find_overlaps(pa.RecordBatch.from_arrays([*columns.values()], names=[*columns]))


def test_the_row_counts_over_all_batches() -> None:
    sound = pa.record_batch({"text": ["x"] * 5})
    with pytest.raises(FieldError, match="column 'text' is null in row 6"):
        list(as_batches([sound, pa.record_batch({"text": ["y", None]})]))


def test_batches_may_differ_in_type_but_not_in_whether_they_have_ids() -> None:
    one = pa.record_batch({"id": ["a"], "text": ["x"]})
    two = pa.record_batch({"id": pa.array([7]), "text": pa.array(["y"]).cast(pa.string_view())})
    assert [row["id"] for row in rows([one, two])] == ["a", "7"]
    with pytest.raises(FieldError, match="from row 1 on has no column 'id'"):
        rows([one, pa.record_batch({"text": ["y"]})])
