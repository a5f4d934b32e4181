"""A measured process: its time, its memory, its failure."""

from __future__ import annotations

import subprocess
import sys

import pytest
from measuring import Cost, machine, run, versions


def test_peak_and_time_of_a_process():
    small = run([sys.executable, "-c", "pass"], threads=1)
    large = run(
        [sys.executable, "-c", "import time; held = bytearray(200_000_000); time.sleep(0.3)"], threads=1
    )
    assert large.peak - small.peak > 150_000_000
    assert large.wall >= 0.3
    assert large.cpu < large.wall


def test_threads_are_handed_down():
    asked = "import os, sys; sys.exit(os.environ['NUMBA_NUM_THREADS'] != '2')"
    run([sys.executable, "-c", asked], threads=2)


def test_a_failure_is_raised_with_its_words(capfd):
    with pytest.raises(subprocess.CalledProcessError):
        run([sys.executable, "-c", "raise SystemExit('no such corpus')"], threads=1)
    assert "no such corpus" in capfd.readouterr().err


def test_medians_and_records():
    assert Cost.median([Cost(1, 5, 7), Cost(2, 4, 9), Cost(9, 1, 8)]) == Cost(2, 4, 8)
    assert machine()["cores"] >= 1
    assert versions("numpy", "no-such-package")["no-such-package"] == "absent"
