"""Outputs: there whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from dedup.errors import OutputError
from dedup.outputs import written_whole


def test_the_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "result.jsonl"
    with written_whole(path) as stream:
        stream.write(b"one\n")
        assert not path.exists()
    assert path.read_bytes() == b"one\n"
    assert list(tmp_path.iterdir()) == [path]


def test_what_stood_there_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "result.jsonl"
    path.write_bytes(b"a long result of before\n")
    with written_whole(path) as stream:
        stream.write(b"new")
        stream.flush()
        assert path.read_bytes() == b"a long result of before\n"
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_what_stood_there_stays_when_the_writing_fails(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "result.jsonl"
    path.write_bytes(b"before")

    def write() -> None:
        with written_whole(path) as stream:
            stream.write(b"half")
            raise error

    with pytest.raises(error):
        write()
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_stands_there_when_the_first_writing_fails(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="half"), written_whole(tmp_path / "new") as stream:
        stream.write(b"half")
        raise ValueError("half")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_named_with_the_mend(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "result"
    with pytest.raises(OutputError, match=r"missing/result cannot be written: .*; choose another place with -o"):
        with written_whole(path):
            pass


def test_a_folder_in_its_place_is_refused_and_left(tmp_path: Path) -> None:
    path = tmp_path / "folder"
    path.mkdir()
    with pytest.raises(OutputError, match="folder cannot be written"), written_whole(path) as stream:
        stream.write(b"text")
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="No space left"), written_whole(tmp_path / "result") as stream:
        stream.write(b"half")
        raise OSError(28, "No space left on device")
    assert list(tmp_path.iterdir()) == []


def test_the_file_may_be_read_as_any_other(tmp_path: Path) -> None:
    with written_whole(tmp_path / "result") as stream:
        stream.write(b"text")
    other = tmp_path / "other"
    other.write_bytes(b"text")
    mode = stat.S_IMODE((tmp_path / "result").stat().st_mode)
    assert mode == stat.S_IMODE(other.stat().st_mode)
    assert mode & 0o600 == 0o600
    assert os.access(tmp_path / "result", os.R_OK)
