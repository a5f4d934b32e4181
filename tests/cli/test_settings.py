"""`dedup settings`: the settings in force, and where each came from."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict
from pathlib import Path

import pytest
from command_lines import Run

from dedup.settings import Settings


def test_the_table_says_where_each_value_came_from(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("pyproject.toml").write_text("[tool.dedup]\nrows = 3\n")
    monkeypatch.setenv("DEDUP_BANDS", "9")
    result = run("settings", "--min-words", "17")
    assert result.exit_code == 0
    rows = {line.split()[0]: " ".join(line.split()) for line in result.stdout.splitlines()}
    assert rows["min_words"].startswith("min_words 17 flag --min-words 1 to")
    assert rows["bands"].startswith("bands 9 environment DEDUP_BANDS 1 to")
    assert rows["rows"].startswith("rows 3 pyproject.toml: rows 1 to")
    assert rows["seed"].startswith("seed 1 default 0 to")


def test_json(run: Run) -> None:
    records = json.loads(run("settings", "--format", "json", "--no-furniture").stdout)
    assert {record["name"]: record["value"] for record in records} == asdict(Settings())
    (furniture,) = (record for record in records if record["name"] == "furniture")
    assert furniture["origin"] == "flag --furniture"
    assert all(record["help"] for record in records)


def test_toml_can_be_read_back(run: Run) -> None:
    given = ("--min-words", "17", "--scope", "all", "--furniture", "--min-similarity", "0.25")
    written = run("settings", "--format", "toml", *given).stdout
    chosen = Settings(min_words=17, scope="all", furniture=True, min_similarity=0.25)
    assert tomllib.loads(written) == asdict(chosen)
    Path("dedup.toml").write_text(written)
    assert json.loads(run("settings", "--format", "json").stdout)[0]["origin"] == "dedup.toml: scope"
    assert run("settings", "--format", "toml").stdout.splitlines()[0] == f"# Settings {chosen.fingerprint()}"


def test_a_named_file(run: Run) -> None:
    Path("other.toml").write_text("min_words = 9\n")
    assert "min_words" in run("settings", "--config", "other.toml").stdout
    assert run("settings", "--config", "none.toml").exit_code == 1


def test_a_wrong_file_stops_every_verb(run: Run, articles: Path) -> None:
    Path("dedup.toml").write_text("min_wrods = 9\n")
    for verb in (["settings"], ["scan", articles]):
        result = run(*verb)
        assert result.exit_code == 2
        assert (
            "dedup.toml: min_wrods: there is no setting min_wrods; did you mean min_words?" in result.stderr
        )
