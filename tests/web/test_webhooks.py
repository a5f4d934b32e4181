"""Webhooks to a server on this machine: what arrives, how it is signed, what is retried."""

from __future__ import annotations

import hashlib
import hmac
import http.server
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

pytest.importorskip("starlette", reason="Starlette is not installed")

from newsroom import FERRY, PIER

from dedup.errors import SettingsError
from dedup.web import webhooks
from dedup.web.options import WebhookTarget
from dedup.web.webhooks import check_target, send, signature

SECRET = "only the two of us know"


class Receiver:
    """A server that stores what is posted to it, and answers with the given statuses in turn."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.posts: list[tuple[str, dict[str, str], bytes]] = []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.posts.append((self.path, dict(self.headers.items()), body))
                self.send_response(receiver.statuses.pop(0) if receiver.statuses else 204)
                self.send_header("location", "/elsewhere")
                self.end_headers()

            def log_message(self, *said: object) -> None:
                """Say nothing."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def events(self, count: int) -> list[dict[str, Any]]:
        """Return `count` events, after waiting for them."""
        for _ in range(600):
            if len(self.posts) >= count:
                break
            time.sleep(0.05)
        assert len(self.posts) >= count
        return [json.loads(body) for _, _, body in self.posts]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


def target(receiver: Receiver, path: str = "/hook?desk=1", *, private: bool = True) -> WebhookTarget:
    return WebhookTarget(receiver.url + path, SECRET, private=private)


def assert_signed(headers: dict[str, str], body: bytes) -> None:
    moment, said = headers["X-Dedup-Signature"].split(",")
    expected = hmac.new(SECRET.encode(), moment[2:].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert said == f"v1={expected}"
    assert abs(int(moment[2:]) - time.time()) < 60


def test_an_event_arrives_as_it_is_and_signed(receiver: Receiver) -> None:
    body = json.dumps({"event": "case.opened", "source": "Küstenblatt"}).encode()
    send(target(receiver), body)
    ((path, headers, came),) = receiver.posts
    assert (path, came, headers["Content-Type"]) == ("/hook?desk=1", body, "application/json")
    assert headers["Host"] == receiver.url.removeprefix("http://")
    assert_signed(headers, body)


def test_the_signature_depends_on_secret_time_and_body() -> None:
    made = {signature(secret, at, body) for secret in "ab" for at in (1, 2) for body in (b"x", b"y")}
    assert len(made) == 8


@pytest.mark.parametrize("status", [302, 307, 400, 410, 500, 503])
def test_what_is_not_taken_is_an_error_and_no_redirection_is_followed(
    receiver: Receiver, status: int
) -> None:
    receiver.statuses = [status]
    with pytest.raises(OSError, match=str(status)):
        send(target(receiver), b"{}")
    assert [path for path, _, _ in receiver.posts] == ["/hook?desk=1"]


@pytest.mark.parametrize(
    "name", ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254", "0.0.0.0"]
)
def test_private_addresses_are_refused_unless_they_are_allowed(receiver: Receiver, name: str) -> None:
    port = receiver.server.server_port
    with pytest.raises(OSError, match="private address"):
        send(WebhookTarget(f"http://{name}:{port}/", SECRET), b"{}")
    assert receiver.posts == []


def test_a_name_is_looked_up_once(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is public when checked and private when called would lead into the private network."""
    asked: list[str] = []
    there = socket.getaddrinfo

    def changing(host: str, *rest: Any, **more: Any) -> Any:
        asked.append(host)
        return there("127.0.0.1", *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", changing)
    with pytest.raises(OSError, match="private address"):
        send(WebhookTarget("http://hooks.example/", SECRET), b"{}")
    assert asked == ["hooks.example"]


@pytest.mark.parametrize("url", ["ftp://x/", "file:///etc/passwd", "hooks.example", "http://", ""])
def test_a_target_must_be_an_address_of_the_web(url: str) -> None:
    with pytest.raises(SettingsError, match="https://"):
        check_target(WebhookTarget(url, SECRET))
    with pytest.raises(SettingsError, match="secret"):
        check_target(WebhookTarget("https://hooks.example/", ""))


def test_a_case_is_told_and_told_again_until_it_is_taken(
    receiver: Receiver, open_desk: Any, options: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "RETRIES", (0.05, 0.05, 0.05))
    receiver.statuses = [503, 500]
    desk = open_desk(replace(options, webhooks=(target(receiver),)))
    pier = {"source": "Bay News", "text": "\n\n".join(PIER), "published": "2024-05-03T12:00Z"}
    for number in range(60):  # existing cases are not reported
        desk.put(f"/api/articles/bn-{number}", json=pier)
        time.sleep(1)
        if receiver.posts:
            break
    first, second, third = receiver.events(3)[:3]
    assert first == second == third, "the same event, tried again"
    for _, headers, body in receiver.posts:
        assert_signed(headers, body)
    assert first["event"] in ("case.opened", "case.changed")
    assert {"id", "source", "queue", "state", "page", "at"} <= first.keys()
    assert desk.get(first["page"]).status_code == 200
    before = len(receiver.posts)
    desk.post("/api/decisions", json={"kind": "chase", "a": "bn-0", "b": "hp-pier"})
    for _ in range(100):
        told = [json.loads(body) for _, _, body in receiver.posts[before:]]
        if any((each["id"], each["queue"]) == ("bn-0", "waiting") for each in told):
            break
        time.sleep(0.1)
    else:
        raise AssertionError(f"the decision was not told: {told}")


def test_a_target_that_is_down_does_not_hold_the_desk(
    receiver: Receiver, open_desk: Any, options: Any
) -> None:
    gone = WebhookTarget("http://127.0.0.1:1/", SECRET, private=True)
    desk = open_desk(replace(options, webhooks=(gone,)))
    text = "\n\n".join(FERRY)
    assert desk.put("/api/articles/bn-ferry", json={"source": "Bay News", "text": text}).status_code == 201
    assert desk.get("/healthz").status_code == 200
