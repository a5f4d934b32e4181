"""Outputs exist as a whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import OutputError
from dedup.runtime.outputs import is_plain, open_large, unwritable, written_beside


def write(path: Path, content: bytes, error: BaseException | None = None) -> None:
    with written_beside([path]) as (beside,):
        beside.write_bytes(content)
        if error is not None:
            raise error


def test_the_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "result.jsonl"
    with written_beside([path]) as (beside,):
        beside.write_bytes(b"one\n")
        assert not path.exists()
    assert path.read_bytes() == b"one\n"
    assert list(tmp_path.iterdir()) == [path]


def test_what_stood_there_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "result.jsonl"
    path.write_bytes(b"a long result of before\n")
    path.chmod(0o640)
    with written_beside([path]) as (beside,):
        beside.write_bytes(b"new")
        assert path.read_bytes() == b"a long result of before\n"
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_link_keeps_pointing_where_it_did(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    write(tmp_path / "link", b"text")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_bytes() == b"text"


@pytest.mark.parametrize("error", [ValueError("broken"), KeyboardInterrupt()])
def test_what_stood_there_stays_when_the_writing_fails(tmp_path: Path, error: BaseException) -> None:
    path = tmp_path / "result.jsonl"
    path.write_bytes(b"before")
    with pytest.raises(type(error)):
        write(path, b"half", error)
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_of_several_files_none_appears_when_one_fails(tmp_path: Path) -> None:
    finals = [tmp_path / "one", tmp_path / "two"]

    def both() -> None:
        with written_beside(finals) as (one, two):
            one.write_bytes(b"1")
            two.write_bytes(b"2")
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        both()
    assert list(tmp_path.iterdir()) == []


def test_several_files_appear_together(tmp_path: Path) -> None:
    finals = [tmp_path / "one", tmp_path / "two"]
    with written_beside(finals) as partials:
        for number, partial in enumerate(partials):
            partial.write_bytes(b"%d" % number)
    assert [path.read_bytes() for path in finals] == [b"0", b"1"]
    assert sorted(tmp_path.iterdir()) == finals


def test_a_missing_folder_is_named_with_the_mend(tmp_path: Path) -> None:
    with pytest.raises(
        OutputError, match=r"missing/result: the directory .* does not exist; create it first"
    ):
        write(tmp_path / "missing" / "result", b"")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_its_place_is_refused_and_left(tmp_path: Path) -> None:
    path = tmp_path / "folder"
    path.mkdir()
    with pytest.raises(OutputError, match="folder: is a directory"):
        write(path, b"text")
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    full = OSError(28, "No space left on device")
    with pytest.raises(
        OutputError, match=r"result: cannot be written \(No space left on device\); choose another"
    ):
        write(tmp_path / "result", b"half", full)
    assert list(tmp_path.iterdir()) == []
    assert "(no reason)" in str(unwritable("result", OSError("no reason")))


def test_devices_are_not_renamed_into_place(tmp_path: Path) -> None:
    assert is_plain(tmp_path / "new")
    assert not is_plain(Path("/dev/null"))
    assert not is_plain(tmp_path)


@given(st.lists(st.binary(max_size=50) | st.just(b"x" * 700_000), max_size=6))
def test_a_large_file_holds_what_was_written_in_order(parts: list[bytes]) -> None:
    path = Path(tempfile.mkdtemp()) / "large"
    with open_large(path) as stream:
        for part in parts:
            assert stream.write(memoryview(part)) == len(part)
        assert stream.tell() == sum(map(len, parts))
    assert path.read_bytes() == b"".join(parts)
    path.unlink()
    path.parent.rmdir()


@pytest.mark.parametrize(
    "error", [*(OSError(number, "") for number in (errno.EOPNOTSUPP, errno.EINVAL)), NotImplementedError()]
)
def test_where_the_system_does_not_write_past_its_cache_the_file_is_an_ordinary_one(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def refuse(*given: object) -> int:
        asked.append(given)
        raise error

    monkeypatch.setattr(os, "pwritev", refuse)
    with open_large(tmp_path / "large") as stream:
        for part in (b"a" * 3_000_000, b"b" * 3_000_000, b"c"):
            stream.write(part)
    assert (tmp_path / "large").read_bytes() == b"a" * 3_000_000 + b"b" * 3_000_000 + b"c"
    assert len(asked) == 1
    assert asked[0][2:] == (-1, 0x80), "once, where the file stands, past the cache"


@pytest.mark.parametrize("most", [1, 4096, 1_000_000])
def test_what_is_written_in_part_is_written_on(
    most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def some(file: int, parts: list[bytes], *_: int) -> int:
        return os.write(file, bytes(memoryview(parts[0])[:most]))

    monkeypatch.setattr(os, "pwritev", some)
    whole = os.urandom(3000 * most if most < 1000 else 3_000_000)
    with open_large(tmp_path / "large") as stream:
        stream.write(whole)
    assert (tmp_path / "large").read_bytes() == whole


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a file that is always full")
def test_a_full_disk_is_said_at_once_and_at_the_end_at_the_latest() -> None:
    with pytest.raises(OSError, match="No space left"), open_large(Path("/dev/full")) as stream:
        stream.write(b"x" * 3_000_000)
    with pytest.raises(OSError, match="No space left"), open_large(Path("/dev/full")) as stream:
        stream.write(b"x")
