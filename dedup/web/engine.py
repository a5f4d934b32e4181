"""The index behind the desk: readers that check, one writer, and the view from which lists are made.

Checks run in a few threads, each with its own open index, so that they see snapshots and do not wait for the
writer. All writing is done by one thread, in the order of the requests.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from dedup.article import Article
from dedup.decisions.ledger import Ledger
from dedup.decisions.record import Decision
from dedup.index.index import Index
from dedup.index.store.token_shelf import TokenShelf
from dedup.web.keys import Keys
from dedup.web.options import DeskOptions
from dedup.web.problems import Problem
from dedup.web.view import PERIODS, View, make_view

log = logging.getLogger("dedup.desk")

T = TypeVar("T")
#: Maximum size in bytes of the stored articles' tokens that one reader keeps.
_SHELF_BYTES = 64 << 20


class Engine:
    """The index, for the request handlers.

    Parameters
    ----------
    options : DeskOptions
    """

    def __init__(self, options: DeskOptions) -> None:
        self.options = options
        self.keys = Keys()
        self.ready = False
        self.fault: str | None = None
        self.on_change: list[Callable[[], None]] = []
        self._readers: queue.SimpleQueue[Index] = queue.SimpleQueue()
        self._open: list[Index] = []
        for _ in range(options.readers):
            self._readers.put(self._opened())
        self._writing = self._opened()
        self._viewing = self._opened()
        self._reading = ThreadPoolExecutor(options.readers, "reader")
        self._writer = ThreadPoolExecutor(1, "writer")
        self._viewer = ThreadPoolExecutor(1, "viewer")
        self._waiting = 0
        self.written = 0
        self._views: dict[str, tuple[tuple[int | None, int], View]] = {}
        self._ledger: tuple[int, float, Ledger] | None = None
        self._lock = threading.Lock()

    def _opened(self) -> Index:
        index = Index.open(self.options.index, threads=1, outlets=self.options.outlets)
        self._open.append(index)
        return index

    def warm(self) -> None:
        """Check a stored article, so that nobody waits for kernels to be loaded or compiled."""
        try:
            with self._reader() as index:
                index.check(Article(id="", source="", text=_text_of_any(index)))
            self.ready = True
        except Exception as error:  # the desk stays up and reports the problem
            log.exception("warming failed")
            self.fault = f"{type(error).__name__}: {error}"

    def close(self) -> None:
        """Finish pending work, and close the index."""
        for pool in (self._reading, self._writer, self._viewer):
            pool.shutdown(wait=True, cancel_futures=True)
        for index in self._open:
            index.close()

    @property
    def waiting(self) -> int:
        """The number of checks that are running or waiting."""
        return self._waiting

    async def read(self, work: Callable[[Index], T]) -> T:
        """Do work that reads the index; this thread does not write to it meanwhile.

        Raises
        ------
        Problem
            503: too many requests wait already, or the work takes too long.
        """
        if self._waiting >= self.options.limits.waiting:
            raise Problem(503, "too many checks are waiting; try again in a moment", retry_after=1)
        self._waiting += 1
        future = self._reading.submit(self._with_reader, work)
        future.add_done_callback(partial(self._left, asyncio.get_running_loop()))
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), self.options.limits.seconds)
        except TimeoutError:
            raise Problem(503, "the check took too long; try a shorter text", retry_after=5) from None

    def _left(self, loop: asyncio.AbstractEventLoop, future: Future[Any]) -> None:
        def leave() -> None:
            self._waiting -= 1

        if not loop.is_closed():
            loop.call_soon_threadsafe(leave)

    def _with_reader(self, work: Callable[[Index], T]) -> T:
        with self._reader() as index:
            return work(index)

    @contextmanager
    def _reader(self) -> Any:
        index = self._readers.get()
        try:
            yield index
        finally:
            if index.state.shelf.nbytes > _SHELF_BYTES:
                index.state.shelf = TokenShelf()
            index.state.relieve()
            self._readers.put(index)

    async def write(self, work: Callable[[Index], T]) -> T:
        """Do work that writes to the index; such work is done one piece after another."""
        return await asyncio.wrap_future(self._writer.submit(self._written, work))

    def write_now(self, work: Callable[[Index], T]) -> T:
        """Like `write`, for a thread that waits."""
        return self._writer.submit(self._written, work).result()

    def _written(self, work: Callable[[Index], T]) -> T:
        try:
            return work(self._writing)
        finally:
            self.written += 1
            for told in self.on_change:
                told()

    async def decide(self, decisions: Sequence[Decision]) -> int:
        """Log decisions, and return how many were new."""
        return await self.write(lambda index: index.decide(decisions))

    def ledger(self, index: Index) -> Ledger:
        """Return the decisions now in force."""
        catalogue = index.state.catalogue
        last = int(catalogue.one("SELECT coalesce(max(number), 0) FROM decision"))
        with self._lock:
            kept = self._ledger
        # Decisions also expire, so a ledger is rebuilt once a minute.
        if kept is not None and kept[0] == last and time.monotonic() - kept[1] < 60:
            return kept[2]
        made = Ledger(index.decisions())
        with self._lock:
            self._ledger = (last, time.monotonic(), made)
        return made

    async def view(self, period: str) -> View:
        """Return the view of a period, rebuilt if the index or the decisions have changed."""
        return await asyncio.wrap_future(self._viewer.submit(self._view, period))

    def view_now(self, period: str) -> View:
        """Like `view`, for a thread that waits."""
        return self._viewer.submit(self._view, period).result()

    def _view(self, period: str) -> View:
        index = self._viewing
        ledger = self.ledger(index)
        index.state.look()
        stamp = index.state.catalogue.run("SELECT max(number), count(*) FROM article").fetchone()
        kept = self._views.get(period)
        if kept is not None and kept[0] == stamp and kept[1].ledger is ledger:
            return kept[1]
        report = kept[1].report if kept is not None and kept[0] == stamp else None
        made = make_view(index, period, ledger, self.options, report)
        if period not in self._views and len(self._views) >= len(PERIODS):
            self._views.clear()
        self._views[period] = (stamp, made)
        return made

    def newest(self, index: Index) -> datetime | None:
        """Return when the newest article was published, ignoring dates in the future."""
        now = int(time.time() * 1e6)
        found = index.state.catalogue.one("SELECT max(published) FROM article WHERE published <= ?", [now])
        return None if found is None else datetime.fromtimestamp(found / 1e6, UTC)


def _text_of_any(index: Index) -> str:
    """Return the text of a stored article; empty if there is none."""
    found = index.state.catalogue.one("SELECT id FROM article LIMIT 1")
    return "" if found is None else index.article(str(found)).text
