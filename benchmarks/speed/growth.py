"""How the cost of a scan grows with the corpus: whole scans as processes, from 10,000 to 1,000,000 articles.

    python benchmarks/speed/growth.py --corpora DIR [--sizes 10000 30000 …] [-o FILE] [--page FILE]

Every run is `dedup scan … --format parquet -o …`: wall and processor time, peak resident memory, and the most
bytes of scratch on disk. The exponent e of ``time ~ size ** e`` is fitted to the sizes of at least
--fit-from articles (below, starting up counts for much). Then the corpora that break a careless program, at
two sizes each: one story copied so many times, all texts equal, one sentence in every article; a time in
proportion to the size gives the exponent 1.

Corpora are written to --corpora and used again when they are there (a million articles take 3 GB and four
minutes). --page writes one HTML page with plots; it needs matplotlib (`pip install matplotlib`).
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from corpus import write
from measuring import Cost, machine, run, versions
from press import Press
from scan import command, warm
from stories import plan

ODD: dict[str, Callable[[int], dict[str, Any]]] = {
    "one story copied": lambda size: {"copies_of_one": size},
    "identical texts": lambda size: {"identical": True},
    "one sentence everywhere": lambda size: {"everywhere": True},
}


def corpus_of(folder: Path, articles: int, kind: str = "news") -> Path:
    """The articles of a corpus of this size and kind, written unless they are there."""
    home = folder / f"{kind.replace(' ', '-')}-{articles}"
    lines = home / "articles.jsonl"
    if not (home / "truth.parquet").exists():  # written last
        odd = ODD[kind](articles) if kind in ODD else {}
        print(f"writing {home}", file=sys.stderr)
        write(Press(plan(articles, 1, **odd)), home)
    return lines


def measure(articles: Path, runs: int, threads: int) -> Cost:
    """Scan `runs` times; the medians."""
    with TemporaryDirectory(dir=articles.parent) as folder:
        place = Path(folder)
        scratch = place / "scratch"
        scratch.mkdir()
        scan = command(articles, place / "result.parquet", threads, ["--format", "parquet", "--quiet"])
        return Cost.median([run(scan, threads=threads, scratch=scratch) for _ in range(runs)])


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float | None:
    """The slope of the least squares line through the logarithms; None for fewer than two sizes."""
    points = [(math.log(size), math.log(taken)) for size, taken in zip(sizes, seconds, strict=True)]
    if len({at for at, _ in points}) < 2:
        return None
    middle = sum(at for at, _ in points) / len(points)
    height = sum(up for _, up in points) / len(points)
    spread = sum((at - middle) ** 2 for at, _ in points)
    return sum((at - middle) * (up - height) for at, up in points) / spread


def fits(rows: Iterable[dict[str, Any]], least: int) -> list[dict[str, Any]]:
    """For each kind of corpus and number of threads: the exponents of wall and processor time."""
    groups: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in rows:
        if row["articles"] >= least or row["kind"] != "news":
            groups.setdefault((row["kind"], row["threads"]), []).append(row)
    found = []
    for (kind, threads), chosen in groups.items():
        sizes = [row["articles"] for row in chosen]
        slopes = {
            f"{name}_exponent": exponent(sizes, [row[name] for row in chosen]) for name in ("wall", "cpu")
        }
        found.append({"kind": kind, "threads": threads, "sizes": sizes, **slopes})
    return found


def row_of(kind: str, articles: int, threads: int, cost: Cost) -> dict[str, Any]:
    """One run as a record."""
    return {
        "kind": kind,
        "articles": articles,
        "threads": threads,
        "wall": cost.wall,
        "cpu": cost.cpu,
        "peak": cost.peak,
        "scratch": cost.disk,
        "articles_per_second": articles / cost.wall,
    }


def print_row(row: dict[str, Any]) -> None:
    """One run for people, as soon as it is there."""
    print(
        f"{row['kind']:24}{row['articles']:>9}{row['threads']:>8}{row['wall']:>9.2f}{row['cpu']:>9.2f}"
        f"{row['articles_per_second']:>12.0f}{row['peak'] / 2**20:>10.0f}{row['scratch'] / 2**20:>13.0f}",
        flush=True,
    )


def parsed() -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    sizes, odd_sizes = [10_000, 30_000, 100_000, 300_000, 1_000_000], [10_000, 50_000]
    parser.add_argument("--corpora", type=Path, required=True, metavar="DIR", help="where the corpora lie")
    parser.add_argument("--sizes", type=int, nargs="*", default=sizes, help="default 10^4 to 10^6")
    parser.add_argument("--odd-sizes", type=int, nargs="*", default=odd_sizes, help="default 10000 50000")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2], help="default 1 2")
    parser.add_argument("--runs", type=int, default=3, help="default 3")
    parser.add_argument("--fit-from", type=int, default=30_000, metavar="N", help="default 30000")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the measures as JSON")
    parser.add_argument("--page", type=Path, metavar="FILE", help="write a page with plots")
    given = parser.parse_args()
    if given.page is not None:
        try:
            import matplotlib  # noqa: F401 - better refused before a long run than after it
        except ImportError:
            parser.error("--page needs matplotlib; install it with: pip install matplotlib")
    if min([*given.sizes, *given.odd_sizes], default=1) < 1 or not given.sizes + given.odd_sizes:
        parser.error("give at least one size, and sizes of at least 1 article")
    return given


def main() -> None:
    """Measure, fit, print, write."""
    given = parsed()
    wanted = [("news", size) for size in given.sizes]
    wanted += [(kind, size) for kind in ODD for size in given.odd_sizes]
    given.corpora.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=given.corpora) as folder:
        kind, size = min(wanted, key=lambda item: item[1])
        warm(corpus_of(given.corpora, size, kind), Path(folder), max(given.threads), [])
    print(f"{'':24}{'articles':>9}{'threads':>8}{'wall s':>9}{'cpu s':>9}{'articles/s':>12}", end="")
    print(f"{'peak MiB':>10}{'scratch MiB':>13}")
    rows = []
    for kind, size in wanted:
        articles = corpus_of(given.corpora, size, kind)
        for threads in given.threads:
            rows.append(row_of(kind, size, threads, measure(articles, given.runs, threads)))
            print_row(rows[-1])
    record = {
        "machine": machine(),
        "versions": versions("dedup-news", "numba", "numpy", "pyarrow"),
        "command": "dedup scan DIR/articles.jsonl --format parquet -o DIR/result.parquet --threads N",
        "runs": given.runs,
        "free_disk": shutil.disk_usage(given.corpora).free,
        "rows": rows,
        "fits": fits(rows, given.fit_from),
    }
    print()
    for fit in record["fits"]:
        slopes = [fit["wall_exponent"], fit["cpu_exponent"]]
        wall, cpu = ("-" if slope is None else f"{slope:.2f}" for slope in slopes)
        print(f"{fit['kind']}, {fit['threads']} threads: wall ~ n^{wall}, processor ~ n^{cpu}")
    if given.output is not None:
        given.output.write_text(json.dumps(record, indent=1) + "\n")
    if given.page is not None:
        from growth_page import page

        given.page.write_text(page(record), encoding="utf-8")


if __name__ == "__main__":
    main()
