"""Measure the index: adds, the filter, queries, the directory; and other homes for band keys beside it.

    python benchmarks/speed/index.py [--articles 5000] [--adds 500] [--stores 500] [-o FILE]
    python benchmarks/speed/index.py DIR/articles.jsonl --adds 10000 [--index PLACE]

Without a file it makes a corpus of `--articles` with `corpus.py`. All but the last tenth of the articles are
added in adds of `--adds`; some of the rest are put through the filter in batches of 5,000, others are asked
about one by one, and one by the command line in a fresh process. The stores of `index_stores.py` take the
first `--stores` articles (0: none of them) in the same adds, each in a process of its own, and are asked
about the articles behind these. They give candidates only; the index compares, and keeps the texts.

Prints a table, and with -o writes JSON with the machine and the versions. The "last" rate is that of the last
tenth of the adds; disk is that of the directory over the bytes of the texts; every rate is in articles a
second.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from index_stores import STORES, missing
from measuring import machine, versions

from dedup.article import Article
from dedup.corpus.inspect import sign_articles
from dedup.index import Index
from dedup.index.filter.filtering import Filter
from dedup.reading import read_batches, to_articles
from dedup.settings import Settings

FILTERED, ASKED, WARMING = 60_000, 1000, 10
HEAD = ("", "articles", "add/s", "first", "last", "MiB", "disk", "filter/s", "query ms", "99th", "cold s")
FIELDS = (
    "articles",
    "add",
    "add_first_tenth",
    "add_last_tenth",
    "peak_mib",
    "disk_over_text",
    "filter",
    "query_ms_median",
    "query_ms_99th",
    "cold_query_seconds",
)


def portions(path: Path, size: int) -> Iterator[pa.Table]:
    """The articles of a file, so many at a time."""
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in read_batches([path]):
        waiting.append(batch)
        rows += batch.num_rows
        while rows >= size:
            table = pa.Table.from_batches(waiting)
            yield table.slice(0, size)
            waiting, rows = table.slice(size).to_batches(), rows - size
    if rows:
        yield pa.Table.from_batches(waiting)


def measure_index(path: Path, place: Path, adds: int) -> dict[str, Any]:
    """The index, once."""
    with path.open("rb") as lines:
        total = sum(1 for _ in lines)
    kept = total - max(total // 10, 1)
    texts = done = found = peak = 0
    seconds: list[tuple[int, float]] = []
    rest: list[pa.Table] = []
    with Index.create(place) as index:
        for table in portions(path, adds):
            if done >= kept:
                peak = peak or _peak_mib()
                rest.append(table)
                continue
            began = time.perf_counter()
            found += len(index.add(table.to_batches()).overlaps)
            seconds.append((table.num_rows, time.perf_counter() - began))
            done += table.num_rows
            print(f"{done:,}: {_rate(seconds[-1:]):,} a second", file=sys.stderr)
            texts += table.column("text").nbytes
        info = index.info()
        last = pa.concat_tables(rest)
        filtered = _filtered(index, last.slice(0, max(last.num_rows - ASKED, last.num_rows // 2)))
        asked = list(_articles(last.slice(max(last.num_rows - ASKED, last.num_rows // 2))))
        times = _timed(index.query, asked)
    return {
        **_adding(done, seconds),
        "peak_mib": peak,
        "disk_over_text": round(info.size / texts, 3),
        "filter": filtered,
        **_asking(times),
        "cold_query_seconds": _cold(place, path),
        "overlaps": found,
        "segments": info.segments,
    }


def measure_store(name: str, path: Path, count: int, adds: int) -> dict[str, Any]:
    """One of the other stores, once."""
    settings = Settings()
    store = STORES[name](settings)
    first = done = found = texts = 0
    seconds: list[tuple[int, float]] = []
    stream = (article for table in portions(path, 1000) for article in _articles(table))
    while done < count:
        articles = list(islice(stream, min(adds, count - done)))
        began = time.perf_counter()
        found += store.add(sign_articles(articles, settings), first)
        seconds.append((len(articles), time.perf_counter() - began))
        first, done = first + len(articles), done + len(articles)
        texts += sum(len(article.text.encode()) for article in articles)
    times = _timed(lambda article: store.query(sign_articles([article], settings)), list(islice(stream, 200)))
    size = store.size()
    store.close()
    return {
        **_adding(done, seconds),
        "peak_mib": _peak_mib(),
        "disk_over_text": None if size is None else round(size / texts, 3),
        "filter": None,
        **_asking(times),
        "cold_query_seconds": None,
        "candidates": found,
    }


def _adding(articles: int, seconds: list[tuple[int, float]]) -> dict[str, int]:
    tenth = max(len(seconds) // 10, 1)
    return {
        "articles": articles,
        "add": _rate(seconds),
        "add_first_tenth": _rate(seconds[:tenth]),
        "add_last_tenth": _rate(seconds[-tenth:]),
    }


def _asking(times: list[float]) -> dict[str, float]:
    return {
        "query_ms_median": round(float(np.median(times)) * 1000, 2),
        "query_ms_99th": round(float(np.percentile(times, 99)) * 1000, 2),
    }


def _filtered(index: Index, table: pa.Table) -> int:
    """Articles a second; the first batch only warms."""
    batches = table.slice(0, FILTERED).combine_chunks().to_batches(max_chunksize=5000)
    judge = Filter(index)
    if len(batches) > 1:
        judge.judge(batches.pop(0))
    began = time.perf_counter()
    count = sum(map(len, judge.judge_all(batches)))
    return round(count / (time.perf_counter() - began))


def _timed(ask: Any, articles: list[Article]) -> list[float]:
    for article in articles[:WARMING]:
        ask(article)
    times = []
    for article in articles[WARMING:] or articles:
        began = time.perf_counter()
        ask(article)
        times.append(time.perf_counter() - began)
    return times


def _cold(place: Path, path: Path) -> float:
    """Seconds of `dedup index query` about the first article, as a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        one = Path(folder) / "one.jsonl"
        with path.open("rb") as lines:
            one.write_bytes(lines.readline())
        command = [sys.executable, "-m", "dedup", "index", "query", str(place), str(one), "--quiet"]
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return round(time.perf_counter() - began, 2)


