"""How fast texts become MinHash signatures: ours beside datasketch and rensa, in one run.

    python benchmarks/speed/signatures.py DIR/articles.jsonl [--articles 2000] [--rounds 7] [-o FILE]

Every contender turns the same texts into 128 values over shingles of 5 words, on one core. Ours does it from
the text. The others take shingles, which their users make in Python: "from text" includes that, "from
shingles" is given them ready-made, and a row says what making them takes. The rounds are interleaved, so that
a slow moment of the machine hits all alike; the medians count. Contenders that are not installed are left
out, and named: `pip install datasketch rensa FastSketchLSH`.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from measuring import THREAD_VARIABLES, machine, versions

# Before the libraries are imported: they read it once.
os.environ.update(dict.fromkeys(THREAD_VARIABLES, "1"))

PERMUTATIONS, SHINGLE_WORDS, SEED = 128, 5, 1
Contender = Callable[[], object]


def shingles(text: str) -> list[str]:
    """The word shingles of a text, as the rivals' own examples make them."""
    words = text.lower().split()
    return [" ".join(words[at : at + SHINGLE_WORDS]) for at in range(len(words) - SHINGLE_WORDS + 1)]


def dedup_strings(texts: list[str]) -> Contender:
    """Ours, from Python strings."""
    from dedup.lsh.minhash import sign_texts

    return lambda: sign_texts(texts, shingle_words=SHINGLE_WORDS, permutations=PERMUTATIONS, seed=SEED)


def dedup_arrow(texts: list[str]) -> Contender:
    """Ours, from an Arrow array, as the readers of files give it."""
    import pyarrow as pa

    from dedup.lsh.minhash import sign_texts

    array = pa.array(texts)
    return lambda: sign_texts(array, shingle_words=SHINGLE_WORDS, permutations=PERMUTATIONS, seed=SEED)


def only_shingles(texts: list[str]) -> Contender:
    """What the others are fed with, made in Python."""
    return lambda: [shingles(text) for text in texts]


def datasketch_bulk(texts: list[str]) -> Contender:
    """datasketch's `MinHash.bulk`, from text."""
    from datasketch import MinHash

    return lambda: MinHash.bulk(
        [[shingle.encode() for shingle in shingles(text)] for text in texts], num_perm=PERMUTATIONS, seed=SEED
    )


def datasketch_ready(texts: list[str]) -> Contender:
    """datasketch's `MinHash.bulk`, from shingles as bytes."""
    from datasketch import MinHash

    ready = [[shingle.encode() for shingle in shingles(text)] for text in texts]
    return lambda: MinHash.bulk(ready, num_perm=PERMUTATIONS, seed=SEED)


def rensa_matrix(texts: list[str]) -> Contender:
    """rensa's R-MinHash of full sets, all texts in one call, from text."""
    from rensa import RMinHash

    return lambda: RMinHash.digest_matrix_from_token_sets(
        [shingles(text) for text in texts], num_perm=PERMUTATIONS, seed=SEED
    )


def rensa_ready(texts: list[str]) -> Contender:
    """rensa's R-MinHash, from shingles."""
    from rensa import RMinHash

    ready = [shingles(text) for text in texts]
    return lambda: RMinHash.digest_matrix_from_token_sets(ready, num_perm=PERMUTATIONS, seed=SEED)


def fastsketch_batch(texts: list[str]) -> Contender:
    """FastSketchLSH's sketches, all texts in one call, from text."""
    from FastSketchLSH import FastSimilaritySketch

    sketch = FastSimilaritySketch(size=PERMUTATIONS, seed=SEED)
    return lambda: sketch.batch([shingles(text) for text in texts], num_threads=1)


def fastsketch_ready(texts: list[str]) -> Contender:
    """FastSketchLSH's sketches, from shingles."""
    from FastSketchLSH import FastSimilaritySketch

    sketch = FastSimilaritySketch(size=PERMUTATIONS, seed=SEED)
    ready = [shingles(text) for text in texts]
    return lambda: sketch.batch(ready, num_threads=1)


CONTENDERS: dict[str, tuple[str, Callable[[list[str]], Contender]]] = {
    "dedup, from str": ("dedup", dedup_strings),
    "dedup, from Arrow": ("dedup", dedup_arrow),
    "shingles in Python, no more": ("dedup", only_shingles),
    "datasketch, from text": ("datasketch", datasketch_bulk),
    "datasketch, from shingles": ("datasketch", datasketch_ready),
    "rensa, from text": ("rensa", rensa_matrix),
    "rensa, from shingles": ("rensa", rensa_ready),
    "FastSketchLSH, from text": ("FastSketchLSH", fastsketch_batch),
    "FastSketchLSH, from shingles": ("FastSketchLSH", fastsketch_ready),
}


def measure(texts: list[str], rounds: int) -> dict[str, Any]:
    """Run all contenders in turn, `rounds` times; give the medians, and how far ours is ahead."""
    present = {name: make(texts) for name, (package, make) in CONTENDERS.items() if find_spec(package)}
    for sign in present.values():
        sign()  # compile, load
    seconds: dict[str, list[float]] = {name: [] for name in present}
    for _ in range(rounds):
        for name, sign in present.items():
            began = time.perf_counter()
            sign()
            seconds[name].append(time.perf_counter() - began)
    size = sum(len(text.encode()) for text in texts)
    ours = seconds["dedup, from str"]
    return {
        name: {
            "articles_per_second": len(texts) / median(taken),
            "megabytes_per_second": size / median(taken) / 1e6,
            # The median of the rounds' ratios, not the ratio of the medians: a round is one moment.
            "dedup_is_faster": median(other / own for other, own in zip(taken, ours, strict=True)),
            "seconds": taken,
        }
        for name, taken in seconds.items()
    }


def main() -> None:
    """Read the options, measure, print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path, help="articles.jsonl as corpus.py writes it")
    parser.add_argument(
        "--articles", type=int, default=2000, help="how many to sign in a round (default 2000)"
    )
    parser.add_argument("--rounds", type=int, default=7, help="default 7")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the measures as JSON")
    given = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with given.corpus.open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line, _ in zip(lines, range(given.articles), strict=False)]
    measures = measure(texts, given.rounds)
    record = {
        "machine": machine(),
        "versions": versions("dedup-news", "numba", "numpy", "datasketch", "rensa", "FastSketchLSH"),
        "articles": len(texts),
        "rounds": given.rounds,
        "contenders": measures,
    }
    print(
        *(f"{key}: {value}" for key, value in {**record["machine"], **record["versions"]}.items()), sep="\n"
    )
    print(f"\n{len(texts)} articles, {given.rounds} interleaved rounds, one core, medians")
    print(f"{'':30}{'articles/s':>12}{'MB/s':>9}{'dedup is faster':>17}")
    for name, row in measures.items():
        print(
            f"{name:30}{row['articles_per_second']:>12.0f}{row['megabytes_per_second']:>9.1f}"
            f"{row['dedup_is_faster']:>16.1f}x"
        )
    print(
        *(
            f"{name} is not installed: left out"
            for name, (package, _) in CONTENDERS.items()
            if not find_spec(package)
        )
    )
    if given.output is not None:
        given.output.write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
