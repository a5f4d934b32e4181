"""The comparison with an earlier commit: what is checked out, run and printed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import against
import pytest
from measuring import Cost

PROGRAM = """#!{python}
import pathlib, sys, tempfile
print(sys.argv[1:])
kind, *paths = sys.argv[1:]
if kind == "prepare":
    pathlib.Path(paths[0]).write_text("ready")
else:
    assert pathlib.Path(paths[0]).read_text() == "ready"
    with pathlib.Path({log!r}).open("a") as log:
        log.write({name!r} + "\\n")
    pathlib.Path(paths[1]).write_bytes(bytes(3_000_000))
    time = __import__("time").sleep(0.4)
"""


def git(folder: Path, *words: str) -> None:
    name = ["-c", "user.name=A Person", "-c", "user.email=person@example.org"]
    subprocess.run(["git", "-C", str(folder), *name, *words], check=True, capture_output=True)


def repository(folder: Path) -> Path:
    """Return a repository of two commits, `first` and the current one."""
    folder.mkdir()
    git(folder, "init", "-q")
    for text, tag in (("old", "first"), ("new", "second")):
        (folder / "file.txt").write_text(text)
        git(folder, "add", "file.txt")
        git(folder, "commit", "-q", "-m", text)
        git(folder, "tag", tag)
    return folder


def test_a_commit_is_checked_out_beside_the_work(tmp_path: Path) -> None:
    home = repository(tmp_path / "home")
    tree = against.check_out("first", tmp_path / "kept", home)
    assert (tree / "file.txt").read_text() == "old"
    assert (home / "file.txt").read_text() == "new"
    (tree / "mark").touch()
    assert against.check_out("first", tmp_path / "kept", home) == tree
    assert (tree / "mark").exists(), "it is kept"


def test_an_unknown_commit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="has no commit 'third'"):
        against.check_out("third", tmp_path / "kept", repository(tmp_path / "home"))


def test_builds_run_in_turn_each_in_an_empty_folder(tmp_path: Path) -> None:
    log, builds = tmp_path / "log", []
    for name in ("then", "now"):
        program = tmp_path / name
        program.write_text(PROGRAM.format(python=sys.executable, log=str(log), name=name))
        program.chmod(0o755)
        builds.append([str(program)])
    work = against.Work(
        ["work", "{out}/made", "{out}/result"], [["prepare", "{out}/made"]], tmp_path, threads=1
    )
    then, now = against.in_turn(builds, work, turns=3)
    assert log.read_text().split() == ["then", "now", "then", "now", "now", "then", "then", "now"]
    assert len(then) == len(now) == 3
    assert all(cost.disk >= 3_000_000 for cost in [*then, *now]), "results are counted"


def test_ratios_are_medians_of_turns_with_their_spread() -> None:
    then = [Cost(2.0, 4.0, 100, 0), Cost(4.0, 4.0, 100, 0), Cost(2.0, 4.0, 100, 0)]
    now = [Cost(1.0, 4.4, 50, 7), Cost(4.0, 4.0, 100, 7), Cost(1.5, 4.8, 25, 7)]
    found = against.compare(then, now)
    assert (found["wall"]["ratio"], found["wall"]["lowest"], found["wall"]["highest"]) == (0.75, 0.5, 1.0)
    assert found["cpu"]["ratio"] == pytest.approx(1.1)
    assert found["disk"]["ratio"] is None
    lines = against.table(found, "293b6634567890").splitlines()
    assert lines[0].split()[0] == "293b66345678"
    assert lines[1].split() == ["wall", "seconds", "2.00", "1.50", "0.750", "0.500", "to", "1.000"]
    assert lines[4].split()[-1] == "-"


def test_libraries_are_held_and_the_project_is_not() -> None:
    held = against._libraries()
    assert any(each.startswith("numpy==") for each in held)
    assert not any(each.startswith("dedup") for each in held)


@pytest.mark.slow
def test_this_commit_beside_itself(tmp_path: Path) -> None:
    if not (against.ROOT / ".git").exists():
        pytest.skip("not a checkout: there is no commit to compare with")
    script = [sys.executable, against.__file__, "HEAD", "--articles", "20", "--folder", str(tmp_path)]
    done = subprocess.run([*script, "--", "--version"], capture_output=True, text=True, check=True)
    assert [line.split()[0] for line in done.stdout.splitlines()[1:]] == ["wall", "cpu", "peak", "disk"]
