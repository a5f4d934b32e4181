"""The scratch directory: columns on disk, and that nothing of it stays."""

from __future__ import annotations

import errno
import fcntl
import gc
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import OutputError
from dedup.runtime.scratch import Scratch, resident_bytes


@given(st.lists(st.lists(st.integers(0, 2**32 - 1), max_size=20), max_size=5))
def test_what_is_appended_is_read_in_order(parts: list[list[int]]) -> None:
    scratch = Scratch()
    column = scratch.column("numbers", np.uint32)
    for part in parts:
        column.append(np.array(part, np.int64))
    found = column.read()
    assert found.dtype == np.uint32
    assert found.tolist() == [value for part in parts for value in part]
    scratch.close()


def test_a_column_that_was_read_takes_no_more() -> None:
    column = Scratch().column("numbers", np.uint8)
    assert column.read().tolist() == []
    with pytest.raises(ValueError, match="nothing can be appended"):
        column.append(np.zeros(1))


def test_columns_do_not_mix_and_strided_arrays_are_written_whole() -> None:
    scratch = Scratch()
    one, two = scratch.column("one", np.int64), scratch.column("two", np.int64)
    one.append(np.arange(10)[::3])
    two.append(np.arange(3))
    assert one.read().tolist() == [0, 3, 6, 9]
    assert two.read().tolist() == [0, 1, 2]


def test_a_removed_column_gives_its_space_back_and_its_array_stays(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path)
    column = scratch.column("numbers", np.uint8)
    column.append(np.arange(4))
    values = column.read()
    column.remove()
    assert [each.name for each in scratch.path.iterdir()] == [f"in-use.{platform.node()}"]
    assert values.tolist() == [0, 1, 2, 3]
    unread = scratch.column("unread", np.uint8)
    unread.remove()
    assert [each.name for each in scratch.path.iterdir()] == [f"in-use.{platform.node()}"]


def test_the_directory_goes_when_it_is_closed(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path)
    scratch.column("numbers", np.uint8).read()
    assert len(list(tmp_path.iterdir())) == 1
    scratch.close()
    scratch.close()
    assert list(tmp_path.iterdir()) == []


def test_the_directory_goes_with_the_last_that_needs_it(tmp_path: Path) -> None:
    column = Scratch(tmp_path).column("numbers", np.uint8)
    gc.collect()
    column.append(np.arange(2))
    assert column.read().tolist() == [0, 1]
    del column
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_breaks_off_leaves_no_open_file(tmp_path: Path) -> None:
    """A warning about an unclosed file would fail this test."""
    column = Scratch(tmp_path).column("numbers", np.uint8)
    column.append(np.arange(2))
    del column
    gc.collect()
    assert list(tmp_path.iterdir()) == []


_RUN = """
import sys, time
from pathlib import Path
import numpy as np
from dedup.runtime.scratch import Scratch
scratch = Scratch(Path(sys.argv[1]))
scratch.column("numbers", np.uint8).append(np.arange(2))
print(scratch.path, flush=True)
time.sleep(60)
"""


def test_what_a_killed_run_leaves_goes_with_the_next_and_what_is_in_use_stays(tmp_path: Path) -> None:
    def start() -> tuple[subprocess.Popen[str], Path]:
        run = subprocess.Popen([sys.executable, "-c", _RUN, tmp_path], stdout=subprocess.PIPE, text=True)
        assert run.stdout is not None
        return run, Path(run.stdout.readline().strip())

    (tmp_path / "dedup-scratch-of-mine").mkdir()  # without a mark, so it does not belong to a run
    (tmp_path / "notes").mkdir()
    (tmp_path / "dedup-scratch-elsewhere").mkdir()
    (tmp_path / "dedup-scratch-elsewhere" / "in-use.of-another-machine").touch()
    killed, left = start()
    lasting, used = start()
    with lasting, killed:
        killed.kill()
        killed.wait()
        assert left.exists()
        own = Scratch(tmp_path)
        second = Scratch(tmp_path)
        others = {"dedup-scratch-of-mine", "dedup-scratch-elsewhere", "notes"}
        found = {each.name for each in tmp_path.iterdir()}
        assert found == {*others, used.name, own.path.name, second.path.name}
        assert (used / "numbers").read_bytes() == bytes([0, 1])
        lasting.kill()


def test_where_files_cannot_be_locked_a_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(file: object, operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    left = Scratch(tmp_path)
    monkeypatch.setattr(fcntl, "flock", refuse)
    column = Scratch(tmp_path).column("numbers", np.uint8)
    column.append(np.arange(2))
    assert column.read().tolist() == [0, 1]
    assert left.path.exists()


def test_a_place_where_nothing_can_be_made_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"no scratch directory can be made in .*missing.*`scratch`"):
        Scratch(tmp_path / "missing")


