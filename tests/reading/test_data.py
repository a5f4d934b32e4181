"""Data from Python: every kind of frame gives the same articles, or an error that says where."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.dataset
import pytest

from dedup.article import Article
from dedup.detector import find_overlaps, learn_background
from dedup.errors import DedupError, DuplicateIdError, FieldError
from dedup.estimator import NearDuplicateDetector
from dedup.index import Filter, Index
from dedup.reading.data import as_batches, one_batch

STORY = (
    "Two hundred cyclists crossed the old viaduct on Saturday, the first time in nine years that the city "
    "let anyone over it, and the mayor promised that the lamps would be lit again by the end of October."
)
RECORDS: list[dict[str, Any]] = [
    {"id": "1", "source": "Echo", "text": STORY, "published": datetime(2026, 5, 1, 9, 30, tzinfo=UTC)},
    {"id": "2", "source": "Bugle", "text": "News: " + STORY, "published": None},
    {"id": "3", "source": "Echo", "text": "Snow is expected on the pass.", "published": None},
]


def _table() -> pa.Table:
    return pa.Table.from_pylist(RECORDS)


def _polars() -> Any:
    return pytest.importorskip("polars").from_arrow(_table())


def _pandas() -> Any:
    return pytest.importorskip("pandas").DataFrame(RECORDS)


def _duckdb() -> Any:
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect()
    connection.register("articles", _table())
    return connection.sql("SELECT * FROM articles ORDER BY id")


def _hugging_face(streamed: bool = False) -> Any:
    data = pytest.importorskip("datasets").Dataset.from_list(RECORDS)
    return data.to_iterable_dataset() if streamed else data


class OnlyStream:
    """The methods that the Arrow PyCapsule interface requires, and no others."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return _table().__arrow_c_stream__(requested_schema)


KINDS: dict[str, Callable[[], Any]] = {
    "table": _table,
    "several chunks": lambda: pa.concat_tables([_table().slice(0, 1), _table().slice(1)]),
    "record batch": lambda: _table().combine_chunks().to_batches()[0],
    "reader": lambda: _table().to_reader(max_chunksize=2),
    "batches": lambda: _table().to_batches(max_chunksize=2),
    "tables": lambda: [_table().slice(0, 1), _table().slice(1)],
    "arrow dataset": lambda: pyarrow.dataset.dataset(_table()),
    "stream": OnlyStream,
    "struct array": lambda: _table().to_struct_array(),
    "articles": lambda: [Article(**record) for record in RECORDS],
    "dicts": lambda: RECORDS,
    "generator of dicts": lambda: iter(RECORDS),
    "polars": _polars,
    "polars lazy": lambda: _polars().lazy(),
    "pandas": _pandas,
    "pandas of objects": lambda: _pandas().astype(object),
    "pandas of Arrow": lambda: _table().to_pandas(types_mapper=pytest.importorskip("pandas").ArrowDtype),
    "duckdb": _duckdb,
    "hugging face": _hugging_face,
    "hugging face, streamed": lambda: _hugging_face(streamed=True),
}


def found(data: Any) -> list[tuple[Any, ...]]:
    return [
        (each.a, each.b, each.a_source, each.words, each.relation) for each in find_overlaps(data).overlaps
    ]


@pytest.fixture(scope="module")
def expected() -> list[tuple[Any, ...]]:
    result = found([Article(**record) for record in RECORDS])
    assert [each[:3] for each in result] == [("1", "2", "Echo")]
    return result


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_data_gives_the_same_result(kind: str, expected: list[tuple[Any, ...]]) -> None:
    assert found(KINDS[kind]()) == expected
    rows = [row for batch in as_batches(KINDS[kind]()) for row in batch.to_pylist()]
    assert [row["published"] for row in rows] == [record["published"] for record in RECORDS]


@pytest.mark.parametrize("kind", KINDS)
def test_the_other_doors_take_it_too(kind: str, tmp_path: Any) -> None:
    background = learn_background(KINDS[kind]())
    assert background.articles == len(RECORDS)
    with Index.create(tmp_path / "index", background=background) as index:
        assert len(index.add(KINDS[kind]()).overlaps) == 1
    with Index.create(tmp_path / "seen", background=background) as index:
        judged = Filter(index, policy="drop").judge(KINDS[kind]())
        assert [each.kept for each in judged] == [True, False, True]
    estimator = NearDuplicateDetector().fit(KINDS[kind]())
    assert estimator.labels_.tolist() == [0, 0, -1]


