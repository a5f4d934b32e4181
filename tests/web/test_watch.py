"""A watched folder: everything that arrives in it is added once."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("starlette", reason="Starlette is not installed")

from newsroom import FERRY

from dedup.errors import IndexStoreError
from dedup.web.watch import Watcher


class Engine:
    """Records what is written, in place of the desk's engine."""

    ready = True

    def __init__(self) -> None:
        self.put_articles: list[str] = []
        self.fails = False

    def write_now(self, work: Any) -> Any:
        if self.fails:
            raise IndexStoreError("the index is full")
        return work(self)

    def put(self, articles: list[Any]) -> None:
        self.put_articles += [article.id for article in articles]


@pytest.fixture
def engine() -> Engine:
    return Engine()


def line(name: str, text: str = "The bell rang at noon.") -> str:
    return json.dumps({"id": name, "text": text}) + "\n"


def watcher(folder: Path, engine: Engine) -> Watcher:
    return Watcher(folder, engine, seconds=0.01)  # type: ignore[arg-type]


def test_a_file_is_added_once_it_has_settled(tmp_path: Path, engine: Engine) -> None:
    looking = watcher(tmp_path, engine)
    path = tmp_path / "deep" / "er" / "one.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text(line("a"))
    looking.look()
    assert engine.put_articles == [], "it may still be written"
    with path.open("a") as stream:
        stream.write(line("b"))
    looking.look()
    assert engine.put_articles == []
    for _ in range(3):
        looking.look()
    assert engine.put_articles == ["a", "b"]
    path.write_text(line("c"))
    os.utime(path, (1, 1))
    for _ in range(3):
        looking.look()
    assert engine.put_articles == ["a", "b", "c"]


def test_what_is_hidden_special_or_broken_is_left_out(
    tmp_path: Path, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / ".hidden.jsonl").write_text(line("hidden"))
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.jsonl").write_text(line("in a hidden folder"))
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / "gone.jsonl").symlink_to(tmp_path / "nowhere")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 and no more")
    (tmp_path / "some.jsonl").write_text('{"id": 1\n' + line("good"))
    looking = watcher(tmp_path, engine)
    with caplog.at_level(logging.INFO, "dedup.desk"):
        for _ in range(3):
            looking.look()
    assert engine.put_articles == ["good"]
    said = [record.getMessage() for record in caplog.records]
    assert any("broken.parquet: 0 articles, 1 left out" in each for each in said)
    assert any("some.jsonl: 1 articles, 1 left out" in each for each in said)


def test_a_failure_to_store_does_not_end_the_watch(
    tmp_path: Path, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    looking = watcher(tmp_path, engine)
    (tmp_path / "a.jsonl").write_text(line("a"))
    engine.fails = True
    for _ in range(3):
        looking.look()
    assert "the index is full" in caplog.text
    engine.fails = False
    for _ in range(3):
        looking.look()
    assert engine.put_articles == ["a"], "what could not be stored is tried again"


def test_a_desk_shows_what_came_into_the_folder(tmp_path: Path, open_desk: Any, options: Any) -> None:
    import time

    folder = tmp_path / "in"
    folder.mkdir()
    desk = open_desk(options, watch=folder)
    text = "\n\n".join(FERRY)
    record = {"id": "bn-ferry", "source": "Bay News", "text": text, "published": "2024-05-03T12:00Z"}
    (folder / "new.jsonl").write_text(json.dumps(record))
    for _ in range(300):
        if desk.get("/api/articles/bn-ferry").status_code == 200:
            break
        time.sleep(0.1)
    assert desk.get("/api/articles/bn-ferry").json()["source"] == "Bay News"
