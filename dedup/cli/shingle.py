"""``dedup shingle``: what each article is cut into, and its signatures as Parquet."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from dedup.cli.inputs import open_inputs, say_what_was_read
from dedup.cli.options import BackgroundOption, Paths, SettingOptions, SpeechOptions, writable
from dedup.cli.progress import progress_bar
from dedup.cli.reading_options import ReadingOptions

if TYPE_CHECKING:
    import pyarrow as pa

    from dedup.article import Article
    from dedup.background.tables import Background
    from dedup.settings import Settings

#: Number of characters of a window that are shown.
_BEGINNING = 60


def shingle(
    paths: Paths,
    settings: SettingOptions,
    reading: ReadingOptions,
    background: BackgroundOption,
    speech: SpeechOptions,
    format: Annotated[  # noqa: A002 - the option's name
        Literal["table", "jsonl"] | None,
        typer.Option(show_default="table on a terminal, jsonl elsewhere", help="Format of the output."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Write the signatures of the windows to this Parquet file."
        ),
    ] = None,
) -> None:
    """Show what each article is cut into: tokens, shingles, and windows with their places.

    Examples:

    \b
    $ dedup shingle a.txt
    $ dedup shingle seeds -o signatures.parquet
    """
    chosen = settings.settings()
    target = writable(output)
    known = background.load()
    with progress_bar(quiet=speech.quiet or target is None) as progress:
        articles = open_inputs(
            paths, reading, progress, outputs=[target], others={"--background": background.background}
        )
        if target is not None:
            _write_signatures(articles, chosen, known, target)
        elif (format or ("table" if sys.stdout.isatty() else "jsonl")) == "jsonl":
            for record in _records(articles, chosen, known):
                print(json.dumps(record, ensure_ascii=False))
        else:
            _render(_records(articles, chosen, known))
    say_what_was_read(articles, quiet=speech.quiet)


def _records(
    batches: Iterable[pa.RecordBatch], settings: Settings, background: Background | None
) -> Iterator[dict[str, Any]]:
    from dedup.reading.batches import to_articles

    for batch in batches:
        for article in to_articles(batch):
            yield _record(article, settings, background)


def _record(article: Article, settings: Settings, background: Background | None) -> dict[str, Any]:
    from dedup.corpus.inspect import sign_articles

    signed = sign_articles([article], settings, background=background)
    return {
        "id": article.id,
        "source": article.source,
        "tokens": signed.words,
        "furniture_tokens": signed.furniture_words(),
        "shingles": len(signed.vocabulary()),
        "passages": [
            {"start": place.start, "end": place.end, "text": place.of(article.text)}
            for place in signed.spans()
        ],
    }


def _render(records: Iterable[dict[str, Any]]) -> None:
    from rich.table import Table
    from rich.text import Text

    from dedup.cli.console import standard_output
    from dedup.reporting.printable import printable

    console = standard_output()
    for record in records:
        title = f"{printable(record['id'])}  {printable(record['source'])}"
        console.print(Text(title, "bold"))
        console.print(
            f"{record['tokens']:,} tokens ({record['furniture_tokens']:,} furniture), "
            f"{record['shingles']:,} different shingles, {len(record['passages']):,} passages"
        )
        table = Table("place", "begins", box=None, pad_edge=False, show_header=False)
        for passage in record["passages"]:
            beginning = " ".join(passage["text"].split())[:_BEGINNING]
            table.add_row(f"{passage['start']}–{passage['end']}", Text(printable(beginning), "dim"))
        console.print(table)
        console.print()


def _write_signatures(
    batches: Iterable[pa.RecordBatch], settings: Settings, background: Background | None, output: Path
) -> None:
    """Write one row per window; the schema holds the settings, the seed and the number of permutations."""
    import pyarrow.parquet as pq

    from dedup.corpus.inspect import signature_schema, signature_table
    from dedup.reading.batches import to_articles
    from dedup.runtime.outputs import written_beside

    with (
        written_beside([output]) as (beside,),
        beside.open("wb") as stream,
        pq.ParquetWriter(stream, signature_schema(settings, background)) as writer,
    ):
        for batch in batches:
            writer.write_table(signature_table(list(to_articles(batch)), settings, background=background))
