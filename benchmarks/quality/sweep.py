"""Sweep the settings around their defaults, on training data, and print what each value costs and gives.

::

    python benchmarks/quality/sweep.py -o sweep.json > benchmarks/quality/sweep.md
    python benchmarks/quality/sweep.py --only bands rows --seeds 1 --stories 50 --no-pan

One setting is changed at a time, then a few pairs that hang together. The PAN pairs are compared one by one
whether or not banding would propose them, so settings that only propose candidates leave their figure as it
is, and are not measured there. Settings run side by side in processes, one thread each: the seconds are those
of a single core that may be shared.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from run import PAN, Measured, measure_pan, measure_wire

from dedup.settings import Settings

Change = dict[str, Any]

#: The values that are tried, the defaults aside.
VALUES: dict[str, tuple[Any, ...]] = {
    "shingle_words": (2, 4, 5),
    "passage_words": (16, 32, 48, 96),
    "bands": (8, 12, 16, 28, 40),
    "rows": (1, 3, 4),
    "max_bucket": (16, 256),
    "common_articles": (10, 25, 200),
    "standing_articles": (3, 10),
    "standing_share": (0.1, 0.5),
    "seed_words": (3, 5, 6),
    "max_gap": (6, 12, 16, 32, 48),
    "min_words": (6, 8, 12, 15),
    "min_overlap_words": (10, 15, 25, 30),
    "min_similarity": (0.2, 0.3, 0.5, 0.6),
    "most_share": (0.55, 0.75),
    "min_unquoted_words": (6, 8, 12, 15),
}
PAIRS: tuple[Change, ...] = (
    {"rows": 1, "bands": 8},
    {"rows": 3, "bands": 40},
    {"rows": 3, "bands": 60},
    {"shingle_words": 4, "bands": 40},
    {"passage_words": 48, "bands": 40},
    {"passage_words": 48, "shingle_words": 4},
    {"seed_words": 3, "max_gap": 16},
    {"seed_words": 5, "max_gap": 32},
    {"min_words": 8, "min_overlap_words": 15},
    {"min_words": 12, "min_overlap_words": 25},
)
#: What changes the alignment of a pair that is given; everything else only proposes or names pairs.
ALIGNING = frozenset({"seed_words", "max_gap", "min_words", "min_overlap_words", "min_similarity"})
RATES = ("0 %", "5 %", "10 %", "20 %", "30 %")
SHARES = ("under 15 %", "15 to 30 %", "30 to 60 %", "60 % and more")
EXTENTS = ("copy", "excerpt", "partial")


@dataclass(frozen=True)
class Row:
    """What one change of the settings gives: means over the wire corpora."""

    change: Change
    pan: float | None
    plagdet: dict[str, float]
    recall: dict[str, float]
    precision: float
    quotation: float
    extent: float
    stories: float
    candidates: float
    seconds: float


@dataclass(frozen=True)
class Data:
    """What is measured on."""

    pan: Path | None
    seeds: tuple[int, ...]
    stories: int


def changes(only: Iterable[str] | None) -> list[Change]:
    """The defaults, each value of each setting, and the pairs; `only` some settings."""
    wanted = set(VALUES if only is None else only)
    single = [{name: value} for name, values in VALUES.items() if name in wanted for value in values]
    return [{}, *single, *(pair for pair in PAIRS if wanted.issuperset(pair))]


def measure(change: Change, data: Data) -> tuple[Row, list[Measured]]:
    """One row of the table."""
    settings = replace(Settings(), **change)
    wire = [measure_wire(seed, data.stories, settings, threads=1) for seed in data.seeds]
    touches_pan = not change or not ALIGNING.isdisjoint(change)
    pan = [measure_pan(data.pan, settings)] if data.pan and touches_pan else []
    scores = [entry.evaluation for entry in wire]
    articles = sum(entry.articles or 0 for entry in wire)
    row = Row(
        change=change,
        pan=pan[0].evaluation.passages.plagdet if pan else None,
        plagdet={name: _mean(s.passages_by_edit_rate[name].plagdet for s in scores) for name in RATES},
        recall={name: _mean(s.pairs.by_share[name].recall for s in scores) for name in SHARES},
        precision=_mean(s.pairs.precision for s in scores),
        quotation=_mean(s.pairs.relations["quotation"].f1 for s in scores),
        extent=_mean(s.pairs.relations[name].f1 for s in scores for name in EXTENTS),
        stories=_mean(s.stories.adjusted_rand for s in scores if s.stories is not None),
        candidates=sum(entry.candidates or 0 for entry in wire) / max(articles, 1),
        seconds=sum(entry.seconds for entry in wire),
    )
    return row, [*pan, *wire]


def _mean(values: Iterable[float]) -> float:
    numbers = list(values)
    return sum(numbers) / len(numbers) if numbers else float("nan")


def sweep(wanted: Sequence[Change], data: Data, processes: int) -> tuple[list[Row], list[Measured]]:
    """All rows, and the measurements of the defaults."""
    # Kernels are compiled once, before anything is timed.
    _warm_up()
    # A fresh process: a fork of one that has threads may hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_warm_up) as pool:
        waiting = [pool.submit(measure, change, data) for change in wanted]
        done = []
        for number, future in enumerate(waiting, start=1):
            done.append(future.result())
            sys.stderr.write(f"\r{number} of {len(waiting)}")
            sys.stderr.flush()
    sys.stderr.write("\n")
    return [row for row, _ in done], done[0][1]


def _warm_up() -> None:
    measure_wire(0, 4, Settings(), threads=1)


def markdown(rows: Sequence[Row], measured: Sequence[Measured], command: str) -> str:
    """The table, under the command and the digests of its data."""
    lines = ["# What the settings do", "", f"    {command}", ""]
    lines += [f"- {entry.name}: data {entry.digest}" for entry in measured]
    lines += [f"- defaults: settings {Settings().fingerprint()}", "", _LEGEND, ""]
    header = ["change", "PAN", *RATES, *SHARES, "precision", "quotation", "extent", "stories"]
    header += ["candidates", "seconds"]
    lines += [_line(header), _line(["---", *["---:"] * (len(header) - 1)])]
    lines += [_line(_cells(row)) for row in rows]
    return "\n".join(lines) + "\n"


_LEGEND = f"""\
Columns: plagdet on PAN; plagdet on wire text by the share of words changed; recall of pairs by the larger
share of an article that they share; precision of pairs; F1 of the relation quotation, and the mean
of those of copy, excerpt and partial; adjusted Rand index of the stories; candidate pairs an article; seconds
on one core. A dash: the setting does not touch it.

