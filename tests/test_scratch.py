"""The scratch directory: columns on disk, and that nothing of it stays."""

from __future__ import annotations

import gc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import OutputError
from dedup.scratch import Scratch, resident_bytes


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
    with pytest.raises(ValueError, match="it takes no more"):
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
    assert list(scratch.path.iterdir()) == []
    assert values.tolist() == [0, 1, 2, 3]
    unread = scratch.column("unread", np.uint8)
    unread.remove()
    assert list(scratch.path.iterdir()) == []


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
    """A warning of an unclosed file would fail this test."""
    column = Scratch(tmp_path).column("numbers", np.uint8)
    column.append(np.arange(2))
    del column
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_a_place_where_nothing_can_be_made_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"no scratch directory can be made in .*missing.*--scratch"):
        Scratch(tmp_path / "missing")


def test_a_run_that_the_disk_has_no_room_for_is_refused(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path)
    scratch.reserve(0)
    with pytest.raises(OutputError, match=r"GB free and the run needs about 1,000,000.0 GB; .*--scratch"):
        scratch.reserve(10**15)


def test_what_was_read_is_let_go_when_the_process_holds_too_much(tmp_path: Path) -> None:
    values = np.arange(8_000_000, dtype=np.uint32)

    def held(memory: int) -> int:
        """What the process holds of a column of 32 MB after it was read."""
        scratch = Scratch(tmp_path, memory)
        column = scratch.column("numbers", np.uint32)
        column.append(values)
        before = resident_bytes()
        read = column.read()
        assert int(read.sum()) == int(values.sum())
        scratch.keep_within()
        assert int(read[-1]) == int(values[-1])  # it can still be read
        return resident_bytes() - before

    assert held(memory=10**15) - held(memory=1) > 25_000_000
