"""The whole `dedup scan` as a process, from the articles' file to the written result.

    python benchmarks/speed/scan.py --articles 100000 [--runs 3] [--threads 2] [--format jsonl] [-o FILE]
    python benchmarks/speed/scan.py --corpus DIR …

Generates the corpus first (corpus.py), unless --corpus names one. Prints medians of wall and processor time,
the throughput, the peak resident memory and the scores against the truth (score.py). What follows `--` goes
to `dedup scan`. The first run on a machine compiles the kernels: one over a few articles is made, unmeasured.
"""

from __future__ import annotations

import argparse
import json
import sys
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from corpus import write
from measuring import Cost, machine, run, versions
from press import Press
from score import Truth, read_result, score, table
from stories import plan

FORMATS = ("jsonl", "parquet", "csv")


def command(articles: Path, result: Path, threads: int, more: list[str]) -> list[str]:
    """The command line that is measured."""
    scan = [sys.executable, "-m", "dedup", "scan", str(articles), "-o", str(result)]
    return [*scan, "--threads", str(threads), *more]


def warm(articles: Path, folder: Path, threads: int, more: list[str]) -> None:
    """Let the kernels be compiled and cached."""
    few = folder / "few.jsonl"
    with articles.with_name("articles.jsonl").open("rb") as lines:
        few.write_bytes(b"".join(islice(lines, 1000)))
    run(command(few, folder / "few.out.jsonl", threads, more), threads=threads)


def main() -> None:
    """Read the options, run, print the measures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=100_000, help="default 100000")
    parser.add_argument("--seed", type=int, default=1, help="of the corpus; default 1")
    parser.add_argument(
        "--corpus", type=Path, metavar="DIR", help="what corpus.py wrote, instead of a new one"
    )
    parser.add_argument("--from-parquet", action="store_true", help="read DIR/articles.parquet")
    parser.add_argument("--format", choices=FORMATS, default="jsonl", help="of the result; default jsonl")
    parser.add_argument("--runs", type=int, default=3, help="default 3")
    parser.add_argument("--threads", type=int, default=2, help="default 2")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the measures as JSON")
    parser.add_argument("more", nargs="*", help="options of `dedup scan`, after --")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        record = measure(given, Path(folder))
    print(json.dumps({key: value for key, value in record.items() if key != "scores"}, indent=1))
    print(table(record["scores"]))
    if given.output is not None:
        given.output.write_text(json.dumps(record, indent=1) + "\n")


def measure(given: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Run `dedup scan` as the options say; return the measures."""
    corpus = given.corpus
    if corpus is None:
        corpus = folder / "corpus"
        write(Press(plan(given.articles, given.seed)), corpus, parquet=given.from_parquet)
    articles = corpus / ("articles.parquet" if given.from_parquet else "articles.jsonl")
    result = folder / f"result.{given.format}"
    warm(articles, folder, given.threads, given.more)
    scan = command(articles, result, given.threads, given.more)
    costs = [run(scan, threads=given.threads) for _ in range(given.runs)]
    cost = Cost.median(costs)
    with (corpus / "articles.jsonl").open("rb") as lines:
        count = sum(1 for _ in lines)
    return {
        "machine": machine(),
        "versions": versions("dedup-news", "numba", "numpy", "pyarrow"),
        "command": " ".join(["dedup", *scan[3:]]),
        "articles": count,
        "input_bytes": articles.stat().st_size,
        "runs": given.runs,
        "wall_seconds": round(cost.wall, 2),
        "cpu_seconds": round(cost.cpu, 2),
        "articles_per_second": round(count / cost.wall),
        "peak_mebibytes": round(cost.peak / 2**20),
        "scores": score(Truth.read(corpus / "truth.parquet"), read_result(result)),
    }


if __name__ == "__main__":
    main()
