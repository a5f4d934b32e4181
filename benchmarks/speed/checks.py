"""What the checks of an index cost: queries and adds with them and without, in turn.

``python benchmarks/speed/checks.py ARTICLES.jsonl`` makes an index of the first articles, asks it about the
rest, and adds them. A check that is off compares nothing. Processor time is counted, so that what else the
machine does counts less.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from itertools import islice
from pathlib import Path
from unittest.mock import patch

from dedup.article import Article
from dedup.index import Index
from dedup.index.store import block_sums, catalogue, postings, verdict_rows
from dedup.reading import read_articles

ROUNDS = 7
COLD = """
import sys, time
sys.path.insert(0, {folder!r})
from checks import without, read
from contextlib import nullcontext
from pathlib import Path
with (nullcontext() if sys.argv[1] == "with" else without()):
    from dedup.index import Index
    (article,) = read(Path(sys.argv[3]), 1, int(sys.argv[4]))
    begun = time.process_time()
    with Index.open(sys.argv[2], threads=1) as index:
        index.query(article)
    print(time.process_time() - begun)
"""


@contextmanager
def without() -> Iterator[None]:
    """No block and no row is compared with its checksum."""

    def nothing(*values: object, **named: object) -> None:
        return None

    with ExitStack() as stack:
        for name in ("check", "check_all"):
            stack.enter_context(patch.object(block_sums.CheckedBlocks, name, nothing))
        stack.enter_context(patch.object(postings.Postings, "check", nothing))
        for module in (catalogue, verdict_rows):
            stack.enter_context(patch.object(module, "compared", nothing))
        yield


def read(path: Path, count: int, skip: int = 0) -> list[Article]:
    """Some articles of a file."""
    return list(islice(read_articles([path]), skip, skip + count))


def ratio(name: str, with_checks: list[float], plain: list[float]) -> None:
    """Print the medians and how they compare."""
    one, two = statistics.median(with_checks), statistics.median(plain)
    print(
        f"{name:<24} with {1000 * one:9.3f} ms   without {1000 * two:9.3f} ms   ratio {one / two:.3f}",
        flush=True,
    )


def warm(folder: Path, asked: list[Article]) -> None:
    """Queries of an open index: medians of rounds, in turn."""
    times: dict[bool, list[float]] = {True: [], False: []}
    with Index.open(folder, threads=1) as index:
        for article in asked:
            index.query(article)
        for number in range(2 * ROUNDS):
            checked = number % 2 == 0
            with ExitStack() as stack:
                if not checked:
                    stack.enter_context(without())
                for article in asked:
                    begun = time.process_time()
                    index.query(article)
                    times[checked].append(time.process_time() - begun)
    ratio("warm query", times[True], times[False])


def cold(folder: Path, source: Path, skip: int) -> None:
    """The first query of a process, after the import of the package."""
    times: dict[str, list[float]] = {"with": [], "without": []}
    code = COLD.format(folder=str(Path(__file__).parent))
    for number in range(2 * ROUNDS + 2):
        how = "with" if number % 2 == 0 else "without"
        line = [sys.executable, "-c", code, how, str(folder), str(source), str(skip)]
        done = subprocess.run(line, capture_output=True, text=True, check=True)
        if number >= 2:  # the first two fill the system's cache
            times[how].append(float(done.stdout))
    ratio("cold query", times["with"], times["without"])


def adds(folder: Path, new: list[Article]) -> None:
    """Adds of the same articles to two copies of the index, in turn."""
    times: dict[bool, list[float]] = {True: [], False: []}
    copies = {}
    for checked in (True, False):
        copies[checked] = folder.with_name(f"copy-{checked}")
        shutil.copytree(folder, copies[checked], copy_function=shutil.copy2)
    size = len(new) // ROUNDS
    with Index.open(copies[True], threads=1) as one, Index.open(copies[False], threads=1) as two:
        for start in range(0, size * ROUNDS, size):
            for checked, index in ((True, one), (False, two)):
                with nullcontext() if checked else without():
                    begun = time.process_time()
                    index.add(new[start : start + size])
                    times[checked].append((time.process_time() - begun) / size)
    ratio("add, an article", times[True], times[False])
    ratio("all adds", [sum(times[True])], [sum(times[False])])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--new", type=int, default=7_000)
    given = parser.parse_args()
    articles = read(given.source, given.articles + given.new)
    old, new = articles[: given.articles], articles[given.articles :]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "index"
        with Index.create(folder) as index:
            for start in range(0, len(old), 5_000):
                index.add(old[start : start + 5_000])
        warm(folder, new[:200])
        cold(folder, given.source, given.articles)
        adds(folder, new)


if __name__ == "__main__":
    main()
