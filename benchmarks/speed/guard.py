"""The regression guard: no stage may lose more than 15 % against fixed work that is done beside it.

    python benchmarks/speed/guard.py            compare with benchmarks/baseline.json; exit 1 on a loss
    python benchmarks/speed/guard.py --update   pin what this machine measures now

A small corpus goes through each stage (stages.py) on one core, in turn with the kernels of reference.py. What
counts is the ratio of the best processor times: a neighbour or a slower clock hits both. The limit is
the pinned ratio, plus 15 %, plus the noise that was measured when it was pinned. A stage over its limit is
measured again, up to five times and as long as there is time, and its best ratio counts: noise only adds.
Pin on a quiet machine; what is pinned holds for processors of its kind, and each kind has pins of its own. On
one that has none, or where others took a good part of the machine meanwhile, a loss is said and not judged:
exit 0.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from measuring import THREAD_VARIABLES, machine, taken_by_others

if __name__ == "__main__":  # before the libraries are imported: they read it once
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, "1"))

from corpus import write
from press import Press
from reference import references
from stages import WHOLE, Bench
from stories import plan

BASELINE = Path(__file__).parents[1] / "baseline.json"
LOSS, ATTEMPTS, ROUNDS, ARTICLES = 0.15, 5, 8, 1000
#: No attempt starts later than this.
BUDGET_SECONDS = 40.0
#: Processors that others may keep busy beside the guard, on average: more, and the caches are not ours.
OTHERS = 0.3
#: A stage shorter than this is run several times a round.
LEAST_SECONDS = 0.03
SIGNING = "signatures of texts"
#: What is guarded, and the work of its kind.
AGAINST = {
    "reading JSON lines": "walk",
    "tokens": "walk",
    SIGNING: "minima",
    "credits": "walk",
    "background, learned": "minima",
    "signatures of passages": "minima",
    "band keys": "minima",
    "join of the bands": "minima",
    "alignment": "walk",
    "similarity of passages": "walk",
    "writing JSON lines": "walk",
    WHOLE: "walk",
}
Work = dict[str, Callable[[], object]]


def guarded(folder: Path) -> Work:
    """The guarded stages over a small corpus, each run once already."""
    from dedup.lsh.minhash import sign_texts

    write(Press(plan(ARTICLES, 1)), folder)
    bench = Bench(folder, folder)
    work = {stage.name: stage.run for stage in bench.stages() if stage.name in AGAINST}
    texts = [batch.column("text") for batch in bench.batches]
    work[SIGNING] = lambda: [sign_texts(column) for column in texts]
    for run in work.values():
        run()
    return work


def best_seconds(work: Work, rounds: int) -> dict[str, float]:
    """The least processor time of each piece of work, over interleaved rounds."""
    best = dict.fromkeys(work, float("inf"))
    for _ in range(rounds):
        for name, run in work.items():
            spent = 0.0
            while spent < LEAST_SECONDS:
                began = time.process_time()
                run()
                taken = max(time.process_time() - began, 1e-6)
                best[name] = min(best[name], taken)
                spent += taken
    return best


def ratios(stages: Work, kernels: Work, rounds: int = ROUNDS) -> dict[str, float]:
    """Each stage's time over that of the fixed work of its kind."""
    best = best_seconds({**kernels, **stages}, rounds)
    return {name: best[name] / best[AGAINST[name]] for name in stages}


def pinned(measured: list[dict[str, float]]) -> dict[str, Any]:
    """What goes into the baseline: the best of several measurements, and how far the second best is from it.

    The best is what `judge` compares, too. Noise only adds: under a load of 7 on 2 cores single ratios
    strayed by up to 20 % from their median, the second best of 6 by a few per cent from the best.
    """
    stages = {}
    for name in measured[0]:
        best, second = sorted(one[name] for one in measured)[:2]
        noise = round(second / best - 1, 3)
        stages[name] = {"against": AGAINST[name], "noise": noise, "ratio": round(best, 4)}
    return {"articles": ARTICLES, "stages": stages}


def limits(baseline: dict[str, Any], loss: float = LOSS) -> dict[str, float]:
    """The ratio that each pinned stage must keep under."""
    return {name: stage["ratio"] * (1 + loss + stage["noise"]) for name, stage in baseline["stages"].items()}


