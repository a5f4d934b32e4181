"""Measure the index: adds, the filter, single queries, the directory.

    python benchmarks/speed/index.py DIR/articles.jsonl [--adds 10000] [--index PLACE] [-o FILE]

Adds all but the last tenth of the articles in adds of `--adds`, then puts some of the rest through the filter
in batches of 1,000, and asks about others one by one. Prints as JSON: articles a second over all adds,
over the first tenth and the last, of the filter; milliseconds a query at the median and the 99th percentile;
peak resident bytes; the directory's bytes over those of the texts; the machine.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from measuring import machine, versions

from dedup.article import Article
from dedup.index import Index
from dedup.index.filtering import Filter
from dedup.reading import read_batches, to_articles

FILTERED, ASKED = 20_000, 1000


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


def measure(path: Path, place: Path, adds: int) -> dict[str, Any]:
    """Everything, once."""
    tables = list(portions(path, adds)) if path.stat().st_size < 1 << 30 else None
    total = sum(1 for _ in path.open("rb"))
    kept = total - max(total // 10, 2 * adds if total > 4 * adds else 1)
    texts, seconds, found = 0, [], 0
    rest: list[pa.Table] = []
    with Index.create(place) as index:
        done = 0
        for table in tables or portions(path, adds):
            if done >= kept:
                rest.append(table)
                continue
            began = time.perf_counter()
            found += len(index.add(table.to_batches()).overlaps)
            seconds.append((table.num_rows, time.perf_counter() - began))
            print(f"{done:,}: {table.num_rows / seconds[-1][1]:,.0f} a second", file=sys.stderr)
            done += table.num_rows
            texts += table.column("text").nbytes
        size = index.info().size
        segments = index.info().segments
        filtered = _filtered(index, rest)
        asked = _asked(index, rest)
    tenth = max(len(seconds) // 10, 1)
    return {
        "articles": done,
        "adds_of": adds,
        "articles_a_second": _rate(seconds),
        "first_tenth": _rate(seconds[:tenth]),
        "last_tenth": _rate(seconds[-tenth:]),
        "overlaps": found,
        "segments": segments,
        "directory_over_text": round(size / texts, 3),
        "peak_resident_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "filter_articles_a_second": filtered,
        "query_milliseconds_median": round(float(np.median(asked)) * 1000, 2),
        "query_milliseconds_99th": round(float(np.percentile(asked, 99)) * 1000, 2),
        "machine": machine(),
        "versions": versions("numpy", "numba", "pyarrow"),
    }


def _filtered(index: Index, rest: list[pa.Table]) -> int:
    batches = pa.concat_tables(rest).slice(0, FILTERED).combine_chunks().to_batches(max_chunksize=1000)
    judge = Filter(index)
    began = time.perf_counter()
    count = sum(len(judge.judge(batch)) for batch in batches)
    return round(count / (time.perf_counter() - began))


def _asked(index: Index, rest: list[pa.Table]) -> list[float]:
    table = pa.concat_tables(rest)
    articles: list[Article] = []
    for batch in table.slice(max(table.num_rows - ASKED, 0)).combine_chunks().to_batches():
        articles += to_articles(batch)
    for article in articles[:10]:
        index.query(article)
    times = []
    for article in articles:
        began = time.perf_counter()
        index.query(article)
        times.append(time.perf_counter() - began)
    return times


def _rate(seconds: list[tuple[int, float]]) -> int:
    return round(sum(rows for rows, _ in seconds) / sum(took for _, took in seconds))


def main() -> None:
    """Read the options, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("articles", type=Path, help="what benchmarks/speed/corpus.py wrote")
    parser.add_argument("--adds", type=int, default=10_000, help="articles an add (default 10000)")
    parser.add_argument("--index", type=Path, help="where to make the index; kept")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="also write the result here")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="dedup-"))
    try:
        result = json.dumps(measure(given.articles, given.index or folder / "index", given.adds), indent=1)
    finally:
        shutil.rmtree(folder)
    print(result)
    if given.output:
        given.output.write_text(result + "\n")


if __name__ == "__main__":
    main()
