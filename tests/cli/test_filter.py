"""`dedup filter`: a stage of a pipeline."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from command_lines import Run
from json_records import write_lines
from press_articles import corpus

DEDUP = [sys.executable, "-m", "dedup"]


def _records(stdout: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stdout.splitlines()]


def _lines(articles: Path) -> str:
    return articles.read_text()


def test_every_line_leaves_in_order_with_its_own_fields(run: Run) -> None:
    lines = [
        '{"text": "One text.", "price": 1.50, "nested": {"x": [1, 2]}, "id": "é"}',
        "",
        '{"id":"b","text":"Two."}',
    ]
    result = run("filter", stdin="\n".join(lines))
    assert result.exit_code == 0
    out = result.stdout.splitlines()
    assert out[0].startswith(lines[0][:-1] + ',"dedup":{"verdict":"original"')
    assert [json.loads(line)["id"] for line in out] == ["é", "b"]


def test_verdicts(run: Run, articles: Path) -> None:
    found = {each["id"]: each["dedup"] for each in _records(run("filter", stdin=_lines(articles)).stdout)}
    assert found["a"]["verdict"] == "original"
    assert (found["b"]["verdict"], found["b"]["follows"], found["b"]["source"]) == ("copy", "a", "Herald")
    assert found["c"]["follows"] == "b", "a is of the same source"
    assert found["d"] == found["d"] | {"verdict": "original", "story": None}
    assert {found[name]["story"] for name in "abc"} == {"a"}
    texts = {record["id"]: record["text"] for record in _records(_lines(articles))}
    (passage,) = found["b"]["passages"]
    own, other = (
        texts["b"][passage["start"] : passage["end"]],
        texts["a"][passage["other_start"] : passage["other_end"]],
    )
    assert own == other
    assert passage["relation"] == "verbatim"


@pytest.mark.parametrize("batch", [1, 2, 1000])
def test_policies(run: Run, tmp_path: Path, batch: int) -> None:
    text = corpus(3, 1)[0].text
    more = corpus(4, 1)[0].text
    lines = [
        {"id": "first", "source": "A", "text": text, "published": "2026-01-03"},
        {"id": "longest", "source": "B", "text": text + " " + more[:60], "published": "2026-01-02"},
        {"id": "origin", "source": "C", "text": text, "published": "2026-01-01"},
        {"id": "alone", "source": "D", "text": more},
    ]
    stdin = "\n".join(map(json.dumps, lines))

    def passed(*policy: str) -> list[str]:
        result = run("filter", "--policy", *policy, "--batch", str(batch), stdin=stdin)
        assert result.exit_code == 0
        return [each["id"] for each in _records(result.stdout)]

    assert passed("annotate") == ["first", "longest", "origin", "alone"]
    assert passed("drop") == ["first", "alone"]
    assert passed("keep-first") == ["first", "alone"]
    longest = ["first", "alone"] if batch == 1 else ["longest", "alone"]
    assert passed("drop", "--keep", "longest") == passed("keep-longest") == longest
    origin = {1: ["first", "alone"], 2: ["longest", "alone"], 1000: ["origin", "alone"]}[batch]
    assert passed("drop", "--keep", "origin") == passed("keep-origin") == origin


def test_former_names_of_policies_are_answered_with_the_new_ones(run: Run, articles: Path) -> None:
    result = run("filter", "--policy", "keep-longest", "--batch", "10", stdin=_lines(articles))
    assert "--policy keep-longest is now --policy drop --keep longest" in result.stderr


@pytest.mark.parametrize("keep", ["longest", "origin"])
def test_a_stream_is_not_chosen_from_as_a_whole(run: Run, articles: Path, tmp_path: Path, keep: str) -> None:
    index = tmp_path / "index"
    run("index", "create", index)
    for arguments in ([], ["--index", index], [articles, "--index", index]):
        result = run("filter", *arguments, "--policy", "drop", "--keep", keep, stdin=_lines(articles))
        assert result.exit_code == 2
        assert "--batch N" in result.stderr


def test_min_coverage_says_how_much_a_policy_stops(run: Run, articles: Path) -> None:
    def passed(share: str) -> int:
        result = run("filter", "--policy", "drop", "--min-coverage", share, stdin=_lines(articles))
        return len(result.stdout.splitlines())

    assert passed("0.1") == 2
    assert passed("1") == 4


def test_with_an_index_a_second_run_says_the_same(run: Run, tmp_path: Path, articles: Path) -> None:
    index = tmp_path / "index"
    run("index", "create", index)
    for policy in ("annotate", "drop"):
        first = run("filter", "--index", index, "--policy", policy, "--batch", "2", stdin=_lines(articles))
        again = run("filter", "--index", index, "--policy", policy, stdin=_lines(articles))
        assert first.exit_code == again.exit_code == 0
        assert first.stdout == again.stdout
    assert json.loads(run("index", "info", index).stdout)["articles"] == 4
    assert run("index", "verify", index).exit_code == 0


def test_what_an_add_stored_is_judged_by_its_overlaps(run: Run, tmp_path: Path, articles: Path) -> None:
    index = tmp_path / "index"
    run("index", "create", index)
    run("index", "add", index, articles)
    judged = run("filter", "--index", index, stdin=_lines(articles))
    alone = run("filter", stdin=_lines(articles))
    assert judged.stdout == alone.stdout


def test_an_id_that_comes_twice(run: Run) -> None:
    same = {"id": "a", "text": "The same words."}
    twice = "\n".join(map(json.dumps, [same, same, {"id": "b", "text": "Others."}]))
    result = run("filter", stdin=twice)
    assert [each["id"] for each in _records(result.stdout)] == ["a", "a", "b"]
    other = "\n".join(map(json.dumps, [same, {"id": "a", "text": "Other words."}, {"id": "b", "text": "x"}]))
    stopped = run("filter", stdin=other)
    assert stopped.exit_code == 1
    assert "-:2" in stopped.stderr
    assert [each["id"] for each in _records(stopped.stdout)] == ["a"], "what stood before is not lost"


def test_bad_lines_stop_or_go_to_the_rejects(run: Run, tmp_path: Path) -> None:
    lines = '{"id":"a","text":"One."}\nnot json\n{"id":"c"}\n{"id":"d","text":"Two."}\n'
    stopped = run("filter", stdin=lines)
    assert stopped.exit_code == 1
    assert "-:2" in stopped.stderr
    assert [each["id"] for each in _records(stopped.stdout)] == ["a"]
    rejects = tmp_path / "rejects.jsonl"
    result = run("filter", "--on-error", "skip", "--rejects", rejects, "--batch", "2", stdin=lines)
    assert result.exit_code == 0
    assert [each["id"] for each in _records(result.stdout)] == ["a", "d"]
    assert [each["line"] for each in _records(rejects.read_text())] == [2, 3]
    assert "2 left out" in result.stderr


def test_an_index_needs_ids(run: Run, tmp_path: Path) -> None:
    run("index", "create", tmp_path / "index")
    result = run("filter", "--index", tmp_path / "index", stdin='{"text": "No id."}')
    assert result.exit_code == 1
    assert "no id" in result.stderr
    named = run(
        "filter", "--index", tmp_path / "index", "--field", "id=key", stdin='{"text": "x", "key": "k"}'
    )
    assert named.exit_code == 0
    assert run("filter", stdin='{"text": "No id."}').exit_code == 0


def test_a_field_that_would_be_overwritten_is_refused_or_another_is_written(run: Run) -> None:
    lines = (
        '{"id":"a","text":"x","dedup":1}\n{"id":"b","text":"the dedup","n":{"dedup":2}}\n'
        '{"id":"c","\\u0064edup":1,"text":"y"}\n'
    )
    result = run("filter", stdin=lines)
    assert result.exit_code == 1
    assert "-:1: the record has a field 'dedup'" in result.stderr
    assert "--verdict-field" in result.stderr
    skipped = run("filter", "--on-error", "skip", stdin=lines)
    assert [each["id"] for each in _records(skipped.stdout)] == ["b"]
    assert "2 left out" in skipped.stderr
    named = run("filter", "--verdict-field", "seen", stdin=lines)
    assert [each["seen"]["verdict"] for each in _records(named.stdout)] == ["original"] * 3
    assert named.stdout.startswith('{"id":"a","text":"x","dedup":1,"seen":{')


@pytest.mark.parametrize(
    "arguments",
    [
        ["--rejects", "x"],
        ["--encoding", "cp1252"],
        ["--policy", "burn"],
        ["--min-coverage", "2"],
        ["--batch", "0"],
    ],
)
def test_wrong_usage(run: Run, arguments: list[str]) -> None:
    assert run("filter", *arguments, stdin="").exit_code == 2


def _started(index: Path, *arguments: str) -> subprocess.Popen[bytes]:
    command = [*DEDUP, "filter", "--index", str(index), *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_lines_pass_while_the_pipe_stays_open_and_the_end_signal_flushes(run: Run, tmp_path: Path) -> None:
    index = tmp_path / "index"
    run("index", "create", index)
    with _started(index, "--batch", "1000") as running:
        assert running.stdin
        assert running.stdout
        assert running.stderr
        running.stdin.write(b'{"id":"a","text":"One."}\n{"id":"b","text":"Two."}\n{"id":"half')
        running.stdin.flush()
        assert json.loads(running.stdout.readline())["id"] == "a", "no full batch is waited for"
        assert json.loads(running.stdout.readline())["id"] == "b"
        running.send_signal(signal.SIGTERM)
        assert running.stdout.read() == b""
        assert b"2 articles passed" in running.stderr.read()
        assert running.wait(60) == 143
    assert json.loads(run("index", "info", index).stdout)["articles"] == 2


def test_an_interrupt_says_what_stands(run: Run, tmp_path: Path) -> None:
    index = tmp_path / "index"
    run("index", "create", index)
    with _started(index) as running:
        assert running.stdin
        assert running.stdout
        assert running.stderr
        running.stdin.write(b'{"id":"a","text":"One."}\n')
        running.stdin.flush()
        assert json.loads(running.stdout.readline())["id"] == "a"
        running.send_signal(signal.SIGINT)
        try:
            assert running.wait(60) == 130
        finally:
            running.kill()
        assert running.stderr.read() == b"dedup: interrupted; the lines written so far are complete\n"
    assert json.loads(run("index", "info", index).stdout)["articles"] == 1


def test_a_reader_that_goes_away_is_no_error(run: Run, tmp_path: Path) -> None:
    index = tmp_path / "index"
    run("index", "create", index)
    articles = [{"id": each.id, "source": each.source, "text": each.text} for each in corpus(6, 400)]
    path = write_lines(tmp_path / "many.jsonl", articles)
    with (
        path.open("rb") as lines,
        subprocess.Popen(
            [*DEDUP, "filter", "--index", str(index), "--batch", "20"],
            stdin=lines,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as running,
    ):
        assert running.stdout
        assert running.stderr
        running.stdout.readline()
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait(60) == 141
    assert run("index", "verify", index).exit_code == 0


def test_killed_and_started_again_nothing_is_lost_or_doubled(run: Run, tmp_path: Path) -> None:
    index, whole = tmp_path / "index", tmp_path / "whole"
    articles = [{"id": each.id, "source": each.source, "text": each.text} for each in corpus(7, 120)]
    path = write_lines(tmp_path / "many.jsonl", articles)
    background = tmp_path / "background.npz"
    assert run("background", path, "-o", background).exit_code == 0
    for place in (index, whole):
        run("index", "create", place, "--background", background)
    expected = run("filter", "--index", whole, "--batch", "10", stdin=path.read_text()).stdout
    for delay in (0.0, 0.15, 0.3):
        with (
            path.open("rb") as lines,
            subprocess.Popen(
                [*DEDUP, "filter", "--index", str(index), "--batch", "10"],
                stdin=lines,
                stdout=subprocess.PIPE,
            ) as running,
        ):
            assert running.stdout
            if delay:
                running.stdout.readline()
            time.sleep(delay)
            os.kill(running.pid, signal.SIGKILL)
    again = run("filter", "--index", index, "--batch", "10", stdin=path.read_text())
    assert again.exit_code == 0
    assert [each["id"] for each in _records(again.stdout)] == [each["id"] for each in articles]
    assert again.stdout == expected
