"""Checks that every request passes: who may ask, how much, how fast; and the headers of every answer."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dedup.web.metrics import Metrics
from dedup.web.options import DeskOptions
from dedup.web.problems import Problem

log = logging.getLogger("dedup.desk")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SESSION = "dedup-desk"
_SAFE = ("GET", "HEAD", "OPTIONS")
_FREE = ("/healthz", "/login", "/static/")
_JSON = ("application/json", "application/x-ndjson", "application/jsonl")
_SECONDS_AVERAGED = 10
_ADDRESSES = 10_000


class Guard:
    """The outermost part of the application.

    Parameters
    ----------
    app : ASGIApp
    options : DeskOptions
    metrics : Metrics
    end_streams : callable
        Ends the responses that do not end by themselves.
    """

    def __init__(
        self,
        app: ASGIApp,
        options: DeskOptions,
        metrics: Metrics,
        end_streams: Callable[[], None] = lambda: None,
    ) -> None:
        self.app = app
        self.end_streams = end_streams
        self.options = options
        self.metrics = metrics
        self._secret = secrets.token_bytes(32)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500
        number = secrets.token_hex(6)

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._head(scope, MutableHeaders(scope=message), number)
            await send(message)

        scope["state"] = {**scope.get("state", {}), "csrf": self.csrf, "guard": self}
        body = _Body(receive, self.options.limits.body, self.options.limits.seconds)
        try:
            self._admit(scope)
            if scope["method"] == "OPTIONS":  # a browser's preflight request for a page of another origin
                await Response(status_code=204)(scope, receive, answer)
                return
            await self.app(scope, body.receive, answer)
        except Problem as problem:
            await _told(problem, scope)(scope, receive, answer)
        finally:
            seconds = time.perf_counter() - started
            route = scope.get("route")
            name = getattr(route, "path", "other")
            self.metrics.observe(scope["method"], name, status, seconds)
            log.info("%s %s %s %d %.1f ms", number, scope["method"], name, status, 1000 * seconds)

    @property
    def csrf(self) -> str:
        """The token that forms of the desk's own pages carry, so that other pages cannot send them."""
        return hmac.new(self._secret, b"form", hashlib.sha256).hexdigest()

    @property
    def session(self) -> str:
        """The value of the cookie for a browser that presented the token."""
        return hmac.new(self._secret, (self.options.token or "").encode(), hashlib.sha256).hexdigest()

    def is_token(self, given: str) -> bool:
        """Whether this is the token, compared in constant time."""
        return hmac.compare_digest(given.encode(), (self.options.token or "").encode())

    def _admit(self, scope: Scope) -> None:
        """Raise the problem of a request that must be refused."""
        headers = Headers(scope=scope)
        self._known_host(headers)
        client = (scope.get("client") or ("?",))[0]
        if client in self.options.proxies:
            client = headers.get("x-forwarded-for", client).split(",")[-1].strip()
            if self.options.user_header:
                scope["state"]["user"] = headers.get(self.options.user_header)
        self._within_rate(client)
        raw = scope.get("raw_path") or scope["path"].encode()
        if (
            b"%00" in raw
            or "\0" in scope["path"]
            or "/../" in scope["path"] + "/"
            or b"%2e%2e" in raw.lower()
        ):
            raise Problem(404, "there is nothing at this address")
        size = headers.get("content-length", "0")
        if size.isdecimal() and int(size) > self.options.limits.body:
            raise Problem(413, _too_large(self.options.limits.body))
        bearer = self._known_caller(scope["path"], headers)
        if scope["method"] not in _SAFE:
            self._own_page(scope, headers, bearer)

    def _known_host(self, headers: Headers) -> None:
        """Refuse unknown hosts, so that a page cannot reach the desk under its own host name."""
        try:
            host = urlsplit("//" + headers.get("host", "")).hostname or ""
        except ValueError:
            host = ""
        if host not in self.options.hosts:
            raise Problem(421, "the desk is not known by this name; add it with --allow-host NAME")

    def _within_rate(self, client: str) -> None:
        rate, now = self.options.limits.rate, time.monotonic()
        most = rate * _SECONDS_AVERAGED
        left, then = self._buckets.pop(client, (most, now))
        left = min(most, left + (now - then) * rate)
        self._buckets[client] = (max(left - 1, 0), now)
        if len(self._buckets) > _ADDRESSES:
            self._buckets.popitem(last=False)
        if left < 1:
            raise Problem(429, "too many requests; wait a moment", retry_after=max(1, round(1 / rate)))

    def _known_caller(self, path: str, headers: Headers) -> bool:
        """Whether the caller presented the token itself, and not the cookie."""
        if not self.options.token:
            return False
        kind, _, given = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and self.is_token(given.strip()):
            return True
        if any(path == free or (free.endswith("/") and path.startswith(free)) for free in _FREE):
            return False
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(SESSION)
        except CookieError:
            cookie = None
        if cookie is None or not hmac.compare_digest(cookie.value.encode(), self.session.encode()):
            raise Problem(401, "the token is missing or wrong; send it as `Authorization: Bearer …`")
        return False

    def _own_page(self, scope: Scope, headers: Headers, bearer: bool) -> None:
        """Allow changes only from the desk's pages, from allowed origins with the token, or from no page."""
        origin = headers.get("origin")
        if origin == "null" and headers.get("sec-fetch-site") == "same-origin":
            # Under the policy `no-referrer` a browser also hides the origin of its own page's form; no page
            # can change what the browser says about the site.
            origin = self._own_origin(headers)
        if origin is not None and origin != self._own_origin(headers):
            if not (bearer and origin in self.options.origins):
                raise Problem(403, "a page of another origin may not do this")
        elif origin is None and headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            raise Problem(403, "a page of another origin may not do this")
        elif origin is not None and scope["path"].startswith("/api/") and not bearer:
            self._same_run(headers)
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if scope["path"].startswith("/api/") and scope["method"] != "DELETE" and kind not in _JSON:
            raise Problem(415, f"the content type must be one of {', '.join(_JSON)}")

    def _same_run(self, headers: Headers) -> None:
        if not hmac.compare_digest(headers.get("x-csrf", "").encode(), self.csrf.encode()):
            raise Problem(403, "the page is of an earlier run of the desk; load it again")

    def _own_origin(self, headers: Headers) -> str:
        return f"{'https' if self.options.secure else 'http'}://{headers.get('host', '')}"

    def _head(self, scope: MutableMapping[str, Any], headers: MutableHeaders, number: str) -> None:
        headers["Content-Security-Policy"] = POLICY
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["X-Request-Id"] = number
        headers.setdefault("Cache-Control", "no-store")
        if self.options.secure:
            headers["Strict-Transport-Security"] = "max-age=31536000"
        origin = Headers(scope=scope).get("origin")
        if origin in self.options.origins:
            headers["Access-Control-Allow-Origin"] = origin
            headers["Access-Control-Allow-Headers"] = "authorization, content-type"
            headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, DELETE"
            headers.add_vary_header("Origin")


class _Body:
    """The body of a request, counted while it is read, and under a deadline."""

    def __init__(self, receive: Receive, most: int, seconds: float) -> None:
        self._receive = receive
        self._left = most
        self._most = most
        self._until = time.monotonic() + seconds
        self._whole = False

    async def receive(self) -> Message:
        if self._whole:
            return await self._receive()  # the next message is the caller's disconnection
        try:
            message = await asyncio.wait_for(self._receive(), max(0.0, self._until - time.monotonic()))
        except TimeoutError:
            raise Problem(408, "the request took too long to arrive") from None
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            self._whole = not message.get("more_body", False)
            if self._left < 0:
                raise Problem(413, _too_large(self._most))
        return message


def _told(problem: Problem, scope: Scope) -> Response:
    """Return the problem; a browser without the token is redirected to where it is asked for."""
    accepts = Headers(scope=scope).get("accept", "")
    if problem.status == 401 and "text/html" in accepts and not scope["path"].startswith("/api/"):
        return RedirectResponse("/login", 303)
    return problem.response()


def _too_large(most: int) -> str:
    return f"the request is larger than {most:,} bytes; send less at a time"