The defaults, which the first row measures:
{", ".join(f"`{name}` {getattr(Settings(), name)}" for name in VALUES)}."""


def _cells(row: Row) -> list[str]:
    change = ", ".join(f"`{name}` {value}" for name, value in row.change.items()) or "**defaults**"
    named = (row.precision, row.quotation, row.extent, row.stories)
    shares = [row.pan, *row.plagdet.values(), *row.recall.values(), *named]
    return [change, *map(_share, shares), f"{row.candidates:.2f}", f"{row.seconds:.1f}"]


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pan", type=Path, default=PAN, help="folder of the PAN pairs")
    parser.add_argument("--no-pan", action="store_true", help="leave the PAN pairs out")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2], help="seeds of wire corpora")
    parser.add_argument("--stories", type=int, default=150)
    parser.add_argument("--only", nargs="+", choices=list(VALUES), metavar="SETTING", help="some settings")
    parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("-o", "--output", type=Path, help="JSON file")
    options = parser.parse_args(arguments)
    pan = None if options.no_pan else options.pan
    if pan is not None and not pan.is_dir():
        sys.stderr.write(f"skipped: no folder {pan} with the PAN pairs (--pan DIR)\n")
        pan = None
    data = Data(pan, tuple(options.seeds), options.stories)
    rows, measured = sweep(changes(options.only), data, options.processes)
    if options.output is not None:
        _write(options.output, rows, measured)
    # Where the PAN pairs lie and where the JSON goes does not change the table.
    given = [f"--seeds {' '.join(map(str, options.seeds))}", f"--stories {options.stories}"]
    given += ["--no-pan"] if pan is None else []
    given += [f"--only {' '.join(options.only)}"] if options.only else []
    sys.stdout.write(markdown(rows, measured, f"python benchmarks/quality/sweep.py {' '.join(given)}"))
    return 0


def _write(path: Path, rows: Sequence[Row], measured: Sequence[Measured]) -> None:
    report = {
        "settings": Settings().fingerprint(),
        "data": {entry.name: entry.digest for entry in measured},
        "rows": [vars(row) for row in rows],
    }
    beside = path.with_name(path.name + ".part")
    beside.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    beside.replace(path)


if __name__ == "__main__":
    raise SystemExit(main())
