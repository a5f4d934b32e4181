"""A desk over an invented newsroom: in this process for most tests, as a separate process for some."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from newsroom import MINE, newsroom

from dedup.index import Index
from dedup.outlets import Outlets
from dedup.web.options import DeskOptions


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an index of the newsroom, which must not be written to."""
    folder = tmp_path_factory.mktemp("desk") / "index"
    with Index.create(folder, outlets=Outlets().told(MINE, mine=True)) as index:
        index.add(newsroom())
    return folder


@pytest.fixture
def options(stocked: Path, tmp_path: Path) -> DeskOptions:
    """Return the options of a desk with a copy of that index."""
    folder = tmp_path / "index"
    shutil.copytree(stocked, folder)
    return DeskOptions(
        index=folder, outlets=Outlets().told(MINE, mine=True), hosts=("localhost", "testserver")
    )


@pytest.fixture
def open_desk() -> Iterator[Any]:
    """Open a desk in this process, and return a client."""
    testclient = pytest.importorskip("starlette.testclient", reason="Starlette is not installed")
    from dedup.web.app import create_app

    opened = []

    def open_desk(options: DeskOptions, **changed: Any) -> Any:
        client = testclient.TestClient(
            create_app(replace(options, **changed)), follow_redirects=False, raise_server_exceptions=False
        )
        client.__enter__()
        opened.append(client)
        _wait(client)
        return client

    yield open_desk
    for client in opened:
        client.__exit__(None, None, None)


@pytest.fixture
def desk(open_desk: Any, options: DeskOptions) -> Any:
    """Return a client of a desk on loopback."""
    return open_desk(options)


@pytest.fixture(scope="module")
def reader(stocked: Path) -> Iterator[Any]:
    """Return a client of a desk that is only read from."""
    testclient = pytest.importorskip("starlette.testclient", reason="Starlette is not installed")
    from dedup.web.app import create_app

    options = DeskOptions(
        index=stocked, outlets=Outlets().told(MINE, mine=True), hosts=("localhost", "testserver")
    )
    app = create_app(options)
    with testclient.TestClient(app, follow_redirects=False, raise_server_exceptions=False) as client:
        _wait(client)
        yield client


def _wait(client: Any) -> None:
    """Wait for the kernels, which may have to be compiled first."""
    for _ in range(3000):
        if client.get("/healthz", headers={"host": "localhost"}).status_code == 200:
            return
        time.sleep(0.1)
    raise TimeoutError("the desk does not become ready")
