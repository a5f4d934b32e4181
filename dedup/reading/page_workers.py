"""Pages to articles on several cores, by processes that receive pages through pipes.

They are started as separate programs instead of forked: a fork of a process with threads may hang, and
`multiprocessing` would import the caller's script again.
"""

from __future__ import annotations

import contextlib
import os
import select
import struct
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from typing import IO, NamedTuple

import msgspec

from dedup.errors import InputError
from dedup.reading.extras import distribution

_SIZE = struct.Struct("<q")
#: Number of pages that one process receives at a time.
_BATCH = 8
_LARGEST = 64 << 20
# Seconds after which a process that does not answer is ended; a page takes a few hundredths of a second.
_PATIENCE = 60.0


class Page(NamedTuple):
    """A page to read."""

    content: bytes
    url: str | None
    charset: str | None = None


class _Task(msgspec.Struct, array_like=True):
    pages: list[tuple[bytes, str | None, str | None]]
    fast: bool


class _Answer(msgspec.Struct, array_like=True):
    rows: list[dict[str, str | None] | str]
    missing: str | None = None


def articles_of_pages(
    pages: Iterable[Page], *, fast: bool, file: str, processes: int | None = None
) -> Iterator[dict[str, str | None] | str]:
    """Yield the article of each page, in order, or the reason why a page could not be read.

    Parameters
    ----------
    pages : iterable of Page
    fast : bool
        Use resiliparse instead of trafilatura.
    file : str
        For messages.
    processes : int, optional
        By default, all cores that the process may use.

    Raises
    ------
    InputError
        The library is not installed.
    """
    count = processes or cores()
    with contextlib.ExitStack() as stack:
        workers: list[_Worker] = []
        waiting: deque[_Worker] = deque()
        for task in _tasks(pages, fast):
            if len(waiting) == count:
                worker = waiting.popleft()
                yield from worker.answer(file)
            elif len(workers) < count:
                worker = stack.enter_context(_Worker())
                workers.append(worker)
            else:
                worker = next(one for one in workers if one not in waiting)
            worker.give(task)
            waiting.append(worker)
        while waiting:
            yield from waiting.popleft().answer(file)


def cores() -> int:
    """Return the number of cores that the process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _tasks(pages: Iterable[Page], fast: bool) -> Iterator[_Task]:
    batch: list[tuple[bytes, str | None, str | None]] = []
    for page in pages:
        batch.append((page.content, page.url, page.charset))
        if len(batch) == _BATCH:
            yield _Task(batch, fast)
            batch = []
    if batch:
        yield _Task(batch, fast)


class _Worker:
    """One process, as a context manager."""

    def __enter__(self) -> _Worker:
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from dedup.reading.page_workers import work; work()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        self._given = 0
        return self

    def __exit__(self, *details: object) -> None:
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self._process.wait()

    def give(self, task: _Task) -> None:
        """Send pages; they are answered in the same order."""
        self._given = len(task.pages)
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            _write(self._process.stdin, msgspec.msgpack.encode(task))

    def answer(self, file: str) -> list[dict[str, str | None] | str]:
        """Return the articles of the pages sent last; a process that died is restarted."""
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], _PATIENCE)
        data = _read(self._process.stdout) if ready else None
        if data is None:
            self.__exit__()
            self.__enter__()
            return ["the extractor failed on it or on one beside it"] * self._given
        answer = msgspec.msgpack.decode(data, type=_Answer)
        if answer.missing is not None:
            mend = f"pip install '{distribution()}[web]'"
            raise InputError(
                f"reading pages needs {answer.missing}, which is not installed; {mend}", file=file
            )
        return answer.rows


def work() -> None:
    """Answer pages until the input ends; the other side of `articles_of_pages`."""
    from dedup.reading.page_text import article_of_page

    given, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    while (data := _read(given)) is not None:
        task = msgspec.msgpack.decode(data, type=_Task)
        rows: list[dict[str, str | None] | str] = []
        missing = None
        for content, url, charset in task.pages:
            try:
                rows.append(article_of_page(content, url, charset, fast=task.fast))
            except ImportError as error:
                missing = error.name or "trafilatura"
                break
            except Exception as error:  # a library failed; only that page is left out
                rows.append(f"{type(error).__name__}: {error}")
        _write(answers, msgspec.msgpack.encode(_Answer(rows, missing)))


def _write(stream: IO[bytes], data: bytes) -> None:
    stream.write(_SIZE.pack(len(data)))
    stream.write(data)
    stream.flush()


def _read(stream: IO[bytes]) -> bytes | None:
    head = stream.read(_SIZE.size)
    if len(head) < _SIZE.size:
        return None
    size = _SIZE.unpack(head)[0]
    data = stream.read(size) if size <= 2 * _BATCH * _LARGEST else b""
    return data if len(data) == size else None
