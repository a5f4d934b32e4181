"""Write a labelled corpus of wire stories and what outlets make of them.

::

    python benchmarks/quality/wire.py --seed 1 --stories 300 -o DIR

gives ``DIR/articles.jsonl`` for ``dedup scan`` and ``DIR/gold.jsonl`` for ``dedup evaluate``, and prints
their digest: the same arguments give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from wirecopy.corpus import EDIT_RATES, Corpus, make_corpus
from wirecopy.grammar import languages


def article_lines(corpus: Corpus) -> Iterable[dict[str, Any]]:
    """The articles as `dedup scan` reads them."""
    for article in corpus.articles:
        yield {
            "id": article.id, "source": article.source, "title": article.title,
            "published": article.published.isoformat(), "language": article.language, "text": article.text,
        }  # fmt: skip


def gold_lines(corpus: Corpus) -> Iterable[dict[str, Any]]:
    """The truth as `dedup evaluate` reads it."""
    yield from corpus.overlaps
    yield from corpus.negatives
    for article in corpus.articles:
        yield {"kind": "article", "id": article.id, "source": article.source, "treatment": article.kind}
    yield from corpus.stories


def write_corpus(corpus: Corpus, directory: Path) -> str:
    """Write both files and give their digest (BLAKE2b of the bytes, 16 hex digits)."""
    directory.mkdir(parents=True, exist_ok=True)
    digest = hashlib.blake2b(digest_size=8)
    for name, lines in (("articles.jsonl", article_lines(corpus)), ("gold.jsonl", gold_lines(corpus))):
        data = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
        digest.update(data)
        beside = directory / (name + ".part")
        beside.write_bytes(data)
        beside.replace(directory / name)
    return digest.hexdigest()


def _shares(value: str) -> list[float]:
    rates = [float(part) for part in value.split(",")]
    if not all(0 <= rate <= 0.6 for rate in rates):
        raise argparse.ArgumentTypeError(f"{value}: each rate must lie between 0 and 0.6")
    return rates


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stories", type=int, default=300)
    parser.add_argument(
        "--rates", type=_shares, default=list(EDIT_RATES), help="edit rates, such as 0,0.05,0.1"
    )
    parser.add_argument("--languages", nargs="*", choices=languages(), help="only these, in turn")
    parser.add_argument("-o", "--output", type=Path, required=True, help="directory")
    options = parser.parse_args(arguments)
    corpus = make_corpus(options.seed, options.stories, rates=options.rates, only=options.languages)
    digest = write_corpus(corpus, options.output)
    sys.stdout.write(
        f"{len(corpus.articles)} articles, {len(corpus.overlaps)} overlaps, {len(corpus.negatives)} pairs "
        f"that must go unreported, {len(corpus.stories)} stories; digest {digest}\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
