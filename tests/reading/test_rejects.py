"""What is left out is counted, listed and written; compressed files; progress; reading ahead."""

from __future__ import annotations

import gzip
import io
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.errors import InputError, OutputError, SettingsError
from dedup.reading import Reject, read_articles, read_batches
from dedup.reading.ahead import read_ahead
from dedup.reading.ids import IdLedger

LINES = b'{"id": 1, "text": "a"}\n{"id": 2}\nbroken\n{"id": 1, "text": "b", "more": [1]}\n'


def test_rejects_are_listed_and_written(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(LINES)
    out = tmp_path / "rejects.jsonl"
    reading = read_batches([tmp_path / "a.jsonl", tmp_path / "gone"], on_error="skip", rejects=out)
    assert [batch.num_rows for batch in reading] == [1]
    assert reading.skipped == 4
    written = [json.loads(line) for line in out.read_text().splitlines()]
    assert [list(reject) for reject in written] == [["file", "line", "reason", "record"]] * 4
    assert [(reject["line"], reject["record"]) for reject in written] == [
        (None, None),
        (2, {"id": 2}),
        (3, "broken"),
        (4, {"id": 1, "text": "b", "more": [1]}),
    ]
    assert [Reject(**reject) for reject in written] == reading.rejects
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "rejects.jsonl"]


def test_the_file_of_rejects_is_there_even_when_nothing_was_left_out(tmp_path: Path) -> None:
    out = tmp_path / "rejects.jsonl"
    assert list(read_batches(["-"], stdin=io.BytesIO(b'{"text": ""}'), on_error="skip", rejects=out))
    assert out.read_bytes() == b""


def test_a_run_that_ends_early_leaves_the_old_rejects(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(LINES)
    out = tmp_path / "rejects.jsonl"
    out.write_text("old")
    batches = iter(read_batches([tmp_path / "a.jsonl"], on_error="skip", rejects=out))
    next(batches)
    batches.close()  # type: ignore[attr-defined]
    assert out.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "rejects.jsonl"]


def test_rejects_that_cannot_be_written(tmp_path: Path) -> None:
    out = tmp_path / "no" / "rejects.jsonl"
    with pytest.raises(OutputError, match=r"rejects.jsonl: cannot write the rejects .*; name another"):
        list(read_batches(["-"], stdin=io.BytesIO(LINES), on_error="skip", rejects=out))


def test_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match='only with `on_error="skip"`'):
        read_batches(["-"], rejects=tmp_path / "x")
    with pytest.raises(SettingsError, match="on_error is 'ignore'; it must be one of stop, skip"):
        read_batches(["-"], on_error="ignore")  # type: ignore[arg-type]


def test_only_the_first_thousand_are_kept_in_memory() -> None:
    reading = read_batches(["-"], stdin=io.BytesIO(b'"x"\n' * 1500), on_error="skip")
    assert list(reading) == []
    assert (reading.skipped, len(reading.rejects)) == (1500, 1000)


def compressed(data: bytes, ending: str) -> bytes:
    return gzip.compress(data) if ending == "gz" else zstandard.compress(data)


RECORDS = b"".join(
    b'{"id": %d, "text": "%s"}\n' % (n, np.random.default_rng(n).bytes(150).hex().encode())
    for n in range(2000)
)


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_compressed_files(tmp_path: Path, ending: str) -> None:
    half = RECORDS.index(b"\n", len(RECORDS) // 2) + 1
    for name, data in {"a.jsonl": RECORDS, "b.csv": b"id,text\nc,d\n", "e.txt": b"text"}.items():
        (tmp_path / f"{name}.{ending}").write_bytes(compressed(data, ending))
    assert [a.id for a in read_articles([tmp_path])] == [*map(str, range(2000)), "c", "e"]
    two = compressed(RECORDS[:half], ending) + compressed(RECORDS[half:], ending)
    (tmp_path / f"a.jsonl.{ending}").write_bytes(two)
    assert len(list(read_articles([tmp_path / f"a.jsonl.{ending}"]))) == 2000


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_broken_compressed_files(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.jsonl.{ending}"
    whole = compressed(RECORDS, ending)
    path.write_bytes(whole[: len(whole) * 3 // 4])
    with pytest.raises(
        InputError, match=rf"a.jsonl.{ending}: breaks off in the middle .*; get the file again"
    ):
        list(read_articles([path]))
    reading = read_batches([path], on_error="skip")
    rows = sum(batch.num_rows for batch in reading)
    assert rows > 500
    assert reading.skipped >= 1
    path.write_bytes(whole[:300] + b"x" * 100 + whole[400:])
    with pytest.raises(InputError, match=r"is not a valid|broken JSON"):
        list(read_articles([path]))
    path.write_bytes(RECORDS)  # not compressed, whatever its name says
    assert len(list(read_articles([path]))) == 2000
    path.write_bytes(b"")
    with pytest.raises(InputError, match="no articles in it"):
        list(read_articles([path]))


@pytest.mark.parametrize("ending", ["", ".gz", ".zst"])
def test_progress_tells_bytes_of_the_inputs(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.jsonl{ending}"
    path.write_bytes(compressed(RECORDS, ending[1:]) if ending else RECORDS)
    told: list[tuple[int, int | None]] = []
    assert list(read_batches([path], progress=lambda done, total: told.append((done, total))))
    size = path.stat().st_size
    assert told[-1] == (size, size)
    assert told == sorted(told)
    told.clear()
    assert list(
        read_batches(
            ["-"], stdin=io.BytesIO(RECORDS), progress=lambda done, total: told.append((done, total))
        )
    )
    assert told[-1][1] is None


def test_reading_ahead_hands_on_errors_and_stops() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise InputError("no")

    ahead = read_ahead(items())
    assert next(ahead) == 1
    with pytest.raises(InputError, match="no"):
        next(ahead)
    made: list[int] = []

    def endless() -> Iterator[int]:
        while True:
            made.append(len(made))
            yield made[-1]

    running = read_ahead(endless())
    assert [next(running), next(running)] == [0, 1]
    running.close()  # type: ignore[attr-defined]
    assert len(made) <= 5
    assert not [
        thread for thread in threading.enumerate() if thread.name == "dedup-reading" and thread.is_alive()
    ]


@given(st.lists(st.lists(st.text(st.sampled_from("abऀ"), max_size=3), max_size=30), max_size=8))
@settings(max_examples=60, deadline=None)
def test_ledger_finds_the_first_holder(runs: list[list[str]]) -> None:
    ledger = IdLedger()
    first: dict[str, int] = {}
    total = 0
    for run, ids in enumerate(runs):
        expected = []
        for row, name in enumerate(ids):
            expected.append(first.get(name, -1))
            first.setdefault(name, total + row)
        lines = np.arange(len(ids), dtype=np.int64) * 2 + 1
        assert ledger.enter(pa.array(ids, pa.string()), [f"{run}.jsonl"], lines).tolist() == expected
        if ids:
            assert ledger.place(total) == (f"{run}.jsonl", 1)
            assert ledger.place(total + len(ids) - 1) == (f"{run}.jsonl", 2 * len(ids) - 1)
        total += len(ids)


def test_ledger_grows() -> None:
    ledger = IdLedger()
    names = pa.array([f"id-{n}" for n in range(50_000)])
    assert ledger.enter(names, ["x"], None).max() == -1
    assert ledger.enter(names.slice(10), ["y"], None).tolist() == list(range(10, 50_000))
