"""`dedup scan`: formats of the result, exit codes, layers of settings, and agreement with the Python API."""

from __future__ import annotations

import csv
import json
import re
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace

import pyarrow.parquet as pq
import pytest
from command_lines import OTHERS, SHARED, Process, Run
from json_records import lines_of, write_lines

from dedup.detector import find_overlaps
from dedup.reading import read_batches
from dedup.settings import Settings


def test_json_lines_where_standard_output_is_no_terminal(run: Run, articles: Path) -> None:
    result = run("scan", articles)
    assert result.exit_code == 0
    kinds = [record["kind"] for record in lines_of(result.stdout)]
    assert kinds == ["overlap"] * 2 + ["article"] * 4 + ["story", "summary"]
    overlaps = lines_of(result.stdout, "overlap")
    assert [(each["a"], each["b"]) for each in overlaps] == [("a", "b"), ("b", "c")]
    (passage,) = overlaps[0]["passages"]
    text = json.loads(articles.read_text().splitlines()[0])["text"]
    assert text[passage["a_start"] : passage["a_end"]] == passage["a_text"]
    assert SHARED.startswith(passage["a_text"].rstrip("."))


def test_scope_all_compares_articles_of_one_source_too(run: Run, articles: Path) -> None:
    overlaps = lines_of(run("scan", articles, "--scope", "all").stdout, "overlap")
    assert [(each["a"], each["b"]) for each in overlaps] == [("a", "b"), ("a", "c"), ("b", "c")]


def test_the_table_names_the_articles(run: Run, articles: Path) -> None:
    result = run("scan", articles, "--format", "table")
    assert result.exit_code == 0
    assert "Herald" in result.stdout
    assert "4 articles, 2 overlaps, 1 story" in result.stdout


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv", "out.parquet", "out.html", "out.txt"])
def test_the_ending_of_the_output_names_the_form(run: Run, articles: Path, name: str) -> None:
    output = articles.parent / name
    result = run("scan", articles, "-o", output)
    assert (result.exit_code, result.stdout) == (0, "")
    if name.endswith(".parquet"):
        assert pq.read_table(output).column("a").to_pylist() == ["a", "b"]
    elif name.endswith(".csv"):
        with output.open(newline="", encoding="utf-8") as stream:
            assert [row["a"] for row in csv.DictReader(stream)] == ["a", "b"]
    elif name.endswith(".html"):
        page = output.read_text(encoding="utf-8")
        assert page.lstrip().lower().startswith("<!doctype html>")
        assert "Tomb of the Unknown" in page
    elif name.endswith(".jsonl"):
        assert output.read_text(encoding="utf-8") == run("scan", articles).stdout
    else:
        assert "2 overlaps" in output.read_text(encoding="utf-8")


def test_an_ending_that_says_nothing_is_wrong_usage(run: Run, articles: Path) -> None:
    result = run("scan", articles, "-o", articles.parent / "out.dat")
    assert result.exit_code == 2
    assert "give --format table|jsonl|csv|parquet|html" in result.stderr


def test_format_wins_over_the_ending(run: Run, articles: Path) -> None:
    output = articles.parent / "out.dat"
    assert run("scan", articles, "-o", output, "--format", "jsonl").exit_code == 0
    assert lines_of(output.read_text(), "summary")[0]["overlaps"] == 2


def test_fail_on_overlap(run: Run, articles: Path) -> None:
    assert run("scan", articles, "--fail-on-overlap").exit_code == 3
    assert run("scan", articles, "--fail-on-overlap", "--min-words", "200").exit_code == 0


