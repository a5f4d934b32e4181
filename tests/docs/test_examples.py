"""The code blocks of README and docs/ run, page by page, in a directory with sample files.

A block of `console` has commands after `$ `, which must succeed, and their output where it is shown. A line
of `...` matches any lines, and `…` within a line any text. A block of `python` runs; one with `>>>` is a
doctest. A block with a title, ```` ```json title="new.jsonl" ````, is a file that the page uses. Blocks of
other languages (`text`, `sh`, `toml` without a title) are not run.
"""

from __future__ import annotations

import doctest
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from dedup.article import Article
from dedup.reading import read_articles

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the title if it is a file, its text, and the line that it starts in."""

    language: str
    title: str | None
    text: str
    line: int


def blocks(page: str) -> Iterator[Block]:
    for token in MarkdownIt().parse(page):
        if token.type == "fence" and token.map is not None:
            language, _, rest = token.info.strip().partition(" ")
            title = re.search(r'title="([^"]+)"', rest)
            yield Block(language, title[1] if title else None, token.content, token.map[0] + 1)


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a console block with the output that is shown for it."""
    parts = re.split(r"^\$ ", text, flags=re.MULTILINE)
    assert not parts[0].strip(), f"a console block begins with a command after `$ `: {parts[0]!r}"
    for part in parts[1:]:
        lines = part.splitlines()
        end = next((i for i, line in enumerate(lines) if not line.endswith("\\")), len(lines) - 1)
        yield "\n".join(lines[: end + 1]), "\n".join(lines[end + 1 :])


def same(shown: str, printed: str) -> bool:
    """Whether the output is as shown, except for spaces."""
    shown = "\n".join("..." if line.strip() == "…" else line for line in shown.splitlines())
    return doctest.OutputChecker().check_output(shown.replace("…", "...") + "\n", printed + "\n", _OPTIONS)


def run_command(command: str, shown: str, folder: Path) -> None:
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "100",
        "NO_COLOR": "1",
    }
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if shown.strip() else subprocess.PIPE,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{command}\nexit code {done.returncode}\n{done.stdout}{done.stderr or ''}"
    if shown.strip():
        assert same(shown.strip(), done.stdout.strip()), (
            f"{command}\nshown:\n{shown}\nprinted:\n{done.stdout}"
        )


def run_python(block: Block, page: Path, names: dict[str, object]) -> None:
    if ">>>" not in block.text:
        exec(compile("\n" * block.line + block.text, str(page), "exec"), names)
        return
    test = doctest.DocTestParser().get_doctest(block.text, names, page.name, str(page), block.line)
    for example in test.examples:
        example.want = example.want.replace("…", "...")
    result = doctest.DocTestRunner(optionflags=_OPTIONS).run(test, clear_globs=False)
    names.update(test.globs)
    assert result.failed == 0, f"{page.name}:{block.line}"


def _record(article: Article) -> dict[str, str | None]:
    published = None if article.published is None else article.published.isoformat()
    return {"id": article.id, "source": article.source, "published": published, "text": article.text}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Provide a directory with the seeds, as in a clone of the project, and in other forms."""
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    lines = [json.dumps(_record(article)) for article in read_articles([tmp_path / "seeds"])]
    (tmp_path / "articles.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "new.jsonl").write_text(lines[0].replace("000_", "new_") + "\n", encoding="utf-8")
    for name, seed in (("a.txt", "000_08069bb042b531b9"), ("b.txt", "001_ed3781059f7032e5")):
        shutil.copy(ROOT / "seeds" / f"{seed}.txt", tmp_path / name)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("document", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_code_blocks_of_the_docs_run(document: Path, folder: Path) -> None:
    names: dict[str, object] = {"__name__": "__main__"}
    for block in blocks(document.read_text(encoding="utf-8")):
        if block.title is not None:
            (folder / block.title).parent.mkdir(parents=True, exist_ok=True)
            (folder / block.title).write_text(block.text, encoding="utf-8")
        elif block.language == "console":
            for command, shown in commands(block.text):
                if not (_installs(command) or _needs_more(command)):
                    run_command(command, shown, folder)
        elif block.language == "python":
            run_python(block, document, names)


def _installs(command: str) -> bool:
    """Whether the command installs something, which a test must not do."""
    words = shlex.split(command, comments=True)
    return words[:1] in (["make"], ["pip"], ["git"], ["cd"], ["python3"]) or words[:2] == ["pipx", "install"]


def _needs_more(command: str) -> bool:
    """Whether the command never ends, or needs Spark or an index that does not exist."""
    index = re.search(r"--index (\S+)", command)
    return (
        command.startswith("dedup serve")
        or ("--engine spark" in command and (find_spec("pyspark") is None or shutil.which("java") is None))
        or (index is not None and not Path(index[1]).exists())
    )


def test_output_is_compared() -> None:
    assert same("a\n…\nd", "a\nb\nc\nd")
    assert same("one … three", "one  two three")
    assert not same("a\nb", "a\nc")


def test_commands_are_parted_from_their_output() -> None:
    assert list(commands("$ a \\\n    b\nout\n$ c\n")) == [("a \\\n    b", "out"), ("c", "")]
