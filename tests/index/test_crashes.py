"""Whatever happens to a writer: the index is as it was before, or as it is after."""

from __future__ import annotations

import errno
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from press_articles import corpus

from dedup.detector import find_overlaps, learn_background
from dedup.errors import IndexStoreError
from dedup.index import Index
from dedup.index.store.files import Files, Writing

ARTICLES = corpus(5, 48)
BACKGROUND = learn_background(ARTICLES)
SCAN = find_overlaps(ARTICLES, background=BACKGROUND)


class EndError(Exception):
    """Not a system error: represents the end of the process."""


class FaultyFiles(Files):
    """Fails at the n-th operation: the disk is full, a write is incomplete, or the process ends there."""

    def __init__(self, at: int, fault: Callable[[], BaseException], *, short: bool = False) -> None:
        super().__init__()
        self.left = at
        self._counting = threading.Lock()
        self._fault = fault
        self._short = short

    def _count(self) -> None:
        with self._counting:  # the files of a segment are written concurrently
            self.left -= 1
            due = self.left == 0
        if due:
            raise self._fault()

    @contextmanager
    def writing(self, path: Path) -> Iterator[Writing]:
        self._count()
        with super().writing(path) as stream:
            yield _Faulty(stream, self) if self._short else stream  # type: ignore[misc]
            self._count()

    def rename(self, old: Path, new: Path) -> None:
        self._count()
        super().rename(old, new)
        self._count()

    def remove(self, folder: Path) -> None:
        self._count()
        super().remove(folder)


