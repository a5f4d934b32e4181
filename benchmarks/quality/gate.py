"""Hold measured quality to the floors in ``benchmarks/baseline.json``.

::

    python benchmarks/quality/gate.py             fails where a measure is worse than its floor
    python benchmarks/quality/gate.py --quick     on the seeds and one wire corpus only
    python benchmarks/quality/gate.py --update    writes floors that have risen, and those of new measures
    python benchmarks/quality/gate.py --lower     writes what is worse as well, and floors for changed data

A floor stands with the digest of the data that it was measured on. On other data it says nothing, so a digest
that differs is an error. The settings' fingerprint in the file is for the reader: settings may change, if the
floors hold. Exit codes: 0 every floor holds, 1 one does not or its data changed, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from claims import Claims, measure_credits, measure_forms, measure_pairs, measure_stories
from kinds import measure_kinds, measure_lines
from rich.console import Console
from rich.table import Table
from run import PAN, Measured, measure_pan, measure_wire, wire_data

from dedup.detector import find_overlaps
from dedup.evaluation.gold import labels_of, read_labels
from dedup.evaluation.measures import Evaluation, evaluate
from dedup.reading import read_batches
from dedup.settings import Settings

ROOT = Path(__file__).parents[2]
BASELINE = ROOT / "benchmarks" / "baseline.json"
#: Wire corpora that no setting was tuned on; the first is the quick one.
WIRE_SEEDS = (101, 102)
WIRE_STORIES = 300
#: Stories of the corpus into which digests are put.
DIGEST_STORIES = 120
#: A measure may be so much worse than its floor before the gate closes.
TOLERANCE = 0.002
LOW_IS_GOOD = ("granularity", "false alarms", "lines of sites: false alarms")

Verdict = Literal["holds", "risen", "new", "FALLEN", "GONE", "DATA CHANGED"]
FAILING: tuple[Verdict, ...] = ("FALLEN", "GONE", "DATA CHANGED")


@dataclass(frozen=True)
class Pinned:
    """What is known of one data set: its digest, and its measures by name."""

    digest: str
    measures: Mapping[str, float]


@dataclass(frozen=True)
class Held:
    """One measure against its floor."""

    data: str
    measure: str
    floor: float | None
    now: float | None
    verdict: Verdict


def measured_sets(pan: Path, settings: Settings, *, quick: bool) -> Iterator[Measured | Claims]:
    """Measure one data set after the other."""
    yield measure_seeds(ROOT / "seeds", settings)
    for seed in WIRE_SEEDS[:1] if quick else WIRE_SEEDS:
        yield measure_wire(seed, WIRE_STORIES, settings)
    for seed in WIRE_SEEDS[:1]:
        yield measure_forms(seed, settings)
        data = wire_data(seed, DIGEST_STORIES, (0.0, 0.1, 0.3))
        yield measure_stories(
            f"wire, seed {seed}, {DIGEST_STORIES} stories", data.articles, data.gold, settings
        )
        yield measure_lines(f"wire, seed {seed}, {DIGEST_STORIES} stories", data.articles, settings)
    yield measure_kinds(settings)
    if quick:
        return
    labelled = measure_credits(pan.parent)
    if labelled is not None:
        yield labelled
    pairs = measure_pairs(pan.parent, settings)
    if pairs is not None:
        yield pairs
    if pan.is_dir():
        yield measure_pan(pan, settings)
    else:
        sys.stderr.write(
            f"skipped: no folder {pan} with the PAN pairs (--pan DIR); their floors stay unasked\n"
        )


def measure_seeds(folder: Path, settings: Settings) -> Measured:
    """Scan the sample articles, all with all, and compare with what a reader marked in them."""
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(folder.iterdir()):
        if path.suffix in (".txt", ".csv", ".jsonl"):
            digest.update(f"{path.name} {path.stat().st_size}\n".encode() + path.read_bytes())
    began = time.perf_counter()
    report = find_overlaps(read_batches([folder]), replace(settings, scope="all"))
    scores = evaluate(read_labels(folder / "gold.jsonl"), labels_of(report))
    return Measured("seeds", digest.hexdigest(), time.perf_counter() - began, scores)


def measures_of(scores: Evaluation) -> dict[str, float]:
    """The measures that are held."""
    pairs = scores.pairs
    out = {
        "plagdet": scores.passages.plagdet,
        "granularity": scores.passages.granularity,
        "plagdet, pieces": scores.pieces.plagdet,
        "pair precision": pairs.precision,
        "pair recall": pairs.recall,
        "false alarms": float(sum(pairs.false_alarms.values())),
    }
    out |= {f"plagdet, edits {name}": s.plagdet for name, s in scores.passages_by_edit_rate.items()}
    out |= {f"pair recall, share {name}": found.recall for name, found in pairs.by_share.items()}
    out |= {f"pair recall, edits {name}": found.recall for name, found in pairs.by_edit_rate.items()}
    if "quotation" in pairs.relations:
        out["quotation F1"] = pairs.relations["quotation"].f1
    if scores.stories is not None:
        out["stories: adjusted Rand"] = scores.stories.adjusted_rand
    # Rounded as it is written, so that what was just pinned holds to the last digit.
    return {name: round(value, 4) for name, value in out.items()}


def judge(data: str, floor: Pinned | None, now: Pinned) -> list[Held]:
    """Each measure of a data set against its floor.

    Examples
    --------
    >>> judge("x", Pinned("d", {"plagdet": 0.95}), Pinned("d", {"plagdet": 0.9}))[0].verdict
    'FALLEN'
    """
    floors = floor.measures if floor is not None else {}
    changed = floor is not None and floor.digest != now.digest
    return [
        Held(data, name, floors.get(name), now.measures.get(name), _verdict(name, floors, now, changed))
        for name in dict.fromkeys([*now.measures, *floors])
    ]


def _verdict(name: str, floors: Mapping[str, float], now: Pinned, changed: bool) -> Verdict:
    if changed:
        return "DATA CHANGED"
    if name not in now.measures:
        return "GONE"
    if name not in floors:
        return "new"
    better = now.measures[name] - floors[name]
    if name in LOW_IS_GOOD:
        better = -better
    return "FALLEN" if better < -TOLERANCE else "risen" if better > 0 else "holds"


def repinned(floor: Pinned | None, now: Pinned, held: Sequence[Held], *, lower: bool) -> Pinned:
    """The floors of one data set as they are to be written."""
    if lower or floor is None:
        return now
    if any(line.verdict == "DATA CHANGED" for line in held):
        return floor
    rises = {line.measure: line.now for line in held if line.verdict in ("risen", "new")}
    return Pinned(floor.digest, {**floor.measures, **{k: v for k, v in rises.items() if v is not None}})


def read_baseline(path: Path) -> dict[str, Pinned]:
    """The floors of each data set; none where the file is missing."""
    if not path.exists():
        return {}
    record = json.loads(path.read_text(encoding="utf-8")).get("quality", {"data": {}})
    return {name: Pinned(entry["digest"], entry["measures"]) for name, entry in record["data"].items()}


def write_baseline(path: Path, floors: Mapping[str, Pinned], settings: Settings) -> None:
    """Write the floors, and leave what other benchmarks keep in the file alone."""
    whole = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    data: dict[str, Any] = {name: asdict(pinned) for name, pinned in floors.items()}
    whole["quality"] = {"settings": settings.fingerprint(), "tolerance": TOLERANCE, "data": data}
    beside = path.with_name(path.name + ".part")
    beside.write_text(json.dumps(whole, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    beside.replace(path)


def table(held: Sequence[Held]) -> Table:
    """The verdicts for people."""
    out = Table("data", "measure", box=None, pad_edge=False)
    for name in ("floor", "now"):
        out.add_column(name, justify="right")
    out.add_column("verdict")
    before = None
    for line in held:
        data = "" if line.data == before else line.data
        style = "bold red" if line.verdict in FAILING else ""
        out.add_row(data, line.measure, _number(line.floor), _number(line.now), line.verdict, style=style)
        before = line.data
    return out


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="the seeds and one wire corpus only")
    parser.add_argument("--update", action="store_true", help="write floors that have risen, and new ones")
    parser.add_argument("--lower", action="store_true", help="write what is worse, too, or was measured anew")
    parser.add_argument("--pan", type=Path, default=PAN, help="folder of the PAN pairs")
    parser.add_argument("--baseline", type=Path, default=BASELINE, help="file of the floors")
    options = parser.parse_args(arguments)
    settings = Settings()
    floors = read_baseline(options.baseline)
    unasked = set() if options.quick else {name for name in floors if not name.startswith(("PAN", "credits"))}
    held: list[Held] = []
    for entry in measured_sets(options.pan, settings, quick=options.quick):
        measures = entry.measures if isinstance(entry, Claims) else measures_of(entry.evaluation)
        now = Pinned(entry.digest, measures)
        lines = judge(entry.name, floors.get(entry.name), now)
        pinned = repinned(floors.get(entry.name), now, lines, lower=options.lower)
        floors[entry.name] = pinned
        held += lines
        unasked.discard(entry.name)
    for name in sorted(unasked):
        held += judge(name, floors[name], Pinned(floors[name].digest, {}))
        if options.lower:
            del floors[name]
    Console(width=None if sys.stdout.isatty() else 120).print(table(held))
    if options.update or options.lower:
        write_baseline(options.baseline, floors, settings)
        sys.stdout.write(f"\nwritten: {options.baseline}\n")
    return _verdict_of_all(held, lowered=options.lower)


def _verdict_of_all(held: Sequence[Held], *, lowered: bool) -> int:
    failing = [] if lowered else [line for line in held if line.verdict in FAILING]
    if any(line.verdict == "DATA CHANGED" for line in failing):
        sys.stderr.write(
            "the data changed since the floors were measured; look at it, then pin with --lower\n"
        )
    if any(line.verdict != "DATA CHANGED" for line in failing):
        sys.stderr.write(f"worse than the floor by more than {TOLERANCE}; --lower accepts it\n")
    sys.stdout.write(f"\n{len(held)} measures, {len(failing)} below their floor\n")
    return 1 if failing else 0


if __name__ == "__main__":
    raise SystemExit(main())
