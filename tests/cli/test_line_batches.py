"""Lines in batches: leaving the block does not wait for a thread that still reads."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import threading

import pyarrow as pa
import pytest

from dedup.cli import line_batches
from dedup.cli.line_batches import LineBatches
from dedup.errors import InputError


def test_the_input_ends_when_the_block_is_left() -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as stream, os.fdopen(writing, "wb"):
        lines = LineBatches(stream, 10)
        taken = threading.Thread(target=lambda: list(lines), daemon=True)
        with lines.until_told():
            taken.start()
            taken.join(0.5)
            assert taken.is_alive(), "the pipe is open"
        taken.join(30)
        assert not taken.is_alive()
    assert not lines.stopped


TEXT = b"".join(b'{"id": "%d", "text": "line %d"}\n' % (number, number) for number in range(50_000))
PACKED = {
    "plain": TEXT,
    "gzip": gzip.compress(TEXT),
    "two members": gzip.compress(TEXT[:500_012]) + gzip.compress(TEXT[500_012:]),
    "bzip2": bz2.compress(TEXT),
    "xz": lzma.compress(TEXT),
    "zstd": pa.compress(TEXT, codec="zstd", asbytes=True),
}


@pytest.mark.parametrize("kind", PACKED)
@pytest.mark.parametrize("piped", [True, False], ids=["pipe", "stream"])
def test_what_is_compressed_is_recognised(kind: str, piped: bool) -> None:
    packed = PACKED[kind]
    if not piped:
        lines = [line for batch in LineBatches(io.BytesIO(packed), 1_000) for line in batch]
        assert lines == TEXT.splitlines()
        return
    reading, writing = os.pipe()

    def write() -> None:
        with os.fdopen(writing, "wb", buffering=0) as stream:
            for part in (packed[:1], packed[1:5], packed[5:]):
                stream.write(part)

    writer = threading.Thread(target=write)
    writer.start()
    with os.fdopen(reading, "rb") as stream:
        lines = [line for batch in LineBatches(stream, 1_000) for line in batch]
    writer.join()
    assert lines == TEXT.splitlines()


def test_a_compressed_stream_that_breaks_off_is_an_error_after_what_is_there() -> None:
    lines: list[bytes] = []

    def read() -> None:
        for batch in LineBatches(io.BytesIO(PACKED["gzip"][:-20_000]), 1_000):
            lines.extend(batch)

    with pytest.raises(InputError, match="breaks off"):
        read()
    assert lines
    assert lines == TEXT.splitlines()[: len(lines)]


def test_a_line_without_an_end_takes_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_batches, "LINE_BYTES", 1_000)
    monkeypatch.setattr(line_batches, "_CHUNK", 300)
    stream = io.BytesIO(b"first\n" + b"x" * 50_000 + b"\nlast\n" + b"y" * 5_000)
    given = [line for batch in LineBatches(stream, 10) for line in batch]
    assert given == [b"first", b"x" * 1_001, b"last", b"y" * 1_001]


def test_few_long_lines_are_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_batches, "_BATCH_BYTES", 10)
    monkeypatch.setattr(line_batches, "_CHUNK", 8)
    batches = list(LineBatches(io.BytesIO(b"1234567\n" * 6), 100))
    assert [len(batch) for batch in batches] == [2, 2, 2]
