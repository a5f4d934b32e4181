"""Whole runs of the rivals on one corpus: text in, pairs out; time, memory and recall side by side.

    python -m venv rivals && rivals/bin/pip install -r benchmarks/speed/requirements-rivals.txt
    python benchmarks/speed/rivals.py DIR --python rivals/bin/python [--only gaoya …] [--runs 3] [-o FILE]

DIR is what corpus.py wrote. Each rival runs as a process of its own (adapters.py) with the settings of its
documentation (where it gives none, with those that are named there as our choice), and with `--threads`
threads where it can use them. The runs are interleaved; medians count. Recall and precision are those of
score.py. A rival that fails is reported as failed, and the others go on.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from adapters import RIVALS
from measuring import Cost, machine, run
from score import Truth, read_result, score

ADAPTERS = Path(__file__).with_name("adapters.py")


def measure(name: str, python: Path, corpus: Path, pairs: Path, threads: int) -> Cost | None:
    """Run one rival once; `None` when it fails."""
    command = [str(python), str(ADAPTERS), name, str(corpus / "articles.jsonl"), str(pairs)]
    try:
        return run(command, threads=threads)
    except subprocess.CalledProcessError:
        return None


def installed(python: Path) -> dict[str, str]:
    """The versions in the rivals' environment."""
    packages = sorted({package for package, _ in RIVALS.values()})
    script = "import sys, json, measuring; print(json.dumps(measuring.versions(*sys.argv[1:])))"
    said = subprocess.check_output([python, "-c", script, *packages], cwd=ADAPTERS.parent)
    found: dict[str, str] = json.loads(said)
    return found


def table(record: dict[str, Any]) -> str:
    """The measures for people."""
    titles = (
        "articles/s",
        "wall s",
        "cpu s",
        "peak MiB",
        "pairs",
        "precision",
        "copies",
        "15-30 %",
        "under 15 %",
    )
    lines = [f"{'':28}" + "".join(f"{title:>11}" for title in titles)]
    for name, row in record["rivals"].items():
        if row is None:
            lines.append(f"{name:28}  failed")
            continue
        scores, targets = row["scores"], row["scores"]["targets"].values()
        shares = [scores["precision"], *(target["recall"] for target in targets)]
        numbers = [
            row["articles_per_second"],
            row["wall"],
            row["cpu"],
            row["peak"] / 2**20,
            scores["reported"],
        ]
        cells = [f"{numbers[0]:>11.0f}", *(f"{number:>11.1f}" for number in numbers[1:3])]
        cells += [f"{number:>11.0f}" for number in numbers[3:]]
        cells += [f"{'' if share is None else format(share, '.4f'):>11}" for share in shares]
        lines.append(f"{name:28}" + "".join(cells))
    return "\n".join(lines)


def main() -> None:
    """Read the options, run the rivals, print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path, metavar="DIR", help="what corpus.py wrote")
    parser.add_argument(
        "--python",
        type=lambda path: Path(path).absolute(),  # they are asked for their versions in another folder
        required=True,
        help="the interpreter of the rivals' environment",
    )
    parser.add_argument("--only", nargs="+", choices=RIVALS, default=list(RIVALS), help="these rivals only")
    parser.add_argument("--runs", type=int, default=3, help="default 3")
    parser.add_argument("--threads", type=int, default=2, help="default 2")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the measures as JSON")
    given = parser.parse_args()
    with (given.corpus / "articles.jsonl").open("rb") as lines:
        articles = sum(1 for _ in lines)
    truth = Truth.read(given.corpus / "truth.parquet")
    costs: dict[str, list[Cost | None]] = {name: [] for name in given.only}
    scores: dict[str, dict[str, Any]] = {}
    with TemporaryDirectory() as folder:
        for round_ in range(given.runs):
            for name in given.only:
                pairs = Path(folder, "pairs.csv")
                cost = measure(name, given.python, given.corpus, pairs, given.threads)
                costs[name].append(cost)
                if cost is not None and round_ == 0:
                    scores[name] = score(truth, read_result(pairs))
    record = {
        "machine": machine(),
        "versions": installed(given.python),
        "articles": articles,
        "runs": given.runs,
        "threads": given.threads,
        "rivals": {name: _row(articles, costs[name], scores.get(name)) for name in given.only},
    }
    print(json.dumps({key: value for key, value in record.items() if key != "rivals"}, indent=1))
    print(table(record))
    if given.output is not None:
        given.output.write_text(json.dumps(record, indent=1) + "\n")


def _row(articles: int, costs: list[Cost | None], scores: dict[str, Any] | None) -> dict[str, Any] | None:
    done = [cost for cost in costs if cost is not None]
    if len(done) < len(costs) or scores is None:
        return None
    cost = Cost.median(done)
    return {
        "articles_per_second": articles / cost.wall,
        "wall": cost.wall,
        "cpu": cost.cpu,
        "peak": cost.peak,
        "scores": scores,
    }


if __name__ == "__main__":
    main()