class _Faulty:
    """Writes half of its data when its time has come."""

    def __init__(self, stream: Writing, files: FaultyFiles) -> None:
        self._stream = stream
        self._files = files

    def write(self, data: Any) -> int:
        try:
            self._files._count()
        except BaseException:
            view = bytes(memoryview(data).cast("B")) if not isinstance(data, bytes) else data
            self._stream.write(view[: len(view) // 2])
            raise
        return self._stream.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _full() -> BaseException:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _whole(folder: Path, added: int) -> None:
    """Check that the index contains the first `added` articles, and is valid."""
    with Index.open(folder) as index:
        assert index.verify().problems == ()
        assert index.info().articles == added
        expected = find_overlaps(ARTICLES[:added], background=BACKGROUND)
        assert list(index.report().overlaps) == list(expected.overlaps)


@pytest.mark.parametrize("short", [False, True])
@pytest.mark.parametrize("at", [1, 2, 3, 4, 5, 6, 9, 14, 23])
def test_a_full_disk_leaves_the_index_as_it_was(tmp_path: Path, at: int, short: bool) -> None:
    folder = tmp_path / "index"
    with Index.create(folder, background=BACKGROUND) as index:
        index.add(ARTICLES[:12])
    files = FaultyFiles(at, _full, short=short)
    said = ""
    with Index.open(folder, files=files) as index:
        try:
            index.add(ARTICLES[12:30])
        except IndexStoreError as error:
            said = str(error)
            _whole(folder, 12)
            index.add(ARTICLES[12:30])
    assert ("No space left on device" in said) == (files.left <= 0), "a fault is said, and only a fault"
    _whole(folder, 30)


@pytest.mark.parametrize("at", range(1, 12))
def test_an_end_at_any_step_of_a_merge_or_compaction_loses_nothing(tmp_path: Path, at: int) -> None:
    folder = tmp_path / "index"
    with Index.create(folder, background=BACKGROUND) as index:
        for start in range(0, 28, 4):
            index.add(ARTICLES[start : start + 4])
    with Index.open(folder, files=FaultyFiles(at, EndError)) as index:
        added = 28
        try:
            index.add(ARTICLES[28:32])
            index.compact()
        except EndError:
            added = index.info().articles
    assert added in (28, 32)
    _whole(folder, added)
    with Index.open(folder) as index:
        index.add(ARTICLES[:32])
        index.compact()
    _whole(folder, 32)


def test_a_full_catalogue_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with Index.create(folder, background=BACKGROUND) as index:
        index.add(ARTICLES[:4])
        pages = index.state.catalogue.one("PRAGMA page_count")
        index.state.catalogue.run(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(IndexStoreError, match="full"):
            index.add(ARTICLES)
    _whole(folder, 4)


WORK = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from press_articles import corpus
from dedup.index import Index
from dedup.index.filter.filtering import Filter
from dedup.index.rebuilding import rebuild
from dedup.reading.batches import to_batches
articles = corpus(5, 48)
folder, verb = Path(sys.argv[1]), sys.argv[3]
index = Index.open(folder, threads=1)
print("open", flush=True)
promised = range(0, index.info().articles - 6, 6)
for start in range(0, 48, 6):
    part = articles[start : start + 6]
    if verb == "filter":
        for batch in to_batches(part):
            Filter(index).judge(batch)
    else:
        index.add(part)
    if verb == "remove" and start not in promised:
        index.remove([article.id for article in part])
        index.add(part)
    if verb == "compact":
        index.compact()
    if verb == "refresh":
        index.refresh()
    if verb == "rebuild":
        index.close()
        rebuild(folder, threads=1)
        index = Index.open(folder, threads=1)
    print(start + 6, flush=True)
index.compact()
print("done", flush=True)
"""


#: The process that is killed: it adds six articles at a time, and does more in between.
WRITERS = ["add", "filter", "remove", "compact", "refresh", "rebuild"]


def _rounds(tmp_path: Path, count: int, seed: int, writers: Sequence[str] = WRITERS) -> int:
    """Kill writers at random moments; return how many were killed before they had finished."""
    chance, killed = random.Random(seed), 0
    number = 0
    while number < count:
        folder = tmp_path / f"index-{number}"
        Index.create(folder, background=BACKGROUND).close()
        done = 0
        while not done and number < count:
            number += 1
            said = _killed(folder, chance, chance.choice(writers))
            done = "done" in said
            killed += not done
            _assert_kept(folder, max((int(word) for word in said if word.isdigit()), default=0))
    return killed


def _assert_kept(folder: Path, promised: int) -> None:
    with Index.open(folder) as index:
        assert index.verify().problems == ()
        there = index.info().articles
        assert there >= promised, "what was acknowledged is there"
        assert there % 6 == 0, "an add is there as a whole or not at all"
        found = [(each.a, each.b, each.passages) for each in index.report().overlaps]
        scan = SCAN
        if index.background.fingerprint != BACKGROUND.fingerprint:
            scan = find_overlaps(ARTICLES, background=index.background)
        names = {article.id for article in ARTICLES[:there]}
        whole = [(each.a, each.b, each.passages) for each in scan.overlaps]
        assert found == [each for each in whole if each[0] in names and each[1] in names]


def _killed(folder: Path, chance: random.Random, verb: str) -> list[str]:
    tests = str(Path(__file__).parents[1])
    command = [sys.executable, "-c", WORK, str(folder), tests, verb]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        assert running.stdout.readline() == "open\n"
        time.sleep(chance.random() ** 2 * 0.8)
        running.send_signal(signal.SIGKILL)
        said = running.stdout.read().split()
        assert running.wait() in (-signal.SIGKILL, 0), "it failed by itself"
        return said


def test_a_writer_that_is_killed_loses_and_doubles_nothing(tmp_path: Path) -> None:
    assert _rounds(tmp_path, 8, seed=1) > 0


def test_a_refresh_or_rebuild_that_is_killed_loses_and_doubles_nothing(tmp_path: Path) -> None:
    assert _rounds(tmp_path, 6, seed=3, writers=["refresh", "rebuild"]) > 0


@pytest.mark.slow
def test_many_writers_that_are_killed(tmp_path: Path) -> None:
    """CI kills 100; DEDUP_KILLS asks for another number."""
    rounds = int(os.environ.get("DEDUP_KILLS", "100"))
    assert _rounds(tmp_path, rounds, seed=2) > 0.3 * rounds


def test_a_changed_byte_is_never_read_silently(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with Index.create(folder, background=BACKGROUND) as index:
        index.add(ARTICLES)
    (segment,) = (folder / "segments").iterdir()
    for name in ("keys", "articles.arrow"):
        path = segment / name
        data = path.read_bytes()
        for damaged in (data[: len(data) // 2], data[:100] + bytes([data[100] ^ 1]) + data[101:]):
            path.write_bytes(damaged)
            with pytest.raises(IndexStoreError, match="dedup index verify"):
                Index.open(folder)
        path.write_bytes(data)
        with Index.open(folder) as index:
            assert len(index.report().overlaps) == len(SCAN.overlaps), (
                "a copy put back is as good as the first"
            )


def test_a_missing_segment_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with Index.create(folder, background=BACKGROUND) as index:
        index.add(ARTICLES[:4])
    (segment,) = (folder / "segments").iterdir()
    (segment / "keys").unlink()
    with pytest.raises(IndexStoreError, match="missing"):
        Index.open(folder)


def test_a_catalogue_that_is_damaged_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with Index.create(folder, background=BACKGROUND) as index:
        index.add(ARTICLES[:20])
    path = folder / "catalogue.sqlite"
    data = bytearray(path.read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(IndexStoreError, match="damaged"):
        Index.open(folder)


def test_an_open_transaction_of_another_is_waited_for_and_then_named(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    Index.create(folder, background=BACKGROUND).close()
    other = sqlite3.connect(folder / "catalogue.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Index.open(folder, wait=0.1) as index:
        assert index.query(ARTICLES[0]) == [], "readers do not wait"
        with pytest.raises(IndexStoreError, match=r"another process.*0\.1 seconds.*`wait`"):
            index.add(ARTICLES[:2])
    other.close()


ADD = """
import sys
sys.path.insert(0, sys.argv[2])
from press_articles import corpus
from dedup.index import Index
with Index.open(sys.argv[1], threads=1) as index:
    print("open", flush=True)
    sys.stdin.readline()
    print(sum(index.add(corpus(5, 48)[start : start + 8]).summary.articles for start in range(0, 48, 8)))
"""


def test_two_that_add_the_same_articles_add_them_once(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    Index.create(folder, background=BACKGROUND).close()
    command = [sys.executable, "-c", ADD, str(folder), str(Path(__file__).parents[1])]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for each in running:
        assert each.stdout
        assert each.stdout.readline() == "open\n"
    counts = []
    for each in running:
        assert each.stdin
        each.stdin.write("go\n")
        each.stdin.flush()
    while any(each.poll() is None for each in running):
        with Index.open(folder) as reader:
            there = reader.report()
            assert there.summary.articles % 8 == 0, "a reader sees whole adds"
            assert len(list(there.overlaps)) == there.summary.overlaps
    for each in running:
        out, _ = each.communicate(timeout=60)
        counts.append(int(out))
    assert sum(counts) == 48
    _whole(folder, 48)
