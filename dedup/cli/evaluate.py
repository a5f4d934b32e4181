"""``dedup evaluate``: a result against the truth."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from dedup.cli.options import SpeechOptions, writable


def evaluate(
    gold: Annotated[
        Path,
        typer.Argument(
            metavar="GOLD", help="The truth: JSON lines, a PAN XML file, or a directory of PAN XML files."
        ),
    ],
    result: Annotated[
        Path,
        typer.Argument(metavar="RESULT", help="The result to measure: JSON lines of a scan, or PAN XML."),
    ],
    speech: SpeechOptions,
    format: Annotated[  # noqa: A002 - the option's name
        Literal["table", "json"] | None,
        typer.Option(show_default="table on a terminal, json elsewhere", help="Format of the measures."),
    ] = None,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw precision, recall and edit rates (png, svg or pdf)."),
    ] = None,
) -> None:
    """Measure a result against the truth: passages, pairs of articles, and stories.

    Passages get the PAN measures, pairs precision and recall, stories the measures of clusterings.

    Examples:

    \b
    $ dedup scan seeds -o result.jsonl
    $ dedup evaluate seeds/gold.jsonl result.jsonl --format table
    """
    writable(plot)
    from dedup.evaluation.gold import read_labels
    from dedup.evaluation.measures import evaluate as measure

    measures = measure(read_labels(gold), read_labels(result))
    if plot is not None:
        from dedup.evaluation.plot import plot_evaluation

        plot_evaluation(measures, plot)
    if (format or ("table" if sys.stdout.isatty() else "json")) == "table":
        from dedup.cli.console import standard_output
        from dedup.evaluation.render import tables

        standard_output().print(tables(measures))
    else:
        import msgspec

        print(msgspec.json.encode(measures).decode())
