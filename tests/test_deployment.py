"""The container's recipe and the service's unit name things that exist, and the service does its work."""

from __future__ import annotations

import configparser
import itertools
import json
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DEDUP = Path(sys.executable).with_name("dedup")
ARTICLE = {
    "id": "a",
    "source": "Harbour Post",
    "text": "The lamp of the lighthouse was lit again on Monday after a winter without it, and boats came.",
}


def instructions() -> list[tuple[str, str]]:
    """Return the instructions of the Dockerfile, with continued lines joined."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def assert_is_understood(command: str) -> None:
    """Check that each verb and option of a command line of dedup exists."""
    words = shlex.split(re.sub(r"[<>] *\S+", "", command))
    assert Path(words[0]).name == "dedup"
    verb = [word for word in words[1:3] if not word.startswith("-") and re.fullmatch("[a-z][a-z-]*", word)]
    verb = verb[:2] if verb[0] == "index" else verb[:1]
    helped = subprocess.run([DEDUP, *verb, "--help"], capture_output=True, text=True, check=True).stdout
    for option in (word for word in words if word.startswith("--")):
        assert re.search(rf"(?<!\S){option}\b", helped), f"{' '.join(verb)} has no {option}"


def test_the_image_is_made_of_files_that_are_there() -> None:
    copied: dict[str, str] = {}
    for word, rest in instructions():
        if word == "COPY":
            *sources, target = rest.split()
            for source in sources:
                assert (ROOT / source).exists(), source
                copied[source] = target
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    needed = {project["project"]["readme"], "pyproject.toml", "LICENSE", "dedup"}
    needed.add(project["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["custom"]["path"])
    assert needed <= copied.keys(), "what the build reads is copied"


def test_the_image_has_a_python_that_will_do_and_runs_commands_that_exist() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    said = dict(instructions())
    python = re.fullmatch(r"python:3\.(\d+)-slim", said["FROM"])
    least = re.search(r">=3\.(\d+)", project["requires-python"])
    assert python
    assert least
    assert int(python[1]) >= int(least[1])
    assert said["ENTRYPOINT"] == '["dedup"]'
    commands = [part.strip() for word, rest in instructions() if word == "RUN" for part in rest.split("&&")]
    ours = [command for command in commands if command.startswith("dedup ")]
    assert ours
    for command in ours:
        assert_is_understood(command)
        for place in (word for word in command.split() if word.startswith("/build/")):
            assert (ROOT / place.removeprefix("/build/")).exists()


def test_what_was_compiled_here_does_not_get_into_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {"**/__pycache__", ".venv", ".git"} <= set(ignored)


def unit() -> configparser.RawConfigParser:
    text = (ROOT / "docs" / "production.md").read_text(encoding="utf-8")
    (found,) = re.findall(r"```ini\n(.*?)```", text, re.DOTALL)
    parser = configparser.RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    # If a key occurs twice, systemd uses both values.
    number = itertools.count()
    parser.read_string(re.sub("(?m)^ExecStartPre=", lambda match: f"{next(number)}Pre=", found))
    return parser


def test_the_unit_names_what_systemd_knows(tmp_path: Path) -> None:
    service = unit()["Service"]
    assert service["KillSignal"] == "SIGTERM"
    assert service["SuccessExitStatus"] == "143"
    assert service["Restart"] == "always", "the end of the input is not the end of the service"
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        return
    text = (ROOT / "docs" / "production.md").read_text(encoding="utf-8")
    (found,) = re.findall(r"```ini\n(.*?)```", text, re.DOTALL)
    path = tmp_path / "dedup.service"
    path.write_text(found.replace("/opt/dedup/bin/dedup", "/bin/true").replace("User=dedup\n", ""))
    done = subprocess.run([analyze, "verify", path], capture_output=True, text=True, check=False)
    assert "Unknown" not in done.stderr


@pytest.mark.slow
def test_the_service_judges_what_comes_through_its_pipe_and_ends_well(tmp_path: Path) -> None:
    service = unit()["Service"]

    def here(line: str) -> list[str]:
        line = line.replace("/opt/dedup/bin/dedup", str(DEDUP)).replace("/var/lib/dedup", str(tmp_path))
        return shlex.split(line)

    before = [value for key, value in service.items() if key.endswith("Pre")]
    assert len(before) == 2
    for _ in range(2):  # it is started again
        for line in before:
            subprocess.run(here(line), cwd=tmp_path, check=True)
    with (
        subprocess.Popen(here(service["ExecStart"]), cwd=tmp_path, stderr=subprocess.DEVNULL) as running,
        (tmp_path / "in").open("wb", buffering=0) as given,
        (tmp_path / "out").open("rb") as taken,
    ):
        for name in ("a", "b"):
            given.write(json.dumps(ARTICLE | {"id": name, "source": name}).encode() + b"\n")
            verdict = json.loads(taken.readline())["dedup"]["verdict"]
            assert verdict == ("original" if name == "a" else "copy")
        running.send_signal(signal.SIGTERM)
        assert running.wait(60) == int(service["SuccessExitStatus"])
