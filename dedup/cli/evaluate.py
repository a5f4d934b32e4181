"""``dedup evaluate``: measure a result against the truth."""

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
            metavar="GOLD",
            help="The truth: JSON lines, a PAN XML file, or a directory of PAN XML files; with --sample the "
            "result to draw from, without RESULT a sheet that was labelled.",
        ),
    ],
    speech: SpeechOptions,
    result: Annotated[
        Path | None,
        typer.Argument(metavar="RESULT", help="The result to measure: JSON lines of a scan, or PAN XML."),
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        Literal["table", "json"] | None,
        typer.Option(show_default="table on a terminal, json elsewhere", help="Format of the measures."),
    ] = None,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw precision, recall and edit rates (png, svg or pdf)."),
    ] = None,
    sample: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Draw N overlaps of a result as a CSV sheet to label."),
    ] = None,
    relation: Annotated[
        str | None, typer.Option(metavar="NAME", help="Draw the sample among overlaps of this relation.")
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Seed of the sample.")] = 1,
) -> None:
    """Measure a result against the truth: passages, pairs of articles, and stories.

    Passages get the PAN measures, pairs precision and recall, stories the measures of clusterings.

    Examples:

    \b
    $ dedup scan seeds -o result.jsonl
    $ dedup evaluate seeds/gold.jsonl result.jsonl --format table
    $ dedup evaluate --sample 50 --relation partial result.jsonl > sheet.csv
    """
    writable(plot)
    if sample is not None:
        _write_sample(gold if result is None else result, sample, seed, relation)
        return
    if result is None:
        _show_labelled(gold, format)
        return
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


def _write_sample(result: Path, number: int, seed: int, relation: str | None) -> None:
    from dedup.evaluation.sampling import draw, write_sheet

    write_sheet(draw(result, number, seed, relation), sys.stdout)


def _show_labelled(sheet: Path, format: Literal["table", "json"] | None) -> None:  # noqa: A002 - as above
    from dedup.evaluation.sampling import read_sheet

    found = read_sheet(sheet)
    if (format or ("table" if sys.stdout.isatty() else "json")) == "table":
        print(
            f"{found.shared} of {found.labelled} labelled overlaps share text: "
            f"precision {found.precision:.3f} (95 %: {found.low:.3f} to {found.high:.3f}); "
            f"{found.unlabelled} without a label"
        )
    else:
        import msgspec

        print(msgspec.json.encode(found).decode())
