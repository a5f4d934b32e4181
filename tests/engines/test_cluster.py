"""Executors in separate processes: the same result, even if one is killed in the middle.

A Python process has one session, so these run in another process.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (os.environ.get("JAVA_HOME") or shutil.which("java")),
        reason="Spark needs Java; Debian has openjdk-17-jre-headless",
    ),
]

PROGRAM = '''
import os, signal, sys, threading, time, warnings
from pathlib import Path

warnings.simplefilter("ignore")
import press_articles
from spark_runs import on_one_machine, on_spark

from dedup.engines.spark.session import open_session
from dedup.engines.spark.work_directory import WorkDirectory

work, kill = sys.argv[1], sys.argv[2] == "kill"


def executors():
    """The processes of this cluster's executors."""
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                words = (path / "cmdline").read_bytes().split(b"\\0")
            except OSError:
                continue
            if b"org.apache.spark.executor.CoarseGrainedExecutorBackend" in words and own in words:
                yield int(path.name)


articles = press_articles.corpus(5, 150)
expected = on_one_machine(articles)
session = open_session("local-cluster[2,1,1024]")
own = session.sparkContext.applicationId.encode()
killed = []
stage = WorkDirectory.stage


def watched(self, name, build):
    if kill and name == "aligned" and not killed:
        before = sorted(executors())
        assert len(before) == 2, before
        # While the stage runs; files of the shuffle that the executor has written go with it.
        threading.Timer(2.0, lambda: (os.kill(before[0], signal.SIGKILL), killed.append(before[0]))).start()
    return stage(self, name, build)


WorkDirectory.stage = watched
found = on_spark(session, articles, work=work, partitions=6)
assert found == expected
assert bool(killed) == kill, killed
assert len(found.overlaps) > 50
print("equal")
session.stop()
'''


@pytest.mark.parametrize("what", ["run", "kill"])
def test_executors_of_their_own(tmp_path: Path, what: str) -> None:
    tests = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "work"), what],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": f"{tests}:{tests / 'engines'}", "SPARK_WORKER_DIR": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.strip().endswith("equal")
