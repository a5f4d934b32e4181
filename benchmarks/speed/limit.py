"""The machine's own limit beside ours: text to signatures in hand-written C, in one run.

    python benchmarks/speed/limit.py DIR/articles.jsonl [--articles 2000] [--rounds 9] [-o FILE]

Compiles limit.c for this very machine (`cc -O3 -march=native`, with its widest vectors) and lets it and
`dedup.lsh.minhash.sign_texts` sign the same ASCII texts in turn, on one core: 128 values, 5-word shingles.
Where there is no compiler it says so and measures nothing.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from measuring import THREAD_VARIABLES, machine, versions

if __name__ == "__main__":  # before the libraries are imported: they read it once
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, "1"))

SOURCE = Path(__file__).with_name("limit.c")
PERMUTATIONS, SHINGLE_WORDS, SEED = 128, 5, 1
#: Compilers keep to vectors of 256 bits unless told; some know the second flag only, some neither.
FLAGS = (
    ["-O3", "-march=native", "-mprefer-vector-width=512"],
    ["-O3", "-march=native"],
    ["-O3", "-mcpu=native"],
)


def compiler() -> str | None:
    """The C compiler, if there is one."""
    return shutil.which(os.environ.get("CC", "cc"))


def compiled(folder: Path) -> tuple[ctypes.CDLL, str]:
    """limit.c as a library, and the command that made it.

    Raises
    ------
    RuntimeError
        There is no compiler, or it refuses.
    """
    program = compiler()
    if program is None:
        raise RuntimeError("there is no C compiler (cc); install one, or name one in CC")
    library, said = folder / "limit.so", ""
    for flags in FLAGS:
        command = [program, *flags, "-std=c11", "-shared", "-fPIC", str(SOURCE), "-o", str(library)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode == 0:
            return ctypes.CDLL(str(library)), " ".join(["cc", *flags])
        said = done.stderr
    raise RuntimeError(f"the compiler refuses limit.c: {said.strip()[-400:]}")


def c_signer(library: ctypes.CDLL, texts: list[str]) -> Callable[[], Any]:
    """A call that signs the texts in C; gives an array of shape (n_texts, 128), dtype uint32.

    Raises `ValueError` for a text that is not ASCII.
    """
    import numpy as np

    from dedup.lsh.minhash import permutations

    encoded = [text.encode("ascii") for text in texts]
    data = np.frombuffer(b"".join(encoded) or b"\0", np.uint8)
    offsets = np.concatenate(([0], np.cumsum([len(text) for text in encoded]))).astype(np.int64)
    a, b, _ = (np.ascontiguousarray(row) for row in permutations(PERMUTATIONS, SEED))
    scratch = np.empty(max(map(len, encoded), default=0) // 2 + 2, np.uint32)
    out = np.empty((len(texts), PERMUTATIONS), np.uint32)

    def sign() -> Any:
        library.sign(
            *(ctypes.c_void_p(array.ctypes.data) for array in (data, offsets)),
            ctypes.c_int64(len(texts)),
            ctypes.c_int64(SHINGLE_WORDS),
            *(ctypes.c_void_p(array.ctypes.data) for array in (a, b)),
            ctypes.c_int64(PERMUTATIONS),
            *(ctypes.c_void_p(array.ctypes.data) for array in (scratch, out)),
        )
        return out

    return sign


def measure(library: ctypes.CDLL, texts: list[str], rounds: int) -> dict[str, Any]:
    """Sign the texts in turn, `rounds` times; medians, and the median of the rounds' ratios.

    `texts` are as they were written; all but the last row sign them as ASCII, other characters as ``?``.
    """
    import pyarrow as pa

    from dedup.lsh.minhash import sign_texts

    plain = [text.encode("ascii", "replace").decode("ascii") for text in texts]
    options = {"shingle_words": SHINGLE_WORDS, "permutations": PERMUTATIONS, "seed": SEED}
    ascii_column, column = pa.array(plain, pa.string()), pa.array(texts, pa.string())
    contenders: dict[str, Callable[[], Any]] = {
        "the limit, C": c_signer(library, plain),
        "dedup, ASCII": lambda: sign_texts(ascii_column, **options),
        "dedup, as written": lambda: sign_texts(column, **options),
    }
    sizes = dict(zip(contenders, (sum(map(len, plain)),) * 2 + (column.buffers()[2].size,), strict=True))
    for sign in contenders.values():
        sign()  # compile, load
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, sign in contenders.items():
            began = time.process_time()
            sign()
            seconds[name].append(time.process_time() - began)
    speeds = {name: [sizes[name] / taken / 1e6 for taken in every] for name, every in seconds.items()}
    limit = speeds["the limit, C"]
    return {
        name: {
            "megabytes_per_second": median(every),
            "articles_per_second": len(texts) / median(seconds[name]),
            "share_of_the_limit": median(ours / best for ours, best in zip(every, limit, strict=True)),
        }
        for name, every in speeds.items()
    }


def main() -> None:
    """Read the options, compile, measure, print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path, help="articles.jsonl as corpus.py writes it")
    parser.add_argument("--articles", type=int, default=2000, help="how many to sign (default 2000)")
    parser.add_argument("--rounds", type=int, default=9, help="default 9")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the measures as JSON")
    given = parser.parse_args()
    if compiler() is None:
        print("There is no C compiler (cc): the machine's limit is not measured.")
        return
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with given.corpus.open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line, _ in zip(lines, range(given.articles), strict=False)]
    with TemporaryDirectory() as folder:
        library, command = compiled(Path(folder))
        measures = measure(library, texts, given.rounds)
    record = {
        "machine": machine(),
        "versions": versions("dedup-news", "numba", "numpy"),
        "compiled": command,
        "articles": len(texts),
        "rounds": given.rounds,
        "contenders": measures,
    }
    print(f"{record['machine']['processor']}; {command}")
    print(f"{len(texts)} articles, {given.rounds} interleaved rounds, one core, processor time, medians\n")
    print(f"{'':20}{'MB/s':>8}{'articles/s':>12}{'of the limit':>14}")
    for name, row in measures.items():
        print(
            f"{name:20}{row['megabytes_per_second']:>8.0f}{row['articles_per_second']:>12.0f}"
            f"{row['share_of_the_limit']:>14.0%}"
        )
    if given.output is not None:
        given.output.write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
