"""``dedup compare``: two articles side by side."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

import typer

from dedup.cli.inputs import read_pair
from dedup.cli.options import (
    BackgroundOption,
    FirstOfPair,
    PairInputs,
    ReadingOptions,
    SecondOfPair,
    SettingOptions,
    SpeechOptions,
)


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
    chosen = settings.settings()
    first, second = sorted(read_pair(a, b, inputs or (), reading), key=lambda article: article.id)
    from dedup.detector import agreeing_words
    from dedup.detector import compare as compare_articles

    overlap = compare_articles(first, second, chosen, background=background.load())
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
    elif overlap is not None:
        import msgspec

        from dedup.reporting.records import record_of

        print(msgspec.json.encode({"kind": "overlap", **record_of(overlap)}).decode())
