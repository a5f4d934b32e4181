"""``dedup filter``: a pipeline stage that says whether each article has been seen before."""

from __future__ import annotations

import contextlib
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from dedup.cli.line_batches import LineBatches
from dedup.cli.options import (
    RUNNING,
    BackgroundOption,
    ReadingOptions,
    SettingOptions,
    SpeechOptions,
    ThreadsOption,
)
from dedup.cli.outlet_options import OutletOptions
from dedup.cli.period import PeriodOptions, WaitOption
from dedup.errors import InputError, SettingsError
from dedup.settings import Settings

if TYPE_CHECKING:
    from dedup.index import Index
    from dedup.outlets import Outlets

ENDED = 128 + signal.SIGTERM


def filter(  # noqa: A001 - the verb's name
    settings: SettingOptions,
    reading: ReadingOptions,
    kinds: OutletOptions,
    background: BackgroundOption,
    period: PeriodOptions,
    wait: WaitOption,
    threads: ThreadsOption,
    speech: SpeechOptions,
    index: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Compare with the articles of this index and store the new ones in it; without it, compare "
            "within the stream.",
        ),
    ] = None,
    policy: Annotated[
        Literal["annotate", "drop", "keep-first", "keep-longest", "keep-origin"],
        typer.Option(
            help="Which articles pass: all (annotate); those that follow no other article (drop); or, of "
            "each group of copies in a batch, the first, the longest or the likely origin, unless one "
            "passed before."
        ),
    ] = "annotate",
    min_coverage: Annotated[
        float | None,
        typer.Option(
            metavar="X",
            min=0,
            max=1,
            show_default="most_share of the settings",
            help="Minimum share of an article that must be found elsewhere for the policy to stop it.",
        ),
    ] = None,
    batch: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=1,
            max=20_000,
            help="Maximum number of articles that are judged and stored together.",
            rich_help_panel=RUNNING,
        ),
    ] = 5000,
) -> int:
    """Read articles as JSON lines, and write each with a verdict on whether it has been seen before.

    The verdict is original, copy, excerpt, partial or quotation. Every line keeps its own fields, in the same
    order, and gets a field "dedup". On SIGTERM the lines already read are judged, stored and written, and the
    exit code is 143. After a crash, run it again with the same input: an article that is already stored gets
    its first verdict again.

    Examples:

    \b
    $ dedup filter < articles.jsonl > judged.jsonl
    $ dedup index create seen
    $ dedup filter --index seen --policy drop < new.jsonl > fresh.jsonl
    """
    if reading.rejects is not None and reading.on_error == "stop":
        raise SettingsError("rejects are written only with --on-error skip; add it or leave --rejects out")
    if reading.encoding.lower().replace("-", "") != "utf8":
        raise SettingsError(f"--encoding is {reading.encoding!r}; a filter reads JSON lines in utf-8")
    from dedup.index.filter.filtering import Filter
    from dedup.index.filter.streaming import LineFilter
    from dedup.index.store.snapshot import Period
    from dedup.reading.rejects import Rejects

    known = kinds.table(settings.config)
    if sys.stdin is None:
        raise InputError("standard input is closed; give it JSON lines", file="-")
    lines = LineBatches(sys.stdin.buffer, batch)
    rejects = Rejects(skip=reading.on_error == "skip", path=reading.rejects)
    with _opened(index, settings, background, wait, threads, known) as there, rejects:
        judge = LineFilter(
            Filter(
                there,
                policy=policy,
                min_coverage=min_coverage,
                period=Period.of(period.moment(), period.span()),
            ),
            fields=reading.fields(),
            on_error=reading.on_error,
            reject=rejects.take,
            need_ids=index is not None,
            dates=reading.dates(known),
            outlets=known,
        )
        try:
            with lines.until_told():
                for passed in judge.judge_all(lines):
                    sys.stdout.buffer.writelines(passed)
                    sys.stdout.buffer.flush()
        except KeyboardInterrupt as interrupt:
            raise KeyboardInterrupt("the lines that were written stand") from interrupt
        if not speech.quiet:
            _say(judge, there)
    return ENDED if lines.stopped else 0


@contextlib.contextmanager
def _opened(
    path: Path | None,
    settings: SettingOptions,
    background: BackgroundOption,
    wait: WaitOption,
    threads: ThreadsOption,
    outlets: Outlets,
) -> Iterator[Index]:
    """The index that is named, or one that goes when the run ends."""
    from dedup.index import Index

    chosen = settings.settings()
    if path is not None:
        if background.background is not None:
            raise SettingsError("--background has no meaning with --index, which keeps its own; leave it out")
        expected = None if chosen == Settings() else chosen
        with Index.open(path, expected, wait=wait.wait, threads=threads.threads, outlets=outlets) as index:
            yield index
        return
    from dedup.index.store.files import Files

    with tempfile.TemporaryDirectory(prefix="dedup-") as folder:
        known = background.load()
        place = Path(folder) / "seen"
        files = Files(durable=False)
        with Index.create(
            place, chosen, known, threads=threads.threads, files=files, outlets=outlets
        ) as index:
            yield index


def _say(judge: object, index: Index) -> None:
    from dedup.index.filter.streaming import LineFilter

    assert isinstance(judge, LineFilter)
    said = f"{judge.passed:,} articles passed, {judge.dropped:,} stopped, {judge.skipped:,} left out"
    learned = index.learned_from
    if learned:
        said += f"; the background was learned from the first {learned:,} articles"
    for line in (said, *judge.notes):
        print(f"dedup: {line}", file=sys.stderr)
