"""`dedup explain --settings`: the detection probabilities, as a table, as JSON and as a plot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_lines import Run

from dedup.explain.promise import RATES, SAMPLES, WORDS
from dedup.settings import Settings


def test_the_table_has_a_row_a_length(run: Run) -> None:
    result = run("explain", "--settings", "--rows", "3")
    assert result.exit_code == 0
    assert "Probability that a shared passage is found" in result.stdout
    for rate in RATES:
        assert f"{rate:.0%} changed" in result.stdout
    rows = [words for line in result.stdout.splitlines() if (words := line.split()) and words[0].isdigit()]
    assert [int(row[0]) for row in rows] == [*WORDS] * 3
    assert {len(row) for row in rows} == {len(RATES) + 1}
    assert f"{SAMPLES:,} made-up pairs" in result.stdout


def test_json_and_the_plot_of_the_settings_in_force(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    plot = tmp_path / "promise.svg"
    result = run("explain", "--settings", "--bands", "2", "--format", "json", "--plot", plot)
    assert result.exit_code == 0
    record = json.loads(result.stdout)
    assert record["kind"] == "promise"
    assert record["settings"]["bands"] == 2
    assert record["words"] == list(WORDS)
    # Two bands miss pairs that the defaults find.
    assert record["found"][WORDS.index(40)][RATES.index(0.3)] < 0.5
    assert "<svg" in plot.read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["promise.svg"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("explain", "Invalid value for A: is missing; give two articles, or --settings alone"),
        ("explain one.txt", "Invalid value for B: is missing; give two articles, or --settings alone"),
        (
            "explain one.txt two.txt --settings",
            "Invalid value for --settings: explains the settings alone; leave A and B out",
        ),
        (
            "explain one.txt two.txt --plot x.png",
            "Invalid value for --plot: draws what --settings says; add --settings",
        ),
    ],
)
def test_wrong_usage(run: Run, line: str, message: str) -> None:
    result = run(*line.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"dedup: {message} (see `dedup explain --help`)\n"


def test_a_plot_that_cannot_be_written(run: Run, tmp_path: Path) -> None:
    missing = run("explain", "--settings", "--plot", tmp_path / "none" / "x.png")
    assert missing.exit_code == 1
    assert "the directory" in missing.stderr
    assert not list(tmp_path.iterdir())


def test_the_settings_say_what_a_token_of_each_script_counts_for(run: Run) -> None:
    told = json.loads(run("explain", "--settings", "--format", "json").stdout)
    counts = {each["token"]: each for each in told["token_weights"]}
    assert counts["Han character"]["words"] == 0.5
    assert counts["Han character"]["min_words"] == 2 * Settings().min_words
    assert counts["word of one to three letters"]["weight"] < counts["word of four letters or more"]["weight"]
