"""Where compiled kernels are kept."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np
import pytest

from dedup.jit import cache
from dedup.jit.cache import find_rooms, kept_arrays, make_folder


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "dedup").mkdir()
    return tmp_path / "dedup"


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Nothing is writable except the directory for temporary files, which is returned."""
    # The tests' user may be root, for whom everything is writable.
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_beside_the_package_where_that_can_be_written(package: Path) -> None:
    rooms = find_rooms("", package)
    assert rooms.writable == package / "__pycache__" / "kernels"
    assert rooms.readable == (rooms.writable,)


def test_the_users_choice_counts_and_what_is_beside_the_package_is_read_too(
    package: Path, tmp_path: Path
) -> None:
    rooms = find_rooms(str(tmp_path / "chosen"), package)
    assert rooms.writable is not None
    assert rooms.writable.parent == tmp_path / "chosen"
    assert rooms.readable == (rooms.writable, package / "__pycache__" / "kernels")
    assert find_rooms(str(tmp_path / "chosen"), tmp_path / "other").writable != rooms.writable


def test_a_read_only_installation_keeps_them_with_the_user(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) == home)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(home))
    rooms = find_rooms("", package)
    assert rooms.writable is not None
    assert rooms.writable.parent == home / ".cache" / "dedup"
    assert package / "__pycache__" / "kernels" in rooms.readable


def test_a_directory_of_the_users_own_serves(nowhere: Path, package: Path) -> None:
    rooms = find_rooms("", package)
    assert rooms.writable is not None
    assert rooms.writable.parent == nowhere
    assert rooms.writable.stat().st_mode & 0o777 == 0o700
    assert find_rooms("", package) == rooms, "the next run finds it again"


@pytest.mark.parametrize("kind", ["open", "link", "file"])
def test_a_directory_that_another_could_write_is_not_used(
    nowhere: Path,
    package: Path,
    kind: str,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mine = find_rooms("", package).writable
    assert mine is not None
    mine.rmdir()
    if kind == "open":
        mine.mkdir()
        mine.chmod(0o777)
    elif kind == "link":
        (nowhere / "elsewhere").mkdir(mode=0o700)
        mine.symlink_to(nowhere / "elsewhere")
    else:
        mine.write_text("")
    monkeypatch.setattr(cache, "_said", set())
    for _ in range(2):
        assert find_rooms("", package).writable is None
    assert [record.message for record in caplog.records] == [
        "there is no place to keep compiled kernels: each run compiles them; set NUMBA_CACHE_DIR"
    ]


def test_a_new_folder_removes_those_of_earlier_versions_of_its_module(tmp_path: Path) -> None:
    stay = ["here/lsh.bands-22", "here/lsh.bands.more-11", "here/lsh.minhash-11", "there/lsh.bands-22"]
    for name in ["here/lsh.bands-11", "there/lsh.bands-00", *stay[1:]]:
        make_folder(tmp_path / name) if name in stay else (tmp_path / name).mkdir(parents=True)
    make_folder(tmp_path / stay[0])
    assert sorted(str(each.relative_to(tmp_path)) for each in tmp_path.glob("*/*")) == sorted(stay)


def test_arrays_are_made_once_and_again_when_what_is_kept_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    made = []

    def make() -> tuple[np.ndarray, ...]:
        made.append(1)
        return np.arange(5), np.zeros(3, np.uint8)

    def ask() -> list[list[int]]:
        found = kept_arrays("dedup.text.characters", "of-a-test", make)
        assert not any(array.flags.writeable for array in found), "of one kind, made or kept"
        return [array.tolist() for array in found]

    expected = [[0, 1, 2, 3, 4], [0, 0, 0]]
    assert ask() == ask() == expected
    assert len(made) == 1
    (file,) = tmp_path.rglob("text.characters-of-a-test-*.npz")
    damaged = bytearray(file.read_bytes())
    damaged[damaged.index(b"\x04\0\0\0\0\0\0\0")] = 7
    file.write_bytes(damaged)
    assert ask() == expected
    assert len(made) == 2
    file.write_bytes(b"")
    assert ask() == ask() == expected
    assert len(made) == 3
