"""``dedup scan --engine spark``: the same records, in directories; contradictory options are refused."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from command_lines import Process, Run

pytest.importorskip("pyspark", reason="PySpark is not installed: pip install 'dedup-news[spark]'")


@pytest.mark.slow
@pytest.mark.skipif(
    not (os.environ.get("JAVA_HOME") or shutil.which("java")),
    reason="Spark needs Java; Debian has openjdk-17-jre-headless",
)
def test_the_lines_are_those_of_a_scan_on_one_machine(
    articles: Path, tmp_path: Path, process: Process
) -> None:
    local = process("scan", articles, "-o", tmp_path / "local.jsonl", "--quiet")
    assert local.returncode == 0, local.stderr
    found = process(
        *("scan", articles, "--engine", "spark", "--master", "local[2]", "-o", tmp_path / "spark"),
        *("--work", tmp_path / "work", "--fail-on-overlap"),
    )
    assert found.returncode == 3, found.stderr
    parts = sorted((tmp_path / "spark").glob("*/part-*"))
    lines = [line for part in parts for line in part.read_text().splitlines()]
    assert sorted(lines) == sorted((tmp_path / "local.jsonl").read_text().splitlines())
    assert not list(tmp_path.glob("work-articles-*"))
    again = process("scan", articles, "--engine", "spark", "-o", tmp_path / "spark")
    assert again.returncode == 1
    assert "exists and is not an empty directory; name another" in again.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--master", "local[2]"], "--master is for a run on Spark; add --engine spark"),
        (["--work", "x"], "--work is for a run on Spark; add --engine spark"),
        (["--engine", "spark"], "writes a directory; name it with --output"),
        (["--engine", "spark", "-o", "made", "--threads", "2"], "--threads is not for --engine spark"),
        (["--engine", "spark", "-o", "made", "--format", "html"], "writes jsonl or parquet, not html"),
        (["--engine", "spark", "-o", "made", "--master", "yarn"], "all executors reach with --work"),
        (["--engine", "spark", "-o", "made", "--former", "x"], "--former is for the HTML report"),
    ],
)
def test_options_that_do_not_go_together(articles: Path, run: Run, options: list[str], message: str) -> None:
    result = run("scan", articles, *options)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())
    assert not Path("made").exists()


def test_files_with_a_scheme_come_alone(articles: Path, run: Run) -> None:
    result = run("scan", "hdfs:///press.parquet", articles, "--engine", "spark", "-o", "made")
    assert result.exit_code == 2
    assert "give files with a scheme alone" in " ".join(result.stderr.split())


def test_without_pyspark_it_is_said_how_to_install_it(
    articles: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    result = run("scan", articles, "--engine", "spark", "-o", "made")
    assert result.exit_code == 2
    assert "pip install 'dedup-news[spark]'" in " ".join(result.stderr.split())
