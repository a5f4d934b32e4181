"""Standard error as JSON lines, and the metrics of a scan."""

from __future__ import annotations

import json
from pathlib import Path

from command_lines import Run


def test_all_of_standard_error_is_json_with_the_stages(run: Run, articles: Path, tmp_path: Path) -> None:
    result = run("scan", articles, "--log-format", "json", "-o", tmp_path / "out.jsonl")
    assert result.exit_code == 0
    said = [json.loads(line) for line in result.stderr.splitlines()]
    assert all({"time", "level", "message"} <= {*each} for each in said)
    stages = {each["stage"] for each in said if each["message"] == "stage done"}
    assert {"reading", "aligning"} <= stages
    (compared,) = [each for each in said if each["message"] == "compared"]
    assert (compared["articles"], compared["logger"]) == (4, "dedup.run")


def test_an_error_is_json_too(run: Run, tmp_path: Path) -> None:
    result = run("scan", tmp_path / "missing.jsonl", "--log-format", "json")
    assert result.exit_code == 1
    last = json.loads(result.stderr.splitlines()[-1])
    assert (last["level"], "no such file" in last["message"]) == ("error", True)


def test_batches_of_a_filter_are_recorded(run: Run, articles: Path) -> None:
    result = run("filter", "--log-format", "json", "--batch", "3", stdin=articles.read_text())
    judged = [each for each in map(json.loads, result.stderr.splitlines()) if each["message"] == "judged"]
    assert [each["articles"] for each in judged] == [3, 1]


def test_metrics_of_a_scan(run: Run, articles: Path, tmp_path: Path) -> None:
    file = tmp_path / "metrics.json"
    result = run("scan", articles, "--metrics", file, "-o", tmp_path / "out.jsonl", "--quiet")
    assert result.exit_code == 0
    found = json.loads(file.read_text())
    assert (found["articles"], found["overlaps"]) == (4, 2)
    assert found["peak_memory_bytes"] > 1_000_000
    assert {"reading", "aligning"} <= {*found["stages"]}
    assert sum(found["stages"].values()) <= found["seconds"]


def test_a_backup_is_an_index_of_its_own(run: Run, articles: Path, tmp_path: Path) -> None:
    index, copy = tmp_path / "index", tmp_path / "copy"
    run("index", "create", index)
    run("index", "add", index, articles)
    assert run("index", "backup", index, copy).exit_code == 0
    assert run("index", "verify", copy).exit_code == 0
    run("index", "remove", index, "a")
    assert json.loads(run("index", "info", copy).stdout)["articles"] == 4
    again = run("index", "backup", index, copy)
    assert again.exit_code == 1
    assert "exists already" in again.stderr
