"""Encrypted Parquet files are recognised by their footer, before a library opens them.

Only the guard receives them, never the library, because some encrypted files end the process.
"""

from __future__ import annotations

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import InputError
from dedup.reading import read_batches
from dedup.reading.parquet_footers import is_encrypted


def file_of(footer: bytes, mark: bytes = b"PAR1") -> bytes:
    return mark + b"columns" + footer + len(footer).to_bytes(4, "little") + mark


#: Version 1; a schema of one struct with a name and a nested list; three rows; no row groups; written by
#: "me".
HEAD = b"\x15\x02" + b"\x19\x1c\x48\x04name\x15\x00\x00" + b"\x16\x06" + b"\x19\x0c" + b"\x28\x02me"
#: Field 8 (two after field 6): the union of algorithms with its first kind, a binary and a boolean.
ALGORITHM = b"\x2c\x1c\x18\x03aad\x21\x00\x00"


@pytest.mark.parametrize(
    ("data", "encrypted"),
    [
        (file_of(HEAD + b"\x00"), False),
        (file_of(HEAD + ALGORITHM + b"\x00"), True),
        (file_of(HEAD + ALGORITHM + b"\x00" + bytes(range(28))), True),
        (file_of(b"anything", b"PARE"), True),
        (file_of(HEAD[:-2] + b"\x2c\x1c" + b"\x00"), False),
        (b"PAR1", False),
        (b"", False),
        (b"x" * 100 + (99_999).to_bytes(4, "little") + b"PAR1", False),
    ],
)
def test_footers(data: bytes, encrypted: bool) -> None:
    assert is_encrypted(io.BytesIO(data)) is encrypted


@pytest.mark.parametrize("rows", [1, 5_000])
def test_plain_files_are_not(rows: int) -> None:
    out = io.BytesIO()
    nested = [{"a": [n], "b": True} for n in range(rows)]
    table = pa.table({"id": [str(n) for n in range(rows)], "meta": nested})
    pq.write_table(table, out, row_group_size=100, compression="zstd")
    assert not is_encrypted(out)


@given(st.binary(max_size=200))
def test_any_footer_is_looked_at_to_an_end(footer: bytes) -> None:
    out = io.BytesIO(file_of(footer + b"\x2c\x1c"))
    assert is_encrypted(out) is is_encrypted(out), "it ends, and the place in the file does not matter"


def test_it_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(file_of(HEAD + ALGORITHM + b"\x00" + bytes(28)))
    pq.write_table(pa.table({"id": ["g"], "text": ["The ferry is late."]}), tmp_path / "b.parquet")
    reading = read_batches([tmp_path], on_error="skip")
    assert [one for batch in reading for one in batch.column("id").to_pylist()] == ["g"]
    assert [reject.reason for reject in reading.rejects] == ["is encrypted; decrypt it first"]
    with pytest.raises(InputError, match="is encrypted"):
        list(read_batches([tmp_path / "a.parquet"]))