def judge(measure: Callable[[], dict[str, float]], limit: dict[str, float]) -> dict[str, float]:
    """Measure until every stage keeps its limit, or `ATTEMPTS` times; the best ratio of each stage."""
    best: dict[str, float] = {}
    began = time.monotonic()
    for attempt in range(ATTEMPTS):
        if attempt and time.monotonic() - began > BUDGET_SECONDS:
            break
        now = measure()
        best = {name: min(ratio, best.get(name, ratio)) for name, ratio in now.items()}
        if all(ratio <= limit.get(name, ratio) for name, ratio in best.items()):
            break
    return best


def read_baseline(path: Path) -> dict[str, Any]:
    """The whole baseline: an object with a key for each kind of benchmark; empty where there is no file."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def pin(path: Path, processor: str, pins: dict[str, Any]) -> None:
    """Put the pins of a processor into the baseline, and leave all else alone."""
    whole = read_baseline(path)
    whole["speed"] = whole.get("speed", {}) | {processor: pins}
    path.write_text(json.dumps(whole, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def table(best: dict[str, float], baseline: dict[str, Any], limit: dict[str, float]) -> str:
    """The verdicts for people."""
    lines = [f"{'':24}{'against':>9}{'ratio':>9}{'pinned':>9}{'limit':>9}{'change':>9}"]
    for name, ratio in best.items():
        stage = baseline["stages"].get(name)
        if stage is None:
            lines.append(f"{name:24}{AGAINST[name]:>9}{ratio:>9.3f}   not pinned")
            continue
        lines.append(
            f"{name:24}{stage['against']:>9}{ratio:>9.3f}{stage['ratio']:>9.3f}{limit[name]:>9.3f}"
            f"{ratio / stage['ratio'] - 1:>+9.0%}{'   SLOWER' if ratio > limit[name] else ''}"
        )
    return "\n".join(lines)


def losses(best: dict[str, float], limit: dict[str, float]) -> list[str]:
    """Which stages have become slower, in words."""
    return [
        f"{name} takes {best[name] / limit[name] - 1:.0%} more than its limit"
        for name in best
        if best[name] > limit.get(name, best[name])
    ]


def amiss(best: dict[str, float], limit: dict[str, float]) -> list[str]:
    """Where the pins are not those of what is measured, in words."""
    gone = [f"{name} is pinned and no longer measured; pin anew" for name in limit if name not in best]
    new = [f"{name} is not pinned; pin it" for name in best if name not in limit]
    return gone + new


def unfit(processor: str, pinned_on: str, others: float | None) -> str | None:
    """Why a loss that was measured here says nothing; None where it does.

    Parameters
    ----------
    processor, pinned_on : str
        This one, and that of the pins.
    others : float, optional
        Processors that others kept busy meanwhile, on average, where that is known.
    """
    if processor != pinned_on:
        return f"pinned on {pinned_on}, measured on {processor}; pin this one too: guard.py --update"
    if others is not None and others > OTHERS:
        return f"others kept {others:.1f} processors busy meanwhile"
    return None


def main() -> int:
    """Pin, or compare with what is pinned."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--update", action="store_true", help="pin what is measured now")
    parser.add_argument("--loss", type=float, default=LOSS, metavar="SHARE", help="default 0.15")
    parser.add_argument("--baseline", type=Path, default=BASELINE, metavar="FILE", help=f"default {BASELINE}")
    given = parser.parse_args()
    processor: str = machine()["processor"]
    pins: dict[str, Any] = read_baseline(given.baseline).get("speed", {})
    if not pins and not given.update:
        print(f"{given.baseline} pins no speed; pin it: guard.py --update", file=sys.stderr)
        return 1
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with TemporaryDirectory() as folder:
        stages, kernels = guarded(Path(folder)), references()
        if given.update:
            fresh = pinned([ratios(stages, kernels) for _ in range(ATTEMPTS)])
            pin(given.baseline, processor, fresh)
            print(json.dumps(fresh, indent=2, sort_keys=True))
            return 0
        pinned_on = processor if processor in pins else min(pins)
        speed = pins[pinned_on]
        limit = limits(speed, given.loss)
        began, before = time.monotonic(), taken_by_others()
        best = judge(lambda: ratios(stages, kernels), limit)
        after, seconds = taken_by_others(), time.monotonic() - began
    print(table(best, speed, limit))
    others = None if before is None or after is None else (after - before) / seconds
    reason = unfit(processor, pinned_on, others)
    wrong, slower = amiss(best, limit), losses(best, limit)
    for line in wrong + slower:
        print(line, file=sys.stderr)
    if slower and reason:
        print(f"not judged: {reason}", file=sys.stderr)
    return 1 if wrong or (slower and not reason) else 0


if __name__ == "__main__":
    sys.exit(main())
