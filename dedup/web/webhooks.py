"""Events for other programs: signed, retried, and sent only to addresses in the settings."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ipaddress
import json
import logging
import queue
import socket
import ssl
import threading
import time
from typing import Any
from urllib.parse import SplitResult, urlsplit

from dedup.errors import SettingsError
from dedup.web.desk import Desk
from dedup.web.options import WebhookTarget
from dedup.web.view import View

log = logging.getLogger("dedup.desk")

#: Seconds before each retry.
RETRIES = (1.0, 5.0, 30.0, 120.0, 600.0)
_MOST_WAITING = 10_000
_SECONDS = 10.0


def signature(secret: str, moment: int, body: bytes) -> str:
    """Return the header ``X-Dedup-Signature``: the time, and the HMAC-SHA256 of time and body.

    Examples
    --------
    >>> signature("secret", 0, b"{}")[:15]
    't=0,v1=4bbe8d39'
    """
    said = hmac.new(secret.encode(), b"%d." % moment + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={said}"


def check_target(target: WebhookTarget) -> None:
    """Refuse an address that is not a web address. Raises `SettingsError`."""
    parts = urlsplit(target.url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(f"the webhook {target.url!r} must be an address that begins with https://")
    if not target.secret:
        raise SettingsError(f"the webhook {target.url!r} has no secret to sign with")


class Webhooks:
    """Sends changes in the inbox, in a thread of its own.

    Parameters
    ----------
    desk : Desk
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._queue: queue.Queue[tuple[WebhookTarget, bytes] | None] = queue.Queue(_MOST_WAITING)
        self._over = threading.Event()
        self._changed = threading.Event()
        self._open: dict[str, str] | None = None
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start, if there are any targets."""
        if not self._desk.options.webhooks:
            return
        self._desk.engine.on_change.append(self._changed.set)
        for work in (self._send_all, self._watch):
            thread = threading.Thread(target=work, name="webhooks", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Stop; unsent events are dropped."""
        self._over.set()
        self._changed.set()
        if self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join(_SECONDS)

    def _watch(self) -> None:
        while not self._over.is_set():
            self._changed.clear()
            try:
                self._compare(self._desk.engine.view_now("7d"))
            except Exception:
                log.exception("the inbox could not be looked at for webhooks")
            self._changed.wait()
            self._over.wait(1.0)  # several changes are sent together

    def _compare(self, view: View) -> None:
        now = {case.summary.id: case.queue for case in view.cases}
        before, self._open = self._open, now
        if before is None:
            return
        cases = {case.summary.id: case for case in view.cases}
        for id_, place in now.items():
            if before.get(id_) != place:
                case = cases[id_]
                self._tell(
                    "case.opened" if id_ not in before else "case.changed",
                    {
                        "id": id_,
                        "source": case.summary.source,
                        "queue": place,
                        "state": case.state,
                        "sentence": case.summary.sentence,
                        "page": f"/article/{case.key}",
                    },
                )

    def _tell(self, event: str, record: dict[str, Any]) -> None:
        body = json.dumps({"event": event, "at": int(time.time()), **record}, ensure_ascii=False).encode()
        for target in self._desk.options.webhooks:
            try:
                self._queue.put_nowait((target, body))
            except queue.Full:
                log.warning("too many webhooks wait; one is dropped")

    def _send_all(self) -> None:
        while (item := self._queue.get()) is not None and not self._over.is_set():
            target, body = item
            for pause in (*RETRIES, None):
                try:
                    send(target, body)
                    break
                except (OSError, http.client.HTTPException) as error:
                    log.warning("webhook to %s failed: %s", urlsplit(target.url).hostname, error)
                    if pause is None or self._over.wait(pause):
                        break


def send(target: WebhookTarget, body: bytes) -> None:
    """Send one event.

    The name is resolved once, and the connection goes to that very address. A private address is refused
    unless the settings allow it. Redirects are not followed.

    Raises
    ------
    OSError
        The event could not be sent, or was not accepted.
    """
    parts = urlsplit(target.url)
    address = _address(parts, private=target.private)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    connection = http.client.HTTPConnection(parts.hostname or "", port, timeout=_SECONDS)
    stream: socket.socket = socket.create_connection((address, port), _SECONDS)
    try:
        if secure:
            stream = ssl.create_default_context().wrap_socket(stream, server_hostname=parts.hostname)
        connection.sock = stream
        headers = {
            "Content-Type": "application/json",
            "X-Dedup-Signature": signature(target.secret, int(time.time()), body),
        }
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, headers)
        status = connection.getresponse().status
        if not 200 <= status < 300:
            raise OSError(f"it was answered with {status}")
    finally:
        stream.close()


def _address(parts: SplitResult, *, private: bool) -> str:
    found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    for *_, place in found:
        address = ipaddress.ip_address(str(place[0]).partition("%")[0])
        if address.is_global or private:
            return str(address)
    raise OSError(f"{parts.hostname} is a private address, which the settings do not allow")
