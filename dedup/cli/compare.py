"""``dedup compare``: two articles side by side."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from dedup.cli.options import (
    BackgroundOption,
    FirstOfPair,
    PairInputs,
    SecondOfPair,
    SettingOptions,
    SpeechOptions,
)
from dedup.cli.pairs import WITHOUT_CORPUS, below_floors, pair_in_context
from dedup.cli.reading_options import ReadingOptions

if TYPE_CHECKING:
    from dedup.explain.dropped import DroppedPassages


def compare(
    a: FirstOfPair,
    b: SecondOfPair,
    settings: SettingOptions,
    reading: ReadingOptions,
    background: BackgroundOption,
    speech: SpeechOptions,
    inputs: PairInputs = None,
    format: Annotated[  # noqa: A002 - the option's name
        Literal["table", "jsonl"] | None,
        typer.Option(show_default="table on a terminal, jsonl elsewhere", help="Format of the result."),
    ] = None,
) -> None:
    """Show what two articles share, side by side, with the words that differ in brackets.

    Examples:

    \b
    $ dedup compare a.txt b.txt
    $ dedup compare 000_08069bb042b531b9 001_ed3781059f7032e5 seeds --format table
    """
    pair = pair_in_context(a, b, inputs or (), reading, settings, background)
    chosen = pair.settings
    first, second = sorted(pair.articles, key=lambda article: article.id)
    from dedup.detector import agreeing_words
    from dedup.detector import compare as compare_articles

    overlap = compare_articles(first, second, chosen, background=pair.background)
    below = [] if pair.in_corpus else below_floors(first, second, chosen, overlap)
    if not pair.in_corpus and not speech.quiet:
        print(f"dedup: {WITHOUT_CORPUS}", file=sys.stderr)
    if overlap is None and not speech.quiet:
        where = " ".join([a, b, *(inputs or ())])
        print(f"dedup: nothing is shared; `dedup explain {where}` says why", file=sys.stderr)
    if (format or ("table" if sys.stdout.isatty() else "jsonl")) == "table":
        from dedup.cli.console import standard_output
        from dedup.reporting.comparison import render_comparison

        render_comparison(
            overlap,
            first,
            second,
            standard_output(),
            agreeing=lambda found: agreeing_words(found, chosen),
        )
        _print_below(below)
    elif overlap is not None:
        import msgspec

        from dedup.reporting.records import record_of

        print(msgspec.json.encode({"kind": "overlap", **record_of(overlap)}).decode())
    if below and (format or ("table" if sys.stdout.isatty() else "jsonl")) == "jsonl":
        import msgspec

        said = [
            {
                "a_start": each.passages.a_start,
                "a_end": each.passages.a_end,
                "b_start": each.passages.b_start,
                "b_end": each.passages.b_end,
                "words": each.passages.words,
                "a_text": each.passages.a_text,
                "b_text": each.passages.b_text,
                "reason": each.reason,
            }
            for each in below
        ]
        record = {"kind": "below_floors", "a": first.id, "b": second.id, "passages": said}
        print(msgspec.json.encode(record).decode())


def _print_below(below: Sequence[DroppedPassages]) -> None:
    """List what is too little for a scan."""
    if not below:
        return
    from rich.text import Text

    from dedup.cli.console import standard_output
    from dedup.reporting.printable import printable

    console = standard_output()
    console.print()
    console.print(Text("Below a scan's floors", "bold"))
    for each in below:
        words = " ".join(each.passages.a_text.split())
        console.print(Text(printable(f"  {each.passages.words:,} words: {words}")))
        console.print(Text(printable(f"     {each.reason}"), "dim"))
