"""The two modes of ``dedup filter``: lines of a stream, and files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from dedup.cli.filter_options import FilterOutputs
from dedup.cli.line_batches import LineBatches
from dedup.cli.reading_options import ReadingOptions
from dedup.errors import InputError, SettingsError
from dedup.index.filter.filtering import Filter
from dedup.index.filter.outputs import Lines, Output, opened
from dedup.index.filter.streaming import LineFilter
from dedup.index.filter.whole_files import FileFilter
from dedup.outlets import Outlets
from dedup.reading.keeping import KeepingReading
from dedup.reading.rejects import Rejects
from dedup.runtime.outputs import written_beside
from dedup.verdicts.policy import Policy
from dedup.verdicts.tally import Tally

if TYPE_CHECKING:
    from dedup.results import Summary


@dataclass(frozen=True, slots=True)
class Done:
    """The result of a filter run.

    Attributes
    ----------
    stopped : bool
        Whether SIGTERM ended it.
    notes : sequence of str
    summary : Summary or None
        The summary of a scan over all files.
    """

    tally: Tally
    notes: Sequence[str]
    stopped: bool = False
    summary: Summary | None = None


def filter_lines(
    judge: Filter,
    reading: ReadingOptions,
    outputs: FilterOutputs,
    outlets: Outlets,
    *,
    batch: int,
    need_ids: bool,
) -> Done:
    """Filter the lines of standard input as they arrive."""
    if reading.encoding.lower().replace("-", "") != "utf8":
        raise SettingsError(
            f"--encoding is {reading.encoding!r}; JSON lines on standard input are read in utf-8: name the "
            "file instead"
        )
    if sys.stdin is None:
        raise InputError("standard input is closed; give it JSON lines", file="-")
    lines = LineBatches(sys.stdin.buffer, batch)
    rejects = Rejects(skip=reading.on_error == "skip", path=reading.rejects)
    with _opened_outputs(outputs) as (kept, dropped, flush), rejects:
        filtering = LineFilter(
            judge,
            fields=reading.fields(),
            on_error=reading.on_error,
            reject=rejects.take,
            need_ids=need_ids,
            dates=reading.dates(outlets),
            outlets=outlets,
            verdict_field=outputs.verdict_field,
        )
        try:
            with lines.until_told():
                for passed in filtering.judge_all(lines):
                    for line in passed.kept:
                        kept.line(line)
                    if dropped is not None:
                        for line in passed.dropped:
                            dropped.line(line)
                    flush()
        except KeyboardInterrupt as interrupt:
            if outputs.output is None:
                raise KeyboardInterrupt("the lines written so far are complete") from interrupt
            raise
    return Done(filtering.tally, filtering.notes, lines.stopped)


def filter_files(
    open_reading: Callable[..., KeepingReading],
    reading: ReadingOptions,
    outputs: FilterOutputs,
    policy: Policy,
    judge: Filter | None,
    **run: Any,
) -> Done:
    """Filter the articles of files: against an index, or over all of them together.

    Parameters
    ----------
    open_reading : callable
        Opens the files; called with arguments of `KeepingReading`.
    judge : Filter or None
        Judges against an index; without one, the files are read twice.
    run
        Arguments of `dedup.detector.find_overlaps`.
    """
    rejects = Rejects(skip=reading.on_error == "skip", path=reading.rejects)
    with ExitStack() as stack, _opened_outputs(outputs) as (kept, dropped, _), rejects:
        files = FileFilter(kept, dropped, reject=rejects.take, verdict_field=outputs.verdict_field)
        second = stack.enter_context(closing(open_reading(into=rejects)))
        summary = None
        if judge is not None:
            files.by_index(second, judge)
        else:
            first = stack.enter_context(closing(open_reading(keep=False)))
            summary = files.over_all(first, second, policy, **run).summary
        files.tally.skipped = rejects.count
    return Done(files.tally, second.notes, summary=summary)


@contextmanager
def _opened_outputs(
    outputs: FilterOutputs,
) -> Iterator[tuple[Output, Output | None, Callable[[], object]]]:
    """Open the outputs of kept and dropped articles, and provide what flushes them; files appear together."""
    finals = [path for path in (outputs.output, outputs.dropped) if path is not None]
    with ExitStack() as stack:
        beside: list[Path] = stack.enter_context(written_beside(finals)) if finals else []
        places = dict(zip(finals, beside, strict=True))
        dropped: Output | None = None
        if outputs.dropped is not None:
            dropped = stack.enter_context(
                opened(places[outputs.dropped], outputs.dropped, outputs.verdict_field)
            )
        if outputs.output is not None:
            yield (
                stack.enter_context(opened(places[outputs.output], outputs.output, outputs.verdict_field)),
                dropped,
                lambda: None,
            )
        else:
            stream = sys.stdout.buffer
            yield Lines(stream), dropped, stream.flush


def write_report(path: Path, said: dict[str, Any]) -> None:
    """Write the counts of a run as JSON."""
    with written_beside([path]) as (beside,):
        beside.write_bytes(msgspec.json.format(msgspec.json.encode(said), indent=2) + b"\n")
