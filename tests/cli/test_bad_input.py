"""Bad input and bad places: a clear line, the right exit code, and no half-written file."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command_lines import SHARED, Process, Run
from json_records import lines_of


def _types(path: Path) -> None:
    pq.write_table(pa.table({"id": ["a"], "text": [3]}), path)


def _content(content: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(content) and None


GOOD = b'{"id": "good", "source": "Herald", "text": "One."}\n'

#: A name, a function that makes the input, and the message of the run that stops there.
STOPPING: dict[str, tuple[Callable[[Path], None], str]] = {
    "empty.txt": (_content(b""), r"empty\.txt: .*empty"),
    "empty.jsonl": (_content(b""), r"empty\.jsonl: no articles in it"),
    "latin.txt": (
        _content("Café".encode("latin-1")),
        r"latin\.txt:1: byte 0xE9 at offset 3 is not UTF-8; .* --encoding cp1252",
    ),
    "latin.jsonl": (
        _content(GOOD + b'{"id": "b", "text": "\xe9"}\n'),
        r"latin\.jsonl:2: byte 0xE9 at offset",
    ),
    "broken.jsonl": (_content(GOOD + b'{"id": "b", "text":\n'), r"broken\.jsonl:2: broken JSON: .* column"),
    "missing.jsonl": (
        _content(GOOD + b'{"id": "b"}\n'),
        r"missing\.jsonl:2: no field 'text' .* --field text=",
    ),
    "null.jsonl": (
        _content(GOOD + b'{"id": "b", "text": null}\n'),
        r"null\.jsonl:2: text is null; .* string",
    ),
    "number.jsonl": (
        _content(b'{"id": "b", "text": 3}\n'),
        r"number\.jsonl:1: text is .*; it must be a string",
    ),
    "twice.jsonl": (_content(GOOD + GOOD), r"twice\.jsonl:2: the id 'good' is taken by \S*twice\.jsonl:1"),
    "nul.txt": (_content(b"one\0two"), r"nul\.txt: text has a NUL character at place 3; take it out"),
    "types.parquet": (_types, r"types\.parquet: the column 'text' holds int64; .* strings"),
    "broken.parquet": (_content(b"nonsense"), r"broken\.parquet: is not a valid Parquet file"),
    "broken.jsonl.gz": (_content(b"\x1f\x8bnonsense"), r"broken\.jsonl\.gz: is not a valid gzip file"),
}


@pytest.mark.parametrize("name", STOPPING)
def test_what_cannot_be_read_stops_the_run(run: Run, tmp_path: Path, name: str) -> None:
    make, message = STOPPING[name]
    make(tmp_path / name)
    output = tmp_path / "out.jsonl"
    before = sorted(tmp_path.iterdir())
    result = run("scan", tmp_path / name, "-o", output)
    assert (result.exit_code, result.stdout) == (1, "")
    assert re.fullmatch(f"dedup: .*{message}.*\n", result.stderr)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("name", [name for name in STOPPING if not name.startswith("broken.")])
def test_what_cannot_be_read_is_left_out_counted_and_kept(run: Run, tmp_path: Path, name: str) -> None:
    STOPPING[name][0](tmp_path / name)
    good = tmp_path / "sound.jsonl"
    good.write_bytes(b'{"id": "sound", "text": "Two."}\n')
    rejects = tmp_path / "rejects.jsonl"
    result = run("scan", tmp_path / name, good, "--on-error", "skip", "--rejects", rejects)
    assert result.exit_code == 0
    (summary,) = lines_of(result.stdout, "summary")
    assert summary["skipped"] == 1
    assert "sound" in {record["id"] for record in lines_of(result.stdout, "article")}
    (reject,) = rejects.read_text().splitlines()
    assert name in reject
    assert re.search(f"dedup: left out: .*{STOPPING[name][1]}", result.stderr)
    assert "left out: 1 in all" in result.stderr


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere.jsonl", r"nowhere\.jsonl: no such file or directory; check the path"),
        ("*.jsonl", r"\*\.jsonl: no file matches the pattern"),
        ("folder", r"folder: no articles in it"),
        ("notes.doc", r"notes\.doc: its ending is not one that is read"),
    ],
)
def test_inputs_that_are_not_there(run: Run, tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "notes.doc").write_text("x")
    result = run("scan", tmp_path / name)
    assert result.exit_code == 1
    assert re.fullmatch(f"dedup: .*{message}.*\n", result.stderr)


@pytest.mark.parametrize(("text", "overlaps"), [("", 0), ("Hi.", 1), ("Three words only.", 1)])
def test_a_text_without_a_shingle_is_an_article_and_a_copy_of_its_equal(
    run: Run, text: str, overlaps: int
) -> None:
    lines = f'{{"id": "a", "text": "{text}"}}\n{{"id": "b", "text": "{text}"}}\n'
    result = run("scan", "-", stdin=lines)
    assert result.exit_code == 0
    (summary,) = lines_of(result.stdout, "summary")
    assert (summary["articles"], summary["overlaps"], summary["skipped"]) == (2, overlaps, 0)


@pytest.mark.slow
def test_a_line_of_50_megabytes(process: Process, tmp_path: Path) -> None:
    words = " ".join(f"word{number % 100_003}" for number in range(5_500_000))
    assert len(words) > 50_000_000
    lines = f'{{"id": "long", "text": "{words} {SHARED}"}}\n{{"id": "short", "text": "{SHARED}"}}\n'
    (tmp_path / "long.jsonl").write_text(lines)
    done = process("scan", tmp_path / "long.jsonl")
    assert done.returncode == 0, done.stderr
    (overlap,) = lines_of(done.stdout, "overlap")
    assert (overlap["a"], overlap["b"], overlap["relation"]) == ("long", "short", "excerpt")


def test_an_output_in_a_directory_that_is_not_there(run: Run, articles: Path) -> None:
    for verb in ("scan", "background", "shingle"):
        result = run(verb, articles, "-o", articles.parent / "none" / "out.jsonl")
        assert result.exit_code == 1
        assert re.search(r"none/out\.jsonl.*the directory .*none does not exist", result.stderr)


def test_an_output_that_is_a_directory(run: Run, articles: Path) -> None:
    result = run("scan", articles, "--format", "jsonl", "-o", articles.parent)
    assert result.exit_code == 1
    assert "is a directory" in result.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_output_where_writing_is_not_allowed(run: Run, articles: Path) -> None:
    locked = articles.parent / "locked"
    locked.mkdir(mode=0o500)
    result = run("scan", articles, "-o", locked / "out.jsonl")
    assert result.exit_code == 1
    assert "no permission to write in the directory" in result.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("form", ["jsonl", "table"])
def test_a_full_disk_is_named(run: Run, articles: Path, form: str) -> None:
    done = run("scan", articles, "--format", form, "-o", "/dev/full", "--quiet")
    assert done.exit_code == 1
    assert re.fullmatch(r"dedup: /dev/full.*No space left on device.*\n", done.stderr)


def test_an_old_result_stays_when_the_new_run_fails(run: Run, articles: Path) -> None:
    output = articles.parent / "out.jsonl"
    output.write_text("old")
    with articles.open("a") as stream:
        stream.write("{broken\n")
    assert run("scan", articles, "-o", output).exit_code == 1
    assert output.read_text() == "old"


def test_a_file_that_is_no_background(run: Run, articles: Path) -> None:
    result = run("scan", articles, "--background", articles)
    assert result.exit_code == 1
    assert re.fullmatch(
        r"dedup: .*articles\.jsonl is not a background file .*`dedup background .*\n", result.stderr
    )


def test_rejects_without_skip_is_wrong_usage(run: Run, articles: Path) -> None:
    result = run("scan", articles, "--rejects", "rejects.jsonl")
    assert result.exit_code == 2
    assert "--on-error skip" in result.stderr


def test_an_encoding_that_nobody_knows_is_wrong_usage(run: Run, articles: Path) -> None:
    result = run("scan", articles, "--encoding", "utf-9")
    assert result.exit_code == 2
    assert "encoding is 'utf-9'" in result.stderr


def test_a_traceback_only_with_debug(run: Run) -> None:
    plain, debug = run("scan", "nowhere.jsonl"), run("scan", "nowhere.jsonl", "--debug")
    before = run("--debug", "scan", "nowhere.jsonl")
    assert plain.exit_code == debug.exit_code == before.exit_code == 1
    assert "Traceback" not in plain.stderr
    for done in (debug, before):
        assert "Traceback" in done.stderr
        assert "InputError" in done.stderr
        assert done.stderr.splitlines()[-1] == plain.stderr.rstrip("\n")


def test_a_fault_of_the_program_is_one_line_too(
    run: Run, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr("dedup.detector.find_overlaps", fail)
    result = run("scan", articles)
    assert result.exit_code == 1
    assert result.stderr == "dedup: internal error: ZeroDivisionError: by nought (--debug shows where)\n"
