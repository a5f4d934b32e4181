"""`dedup check`, and decisions that a scan applies."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from command_lines import OTHERS, SHARED, Process, Run

from dedup.article import Article
from dedup.decisions import files
from dedup.decisions.ledger import decided_sentences
from dedup.decisions.record import decision_of
from dedup.detector import compare
from dedup.index import Index

DOCX = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    "<w:p><w:r><w:t>{}</w:t></w:r></w:p></w:body></w:document>"
)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Return an index, and the same articles as a file."""
    articles = [
        Article(id="times-1", source="Times", title="A visit", text=f"{SHARED} {OTHERS[0]}"),
        Article(id="post-1", source="Post", text=OTHERS[1]),
    ]
    with Index.create(tmp_path / "archive") as index:
        index.add(articles)
    lines = [{"id": each.id, "source": each.source, "text": each.text} for each in articles]
    (tmp_path / "articles.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return tmp_path / "archive"


@pytest.mark.parametrize("form", ["txt", "html", "docx"])
def test_a_draft_of_any_format_is_asked_about(run: Run, archive: Path, tmp_path: Path, form: str) -> None:
    draft = tmp_path / f"draft.{form}"
    if form == "txt":
        draft.write_text(SHARED, encoding="utf-8")
    elif form == "html":
        pytest.importorskip("trafilatura")
        draft.write_text(f"<html><body><article><p>{SHARED}</p></article></body></html>", encoding="utf-8")
    else:
        with zipfile.ZipFile(draft, "w") as packed:
            packed.writestr("word/document.xml", DOCX.format(SHARED))
    said = run("check", draft, "--index", archive, "--format", "jsonl")
    assert said.exit_code == 0, said.stderr
    record = json.loads(said.stdout)
    assert record["kind"] == "check"
    assert [each["id"] for each in record["matches"]] == ["times-1"]
    with Index.open(archive) as index:
        assert index.info().articles == 2


def test_files_answer_as_an_index_does(run: Run, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "draft.txt").write_text(SHARED, encoding="utf-8")
    found = run("check", tmp_path / "draft.txt", tmp_path / "articles.jsonl", "--format", "table").stdout
    lines = found.splitlines()
    assert lines[0].startswith("draft: 100 % of this article runs elsewhere too (1 passage).")
    assert any(line.startswith(" 1  Times") for line in lines)
    assert all(len(line) <= 120 and line == line.rstrip() for line in lines)


def test_what_is_piped_is_a_draft(process: Process, archive: Path) -> None:
    done = process("check", "-", "--index", archive, input=SHARED)
    assert json.loads(done.stdout)["matches"][0]["source"] == "Times"


def test_every_format_tells(run: Run, archive: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text(SHARED, encoding="utf-8")
    for name in ("out.html", "out.csv", "out.parquet", "out.jsonl", "out.txt"):
        done = run("check", draft, "--index", archive, "-o", tmp_path / name)
        assert done.exit_code == 0, done.stderr
        assert (tmp_path / name).stat().st_size
    assert "times-1" in (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "times-1" in (tmp_path / "out.csv").read_text(encoding="utf-8")


def test_the_own_outlet_is_not_compared_where_it_is_named(run: Run, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "draft.txt").write_text(SHARED, encoding="utf-8")
    line = ("check", tmp_path / "draft.txt", "--index", archive, "--format", "jsonl", "--source", "Times")
    assert json.loads(run(*line).stdout)["matches"] == []


@pytest.mark.parametrize(
    ("more", "code", "told"),
    [
        ((), 2, "either --index DIR or files"),
        (("--index", "none"), 1, "is not an index"),
        (("{draft}", "--index", "none"), 2, "either --index DIR or files"),
    ],
)
def test_wrong_lines_are_told(run: Run, tmp_path: Path, more: tuple[str, ...], code: int, told: str) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text(SHARED, encoding="utf-8")
    done = run("check", draft, *(each.format(draft=draft) for each in more))
    assert done.exit_code == code
    assert told in done.stderr


@pytest.mark.parametrize("text", ["", " \n "])
def test_an_empty_draft_is_told(run: Run, archive: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "draft.txt").write_text(text, encoding="utf-8")
    done = run("check", tmp_path / "draft.txt", "--index", archive)
    assert done.exit_code == 1
    assert "there is no text in it" in done.stderr


def test_a_scan_leaves_out_what_decisions_have_closed(run: Run, tmp_path: Path) -> None:
    a, b = (Article(id=id_, source=id_.upper(), text=f"{SHARED} {id_}.") for id_ in ("a", "b"))
    lines = [{"id": each.id, "source": each.source, "text": each.text} for each in (a, b)]
    (tmp_path / "both.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    overlap = compare(a, b)
    assert overlap is not None
    made = decision_of(
        {
            "id": "0f",
            "at": "2024-05-03T10:00:00Z",
            "kind": "not_copy",
            "sentences": list(decided_sentences(overlap, {"a": a, "b": b}.__getitem__)),
        }
    )
    (tmp_path / "log.csv").write_text(files.written([made], "csv"), encoding="utf-8")
    line = ("scan", tmp_path / "both.jsonl", "--format", "jsonl")
    assert '"kind":"overlap"' in run(*line).stdout
    decided = run(*line, "--decisions", tmp_path / "log.csv")
    assert '"kind":"overlap"' not in decided.stdout
    assert '"overlaps":0' in decided.stdout
    assert "1 overlaps are left out: decisions have closed them" in decided.stderr
    for name in ("out.html", "out.csv", "out.parquet"):
        assert (
            run(
                "scan", tmp_path / "both.jsonl", "--decisions", tmp_path / "log.csv", "-o", tmp_path / name
            ).exit_code
            == 0
        )
    wrong = run(*line, "--decisions", tmp_path / "none.csv")
    assert wrong.exit_code == 1
    assert "none.csv: cannot be read" in wrong.stderr
