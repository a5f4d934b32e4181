"""`dedup index`: its verbs, their messages, and their exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_lines import Run
from json_records import lines_of, write_lines

from dedup.index import Index


@pytest.fixture
def folder(run: Run, tmp_path: Path, articles: Path) -> Path:
    """Return an index with four articles."""
    index = tmp_path / "index"
    assert run("index", "create", index).exit_code == 0
    assert run("index", "add", index, articles).exit_code == 0
    return index


def test_an_add_prints_what_a_scan_prints(run: Run, tmp_path: Path, articles: Path) -> None:
    index = tmp_path / "index"
    made = run("index", "create", index)
    assert (made.exit_code, made.stdout) == (0, "")
    assert "learns its background" in made.stderr
    added = run("index", "add", index, articles)
    scanned = run("scan", articles)
    assert added.exit_code == 0
    assert lines_of(added.stdout, "overlap") == lines_of(scanned.stdout, "overlap")
    assert lines_of(added.stdout, "story") == lines_of(scanned.stdout, "story")
    assert "learned one from 4 articles" in added.stderr


def test_what_was_added_before_is_found(run: Run, tmp_path: Path, articles: Path) -> None:
    index = tmp_path / "index"
    run("index", "create", index)
    for number, line in enumerate(articles.read_text().splitlines()):
        part = tmp_path / f"part-{number}.jsonl"
        part.write_text(line + "\n")
        last = run("index", "add", index, part)
        assert last.exit_code == 0
    exported = run("index", "export", index)
    assert lines_of(exported.stdout, "overlap") == lines_of(run("scan", articles).stdout, "overlap")


def test_the_scope_is_set_when_the_index_is_made(run: Run, tmp_path: Path, articles: Path) -> None:
    index = tmp_path / "index"
    run("index", "create", index, "--scope", "all")
    added = run("index", "add", index, articles)
    pairs = [(each["a"], each["b"]) for each in lines_of(added.stdout, "overlap")]
    assert pairs == [("a", "b"), ("a", "c"), ("b", "c")]


def test_a_query_stores_nothing(run: Run, folder: Path, tmp_path: Path, articles: Path) -> None:
    text = json.loads(articles.read_text().splitlines()[0])["text"]
    asked = write_lines(tmp_path / "asked.jsonl", [{"id": "q", "source": "Other", "text": text}])
    result = run("index", "query", folder, asked)
    assert result.exit_code == 0
    assert {each["a"] for each in lines_of(result.stdout)} == {"a", "b", "c"}
    assert json.loads(run("index", "info", folder).stdout)["articles"] == 4


def test_info_as_a_table(run: Run, folder: Path) -> None:
    result = run("index", "info", folder, "--format", "table")
    assert result.exit_code == 0
    assert "articles         4" in result.stdout
    assert "scope cross" in result.stdout


def test_remove_compact_and_verify(run: Run, folder: Path) -> None:
    assert run("index", "remove", folder, "a").exit_code == 0
    said = run("index", "verify", folder)
    assert said.exit_code == 0
    assert "1 removed articles" in said.stdout
    assert run("index", "compact", folder).exit_code == 0
    assert (
        run("index", "verify", folder).stdout == f"{folder} is sound: 3 articles in 1 segments, 1 overlaps\n"
    )
    missing = run("index", "remove", folder, "a")
    assert missing.exit_code == 1
    assert "no article 'a'" in missing.stderr


def test_prune(run: Run, tmp_path: Path) -> None:
    lines = [
        {"id": "old", "published": "2025-01-01", "text": "An old text."},
        {"id": "new", "published": "2026-01-01", "text": "A new text."},
    ]
    index = tmp_path / "index"
    run("index", "create", index)
    run("index", "add", index, write_lines(tmp_path / "in.jsonl", lines))
    assert "1 articles removed" in run("index", "prune", index, "--before", "2025-06-01").stderr
    wrong = run("index", "prune", index, "--before", "yesterday")
    assert wrong.exit_code == 2
    assert "--before is 'yesterday'" in wrong.stderr


def test_a_broken_index_says_what_is_whole(run: Run, folder: Path, tmp_path: Path) -> None:
    more = write_lines(tmp_path / "more.jsonl", [{"id": "m", "text": "Something else was said."}])
    assert run("index", "add", folder, more).exit_code == 0
    first = min((folder / "segments").iterdir())
    (first / "keys").write_bytes(b"x")
    assert "dedup index verify" in run("index", "info", folder).stderr
    said = run("index", "verify", folder)
    assert said.exit_code == 1
    assert "its 4 articles are lost" in said.stdout
    rescued = run("index", "export", folder, "--articles")
    assert [each["id"] for each in lines_of(rescued.stdout)] == ["m"]


def test_exported_articles_make_the_same_index(run: Run, folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "articles-again.jsonl"
    assert run("index", "export", folder, "--articles", "-o", output).exit_code == 0
    again = tmp_path / "again"
    run("index", "create", again)
    added = run("index", "add", again, output)
    assert lines_of(added.stdout, "overlap") == lines_of(run("index", "export", folder).stdout, "overlap")


def test_ids_that_are_taken(run: Run, folder: Path, tmp_path: Path) -> None:
    other = write_lines(tmp_path / "other.jsonl", [{"id": "a", "source": "Herald", "text": "Other words."}])
    stopped = run("index", "add", folder, other)
    assert stopped.exit_code == 1
    assert "'a'" in stopped.stderr
    skipped = run("index", "add", folder, other, "--on-error", "skip")
    assert skipped.exit_code == 0
    assert lines_of(skipped.stdout, "summary")[0]["skipped"] == 1


def test_what_the_index_refuses_goes_to_the_rejects(run: Run, folder: Path, tmp_path: Path) -> None:
    lines = [
        {"id": "new", "source": "Herald", "text": ""},
        {"id": "a", "source": "Herald", "text": "Other words.", "published": "2026-05-01T10:00:00Z"},
        {"id": 7.5, "text": 12},
    ]
    other, rejects = write_lines(tmp_path / "other.jsonl", lines), tmp_path / "rejects.jsonl"
    result = run("index", "add", folder, other, "--on-error", "skip", "--rejects", rejects)
    assert result.exit_code == 0
    read, refused = (json.loads(line) for line in rejects.read_text().splitlines())
    assert read["line"] == 3
    assert "'a'" in refused["reason"]
    assert (refused["record"]["text"], refused["record"]["published"][:10]) == ("Other words.", "2026-05-01")
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


def test_refresh_learns_from_all(run: Run, folder: Path) -> None:
    assert "learned anew from 4 articles" in run("index", "refresh", folder).stderr
    with Index.open(folder) as index:
        assert index.learned_from == 4


@pytest.mark.parametrize("span", ["72", "3 days", "h"])
def test_a_span_of_time_needs_its_unit(run: Run, folder: Path, articles: Path, span: str) -> None:
    result = run("index", "add", folder, articles, "--within", span)
    assert result.exit_code == 2
    assert "72h" in result.stderr


def test_no_index_there(run: Run, tmp_path: Path) -> None:
    result = run("index", "info", tmp_path)
    assert result.exit_code == 1
    assert f"{tmp_path} is not an index" in result.stderr