def test_a_run_that_the_disk_has_no_room_for_is_refused(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path)
    scratch.reserve(0)
    with pytest.raises(OutputError, match=r"GB free and the run needs about 1,000,000.0 GB; .*`scratch`"):
        scratch.reserve(10**15)


def test_a_refusal_names_the_place_what_is_free_and_what_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = Scratch(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=2_000_000_000))
    scratch.reserve(2_000_000_000)  # to the last byte
    with pytest.raises(OutputError) as refused:
        scratch.reserve(3_250_000_000)
    assert str(refused.value) == (
        f"the scratch directory {tmp_path} has 2.0 GB free and the run needs about 3.2 GB; "
        "choose another with `scratch`, or make room"
    )
    assert len(list(tmp_path.iterdir())) == 1, "a refusal takes nothing away that is in use"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a file that is always full")
def test_a_disk_that_fills_up_while_columns_are_written_is_named(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path)
    (scratch.path / "numbers").symlink_to("/dev/full")
    column = scratch.column("numbers", np.uint32)
    with pytest.raises(OutputError, match=r"scratch directory .* cannot be written \(.*\); .*`scratch`"):
        column.append(np.arange(100_000))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a file that is always full")
@pytest.mark.parametrize("values", [1, 100, 100_000])
def test_no_value_is_lost_in_silence_on_a_full_disk(tmp_path: Path, values: int) -> None:
    scratch = Scratch(tmp_path)
    (scratch.path / "numbers").symlink_to("/dev/full")
    column = scratch.column("numbers", np.uint32)

    def write() -> None:
        column.append(np.arange(values))
        column.close()

    with pytest.raises(OutputError, match=r"cannot be written \(No space left on device\)"):
        write()


@pytest.mark.parametrize("memory", [1, 10**15])
@given(
    parts=st.lists(st.binary(max_size=300), max_size=4),
    steps=st.lists(st.sampled_from(["look", "read again", "remove"]), max_size=8),
)
def test_columns_read_right_after_their_pages_were_let_go(
    memory: int, parts: list[bytes], steps: list[str]
) -> None:
    scratch = Scratch(memory=memory)
    columns = [scratch.column(f"numbers {number}", np.uint8) for number in range(len(parts))]
    for column, part in zip(columns, parts, strict=True):
        column.append(np.frombuffer(part * 40, np.uint8))  # up to three pages
    read = [column.read() for column in columns]
    removed = False
    for step in [*steps, "look"]:
        scratch.keep_within()
        if step == "read again" and not removed:
            read = [column.read() for column in columns]  # the arrays before these are gone
        elif step == "remove":
            removed = True
            for column in columns:
                column.remove()
        assert [values.tobytes() for values in read] == [part * 40 for part in parts]
    scratch.close()
    scratch.keep_within()
    assert [values.tobytes() for values in read] == [part * 40 for part in parts]


def test_what_was_read_is_let_go_when_the_process_holds_too_much(tmp_path: Path) -> None:
    values = np.arange(8_000_000, dtype=np.uint32)

    def held(memory: int, needed: int = 0) -> int:
        """Return the memory that the process holds of a column of 32 MB after reading it."""
        scratch = Scratch(tmp_path, memory)
        column = scratch.column("numbers", np.uint32)
        column.append(values)
        before = resident_bytes()
        read = column.read()
        assert int(read.sum()) == int(values.sum())
        scratch.keep_within(needed)
        assert int(read[-1]) == int(values[-1])  # it can still be read
        return resident_bytes() - before

    assert held(memory=10**15) - held(memory=1) > 25_000_000
    assert held(memory=10**15) - held(memory=10**15, needed=10**15) > 25_000_000


@given(st.lists(st.lists(st.tuples(st.integers(0, 2**32 - 1), st.booleans()), max_size=2000), max_size=5))
def test_a_column_is_rewritten_with_a_part_of_what_is_read_meanwhile(
    parts: list[list[tuple[int, bool]]],
) -> None:
    scratch = Scratch()
    column = scratch.column("numbers", np.uint32)
    column.append(np.array([value for part in parts for value, _ in part], np.uint32))
    before = column.read()
    column.rewrite()
    start = 0
    for part in parts:
        keep = np.array([kept for _, kept in part], np.bool_)
        column.append(before[start : start + len(part)][keep])
        start += len(part)
    assert column.read().tolist() == [value for part in parts for value, kept in part if kept]
    scratch.close()
