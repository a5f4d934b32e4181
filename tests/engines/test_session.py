"""Whatever is missing for a session is reported in one line."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from dedup.engines.spark.session import open_session
from dedup.errors import SettingsError


def test_java_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SettingsError, match="needs Java 17 or later, and no java was found; install it"):
        open_session("local[1]")


def test_java_home_is_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(SettingsError, match="where there is no bin/java"):
        open_session("local[1]")


@pytest.mark.parametrize(
    ("master", "message"),
    [("lokal[2]", "must be local, local"), ("spark://nowhere", "'nowhere' is not HOST:PORT")],
)
def test_a_master_that_is_none(with_java: None, master: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        open_session(master)


def test_a_master_that_does_not_answer(with_java: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(
        SettingsError, match=f"spark://127.0.0.1:{port} cannot be reached: Connection refused"
    ):
        open_session(f"spark://127.0.0.1:{port}")


@pytest.fixture
def with_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Simulate a machine with Java."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "java").touch()
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
