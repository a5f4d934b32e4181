"""Behaviour that needs a real process: signals, pipes, terminals."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from command_lines import OTHERS, SHARED
from json_records import write_lines

DEDUP = [sys.executable, "-m", "dedup"]


@pytest.mark.parametrize(
    ("sent", "code", "said"),
    [(signal.SIGINT, 130, b"interrupted"), (signal.SIGTERM, 143, b"ended by SIGTERM")],
)
def test_stopped_in_the_middle_nothing_is_left(
    tmp_path: Path, sent: signal.Signals, code: int, said: bytes
) -> None:
    output = tmp_path / "out.jsonl"
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with subprocess.Popen(
        [*DEDUP, "scan", "-", "-o", str(output)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(scratch)},
    ) as running:
        assert running.stdin
        # A pipe holds 64 KiB: after a megabyte the run is in the middle of reading.
        for number in range(4000):
            running.stdin.write(json.dumps({"id": str(number), "text": SHARED}).encode() + b"\n")
        running.stdin.flush()
        running.send_signal(sent)  # while standard input is open, as it is at a terminal
        try:
            assert running.wait(60) == code
        finally:
            running.kill()  # a run that waits for more input would wait forever
        assert running.stdout
        assert running.stderr
        assert (running.stdout.read(), running.stderr.read()) == (
            b"",
            b"dedup: " + said + b"; nothing was written\n",
        )
    assert list(tmp_path.iterdir()) == [scratch]
    assert list(scratch.iterdir()) == []


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    # 276 overlaps of a kilobyte each: far more than the pipe holds when its reader goes.
    records = [{"id": f"{number:03}", "text": f"{SHARED} {OTHERS[number % 4]}"} for number in range(24)]
    path = write_lines(tmp_path / "many.jsonl", records)
    with subprocess.Popen(
        [*DEDUP, "scan", str(path), "--quiet"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"},
    ) as running:
        assert running.stdout
        assert running.stderr
        assert json.loads(running.stdout.readline())["kind"] == "overlap"
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait(60) == 141


def _in_a_terminal(*arguments: str, **environment: str) -> tuple[int, str]:
    """Return the exit code, and everything that a person at a terminal sees."""
    ours, theirs = pty.openpty()
    surroundings = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    surroundings |= {"TERM": "xterm-256color", "COLUMNS": "100", **environment}
    with subprocess.Popen(
        [*DEDUP, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=surroundings
    ) as running:
        os.close(theirs)
        seen = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # Linux raises this when the other end is closed
                break
            if not part:
                break
            seen += part
        code = running.wait(60)
    os.close(ours)
    return code, seen.decode()


def test_a_terminal_gets_the_table_in_colour_and_progress(articles: Path) -> None:
    code, seen = _in_a_terminal("scan", str(articles))
    assert code == 0
    assert "2 overlaps" in seen
    assert "\x1b[1m" in seen
    assert "bytes read" in seen
    assert '"kind"' not in seen


def test_no_color(articles: Path) -> None:
    code, seen = _in_a_terminal("scan", str(articles), "--quiet", NO_COLOR="1")
    assert code == 0
    assert "2 overlaps" in seen
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", seen)


def test_quiet_draws_no_progress(articles: Path) -> None:
    _, seen = _in_a_terminal("scan", str(articles), "--quiet")
    assert "bytes read" not in seen


def test_parquet_is_not_poured_into_a_terminal(articles: Path) -> None:
    code, seen = _in_a_terminal("scan", str(articles), "--format", "parquet", "--quiet")
    assert code == 1
    assert "a terminal cannot show it; give -o FILE" in " ".join(seen.split())


@pytest.mark.parametrize("module", [["-m", "dedup"], ["-c", "from dedup.cli import main; main()"]])
def test_both_ways_to_start(module: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, *module, "--version"], capture_output=True, text=True, timeout=60, check=True
    )
    assert re.fullmatch(r"dedup \d+\.\d+\.\d+\S*\n", done.stdout)
