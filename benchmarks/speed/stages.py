"""Where the time of a scan goes: each stage alone, over one corpus, on one thread.

    python benchmarks/speed/stages.py DIR [--rounds 3] [-o FILE]

DIR is what `corpus.py --parquet` wrote. Every stage is called as the scan calls it, batch by batch, with what
the stage before it gave, and timed in processor time (reading and writing may use threads of their own, which
count too). The rounds are interleaved; medians count. The whole of `find_overlaps` on one thread stands
beside them: what it takes beyond the stages goes into scratch files, columns and the passing on of batches.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from measuring import THREAD_VARIABLES, machine, versions

if __name__ == "__main__":  # before the libraries are imported: they read it once
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, "1"))

import numpy as np
import pyarrow as pa

from dedup.alignment.batch import align_pairs
from dedup.alignment.similarity import article_jaccards, passage_scores
from dedup.background.tables import Background, source_hashes
from dedup.cleaning.credits import find_credits
from dedup.cleaning.furniture import mark_furniture
from dedup.detector import find_overlaps
from dedup.lsh.bands import band_keys, drop_repeated, key_tails
from dedup.lsh.minhash import permutations, shingle_hashes, sign_windows
from dedup.lsh.pairs import PairSet
from dedup.lsh.windows import cut_windows
from dedup.reading.read import read_batches
from dedup.reporting.formats import Format, write
from dedup.settings import Settings
from dedup.text.flags import FURNITURE
from dedup.text.tokens import Tokens, tokenise

#: Pairs in a batch of alignments, as a scan takes them.
PAIRS_A_BATCH = 8192


@dataclass(frozen=True)
class Stage:
    """One stage over the whole corpus: its name, what it counts, how many of these, and the call."""

    name: str
    unit: str
    count: int
    run: Callable[[], object]


@dataclass
class Bench:
    """The corpus, and what each stage has given for the next."""

    folder: Path
    out: Path
    settings: Settings = field(default_factory=Settings)

    def stages(self) -> Iterator[Stage]:
        """All stages, in the order of the data; each is ready to run when it comes."""
        yield from self._reading()
        yield from self._cleaning()
        yield from self._sketching()
        yield from self._joining()
        yield from self._aligning()
        yield from self._writing()

    def _reading(self) -> Iterator[Stage]:
        lines, table = self.folder / "articles.jsonl", self.folder / "articles.parquet"
        self.batches = list(read_batches([lines]))
        self.articles = sum(batch.num_rows for batch in self.batches)
        self.size = sum(batch.column("text").nbytes for batch in self.batches)
        yield Stage("reading JSON lines", "articles", self.articles, lambda: drain(read_batches([lines])))
        if table.exists():
            yield Stage("reading Parquet", "articles", self.articles, lambda: drain(read_batches([table])))
        yield Stage("tokens", "articles", self.articles, lambda: drain(map(self._tokenised, self.batches)))
        self.tokens = [self._tokenised(batch) for batch in self.batches]
        self.words = sum(len(tokens.hashes) for tokens in self.tokens)

    @staticmethod
    def _tokenised(batch: pa.RecordBatch) -> Tokens:
        return tokenise(batch.column("text"))

    def _cleaning(self) -> Iterator[Stage]:
        width = self.settings.shingle_words
        texts = [batch.column("text") for batch in self.batches]
        sources = [source_hashes(batch.column("source").to_pylist()) for batch in self.batches]

        def learn() -> Background:
            background = Background.empty(width)
            for tokens, shingles, of in zip(self.tokens, whole, sources, strict=True):
                background = background.learn(tokens, shingles, of)
            return background

        def shingle() -> list[Any]:
            return [shingle_hashes(tokens.hashes, tokens.offsets, width) for tokens in self.tokens]

        def furniture() -> list[Any]:
            return [mark_furniture(tokens).flags & FURNITURE != 0 for tokens in self.tokens]

        def standing() -> list[Any]:
            return [
                self.background.standing(tokens, of, self.settings)
                for tokens, of in zip(self.tokens, sources, strict=True)
            ]

        def select() -> list[Tokens]:
            return [tokens.select(mask) for tokens, mask in zip(self.tokens, kept, strict=True)]

        yield Stage("credits", "articles", self.articles, lambda: drain(map(find_credits, texts)))
        whole = shingle()
        yield Stage("shingles of all", "tokens", self.words, shingle)
        self.background = learn()
        yield Stage("background, learned", "tokens", self.words, learn)
        yield Stage("furniture mask", "tokens", self.words, furniture)
        yield Stage("standing mask", "tokens", self.words, standing)
        kept = [~(site | repeated) for site, repeated in zip(furniture(), standing(), strict=True)]
        yield Stage("furniture out", "tokens", self.words, select)
        self.compared = select()

    def _sketching(self) -> Iterator[Stage]:
        settings = self.settings
        functions = permutations(settings.bands * settings.rows, settings.seed)
        words = sum(len(tokens.hashes) for tokens in self.compared)
        options = {"shingle_words": settings.shingle_words, "passage_words": settings.passage_words}

        def shingle() -> list[Any]:
            return [
                shingle_hashes(tokens.hashes, tokens.offsets, settings.shingle_words)
                for tokens in self.compared
            ]

        def common() -> list[Any]:
            return [self.background.common(values, settings) for values in shingles]

        def sign() -> list[Any]:
            return [
                sign_windows(
                    values,
                    tokens.offsets,
                    shingle_words=settings.shingle_words,
                    passage_words=settings.passage_words,
                    permutations=functions,
                    common=mask,
                )
                for tokens, values, mask in zip(self.compared, shingles, masks, strict=True)
            ]

        banding = {"bands": settings.bands, "rows": settings.rows}

        def keys() -> list[Any]:
            return [
                (band_keys(values, functions, **banding), key_tails(values, **banding))
                for values in signatures
            ]

        shingles = shingle()
        yield Stage("shingles of compared", "tokens", words, shingle)
        masks = common()
        yield Stage("common shingles", "tokens", words, common)
        signatures = sign()
        self.passages = sum(map(len, signatures))
        yield Stage("signatures of passages", "passages", self.passages, sign)
        yield Stage("band keys", "passages", self.passages, keys)
        self.keys, self.tails = (np.concatenate(parts, axis=1) for parts in zip(*keys(), strict=True))
        counts = [np.diff(cut_windows(tokens.offsets, **options).offsets) for tokens in self.compared]
        self.of_window = np.repeat(np.arange(self.articles, dtype=np.uint32), np.concatenate(counts))

        def drop() -> None:
            drop_repeated(self.keys, self.tails, self.of_window)

        drop()  # once more, it compares as much
        yield Stage("repeated keys out", "passages", self.passages, drop)

    def _joining(self) -> Iterator[Stage]:
        names = pa.chunked_array([batch.column("source") for batch in self.batches]).combine_chunks()
        sources = np.asarray(names.dictionary_encode().indices).astype(np.uint32)

        def join() -> Any:
            pairs = PairSet(sources=sources, scope=self.settings.scope, max_bucket=self.settings.max_bucket)
            for band, tails in zip(self.keys, self.tails, strict=True):
                pairs.add_band(band, self.of_window, tails=tails)
            return pairs.sorted()

        self.pairs = join()
        yield Stage("join of the bands", "passages", self.passages, join)

    def _aligning(self) -> Iterator[Stage]:
        hashes = np.concatenate([tokens.hashes for tokens in self.compared])
        flags = np.concatenate([tokens.flags for tokens in self.compared])
        lengths = np.concatenate([np.diff(tokens.offsets) for tokens in self.compared])
        offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
        a, b = self.pairs.a.astype(np.int64), self.pairs.b.astype(np.int64)
        parts = [slice(start, start + PAIRS_A_BATCH) for start in range(0, len(a), PAIRS_A_BATCH)]

        def align() -> list[Any]:
            return [align_pairs(hashes, flags, offsets, a[part], b[part], self.settings) for part in parts]

        def score() -> list[Any]:
            return [
                passage_scores(hashes, offsets, a[part], b[part], found, self.background)
                for part, found in zip(parts, aligned, strict=True)
            ]

        def whole() -> list[Any]:
            return [
                article_jaccards(hashes, offsets, a[part][rows], b[part][rows], self.settings.shingle_words)
                for part, rows in zip(parts, sharing, strict=True)
            ]

        aligned = align()
        sharing = [np.unique(found.pair) for found in aligned]
        yield Stage("alignment", "candidate pairs", len(a), align)
        yield Stage("similarity of passages", "passages", sum(len(found.pair) for found in aligned), score)
        yield Stage("similarity of articles", "pairs", sum(map(len, sharing)), whole)

    def _writing(self) -> Iterator[Stage]:
        self.report = find_overlaps(self.batches, self.settings, threads=1, scratch=self.out)
        overlaps = len(self.report.overlaps)
        forms: dict[str, Format] = {"writing JSON lines": "jsonl", "writing Parquet": "parquet"}
        for name, form in forms.items():
            target = self.out / f"result.{form}"
            yield Stage(name, "overlaps", overlaps, partial(write, self.report, form, target))
        yield Stage(
            WHOLE,
            "articles",
            self.articles,
            lambda: find_overlaps(self.batches, self.settings, threads=1, scratch=self.out),
        )


#: Reading and writing aside.
WHOLE = "find_overlaps, whole"


def drain(items: Any) -> None:
    """Let a stream run to its end and keep nothing."""
    deque(items, maxlen=0)


def measure(stages: list[Stage], rounds: int, size: int) -> dict[str, dict[str, Any]]:
    """Run all stages in turn, `rounds` times; processor seconds (medians) and throughput of each.

    `size` is the texts' bytes: every stage's megabytes a second count the whole corpus.
    """
    seconds: dict[str, list[float]] = {stage.name: [] for stage in stages}
    for _ in range(rounds):
        for stage in stages:
            began = time.process_time()
            stage.run()
            seconds[stage.name].append(time.process_time() - began)
    return {
        stage.name: {
            "seconds": (taken := median(seconds[stage.name])),
            "unit": stage.unit,
            "count": stage.count,
            "per_second": stage.count / taken,
            "megabytes_per_second": size / taken / 1e6,
        }
        for stage in stages
    }


def table(measures: dict[str, dict[str, Any]], articles: int) -> str:
    """The measures for people."""
    lines = [f"{'':24}{'ms':>9}{'us/article':>12}{'MB/s':>8}{'a second':>13}"]
    for name, row in measures.items():
        lines.append(
            f"{name:24}{row['seconds'] * 1e3:>9.1f}{row['seconds'] / articles * 1e6:>12.2f}"
            f"{row['megabytes_per_second']:>8.0f}{row['per_second']:>13,.0f} {row['unit']}"
        )
    return "\n".join(lines)


def main() -> None:
    """Read the options, measure, print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path, metavar="DIR", help="what corpus.py wrote")
    parser.add_argument("--rounds", type=int, default=3, help="default 3")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the measures as JSON")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        bench = Bench(given.corpus, Path(folder))
        measures = measure(list(bench.stages()), given.rounds, bench.size)
    record = {
        "machine": machine(),
        "versions": versions("dedup-news", "numba", "numpy", "pyarrow"),
        "articles": bench.articles,
        "text_bytes": bench.size,
        "rounds": given.rounds,
        "stages": measures,
    }
    print(f"{record['machine']['processor']}; {bench.articles} articles, {bench.size / 1e6:.1f} MB of text")
    print(f"one thread, processor time, medians of {given.rounds} interleaved rounds\n")
    print(table(measures, bench.articles))
    if given.output is not None:
        given.output.write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
