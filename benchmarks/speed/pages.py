"""What it costs to write a large file: as usual, and past the system's cache of pages.

    python benchmarks/speed/pages.py FOLDER [--megabytes 2048] [--pause 6] [--rounds 3]

Each round writes both files anew, in blocks of 8 MB, and removes them. In the pause before each a virtual
machine may give the freed memory back to its host, as between two runs; what follows then takes pages that
are new to the machine. Without a pause it takes those of before. Seconds, medians.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from dedup.runtime.outputs import open_large

_BLOCK = 8 << 20


def write(path: Path, opened: Callable[[Path], BinaryIO], megabytes: int) -> tuple[float, float]:
    """Write and remove a file: wall seconds, and processor seconds."""
    block = os.urandom(_BLOCK)
    wall, used = time.perf_counter(), time.process_time()
    with opened(path) as stream:
        for start in range(0, megabytes << 20, _BLOCK):
            stream.write(memoryview(block)[: (megabytes << 20) - start])
    spent = time.perf_counter() - wall, time.process_time() - used
    path.unlink()
    return spent


WAYS: dict[str, Callable[[Path], BinaryIO]] = {
    "as usual": lambda path: path.open("wb"),
    "past the cache": open_large,
}


def main() -> None:
    """Read the options, write, print the medians."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="where to write")
    parser.add_argument("--megabytes", type=int, default=2048, help="of a file; default 2048")
    parser.add_argument("--pause", type=float, default=6.0, metavar="SECONDS", help="default 6")
    parser.add_argument("--rounds", type=int, default=3, help="default 3")
    given = parser.parse_args()
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in WAYS}
    for _ in range(given.rounds):
        for name, opened in WAYS.items():
            time.sleep(given.pause)
            spent[name].append(write(given.folder / "pages.bin", opened, given.megabytes))
    print(f"{'':16}{'wall s':>10}{'processor s':>14}")
    for name, seconds in spent.items():
        wall, processor = (statistics.median(column) for column in zip(*seconds, strict=True))
        print(f"{name:16}{wall:>10.2f}{processor:>14.2f}")


if __name__ == "__main__":
    main()