def test_settings_come_from_flags_over_environment_over_file(
    run: Run, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("dedup.toml").write_text("min_words = 200\n")
    assert not lines_of(run("scan", articles).stdout, "overlap")
    monkeypatch.setenv("DEDUP_MIN_WORDS", "20")
    assert lines_of(run("scan", articles).stdout, "overlap")
    assert not lines_of(run("scan", articles, "--min-words", "200").stdout, "overlap")


def test_the_summary_names_the_settings(run: Run, articles: Path) -> None:
    (summary,) = lines_of(run("scan", articles, "--min-words", "11").stdout, "summary")
    assert summary["settings"] == Settings(min_words=11).fingerprint()


def test_fields_are_mapped(run: Run, tmp_path: Path) -> None:
    records = [
        {"key": "one", "paper": "Herald", "prose": SHARED},
        {"key": "two", "paper": "Courier", "prose": SHARED},
    ]
    path = write_lines(tmp_path / "odd.jsonl", records)
    mapping = ("--field", "text=prose", "--field", "id=key", "--field", "source=paper")
    (overlap,) = lines_of(run("scan", path, *mapping).stdout, "overlap")
    assert (overlap["a"], overlap["b_source"]) == ("one", "Courier")


def test_a_field_without_a_column_is_wrong_usage(run: Run, articles: Path) -> None:
    result = run("scan", articles, "--field", "text")
    assert result.exit_code == 2
    assert "--field is 'text'; it must be NAME=PATH, such as text=body" in result.stderr


def test_standard_input(run: Run, articles: Path) -> None:
    assert run("scan", "-", stdin=articles.read_bytes()).stdout == run("scan", articles).stdout


def test_encoding(run: Run, tmp_path: Path) -> None:
    for folder in ("Herald", "Courier"):
        (tmp_path / "in" / folder).mkdir(parents=True)
        (tmp_path / "in" / folder / f"{folder}.txt").write_bytes(f"Café. {SHARED}".encode("latin-1"))
    result = run("scan", tmp_path / "in", "--encoding", "latin-1")
    (overlap,) = lines_of(result.stdout, "overlap")
    assert overlap["passages"][0]["a_text"].startswith("Café")


def test_the_same_bytes_with_any_number_of_threads(run: Run, articles: Path) -> None:
    one, two = (run("scan", articles, "--threads", threads) for threads in ("1", "2"))
    assert (one.exit_code, one.stdout) == (0, two.stdout)


def test_memory_and_scratch_change_nothing(run: Run, articles: Path, tmp_path: Path) -> None:
    result = run("scan", articles, "--memory", "1.5GiB", "--scratch", tmp_path)
    assert result.stdout == run("scan", articles).stdout
    assert list(tmp_path.glob("dedup-*")) == []


@pytest.mark.parametrize("size", ["4", "1023M", "much", "-4G", ""])
def test_a_memory_that_is_no_size_or_too_small_is_wrong_usage(run: Run, articles: Path, size: str) -> None:
    result = run("scan", articles, f"--memory={size}")
    assert result.exit_code == 2
    assert f"--memory is '{size}'; it must be a size of at least 1G, such as 4G" in result.stderr


def test_a_scratch_directory_that_is_not_there_is_named(run: Run, articles: Path, tmp_path: Path) -> None:
    result = run("scan", articles, "--scratch", tmp_path / "none")
    assert result.exit_code == 1
    assert "choose another with --scratch" in result.stderr


def test_a_run_that_the_disk_has_no_room_for_is_refused_before_it_reads(
    run: Run, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=0))
    result = run("scan", articles)
    assert result.exit_code == 1
    assert "has 0.0 GB free and the run needs about 0.0 GB" in result.stderr
    assert result.stdout == ""


NEEDED = r"dedup: needs about [\d,.]+ GB in {}, which has [\d,.]+ GB free\n"


