"""Write a synthetic news corpus with planted overlaps, and the truth about them.

    python benchmarks/speed/corpus.py --articles 100000 --seed 1 -o DIR

writes DIR/articles.jsonl (with --parquet also DIR/articles.parquet) and DIR/truth.parquet, and prints their
sizes and BLAKE2b digests as JSON. Same seed and options, same bytes of JSON lines; made in blocks, so the
memory does not grow with the texts.

One article in five takes part in a story: a text that is planted in 2 to 30 articles of different outlets
(a few stories: in hundreds). "whole" stories are the articles' whole bodies; "partial" ones make up 15 to
30 % of them; "small" ones less, but at least 25 words. In every article of a story but the first, one
word in 50, 20, 10 or 5 may be substituted, dropped or followed by a new one. Outlets differ in quotation
marks and paragraphs. A third of the articles carry the standing lines of their outlet.

truth.parquet has one row an article of a story; two articles hold the same text when `story` is equal:
    id, story, kind ("whole", "partial", "small"), edited (share of words), words (of the planted text),
    share (of the article's body), start, end (characters of the text)
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.json
import pyarrow.parquet as pq
from press import Press
from stories import plan

ARTICLES = pa.schema(
    [
        ("id", pa.string()),
        ("source", pa.string()),
        ("title", pa.string()),
        ("published", pa.timestamp("us", tz="UTC")),
        ("language", pa.string()),
        ("text", pa.string()),
    ]
)


def write(press: Press, folder: Path, *, parquet: bool = False) -> dict[str, Any]:
    """Write the corpus and its truth into `folder`; return counts, sizes, digests and the seconds it took."""
    began = time.perf_counter()
    folder.mkdir(parents=True, exist_ok=True)
    lines, truth = folder / "articles.jsonl", folder / "truth.parquet"
    tables = []
    with lines.open("wb") as out:
        for printed, found in press.blocks():
            out.write(printed)
            tables.append(found)
    pq.write_table(pa.concat_tables(tables).combine_chunks(), truth)
    if parquet:
        _write_parquet(lines, folder / "articles.parquet")
    return {
        "articles": press.plan.story.size,
        "planted": sum(table.num_rows for table in tables),
        "bytes": lines.stat().st_size,
        "articles_blake2b": _digest(lines),
        "truth_blake2b": _digest(truth),
        "seconds": round(time.perf_counter() - began, 2),
    }


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _write_parquet(lines: Path, path: Path) -> None:
    options = pa.json.ParseOptions(explicit_schema=ARTICLES)
    blocks = pa.json.ReadOptions(block_size=1 << 25)
    articles = pa.json.open_json(lines, read_options=blocks, parse_options=options)
    with articles, pq.ParquetWriter(path, ARTICLES) as out:
        for batch in articles:
            out.write_batch(batch)


def main() -> None:
    """Read the options, write the corpus, print what was written."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=10_000, help="how many (default 10000)")
    parser.add_argument("--seed", type=int, default=1, help="default 1")
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="DIR", help="the folder to write into"
    )
    parser.add_argument("--parquet", action="store_true", help="write the articles as Parquet too")
    odd = parser.add_argument_group("corpora that break a careless program")
    odd.add_argument("--copies-of-one", type=int, default=0, metavar="N", help="one story N times")
    odd.add_argument("--identical", action="store_true", help="all texts equal")
    odd.add_argument("--one-sentence-everywhere", action="store_true", help="one sentence in every article")
    given = parser.parse_args()
    if given.articles < 1:
        parser.error(f"--articles is {given.articles}; it must be at least 1")
    if not 0 <= given.copies_of_one <= given.articles:
        parser.error(f"--copies-of-one is {given.copies_of_one}; it must lie between 0 and --articles")
    layout = plan(
        given.articles,
        given.seed,
        copies_of_one=given.copies_of_one,
        identical=given.identical,
        everywhere=given.one_sentence_everywhere,
    )
    print(json.dumps(write(Press(layout), given.output, parquet=given.parquet)))


if __name__ == "__main__":
    main()
