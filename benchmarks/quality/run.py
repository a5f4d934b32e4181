"""Measure what `dedup` finds: on pairs of the PAN 2013 corpus, and on generated wire corpora.

::

    python benchmarks/quality/run.py --seeds 11 12 --stories 300 -o quality.json
    python benchmarks/quality/run.py --pan DIR --seeds --set min_words=12

The PAN part is skipped, saying so, where its folder is missing.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.rule import Rule
from wire import write_corpus
from wirecopy.corpus import EDIT_RATES, make_corpus

from dedup.article import Article
from dedup.detector import compare, find_overlaps
from dedup.evaluation.gold import LabelledPair, Labels, Pair, labelled_overlap, labels_of, read_labels
from dedup.evaluation.measures import Evaluation, evaluate
from dedup.evaluation.render import tables
from dedup.settings import Settings

PAN = Path(__file__).parents[3] / "shared" / "data" / "pan13-dev"


@dataclass(frozen=True)
class Measured:
    """One data set's evaluation; `candidates` and `articles` where the run was a scan."""

    name: str
    digest: str
    seconds: float
    evaluation: Evaluation
    candidates: int | None = None
    articles: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Ready for JSON."""
        scores = self.evaluation.as_dict()
        # Hundreds of points that a table does not need.
        scores["pairs"].pop("curve")
        return {
            "name": self.name, "digest": self.digest, "seconds": round(self.seconds, 2),
            "articles": self.articles, "candidates": self.candidates, **scores,
        }  # fmt: skip


@dataclass(frozen=True)
class WireData:
    """A generated corpus, ready to scan, with its truth and the digest of both."""

    articles: tuple[Article, ...]
    gold: Labels
    digest: str


def measure_pan(folder: Path, settings: Settings) -> Measured:
    """Compare the pairs that the folder lists, one by one, as PAN's text alignment task does."""
    gold = read_labels(folder / "truth")
    began = time.perf_counter()
    found: dict[Pair, LabelledPair] = {}
    for suspicious, source in pan_pairs(folder):
        texts = [("susp", suspicious), ("src", source)]
        a, b = (pan_article(folder / part / name) for part, name in texts)
        overlap = compare(a, b, settings)
        if overlap is not None and overlap.relation != "furniture":
            pair, label = labelled_overlap(overlap)
            found[pair] = label
    seconds = time.perf_counter() - began
    evaluation = evaluate(gold, Labels(found))
    return Measured(f"PAN 2013 ({folder.name})", pan_digest(folder), seconds, evaluation)


@lru_cache(maxsize=4)
def pan_digest(folder: Path) -> str:
    """BLAKE2b of the names and bytes of all that a measurement reads, 16 hex digits."""
    digest = hashlib.blake2b(digest_size=8)
    parts = [folder / "pairs", folder / "negatives", *sorted(folder.glob("*/*"))]
    for path in parts:
        data = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()} {len(data)}\n".encode() + data)
    return digest.hexdigest()


def pan_pairs(folder: Path) -> list[tuple[str, str]]:
    """The names in ``pairs`` and ``negatives``, suspicious first."""
    lines = [line for name in ("pairs", "negatives") for line in (folder / name).read_text().splitlines()]
    return [(suspicious, source) for suspicious, source in (line.split() for line in lines if line.strip())]


def pan_article(path: Path) -> Article:
    """A text whose line ends stand as they are, since the offsets count them."""
    with path.open(encoding="utf-8", newline="") as file:
        return Article(id=path.stem, text=file.read())


def measure_wire(
    seed: int,
    stories: int,
    settings: Settings,
    rates: Sequence[float] = EDIT_RATES,
    *,
    threads: int | None = None,
) -> Measured:
    """Scan a generated corpus."""
    data = wire_data(seed, stories, tuple(rates))
    candidates = 0

    def note(stage: str, done: int, total: int | None) -> None:
        nonlocal candidates
        if stage == "aligning":
            candidates = total or 0

    began = time.perf_counter()
    result = labels_of(find_overlaps(data.articles, settings, threads=threads, progress=note))
    seconds = time.perf_counter() - began
    name = f"wire, seed {seed}, {stories} stories, edits {', '.join(f'{rate:.0%}' for rate in rates)}"
    evaluation = evaluate(data.gold, result)
    return Measured(name, data.digest, seconds, evaluation, candidates, len(data.articles))


@lru_cache(maxsize=4)
def wire_data(seed: int, stories: int, rates: tuple[float, ...] = EDIT_RATES) -> WireData:
    """Generate a corpus, or give the one that was generated before."""
    corpus = make_corpus(seed, stories, rates=rates)
    articles = tuple(
        Article(
            id=article.id, text=article.text, source=article.source, title=article.title,
            published=article.published, language=article.language,
        )
        for article in corpus.articles
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        digest = write_corpus(corpus, Path(folder))
        gold = read_labels(Path(folder) / "gold.jsonl")
    return WireData(articles, gold, digest)


def _settings(changes: Sequence[str]) -> Settings:
    values: dict[str, Any] = {}
    for change in changes:
        name, _, value = change.partition("=")
        try:
            values[name] = json.loads(value)
        except ValueError:
            values[name] = value
    try:
        return Settings(**values)
    except TypeError as error:
        raise SystemExit(f"--set: {error}") from error


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pan", type=Path, default=PAN, help="folder of the PAN pairs")
    parser.add_argument("--no-pan", action="store_true", help="leave the PAN pairs out")
    parser.add_argument(
        "--seeds", type=int, nargs="*", default=[1], help="seeds of wire corpora; none: no corpus"
    )
    parser.add_argument("--stories", type=int, default=300)
    parser.add_argument(
        "--rates", type=float, nargs="+", default=list(EDIT_RATES), help="shares of words changed"
    )
    parser.add_argument("--set", dest="changes", metavar="NAME=VALUE", nargs="*", default=[], help="settings")
    parser.add_argument("-o", "--output", type=Path, help="JSON file")
    options = parser.parse_args(arguments)
    settings = _settings(options.changes)
    console = Console()
    measured: list[Measured] = []
    if not options.no_pan and options.pan.is_dir():
        measured.append(_shown(measure_pan(options.pan, settings), console))
    elif not options.no_pan:
        sys.stderr.write(f"skipped: no folder {options.pan} with the PAN pairs (--pan DIR)\n")
    for seed in options.seeds:
        measured.append(_shown(measure_wire(seed, options.stories, settings, options.rates), console))
    if options.output is not None:
        report = {"settings": settings.fingerprint(), "measured": [entry.as_dict() for entry in measured]}
        beside = options.output.with_name(options.output.name + ".part")
        beside.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
        beside.replace(options.output)
    return 0


def _shown(entry: Measured, console: Console) -> Measured:
    console.print(Rule(entry.name, align="left"))
    console.print(tables(entry.evaluation))
    console.print(f"\ndigest of the data {entry.digest}; {entry.seconds:.1f} s\n")
    return entry


if __name__ == "__main__":
    raise SystemExit(main())
