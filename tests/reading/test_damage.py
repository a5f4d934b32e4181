"""Untrusted bytes: each reader reads them, or says in one error what is wrong."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import ipc, parquet
from test_readers import FILES

from dedup.errors import InputError
from dedup.reading import read_batches
from dedup.reading.formats import formats
from dedup.reading.options import ReaderOptions
from dedup.reading.paths import parse_paths, values_at
from dedup.reading.sniffing import sniff

TEXT = "The ferry stood still for a minute while the bell rang over the canal."

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "text",
                    "content",
                    "source",
                    "_source",
                    "data",
                    "items",
                    "payload",
                    "id",
                    "date",
                    "url",
                    "hits",
                ]
            )
            | st.text(max_size=5),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)


def read(path: Path, input_format: str | None = None) -> int:
    reading = read_batches([path], on_error="skip", options=ReaderOptions(input_format=input_format))
    rows = 0
    for batch in reading:
        batch.validate(full=True)
        rows += batch.num_rows
    return rows


@pytest.mark.slow
@given(json_values)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_json_is_read_or_refused(tmp_path: Path, value: object) -> None:
    for name in ("a.json", "a.jsonl"):
        (tmp_path / name).write_text(json.dumps(value), encoding="utf-8")
        read(tmp_path / name)


@pytest.mark.slow
@given(st.binary(max_size=400), st.sampled_from([*formats()]))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_read_or_refused(tmp_path: Path, data: bytes, name: str) -> None:
    (tmp_path / "a").write_bytes(data)
    read(tmp_path / "a", name)
    sniff(data, "a")


def whole(tmp_path: Path) -> dict[str, bytes]:
    """Return valid files of several formats."""
    table = pa.table({"id": ["a"], "text": [TEXT], "meta": [{"source": "S"}]})
    made = {name: content.encode() for name, (content, _) in FILES.items()}
    parquet.write_table(table, tmp_path / "x")
    made["a.parquet"] = (tmp_path / "x").read_bytes()
    out = io.BytesIO()
    with ipc.new_stream(out, table.schema) as stream:
        stream.write_table(table)
    made["a.arrow"] = out.getvalue()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", TEXT)
    made["a.zip"] = out.getvalue()
    return made


@pytest.mark.slow
@given(st.data())
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_that_is_cut_or_changed_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    name, content = data.draw(st.sampled_from(sorted(whole(tmp_path).items())))
    at = data.draw(st.integers(0, len(content)))
    changed = content[:at] + data.draw(st.binary(max_size=8)) + content[at + data.draw(st.integers(0, 8)) :]
    if data.draw(st.booleans()):
        changed = changed[:at]
    (tmp_path / name).write_bytes(changed)
    read(tmp_path / name)


@given(st.text("ab.[]=0|^", max_size=12))
def test_a_path_leads_somewhere_or_is_refused(text: str) -> None:
    try:
        paths = parse_paths(text)
    except InputError:
        raise
    except ValueError:
        return
    for path in paths:
        list(values_at({"a": [{"b": 1}, {"a": {"b": [2]}}], "b": None}, path, {"a": 3}))


def test_json_that_is_nested_too_deeply_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"data":' * 100_000 + "1" + "}" * 100_000)
    with pytest.raises(InputError, match="nested too deeply"):
        list(read_batches([tmp_path / "a.json"]))
