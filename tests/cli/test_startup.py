"""Help and wrong usage answer without the heavy libraries, and list what there is."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from command_lines import Process, Run

import dedup
from dedup.settings import Settings

VERBS = [
    "scan",
    "check",
    "compare",
    "explain",
    "evaluate",
    "shingle",
    "background",
    "filter",
    "outlets",
    "serve",
    "inspect",
    "settings",
    "warm-up",
    "index",
]
WITHOUT_SETTINGS = ["evaluate", "serve"]
READING = ["--field", "--encoding", "--on-error", "--rejects"]
OPTIONS = {
    "scan": [
        *READING,
        "--background",
        "--threads",
        "--format",
        "--output",
        "-o",
        "--limit",
        "--fail-on-overlap",
    ],
    "check": [*READING, "--index", "--source", "--within", "--format", "--output", "-o", "--limit"],
    "compare": [*READING, "--background", "--format"],
    "explain": [*READING, "--background", "--format", "--settings", "--plot"],
    "evaluate": ["--format", "--plot"],
    "shingle": [*READING, "--background", "--format", "--output", "-o"],
    "background": [*READING, "--threads", "--output", "-o"],
    "filter": ["--index", "--policy", "--min-coverage"],
    "serve": ["--index", "--mine", "--host", "--port", "--watch", "--token-file", "--tls-cert", "--webhooks"],
    "settings": ["--format"],
}
README = Path(__file__).parents[2] / "README.md"

#: Runs a command line and prints which slow libraries it imported.
IMPORTS = """
import sys
from dedup.cli import main
try:
    main()
except SystemExit as left:
    heavy = {"numpy", "pyarrow", "numba", "scipy", "sklearn", "datasketch", "rich", "jinja2", "click"}
    print(left.code, sorted(heavy & set(sys.modules)))
"""


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("--help", 0),
        ("scan --help", 0),
        ("explain -h", 0),
        ("explain --settings --bands 0", 2),
        ("evaluate --help", 0),
        ("--version", 0),
        ("", 2),
        ("sacn", 2),
        ("scan", 2),
        ("scan a.txt --bogus", 2),
        ("scan a.txt --bands 0", 2),
        ("scan a.txt --format pdf", 2),
        ("scan a.txt --threads 0", 2),
        ("settings --format toml", 0),
    ],
)
def test_no_heavy_import_before_a_verb_runs(line: str, code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS, *line.split()], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.splitlines()[-1] == f"{code} []"


@pytest.mark.parametrize("verb", OPTIONS)
def test_help_names_every_option(run: Run, verb: str) -> None:
    result = run(verb, "--help")
    assert result.exit_code == 0
    settings = {"--config", *(f"--{knob.name.replace('_', '-')}" for knob in fields(Settings))}
    words = set(re.findall(r"--?[a-z][a-z-]*", result.stdout))
    assert {*OPTIONS[verb], "--quiet", "--debug", "--help"} <= words
    # The seed of a sample; the file with the table of outlets.
    own = {"evaluate": {"--seed"}, "serve": {"--config"}}.get(verb, set())
    assert settings <= words if verb not in WITHOUT_SETTINGS else not (settings - own) & words


def test_help_gives_each_setting_its_default_and_range(run: Run) -> None:
    text = " ".join(run("scan", "--help").stdout.split())
    for knob in fields(Settings):
        if "low" in knob.metadata:
            low, high = (f"{knob.metadata[end]:,}" for end in ("low", "high"))
            assert f"[{low} to {high}; default: {knob.default}]" in text


def test_help_lists_the_verbs(run: Run) -> None:
    listed = run("--help").stdout.partition("Commands:")[2]
    assert re.findall(r"^  ([a-z-]+) ", listed, re.MULTILINE) == VERBS


def test_without_a_verb_the_help_is_shown_as_wrong_usage(run: Run) -> None:
    result = run()
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Commands:" in result.stderr


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("sacn x", "No such command 'sacn'. Did you mean 'scan'? (see `dedup --help`)"),
        ("scan", "Missing argument 'paths'. (see `dedup scan --help`)"),
        (
            "scan x --fail-on-overlaps",
            "No such option: --fail-on-overlaps (Possible options: --fail-on-overlap",
        ),
        ("scan x --bands 0", "flag --bands: bands is 0; it must lie between 1 and 256"),
        ("scan x --scope both", "flag --scope: scope is 'both'; it must be one of cross, all"),
        ("background x", "Missing option '--output'"),
        ("compare x", "Missing argument 'B'."),
    ],
)
def test_wrong_usage_is_one_line_with_the_mend(run: Run, line: str, message: str) -> None:
    result = run(*line.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"dedup: {message}")
    assert result.stderr.count("\n") == 1


def test_version(process: Process) -> None:
    done = process("--version")
    assert (done.returncode, done.stdout) == (0, f"dedup {dedup.__version__}\n")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shell_completion(process: Process, shell: str) -> None:
    """Set through the variable: --show-completion asks which shell is running, and under make that is sh."""
    done = process(env={**os.environ, "_DEDUP_COMPLETE": f"source_{shell}"})
    assert done.returncode == 0
    assert "_DEDUP_COMPLETE" in done.stdout


@pytest.mark.parametrize("name", dedup.__all__)
def test_a_public_name_has_an_example_and_a_word_on_each_parameter(name: str) -> None:
    value = getattr(dedup, name)
    if isinstance(value, str):
        return
    told = inspect.getdoc(value) or ""
    assert ">>> " in told
    if inspect.isfunction(value) and "the parameters and errors are those of" not in told:
        parameters = inspect.signature(value).parameters
        assert [each for each in parameters if not re.search(rf"^[\w, ]*\b{each}\b", told, re.M)] == []


def test_the_readme_names_only_what_there_is(run: Run) -> None:
    text = README.read_text(encoding="utf-8")
    used = re.findall(r"\bdedup ((?:[a-z]+)(?: [^`\n|#]*)?)", "\n".join(_commands(text)))
    assert used
    for line in used:
        verb, *rest = line.split()
        assert verb in VERBS, line
        known = set(re.findall(r"--?[a-z][a-z-]*", run(verb, "--help").stdout))
        flags = {word.partition("=")[0] for word in rest if re.match(r"--?[a-z]", word)}
        assert flags <= known, line


def _commands(text: str) -> list[str]:
    """Return lines of code blocks and spans that begin with the program's name."""
    spans = re.findall(r"`(dedup [^`\n]+)`", text)
    blocks = re.findall(r"^```.*?\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line.strip().removeprefix("$ ") for block in blocks for line in block.splitlines()]
    return spans + [line for line in lines if line.startswith("dedup ")]


def test_what_is_warmed_up_is_compiled_once(run: Run) -> None:
    assert run("warm-up", "--quiet").exit_code == 0
    again = run("warm-up")
    assert again.exit_code == 0
    assert re.search(r"nothing to compile in \d+ s; \d+ are kept in ", again.stderr)
