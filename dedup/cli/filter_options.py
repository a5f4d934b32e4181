"""Options of ``dedup filter``: the policy, and where articles go."""

from __future__ import annotations

import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from dedup.cli.options import RUNNING, Bundle, writable
from dedup.errors import SettingsError
from dedup.verdicts.policy import Policy

if TYPE_CHECKING:
    from dedup.decisions.record import Decision

#: Default number of articles of a stream that are judged together.
BATCH = 5000
POLICY = "Policy"
OUTPUT = "Output"


@dataclass(frozen=True)
class FilterInputs(Bundle):
    """Where articles come from, and what they are compared with."""

    paths: Annotated[
        list[str] | None,
        typer.Argument(
            help="Files, directories, archives or glob patterns of articles in any usual format; without "
            "PATHS, JSON lines are read from standard input as they come.",
        ),
    ] = None
    index: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Compare with the articles of this index and store the new ones in it; without it, compare "
            "the inputs with each other.",
        ),
    ] = None
    store: Annotated[
        bool,
        typer.Option("--store/--no-store", help="Store the articles in the index, or not."),
    ] = True
    decisions: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Do not count overlaps that these decisions have closed, as the desk exports them; those of "
            "the index hold anyway.",
        ),
    ] = None
    batch: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            min=1,
            max=20_000,
            show_default=f"{BATCH:,}",
            help="Maximum number of articles of a stream that are judged and stored together.",
            rich_help_panel=RUNNING,
        ),
    ] = None

    def decided(self) -> list[Decision]:
        """Return the decisions of the file. Raises `InputError` if it cannot be read."""
        if self.decisions is None:
            return []
        from dedup.decisions.files import read_file

        return read_file(self.decisions)

    @property
    def is_stream(self) -> bool:
        """Whether lines of standard input are judged as they arrive."""
        return not self.paths or self.paths == ["-"]


@dataclass(frozen=True)
class PolicyOptions(Bundle):
    """What happens to an article that repeats others."""

    policy: Annotated[
        Literal["annotate", "drop", "cut", "keep-first", "keep-longest", "keep-origin"],
        typer.Option(
            help="What happens to an article that repeats others: it passes with its verdict (annotate), is "
            "stopped (drop), or loses what was seen (cut); the others are former names of drop with --keep.",
            rich_help_panel=POLICY,
        ),
    ] = "annotate"
    keep: Annotated[
        Literal["first", "longest", "origin", "none"],
        typer.Option(
            help="Which of several articles that repeat each other stays whole: the one that comes first, "
            "the longest, the likely origin, or none of them.",
            rich_help_panel=POLICY,
        ),
    ] = "first"
    min_coverage: Annotated[
        float | None,
        typer.Option(
            metavar="X",
            min=0,
            max=1,
            show_default="copies, and excerpts that tell little more than one other article",
            help="Stop an article if other articles together contain at least this share of it.",
            rich_help_panel=POLICY,
        ),
    ] = None
    cut_unit: Annotated[
        Literal["passage", "sentence", "paragraph"],
        typer.Option(
            help="Cut out seen passages, or sentences or paragraphs of which at least half of the words were "
            "seen; from HTML, whole blocks are cut.",
            rich_help_panel=POLICY,
        ),
    ] = "sentence"
    min_words_left: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=0,
            help="Stop an article if fewer words than this are left after the cut.",
            rich_help_panel=POLICY,
        ),
    ] = 1
    against: Annotated[
        Literal["all", "inputs", "index"],
        typer.Option(
            help="Count as seen what any article holds, only articles of the inputs, or only articles that "
            "the index held before this run.",
            rich_help_panel=POLICY,
        ),
    ] = "all"

    def chosen(self) -> Policy:
        """Return the policy; a former name is reported with its new name."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            keep = {} if self.policy.startswith("keep-") else {"keep": self.keep}
            policy = Policy.of(
                self.policy,
                **keep,
                min_coverage=self.min_coverage,
                cut_unit=self.cut_unit,
                min_words_left=self.min_words_left,
                against=self.against,
            )
        if caught:
            print(
                f"dedup: --policy {self.policy} is now --policy {policy.action} --keep {policy.keep}",
                file=sys.stderr,
            )
        return policy


@dataclass(frozen=True)
class FilterOutputs(Bundle):
    """Where articles are written."""

    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            show_default="JSON lines on standard output",
            help="Write the articles that pass to this file, in the format of its ending: .jsonl, .csv "
            "(both also .gz or .zst), .parquet or .arrow.",
            rich_help_panel=OUTPUT,
        ),
    ] = None
    dropped: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the articles that are stopped to this file, in the same formats.",
            rich_help_panel=OUTPUT,
        ),
    ] = None
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write what the run did, in numbers, to this file as JSON.",
            rich_help_panel=OUTPUT,
        ),
    ] = None
    verdict_field: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Write the verdict to this field; a record that has such a field is refused.",
            rich_help_panel=OUTPUT,
        ),
    ] = "dedup"

    def check(self) -> None:
        """Refuse outputs that cannot be written, before the run.

        Raises
        ------
        OutputError, SettingsError
        """
        from dedup.index.filter.outputs import form_of

        if not self.verdict_field:
            raise SettingsError("--verdict-field is empty; give it a name")
        for path in (self.output, self.dropped):
            if path is not None and writable(path):
                form_of(path)
        writable(self.report)

    def named(self) -> list[tuple[str, Path]]:
        """Return the options that name files, with these files."""
        named = (("--output", self.output), ("--dropped", self.dropped), ("--report", self.report))
        return [(option, path) for option, path in named if path is not None]