@pytest.mark.parametrize(
    "texts",
    [
        lambda: [STORY, "News: " + STORY],
        lambda: (text for text in (STORY, "News: " + STORY)),
        lambda: np.array([STORY, "News: " + STORY]),
        lambda: pa.array([STORY, "News: " + STORY]),
        lambda: pa.chunked_array([[STORY], ["News: " + STORY]], pa.string_view()),
        lambda: pytest.importorskip("pandas").Series([STORY, "News: " + STORY], index=[7, 7]),
        lambda: pytest.importorskip("polars").Series([STORY, "News: " + STORY]),
        lambda: pa.table({"text": [STORY, "News: " + STORY]}),
        lambda: [{"text": STORY}, {"text": "News: " + STORY, "other": object()}],
    ],
)
def test_texts_alone_are_numbered_by_their_rows(texts: Callable[[], Any]) -> None:
    assert [each[:3] for each in found(texts())] == [("0", "1", "0")]


def test_an_index_goes_on_numbering(tmp_path: Any) -> None:
    with Index.create(tmp_path / "index") as index:
        index.add([STORY])
        report = index.add(["News: " + STORY, "Snow is expected on the pass."])
        assert [(each.a, each.b) for each in report.overlaps] == [("0", "1")]
        judged = Filter(index).judge(["Again: " + STORY])
        assert judged[0].verdict.follows in ("0", "1")
        assert index.info().articles == 4


def test_nothing_is_nothing() -> None:
    for empty in ([], iter([]), _table().slice(0, 0), pa.chunked_array([], pa.string())):
        assert len(find_overlaps(empty).articles) == 0
        assert one_batch([]).num_rows == 0


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("a text", "a text goes into a list"),
        (b"a text", "given as a bytes"),
        (None, "given as NoneType"),
        (7, "given as int"),
        ({"text": ["a"]}, "with the keys text"),
        (Article(id="a", text="x"), "put it into a list"),
        ([{"id": "a"}], "no column 'text'; the columns are id"),
        ([{"id": "a", "text": "x"}, {"text": "y"}], "column 'id' is null in row 1"),
        ([{"text": "x"}, "y"], "item 1 is str after Mapping"),
        ([SimpleNamespace(text="x")], "item 0 is SimpleNamespace"),
        ([{"text": "x"}, {"text": 7}], r"column 'text' in row 1 is 7 \(int\)"),
        ([{"text": "x"}, {"text": b"y"}], r"column 'text' in row 1 is b'y' \(bytes\)"),
        ([{"id": [1], "text": "x"}], r"column 'id' in row 0 is \[1\] \(list\)"),
        ([{"text": "x", "published": "soon"}], "column 'published' in row 0 is 'soon'"),
        ([{"text": "x"}, {"text": "a \ud800 b"}], "row 1 has the lone surrogate"),
        (["x", "a \ud800 b"], "row 1 has the lone surrogate"),
        ([Article(id="a", text=None)], "column 'text' is null in row 0"),  # type: ignore[arg-type]
        ([Article(id="a", text=7)], "column 'text' in row 0 is 7"),  # type: ignore[arg-type]
        (pa.array([1, 2]), "column 'text' in row 0 is 1"),
    ],
)
def test_what_cannot_be_read_is_refused_with_row_and_column(data: Any, reason: str) -> None:
    with pytest.raises(DedupError, match=reason):
        find_overlaps(data)


def test_pandas_says_the_row_of_a_value_of_another_type() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"id": ["a", 7, "c"], "text": ["x", "y", ["z"]], "odd": [object(), 1, "x"]})
    assert one_batch(frame).column("id").to_pylist() == ["a", "7", "c"]
    frame["text"] = ["x", 3.5, "z"]
    with pytest.raises(FieldError, match=r"column 'text' in row 1 is 3\.5"):
        one_batch(frame)
    with pytest.raises(FieldError, match="no column 'text'; the columns are body"):
        one_batch(pandas.DataFrame({"body": ["x"]}))


def test_values_of_python_are_read_as_those_of_arrow() -> None:
    records = [
        {
            "id": uuid.UUID(int=5),
            "text": ["One.", "Two."],
            "published": date(2026, 1, 2),
            "source": {"name": "Echo"},
        },
        {"id": np.int64(6), "text": "x", "published": "2026-01-02T03:04:05Z", "source": float("nan")},
    ]
    rows = one_batch(records).to_pylist()
    assert [row["id"] for row in rows] == [str(uuid.UUID(int=5)), "6"]
    assert rows[0]["text"] == "One.\n\nTwo."
    assert [row["source"] for row in rows] == ["Echo", "6"]
    assert [row["published_precision"] for row in rows] == ["day", "second"]


def test_the_same_id_twice_is_refused_with_both_rows() -> None:
    def articles() -> Iterator[dict[str, str]]:
        yield from ({"id": name, "text": "x"} for name in "abcb")

    with pytest.raises(DuplicateIdError, match=r"rows 1 and 3 .* 'b'"):
        find_overlaps(articles())


def test_an_article_keeps_its_moment_as_it_was_given() -> None:
    article = Article(id="a", text="x", published=datetime(1970, 1, 1), published_precision="year")
    (row,) = one_batch([article]).to_pylist()
    assert (row["published"], row["published_precision"], row["published_zone"]) == (
        datetime(1970, 1, 1, tzinfo=UTC),
        "year",
        "assumed",
    )