def test_a_large_run_says_what_it_needs_before_it_reads(
    run: Run, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit is lowered, so that this input counts as large."""
    needed = int(3.1 * articles.stat().st_size)
    silent = run("scan", articles)
    assert "needs about" not in silent.stderr
    monkeypatch.setattr("dedup.cli.inputs.WORTH_SAYING", needed + 1)
    assert "needs about" not in run("scan", articles).stderr
    monkeypatch.setattr("dedup.cli.inputs.WORTH_SAYING", needed)
    spoken = run("scan", articles)
    assert re.match(NEEDED.format(re.escape(tempfile.gettempdir())), spoken.stderr)
    assert (spoken.exit_code, spoken.stdout) == (0, silent.stdout)
    elsewhere = run("scan", articles, "--scratch", tmp_path)
    assert re.match(NEEDED.format(re.escape(str(tmp_path))), elsewhere.stderr)
    assert run("scan", articles, "--quiet").stderr == ""
    assert "needs about" not in run("scan", stdin=articles.read_bytes()).stderr, "the size is not known"


def test_what_a_large_run_needs_is_said_in_gigabytes(
    run: Run, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dedup.detector.scratch_bytes", lambda articles: 1_000_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=1_234_500_000_000))
    assert "needs about 1.0 GB in" in run("scan", articles).stderr
    assert "which has 1,234.5 GB free" in run("scan", articles).stderr
    monkeypatch.setattr("dedup.detector.scratch_bytes", lambda articles: 999_999_999)
    assert "needs about" not in run("scan", articles).stderr


@pytest.mark.parametrize("place", ["none", "none/deeper"])
def test_a_large_run_in_a_place_that_is_not_there_is_an_ordinary_error(
    run: Run, articles: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setattr("dedup.cli.inputs.WORTH_SAYING", 0)
    result = run("scan", articles, "--scratch", place)
    assert result.exit_code == 1
    assert f"no scratch directory can be made in {place}" in result.stderr
    assert "choose another with --scratch" in result.stderr


def test_the_same_result_as_from_python(run: Run, articles: Path) -> None:
    report = find_overlaps(read_batches([str(articles)]), Settings(scope="all"))
    printed = lines_of(run("scan", articles, "--scope", "all").stdout)
    told = [asdict(overlap) for overlap in report.overlaps]
    assert len(told) == 3
    for record, overlap in zip(lines_of(json_of(printed), "overlap"), told, strict=True):
        assert [each["a_text"] for each in record["passages"]] == [
            each["a_text"] for each in overlap["passages"]
        ]
        assert record["relation"] == overlap["relation"]
        assert record["coverage_a"] == pytest.approx(overlap["coverage_a"], abs=1e-4)


def json_of(records: list[dict[str, object]]) -> str:
    return "\n".join(json.dumps(record) for record in records)


def test_quiet_says_nothing_on_standard_error(run: Run, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.txt").write_text(SHARED)
    spoken, quiet = run("scan", tmp_path), run("scan", tmp_path, "--quiet")
    assert "dedup: " in spoken.stderr
    assert quiet.stderr == ""
    assert quiet.stdout == spoken.stdout
    assert run("--quiet", "scan", tmp_path).stderr == ""


def test_a_table_says_its_notes_once(run: Run, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(SHARED)
    result = run("scan", tmp_path, "--format", "table")
    assert "no source is named" in result.stdout
    assert result.stderr == ""


def test_a_background_that_was_learned_before(run: Run, articles: Path) -> None:
    learned = run("background", articles, "-o", "corpus.background")
    assert learned.exit_code == 0
    assert "written to corpus.background" in learned.stderr
    assert run("scan", articles, "--background", "corpus.background").stdout == run("scan", articles).stdout


def test_a_background_of_other_shingles_is_refused(run: Run, articles: Path) -> None:
    run("background", articles, "-o", "corpus.background")
    result = run("scan", articles, "--background", "corpus.background", "--shingle-words", "5")
    assert result.exit_code == 1
    assert "shingle" in result.stderr


def test_as_a_process_from_a_pipe(process: Process, articles: Path) -> None:
    done = process("scan", "-", input=articles.read_text())
    assert done.returncode == 0
    assert lines_of(done.stdout, "summary")[0]["articles"] == 4


def test_a_page_marks_what_is_new_and_may_hold_passages_only(run: Run, articles: Path) -> None:
    former, page = articles.parent / "former.jsonl", articles.parent / "page.html"
    assert run("scan", articles, "-o", former).exit_code == 0
    result = run("scan", articles, "--scope", "all", "-o", page, "--former", former, "--excerpts-only")
    assert result.exit_code == 0
    text = page.read_text(encoding="utf-8")
    assert text.count('"fresh":true') > 0
    assert '"text":null' in text
    assert OTHERS[0] not in text


def test_options_of_the_page_are_refused_for_other_formats(run: Run, articles: Path) -> None:
    for option in (["--excerpts-only"], ["--former", articles]):
        result = run("scan", articles, *option, "--format", "csv")
        assert result.exit_code == 2
        assert f"{option[0]} is for the HTML report; add --format html" in result.stderr


def test_a_period_compares_what_was_published_near_each_other(run: Run, tmp_path: Path) -> None:
    times = {"a": "2024-03-01T08:00Z", "b": "2024-03-02T08:00Z", "c": "2024-03-09T08:00Z", "d": None}
    records = [{"id": n, "source": n, "text": SHARED, "published": when} for n, when in times.items()]
    corpus = write_lines(tmp_path / "dated.jsonl", records)

    def pairs(*options: str) -> set[tuple[str, str]]:
        found = lines_of(run("scan", corpus, "--format", "jsonl", *options).stdout, "overlap")
        return {(each["a"], each["b"]) for each in found}

    undated = {("a", "d"), ("b", "d"), ("c", "d")}
    assert pairs("--within", "72h") == {("a", "b")} | undated
    assert pairs("--within", "2w") == {("a", "b"), ("a", "c"), ("b", "c")} | undated
    assert pairs("--since", "2024-03-02") == {("b", "c"), ("b", "d"), ("c", "d")}
    assert pairs("--since", "2024-03-02", "--within", "1d") == {("b", "d"), ("c", "d")}
