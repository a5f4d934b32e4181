"""Measure other values of a threshold of ``dedup/thresholds.py`` on training data.

::

    python benchmarks/quality/thresholds.py LEAST_SEEDS 2 3 5
    python benchmarks/quality/thresholds.py GAP_WORD 0.06 0.12 0.24 --stories 100

Kernels are compiled with a threshold's value inside, so each value gets a copy of the package with kernels of
its own, compiled there: a minute or two per value. The value in force is measured as well. Training data are
the generated wire copy of seed 1, which no floor stands on, and PAN's pairs where they are.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table
from run import PAN, measure_pan, measure_wire

from dedup.settings import Settings
from dedup.thresholds import thresholds

ROOT = Path(__file__).resolve().parents[2]
SEED = 1
#: What is shown of the wire copy, and from where in the evaluation it comes.
MEASURES = ("PAN", "plagdet", "30 % edits", "precision", "recall", "under 15 %", "quotation", "stories")


def changed(source: str, name: str, value: str) -> str:
    """The text of ``thresholds.py`` with another value of one threshold.

    Examples
    --------
    >>> changed("A, B = 1, 0.5\\n", "B", "0.7")
    'A, B = 1, 0.7\\n'
    """
    lines = source.splitlines(keepends=True)
    for number, line in enumerate(lines):
        names, _, values = line.partition(" = ")
        held = names.split(", ")
        if name in held and re.fullmatch(r"[A-Z_, ]+", names):
            parts = values.strip().split(", ")
            parts[held.index(name)] = value
            lines[number] = f"{names} = {', '.join(parts)}\n"
            return "".join(lines)
    raise SystemExit(f"thresholds.py: no threshold {name!r}; there are {', '.join(sorted(thresholds()))}")


def measured(name: str, value: str, options: argparse.Namespace) -> dict[str, float]:
    """The measures with one value, taken by a process of its own over a changed copy of the package."""
    with TemporaryDirectory(prefix="thresholds-") as folder:
        copy = Path(folder) / "dedup"
        shutil.copytree(ROOT / "dedup", copy, ignore=shutil.ignore_patterns("__pycache__"))
        path = copy / "thresholds.py"
        path.write_text(changed(path.read_text(encoding="utf-8"), name, value), encoding="utf-8")
        (copy / "__pycache__").mkdir()
        command = [sys.executable, __file__, "--measure", "--stories", str(options.stories)]
        if options.pan:
            command += ["--pan", str(options.pan)]
        paths = os.pathsep.join([folder, str(Path(__file__).parent)])
        run = subprocess.run(
            command, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=False
        )
        if run.returncode:
            raise SystemExit(run.stderr)
        found: dict[str, float] = json.loads(run.stdout)
        return found


def measures(stories: int, pan: Path | None) -> dict[str, float]:
    """The measures with the thresholds in force."""
    scores = measure_wire(SEED, stories, Settings()).evaluation
    out = {
        "plagdet": scores.passages.plagdet,
        "30 % edits": scores.passages_by_edit_rate["30 %"].plagdet,
        "precision": scores.pairs.precision,
        "recall": scores.pairs.recall,
        "under 15 %": scores.pairs.by_share["under 15 %"].recall,
        "quotation": scores.pairs.relations["quotation"].f1,
    }
    if scores.stories is not None:
        out["stories"] = scores.stories.adjusted_rand
    if pan is not None:
        out["PAN"] = measure_pan(pan, Settings()).evaluation.passages.plagdet
    return out


def table(name: str, rows: Sequence[tuple[str, dict[str, float]]]) -> Table:
    """The values and their measures for people."""
    shown = [measure for measure in MEASURES if any(measure in found for _, found in rows)]
    out = Table(name, *shown, box=None, pad_edge=False)
    for value, found in rows:
        out.add_row(value, *(f"{found[measure]:.4f}" if measure in found else "–" for measure in shown))
    return out


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("name", nargs="?", help="the threshold")
    parser.add_argument("values", nargs="*", help="the values that are tried besides the one in force")
    parser.add_argument("--stories", type=int, default=200, help="stories of the wire copy")
    parser.add_argument("--pan", type=Path, default=PAN if PAN.is_dir() else None, help="PAN's pairs")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.measure:
        json.dump(measures(options.stories, options.pan), sys.stdout)
        return 0
    if options.name is None or not options.values:
        parser.error("name a threshold and the values to try")
    found: dict[str, Any] = {}
    for value in dict.fromkeys([f"{thresholds().get(options.name, 0):g}", *options.values]):
        found[value] = measured(options.name, value, options)
        sys.stderr.write(f"{options.name} = {value}: measured\n")
    Console(width=None if sys.stdout.isatty() else 120).print(table(options.name, list(found.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
