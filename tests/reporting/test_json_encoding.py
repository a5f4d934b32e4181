"""Arrow batches to JSON lines, against msgspec over the same records."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

import msgspec
import pyarrow as pa
import pytest
from every_type import EVERYTHING, SCORES, TEXTS, TIMES, WHOLES, Everything
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedup.reporting.json_encoding import encode_lines
from dedup.reporting.records import record_of, rounded
from dedup.schemas import ARTICLE_SCHEMA, OVERLAP_SCHEMA, schema_of


def values_of(kind: pa.DataType) -> st.SearchStrategy[Any]:
    if pa.types.is_list(kind):
        return st.lists(values_of(kind.value_type), max_size=3)
    if pa.types.is_struct(kind):
        return st.fixed_dictionaries({field.name: values_of(field.type) for field in kind})
    plain = {pa.int64(): WHOLES, pa.float64(): SCORES, pa.bool_(): st.booleans(), pa.string(): TEXTS}
    return (plain | {pa.timestamp("us", tz="UTC"): TIMES})[kind]


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


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(items=st.lists(EVERYTHING, max_size=3))
def test_every_type_is_written_as_json_writes_it(items: list[Everything]) -> None:
    batch = pa.RecordBatch.from_pylist([asdict(item) for item in items], schema=schema_of(Everything))
    expected = [{"kind": "k", **plain(asdict(item))} for item in items]
    dumped = [json.dumps(each, ensure_ascii=False, separators=(",", ":")) + "\n" for each in expected]
    assert bytes(encode_lines(batch, "k")).decode() == "".join(dumped)
    if items:
        assert bytes(encode_lines(batch.slice(1), "k")).decode() == "".join(dumped[1:])
    records = [{"kind": "k", **record_of(item)} for item in items]
    assert msgspec.json.Encoder().encode_lines(records).decode() == "".join(dumped)


def plain(value: Any) -> Any:
    """Return the value as `json.dumps` takes it."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return round(value, 4) if isinstance(value, float) else value


@pytest.mark.parametrize("kind", [pa.date32(), pa.list_(pa.binary()), pa.struct([("d", pa.timestamp("us"))])])
def test_a_type_that_no_result_has_is_refused_at_every_depth(kind: pa.DataType) -> None:
    with pytest.raises(TypeError, match="has no place in JSON lines"):
        encode_lines(pa.RecordBatch.from_arrays([pa.nulls(1, kind)], ["d"]), "x")
