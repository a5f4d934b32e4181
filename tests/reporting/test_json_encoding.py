"""Arrow batches to JSON lines, against msgspec over the same records."""

from __future__ import annotations

from typing import Any

import msgspec
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.reporting.json_encoding import encode_lines
from dedup.reporting.records import rounded
from dedup.schemas import ARTICLE_SCHEMA, OVERLAP_SCHEMA

SCORES, WHOLES = st.floats(0, 1), st.integers(-(2**62), 2**62)
#: Every kind of character that is escaped, and runs long enough for the steps of the kernel.
TEXTS = st.text(
    st.sampled_from([*map(chr, range(33)), '"', "\\", "/", "\x7f", "é", "ह", "🙂", "a", "b"]), max_size=90
) | st.sampled_from(["a" * 31, "a" * 32, "a" * 64 + '"', '"' + "a" * 70])


def values_of(kind: pa.DataType) -> st.SearchStrategy[Any]:
    if pa.types.is_list(kind):
        return st.lists(values_of(kind.value_type), max_size=3)
    if pa.types.is_struct(kind):
        return st.fixed_dictionaries({field.name: values_of(field.type) for field in kind})
    return {pa.int64(): WHOLES, pa.float64(): SCORES, pa.bool_(): st.booleans(), pa.string(): TEXTS}[kind]


def rows_of(schema: pa.Schema) -> st.SearchStrategy[list[dict[str, Any]]]:
    columns = {field.name: values_of(field.type) for field in schema}
    columns |= {
        name: columns[name] | st.none() for name in ("agency", "earliest", "story") if name in columns
    }
    return st.lists(st.fixed_dictionaries(columns), max_size=3)


def as_written(value: Any) -> Any:
    if isinstance(value, float):
        return rounded(value)
    if isinstance(value, list):
        return [as_written(item) for item in value]
    if isinstance(value, dict):
        return {name: as_written(item) for name, item in value.items()}
    return value


@pytest.mark.parametrize("schema", [OVERLAP_SCHEMA, ARTICLE_SCHEMA])
@given(data=st.data())
def test_the_lines_are_those_of_msgspec(schema: pa.Schema, data: st.DataObject) -> None:
    rows = data.draw(rows_of(schema))
    batch = pa.RecordBatch.from_pylist(rows, schema=schema)
    expected = msgspec.json.Encoder().encode_lines(
        [{"kind": "k", **as_written(row)} for row in batch.to_pylist()]
    )
    assert bytes(encode_lines(batch, "k")) == expected


def test_a_slice_of_a_batch_is_written_as_it_is() -> None:
    batch = pa.RecordBatch.from_pydict({"id": ["a", "b", "c"], "n": [1, 2, 3]})
    assert (
        bytes(encode_lines(batch.slice(1), "x"))
        == b'{"kind":"x","id":"b","n":2}\n{"kind":"x","id":"c","n":3}\n'
    )


def test_another_type_is_refused() -> None:
    with pytest.raises(TypeError, match="date32"):
        encode_lines(pa.RecordBatch.from_arrays([pa.array([1], pa.int32()).cast(pa.date32())], ["d"]), "x")


def test_a_second_list_of_structs_is_refused() -> None:
    objects = pa.array([[{"n": 1}]])
    with pytest.raises(TypeError, match="list<"):
        encode_lines(pa.RecordBatch.from_arrays([objects, objects], ["one", "two"]), "x")
