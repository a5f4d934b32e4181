"""Where the time of one scan goes, and how many candidate pairs the settings propose.

    python benchmarks/speed/breakdown.py DIR [--parquet] [--memory 4] [--set common_share=0.0005 …]

DIR is what corpus.py wrote. One scan within this process, to JSON lines in a temporary directory: wall and
processor seconds from the first progress of each stage to that of the next ("sketching" holds the join of the
bands, which reports its end), and the candidate pairs an article, with those that share something.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from score import Truth, read_result, score

import dedup.detector
from dedup.lsh.candidates import CandidatePairs
from dedup.reading import read_batches
from dedup.reporting.formats import write
from dedup.settings import Settings


class Watch:
    """The stages as they come, each with the clock and the processor time at which it began."""

    def __init__(self) -> None:
        self.marks: list[tuple[str, float, float]] = []
        self.candidates = 0

    def mark(self, stage: str, done: int = 0, total: int | None = None) -> None:
        """A stage is at work."""
        if not self.marks or self.marks[-1][0] != stage:
            used = resource.getrusage(resource.RUSAGE_SELF)
            self.marks.append((stage, time.perf_counter(), used.ru_utime + used.ru_stime))

    def joined(self, *arguments: Any, **options: Any) -> CandidatePairs:
        """The join of the bands, counted."""
        pairs = _JOIN(*arguments, **options)
        self.candidates = len(pairs.a)
        return pairs

    def seconds(self) -> dict[str, dict[str, float]]:
        """Wall and processor seconds of each stage."""
        return {
            stage: {"wall": round(after - clock, 2), "processor": round(used_after - used, 2)}
            for (stage, clock, used), (_, after, used_after) in zip(
                self.marks[:-1], self.marks[1:], strict=True
            )
        }


_JOIN = dedup.detector.join


def measure(corpus: Path, settings: Settings, *, parquet: bool, memory: int | None) -> dict[str, Any]:
    """One scan, taken apart."""
    watch = Watch()
    watch.mark("starting")
    articles = read_batches([corpus / ("articles.parquet" if parquet else "articles.jsonl")])
    with TemporaryDirectory() as folder, patch.object(dedup.detector, "join", watch.joined):
        report = dedup.detector.find_overlaps(articles, settings, memory=memory, progress=watch.mark)
        watch.mark("writing")
        result = Path(folder) / "result.jsonl"
        write(report, "jsonl", result)
        watch.mark("end")
        found = score(Truth.read(corpus / "truth.parquet"), read_result(result))
    count = report.summary.articles
    return {
        "articles": count,
        "seconds": watch.seconds(),
        "wall": round(watch.marks[-1][1] - watch.marks[0][1], 1),
        "candidates_an_article": round(watch.candidates / count, 2),
        "overlaps_an_article": round(report.summary.overlaps / count, 2),
        "recall": {name: round(each["recall"], 4) for name, each in found["targets"].items()},
    }


def main() -> None:
    """Read the options, scan, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path, metavar="DIR", help="what corpus.py wrote")
    parser.add_argument("--parquet", action="store_true", help="read DIR/articles.parquet")
    parser.add_argument("--memory", type=float, metavar="GIB", help="as for dedup scan")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting")
    given = parser.parse_args()
    kinds = {field.name: type(field.default) for field in fields(Settings)}
    changes = {name: kinds[name](value) for name, _, value in (each.partition("=") for each in given.set)}
    memory = None if given.memory is None else int(given.memory * 2**30)
    found = measure(given.corpus, Settings(**changes), parquet=given.parquet, memory=memory)
    print(json.dumps({"settings": changes, **found}, indent=1))


if __name__ == "__main__":
    main()
