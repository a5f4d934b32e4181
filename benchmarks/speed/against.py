"""This checkout beside an earlier commit, run in turn on the same articles.

    python benchmarks/speed/against.py 293b663 --articles 100000
    python benchmarks/speed/against.py 293b663 --corpus out/100k -- scan {articles} -o {out}/found.csv
    python benchmarks/speed/against.py 293b663 --before 'index create {out}/i' -- index add {out}/i {articles}

The commit is checked out into build/against/COMMIT. Both builds are installed as users install them, each in
an environment of its own that holds the libraries of this one in the same versions; the environments are kept
for the next call. Each turn runs both builds, and the order
changes from turn to turn, so that what else the machine does meets both alike. What follows `--` is the
command, given to `dedup`; {articles}, {corpus} and {out} (an empty folder in each run) are filled in. A
command given with --before runs unmeasured in the same folder first.

Prints, for wall time, processor time, peak memory and the most bytes on disk (temporary files and results),
the median of each build and the median of the turns' ratios, with the lowest and the highest of them. Below
1, this checkout takes less. One run of each build comes first, unmeasured, and compiles its kernels.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from corpus import write
from measuring import Cost, machine, run, versions
from press import Press
from stories import plan

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "build" / "against"
COMMAND = ["scan", "{articles}", "-o", "{out}/found.jsonl"]
MEASURES = {"wall": "seconds", "cpu": "seconds", "peak": "MiB", "disk": "MiB"}
LEAST_TURNS = 5


@dataclass(frozen=True)
class Work:
    """What is run: the commands' words, and what is filled in for their placeholders."""

    measured: Sequence[str]
    before: Sequence[Sequence[str]]
    corpus: Path
    threads: int

    def run(self, program: Sequence[str]) -> Cost:
        """Run the commands with a build, in an empty folder; return what the measured one took."""
        with TemporaryDirectory(prefix="against-") as folder:
            out = Path(folder) / "out"
            out.mkdir()
            for words in self.before:
                run([*program, *self._filled(words, out)], threads=self.threads)
            return run(
                [*program, *self._filled(self.measured, out)], threads=self.threads, scratch=Path(folder)
            )

    def _filled(self, words: Sequence[str], out: Path) -> list[str]:
        places = {
            "{articles}": self.corpus / "articles.jsonl",
            "{corpus}": self.corpus,
            "{out}": out,
        }
        filled = list(words)
        for name, path in places.items():
            filled = [word.replace(name, str(path)) for word in filled]
        return filled


def check_out(commit: str, folder: Path, repository: Path = ROOT) -> Path:
    """Put the files of a commit into `folder`/COMMIT, unless they are there; return that path.

    Raises `SystemExit` where the repository has no such commit.
    """
    asked = ["git", "-C", str(repository), "rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}"]
    found = subprocess.run(asked, capture_output=True, text=True)
    if found.returncode:
        raise SystemExit(f"against.py: {repository} has no commit {commit!r}")
    name = found.stdout.strip()
    tree = folder / name[:12]
    if not tree.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder) as scratch:
            packed, fresh = Path(scratch) / "tree.tar", Path(scratch) / "tree"
            fresh.mkdir()
            subprocess.run(["git", "-C", str(repository), "archive", "-o", str(packed), name], check=True)
            subprocess.run(["tar", "-xf", str(packed), "-C", str(fresh)], check=True)
            fresh.rename(tree)
    return tree


def install(tree: Path, environment: Path) -> list[str]:
    """Install a checkout into an environment, made if need be; return the words that start its `dedup`."""
    python = str(environment / "bin" / "python")
    if not (environment / "pyvenv.cfg").exists():
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    held = environment / "libraries.txt"
    held.write_text("".join(f"{each}\n" for each in _libraries()))
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--constraint", str(held), str(tree)], check=True)
    return [str(environment / "bin" / "dedup")]


def in_turn(builds: Sequence[Sequence[str]], work: Work, turns: int) -> list[list[Cost]]:
    """Run each build once unmeasured, then each in every turn; the costs of each build, turn by turn."""
    for program in builds:
        work.run(program)
    costs: list[list[Cost]] = [[] for _ in builds]
    for turn in range(turns):
        order = range(len(builds)) if turn % 2 == 0 else reversed(range(len(builds)))
        for number in order:
            costs[number].append(work.run(builds[number]))
    return costs


