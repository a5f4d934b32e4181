"""``dedup compare``: two articles side by side."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, Any

from dedup.cli.options import (
    BackgroundOption,
    FirstOfPair,
    PairInputs,
    SecondOfPair,
    SettingOptions,
    SpeechOptions,
    writable,
)
from dedup.cli.output_options import (
    ResultFile,
    ResultFormat,
    ShownZone,
    chosen_format,
    shown_times,
)
from dedup.cli.pairs import WITHOUT_CORPUS, PairInContext, below_floors, pair_in_context
from dedup.cli.reading_options import ReadingOptions
from dedup.reporting.formats import write

if TYPE_CHECKING:
    from pathlib import Path

    from dedup.article import Article
    from dedup.explain.dropped import DroppedPassages
    from dedup.reporting.formats import Format
    from dedup.reporting.times import Times
    from dedup.results import Overlap


def compare(
    a: FirstOfPair,
    b: SecondOfPair,
    settings: SettingOptions,
    reading: ReadingOptions,
    background: BackgroundOption,
    speech: SpeechOptions,
    inputs: PairInputs = None,
    format: ResultFormat = None,  # noqa: A002 - the option's name
    output: ResultFile = None,
    show_times_in: ShownZone = None,
) -> None:
    """Show what two articles share, side by side, with the words that differ in brackets.

    Examples:

    \b
    $ dedup compare a.txt b.txt
    $ dedup compare 000_08069bb042b531b9 001_ed3781059f7032e5 seeds --format table
    $ dedup compare a.txt b.txt -o pair.html
    """
    form, target = format or chosen_format(output), writable(output)
    times = shown_times(show_times_in, form)
    pair = pair_in_context(a, b, inputs or (), reading, settings, background)
    if not pair.in_corpus and not speech.quiet:
        print(f"dedup: {WITHOUT_CORPUS}", file=sys.stderr)
    if form not in ("table", "jsonl"):
        _write_pair(pair, form, target, times)
        return
    named = [a, b, *(inputs or ())]
    if target is None or str(target) == "-":
        _print_pair(pair, form, times, quiet=speech.quiet, named=named)
        return
    text = io.StringIO()
    with redirect_stdout(text):
        _print_pair(pair, form, times, quiet=speech.quiet, named=named)
    from dedup.runtime.outputs import written_beside

    with written_beside([target]) as (beside,):
        beside.write_text(text.getvalue(), encoding="utf-8")


def _print_pair(
    pair: PairInContext, form: Format, times: Times | None, *, quiet: bool, named: Sequence[str]
) -> None:
    from dedup.detector import agreeing_words
    from dedup.detector import compare as compare_articles

    first, second = sorted(pair.articles, key=lambda article: article.id)
    overlap = compare_articles(first, second, pair.settings, background=pair.background)
    below = [] if pair.in_corpus else below_floors(first, second, pair.settings, overlap)
    if overlap is None and not quiet:
        print(f"dedup: nothing is shared; `dedup explain {' '.join(named)}` says why", file=sys.stderr)
    if form == "jsonl":
        _print_records(overlap, first, second, below)
        return
    from dedup.cli.console import standard_output
    from dedup.reporting.comparison import render_comparison

    shown: dict[str, Any] = {} if times is None else {"times": times}
    render_comparison(
        overlap,
        first,
        second,
        standard_output(),
        agreeing=lambda found: agreeing_words(found, pair.settings),
        **shown,
    )
    _print_below(below)


def _print_records(
    overlap: Overlap | None, first: Article, second: Article, below: Sequence[DroppedPassages]
) -> None:
    import msgspec

    from dedup.reporting.records import record_of

    if overlap is not None:
        print(msgspec.json.encode({"kind": "overlap", **record_of(overlap)}).decode())
    if below:
        names = ("a_start", "a_end", "b_start", "b_end", "words", "a_text", "b_text")
        said = [
            {name: getattr(each.passages, name) for name in names} | {"reason": each.reason} for each in below
        ]
        record = {"kind": "below_floors", "a": first.id, "b": second.id, "passages": said}
        print(msgspec.json.encode(record).decode())


def _write_pair(pair: PairInContext, form: Format, target: Path | None, times: Times | None) -> None:
    """Write the pair as a report of its own, for the formats that support this."""
    from dedup.detector import compare_report

    notes = () if pair.in_corpus else (f"{WITHOUT_CORPUS[0].upper()}{WITHOUT_CORPUS[1:]}.",)
    report = compare_report(*pair.articles, pair.settings, background=pair.background, notes=notes)
    write(report, form, target, furniture=report.furniture, times=times)


def _print_below(below: Sequence[DroppedPassages]) -> None:
    """List the passages that are too short or too light for a scan."""
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