def _articles(table: pa.Table) -> Iterator[Article]:
    for batch in table.to_batches():
        yield from to_articles(batch)


def _rate(seconds: list[tuple[int, float]]) -> int:
    return round(sum(rows for rows, _ in seconds) / sum(took for _, took in seconds))


def _peak_mib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def table_of(measured: dict[str, dict[str, Any] | str]) -> str:
    """The figures as a Markdown table; a store that was not measured says why."""
    lines = ["| " + " | ".join(HEAD) + " |", "| --- " * len(HEAD) + "|"]
    for name, found in measured.items():
        if isinstance(found, str):
            lines.append(f"| {name} | not measured: {found} |" + " |" * (len(HEAD) - 2))
            continue
        values = ("-" if found[field] is None else f"{found[field]:,}" for field in FIELDS)
        lines.append(f"| {name} | " + " | ".join(values) + " |")
    return "\n".join(lines)


def _alone(given: argparse.Namespace, path: Path, name: str) -> dict[str, Any]:
    """Measure one in a process of its own, so that its memory is its own."""
    command = [sys.executable, __file__, str(path), "--only", name]
    command += ["--adds", str(given.adds), "--stores", str(given.stores)]
    command += ["--index", str(given.index)] if given.index else []
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return dict(json.loads(done.stdout))


def _made(articles: int, folder: Path) -> Path:
    maker = [sys.executable, str(Path(__file__).with_name("corpus.py")), "--articles", str(articles)]
    subprocess.run([*maker, "--seed", "1", "-o", str(folder)], check=True, stdout=subprocess.DEVNULL)
    return folder / "articles.jsonl"


def _only(given: argparse.Namespace, folder: Path) -> dict[str, Any]:
    if given.only == "dedup":
        return measure_index(given.corpus, given.index or folder / "index", given.adds)
    return measure_store(given.only, given.corpus, given.stores, given.adds)


def _all(given: argparse.Namespace, folder: Path) -> None:
    path = given.corpus or _made(given.articles, folder / "corpus")
    measured: dict[str, dict[str, Any] | str] = {"dedup index": _alone(given, path, "dedup")}
    for name in STORES if given.stores else ():
        measured[name] = missing(name) or _alone(given, path, name)
    print(table_of(measured))
    if given.output:
        libraries = versions("numpy", "numba", "pyarrow", "datasketch", "redis")
        result = {"measured": measured, "machine": machine(), "versions": libraries}
        given.output.write_text(json.dumps(result, indent=1) + "\n")


def main() -> None:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path, nargs="?", help="what benchmarks/speed/corpus.py wrote")
    parser.add_argument("--articles", type=int, default=5000, help="without a file (default 5000)")
    parser.add_argument("--adds", type=int, default=500, help="articles an add (default 500)")
    parser.add_argument("--stores", type=int, default=500, help="articles for the others (default 500)")
    parser.add_argument("--index", type=Path, help="where to make the index; kept")
    parser.add_argument("--only", choices=["dedup", *STORES], help="measure one, print it as JSON")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="also write the result here")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="dedup-"))
    try:
        if given.only:
            print(json.dumps(_only(given, folder)))
        else:
            _all(given, folder)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
