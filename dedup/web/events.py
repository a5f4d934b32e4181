"""A stream of events for open pages: each event says only that the index has changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from dedup.web.desk import Desk, desk_of
from dedup.web.problems import Problem

#: Maximum number of open streams; a browser keeps one for each of its pages.
_MOST_STREAMS = 200
#: Seconds after which something is sent, so that a dead connection is noticed.
_BEAT = 15.0
#: Seconds during which changes are collected before they are sent: an addition of many files is one event.
_TOGETHER = 1.0


class Events:
    """The open pages that are notified of changes.

    Parameters
    ----------
    desk : Desk
        Its engine reports when it has written.
    """

    def __init__(self, desk: Desk) -> None:
        self._engine = desk.engine
        self._waiting: set[asyncio.Event] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over = False
        self._engine.on_change.append(self._changed)

    def close(self) -> None:
        """End all streams; may be called by any thread."""
        self._over = True
        self._changed()

    def _changed(self) -> None:
        """Notify all streams; may be called by any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        for each in self._waiting:
            each.set()

    async def stream(self) -> AsyncIterator[str]:
        """Yield the events of one caller: the number of writes so far, then the number after each change."""
        self._loop = asyncio.get_running_loop()
        mine = asyncio.Event()
        self._waiting.add(mine)
        try:
            told = self._engine.written
            yield f"retry: 3000\n\n{_event(told)}"
            while not self._over:
                try:
                    await asyncio.wait_for(mine.wait(), _BEAT)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if not self._over:
                    await asyncio.sleep(_TOGETHER)
                mine.clear()
                if self._engine.written != told:
                    told = self._engine.written
                    yield _event(told)
        finally:
            self._waiting.discard(mine)

    @property
    def full(self) -> bool:
        """Whether the maximum number of streams is open."""
        return len(self._waiting) >= _MOST_STREAMS


def _event(written: int) -> str:
    return f'event: changed\ndata: {{"writes":{written}}}\n\n'


async def events(request: Request) -> Response:
    """Return the stream of server-sent events."""
    desk_of(request)
    told: Events = request.app.state.events
    if told.full:
        raise Problem(503, "too many pages listen; try again later", retry_after=30)
    return StreamingResponse(
        told.stream(), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
    )
