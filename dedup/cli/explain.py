"""``dedup explain``: why a pair was found or missed, and what the settings find."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from dedup.cli.options import BackgroundOption, PairInputs, SettingOptions, SpeechOptions, writable
from dedup.cli.pairs import WITHOUT_CORPUS, pair_in_context
from dedup.cli.reading_options import ReadingOptions

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from dedup.article import Article
    from dedup.explain.pair import Explanation
    from dedup.explain.promise import Promise
    from dedup.explain.promise import Table as Probabilities

Format = Literal["table", "json"]


def explain(
    settings: SettingOptions,
    reading: ReadingOptions,
    background: BackgroundOption,
    speech: SpeechOptions,
    a: Annotated[
        str | None,
        typer.Argument(metavar="A", help="A file with one article, or the id of an article in INPUTS."),
    ] = None,
    b: Annotated[str | None, typer.Argument(metavar="B", help="The other file or id.")] = None,
    inputs: PairInputs = None,
    promise: Annotated[
        bool,
        typer.Option(
            "--settings",
            help="Print the probability that a shared passage of n words is found; used without A and B.",
        ),
    ] = False,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw the probabilities of --settings (png, svg or pdf)."),
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        Format, typer.Option(help="Format of the explanation.")
    ] = "table",
) -> None:
    """Say why a scan finds a pair of articles, or at which stage it loses the pair.

    Examples:

    \b
    $ dedup explain a.txt b.txt
    $ dedup explain 000_08069bb042b531b9 001_ed3781059f7032e5 seeds --scope all
    $ dedup explain --settings
    """
    if promise:
        if a is not None:
            raise typer.BadParameter(
                "explains the settings alone; leave A and B out", param_hint="--settings"
            )
        _explain_settings(settings, plot, format)
        return
    if a is None or b is None:
        missing = "A" if a is None else "B"
        raise typer.BadParameter("is missing; give two articles, or --settings alone", param_hint=missing)
    if plot is not None:
        raise typer.BadParameter("draws what --settings says; add --settings", param_hint="--plot")
    pair = pair_in_context(a, b, inputs or (), reading, settings, background)
    from dedup.explain.pair import explain as explain_pair

    first, second = pair.articles
    found = explain_pair(first, second, pair.settings, background=pair.background)
    if not pair.in_corpus and not speech.quiet:
        print(f"dedup: {WITHOUT_CORPUS}", file=sys.stderr)
    if format == "json":
        import msgspec

        record = {"kind": "explanation", "found": found.found, **asdict(found)}
        print(msgspec.json.encode(record).decode())
        return
    from dedup.cli.console import standard_output

    _render(found, {each.id: each for each in (first, second)}, standard_output())


def _explain_settings(settings: SettingOptions, plot: Path | None, form: Format) -> None:
    chosen = settings.settings()
    writable(plot)
    from dedup.explain.promise import promise
    from dedup.explain.weights import token_weights

    told = promise(chosen)
    if plot is not None:
        from dedup.explain.promise_plot import plot_promise

        plot_promise(told, plot)
    if form == "json":
        import msgspec

        counted = [asdict(each) for each in token_weights(chosen)]
        print(msgspec.json.encode({"kind": "promise", **asdict(told), "token_weights": counted}).decode())
        return
    from dedup.cli.console import standard_output

    titles: dict[str, Probabilities] = {
        "Probability that a shared passage is found": told.found,
        "… that its two articles become candidates": told.proposed,
        "… that they would by the best pair of passages alone": told.one_pair,
    }
    console = standard_output()
    for title, rows in titles.items():
        console.print(_promised(title, told, rows))
        console.print()
    console.print(
        f"The first two are measured on {told.samples:,} made-up pairs a cell (standard error at most "
        f"{told.standard_error:.3f}); the third is exact and bounds the second from below. Words are changed "
        "in one of the two articles, each by itself; furniture and common phrases are left aside."
    )
    console.print()
    weights = _table("What a token counts for", "Token", "Weight", "Words", "min_words", "min_overlap_words")
    for each in token_weights(chosen):
        numbers = (f"{each.weight:.2f}", f"{each.words:.2f}")
        weights.add_row(each.token, *numbers, f"{each.min_words:,}", f"{each.min_overlap_words:,}")
    console.print(weights)


def _promised(title: str, told: Promise, rows: Probabilities) -> Table:
    table = _table(title, "Words", *(f"{rate:.0%} changed" for rate in told.rates))
    for length, row in zip(told.words, rows, strict=True):
        table.add_row(f"{length:,}", *(f"{probability:.3f}" for probability in row))
    return table


def _render(found: Explanation, articles: dict[str, Article], console: Console) -> None:
    from rich.text import Text

    from dedup.reporting.printable import printable

    console.print(Text(printable(found.reasons[0]), "bold"))
    console.print()
    for table in (_sides(found), _closest(found, articles), _probabilities(found)):
        if table.row_count:
            console.print(table)
            console.print()
    for reason in found.reasons[1:]:
        console.print(Text(printable(reason)))


def _table(title: str, *columns: str) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="left" if number == 0 else "right", overflow="fold")
    return table


def _sides(found: Explanation) -> Table:
    from rich.text import Text

    from dedup.reporting.printable import printable

    columns = ("Article", "Source", "Words", "Furniture", "Shingles", "Common", "Windows")
    table = _table("What each is cut into", *columns)
    for side in (found.a, found.b):
        numbers = (side.words, side.furniture_words, side.shingles, side.common_shingles, side.passages)
        names = (Text(printable(side.id)), Text(printable(side.source)))
        table.add_row(*names, *(f"{number:,}" for number in numbers))
    return table


def _closest(found: Explanation, articles: dict[str, Article]) -> Table:
    from rich.text import Text

    from dedup.reporting.printable import printable

    columns = ("Beginning of A's", "A", "B", "Jaccard", "Estimate", "Bands that agree", "Probability")
    table = _table("The windows most alike", *columns)
    for pair in found.closest:
        beginning = " ".join(pair.a.of(articles[found.a.id].text).split())[:40]
        table.add_row(
            Text(printable(beginning)),
            f"{pair.a.start}–{pair.a.end}",
            f"{pair.b.start}–{pair.b.end}",
            f"{pair.jaccard:.3f}",
            f"{pair.estimate:.3f}",
            ", ".join(map(str, pair.bands)) or "none",
            f"{pair.probability:.3f}",
        )
    return table


def _probabilities(found: Explanation) -> Table:
    """Tabulate the detection probabilities of these bands and rows at other similarities."""
    from dedup.lsh.bands import find_probability

    settings = found.settings
    steps = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9)
    title = f"Probability that two windows share a bucket ({settings.bands} bands of {settings.rows} rows)"
    table = _table(title, "Jaccard", *(f"{step:g}" for step in steps))
    chances = (find_probability(step, bands=settings.bands, rows=settings.rows) for step in steps)
    table.add_row("Probability", *(f"{float(chance):.3f}" for chance in chances))
    return table
