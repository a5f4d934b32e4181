"""The desk as a process of its own: browsers, slow callers, and being killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Thread, Timer
from typing import Any

import pytest
from newsroom import MINE, PIER

from dedup.index import Index

httpx = pytest.importorskip("httpx", reason="httpx is not installed")
pytest.importorskip("uvicorn", reason="uvicorn is not installed")

DECIDE = {"kind": "chase", "a": "cd-pier", "b": "hp-pier"}


@dataclass
class Running:
    """A desk that is running."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait(self) -> None:
        for _ in range(3000):
            if self.process.poll() is not None:
                raise AssertionError(self.log.read_text())
            try:
                if httpx.get(self.address + "/healthz").status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        raise TimeoutError

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def start(index: Path, *more: str) -> Running:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = index.with_name("log")
    dedup = Path(sys.executable).with_name("dedup")
    line = [dedup, "serve", "--index", index, "--mine", MINE, "--port", str(port), *more]
    with log.open("ab") as stream:
        process = subprocess.Popen(line, stderr=stream, stdout=stream)
    running = Running(process, port, log)
    running.wait()
    return running


@pytest.fixture
def running(options: Any) -> Iterator[Running]:
    started = start(options.index)
    yield started
    started.process.send_signal(signal.SIGTERM)
    assert started.process.wait(60) == 0


def test_it_ends_in_order(running: Running) -> None:
    assert httpx.get(running.address + "/").status_code == 200


def test_a_caller_who_says_nothing_more_holds_nobody_up(options: Any) -> None:
    uvicorn = pytest.importorskip("uvicorn")
    from dataclasses import replace

    from dedup.web.app import create_app
    from dedup.web.options import Limits
    from dedup.web.server import config_of

    app = create_app(replace(options, hosts=("127.0.0.1",), limits=Limits(seconds=1.0)))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(config_of(app, 1.0, host="127.0.0.1", port=port))
    thread = Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.02)
        head = b"POST /api/check HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        for sent, told in (
            (b"", b""),
            (b"GET / HTTP/1.1\r\nHost: 127.0", b""),
            (head + b'Content-Length: 900\r\n\r\n{"text', b"408"),
        ):
            with socket.create_connection(("127.0.0.1", port), 30) as slow:
                slow.sendall(sent)
                with httpx.Client() as client:  # other requests are answered meanwhile
                    assert client.get(f"http://127.0.0.1:{port}/api/decisions").status_code == 200
                slow.settimeout(30)
                answer = slow.recv(4096)
                assert told in answer
                assert bool(answer) == bool(told)
    finally:
        server.should_exit = True
        thread.join(60)


def test_what_comes_into_a_watched_folder_is_added(options: Any, tmp_path: Path) -> None:
    folder = tmp_path / "incoming"
    folder.mkdir()
    started = start(options.index, "--watch", str(folder))
    try:
        record = {"id": "w1", "source": "Bay News", "text": " ".join(PIER[:2])}
        (folder / "one.jsonl").write_text(json.dumps(record) + "\n{broken\n", encoding="utf-8")
        for _ in range(400):
            if httpx.get(started.address + "/api/articles/w1").status_code == 200:
                break
            time.sleep(0.05)
        pair = httpx.get(started.address + "/api/pairs/hp-pier/w1")
        assert pair.status_code == 200
    finally:
        started.kill()


def test_the_log_holds_no_text(running: Running) -> None:
    httpx.post(running.address + "/api/check", json={"text": "Quite secret words. " + PIER[0]})
    httpx.get(running.address + "/?queue=ours&when=all")
    assert "secret" not in running.log.read_text()
    assert "harbour" not in running.log.read_text().lower().replace("harbour post", "")


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_when_it_is_killed(options: Any) -> None:
    """Killed in the middle of adds and decisions; CI repeats it 20 times, and DEDUP_KILLS sets the number."""
    rounds = int(os.environ.get("DEDUP_KILLS", "20"))
    stored: set[str] = set()
    logged: set[str] = set()
    for number in range(rounds):
        started = start(options.index, "--quiet")
        # It is killed this long after its first answer, whatever it is doing then.
        killer = Timer(0.02 * (number % 15), started.process.kill)
        try:
            with httpx.Client(base_url=started.address, timeout=120) as client:
                for done in range(10_000):
                    id_ = f"k{number}-{done}"
                    text = f"{PIER[done % 4]} This is number {number} of {done}."
                    put = client.put(f"/api/articles/{id_}", json={"source": f"S{done % 3}", "text": text})
                    if put.status_code in (200, 201):
                        stored.add(id_)
                    made = client.post("/api/decisions", json=DECIDE)
                    if made.status_code == 201:
                        logged.add(made.json()["items"][0]["id"])
                    if done == 0:
                        killer.start()
        except httpx.TransportError:
            pass
        finally:
            killer.cancel()
            started.kill()
    with Index.open(options.index) as index:
        assert index.verify().sound
        kept = {name for batch in index.articles() for name in batch.column("id").to_pylist()}
        decided = [each.id for each in index.decisions()]
        assert stored <= kept
        assert logged <= set(decided)
        assert len(decided) == len(set(decided))
        overlaps = [(each.a, each.b) for each in index.report().overlaps]
        assert len(overlaps) == len(set(overlaps))
    assert stored
    assert logged


def test_open_pages_are_told_of_changes_and_let_the_desk_end(running: Running) -> None:
    with (
        httpx.Client(base_url=running.address, timeout=30) as client,
        client.stream("GET", "/api/events") as stream,
    ):
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.iter_lines()

        def event() -> int:
            for line in lines:
                if line.startswith("data: "):
                    return int(json.loads(line[6:])["writes"])
            raise AssertionError("the stream has ended")

        first = event()
        text = "The bell of the chapel was rung again on Sunday, for the first time since the fire."
        article = {"source": "Bay News", "text": text}
        assert httpx.put(f"{running.address}/api/articles/new", json=article, timeout=30).status_code == 201
        assert event() > first
        running.process.send_signal(signal.SIGTERM)
        assert all(not line.startswith("data: ") for line in lines), "the end, and no further event"
        assert running.process.wait(60) == 0
        assert "exceeded" not in running.log.read_text(), "it did not have to be broken off"
