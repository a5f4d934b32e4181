"""Parquet."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from dedup.article import Article
from dedup.errors import FieldError, InputError
from dedup.reading import read_articles, read_batches

MOMENT = datetime(2026, 1, 31, 10, tzinfo=UTC)


def read(tmp_path: Path, table: pa.Table | dict[str, Any], **options: Any) -> list[Article]:
    path = tmp_path / "a.parquet"
    parquet.write_table(pa.table(table) if isinstance(table, dict) else table, path)
    return list(read_articles([path], **options))


def test_reads_every_field(tmp_path: Path) -> None:
    row = {
        "id": "a",
        "source": "Dawn",
        "title": "T",
        "url": "http://dawn.com/1",
        "published": MOMENT,
        "language": "en",
        "text": "नमस्ते",
    }
    assert read(tmp_path, pa.Table.from_pylist([row])) == [Article(**row)]


@pytest.mark.parametrize(
    "kind", [pa.large_string(), pa.binary(), pa.dictionary(pa.int32(), pa.string()), pa.string_view()]
)
def test_kinds_of_strings(tmp_path: Path, kind: pa.DataType) -> None:
    text = (
        pa.array(["one", "one", "“two”"]).cast(kind)
        if kind != pa.string_view()
        else pa.array(["one", "one", "“two”"], kind)
    )
    articles = read(tmp_path, pa.table({"body": text, "source": text}))
    assert [(a.id, a.source, a.text) for a in articles] == [
        ("a:1", "one", "one"),
        ("a:2", "one", "one"),
        ("a:3", "“two”", "“two”"),
    ]


@pytest.mark.parametrize(
    ("column", "moment"),
    [
        (pa.array([MOMENT], pa.timestamp("ns", "Asia/Karachi")), MOMENT),
        (pa.array([MOMENT.replace(tzinfo=None)], pa.timestamp("s")), MOMENT),
        (pa.array([date(2026, 1, 31)]), datetime(2026, 1, 31, tzinfo=UTC)),
        (pa.array([1_700_000_000]), datetime.fromtimestamp(1_700_000_000, UTC)),
        (pa.array([1_700_000_000_000.0]), datetime.fromtimestamp(1_700_000_000, UTC)),
        (pa.array(["2026-01-31T10:00:00Z"]), MOMENT),
        (pa.array([None], pa.timestamp("us")), None),
        (pa.nulls(1), None),
    ],
)
def test_kinds_of_dates(tmp_path: Path, column: pa.Array, moment: datetime | None) -> None:
    assert read(tmp_path, {"text": ["a"], "date": column})[0].published == moment


def test_numbers_become_ids_and_the_first_field_with_a_value_counts(tmp_path: Path) -> None:
    table = {
        "id": [7, None],
        "url": ["http://www.x.org/1", "http://x.org/2"],
        "text": [None, "b"],
        "body": ["c", "d"],
    }
    assert [(a.id, a.source, a.text) for a in read(tmp_path, table)] == [
        ("7", "x.org", "c"),
        ("http://x.org/2", "x.org", "b"),
    ]


def test_batches_are_bounded(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    texts = [f"{n} " + "word " * 2000 for n in range(4000)]
    parquet.write_table(pa.table({"text": texts}), path)
    batches = list(read_batches([path]))
    assert len(batches) > 2
    assert max(batch.nbytes for batch in batches) < 16 << 20
    assert [text for batch in batches for text in batch.column("text").to_pylist()] == texts
    assert batches[-1].column("id")[-1].as_py() == "a:4000"


@pytest.mark.parametrize(
    ("table", "error", "says"),
    [
        ({"story": ["a"]}, FieldError, "a.parquet: no field 'text' .* the fields found are 'story'"),
        ({"text": [1, 2]}, FieldError, "the column 'text' holds int64; for text it must hold strings"),
        ({"text": [[1]]}, FieldError, "the column 'text' holds list<"),
        ({"text": ["a", None]}, FieldError, "a.parquet:2: text is null"),
        ({"text": ["a", "b\0"]}, InputError, "a.parquet:2: text has a NUL character at place 1"),
        ({"text": [b"caf\xe9"]}, InputError, "text in the rows 1 to 1 is not UTF-8"),
        ({"text": pa.array([], pa.string())}, InputError, "a.parquet: no articles in it"),
        (
            {"text": ["a", "b"], "id": ["x", "x"]},
            InputError,
            "a.parquet:2: the id 'x' is taken by .*a.parquet:1",
        ),
    ],
)
def test_bad_input(tmp_path: Path, table: dict[str, Any], error: type[InputError], says: str) -> None:
    with pytest.raises(error, match=says):
        read(tmp_path, table)


def test_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    parquet.write_table(pa.table({"text": ["one " * 1000] * 50}), path)
    whole = path.read_bytes()
    for content in (b"", b"text", whole[:-20], whole[: len(whole) // 2], b"PAR1" + b"\0" * 100 + whole[104:]):
        path.write_bytes(content)
        with pytest.raises(
            InputError, match=r"a.parquet: (is not a valid Parquet file|cannot be read|no articles)"
        ):
            list(read_articles([path]))