def compare(then: Sequence[Cost], now: Sequence[Cost]) -> dict[str, dict[str, float | None]]:
    """The medians of both builds, and of the turns' ratios now / then with their extremes.

    Bytes are given in MiB. A ratio is None where the earlier build took nothing.

    Examples
    --------
    >>> compare([Cost(2.0, 4.0, 2**20)], [Cost(1.0, 4.0, 2**21)])["wall"]
    {'then': 2.0, 'now': 1.0, 'ratio': 0.5, 'lowest': 0.5, 'highest': 0.5}
    """
    found = {}
    for name, unit in MEASURES.items():
        size = 2**20 if unit == "MiB" else 1
        old, new = ([getattr(cost, name) for cost in costs] for costs in (then, now))
        ratios = [late / early for early, late in zip(old, new, strict=True) if early]
        found[name] = {
            "then": median(old) / size,
            "now": median(new) / size,
            "ratio": median(ratios) if ratios else None,
            "lowest": min(ratios, default=None),
            "highest": max(ratios, default=None),
        }
    return found


def table(found: dict[str, dict[str, float | None]], commit: str) -> str:
    """The comparison as lines of text."""
    lines = [f"{'':<14}{commit[:12]:>12}{'now':>12}{'ratio':>8}   lowest to highest"]
    for name, row in found.items():
        values = f"{name + ' ' + MEASURES[name]:<14}{row['then']:>12,.2f}{row['now']:>12,.2f}"
        if row["ratio"] is None:
            lines.append(f"{values}{'-':>8}")
        else:
            lines.append(f"{values}{row['ratio']:>8.3f}   {row['lowest']:.3f} to {row['highest']:.3f}")
    return "\n".join(lines)


def main() -> None:
    """Read the options, prepare both builds, run them and print the ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("commit", help="what this checkout is compared with")
    parser.add_argument("--articles", type=int, default=10_000, help="of the corpus; default 10000")
    parser.add_argument("--seed", type=int, default=1, help="of the corpus; default 1")
    parser.add_argument("--corpus", type=Path, metavar="DIR", help="what corpus.py wrote, not a new one")
    parser.add_argument("--turns", type=int, default=LEAST_TURNS, help="at least (and by default) 5")
    parser.add_argument("--threads", type=int, default=2, help="default 2")
    parser.add_argument(
        "--before", action="append", default=[], metavar="COMMAND", help="run first, unmeasured; repeatable"
    )
    parser.add_argument("--folder", type=Path, default=KEPT, help="for checkouts; default build/against")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the measures as JSON")
    words = sys.argv[1:]
    end = words.index("--") if "--" in words else len(words)
    given = parser.parse_args(words[:end])
    given.command = words[end + 1 :] or COMMAND
    if given.turns < LEAST_TURNS:
        parser.error(f"fewer than {LEAST_TURNS} turns say little on a shared machine")
    record = measure(given)
    print(table(record["measures"], given.commit))
    if given.output is not None:
        given.output.write_text(json.dumps(record, indent=1) + "\n")


def measure(given: argparse.Namespace) -> dict[str, Any]:
    """Prepare both builds as the options say, run them, and return the measures."""
    folder = given.folder.resolve()
    earlier = check_out(given.commit, folder)
    builds = [install(earlier, earlier / ".venv"), install(ROOT, folder / "now")]
    with _corpus(given) as corpus:
        work = Work(given.command, [shlex.split(words) for words in given.before], corpus, given.threads)
        then, now = in_turn(builds, work, given.turns)
    return {
        "machine": machine(),
        "versions": versions("numba", "numpy", "pyarrow"),
        "commit": given.commit,
        "command": " ".join(["dedup", *work.measured]),
        "turns": given.turns,
        "measures": compare(then, now),
    }


@contextmanager
def _corpus(given: argparse.Namespace) -> Iterator[Path]:
    """The folder of the corpus, made for the time being unless the options name one."""
    if given.corpus is not None:
        yield given.corpus.resolve()
        return
    with TemporaryDirectory() as folder:
        write(Press(plan(given.articles, given.seed)), Path(folder))
        yield Path(folder)


def _libraries() -> list[str]:
    """What is installed here, as `name==version`, but for the project itself."""
    listed = [sys.executable, "-m", "pip", "--disable-pip-version-check", "list", "--format=json"]
    found = json.loads(subprocess.run(listed, check=True, capture_output=True, text=True).stdout)
    return [f"{each['name']}=={each['version']}" for each in found if "editable_project_location" not in each]


if __name__ == "__main__":
    main()
