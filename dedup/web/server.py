"""The desk as a process: addresses, TLS, and deadlines for slow callers."""

from __future__ import annotations

import logging
import sys
from asyncio import TimerHandle, Transport
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from dedup.web.app import create_app
from dedup.web.guard import Guard
from dedup.web.options import DeskOptions

#: Maximum number of simultaneous connections; more are answered with 503.
_CONNECTIONS = 512


def serve(
    options: DeskOptions,
    *,
    host: str,
    port: int,
    certificate: Path | None = None,
    key: Path | None = None,
    quiet: bool = False,
) -> None:
    """Serve until the process is ended.

    Raises
    ------
    IndexStoreError
        There is no index, or it cannot be read.
    OSError
        The address is in use.
    """
    app = create_app(options)
    logging.getLogger("dedup.desk").setLevel(logging.WARNING if quiet else logging.INFO)
    tls = {"ssl_certfile": certificate, "ssl_keyfile": key}
    config = config_of(app, options.limits.seconds, host=host, port=port, **tls)
    if not quiet:
        scheme = "https" if certificate else "http"
        shown = f"[{host}]" if ":" in host else host
        print(f"dedup: the desk is at {scheme}://{shown}:{port}/", file=sys.stderr, flush=True)
    # uvicorn has shut down in order before it passes on the signal that ended it.
    with suppress(KeyboardInterrupt):
        _Server(config, app.end_streams).run()


class _Server(uvicorn.Server):
    """Ends the streams of events when it is told to stop, because they would keep it waiting."""

    def __init__(self, config: uvicorn.Config, end_streams: Callable[[], None]) -> None:
        super().__init__(config)
        self._end_streams = end_streams

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop; called at a signal."""
        super().handle_exit(sig, frame)
        self._end_streams()


def config_of(app: Guard, seconds: float, **more: Any) -> uvicorn.Config:
    """Return uvicorn's configuration; a caller has `seconds` to send the head of a request."""
    return uvicorn.Config(
        app,
        http=_impatient(seconds),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=10,
        **more,
    )


def _impatient(seconds: float) -> type[H11Protocol]:
    """Return uvicorn's protocol, closing connections that send no complete request head in this time.

    uvicorn itself waits indefinitely for the first head, and its limit of connections counts those that wait.
    """

    class Impatient(H11Protocol):
        _timer: TimerHandle | None = None

        def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._wait()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            # A cycle exists once a complete head has arrived; until then the clock keeps running.
            if self.cycle is not None and not self.cycle.response_complete:
                self._rest()

        def on_response_complete(self) -> None:
            super().on_response_complete()
            self._wait()

        def connection_lost(self, exc: Exception | None) -> None:
            self._rest()
            super().connection_lost(exc)

        def _wait(self) -> None:
            self._rest()
            self._timer = self.loop.call_later(seconds, self._give_up)

        def _rest(self) -> None:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

        def _give_up(self) -> None:
            transport: Any = self.transport
            if transport is not None and not transport.is_closing():
                transport.close()

    return Impatient
