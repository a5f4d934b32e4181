"""A valid index answers even if nothing can be written beside it: a full disk, a read-only mount."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from dedup.article import Article
from dedup.errors import IndexStoreError
from dedup.index import Index
from dedup.index.store import catalogue, connecting
from dedup.index.verbs.verification import verify

TEXT = (
    "The market square of Emmerow was closed again in May, as the spring under it had come back overnight. "
    "Stalls were moved to the school yard, where the bakers had to share a single tap with the fire brigade."
)


def articles(*names: str) -> list[Article]:
    return [Article(id=name, source=name, text=f"{TEXT} {name}") for name in names]


@pytest.fixture
def held(tmp_path: Path) -> Path:
    folder = tmp_path / "index"
    with Index.create(folder, threads=1) as index:
        index.add(articles("a", "b"))
    return folder


class NoRoom:
    """SQLite's behaviour when it cannot create the files of its write-ahead log."""

    def execute(self, statement: str, values: object = ()) -> None:
        if not statement.startswith("PRAGMA"):
            raise sqlite3.OperationalError("unable to open database file")

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture(params=["a read-only folder", "a log that cannot be made"])
def without_room(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Return a function that removes the room to write from an index."""

    def take(folder: Path) -> None:
        if request.param == "a read-only folder":
            (folder / "catalogue.sqlite-shm").unlink(missing_ok=True)
            (folder / "catalogue.sqlite-shm").mkdir()
            return
        connected = connecting.connected

        def refusing(path: Path | str, wait: float, *, uri: bool = False) -> object:
            return connected(path, wait, uri=uri) if uri or folder not in Path(path).parents else NoRoom()

        for module in (connecting, catalogue):
            monkeypatch.setattr(module, "connected", refusing)

    return take


def test_it_answers_and_refuses_to_write(held: Path, without_room: Callable[[Path], None]) -> None:
    without_room(held)
    with Index.open(held, threads=1) as index:
        assert [found.a for found in index.query(articles("new")[0])] == ["a", "b"]
        assert len(index.report().overlaps) == 1
        assert index.info().articles == 2
        with pytest.raises(IndexStoreError, match="can be read, but not written"):
            index.add(articles("c"))
    found = verify(held)
    assert found.sound


def test_what_is_in_the_log_alone_is_read_too(
    held: Path, tmp_path: Path, without_room: Callable[[Path], None]
) -> None:
    other = tmp_path / "copy"
    keeper = sqlite3.connect(held / "catalogue.sqlite")
    try:
        keeper.execute("PRAGMA wal_autocheckpoint = 0")
        keeper.execute("SELECT count(*) FROM article").fetchone()
        with Index.open(held, threads=1) as index:
            index.add(articles("c"))
            assert (held / "catalogue.sqlite-wal").stat().st_size
            shutil.copytree(held, other, copy_function=shutil.copy2)
    finally:
        keeper.close()
    without_room(other)
    with Index.open(other, threads=1) as index:
        assert index.article("c").id == "c"
        assert len(index.report().overlaps) == 3
    assert verify(other).sound


def test_what_is_no_catalogue_stays_one(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    folder.mkdir()
    (folder / "catalogue.sqlite").write_bytes(b"x" * 5000)
    with pytest.raises(IndexStoreError):
        Index.open(folder, threads=1)
